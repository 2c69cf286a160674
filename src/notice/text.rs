//! From the characters of one field to paragraphs, each with its map back to the file.
//!
//! A notice's description is one string with line breaks. Blank lines and list marks part paragraphs; a single
//! line break does not, since many tools wrap long lines.

use crate::document::SourceMap;

/// One paragraph or list item of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Paragraph {
    /// White space folded, soft hyphens and zero-width characters removed, list mark removed.
    pub text: String,
    pub map: SourceMap,
    /// The list mark, where it is one: `-` for any bullet, else the number or letter (`2.1`, `a`).
    pub mark: Option<String>,
}

/// Folds decoded characters, each with the byte offset in the file at which it stands.
pub(super) fn paragraphs(characters: impl Iterator<Item = (char, usize)>) -> Vec<Paragraph> {
    let mut done: Vec<Paragraph> = Vec::new();
    let mut open = false;
    let mut line = Line::default();
    for (character, offset) in characters.chain(std::iter::once(('\n', usize::MAX))) {
        if character != '\n' && character != '\u{2028}' && character != '\u{2029}' {
            line.push(character, offset);
            continue;
        }
        let finished = std::mem::take(&mut line);
        if finished.paragraph.text.is_empty() {
            open = false;
            continue;
        }
        let next = finished.without_mark();
        match done.last_mut() {
            Some(last) if open && next.mark.is_none() => last.append(&next),
            _ => done.push(next),
        }
        open = true;
    }
    done.retain(|paragraph| !paragraph.text.is_empty());
    done
}

impl Paragraph {
    fn append(&mut self, next: &Paragraph) {
        self.text.push(' ');
        let shift = self.text.len() as u32;
        self.text.push_str(&next.text);
        self.map.0.extend(next.map.0.iter().map(|(text, source)| (text + shift, *source)));
    }

    /// Removes the first `length` bytes.
    fn cut(&mut self, length: usize) {
        let first = self.map.source_offset(length);
        self.text.drain(..length);
        self.map.0.retain(|(text, _)| *text as usize > length);
        for (text, _) in &mut self.map.0 {
            *text -= length as u32;
        }
        if let Some(first) = first {
            self.map.0.insert(0, (0, first as u32));
        }
    }
}

#[derive(Default)]
struct Line {
    paragraph: Paragraph,
    /// White space is due before the next character; its byte offset.
    space: Option<usize>,
    /// The offset at which the next character stands if nothing is left out.
    expected: Option<usize>,
}

impl Line {
    fn push(&mut self, character: char, offset: usize) {
        if character.is_whitespace() {
            self.space.get_or_insert(offset);
        } else if !is_invisible(character) {
            if let Some(at) = self.space.take()
                && !self.paragraph.text.is_empty()
            {
                self.place(' ', at);
            }
            self.place(character, offset);
        }
    }

    fn place(&mut self, character: char, offset: usize) {
        if self.expected != Some(offset) {
            self.paragraph.map.0.push((self.paragraph.text.len() as u32, offset as u32));
        }
        self.paragraph.text.push(character);
        self.expected = Some(offset + character.len_utf8());
    }

    fn without_mark(self) -> Paragraph {
        let mut paragraph = self.paragraph;
        if let Some((mark, length)) = list_mark(&paragraph.text) {
            paragraph.cut(length);
            paragraph.mark = Some(mark);
        }
        paragraph
    }
}

/// The list mark at the start of a line, with the bytes it takes together with its space.
fn list_mark(line: &str) -> Option<(String, usize)> {
    let (first, _) = line.split_once(' ')?;
    let length = first.len() + 1;
    if !first.is_empty() && first.chars().all(|c| "-–—•*·▪●○‣►".contains(c)) {
        return Some(("-".to_owned(), length));
    }
    let number = first.strip_suffix([')', '.']).or_else(|| first.contains('.').then_some(first))?;
    let number = number.trim_start_matches('(');
    let is_letter = number.len() == 1 && number.bytes().all(|b| b.is_ascii_lowercase()) && first.ends_with(')');
    let is_number = number.len() <= 8
        && number
            .split('.')
            .all(|part| !part.is_empty() && part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()));
    (is_letter || is_number).then(|| (number.to_owned(), length))
}

/// Soft hyphen, zero-width and direction marks, byte order mark.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[(Option<&str>, &str)]) {
        let found = paragraphs(source.char_indices().map(|(offset, character)| (character, offset)));
        let seen: Vec<(Option<&str>, &str)> = found.iter().map(|p| (p.mark.as_deref(), p.text.as_str())).collect();
        assert_eq!(seen, expected, "{source:?}");
        for paragraph in &found {
            for (at, character) in paragraph.text.char_indices().filter(|(_, c)| *c != ' ') {
                let offset = paragraph.map.source_offset(at).unwrap();
                assert!(source[offset..].starts_with(character), "{source:?}: {character} at {offset}");
            }
        }
    }

    #[test]
    fn paragraphs_part_at_blank_lines_and_list_marks() {
        check("one\n  line", &[(None, "one line")]);
        check("one\r\n\r\ntwo", &[(None, "one"), (None, "two")]);
        check("The system:\n- runs\n- is open", &[(None, "The system:"), (Some("-"), "runs"), (Some("-"), "is open")]);
        check(
            "1. first\nwrapped\n2.1) second\na) third",
            &[(Some("1"), "first wrapped"), (Some("2.1"), "second"), (Some("a"), "third")],
        );
        check("soft\u{ad}ware\u{a0}\u{a0}é", &[(None, "software é")]);
        check("2021 was a year", &[(None, "2021 was a year")]);
        check(" \n ", &[]);
    }
}
