//! From a place in a document to a location with lines and columns: the one module that does it.

use std::cell::OnceCell;
use std::fmt::Write;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::document::{Anchor, Document};
use crate::finding::{Location, Region};
use crate::fingerprint::{self, LineHash};
use crate::lang::Lang;
use crate::language::Reading;
use crate::notice::Field;

/// Characters of a coded field that are shown: an element with its attributes has fewer.
const MOST_CODE: usize = 400;

/// Bytes between two places whose code points are counted beforehand.
const STRIDE: usize = 1 << 16;

/// Bytes of a file from which on its lines are kept for the next document: a package of notices is one file
/// that thousands of notices share.
const LARGE: usize = 1 << 18;

/// The lines of a text file.
struct Lines {
    source: Arc<str>,
    /// Byte offsets at which lines start.
    starts: Vec<usize>,
    /// Code points before each multiple of [`STRIDE`].
    code_points: Vec<usize>,
    hashes: OnceLock<Vec<LineHash>>,
}

impl Lines {
    /// The lines of a file; those of the last large file are not counted again.
    fn of(source: &Arc<str>) -> Arc<Lines> {
        static LAST: Mutex<Option<Arc<Lines>>> = Mutex::new(None);
        if source.len() < LARGE {
            return Arc::new(Lines::read(source));
        }
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some(lines) if Arc::ptr_eq(&lines.source, source) => Arc::clone(lines),
            _ => Arc::clone(last.insert(Arc::new(Lines::read(source)))),
        }
    }

    fn read(source: &Arc<str>) -> Lines {
        let breaks = memchr::memchr_iter(b'\n', source.as_bytes());
        let starts = std::iter::once(0).chain(breaks.map(|at| at + 1)).collect();
        let mut before = 0;
        let strides = source.as_bytes().chunks(STRIDE).map(|chunk| {
            let here = before;
            before += count(chunk);
            here
        });
        let code_points = strides.collect();
        Lines { source: Arc::clone(source), starts, code_points, hashes: OnceLock::new() }
    }

    /// Code points before a byte offset.
    fn before(&self, offset: usize) -> usize {
        let stride = (offset / STRIDE).min(self.code_points.len().saturating_sub(1));
        let counted = self.code_points.get(stride).copied().unwrap_or_default();
        counted + self.source.as_bytes().get(stride * STRIDE..offset).map_or(0, count)
    }

    /// Line and column (code points) of a byte offset, both 1-based. An offset inside a character is that of the
    /// next.
    fn line_and_column(&self, offset: usize) -> Option<(u32, u32)> {
        let offset = (offset..=self.source.len()).find(|at| self.source.is_char_boundary(*at))?;
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let column = match offset - start < STRIDE {
            // Most lines are short; counting from the last stride would read far more.
            true => self.source.as_bytes().get(start..offset).map_or(0, count),
            false => self.before(offset) - self.before(start),
        };
        Some((line as u32, column as u32 + 1))
    }
}

/// Code points that start in these bytes of UTF-8.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// Makes locations in one document.
pub struct Locator<'d> {
    lang: Lang,
    document: &'d Document,
    /// Of the file, for text formats.
    lines: OnceCell<Option<Arc<Lines>>>,
    /// Of the reading text, for binary formats.
    hashes: OnceCell<Vec<LineHash>>,
}

/// A locator for each reading: made once for all that is found in it.
pub fn all<'d>(readings: &[Reading<'d>], lang: Lang) -> Vec<Locator<'d>> {
    readings.iter().map(|reading| Locator::new(reading.document, lang)).collect()
}

impl<'d> Locator<'d> {
    /// A locator that tells places in a language.
    pub fn new(document: &'d Document, lang: Lang) -> Locator<'d> {
        Locator { document, lang, lines: OnceCell::new(), hashes: OnceCell::new() }
    }

    fn lines(&self) -> Option<&Lines> {
        self.lines.get_or_init(|| self.document.source.as_ref().map(Lines::of)).as_deref()
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
        Location {
            uri: self.document.uri.clone(),
            member: self.document.member.clone(),
            region,
            snippet: text[range].to_owned(),
            context: text.clone(),
            place: self.document.place(block, self.lang),
            anchor: self.document.blocks[block].anchor.clone(),
            line_hash: self.hash(region.start_line),
        }
    }

    /// The location of a field of a notice: its element, attribute or JSON value; for a text its first
    /// paragraph, with the whole text as context.
    pub fn field(&self, field: &Field) -> Location {
        if let Some(block) = field.block {
            let location = self.location(block, 0..self.document.blocks[block].text.len());
            return Location { context: field.value.clone(), ..location };
        }
        let lines = self.lines();
        let source = lines.map_or("", |lines| &lines.source);
        let words = source.get(field.span.clone()).unwrap_or_default();
        let words = words.char_indices().nth(MOST_CODE).map_or(words, |(end, _)| &words[..end]);
        let region = Region { start_line: field.line, start_column: field.column, end_line: 0, end_column: 0 };
        let (end_line, end_column) = lines
            .and_then(|lines| lines.line_and_column(field.span.start + words.len()))
            .unwrap_or((field.line, field.column));
        Location {
            uri: self.document.uri.clone(),
            member: self.document.member.clone(),
            region: Region { end_line, end_column, ..region },
            snippet: words.to_owned(),
            context: words.to_owned(),
            place: self.place(field),
            anchor: Anchor { path: Some(field.path.clone()), field: Some(field.term.to_owned()), ..Anchor::default() },
            line_hash: self.hash(field.line),
        }
    }

    /// Member, lot and business term.
    fn place(&self, field: &Field) -> String {
        let parts = self.document.member.as_deref().into_iter().chain(field.lot.as_deref()).chain([field.term]);
        parts.collect::<Vec<_>>().join(", ")
    }

    /// The hash of a line, 1-based.
    fn hash(&self, line: u32) -> String {
        let hashes = match self.lines() {
            Some(lines) => lines.hashes.get_or_init(|| fingerprint::line_hashes(&lines.source)),
            None => self.hashes.get_or_init(|| fingerprint::line_hashes(&self.document.reading_text())),
        };
        let mut text = String::with_capacity(LineHash::LONGEST);
        if let Some(hash) = hashes.get(line as usize - 1) {
            // A text takes everything.
            let _ = write!(text, "{hash}");
        }
        text
    }

    /// The region in the file itself, for text formats.
    fn in_file(&self, block: usize, range: &Range<usize>) -> Option<Region> {
        let lines = self.lines()?;
        let map = &self.document.blocks[block].map;
        let start = map.source_offset(range.start)?;
        // The end is mapped from the last byte: the piece after it may lie elsewhere.
        let end = match range.is_empty() {
            true => start,
            false => map.source_offset(range.end - 1)? + 1,
        };
        let end = end.max(start);
        let (start_line, start_column) = lines.line_and_column(start)?;
        // Most places end in their line; then what stands before them need not be counted again.
        let in_line = lines.source.get(start..end).filter(|words| !words.contains('\n'));
        let (end_line, end_column) = match in_line {
            Some(words) => (start_line, start_column + count(words.as_bytes()) as u32),
            None => lines.line_and_column(end)?,
        };
        Some(Region { start_line, start_column, end_line, end_column })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points_however_long_the_line() {
        let source: Arc<str> = format!("é\n{}x\ny", "€".repeat(STRIDE)).into();
        let lines = Lines::read(&source);
        let x = source.find('x').unwrap_or_default();
        for (offset, want) in
            [(0, (1, 1)), (2, (1, 2)), (3, (2, 1)), (4, (2, 2)), (x, (2, STRIDE as u32 + 1)), (x + 2, (3, 1))]
        {
            assert_eq!(lines.line_and_column(offset), Some(want), "{offset}");
        }
        assert_eq!(lines.line_and_column(source.len() + 1), None);
    }

    #[test]
    fn a_large_file_is_counted_once() {
        let source: Arc<str> = "line\n".repeat(LARGE).into();
        assert!(Arc::ptr_eq(&Lines::of(&source), &Lines::of(&source)));
        let other: Arc<str> = "line\n".repeat(LARGE).into();
        assert!(!Arc::ptr_eq(&Lines::of(&source), &Lines::of(&other)));
    }
}
