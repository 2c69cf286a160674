//! In which language a block is written: per block, not per file.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::builtin;
use crate::document::Document;
use crate::lang::Lang;

/// How many words of each language's commonest a text holds.
#[derive(Default, Clone)]
struct Score(Vec<u32>);

struct StopWords {
    languages: Vec<Lang>,
    /// Word to the languages that have it, as bits.
    words: FxHashMap<&'static str, u32>,
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
                *table.words.entry(word).or_default() |= bit;
            }
        }
        table
    })
}

impl Score {
    fn add(&mut self, text: &str) {
        let table = stop_words();
        self.0.resize(table.languages.len(), 0);
        let mut lower = String::new();
        for word in text.split(|c: char| !c.is_alphabetic() && c != '\'').filter(|word| word.len() <= 12) {
            lower.clear();
            if word.is_ascii() {
                lower.push_str(word);
                lower.make_ascii_lowercase();
            } else {
                lower.extend(word.chars().flat_map(char::to_lowercase));
            }
            let mut bits = table.words.get(lower.as_str()).copied().unwrap_or(0);
            while bits != 0 {
                self.0[bits.trailing_zeros() as usize] += 1;
                bits &= bits - 1;
            }
        }
    }

    /// The best language, if it leads over `rival` clearly.
    fn best(&self, rival: Option<Lang>) -> Option<Lang> {
        let table = stop_words();
        let count = |lang: Lang| {
            table.languages.iter().position(|l| *l == lang).and_then(|at| self.0.get(at)).copied().unwrap_or(0)
        };
        let (at, most) = self.0.iter().enumerate().max_by_key(|(at, n)| (**n, std::cmp::Reverse(*at)))?;
        let least = rival.map_or(1, |rival| 2 * count(rival) + 3);
        (*most >= least).then(|| table.languages[at])
    }
}

/// The language of a document as a whole: what its words say, else what it declares, else English.
pub fn of_document(document: &Document) -> Lang {
    let mut score = Score::default();
    let mut bytes = 0;
    for block in &document.blocks {
        score.add(&block.text);
        bytes += block.text.len();
        // Enough to be sure; the rest of a long document would only repeat it.
        if bytes > 20_000 {
            break;
        }
    }
    score.best(None).or(document.language).unwrap_or(Lang::EN)
}

/// The language of a text by its words; `None` where they tell none.
pub fn of_text(text: &str) -> Option<Lang> {
    let mut score = Score::default();
    score.add(text);
    score.best(None)
}

/// The language of a block: what it declares, unless its words clearly say otherwise.
pub fn of_block(text: &str, declared: Option<Lang>, document: Lang) -> Lang {
    let expected = declared.unwrap_or(document);
    if text.len() < 40 {
        return expected;
    }
    let mut score = Score::default();
    score.add(text);
    score.best(Some(expected)).unwrap_or(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, document: &str, want: &str) {
        let document = document.parse().unwrap_or(Lang::EN);
        assert_eq!(of_block(text, None, document).as_str(), want, "{text}");
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
