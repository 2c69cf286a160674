//! Bounds on what one file may cost, whatever its bytes say.
//!
//! Every reader takes a [`Limits`] and ends in a [`NotRead`](super::NotRead) record (or, where a part of the
//! file is readable, in a health note) when a bound is met: never in a panic, a hang or unbounded memory.

use std::time::{Duration, Instant};

/// What reading one file may cost. The defaults hold memory under 300 MB and are far above what real tenders
/// need: a thick specification has some thousand blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file on disk, and of one archive member or stream after unpacking.
    pub bytes: u64,
    /// Bytes that all members of one archive, or all streams of one file, may unpack to together.
    pub unpacked: u64,
    /// Members of one archive, attachments of one mail.
    pub entries: usize,
    /// Times a member may grow when it is unpacked; looked at only above [`Limits::RATIO_FLOOR`] bytes, since
    /// a small member of blanks packs very well.
    pub ratio: u64,
    /// Elements, lists, tables or objects inside each other.
    pub depth: usize,
    /// Archives and mails inside each other.
    pub nesting: usize,
    /// Blocks of one document.
    pub blocks: usize,
    /// Bytes of memory that the blocks of one document take together: text, marks, places.
    pub held: usize,
    /// Bytes of a Markdown file, whose links and marks take many times their size while it is read.
    pub markdown: u64,
    /// Bytes of a plain text file, of which two copies are held beside its blocks.
    pub plain: u64,
    /// Pages, slides or sheets of one document.
    pub pages: usize,
    /// Time for one document.
    pub time: Duration,
}

impl Limits {
    /// Unpacked bytes below which the ratio of a member is not looked at.
    pub const RATIO_FLOOR: u64 = 4 << 20;

    /// The moment at which a reading that starts now has to end.
    pub fn deadline(&self) -> Deadline {
        Deadline(Instant::now().checked_add(self.time))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 64 << 20,
            unpacked: 128 << 20,
            entries: 10_000,
            ratio: 500,
            depth: 256,
            nesting: 4,
            blocks: 250_000,
            held: 112 << 20,
            markdown: 8 << 20,
            plain: 32 << 20,
            pages: 10_000,
            time: Duration::from_secs(30),
        }
    }
}

/// The moment at which a reading has to end.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// Whether the moment has passed. Cheap, though not free: ask it once a paragraph, not once a byte.
    pub fn has_passed(&self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_passes_and_an_endless_one_never_does() {
        assert!(Limits { time: Duration::ZERO, ..Limits::default() }.deadline().has_passed());
        assert!(!Limits { time: Duration::MAX, ..Limits::default() }.deadline().has_passed());
    }
}
