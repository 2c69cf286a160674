//! Whether texts are those of a procurement: a user manual that says “must” buys nothing.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::lexicon::{Cell, Lexicon};
use super::reading::Reading;
use crate::builtin;

/// How a text of a genre is told: a row of `rules/lexicon/genres.tsv`.
struct Genre {
    cell: Cell,
    /// Hits of the cell among 1,000 words.
    per_1000_words: f64,
    /// Shorter texts are taken for texts of the genre.
    from_words: usize,
}

fn genre(name: &str) -> Option<&'static Genre> {
    static GENRES: OnceLock<BTreeMap<&'static str, Genre>> = OnceLock::new();
    let load = || {
        let rows = builtin::file("lexicon/genres.tsv").into_iter().flat_map(builtin::rows);
        let genre = |row: builtin::Row| {
            let genre = Genre {
                cell: Cell::named(row.get("cell"))?,
                per_1000_words: row.get("per_1000_words").parse().ok()?,
                from_words: row.get("from_words").parse().ok()?,
            };
            Some((row.get("genre"), genre))
        };
        rows.filter_map(genre).collect()
    };
    GENRES.get_or_init(load).get(name)
}

/// Whether texts together read like those of a procurement. Short texts, and those in a language without such
/// vocabulary, are taken for it.
pub fn is_procurement(readings: &[Reading<'_>]) -> bool {
    genre("procurement").is_none_or(|genre| genre.is_that_of(readings))
}

/// Whether texts together read like those that a contract is made of, so that a clause can be missed in them: minutes
/// and plans speak of a procurement as well. The first lines of a specification may be all that says it is one.
pub fn is_contract(readings: &[Reading<'_>]) -> bool {
    genre("contract").is_none_or(|genre| {
        genre.is_that_of(readings) || readings.iter().any(|reading| reading.is_announced_as(genre.cell))
    })
}

/// How many words a block has: one blank stands between two.
fn words(text: &str) -> usize {
    memchr::memchr_iter(b' ', text.as_bytes()).count() + usize::from(!text.is_empty())
}

impl Genre {
    fn is_that_of(&self, readings: &[Reading<'_>]) -> bool {
        if readings.iter().any(|reading| !Lexicon::of(reading.lang).knows(self.cell)) {
            return true;
        }
        let blocks = || readings.iter().flat_map(|reading| (0..reading.blocks.len()).map(move |at| (reading, at)));
        let hits: usize = blocks().map(|(reading, block)| reading.hits(block, Some(self.cell)).count()).sum();
        let words: usize = blocks().map(|(reading, block)| words(reading.text(block))).sum();
        words < self.from_words || hits as f64 * 1000.0 >= self.per_1000_words * words as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{self, Format, Limits};
    use crate::language;

    fn told_of(text: &str, told: impl Fn(&[Reading<'_>]) -> bool) -> bool {
        let document =
            document::read(text.as_bytes(), "text.txt", None, Format::PlainText, &Limits::default()).unwrap();
        told(&[language::read(&document, None)])
    }

    fn is_procurement_text(text: &str) -> bool {
        told_of(text, is_procurement)
    }

    fn is_contract_text(text: &str) -> bool {
        told_of(text, is_contract)
    }

    #[test]
    fn a_manual_is_no_procurement_and_a_specification_is() {
        for (manual, clause) in [
            (
                "Click on the button and enter the name of the user in the field.\n",
                "The contractor hands over the plan.",
            ),
            (
                "Cliquez sur le bouton et saisissez le nom de la personne dans le champ.\n",
                "Le titulaire remet le plan.",
            ),
            ("Klicken Sie auf die Schaltfläche und geben Sie den Namen in das Feld ein.\n", "Der Bieter legt es vor."),
            ("Klik op de knop en vul de naam van de gebruiker in het veld in.\n", "De opdrachtnemer levert het op."),
            ("Klik på knappen, og skriv navnet på brugeren i det felt, der vises.\n", "Det fremgår af udbuddet."),
            ("Κάντε κλικ στο κουμπί και γράψτε το όνομα του χρήστη στο πεδίο.\n", "Ο ανάδοχος παραδίδει το σχέδιο."),
        ] {
            assert!(!is_procurement_text(&manual.repeat(40)), "{manual}");
            assert!(is_procurement_text(&format!("{}{clause}\n", manual.repeat(40))), "{clause}");
            assert!(is_procurement_text(manual), "too short to tell: {manual}");
        }
    }

    #[test]
    fn minutes_that_mention_a_purchase_hold_no_contract_and_a_specification_with_that_name_does() {
        for (title, minutes, aside) in [
            (
                "Statement of work: tender for permits",
                "Point 3: the group looks at the plan for next spring.",
                "the tender",
            ),
            ("Cahier des charges", "Point 3 : le groupe regarde le plan du printemps prochain.", "l'accord-cadre"),
            ("Lastenheft", "Punkt 3: Die Gruppe sieht den Plan für das nächste Frühjahr an.", "die Ausschreibung"),
            ("Aanbesteding", "Punt 3: de groep bekijkt het plan voor het volgende voorjaar.", "de aanbesteding"),
        ] {
            let lines = format!("{minutes}\n").repeat(40);
            let aside = format!("{minutes} {aside}.\n");
            assert!(!is_contract_text(&format!("{minutes}\n{lines}{aside}")), "{minutes}");
            assert!(is_procurement_text(&format!("{minutes}\n{lines}{aside}")), "{minutes}");
            assert!(is_contract_text(&format!("{title}\n\n{lines}")), "{title}");
        }
    }
}
