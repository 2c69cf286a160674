//! Where things stand: the blocks of a document by what they hold, so that who looks for a thing passes over the
//! others.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::lexicon::Cell;
use super::names::Mention;
use super::reading::BlockReading;
use super::role::Role;

/// Where a mention stands: its block, and its place among the mentions of the block.
pub type MentionPlace = (usize, usize);

/// What the blocks of a document hold, in the order of the text.
pub struct Holding {
    /// The blocks that hold mentions.
    mentions: Vec<usize>,
    /// The mentions that may stand for the same things.
    pub(super) groups: Vec<Group>,
    /// By cell, the blocks that hold a phrase of it.
    phrases: Vec<Vec<usize>>,
}

/// Mentions that may stand for the same things.
pub struct Group {
    /// One of them.
    pub mention: Mention,
    pub(super) places: Vec<MentionPlace>,
    /// Told when it is asked for.
    pub(super) by_role: OnceCell<BTreeMap<Role, Vec<MentionPlace>>>,
}

impl Holding {
    pub(super) fn of(blocks: &[BlockReading]) -> Holding {
        let mut holding =
            Holding { mentions: Vec::new(), groups: Vec::new(), phrases: vec![Vec::new(); Cell::names().len()] };
        let mut by_things: FxHashMap<&[u32], usize> = FxHashMap::default();
        for (block, reading) in blocks.iter().enumerate() {
            if !reading.mentions.is_empty() {
                holding.mentions.push(block);
            }
            for (at, mention) in reading.mentions.iter().enumerate() {
                let group = *by_things.entry(mention.things).or_insert(holding.groups.len());
                if group == holding.groups.len() {
                    holding.groups.push(Group {
                        mention: mention.clone(),
                        places: Vec::new(),
                        by_role: OnceCell::new(),
                    });
                }
                holding.groups[group].places.push((block, at));
            }
            for hit in &reading.phrases {
                push(&mut holding.phrases[hit.cell.index()], block);
            }
        }
        holding
    }

    /// The blocks of a range that hold mentions.
    pub fn mentions(&self, within: &Range<usize>) -> &[usize] {
        part(&self.mentions, within)
    }

    /// All mentions, by what they may stand for.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The blocks of a range that hold a phrase of a cell.
    pub fn phrases(&self, cell: Cell, within: &Range<usize>) -> &[usize] {
        part(&self.phrases[cell.index()], within)
    }

    /// The blocks of a range that hold a phrase of one of the cells.
    pub fn phrases_of_any(&self, cells: &[Cell], within: &Range<usize>) -> Cow<'_, [usize]> {
        match cells {
            [cell] => Cow::Borrowed(self.phrases(*cell, within)),
            _ => {
                let mut all: Vec<usize> = cells.iter().flat_map(|cell| self.phrases(*cell, within)).copied().collect();
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

/// The places of a range among places in order.
pub(super) fn part<'p, P: PartialOrd>(places: &'p [P], within: &Range<P>) -> &'p [P] {
    let start = places.partition_point(|place| *place < within.start);
    let rest = &places[start..];
    &rest[..rest.partition_point(|place| *place < within.end)]
}
