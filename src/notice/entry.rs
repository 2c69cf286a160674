//! What a dialect's reader hands over: the fields of one notice as they stand in its file.

use std::ops::Range;

use super::terms::{Kind, Row};
use super::text::Paragraph;
use crate::lang::Lang;

/// One field as found, before the notice is put together.
#[derive(Debug)]
pub(super) struct Entry {
    pub row: &'static Row,
    pub value: String,
    pub unit: Option<String>,
    /// The value in the dialect's own words, where `value` differs.
    pub code: Option<String>,
    pub lot: Option<String>,
    pub language: Option<Lang>,
    pub path: String,
    /// Bytes in the decoded file.
    pub span: Range<usize>,
    /// For texts.
    pub paragraphs: Vec<Paragraph>,
}

impl Entry {
    /// Whether the entry becomes blocks of text.
    pub fn is_text(&self) -> bool {
        matches!(self.row.kind, Kind::Title | Kind::Text)
    }
}

/// The first entry of a business term.
pub(super) fn first<'a>(entries: &'a [Entry], term: &str) -> Option<&'a str> {
    entries.iter().find(|entry| entry.row.term == term).map(|entry| entry.value.as_str())
}
