//! Folding: text made comparable, with the way back to the original.
//!
//! Lower case, no diacritics, `ß` as `ss`, final sigma as sigma, one apostrophe, one dash, no soft hyphens or
//! zero-width characters. Phrases are folded the same way, so that *Réversibilité* meets *reversibilite*.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded text and, for each of its bytes, the byte of the original it comes from.
pub struct Folded {
    pub text: String,
    /// Empty where offsets are the same (plain ASCII).
    origin: Vec<u32>,
    original_len: usize,
    /// Bytes of the folded text at which a word may begin: no letter or digit stands before them.
    openings: Vec<u32>,
    /// Something is folded away.
    is_shorter: bool,
}

impl Folded {
    /// The byte offset in the original of a byte offset in the folded text.
    pub fn original(&self, offset: usize) -> usize {
        match self.origin.get(offset) {
            Some(at) => *at as usize,
            None if self.origin.is_empty() => offset,
            None => self.original_len,
        }
    }

    /// The bytes of the folded text at which a word may begin: no letter or digit stands before them, or what stood
    /// there is folded away.
    pub fn openings(&self) -> impl Iterator<Item = usize> + '_ {
        self.openings.iter().map(|at| *at as usize)
    }

    /// Whether no letter or digit of the folded text stands before an opening.
    pub fn opens_word(&self, opening: usize) -> bool {
        !self.is_shorter || !self.text[..opening].ends_with(char::is_alphanumeric)
    }
}

/// Folds a text.
pub fn fold(text: &str) -> Folded {
    let mut openings = Openings::default();
    if text.is_ascii() {
        openings.add_ascii(text.as_bytes(), 0);
        let (text, original_len) = (text.to_ascii_lowercase(), text.len());
        return Folded { text, origin: Vec::new(), original_len, openings: openings.at, is_shorter: false };
    }
    let mut folded = String::with_capacity(text.len());
    let mut origin = Vec::with_capacity(text.len());
    let mut rest = 0;
    while let Some(c) = text[rest..].chars().next() {
        let before = folded.len();
        // Letters of ASCII come in long runs.
        let run = ascii_run(&text[rest..]);
        if run > 0 {
            folded.push_str(&text[rest..rest + run]);
            folded[before..].make_ascii_lowercase();
            openings.add_ascii(&text.as_bytes()[rest..rest + run], before);
            origin.extend(rest as u32..(rest + run) as u32);
            rest += run;
        } else {
            fold_char(c, &mut folded);
            openings.add(&folded[before..], before);
            origin.resize(origin.len() + folded.len() - before, rest as u32);
            rest += c.len_utf8();
        }
    }
    let Openings { at: openings, is_shorter, .. } = openings;
    Folded { text: folded, origin, original_len: text.len(), openings, is_shorter }
}

/// Collects where words may begin.
#[derive(Default)]
struct Openings {
    at: Vec<u32>,
    /// A letter or digit stands before what comes next.
    inside: bool,
    /// Something was folded away.
    is_shorter: bool,
}

impl Openings {
    /// Takes in letters of ASCII that stand in the folded text from byte `from` on.
    fn add_ascii(&mut self, bytes: &[u8], from: usize) {
        // Every place is written and most are written over, which costs less than to ask at each byte.
        let mut filled = self.at.len();
        self.at.resize(filled + bytes.len(), 0);
        let mut inside = self.inside;
        for (at, byte) in bytes.iter().enumerate() {
            self.at[filled] = (from + at) as u32;
            filled += usize::from(!inside);
            inside = IN_WORD[*byte as usize];
        }
        self.inside = inside;
        self.at.truncate(filled);
    }

    /// Takes in what a letter of another alphabet is folded to.
    fn add(&mut self, folded: &str, from: usize) {
        if folded.is_empty() {
            self.inside = false;
            self.is_shorter = true;
        }
        for (at, c) in folded.char_indices() {
            if !self.inside {
                self.at.push((from + at) as u32);
            }
            self.inside = c.is_alphanumeric();
        }
    }
}

/// By byte: whether it is a letter or digit of ASCII.
static IN_WORD: [bool; 256] = {
    let mut in_word = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        in_word[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    in_word
};

/// Bytes of ASCII at the start.
fn ascii_run(text: &str) -> usize {
    text.as_bytes().iter().position(|byte| !byte.is_ascii()).unwrap_or(text.len())
}

/// Folds a phrase or name, without the way back.
pub fn fold_words(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = ascii_run(rest);
        if run > 0 {
            let before = folded.len();
            folded.push_str(&rest[..run]);
            folded[before..].make_ascii_lowercase();
            rest = &rest[run..];
        } else {
            fold_char(c, &mut folded);
            rest = &rest[c.len_utf8()..];
        }
    }
    folded
}

fn fold_char(c: char, out: &mut String) {
    // Latin, Greek and Cyrillic letters are looked up.
    static LETTERS: OnceLock<Vec<String>> = OnceLock::new();
    let folded = |c: char| {
        let mut out = String::new();
        fold_letter(c, &mut out);
        out
    };
    match LETTERS.get_or_init(|| ('\0'..'\u{530}').map(folded).collect()).get(c as usize) {
        Some(letters) => out.push_str(letters),
        None => fold_letter(c, out),
    }
}

fn fold_letter(c: char, out: &mut String) {
    match c {
        'A'..='Z' => out.push(c.to_ascii_lowercase()),
        _ if c.is_ascii() => out.push(c),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' => {}
        '\u{a0}' | '\u{202f}' | '\u{2009}' => out.push(' '),
        '’' | '‘' | 'ʼ' | '´' | '′' => out.push('\''),
        '–' | '—' | '‑' | '‐' | '−' => out.push('-'),
        'ß' | 'ẞ' => out.push_str("ss"),
        'ς' => out.push('σ'),
        'œ' | 'Œ' => out.push_str("oe"),
        _ => {
            for d in c.nfd().filter(|d| !is_combining_mark(*d)) {
                out.extend(d.to_lowercase().map(|l| if l == 'ς' { 'σ' } else { l }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fold_to_the_same() {
        for (a, b) in [
            ("Réversibilité", "reversibilite"),
            ("l’éditeur", "l'editeur"),
            ("Maßnahme", "massnahme"),
            ("ΑΡΘΡΟΥΣ", "αρθρουσ"),
            ("ισοδύναμος", "ισοδυναμοσ"),
            ("Open\u{ad}Source", "opensource"),
            ("Gør\u{a0}det", "gør det"),
        ] {
            assert_eq!(fold(a).text, b, "{a}");
            assert_eq!(fold_words(a), b, "{a}");
        }
    }

    #[test]
    fn words_open_where_no_letter_stands_before() {
        for (text, want) in [
            ("a (bc)", vec![0, 2, 3, 6]),
            ("État d'été", vec![0, 5, 7]),
            ("soft\u{ad}ware", vec![0, 4]),
            ("ß, é", vec![0, 3, 4]),
            ("", vec![]),
        ] {
            let folded = fold(text);
            let openings: Vec<_> = folded.openings().filter(|at| *at < folded.text.len()).collect();
            let want: Vec<_> = want.into_iter().filter(|at| *at < folded.text.len()).collect();
            assert_eq!(openings, want, "{text}");
        }
    }

    #[test]
    fn offsets_lead_back_to_the_original() {
        let text = "La réversibilité ŒUVRE fin";
        let folded = fold(text);
        for word in ["reversibilite", "fin"] {
            let at = folded.text.find(word).unwrap_or_default();
            let (start, end) = (folded.original(at), folded.original(at + word.len()));
            assert_eq!(fold_words(&text[start..end]), word);
        }
        assert_eq!(folded.original(folded.text.len()), text.len());
    }
}
