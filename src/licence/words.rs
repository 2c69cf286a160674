//! Licence text as a sequence of words: what counts when texts are compared, and where each word stands.
//!
//! Punctuation, white space, case, comment leaders, Markdown and HTML do not count, nor do the differences in
//! spelling that `rules/knowledge/licence-equivalents.tsv` lists (SPDX matching guidelines, SPDX 2.3 annex C).
//! The build step that packs the licence texts reads them with this same module, so it knows nothing of the
//! rest of the crate.

use std::collections::HashMap;

/// One word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Hash of the normalised spelling; equal for equivalent words.
    pub key: u32,
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Whether the word looks like the number of a list item (`1.`, `(a)`, `iv)`), which may differ freely.
    pub marker: bool,
}

/// The spellings that count as one.
#[derive(Debug, Default)]
pub struct Equivalents {
    single: HashMap<u32, u32>,
    /// By the first of two words; then the second and what the two become.
    double: HashMap<u32, Vec<(u32, Vec<u32>)>>,
}

impl Equivalents {
    /// Reads the table: `from<TAB>to<TAB>…`, lines with `#` are remarks, the first other line is the head.
    pub fn parse(table: &str) -> Equivalents {
        let mut equivalents = Equivalents::default();
        let rows = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1);
        for row in rows {
            let mut columns = row.split('\t');
            let (Some(from), Some(to)) = (columns.next(), columns.next()) else { continue };
            let from: Vec<u32> = from.split(' ').map(key).collect();
            let to: Vec<u32> = to.split(' ').map(key).collect();
            match (from.as_slice(), to.as_slice()) {
                ([one], [other]) => {
                    equivalents.single.insert(*one, *other);
                }
                ([first, second], to) => {
                    equivalents.double.entry(*first).or_default().push((*second, to.to_vec()));
                }
                _ => {}
            }
        }
        equivalents
    }

    fn one(&self, key: u32) -> u32 {
        self.single.get(&key).copied().unwrap_or(key)
    }
}

/// The key of a word in lower case (FNV-1a, 32 bits).
pub const fn key(word: &str) -> u32 {
    let (bytes, mut hash, mut at) = (word.as_bytes(), OFFSET, 0);
    while at < bytes.len() {
        hash = step(hash, bytes[at]);
        at += 1;
    }
    hash
}

/// One byte more of a word's key.
const fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(PRIME)
}

/// The letters of which a ligature is made: French is written with and without `œ`, and text copied from a PDF
/// has `ﬁ` and `ﬂ`.
fn ligature(character: char) -> Option<&'static str> {
    Some(match character {
        'œ' | 'Œ' => "oe",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        _ => return None,
    })
}

/// The key of a run of words.
pub fn run_key(keys: impl Iterator<Item = u32>) -> u32 {
    let hash = keys.fold(0u64, |hash, key| (hash ^ u64::from(key)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29));
    (hash >> 32) as u32
}

const OFFSET: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

/// A number after one of these words is no list item's, even at the end of a sentence.
const VERSION_WORDS: [u32; 2] = [key("version"), key("v")];

/// HTML elements that are skipped as tags; `<year>` and `<name of author>` are none.
const ELEMENTS: [&str; 46] = [
    "a",
    "abbr",
    "address",
    "article",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "cite",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "link",
    "main",
    "meta",
    "ol",
    "p",
    "pre",
    "section",
    "small",
    "span",
    "strong",
    "sup",
    "table",
    "td",
    "tr",
    "ul",
];
/// HTML elements whose content is no text.
const SILENT: [&str; 2] = ["script", "style"];

/// The words of a text, in order. Offsets are bytes of `text`, which is read up to 4 GiB.
pub fn words(text: &str, equivalents: &Equivalents) -> Vec<Word> {
    let mut reader = Reader { text, at: 0, line_start: true, words: Vec::with_capacity(text.len() / 6) };
    while reader.step() {}
    merge_equivalents(reader.words, equivalents)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Whether nothing but punctuation stood on the line so far.
    line_start: bool,
    words: Vec<Word>,
}

impl Reader<'_> {
    /// Reads one word or one piece of punctuation; `false` at the end.
    fn step(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let Some(character) = rest.chars().next() else { return false };
        if character.is_alphanumeric() {
            self.word();
            return true;
        }
        match character {
            '\n' => self.line_start = true,
            '<' => {
                if let Some(length) = tag(rest) {
                    self.at += length;
                    return true;
                }
            }
            '&' => return self.ampersand(),
            '\u{a9}' => self.push(key("c"), 2, true),
            // A Markdown link's target is no text.
            ']' if rest[1..].starts_with('(') => {
                if let Some(length) = rest[2..].find([')', '\n']).filter(|end| rest[2 + end..].starts_with(')')) {
                    self.at += length + 3;
                    return true;
                }
            }
            _ => {}
        }
        self.at += character.len_utf8();
        true
    }

    fn push(&mut self, key: u32, length: usize, marker: bool) {
        let start = offset(self.at);
        self.words.push(Word { key, start, end: start + offset(length), marker });
        self.line_start = false;
    }

    /// `&` is the word `and`, unless it begins an HTML entity.
    fn ampersand(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let entity = rest[1..].find(';').filter(|end| *end > 0 && *end <= 8).map(|end| &rest[1..=end]);
        let name = entity.filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#'));
        match name {
            Some("copy" | "#169" | "#xA9" | "#xa9") => {
                self.push(key("c"), 1, true);
                self.at += name.map_or(1, |name| name.len() + 2);
            }
            Some("amp") => {
                self.push(key("and"), 5, false);
                self.at += 5;
            }
            Some(name) => self.at += name.len() + 2,
            None => {
                // A lone `&` in a list of names or in program text is not worth a word of its own.
                if rest[1..].starts_with(char::is_whitespace) {
                    self.push(key("and"), 1, false);
                }
                self.at += 1;
            }
        }
        true
    }

    /// Reads a word: letters and digits, and full stops between digits.
    fn word(&mut self) {
        let rest = &self.text[self.at..];
        let mut hash = OFFSET;
        let mut length = 0;
        let mut digits = true;
        let mut letters = 0;
        let mut characters = rest.chars().peekable();
        let mut buffer = [0; 4];
        while let Some(character) = characters.next() {
            if character == '.' && digits && length > 0 {
                // Between digits only, and not before a final `.0`, so that version 2 and version 2.0 are one.
                if !characters.peek().is_some_and(char::is_ascii_digit) {
                    break;
                }
                let after = &rest[length + 1..];
                let digits_after = after.bytes().take_while(u8::is_ascii_digit).count();
                let last = !after[digits_after..].starts_with('.')
                    || !after[digits_after + 1..].starts_with(|next: char| next.is_ascii_digit());
                if last && after[..digits_after].bytes().all(|byte| byte == b'0') {
                    length += 1 + digits_after;
                    break;
                }
            } else if !character.is_alphanumeric() {
                break;
            }
            digits &= character.is_ascii_digit() || character == '.';
            letters += 1;
            length += character.len_utf8();
            if character.is_ascii() {
                hash = step(hash, (character as u8).to_ascii_lowercase());
                continue;
            }
            if let Some(letters) = ligature(character) {
                hash = letters.bytes().fold(hash, step);
                continue;
            }
            for lower in character.to_lowercase() {
                hash = lower.encode_utf8(&mut buffer).bytes().fold(hash, step);
            }
        }
        let marker = self.is_marker(length, digits, letters);
        self.push(hash, length, marker);
        self.at += length;
    }

    /// Whether the word of `length` bytes at the current place numbers a list item.
    fn is_marker(&self, length: usize, digits: bool, letters: usize) -> bool {
        // Most words are too long to be one.
        if length > 16 || letters > 5 && !digits {
            return false;
        }
        let word = &self.text[self.at..self.at + length];
        let number = digits && (letters <= 2 || word.contains('.') && letters <= 8);
        let letter = letters == 1;
        let roman = letters <= 5 && word.bytes().all(|byte| b"ivxIVX".contains(&byte));
        if !number && !letter && !roman {
            return false;
        }
        if self
            .words
            .last()
            .is_some_and(|last| VERSION_WORDS.contains(&last.key) && self.text[last.end as usize..self.at] == *" ")
        {
            return false;
        }
        let before = self.text[..self.at].chars().next_back();
        let mut after = self.text[self.at + length..].chars();
        let next = after.next();
        let then = after.next();
        let closed = match next {
            Some(')') => true,
            Some('.') => (number || self.line_start || before == Some('(')) && then.is_none_or(char::is_whitespace),
            _ => false,
        };
        let opened =
            before.is_none_or(|before| before.is_whitespace() || matches!(before, '(' | '*' | '[' | '-' | '#'));
        let alone = self.line_start && (number || word == "o") && next.is_none_or(char::is_whitespace);
        opened && closed || alone
    }
}

/// Length of the HTML tag or comment at the start of `rest`.
fn tag(rest: &str) -> Option<usize> {
    if rest.starts_with("<!--") {
        return Some(4);
    }
    let inner = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    let name_end = inner.find(|next: char| !next.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let name = inner[..name_end].to_ascii_lowercase();
    let doctype = inner.starts_with("!DOCTYPE") || inner.starts_with("!doctype");
    let silent = SILENT.contains(&name.as_str());
    if !doctype && !silent && !ELEMENTS.contains(&name.as_str()) {
        return None;
    }
    let close = rest.bytes().take(2048).position(|byte| byte == b'>')? + 1;
    if silent && !rest.starts_with("</") {
        let end = rest.find(&format!("</{name}"))?;
        return Some(end);
    }
    Some(close)
}

/// Joins what two-word spellings stand for, and replaces single words.
fn merge_equivalents(words: Vec<Word>, equivalents: &Equivalents) -> Vec<Word> {
    let mut merged = Vec::with_capacity(words.len());
    let mut rest = words.into_iter().peekable();
    while let Some(mut word) = rest.next() {
        word.key = equivalents.one(word.key);
        let pair = equivalents.double.get(&word.key).and_then(|seconds| {
            let next = equivalents.one(rest.peek()?.key);
            seconds.iter().find(|(second, _)| equivalents.one(*second) == next).map(|(_, to)| to)
        });
        let second = pair.and_then(|_| rest.next());
        match (pair.map(Vec::as_slice), second) {
            (Some([only]), Some(second)) => merged.push(Word { key: equivalents.one(*only), end: second.end, ..word }),
            (Some([first, last]), Some(second)) => {
                merged.push(Word { key: equivalents.one(*first), ..word });
                merged.push(Word { key: equivalents.one(*last), ..second });
            }
            _ => merged.push(word),
        }
    }
    merged
}

/// A byte offset in four bytes; texts are cut far below that.
fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let equivalents = Equivalents::parse(
            "from\tto\nlicence\tlicense\nsub license\tsublicense\ncopyright owner\tcopyright holder\n",
        );
        let keys = |text: &str| -> Vec<u32> {
            words(text, &equivalents).iter().filter(|word| !word.marker).map(|word| word.key).collect()
        };
        keys(one) == keys(other)
    }

    #[test]
    fn dress_does_not_count() {
        for (one, other) in [
            ("This Licence, and\n * no other", "this license and no other"),
            ("// a sub-licence\r\n// of it", "a sublicense of it"),
            ("the copyright owner", "The Copyright Holder"),
            ("1. Redistributions\n2. Binary", "(a) Redistributions * b) Binary"),
            ("<p>Permission is <b>hereby</b> granted</p>", "Permission is hereby granted"),
            ("see [the text](https://example.org/x)", "see the text"),
            ("Copyright © 2020 &amp; Co", "Copyright (c) 2020 & Co"),
            ("version 2.0 of", "Version 2 of"),
            ("&quot;AS IS&quot;", "\u{201c}as is\u{201d}"),
            ("une œuvre", "une oeuvre"),
            ("\u{fb01}le", "file"),
        ] {
            assert!(same(one, other), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn words_and_versions_count() {
        for (one, other) in [
            ("version 2.1", "version 2"),
            ("may", "may not"),
            ("<name of author>", ""),
            ("version 2 of", "version 3 of"),
        ] {
            assert!(!same(one, other), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn places_are_bytes_of_the_text() {
        let text = "É <b>Über</b> 2.0";
        let spans: Vec<_> =
            words(text, &Equivalents::default()).iter().map(|w| &text[w.start as usize..w.end as usize]).collect();
        assert_eq!(spans, ["É", "Über", "2.0"]);
    }
}
