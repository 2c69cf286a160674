//! How much of a procurement texts hold: a user manual that says “must” buys nothing.

use std::sync::OnceLock;

use super::lexicon::{Cell, Lexicon, cell};
use super::reading::Reading;
use crate::builtin;

/// How much of a procurement texts hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    /// Next to nothing: a manual, a guide.
    Other,
    /// They speak of one in passing, as minutes and plans do: no clause can be missed in them.
    InPassing,
    Procurement,
}

/// How the genre is told: the row of `rules/lexicon/genres.tsv`.
struct Measure {
    cell: Cell,
    /// Hits of the cell among 1,000 words, from which on texts speak of a procurement.
    per_1000_words: f64,
    /// The same, from which on they are those of one.
    throughout: f64,
    /// Shorter texts are taken for those of one.
    from_words: usize,
}

fn measure() -> Option<&'static Measure> {
    static MEASURE: OnceLock<Option<Measure>> = OnceLock::new();
    let load = || {
        let row = builtin::rows(builtin::file("lexicon/genres.tsv")?).next()?;
        Some(Measure {
            cell: Cell::named(row.get("cell"))?,
            per_1000_words: row.get("per_1000_words").parse().ok()?,
            throughout: row.get("throughout").parse().ok()?,
            from_words: row.get("from_words").parse().ok()?,
        })
    };
    MEASURE.get_or_init(load).as_ref()
}

/// The genre of texts together. Short texts, and those in a language without such vocabulary, are taken for a
/// procurement's. The first lines of a specification may be all that says it is one, and the title of a manual or of
/// minutes all that says it is none.
pub fn genre_of(readings: &[Reading<'_>]) -> Genre {
    let Some(measure) = measure() else { return Genre::Procurement };
    if readings.iter().any(|reading| !Lexicon::of(reading.lang).knows(measure.cell)) {
        return Genre::Procurement;
    }
    if cell!("other-document").is_some_and(|cell| readings.iter().all(|reading| reading.is_titled(cell))) {
        return Genre::Other;
    }
    let blocks = || readings.iter().flat_map(|reading| (0..reading.blocks.len()).map(move |block| (reading, block)));
    let hits: usize = blocks().map(|(reading, block)| reading.hits(block, Some(measure.cell)).count()).sum();
    let words: usize = blocks().map(|(reading, block)| words(reading.text(block))).sum();
    let reaches = |least: f64| words < measure.from_words || hits as f64 * 1000.0 >= least * words as f64;
    if !reaches(measure.per_1000_words) {
        Genre::Other
    } else if reaches(measure.throughout) || readings.iter().any(|reading| reading.is_announced_as(measure.cell)) {
        Genre::Procurement
    } else {
        Genre::InPassing
    }
}

/// How many words a block has: one blank stands between two.
fn words(text: &str) -> usize {
    memchr::memchr_iter(b' ', text.as_bytes()).count() + usize::from(!text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{self, Format, Limits};
    use crate::language;

    fn genre_of_text(text: &str) -> Genre {
        let document =
            document::read(text.as_bytes(), "text.txt", None, Format::PlainText, &Limits::default()).unwrap();
        genre_of(&[language::read(&document, None)])
    }

    fn is_procurement_text(text: &str) -> bool {
        genre_of_text(text) != Genre::Other
    }

    fn is_contract_text(text: &str) -> bool {
        genre_of_text(text) == Genre::Procurement
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
