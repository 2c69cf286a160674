//! The lexicon: phrases of one language by what they tell, found in one pass.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::fold::{Folded, fold_words};
use super::phrase::{Found, Phrases};
use super::topic::{Topic, TopicHit};
use crate::builtin;
use crate::lang::Lang;

/// A cell of the lexicon: what a phrase tells (`obligation`, `existing-env`, …). The cells are listed in
/// `rules/lexicon/cells.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(u8);

impl Cell {
    /// The cell of a name; `None` where `cells.tsv` has no such cell.
    pub fn named(name: &str) -> Option<Cell> {
        static INDEX: OnceLock<FxHashMap<&'static str, Cell>> = OnceLock::new();
        let index = || Cell::names().iter().enumerate().map(|(at, name)| (*name, Cell(at as u8))).collect();
        INDEX.get_or_init(index).get(name).copied()
    }

    /// Names of all cells.
    pub fn names() -> &'static [&'static str] {
        static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
        NAMES.get_or_init(|| {
            let table = builtin::file("lexicon/cells.tsv").unwrap_or_default();
            builtin::rows(table).map(|row| row.get("cell")).collect()
        })
    }

    /// The cell's name.
    pub fn name(self) -> &'static str {
        Cell::names().get(self.0 as usize).copied().unwrap_or_default()
    }

    /// The place of this cell among [`Cell::names`].
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The bit of this cell in a set of cells.
    pub fn bit(self) -> u128 {
        1 << self.0
    }
}

/// The cell of a name that stands in the code, looked up once.
macro_rules! cell {
    ($name:literal) => {{
        static CELL: std::sync::LazyLock<Option<$crate::language::Cell>> =
            std::sync::LazyLock::new(|| $crate::language::Cell::named($name));
        *CELL
    }};
}
pub(crate) use cell;

/// A phrase found in a text. Byte offsets of the original text, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhraseHit {
    pub cell: Cell,
    pub start: usize,
    pub end: usize,
    /// Where its first words end: those before what the phrase leaves open.
    pub first_end: usize,
}

/// What a phrase of the automaton stands for.
#[derive(Debug, Clone, Copy)]
enum Mark {
    Cell(Cell),
    Topic(Topic),
}

/// The phrases of one language: those of its lexicon, and those that name topics.
pub struct Lexicon {
    phrases: Phrases<Mark>,
    /// Abbreviations that end no sentence, folded, with their stops.
    pub abbreviations: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LexiconFile {
    language: Lang,
    #[serde(rename = "source")]
    _source: String,
    cells: BTreeMap<String, CellFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CellFile {
    #[serde(default)]
    attested: Vec<String>,
    #[serde(default)]
    unattested: Vec<String>,
}

/// The languages that have a lexicon.
pub fn known_languages() -> impl Iterator<Item = Lang> {
    builtin::files("lexicon/")
        .filter_map(|(name, _)| name.strip_prefix("lexicon/")?.strip_suffix(".yaml")?.parse().ok())
}

impl Lexicon {
    /// The lexicon of a language; an empty one where there is none. Compiled once, when first asked for.
    pub fn of(lang: Lang) -> &'static Lexicon {
        static LEXICONS: OnceLock<BTreeMap<Lang, OnceLock<Lexicon>>> = OnceLock::new();
        static NONE: Lexicon = Lexicon { phrases: Phrases::NONE, abbreviations: Vec::new() };
        let all = LEXICONS.get_or_init(|| known_languages().map(|lang| (lang, OnceLock::new())).collect());
        all.get(&lang).map_or(&NONE, |lexicon| lexicon.get_or_init(|| Lexicon::load(lang)))
    }

    fn load(lang: Lang) -> Lexicon {
        let text = builtin::file(&format!("lexicon/{lang}.yaml")).unwrap_or("{}");
        let file: LexiconFile = match serde_json::from_str(text) {
            Ok(file) => file,
            // A test reads every lexicon, so that this can only be a damaged build.
            Err(error) => panic!("the built-in lexicon of {lang} is broken: {error}"),
        };
        debug_assert_eq!(file.language, lang);
        let mut written = Vec::new();
        let mut abbreviations = Vec::new();
        for (name, cell) in &file.cells {
            let Some(id) = Cell::named(name) else { continue };
            for phrase in cell.attested.iter().chain(&cell.unattested) {
                match name.as_str() {
                    "abbreviation" => abbreviations.push(fold_words(phrase)),
                    _ => written.push((Mark::Cell(id), phrase.as_str())),
                }
            }
        }
        written.extend(Topic::phrases(lang).map(|(topic, phrase)| (Mark::Topic(topic), phrase)));
        Lexicon { phrases: Phrases::new(written), abbreviations }
    }

    /// Whether the language has phrases of a cell.
    pub fn knows(&self, cell: Cell) -> bool {
        self.phrases.marks().any(|mark| matches!(mark, Mark::Cell(known) if known == cell))
    }

    /// Every phrase in a folded text, in order of the end of their first words; phrases of one cell or topic may
    /// overlap.
    pub fn scan(&self, folded: &Folded, hits: &mut Vec<PhraseHit>, topics: &mut Vec<TopicHit>) {
        let found = self.phrases.scan(folded);
        // Nearly all of them are no topics.
        hits.reserve_exact(found.len());
        for Found { mark, range: Range { start, end }, first_end } in found {
            match mark {
                Mark::Cell(cell) => hits.push(PhraseHit { cell, start, end, first_end }),
                Mark::Topic(topic) => topics.push(TopicHit { topic, start, end }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::fold;

    fn cells(lang: &str, text: &str) -> Vec<(&'static str, String)> {
        let mut hits = Vec::new();
        let lang = lang.parse().unwrap_or(Lang::EN);
        Lexicon::of(lang).scan(&fold(text), &mut hits, &mut Vec::new());
        hits.into_iter().map(|hit| (hit.cell.name(), text[hit.start..hit.end].to_owned())).collect()
    }

    #[track_caller]
    fn check(lang: &str, text: &str, cell: &str, words: &str) {
        assert!(cells(lang, text).contains(&(leak(cell), words.to_owned())), "{text}: {:?}", cells(lang, text));
    }

    fn leak(cell: &str) -> &'static str {
        Cell::named(cell).map(Cell::name).unwrap_or_default()
    }

    #[test]
    fn phrases_are_found_with_their_inflections() {
        check("fr", "Le logiciel DEVRA être hébergé", "obligation", "DEVRA");
        check("fr", "les formats ouverts et documentés", "open-format", "formats ouverts");
        check("de", "Die Lösung ist vom Bieter zu liefern", "obligation", "ist vom Bieter zu");
        check("nl", "of gelijkwaardig", "or-equivalent", "of gelijkwaardig");
        check("el", "Ο ανάδοχος πρέπει να", "obligation", "πρέπει");
        check("da", "Leverandøren skal levere", "obligation", "skal");
        check("en", "handover to another contractor shall", "obligation", "shall");
    }

    #[test]
    fn parts_of_words_are_no_phrases() {
        assert!(!cells("fr", "il doitif").iter().any(|(cell, _)| *cell == "obligation"));
        assert!(!cells("da", "skaldet").iter().any(|(cell, _)| *cell == "obligation"));
    }

    #[test]
    fn every_lexicon_is_readable_and_uses_known_cells() {
        for (name, text) in builtin::files("lexicon/").filter(|(name, _)| name.ends_with(".yaml")) {
            let file: LexiconFile = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            for cell in file.cells.keys() {
                assert!(Cell::named(cell).is_some(), "{name}: cell `{cell}` is not in cells.tsv");
            }
            assert!(Lexicon::of(file.language).phrases.marks().next().is_some(), "{name}");
        }
        assert!(Cell::names().len() <= 128, "sets of cells are 128 bits wide");
    }
}
