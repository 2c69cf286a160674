//! Candidates: the places that a rule looks at.

use std::cell::OnceCell;
use std::ops::Range;

use crate::language::{self, Mention, Reach, Reading, RoleReading};

/// A place in a document, with what it names.
pub struct Candidate<'b> {
    pub readings: &'b [Reading<'b>],
    /// Index of the document among the readings.
    pub document: usize,
    pub block: usize,
    /// Byte range in the block's text.
    pub range: Range<usize>,
    /// The place among the mentions of the block, where the candidate is one.
    mention: Option<usize>,
    role: OnceCell<RoleReading>,
}

impl<'b> Candidate<'b> {
    /// Some words.
    pub fn words(readings: &'b [Reading<'b>], document: usize, block: usize, range: Range<usize>) -> Candidate<'b> {
        Candidate { readings, document, block, range, mention: None, role: OnceCell::new() }
    }

    /// A mention, by its place among those of the block.
    pub fn of_mention(readings: &'b [Reading<'b>], document: usize, block: usize, at: usize) -> Candidate<'b> {
        let Mention { start, end, .. } = readings[document].blocks[block].mentions[at];
        Candidate { mention: Some(at), ..Candidate::words(readings, document, block, start..end) }
    }

    pub fn reading(&self) -> &'b Reading<'b> {
        &self.readings[self.document]
    }

    /// The text of the place's block.
    pub fn text(&self) -> &'b str {
        self.reading().text(self.block)
    }

    /// What is named there, where the place is a mention.
    pub fn mention(&self) -> Option<&'b Mention> {
        self.mention.map(|at| &self.reading().blocks[self.block].mentions[at])
    }

    /// The sentence around the place.
    pub fn clause(&self) -> Range<usize> {
        self.reading().clause(self.block, self.range.start)
    }

    pub fn role(&self) -> &RoleReading {
        match self.mention {
            Some(at) => self.reading().role_of(self.block, at),
            None => self.role.get_or_init(|| language::role_of(self.reading(), self.block, &self.range)),
        }
    }

    /// Where the nearest "or equivalent" stands that frees the place.
    pub fn equivalence(&self) -> Option<Reach> {
        match self.mention {
            Some(at) => self.reading().equivalence_of(self.block, at),
            None => language::equivalence_of(self.reading(), self.block, self.range.clone()),
        }
    }
}
