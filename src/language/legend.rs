//! Legends: what the letters in the cells of a table mean ("E = exigence éliminatoire; S = souhait noté").

use super::lexicon::cell;
use super::reading::Reading;

/// A mark that a document explains.
pub struct Mark {
    /// As it stands in cells: `E`, `MK`.
    pub text: String,
    /// The words that explain it.
    pub words: String,
    /// It marks a demand; otherwise a wish.
    pub demands: bool,
}

/// Letters and digits of a mark at most: `KO`, `MUST`.
const LONGEST: usize = 4;

/// Bytes between the sign of equality and the words that tell: room for an article or an adjective.
const NEAR: usize = 25;

/// Marks that a legend explains at least: one letter alone explains nothing that another could be told from.
const FEWEST: usize = 2;

/// The marks that a document explains, in the order of the text; none where it explains only one.
pub fn of_document(reading: &Reading<'_>) -> Vec<Mark> {
    let demands = [cell!("obligation"), cell!("head-requirement")];
    let wishes = [cell!("preference")];
    let mut marks: Vec<Mark> = Vec::new();
    for block in 0..reading.blocks.len() {
        let text = reading.text(block);
        for (cells, demands) in [(&demands[..], true), (&wishes[..], false)] {
            for hit in cells.iter().flat_map(|cell| reading.hits(block, *cell)) {
                let Some(mark) = mark_before(text, hit.start) else { continue };
                if marks.iter().all(|known| known.text != mark) {
                    marks.push(Mark { text: mark.to_owned(), words: text[hit].to_owned(), demands });
                }
            }
        }
    }
    if marks.len() < FEWEST { Vec::new() } else { marks }
}

/// The mark that the words at `at` explain: capitals, a sign of equality or a colon, and few bytes between.
fn mark_before(text: &str, at: usize) -> Option<&str> {
    let near = at.saturating_sub(NEAR + 1);
    let is_sign = |byte: &u8| matches!(byte, b'=' | b':');
    let sign = near + text.as_bytes()[near..at].iter().rposition(is_sign)?;
    if text[sign + 1..at].contains([';', ',', '.', '|']) {
        return None;
    }
    let mark = text[..sign].trim_end().rsplit(|c: char| !c.is_alphanumeric()).next()?;
    let capitals = mark.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
    (capitals && mark.starts_with(char::is_alphabetic) && mark.chars().count() <= LONGEST).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{self, Format, Limits};
    use crate::language;

    #[test]
    fn a_legend_tells_which_letters_demand() {
        for (text, want) in [
            ("Colonne « Ex. » : E = exigence éliminatoire ; S = souhaité ; I = information pour le candidat.", "E+ S-"),
            (
                "In de kolom Soort staat E = eis of W = gewenst, en dat geldt voor alle onderdelen van de opdracht.",
                "E+ W-",
            ),
            (
                "Kennzeichnung der Anforderungen: M = Mindestanforderung, K = wünschenswert für den Auftraggeber.",
                "M+ K-",
            ),
            (
                "Requirements are marked M: mandatory or D: desirable, and the bidder answers each of them in the table.",
                "M+ D-",
            ),
            ("Le taux T = exigence de service, et rien d'autre n'est dit des lettres dans ce document.", ""),
            ("Le titulaire doit répondre à la question : exigence ou souhait, il faut le dire clairement.", ""),
        ] {
            let document = document::read(text.as_bytes(), "text.txt", None, Format::PlainText, &Limits::default());
            let document = document.unwrap();
            let reading = language::read(&document, None);
            let marks: Vec<String> = of_document(&reading)
                .iter()
                .map(|mark| format!("{}{}", mark.text, if mark.demands { '+' } else { '-' }))
                .collect();
            assert_eq!(marks.join(" "), want, "{text}");
        }
    }
}
