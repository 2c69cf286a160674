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
    /// Word to the languages that have it, as bits.
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
                let mut packed = Word::default();
                packed.push(word.as_bytes());
                *table.words.entry(packed.number()).or_default() |= bit;
            }
        }
        table
    })
}

/// A word in lower case, as a number: no word of the table is longer than its bytes.
#[derive(Default)]
struct Word {
    bytes: [u8; 16],
    filled: usize,
    /// Bytes as written.
    length: usize,
}

impl Word {
    fn push(&mut self, lower: &[u8]) {
        for byte in lower {
            if let Some(place) = self.bytes.get_mut(self.filled) {
                *place = *byte;
            }
            self.filled += 1;
        }
    }

    fn number(&self) -> u128 {
        u128::from_le_bytes(self.bytes)
    }

    fn may_be_common(&self) -> bool {
        (1..=LONGEST_WORD).contains(&self.length) && self.filled <= self.bytes.len()
    }
}

impl Score {
    fn of(text: &str) -> Score {
        let mut score = Score::default();
        score.add(text);
        score
    }

    fn add(&mut self, text: &str) {
        let table = stop_words();
        let mut word = Word::default();
        let mut at = 0;
        while let Some(&byte) = text.as_bytes().get(at) {
            if byte.is_ascii_alphabetic() || byte == b'\'' {
                if let Some(place) = word.bytes.get_mut(word.filled) {
                    *place = byte.to_ascii_lowercase();
                }
                word.filled += 1;
                word.length += 1;
                at += 1;
                continue;
            }
            let letter = match byte.is_ascii() {
                true => None,
                false => text[at..].chars().next(),
            };
            at += letter.map_or(1, char::len_utf8);
            match letter.filter(|c| c.is_alphabetic()) {
                Some(c) => {
                    c.to_lowercase().for_each(|lower| word.push(lower.encode_utf8(&mut [0; 4]).as_bytes()));
                    word.length += c.len_utf8();
                }
                None => self.count(&mut word, table),
            }
        }
        self.count(&mut word, table);
    }

    /// Counts a word that is at its end.
    fn count(&mut self, word: &mut Word, table: &StopWords) {
        if word.may_be_common() {
            let mut bits = table.words.get(&word.number()).copied().unwrap_or(0);
            while bits != 0 {
                self.0[bits.trailing_zeros() as usize] += 1;
                bits &= bits - 1;
            }
        }
        *word = Word::default();
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
