//! Whether texts are those of a procurement: a user manual that says “must” buys nothing.

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

fn procurement() -> Option<&'static Genre> {
    static GENRE: OnceLock<Option<Genre>> = OnceLock::new();
    let load = || {
        let mut rows = builtin::rows(builtin::file("lexicon/genres.tsv")?);
        let row = rows.find(|row| row.get("genre") == "procurement")?;
        Some(Genre {
            cell: Cell::named(row.get("cell"))?,
            per_1000_words: row.get("per_1000_words").parse().ok()?,
            from_words: row.get("from_words").parse().ok()?,
        })
    };
    GENRE.get_or_init(load).as_ref()
}

/// Whether texts together read like those of a procurement. Short texts, and those in a language without such
/// vocabulary, are taken for it.
pub fn is_procurement(readings: &[Reading<'_>]) -> bool {
    let Some(genre) = procurement() else { return true };
    if readings.iter().any(|reading| !Lexicon::of(reading.lang).knows(genre.cell)) {
        return true;
    }
    let blocks = || readings.iter().flat_map(|reading| (0..reading.blocks.len()).map(move |block| (reading, block)));
    let hits: usize = blocks().map(|(reading, block)| reading.hits(block, Some(genre.cell)).count()).sum();
    let words: usize = blocks().map(|(reading, block)| reading.text(block).split_whitespace().count()).sum();
    words < genre.from_words || hits as f64 * 1000.0 >= genre.per_1000_words * words as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{self, Format, Limits};
    use crate::language;

    fn is_procurement_text(text: &str) -> bool {
        let document =
            document::read(text.as_bytes(), "text.txt", None, Format::PlainText, &Limits::default()).unwrap();
        is_procurement(&[language::read(&document, None)])
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
}
