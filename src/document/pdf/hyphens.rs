//! Hyphens at the end of a line: those of the typesetter are undone, those of the author are kept.
//!
//! | at the break | joined | why |
//! |---|---|---|
//! | `Ausschrei-` `bung` | `Ausschreibung` | the typesetter's |
//! | `Microsoft-` `Lizenzen` | `Microsoft-Lizenzen` | a capital or a digit follows |
//! | `Microsoft-` `und Office-Lizenzen` | `Microsoft- und Office-Lizenzen` | suspended |
//! | `IT-` `systemer`, `e-` `mail` | `IT-systemer`, `e-mail` | an abbreviation or a single letter |
//! | `ci-` `après` | `ci-après` | always written so (`rules/lexicon/hyphenated-words.tsv`) |
//! | `open-` `source` | `open-source` | the document writes it so where no line breaks |

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::builtin;

/// The words that follow a suspended hyphen.
static AFTER_SUSPENDED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| words("lexicon/suspended-hyphens.tsv"));

/// Words that are always written with a hyphen.
static HYPHENATED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| words("lexicon/hyphenated-words.tsv"));

/// The words of a table of `rules/`.
fn words(table: &str) -> HashSet<&'static str> {
    let rows = builtin::rows(builtin::file(table).unwrap_or_default());
    rows.map(|row| row.get("word")).collect()
}

/// The words of a document as it writes them inside its lines, lower case.
#[derive(Default)]
pub(super) struct Vocabulary(HashSet<String>);

impl Vocabulary {
    /// Takes in a line's words but for the last, which may be broken.
    pub(super) fn add_line(&mut self, line: &str) {
        let mut words = line.split_whitespace().peekable();
        while let Some(word) = words.next() {
            if words.peek().is_some() {
                let word = word.trim_matches(|char: char| !char.is_alphanumeric());
                if word.len() > 3 {
                    self.0.insert(word.to_lowercase());
                }
            }
        }
    }
}

/// Whether a line ends in a hyphen that belongs to a word.
pub(super) fn ends_in_hyphen(text: &str) -> bool {
    text.strip_suffix('-').is_some_and(|stem| stem.ends_with(char::is_alphanumeric))
}

/// Joins the next line's text to a paragraph.
pub(super) fn join(text: &mut String, next: &str, vocabulary: &Vocabulary) {
    if !ends_in_hyphen(text) {
        text.push(' ');
        text.push_str(next);
        return;
    }
    let first = next.split_whitespace().next().unwrap_or_default();
    if AFTER_SUSPENDED.contains(first) {
        text.push(' ');
        text.push_str(next);
        return;
    }
    let stem = text.rsplit(char::is_whitespace).next().unwrap_or_default().trim_end_matches('-');
    if !keeps_hyphen(stem, first, vocabulary) {
        text.pop();
    }
    text.push_str(next);
}

fn keeps_hyphen(stem: &str, next: &str, vocabulary: &Vocabulary) -> bool {
    if !next.starts_with(char::is_lowercase) {
        return true;
    }
    let part = stem.rsplit('-').next().unwrap_or(stem);
    let part = part.trim_start_matches(|char: char| !char.is_alphanumeric());
    let letters = part.chars().count();
    let abbreviation = letters > 1 && part.chars().all(|char| char.is_uppercase() || char.is_ascii_digit());
    if letters == 1 || abbreviation || part.ends_with(|char: char| char.is_ascii_digit()) {
        return true;
    }
    let bare = |word: &str| word.trim_matches(|char: char| !char.is_alphanumeric()).to_lowercase();
    let (stem, next) = (bare(stem), bare(next));
    let whole = format!("{stem}-{next}").replace('’', "'");
    if HYPHENATED.contains(whole.as_str()) {
        return true;
    }
    vocabulary.0.contains(&format!("{stem}-{next}")) && !vocabulary.0.contains(&format!("{stem}{next}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typesetters_hyphens_go_and_the_authors_stay() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.add_line("Every open-source product and its licence");
        for (text, next, joined) in [
            ("die Ausschrei-", "bung beginnt", "die Ausschreibung beginnt"),
            ("alle Microsoft-", "Lizenzen", "alle Microsoft-Lizenzen"),
            ("alle Microsoft-", "und Office-Lizenzen", "alle Microsoft- und Office-Lizenzen"),
            ("alle Microsoft-", "en Office-licenties", "alle Microsoft- en Office-licenties"),
            ("per e-", "mail", "per e-mail"),
            ("nye IT-", "systemer", "nye IT-systemer"),
            ("an open-", "source product", "an open-source product"),
            ("das Jahr 2025 -", "und mehr", "das Jahr 2025 - und mehr"),
            ("le système", "devra", "le système devra"),
            ("ISO-", "27001", "ISO-27001"),
            ("désignés (ci-", "après « le titulaire »)", "désignés (ci-après « le titulaire »)"),
            ("tout ci-", "toyen", "tout citoyen"),
            ("c’est-à-", "dire, celui-", "c’est-à-dire, celui-"),
        ] {
            let mut text = text.to_owned();
            join(&mut text, next, &vocabulary);
            assert_eq!(text, joined);
        }
    }
}
