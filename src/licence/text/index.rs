//! The packed licence texts, as the build step `build/licences.rs` lays them out.
//!
//! Read once, when the first licence-like text is to be identified; nothing else of the program needs it.

use std::sync::LazyLock;

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
    /// Runs kept of this text.
    pub runs: usize,
}

/// All texts, and how they are found.
pub struct Index {
    pub templates: Vec<Template>,
    pub patterns: Vec<&'static str>,
    pub equivalents: Equivalents,
    vocabulary: Lookup,
    spellings: Vec<&'static str>,
    runs: Lookup,
    /// Per run: the text's number and the run's first word there.
    places: Vec<(u32, u32)>,
}

/// The index, read on first use.
pub static INDEX: LazyLock<Index> = LazyLock::new(Index::read);

/// Sorted keys, found by their first sixteen bits.
struct Lookup {
    keys: Vec<u32>,
    starts: Vec<u32>,
}

impl Lookup {
    fn new(keys: Vec<u32>) -> Lookup {
        let mut starts = vec![0; (1 << 16) + 1];
        for key in &keys {
            starts[(key >> 16) as usize + 1] += 1;
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
        let keys = &self.keys[start..end];
        let first = keys.partition_point(|one| *one < key);
        let count = keys[first..].iter().take_while(|one| **one == key).count();
        start + first..start + first + count
    }
}

impl Index {
    fn read() -> Index {
        let mut sections = sections();
        let mut section = || sections.next().unwrap_or_default();
        let vocabulary = Lookup::new(numbers(section()));
        let spellings = lines(section());
        let names = lines(section());
        let shapes = numbers(section());
        let words: Vec<u16> = section().chunks_exact(2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]])).collect();
        let markers = section();
        let optional = numbers(section());
        let slots = numbers(section());
        let patterns = lines(section());
        let runs = Lookup::new(numbers(section()));
        let places: Vec<_> = numbers(section()).chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();

        let mut templates: Vec<_> = names
            .into_iter()
            .zip(shapes.chunks_exact(6))
            .map(|(name, shape)| template(name, shape, &words, markers, &optional, &slots))
            .collect();
        for (text, _) in &places {
            templates[*text as usize].runs += 1;
        }
        let equivalents = builtin::file("knowledge/licence-equivalents.tsv").unwrap_or_default();
        let equivalents = Equivalents::parse(equivalents);
        Index { templates, patterns, equivalents, vocabulary, spellings, runs, places }
    }

    /// The id of a word by its key.
    pub fn word(&self, key: u32) -> u16 {
        self.vocabulary.find(key).next().and_then(|at| u16::try_from(at).ok()).unwrap_or(UNKNOWN)
    }

    /// A word's spelling, in lower case.
    pub fn spelling(&self, word: u16) -> &'static str {
        self.spellings.get(usize::from(word)).copied().unwrap_or_default()
    }

    /// The texts that have a run, and its first word there.
    pub fn run(&self, key: u32) -> &[(u32, u32)] {
        &self.places[self.runs.find(key)]
    }
}

fn template(
    name: &'static str,
    shape: &[u32],
    words: &[u16],
    markers: &[u8],
    optional: &[u32],
    slots: &[u32],
) -> Template {
    let shape: Vec<usize> = shape.iter().map(|value| *value as usize).collect();
    let (first, count) = (shape[0], shape[1]);
    let markers: Vec<_> = (first..first + count).map(|word| markers[word / 8] >> (word % 8) & 1 == 1).collect();
    let mut may_miss = vec![false; count];
    for pair in optional[shape[2] * 2..(shape[2] + shape[3]) * 2].chunks_exact(2) {
        may_miss[pair[0] as usize..pair[1] as usize].fill(true);
    }
    let slots: Vec<_> = slots[shape[4] * 3..(shape[4] + shape[5]) * 3]
        .chunks_exact(3)
        .map(|slot| (slot[0] as usize, slot[1] as usize, slot[2] as usize))
        .collect();
    let mut in_slot = vec![false; count];
    for (start, end, _) in &slots {
        in_slot[*start..*end].fill(true);
    }
    let required = (0..count).filter(|word| !may_miss[*word] && !markers[*word] && !in_slot[*word]).count();
    let mut parts = name.split('\t');
    let kind = match parts.next() {
        Some("exception") => Kind::Exception,
        Some("header") => Kind::Header,
        _ => Kind::Licence,
    };
    let id = parts.next().unwrap_or_default();
    let language = parts.next().unwrap_or_default();
    let words = words[first..first + count].to_vec();
    Template { kind, id, language, words, markers, optional: may_miss, slots, required, runs: 0 }
}

/// The sections of the packed index. The build step made it, so a slice outside it is a defect of the build.
fn sections() -> impl Iterator<Item = &'static [u8]> {
    let lengths = numbers(&PACKED[..SECTIONS * 4]);
    let mut at = SECTIONS * 4;
    lengths.into_iter().map(move |length| {
        let start = at;
        at += length as usize;
        &PACKED[start..at]
    })
}

const SECTIONS: usize = 11;

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect()
}

fn lines(bytes: &'static [u8]) -> Vec<&'static str> {
    std::str::from_utf8(bytes).unwrap_or_default().lines().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_their_runs() {
        assert!(INDEX.templates.len() > 800);
        for template in &INDEX.templates {
            assert!(template.runs > 0 || template.words.len() < RUN + 1, "{} has no run", template.id);
            assert!(template.slots.iter().all(|(start, end, pattern)| {
                start <= end && *end <= template.words.len() && *pattern < INDEX.patterns.len()
            }));
        }
    }
}
