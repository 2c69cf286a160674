//! The passage of a finding, parted at the flagged words.

use crate::finding::Location;

/// The block that holds the flagged words, in three parts. Where the words don't stand in the block (what is
/// missing stands nowhere), `flagged` and `after` are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage<'a> {
    pub before: &'a str,
    pub flagged: &'a str,
    pub after: &'a str,
}

impl<'a> Passage<'a> {
    /// Finds the flagged words in the block. Where they occur several times, the occurrence at the region's
    /// column is theirs, else the first: in text formats the column is that of the file and not of the block.
    pub fn of(location: &'a Location) -> Passage<'a> {
        let (context, flagged) = (location.context.as_str(), location.snippet.as_str());
        let whole = Passage { before: context, flagged: "", after: "" };
        if flagged.trim().is_empty() {
            return whole;
        }
        let column = location.region.start_column.saturating_sub(1) as usize;
        let at_column = context.char_indices().nth(column).map(|(start, _)| start);
        let start = match at_column {
            Some(start) if context[start..].starts_with(flagged) => start,
            _ => match context.find(flagged) {
                Some(start) => start,
                None => return whole,
            },
        };
        let (before, rest) = context.split_at(start);
        let (flagged, after) = rest.split_at(flagged.len());
        Passage { before, flagged, after }
    }

    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.flagged.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Anchor;
    use crate::finding::Region;

    #[test]
    fn the_flagged_words_are_found_in_their_block() {
        for (context, snippet, column, want) in [
            ("Größe in Word, nie Word", "Word", 20, ("Größe in Word, nie ", "Word", "")),
            ("Größe in Word, nie Word", "Word", 99, ("Größe in ", "Word", ", nie Word")),
            ("Größe in Word", "Excel", 1, ("Größe in Word", "", "")),
            ("Größe", "", 1, ("Größe", "", "")),
            ("", "", 1, ("", "", "")),
        ] {
            let location = Location {
                uri: String::new(),
                member: None,
                region: Region { start_line: 1, start_column: column, end_line: 1, end_column: column },
                snippet: snippet.to_owned(),
                context: context.to_owned(),
                place: String::new(),
                anchor: Anchor::default(),
                line_hash: String::new(),
            };
            let passage = Passage::of(&location);
            assert_eq!((passage.before, passage.flagged, passage.after), want);
        }
    }
}
