//! Phrases: how the tables of `rules/` write them, and all of one language found in one pass.
//!
//! `*` ends a stem, stands for further letters inside a word or, alone, for up to three words; letters in
//! parentheses are optional: `seul(s)`. Each phrase carries a mark, which says what it tells.

use std::ops::Range;

use super::fold::{Folded, fold_words};
use super::trie::Trie;

/// Phrases with their marks. Each is looked for by its first literal stretch.
pub struct Phrases<T> {
    /// Those that begin a word, by place in `phrases`.
    at_words: Trie,
    /// Those before which letters may stand.
    inside_words: Trie,
    any_inside_words: bool,
    phrases: Vec<Phrase<T>>,
}

/// A phrase: its first literal stretch is looked for, `rest` must follow.
struct Phrase<T> {
    mark: T,
    /// Letters may stand before the first word.
    open_start: bool,
    rest: Vec<Piece>,
    /// Letters may follow the last word.
    open_end: bool,
}

/// A phrase in a text. Byte offsets of the original text.
pub struct Found<T> {
    pub mark: T,
    pub range: Range<usize>,
    /// Where its first literal stretch ends.
    pub first_end: usize,
}

/// What follows the first stretch of a phrase.
enum Piece {
    /// Further letters of the word, if any.
    Letters,
    /// Up to three words.
    Words,
    Literal(String),
}

impl<T: Copy> Phrases<T> {
    /// No phrases.
    pub const NONE: Phrases<T> =
        Phrases { at_words: Trie::NONE, inside_words: Trie::NONE, any_inside_words: false, phrases: Vec::new() };

    /// Compiles phrases as the tables write them.
    pub fn new<'p>(written: impl IntoIterator<Item = (T, &'p str)>) -> Phrases<T> {
        let mut firsts: Vec<String> = Vec::new();
        let mut phrases: Vec<Phrase<T>> = Vec::new();
        for (mark, phrase) in written {
            for phrase in spellings(phrase) {
                if let Some((first, phrase)) = Phrase::compile(mark, &phrase) {
                    firsts.push(first);
                    phrases.push(phrase);
                }
            }
        }
        let trie = |inside: bool| {
            let numbered = (0..).zip(&firsts).zip(&phrases);
            Trie::new(numbered.filter(|(_, phrase)| phrase.open_start == inside).map(|((at, first), _)| (at, &**first)))
        };
        Phrases {
            at_words: trie(false),
            inside_words: trie(true),
            any_inside_words: phrases.iter().any(|phrase| phrase.open_start),
            phrases,
        }
    }

    /// The marks of all phrases.
    pub fn marks(&self) -> impl Iterator<Item = T> + '_ {
        self.phrases.iter().map(|phrase| phrase.mark)
    }

    /// Every phrase in a folded text, in order of the end of their first literal stretch; they may overlap.
    pub fn scan<'s>(&'s self, folded: &'s Folded) -> impl ExactSizeIterator<Item = Found<T>> + 's {
        let text = folded.text.as_str();
        // By end of the first stretch, longer ones first, as written: the order in which they are given.
        let mut hits: Vec<Hit> = Vec::with_capacity(text.len() / 8);
        let mut take = |start: usize, phrase: u32, end: usize| {
            if let Some(to) = self.phrases[phrase as usize].follow(text, end) {
                hits.push(Hit { end: end as u32, start: start as u32, phrase, to: to as u32 });
            }
        };
        for start in folded.openings() {
            // What is folded away between letters opens no word.
            if folded.opens_word(start) {
                self.at_words.at(text.as_bytes(), start, |phrase, end| take(start, phrase, end));
            }
        }
        if self.any_inside_words {
            for start in 0..text.len() {
                self.inside_words.seldom_at(text.as_bytes(), start, |phrase, end| take(start, phrase, end));
            }
        }
        hits.sort_unstable_by_key(Hit::order);
        hits.into_iter().map(|Hit { end, start, phrase, to }| Found {
            mark: self.phrases[phrase as usize].mark,
            range: folded.original(start as usize)..folded.original(to as usize),
            first_end: folded.original(end as usize),
        })
    }
}

/// A phrase that was found in a folded text.
struct Hit {
    /// Where its first stretch ends.
    end: u32,
    start: u32,
    phrase: u32,
    /// Where all of it ends.
    to: u32,
}

impl Hit {
    /// By what phrases are put in order: no two have the same.
    fn order(&self) -> (u64, u32) {
        (u64::from(self.end) << 32 | u64::from(self.start), self.phrase)
    }
}

/// The spellings that a phrase with optional letters in parentheses stands for: `seul(s)`.
fn spellings(phrase: &str) -> Vec<String> {
    match (phrase.find('('), phrase.find(')')) {
        (Some(open), Some(close)) if open < close => {
            let (before, inside, after) = (&phrase[..open], &phrase[open + 1..close], &phrase[close + 1..]);
            let mut all = spellings(&format!("{before}{after}"));
            all.extend(spellings(&format!("{before}{inside}{after}")));
            all
        }
        _ => vec![phrase.to_owned()],
    }
}

impl<T> Phrase<T> {
    /// What is looked for and what must follow it. `None` for a phrase with no letters.
    fn compile(mark: T, phrase: &str) -> Option<(String, Phrase<T>)> {
        let folded = fold_words(phrase.trim());
        let open_start = folded.starts_with('*');
        let open_end = folded.ends_with('*');
        let inner = folded.trim_start_matches('*').trim_end_matches('*').trim();
        let mut pieces = Vec::new();
        for (at, word) in inner.split(' ').filter(|word| !word.is_empty()).enumerate() {
            if word == "*" {
                pieces.push(Piece::Words);
                continue;
            }
            if at > 0 && !matches!(pieces.last(), Some(Piece::Words)) {
                push_literal(&mut pieces, " ");
            }
            for (nth, part) in word.split('*').enumerate() {
                if nth > 0 {
                    pieces.push(Piece::Letters);
                }
                push_literal(&mut pieces, part);
            }
        }
        let rest = pieces.split_off(1.min(pieces.len()));
        match pieces.pop() {
            Some(Piece::Literal(first)) if first.chars().any(char::is_alphanumeric) => {
                Some((first, Phrase { mark, open_start, rest, open_end }))
            }
            _ => None,
        }
    }

    /// The end of the phrase in the text if the rest of it stands at `at`.
    fn follow(&self, text: &str, at: usize) -> Option<usize> {
        let end = if self.rest.is_empty() { at } else { follow(&self.rest, text, at)? };
        let ends_word = match text.as_bytes().get(end) {
            Some(byte) if byte.is_ascii() => !byte.is_ascii_alphanumeric(),
            _ => !text[end..].starts_with(char::is_alphanumeric),
        };
        match (ends_word, self.open_end) {
            (true, _) => Some(end),
            (false, true) => Some(end + letters(&text[end..])),
            (false, false) => None,
        }
    }
}

fn push_literal(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Literal(last)) => last.push_str(text),
        _ => pieces.push(Piece::Literal(text.to_owned())),
    }
}

fn follow(pieces: &[Piece], text: &str, at: usize) -> Option<usize> {
    let Some((piece, rest)) = pieces.split_first() else { return Some(at) };
    match piece {
        Piece::Literal(literal) => {
            text[at..].starts_with(literal.as_str()).then(|| follow(rest, text, at + literal.len()))?
        }
        Piece::Letters => follow(rest, text, at + letters(&text[at..])),
        Piece::Words => {
            let mut from = at + spaces(&text[at..]);
            for _ in 0..=3 {
                if let Some(end) = follow(rest, text, from) {
                    return Some(end);
                }
                from += 1 + text.as_bytes()[from..].iter().position(|byte| *byte == b' ')?;
            }
            None
        }
    }
}

/// Bytes of letters and digits at the start.
fn letters(text: &str) -> usize {
    let ascii = text.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
    match text.as_bytes().get(ascii) {
        Some(byte) if !byte.is_ascii() => text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len()),
        _ => ascii,
    }
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}
