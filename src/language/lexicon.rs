//! The lexicon: phrases of one language by what they tell, compiled into one automaton.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde::Deserialize;

use super::fold::{Folded, fold_words};
use crate::builtin;
use crate::lang::Lang;

/// A cell of the lexicon: what a phrase tells (`obligation`, `existing-env`, …). The cells are listed in
/// `rules/lexicon/cells.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(u8);

impl Cell {
    /// The cell of a name; `None` where `cells.tsv` has no such cell.
    pub fn named(name: &str) -> Option<Cell> {
        Cell::names().iter().position(|known| *known == name).map(|at| Cell(at as u8))
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

    /// The bit of this cell in a set of cells.
    pub fn bit(self) -> u128 {
        1 << self.0
    }
}

/// A phrase found in a text. Byte offsets of the original text, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhraseHit {
    pub cell: Cell,
    pub start: usize,
    pub end: usize,
}

/// The phrases of one language.
pub struct Lexicon {
    automaton: Option<AhoCorasick>,
    /// By pattern of the automaton.
    phrases: Vec<Phrase>,
    /// Abbreviations that end no sentence, folded, with their stops.
    pub abbreviations: Vec<String>,
}

/// A phrase: its first literal stretch is the automaton's pattern, `rest` must follow.
struct Phrase {
    cell: Cell,
    /// Letters may stand before the first word.
    open_start: bool,
    rest: Vec<Piece>,
    /// Letters may follow the last word.
    open_end: bool,
}

/// What follows the first stretch of a phrase.
enum Piece {
    /// Further letters of the word, if any.
    Letters,
    /// Up to three words.
    Words,
    Literal(String),
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
        static NONE: Lexicon = Lexicon { automaton: None, phrases: Vec::new(), abbreviations: Vec::new() };
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
        let mut patterns = Vec::new();
        let mut phrases = Vec::new();
        let mut abbreviations = Vec::new();
        for (name, cell) in &file.cells {
            let Some(id) = Cell::named(name) else { continue };
            for phrase in cell.attested.iter().chain(&cell.unattested) {
                if name == "abbreviation" {
                    abbreviations.push(fold_words(phrase));
                    continue;
                }
                for phrase in spellings(phrase) {
                    if let Some((pattern, phrase)) = Phrase::compile(id, &phrase) {
                        patterns.push(pattern);
                        phrases.push(phrase);
                    }
                }
            }
        }
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(&patterns).ok();
        Lexicon { automaton, phrases, abbreviations }
    }

    /// Whether the language has phrases of a cell.
    pub fn knows(&self, cell: Cell) -> bool {
        self.phrases.iter().any(|phrase| phrase.cell == cell)
    }

    /// Every phrase in a folded text, in order of their ends; phrases of one cell may overlap.
    pub fn scan(&self, folded: &Folded, hits: &mut Vec<PhraseHit>) {
        let Some(automaton) = &self.automaton else { return };
        let text = folded.text.as_str();
        for found in automaton.find_overlapping_iter(text) {
            let phrase = &self.phrases[found.pattern().as_usize()];
            if !phrase.open_start && text[..found.start()].chars().next_back().is_some_and(char::is_alphanumeric) {
                continue;
            }
            if let Some(end) = phrase.follow(text, found.end()) {
                hits.push(PhraseHit {
                    cell: phrase.cell,
                    start: folded.original(found.start()),
                    end: folded.original(end),
                });
            }
        }
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

impl Phrase {
    /// The automaton's pattern and what must follow it. `None` for a phrase with no letters.
    fn compile(cell: Cell, phrase: &str) -> Option<(String, Phrase)> {
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
                Some((first, Phrase { cell, open_start, rest, open_end }))
            }
            _ => None,
        }
    }

    /// The end of the phrase in the text if the rest of it stands at `at`.
    fn follow(&self, text: &str, at: usize) -> Option<usize> {
        let end = follow(&self.rest, text, at)?;
        let ends_word = !text[end..].starts_with(char::is_alphanumeric);
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
                let word = text[from..].find(' ')?;
                from += word + 1;
            }
            None
        }
    }
}

/// Bytes of letters and digits at the start.
fn letters(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::fold;

    fn cells(lang: &str, text: &str) -> Vec<(&'static str, String)> {
        let mut hits = Vec::new();
        let lang = lang.parse().unwrap_or(Lang::EN);
        Lexicon::of(lang).scan(&fold(text), &mut hits);
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
            assert!(Lexicon::of(file.language).automaton.is_some(), "{name}");
        }
        assert!(Cell::names().len() <= 128, "sets of cells are 128 bits wide");
    }
}
