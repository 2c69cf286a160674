//! From a place in a document to a location with lines and columns: the one module that does it.

use std::cell::OnceCell;
use std::ops::Range;

use crate::document::Document;
use crate::finding::{Location, Region};
use crate::fingerprint;

/// Makes locations in one document.
pub struct Locator<'d> {
    document: &'d Document,
    /// Byte offsets of the starts of the file's lines; empty for binary formats.
    lines: Vec<usize>,
    hashes: OnceCell<Vec<String>>,
}

impl<'d> Locator<'d> {
    pub fn new(document: &'d Document) -> Locator<'d> {
        let lines = match &document.source {
            Some(source) => std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect(),
            None => Vec::new(),
        };
        Locator { document, lines, hashes: OnceCell::new() }
    }

    /// The location of a byte range of a block's text.
    pub fn location(&self, block: usize, range: Range<usize>) -> Location {
        let text = &self.document.blocks[block].text;
        let region = self.in_file(block, &range).unwrap_or_else(|| {
            let column = |at: usize| text[..at].chars().count() as u32 + 1;
            let line = block as u32 + 1;
            Region {
                start_line: line,
                start_column: column(range.start),
                end_line: line,
                end_column: column(range.end),
            }
        });
        let hashes = self.hashes.get_or_init(|| match &self.document.source {
            Some(source) => fingerprint::line_hashes(source),
            None => fingerprint::line_hashes(&self.document.reading_text()),
        });
        Location {
            uri: self.document.uri.clone(),
            member: self.document.member.clone(),
            region,
            snippet: text[range].to_owned(),
            context: text.clone(),
            place: self.document.place(block),
            anchor: self.document.blocks[block].anchor.clone(),
            line_hash: hashes.get(region.start_line as usize - 1).cloned().unwrap_or_default(),
        }
    }

    /// The region in the file itself, for text formats.
    fn in_file(&self, block: usize, range: &Range<usize>) -> Option<Region> {
        let source = self.document.source.as_deref()?;
        let map = &self.document.blocks[block].map;
        let start = map.source_offset(range.start)?;
        // The end is mapped from the last byte: the piece after it may lie elsewhere.
        let end = match range.is_empty() {
            true => start,
            false => map.source_offset(range.end - 1)? + 1,
        };
        let (start_line, start_column) = self.line_and_column(source, start)?;
        let (end_line, end_column) = self.line_and_column(source, end.max(start))?;
        Some(Region { start_line, start_column, end_line, end_column })
    }

    fn line_and_column(&self, source: &str, offset: usize) -> Option<(u32, u32)> {
        let offset = (offset..=source.len()).find(|at| source.is_char_boundary(*at))?;
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = *self.lines.get(line.checked_sub(1)?)?;
        Some((line as u32, source[start..offset].chars().count() as u32 + 1))
    }
}
