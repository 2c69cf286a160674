//! From byte offsets to lines and columns.

/// Finds line and column of byte offsets in one text.
pub struct Places<'t> {
    text: &'t str,
    /// Byte offset of the start of each line.
    starts: Vec<u32>,
}

/// A stretch on one line: 1-based, columns in code points, `end_column` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub line: u32,
    pub column: u32,
    pub end_column: u32,
}

impl<'t> Places<'t> {
    /// `text` of at most 4 GiB.
    pub fn new(text: &'t str) -> Places<'t> {
        let mut starts = vec![0];
        starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .filter_map(|(at, _)| u32::try_from(at + 1).ok()),
        );
        Places { text, starts }
    }

    /// The place of the half-open byte range, cut at the end of its first line. Offsets beyond the text or
    /// inside a character are moved to the nearest one before.
    pub fn range(&self, start: usize, end: usize) -> Place {
        let start = self.floor(start);
        let row = self.starts.partition_point(|line| *line as usize <= start).saturating_sub(1);
        let from = self.starts.get(row).map_or(0, |line| *line as usize);
        let next = self.starts.get(row + 1).map_or(self.text.len(), |line| *line as usize);
        let line = &self.text[from..next];
        let end = self.floor(end).clamp(start, from + line.trim_end_matches(['\n', '\r']).len().max(start - from));
        let column = 1 + count(&self.text[from..start]);
        Place { line: to_u32(row + 1), column, end_column: column + count(&self.text[start..end]) }
    }

    fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset)
    }
}

fn count(text: &str) -> u32 {
    to_u32(text.chars().count())
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_places() {
        let text = "a\nλέξη x\r\n\nend";
        let places = Places::new(text);
        for (range, line, column, end) in
            [((0, 1), 1, 1, 2), ((2, 10), 2, 1, 5), ((11, 40), 2, 6, 7), ((15, 18), 4, 1, 4), ((99, 120), 4, 4, 4)]
        {
            assert_eq!(places.range(range.0, range.1), Place { line, column, end_column: end }, "{range:?}");
        }
    }
}
