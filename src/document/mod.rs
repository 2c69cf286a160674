//! Documents: what a reader makes of the bytes of one file.
//!
//! A reader turns bytes into a [`Document`]: blocks of text in reading order, each with its place. It knows
//! no rules and does no I/O. Whatever it could not read stands in the document's [`Health`] or is returned as
//! a [`NotRead`]; it never passes in silence.

mod limits;
mod model;
pub mod pdf;

pub use limits::{Deadline, Limits};
pub use model::{
    Anchor, Block, BlockKind, Document, Format, Health, HealthKind, HealthNote, Mark, MarkKind, NotRead, SourceMap,
    TablePlace,
};
