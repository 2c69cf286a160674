//! The text of a file, and edits by line and column in it.

use std::ops::Range;

use crate::finding::Region;

const MARK: &str = "\u{feff}";

/// The text of a file without its byte order mark.
pub struct Text {
    has_mark: bool,
    text: String,
    /// Byte offsets at which lines start.
    starts: Vec<usize>,
    line_end: &'static str,
}

impl Text {
    /// # Errors
    /// Bytes that are not UTF-8.
    pub fn of(bytes: Vec<u8>) -> Result<Text, String> {
        let text = String::from_utf8(bytes).map_err(|_| "only files in UTF-8 are edited".to_owned())?;
        let (has_mark, text) = match text.strip_prefix(MARK) {
            Some(rest) => (true, rest.to_owned()),
            None => (false, text),
        };
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        // The first line end counts: files with both kinds are rare, and the first line is what people see.
        let first = text.find('\n').unwrap_or_default();
        let line_end = if text[..first].ends_with('\r') { "\r\n" } else { "\n" };
        Ok(Text { has_mark, text, starts, line_end })
    }

    fn line(&self, number: u32) -> Option<&str> {
        let start = *self.starts.get(number.checked_sub(1)? as usize)?;
        self.text[start..].split('\n').next().map(|line| line.trim_end_matches('\r'))
    }

    /// Whether the line (1-based) reads so.
    pub fn has_line(&self, number: u32, text: &str) -> bool {
        self.line(number).unwrap_or_default() == text.trim_end_matches('\r')
    }

    /// The bytes of a region; `None` where the text has no such place.
    pub fn range(&self, region: Region) -> Option<Range<usize>> {
        let start = self.offset(region.start_line, region.start_column)?;
        let end = self.offset(region.end_line, region.end_column)?;
        (start <= end).then_some(start..end)
    }

    fn offset(&self, line: u32, column: u32) -> Option<usize> {
        let index = line.checked_sub(1)? as usize;
        // The line behind the last one is the end of the text.
        let Some(start) = self.starts.get(index) else {
            return (index == self.starts.len() && column == 1).then_some(self.text.len());
        };
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        let line = &self.text[*start..end];
        let characters = column.checked_sub(1)? as usize;
        let at = line.char_indices().map(|(at, _)| at).chain([line.len()]).nth(characters)?;
        Some(start + at)
    }

    /// New text with the line ends of this one.
    pub fn with_its_line_ends(&self, new: &str) -> String {
        new.replace('\n', self.line_end)
    }

    /// The bytes before and after edits that do not overlap.
    pub fn edited(self, mut edits: Vec<(Range<usize>, String)>) -> (Vec<u8>, Vec<u8>) {
        edits.sort_by_key(|(range, _)| std::cmp::Reverse((range.start, range.end)));
        let mark = if self.has_mark { MARK } else { "" };
        let before = format!("{mark}{}", self.text);
        let mut after = self.text;
        for (range, text) in edits {
            after.replace_range(range, &text);
        }
        (before.into_bytes(), format!("{mark}{after}").into_bytes())
    }
}
