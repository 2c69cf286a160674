//! The text of one block while it is being collected.
//!
//! A [`Line`] folds white space to single spaces, leaves out what no reader sees (soft hyphens, zero-width
//! characters, control characters), opens ligatures and composes accents, and keeps count of where each byte
//! came from and of what stands out.

use super::model::{Mark, MarkKind, SourceMap};

/// One line of reading text in the making.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    text: String,
    marks: Vec<Mark>,
    map: Vec<(u32, u32)>,
    /// A space is due before the next character; the source byte of the first white space, if known.
    space: Option<Option<usize>>,
}

impl Line {
    /// Adds text that stands in no text file.
    pub fn push(&mut self, text: &str) {
        self.push_all(text, None);
    }

    /// Adds text that stands in the file's decoded text from byte `source` on, byte for byte.
    pub fn push_at(&mut self, text: &str, source: usize) {
        self.push_all(text, Some(source));
    }

    fn push_all(&mut self, text: &str, source: Option<usize>) {
        self.text.reserve(text.len());
        let mut at = 0;
        while let Some(character) = text[at..].chars().next() {
            let here = source.map(|source| source + at);
            let run = plain_run(&text.as_bytes()[at..]);
            if run > 0 {
                self.begin(here);
                self.text.push_str(&text[at..at + run]);
                at += run;
            } else {
                self.add(character, here);
                at += character.len_utf8();
            }
        }
    }

    /// Adds text that stands for something else in the file (an entity, an escape), which begins at `source`.
    pub fn push_for(&mut self, text: &str, source: usize) {
        for character in text.chars() {
            self.add(character, Some(source));
        }
    }

    /// A break between words: a line break, a tab, the edge of a cell.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && self.space.is_none() {
            self.space = Some(None);
        }
    }

    fn add(&mut self, character: char, source: Option<usize>) {
        match character {
            c if c.is_whitespace() => {
                if !self.text.is_empty() && self.space.is_none() {
                    self.space = Some(source);
                }
            }
            // Soft hyphen, zero-width space and joiners, direction marks, word joiner, byte order mark.
            '\u{AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}' => {}
            c if c.is_control() => {}
            '\u{2010}' | '\u{2011}' => self.emit_for("-", character, source),
            '\u{FB00}' => self.emit_for("ff", character, source),
            '\u{FB01}' => self.emit_for("fi", character, source),
            '\u{FB02}' => self.emit_for("fl", character, source),
            '\u{FB03}' => self.emit_for("ffi", character, source),
            '\u{FB04}' => self.emit_for("ffl", character, source),
            '\u{FB05}' | '\u{FB06}' => self.emit_for("st", character, source),
            '\u{300}'..='\u{36F}' => self.accent(character, source),
            c => self.emit(c, source),
        }
    }

    /// Puts a combining accent onto the letter before it.
    fn accent(&mut self, accent: char, source: Option<usize>) {
        let composed = match self.space {
            None => self.text.chars().next_back().and_then(|letter| {
                unicode_normalization::char::compose(letter, accent).map(|composed| (letter, composed))
            }),
            Some(_) => None,
        };
        let Some((letter, composed)) = composed else {
            self.emit(accent, source);
            return;
        };
        let end = self.text.len();
        let start = end - letter.len_utf8();
        self.text.truncate(start);
        self.text.push(composed);
        // A run may end between a letter and its accent; its mark ends behind both.
        for mark in self.marks.iter_mut().filter(|mark| mark.end == end) {
            mark.end = self.text.len();
        }
        self.map.retain(|(text, _)| *text as usize <= start);
        self.note_source(source.map(|source| source + accent.len_utf8()));
    }

    /// Writes what stands for a character of another length: what follows is behind that one in the file.
    fn emit_for(&mut self, text: &str, character: char, source: Option<usize>) {
        for written in text.chars() {
            self.emit(written, source);
        }
        self.note_source(source.map(|source| source + character.len_utf8()));
    }

    fn emit(&mut self, character: char, source: Option<usize>) {
        self.begin(source);
        self.text.push(character);
    }

    /// Writes the space that is due, and notes where what comes next stands.
    fn begin(&mut self, source: Option<usize>) {
        if let Some(space) = self.space.take() {
            self.note_source(space);
            self.text.push(' ');
        }
        self.note_source(source);
    }

    /// Begins a new piece of the map where the text does not simply run on in the file.
    fn note_source(&mut self, source: Option<usize>) {
        let Some(source) = source else { return };
        let here = self.text.len();
        let runs_on = self.map.last().is_some_and(|(text, from)| *from as usize + (here - *text as usize) == source);
        if runs_on {
            return;
        }
        // Files are bounded far below four gigabytes; a larger offset has no place in the map.
        if let (Ok(here), Ok(source)) = (u32::try_from(here), u32::try_from(source)) {
            self.map.push((here, source));
        }
    }

    /// The byte at which the next mark would begin.
    pub fn here(&self) -> usize {
        self.text.len()
    }

    /// Marks what was added since [`Line::here`] gave `start`. Gives whether that is a mark of its own: none is
    /// where nothing was added or the mark before goes on.
    pub fn mark_from(&mut self, start: usize, kind: MarkKind) -> bool {
        let start = match self.text.get(start..) {
            Some(rest) => start + (rest.len() - rest.trim_start().len()),
            None => return false,
        };
        let end = self.text.len();
        if start >= end {
            return false;
        }
        // Runs are cut anywhere: two neighbours of one kind are one mark.
        if let Some(last) = self.marks.iter_mut().rev().find(|m| m.kind == kind)
            && self.text.get(last.end..start).is_some_and(|between| between.trim().is_empty())
        {
            last.end = end;
            return false;
        }
        self.marks.push(Mark { start, end, kind });
        true
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes off the first `bytes` bytes (a typed number or bullet) and the white space after them.
    pub fn cut_front(&mut self, bytes: usize) {
        let Some(rest) = self.text.get(bytes..) else { return };
        let cut = self.text.len() - rest.trim_start().len();
        let piece_at_cut = SourceMap(std::mem::take(&mut self.map));
        let first = piece_at_cut.source_offset(cut).and_then(|s| u32::try_from(s).ok());
        self.text.drain(..cut);
        self.map = first.map(|source| (0, source)).into_iter().collect();
        self.map
            .extend(piece_at_cut.0.into_iter().filter(|(t, _)| *t as usize > cut).map(|(t, s)| (t - cut as u32, s)));
        self.marks.retain_mut(|mark| {
            mark.start = mark.start.saturating_sub(cut);
            mark.end = mark.end.saturating_sub(cut);
            mark.start < mark.end
        });
    }

    /// The finished text, its marks in order of their start, and its map.
    pub fn finish(mut self) -> (String, Vec<Mark>, SourceMap) {
        self.marks.sort_by_key(|mark| (mark.start, mark.end));
        // Documents have a hundred thousand of them: what stays free in each would be half of the memory.
        self.text.shrink_to_fit();
        self.marks.shrink_to_fit();
        self.map.shrink_to_fit();
        (self.text, self.marks, SourceMap(self.map))
    }
}

/// Bytes at the start that go into a line as they are: letters of ASCII, Latin, Greek and Cyrillic with single spaces
/// between them. Most of a text is.
fn plain_run(bytes: &[u8]) -> usize {
    let is_plain = |at: usize| bytes.get(at).is_some_and(|byte| PLAIN[*byte as usize]);
    let mut at = 0;
    while is_plain(at) || (at > 0 && bytes.get(at) == Some(&b' ') && is_plain(at + 1)) {
        at += 1;
    }
    at
}

/// By byte of UTF-8: whether it is a letter that needs no care, or a part of one. A byte that goes on with a letter is
/// met only behind the one that begins it.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        // Up to U+02FF without U+0080 to U+00BF, then U+0380 to U+04FF: no space, no accent to be put on, nothing unseen.
        plain[byte] = matches!(byte, 0x21..=0x7E | 0x80..=0xBF | 0xC3..=0xCB | 0xCE..=0xD3);
        byte += 1;
    }
    plain
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_as_it_is_is_what_goes_in_by_character() {
        for character in ('\0'..='\u{20FF}').chain('\u{FB00}'..='\u{FB06}').chain(['\u{FEFF}', '😀']) {
            for text in [format!("a{character}b c"), format!("{character}"), format!("a {character} {character}")] {
                let (mut whole, mut single) = (Line::default(), Line::default());
                whole.push_at(&text, 7);
                text.char_indices().for_each(|(at, c)| single.add(c, Some(7 + at)));
                assert_eq!(whole.finish(), single.finish(), "{text:?}");
            }
        }
    }

    #[test]
    fn a_break_behind_a_character_of_another_length_is_behind_it_in_the_file() {
        for raw in ["non\u{2011}", "e\u{301}", "o\u{fb03}"] {
            let source = format!("{raw}\nx");
            let mut line = Line::default();
            line.push_at(raw, 0);
            line.gap();
            line.push_at("x", raw.len() + 1);
            let (text, _, map) = line.finish();
            let there = |wanted: char| map.source_offset(text.find(wanted).unwrap()).map(|at| &source[at..]);
            assert_eq!((there(' '), there('x')), (Some("\nx"), Some("x")), "{raw:?}");
        }
    }

    #[test]
    fn what_no_reader_sees_is_left_out() {
        for (raw, want) in [
            ("  two \u{a0}\t words\n", "two words"),
            ("soft\u{ad}ware zero\u{200b}width", "software zerowidth"),
            ("e\u{301}quivalent", "équivalent"),
            ("o\u{fb03}ce \u{fb01}n", "office fin"),
            ("non\u{2011}breaking", "non-breaking"),
            ("bell\u{7}", "bell"),
        ] {
            let mut line = Line::default();
            line.push(raw);
            assert_eq!(line.text(), want, "{raw:?}");
        }
    }

    #[test]
    fn every_byte_leads_back_to_the_file() {
        let source = "<b>Of\u{fb01}ce</b>  e\u{301}tat &amp; co";
        let mut line = Line::default();
        line.push_at("Of\u{fb01}ce", 3);
        line.push_at("  e\u{301}tat ", source.find("  e").unwrap_or(0));
        line.push_for("&", source.find("&amp;").unwrap_or(0));
        line.push_at(" co", source.find(" co").unwrap_or(0));
        let (text, _, map) = line.finish();
        assert_eq!(text, "Office état & co");
        for (word, want) in [("Of", "Of"), ("ce", "ce"), ("tat", "tat"), ("&", "&amp;"), ("co", "co")] {
            let offset = map.source_offset(text.find(word).unwrap_or(0)).unwrap_or(0);
            assert!(source[offset..].starts_with(want), "{word}: {}", &source[offset..]);
        }
    }

    #[test]
    fn a_mark_that_ends_between_a_letter_and_its_accent_holds_the_accented_letter() {
        let mut line = Line::default();
        line.push("cafe");
        line.mark_from(0, MarkKind::Highlighted);
        line.push("\u{301} noir");
        let (text, marks, _) = line.finish();
        assert_eq!(text, "café noir");
        assert_eq!(&text[marks[0].start..marks[0].end], "café");
    }

    #[test]
    fn a_cut_keeps_marks_and_map_in_place() {
        let mut line = Line::default();
        line.push_at("a) see ", 10);
        let start = line.here();
        line.push_at("this", 17);
        line.mark_from(start, MarkKind::Code);
        line.cut_front(2);
        let (text, marks, map) = line.finish();
        assert_eq!(text, "see this");
        assert_eq!((marks[0].start, marks[0].end), (4, 8));
        assert_eq!(map.source_offset(0), Some(13));
        assert_eq!(map.source_offset(4), Some(17));
    }

    #[test]
    fn neighbours_of_one_kind_are_one_mark() {
        let mut line = Line::default();
        for word in ["to be ", "filled", " in"] {
            let start = line.here();
            line.push(word);
            line.mark_from(start, MarkKind::Highlighted);
        }
        let (_, marks, _) = line.finish();
        assert_eq!(marks, [Mark { start: 0, end: 15, kind: MarkKind::Highlighted }]);
    }
}
