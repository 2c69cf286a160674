//! The packed licence texts, as the build step `build/licences.rs` lays them out.
//!
//! Read once, when the first licence-like text is to be identified; nothing else of the program needs it.

use std::sync::{LazyLock, OnceLock};

use crate::builtin;
use crate::licence::words::Equivalents;

/// Words in a run that is looked up. Must be that of the build step.
pub const RUN: usize = 5;

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/licences.bin"));

/// The id of a word that stands in no licence text.
pub const UNKNOWN: u16 = u16::MAX;

/// What a text of the index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Licence,
    /// An exception to a licence (`WITH` in an expression).
    Exception,
    /// The notice that puts a file under a licence.
    Header,
}

/// One licence text. Offsets are words of the text.
#[derive(Debug)]
pub struct Template {
    pub kind: Kind,
    /// SPDX id, the `-only` one for families that have both.
    pub id: &'static str,
    /// ISO 639-1.
    pub language: &'static str,
    pub words: Vec<u16>,
    /// Whether a word numbers a list item.
    pub markers: Vec<bool>,
    /// Whether a word may be left out.
    pub optional: Vec<bool>,
    /// Stretches that other words may stand for, half-open, in order; `usize` is the pattern's number.
    pub slots: Vec<(usize, usize, usize)>,
    /// Words that are neither optional, nor markers, nor in a slot.
    pub required: usize,
}

/// All texts, and how they are found. Read in place: a start-up only pays for the texts that a file resembles.
pub struct Index {
    names: Vec<&'static str>,
    /// Seven numbers a text.
    shapes: Numbers,
    words: &'static [u8],
    markers: &'static [u8],
    optional: Numbers,
    slots: Numbers,
    /// The texts that were asked for.
    templates: Vec<OnceLock<Template>>,
    pub patterns: Vec<&'static str>,
    pub equivalents: Equivalents,
    vocabulary: Lookup,
    /// Needed only to tell what was changed.
    spellings: OnceLock<Vec<&'static str>>,
    packed_spellings: &'static [u8],
    runs: Lookup,
    /// Per run: the text's number and the run's first word there.
    places: Numbers,
}

/// The index, opened on first use.
pub static INDEX: LazyLock<Index> = LazyLock::new(Index::read);

/// Packed numbers, read in place.
#[derive(Clone, Copy)]
struct Numbers(&'static [u8]);

impl Numbers {
    fn len(self) -> usize {
        self.0.len() / 4
    }

    fn get(self, at: usize) -> u32 {
        let bytes = &self.0[at * 4..at * 4 + 4];
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    fn at(self, at: usize) -> usize {
        self.get(at) as usize
    }
}

/// Sorted keys, found by their first sixteen bits.
struct Lookup {
    keys: Numbers,
    starts: Vec<u32>,
}

impl Lookup {
    fn new(keys: Numbers) -> Lookup {
        let mut starts = vec![0; (1 << 16) + 1];
        for key in keys.0.chunks_exact(4) {
            starts[usize::from(u16::from_le_bytes([key[2], key[3]])) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Lookup { keys, starts }
    }

    /// The places of all keys equal to `key`.
    fn find(&self, key: u32) -> std::ops::Range<usize> {
        let bucket = (key >> 16) as usize;
        let (start, end) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        let first = (start..end).find(|at| self.keys.get(*at) >= key).unwrap_or(end);
        let last = (first..end).find(|at| self.keys.get(*at) > key).unwrap_or(end);
        first..last
    }
}

impl Index {
    fn read() -> Index {
        let mut sections = sections();
        let mut section = || sections.next().unwrap_or_default();
        let vocabulary = Lookup::new(Numbers(section()));
        let spellings = section();
        let names = lines(section());
        let shapes = Numbers(section());
        let (words, markers) = (section(), section());
        let (optional, slots) = (Numbers(section()), Numbers(section()));
        let patterns = lines(section());
        let runs = Lookup::new(Numbers(section()));
        let places = Numbers(section());
        let equivalents = builtin::file("knowledge/licence-equivalents.tsv").unwrap_or_default();
        Index {
            templates: names.iter().map(|_| OnceLock::new()).collect(),
            names,
            shapes,
            words,
            markers,
            optional,
            slots,
            patterns,
            equivalents: Equivalents::parse(equivalents),
            vocabulary,
            spellings: OnceLock::new(),
            packed_spellings: spellings,
            runs,
            places,
        }
    }

    /// Runs kept of a text.
    pub fn runs(&self, text: usize) -> usize {
        self.shapes.at(text * SHAPE + 6)
    }

    /// A text by its number, as a hit has it.
    pub fn template(&self, text: usize) -> &Template {
        self.templates[text].get_or_init(|| self.unpack(text))
    }

    /// The id of a word by its key.
    pub fn word(&self, key: u32) -> u16 {
        self.vocabulary.find(key).next().and_then(|at| u16::try_from(at).ok()).unwrap_or(UNKNOWN)
    }

    /// A word's spelling, in lower case.
    pub fn spelling(&self, word: u16) -> &'static str {
        let spellings = self.spellings.get_or_init(|| lines(self.packed_spellings));
        spellings.get(usize::from(word)).copied().unwrap_or_default()
    }

    /// The texts that have a run, and its first word there.
    pub fn run(&self, key: u32) -> impl Iterator<Item = (u32, u32)> {
        self.runs.find(key).map(|run| (self.places.get(run * 2), self.places.get(run * 2 + 1)))
    }

    fn unpack(&self, text: usize) -> Template {
        let shape: Vec<usize> = (0..SHAPE).map(|at| self.shapes.at(text * SHAPE + at)).collect();
        let (first, count) = (shape[0], shape[1]);
        let words = self.words[first * 2..(first + count) * 2].chunks_exact(2);
        let words = words.map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]])).collect();
        let markers: Vec<_> =
            (first..first + count).map(|word| self.markers[word / 8] >> (word % 8) & 1 == 1).collect();
        let mut optional = vec![false; count];
        for pair in shape[2]..shape[2] + shape[3] {
            optional[self.optional.at(pair * 2)..self.optional.at(pair * 2 + 1)].fill(true);
        }
        let slots: Vec<_> = (shape[4]..shape[4] + shape[5])
            .map(|slot| (self.slots.at(slot * 3), self.slots.at(slot * 3 + 1), self.slots.at(slot * 3 + 2)))
            .collect();
        let mut in_slot = vec![false; count];
        for (start, end, _) in &slots {
            in_slot[*start..*end].fill(true);
        }
        let required = (0..count).filter(|word| !optional[*word] && !markers[*word] && !in_slot[*word]).count();
        let mut parts = self.names[text].split('\t');
        let kind = match parts.next() {
            Some("exception") => Kind::Exception,
            Some("header") => Kind::Header,
            _ => Kind::Licence,
        };
        let id = parts.next().unwrap_or_default();
        let language = parts.next().unwrap_or_default();
        Template { kind, id, language, words, markers, optional, slots, required }
    }
}

/// Numbers of a text's shape.
const SHAPE: usize = 7;

/// The sections of the packed index. The build step made it, so a slice outside it is a defect of the build.
fn sections() -> impl Iterator<Item = &'static [u8]> {
    let lengths = Numbers(&PACKED[..SECTIONS * 4]);
    let mut at = SECTIONS * 4;
    (0..lengths.len()).map(move |section| {
        let start = at;
        at += lengths.at(section);
        &PACKED[start..at]
    })
}

const SECTIONS: usize = 11;

fn lines(bytes: &'static [u8]) -> Vec<&'static str> {
    std::str::from_utf8(bytes).unwrap_or_default().lines().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_their_runs() {
        assert!(INDEX.templates.len() > 800);
        for number in 0..INDEX.templates.len() {
            let template = INDEX.template(number);
            assert!(INDEX.runs(number) > 0 || template.words.len() < RUN + 1, "{} has no run", template.id);
            assert!(template.slots.iter().all(|(start, end, pattern)| {
                start <= end && *end <= template.words.len() && *pattern < INDEX.patterns.len()
            }));
        }
    }
}
