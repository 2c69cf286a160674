//! JSON with places: every value knows its bytes in the file (RFC 8259).
//!
//! `serde_json` keeps no positions, and a finding in a package of a thousand releases needs one. Strings stay
//! undecoded until they are asked for. Depth is bounded; a key that appears twice in one object is an error,
//! since readers differ on which one counts.

use std::collections::HashSet;
use std::ops::Range;

use super::NotReadable;
use crate::saying::{Saying, say};

/// A value and its bytes in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Json {
    pub value: Value,
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    /// `true`, `false` or a number: its own characters are its value.
    Literal,
    /// The characters between the quotes, escapes not decoded.
    String,
    Array(Vec<Json>),
    /// Members in file order, keys decoded.
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.members().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The members of an object; none for any other value.
    pub fn members(&self) -> &[(String, Json)] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of an array; none for any other value.
    pub fn elements(&self) -> &[Json] {
        match &self.value {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The decoded characters of a string, number or boolean, each with its byte offset in the file.
    pub fn characters<'a>(&self, source: &'a str) -> Characters<'a> {
        let (start, end) = match self.value {
            Value::String => (self.span.start + 1, self.span.end.saturating_sub(1)),
            Value::Literal => (self.span.start, self.span.end),
            _ => (0, 0),
        };
        Characters { source, at: start, end }
    }

    /// The decoded value of a string, number or boolean.
    pub fn text(&self, source: &str) -> Option<String> {
        match self.value {
            Value::String | Value::Literal => Some(self.characters(source).map(|(character, _)| character).collect()),
            _ => None,
        }
    }
}

/// See [`Json::characters`]. A lone surrogate gives U+FFFD.
pub(super) struct Characters<'a> {
    source: &'a str,
    at: usize,
    end: usize,
}

impl Iterator for Characters<'_> {
    type Item = (char, usize);

    fn next(&mut self) -> Option<(char, usize)> {
        let start = self.at;
        let rest = self.source.get(start..self.end)?;
        let character = rest.chars().next()?;
        if character != '\\' {
            self.at += character.len_utf8();
            return Some((character, start));
        }
        let escaped = rest[1..].chars().next()?;
        self.at += 1 + escaped.len_utf8();
        let decoded = match escaped {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => self.unicode().unwrap_or('\u{fffd}'),
            other => other,
        };
        Some((decoded, start))
    }
}

impl Characters<'_> {
    fn unicode(&mut self) -> Option<char> {
        let high = self.four_hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high);
        }
        if !self.source.get(self.at..self.end)?.starts_with("\\u") {
            return None;
        }
        let before = self.at;
        self.at += 2;
        let low = self.four_hex()?;
        if !(0xdc00..0xe000).contains(&low) {
            self.at = before;
            return None;
        }
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
    }

    fn four_hex(&mut self) -> Option<u32> {
        let digits = self.source.get(self.at..self.at + 4).filter(|_| self.at + 4 <= self.end)?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(value)
    }
}

/// Reads the value that starts at byte `at` (white space before it is passed over). Returns it with the offset
/// after it. The error's line is that of the file.
pub(super) fn read(source: &str, at: usize, depth: usize) -> Result<(Json, usize), NotReadable> {
    let mut reader = Reader { source, bytes: source.as_bytes(), at };
    reader.blanks();
    let value = reader.value(depth)?;
    Ok((value, reader.at))
}

/// The offset of the first byte from `at` on that is no white space.
pub(super) fn after_blanks(source: &str, at: usize) -> usize {
    let mut reader = Reader { source, bytes: source.as_bytes(), at };
    reader.blanks();
    reader.at
}

struct Reader<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r' | 0x1e)) {
            self.at += 1;
        }
    }

    fn error(&self, reason: Saying) -> NotReadable {
        let before = &self.bytes[..self.at.min(self.bytes.len())];
        NotReadable::at_line(1 + before.iter().filter(|byte| **byte == b'\n').count() as u32, reason)
    }

    fn value(&mut self, depth: usize) -> Result<Json, NotReadable> {
        let start = self.at;
        let value = match self.bytes.get(self.at) {
            None => return Err(self.error(say!("cut-off"))),
            Some(b'{' | b'[') if depth == 0 => {
                return Err(self.error(say!("json-too-deep")));
            }
            Some(b'{') => Value::Object(self.object(depth - 1)?),
            Some(b'[') => Value::Array(self.array(depth - 1)?),
            Some(b'"') => {
                self.string()?;
                Value::String
            }
            Some(_) => self.literal()?,
        };
        Ok(Json { value, span: start..self.at })
    }

    fn object(&mut self, depth: usize) -> Result<Vec<(String, Json)>, NotReadable> {
        let mut members = Vec::new();
        let mut keys: HashSet<String> = HashSet::new();
        self.at += 1;
        self.blanks();
        if self.take(b'}') {
            return Ok(members);
        }
        loop {
            if self.bytes.get(self.at) != Some(&b'"') {
                return Err(self.error(say!("no-json", detail = "a key in quotes is expected")));
            }
            let start = self.at;
            self.string()?;
            let key = Json { value: Value::String, span: start..self.at }.text(self.source).unwrap_or_default();
            if !keys.insert(key.clone()) {
                return Err(self.error(say!("json-key-twice", key = key)));
            }
            self.blanks();
            if !self.take(b':') {
                return Err(self.error(say!("no-json", detail = "`:` is expected after a key")));
            }
            self.blanks();
            members.push((key, self.value(depth)?));
            self.blanks();
            if self.take(b'}') {
                return Ok(members);
            }
            if !self.take(b',') {
                return Err(self.error(say!("no-json", detail = "`,` or `}` is expected")));
            }
            self.blanks();
        }
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Json>, NotReadable> {
        let mut elements = Vec::new();
        self.at += 1;
        self.blanks();
        if self.take(b']') {
            return Ok(elements);
        }
        loop {
            elements.push(self.value(depth)?);
            self.blanks();
            if self.take(b']') {
                return Ok(elements);
            }
            if !self.take(b',') {
                return Err(self.error(say!("no-json", detail = "`,` or `]` is expected")));
            }
            self.blanks();
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(taken);
        taken
    }

    fn string(&mut self) -> Result<(), NotReadable> {
        self.at += 1;
        loop {
            match self.bytes.get(self.at) {
                None => return Err(self.error(say!("no-json", detail = "a string does not end"))),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
    }

    fn literal(&mut self) -> Result<Value, NotReadable> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|b| !b.is_ascii_alphanumeric() && !b"+-.".contains(b)).unwrap_or(rest.len());
        let word = &rest[..length];
        let is_number = matches!(word.first(), Some(b'-' | b'0'..=b'9'))
            && std::str::from_utf8(word).is_ok_and(|number| number.parse::<f64>().is_ok());
        if !(is_number || matches!(word, b"true" | b"false" | b"null")) {
            return Err(self.error(say!("no-json", detail = "a value is expected")));
        }
        self.at += length;
        Ok(if word == b"null" { Value::Null } else { Value::Literal })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_places() {
        let source = "\n {\"a\\u00e9\": [1, true, \"x\\n\\ud83d\\ude00\\\"\"], \"b\": null} {}";
        let (value, end) = read(source, 0, 8).unwrap();
        assert_eq!(&source[end..], " {}");
        let list = value.get("aé").unwrap();
        assert_eq!(&source[list.span.clone()], "[1, true, \"x\\n\\ud83d\\ude00\\\"\"]");
        let text = list.elements()[2].text(source).unwrap();
        assert_eq!(text, "x\n😀\"");
        let offsets: Vec<usize> = list.elements()[2].characters(source).map(|(_, offset)| offset).collect();
        assert_eq!(&source[offsets[2]..offsets[2] + 12], "\\ud83d\\ude00");
        assert_eq!(list.elements()[0].text(source).as_deref(), Some("1"));
    }

    #[test]
    fn hostile_json_is_refused_with_its_line() {
        let deep = "[".repeat(1_000_000);
        for (source, line, reason) in [
            (deep.as_str(), 1, "too deep"),
            ("{\"a\": 1,\n\"a\": 2}", 2, "the key a appears twice"),
            ("{\"a\":\n[1, 2", 2, "expected"),
            ("{\"a\": \"unended", 1, "a string does not end"),
            ("\"\\", 1, "a string does not end"),
            ("{\"a\" 1}", 1, "`:` is expected"),
            ("[nan]", 1, "a value is expected"),
            ("", 1, "it ends"),
        ] {
            let error = read(source, 0, 64).unwrap_err();
            assert_eq!(error.line, Some(line), "{}", error.reason);
            assert!(error.reason.to_string().contains(reason), "{}", error.reason);
        }
    }

    #[test]
    fn lone_surrogates_and_cut_escapes_do_no_harm() {
        for (source, want) in
            [("\"\\ud83dx\"", "\u{fffd}x"), ("\"\\u12\"", "\u{fffd}12"), ("\"\\ud83d\\u0041\"", "\u{fffd}A")]
        {
            let (value, _) = read(source, 0, 1).unwrap();
            assert_eq!(value.text(source).as_deref(), Some(want), "{source}");
        }
    }
}
