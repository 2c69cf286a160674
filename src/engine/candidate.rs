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
    /// What is named there, where the place is a mention.
    pub mention: Option<&'b Mention>,
    role: OnceCell<RoleReading>,
    equivalence: OnceCell<Option<Reach>>,
}

impl<'b> Candidate<'b> {
    pub fn new(
        readings: &'b [Reading<'b>],
        document: usize,
        block: usize,
        range: Range<usize>,
        mention: Option<&'b Mention>,
    ) -> Candidate<'b> {
        Candidate { readings, document, block, range, mention, role: OnceCell::new(), equivalence: OnceCell::new() }
    }

    pub fn reading(&self) -> &'b Reading<'b> {
        &self.readings[self.document]
    }

    /// The text of the place's block.
    pub fn text(&self) -> &'b str {
        self.reading().text(self.block)
    }

    /// The sentence around the place.
    pub fn clause(&self) -> Range<usize> {
        self.reading().clause(self.block, self.range.start)
    }

    pub fn role(&self) -> &RoleReading {
        self.role.get_or_init(|| language::role_of(self.reading(), self.block, &self.range))
    }

    /// Where the nearest "or equivalent" stands that frees the mention.
    pub fn equivalence(&self) -> Option<Reach> {
        *self.equivalence.get_or_init(|| language::equivalence_of(self.reading(), self.block, self.range.clone()))
    }
}
