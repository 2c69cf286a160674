//! Where things stand: the blocks of a document by what they hold, so that who looks for a thing passes over the
//! others.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::lexicon::Cell;
use super::reading::BlockReading;

/// The blocks of a document that hold mentions, and those that hold phrases of a cell. In their order.
pub struct Holding {
    mentions: Vec<usize>,
    /// By what a mention most likely stands for.
    named: FxHashMap<u32, Vec<usize>>,
    /// By cell.
    phrases: Vec<Vec<usize>>,
}

impl Holding {
    pub(super) fn of(blocks: &[BlockReading]) -> Holding {
        let mut holding = Holding {
            mentions: Vec::new(),
            named: FxHashMap::default(),
            phrases: vec![Vec::new(); Cell::names().len()],
        };
        for (at, block) in blocks.iter().enumerate() {
            if !block.mentions.is_empty() {
                holding.mentions.push(at);
            }
            for thing in block.mentions.iter().filter_map(|mention| mention.things.first()) {
                push(holding.named.entry(*thing).or_default(), at);
            }
            for hit in &block.phrases {
                push(&mut holding.phrases[hit.cell.index()], at);
            }
        }
        holding
    }

    /// The blocks of a range that hold mentions.
    pub fn mentions(&self, within: Range<usize>) -> &[usize] {
        part(&self.mentions, within)
    }

    /// The blocks of a range that hold mentions of which this is the first thing that they may stand for.
    pub fn named(&self, thing: u32, within: Range<usize>) -> &[usize] {
        part(self.named.get(&thing).map_or(&[], Vec::as_slice), within)
    }

    /// The blocks of a range that hold a phrase of one of the cells.
    pub fn phrases(&self, cells: &[Cell], within: Range<usize>) -> Cow<'_, [usize]> {
        let of_cell = |cell: &Cell| part(&self.phrases[cell.index()], within.clone());
        match cells {
            [cell] => Cow::Borrowed(of_cell(cell)),
            _ => {
                let mut all: Vec<usize> = cells.iter().flat_map(of_cell).copied().collect();
                all.sort_unstable();
                all.dedup();
                Cow::Owned(all)
            }
        }
    }
}

/// Adds the last place, once.
fn push(places: &mut Vec<usize>, place: usize) {
    if places.last() != Some(&place) {
        places.push(place);
    }
}

/// The places of a range among sorted ones.
fn part(places: &[usize], within: Range<usize>) -> &[usize] {
    let start = places.partition_point(|place| *place < within.start);
    let rest = &places[start..];
    &rest[..rest.partition_point(|place| *place < within.end)]
}
