//! In which language a block is written: per block, not per file.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::builtin;
use crate::document::Document;
use crate::lang::Lang;

/// Languages that the table may have: a word's are the bits of a number.
const MOST_LANGUAGES: usize = u32::BITS as usize;

/// Bytes of a word that can be one of the commonest of a language.
const LONGEST_WORD: usize = 12;

/// Bytes of a document that tell its language: the rest of a long one would only repeat it.
const ENOUGH: usize = 20_000;

/// How many words of each language's commonest a text holds.
#[derive(Default, Clone, Copy)]
struct Score([u32; MOST_LANGUAGES]);

struct StopWords {
    languages: Vec<Lang>,
    /// Word, as a number, to the languages that have it, as bits.
    words: FxHashMap<u128, u32>,
}

fn stop_words() -> &'static StopWords {
    static TABLE: OnceLock<StopWords> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = StopWords { languages: Vec::new(), words: FxHashMap::default() };
        for row in builtin::rows(builtin::file("lexicon/stopwords.tsv").unwrap_or_default()) {
            let Ok(lang) = row.get("language").parse() else { continue };
            let bit = 1 << table.languages.len();
            table.languages.push(lang);
            for word in row.list("words") {
                *table.words.entry(number(word)).or_default() |= bit;
            }
        }
        table
    })
}

/// Bytes of a word as a number: no word of the table has more.
const WORD_BYTES: usize = (u128::BITS / 8) as usize;

/// A word of the table as a number.
fn number(word: &str) -> u128 {
    let mut bytes = [0; WORD_BYTES];
    bytes.iter_mut().zip(word.bytes()).for_each(|(place, byte)| *place = byte);
    u128::from_le_bytes(bytes)
}

/// The letters of ASCII that stand at a place, at most [`LONGEST_WORD`], in lower case, as a number.
#[inline]
fn ascii_lower(bytes: &[u8], at: usize, len: usize) -> u128 {
    // The bit by which letters differ from capitals; an apostrophe has it.
    const LOWER: u128 = u128::from_le_bytes([0x20; WORD_BYTES]);
    let word = match bytes.get(at..at + WORD_BYTES).and_then(|bytes| bytes.try_into().ok()) {
        Some(bytes) => u128::from_le_bytes(bytes),
        None => {
            let mut word = [0; WORD_BYTES];
            word[..len].copy_from_slice(&bytes[at..at + len]);
            u128::from_le_bytes(word)
        }
    };
    (word | LOWER) & ((1 << (8 * len)) - 1)
}

/// By byte: whether it is a letter of ASCII or an apostrophe.
static IN_WORD: [bool; 256] = {
    let mut in_word = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        in_word[byte] = (byte as u8).is_ascii_alphabetic() || byte as u8 == b'\'';
        byte += 1;
    }
    in_word
};

impl Score {
    fn of(text: &str) -> Score {
        let mut score = Score::default();
        score.add(text);
        score
    }

    fn add(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            while bytes.get(at).is_some_and(|byte| IN_WORD[*byte as usize]) {
                at += 1;
            }
            match bytes.get(at) {
                Some(byte) if !byte.is_ascii() => at = self.add_with_accents(text, start),
                _ => {
                    if (1..=LONGEST_WORD).contains(&(at - start)) {
                        self.count(ascii_lower(bytes, start, at - start));
                    }
                    at += 1;
                }
            }
        }
    }

    /// Takes in the word at `start` that does not only consist of letters of ASCII, if it is one. Gives the place behind
    /// the character that ends it.
    fn add_with_accents(&mut self, text: &str, start: usize) -> usize {
        let mut word = [0; WORD_BYTES];
        let mut filled = 0;
        for (at, c) in text[start..].char_indices() {
            if !c.is_alphabetic() && c != '\'' {
                if at <= LONGEST_WORD && filled <= WORD_BYTES {
                    self.count(u128::from_le_bytes(word));
                }
                return start + at + c.len_utf8();
            }
            // A word that is too long is known by then.
            if at <= LONGEST_WORD {
                for lower in c.to_lowercase() {
                    let mut utf_8 = [0; 4];
                    for byte in lower.encode_utf8(&mut utf_8).bytes() {
                        if let Some(place) = word.get_mut(filled) {
                            *place = byte;
                        }
                        filled += 1;
                    }
                }
            }
        }
        if text.len() - start <= LONGEST_WORD && filled <= WORD_BYTES {
            self.count(u128::from_le_bytes(word));
        }
        text.len()
    }

    /// Counts a word.
    #[inline]
    fn count(&mut self, word: u128) {
        let mut bits = stop_words().words.get(&word).copied().unwrap_or(0);
        while bits != 0 {
            self.0[bits.trailing_zeros() as usize] += 1;
            bits &= bits - 1;
        }
    }

    fn add_up(&mut self, other: &Score) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own += other);
    }

    /// The best language, if it leads over `rival` clearly.
    fn best(&self, rival: Option<Lang>) -> Option<Lang> {
        let languages = &stop_words().languages;
        let count = |lang: Lang| languages.iter().position(|l| *l == lang).map_or(0, |at| self.0[at]);
        let scores = languages.iter().zip(self.0);
        let (lang, most) = scores.rev().max_by_key(|(_, most)| *most)?;
        let least = rival.map_or(1, |rival| 2 * count(rival) + 3);
        (most >= least).then_some(*lang)
    }
}

/// The languages of a document's blocks.
pub struct Detection {
    /// That of the document as a whole: what its words say, else what it declares, else English.
    pub lang: Lang,
    /// Those of the blocks that told it, which need not be read again.
    scores: Vec<Score>,
}

impl Detection {
    /// Reads enough of a document to tell its language.
    pub fn of(document: &Document) -> Detection {
        let mut together = Score::default();
        let mut scores = Vec::new();
        let mut bytes = 0;
        for block in &document.blocks {
            let score = Score::of(&block.text);
            together.add_up(&score);
            scores.push(score);
            bytes += block.text.len();
            if bytes > ENOUGH {
                break;
            }
        }
        Detection { lang: together.best(None).or(document.language).unwrap_or(Lang::EN), scores }
    }

    /// The language of a block, by its place and text: what it declares, unless its words clearly say otherwise.
    pub fn of_block(&self, block: usize, text: &str, declared: Option<Lang>) -> Lang {
        let expected = declared.unwrap_or(self.lang);
        if text.len() < 40 {
            return expected;
        }
        let best = match self.scores.get(block) {
            Some(score) => score.best(Some(expected)),
            None => Score::of(text).best(Some(expected)),
        };
        best.unwrap_or(expected)
    }
}

/// The language of a text by its words; `None` where they tell none.
pub fn of_text(text: &str) -> Option<Lang> {
    Score::of(text).best(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, document: &str, want: &str) {
        let detection = Detection { lang: document.parse().unwrap_or(Lang::EN), scores: Vec::new() };
        assert_eq!(detection.of_block(0, text, None).as_str(), want, "{text}");
    }

    #[test]
    fn the_table_of_words_can_be_used() {
        let table = stop_words();
        assert!(table.languages.len() <= MOST_LANGUAGES);
        for row in builtin::rows(builtin::file("lexicon/stopwords.tsv").unwrap_or_default()) {
            assert!(row.list("words").all(|word| word.len() <= LONGEST_WORD), "{}", row.get("language"));
        }
    }

    #[test]
    fn a_block_has_its_own_language() {
        check("Le titulaire fournit la documentation dans un format ouvert et les sources.", "de", "fr");
        check("Leverandøren skal stille en løsning til rådighed for kunden, og det er et krav.", "en", "da");
        check("Senior Consultant, Project Manager, Data Steward and Release Manager", "da", "da");
        check("Ο ανάδοχος πρέπει να παραδώσει τον κώδικα και την τεκμηρίωση του έργου.", "en", "el");
        check("kort tekst", "nl", "nl");
    }
}
