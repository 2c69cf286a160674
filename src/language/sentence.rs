//! Sentences: where one ends inside a block.

use std::ops::Range;

use super::fold::fold_words;
use super::lexicon::Lexicon;

/// The sentences of a block's text as byte ranges that together cover it.
///
/// A sentence ends at `.`, `!`, `?` or `…` (Greek: also `;`) before white space, unless an abbreviation, a
/// single letter or a number stands there or a lower-case letter follows.
pub fn sentences(text: &str, lexicon: &Lexicon) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(at) = next_mark(text, from) {
        let Some(c) = text[at..].chars().next() else { break };
        let after = at + c.len_utf8();
        from = after;
        if !matches!(c, '.' | '!' | '?' | '…' | ';' | '•') {
            continue;
        }
        let rest = &text[after..];
        let next = rest.trim_start().chars().next();
        let ends = match c {
            '•' => at > start,
            // A semicolon separates clauses that stand on their own.
            ';' => rest.starts_with(' ') && text[start..at].len() > 40,
            _ if !rest.starts_with([' ', '"', '»', '”', ')']) => false,
            '.' => !next.is_some_and(char::is_lowercase) && !abbreviated(&text[start..after], lexicon),
            _ => true,
        };
        if ends && !rest.is_empty() {
            let end = if c == '•' {
                at
            } else {
                after + (rest.len() - rest.trim_start_matches([' ', '"', '»', '”', ')']).len())
            };
            ranges.push(start..end);
            start = end;
            from = from.max(end);
        }
    }
    if start < text.len() || ranges.is_empty() {
        ranges.push(start..text.len());
    }
    ranges
}

/// The next byte that is a mark that may end a sentence, or the first one of it.
fn next_mark(text: &str, from: usize) -> Option<usize> {
    // U+2022 and U+2026 begin with 0xE2.
    let may_end = |byte: &u8| matches!(byte, b'.' | b'!' | b'?' | b';' | 0xE2);
    text.as_bytes().get(from..)?.iter().position(may_end).map(|at| from + at)
}

/// Bytes before a stop that are looked at for an abbreviation, the letter before it included; a test holds that none
/// is longer.
const LONGEST_ABBREVIATION: usize = 40;

/// Whether the stop at the end of `text` belongs to an abbreviation, an initial or an ordinal.
fn abbreviated(text: &str, lexicon: &Lexicon) -> bool {
    let word = text.rsplit([' ', '(', '\u{a0}', '\'']).next().unwrap_or(text);
    let letters = word.trim_end_matches('.');
    let mut chars = letters.chars();
    match (chars.next(), chars.next()) {
        (None, _) => true,
        (Some(c), None) => c.is_alphanumeric(),
        _ if letters.chars().all(|c| c.is_ascii_digit() || c == '.') => letters.len() <= 2 || letters.contains('.'),
        _ => {
            let start = text.len().saturating_sub(LONGEST_ABBREVIATION);
            let start = (start..).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            let folded = fold_words(&text[start..]);
            // Most end in another letter before their stop.
            let letter = |text: &str| text.len().checked_sub(2).map(|at| text.as_bytes()[at]);
            let last = letter(&folded);
            lexicon.abbreviations.iter().any(|short| {
                (letter(short) == last || short.len() < 2)
                    && folded.ends_with(short.as_str())
                    && !folded[..folded.len() - short.len()].chars().next_back().is_some_and(char::is_alphanumeric)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lang: &str, text: &str, want: &[&str]) {
        let lexicon = Lexicon::of(lang.parse().unwrap_or(crate::lang::Lang::EN));
        let got: Vec<&str> = sentences(text, lexicon).into_iter().map(|range| text[range].trim()).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn no_abbreviation_is_longer_than_what_is_looked_at() {
        for lang in crate::language::known_languages() {
            for short in &Lexicon::of(lang).abbreviations {
                assert!(short.len() + 4 <= LONGEST_ABBREVIATION, "{lang}: {short}");
            }
        }
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        check("en", "One system. Two systems! Three?", &["One system.", "Two systems!", "Three?"]);
        check("de", "Formate, z. B. PDF, sind offen. Nr. 3 gilt.", &["Formate, z. B. PDF, sind offen.", "Nr. 3 gilt."]);
        check("fr", "Voir l'art. 3 du CCTP. Fin", &["Voir l'art. 3 du CCTP.", "Fin"]);
        check("nl", "Versie 2.0 is vereist. Bijv. Word.", &["Versie 2.0 is vereist.", "Bijv. Word."]);
        check("en", "", &[""]);
        check("en", "no stop at all", &["no stop at all"]);
    }
}
