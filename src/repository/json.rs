//! JSON with the place of every value (RFC 8259), for manifests and lockfiles.
//!
//! serde_json gives no offsets, so this is a small reader of its own: strict in structure, lenient in what
//! manifests are lenient in (a byte order mark, comments and trailing commas). Depth is bounded; duplicate
//! keys are kept and the last one counts, as in JavaScript.

use std::borrow::Cow;

/// Deeper nesting is refused.
const MOST_DEPTH: usize = 128;

/// A value and its half-open byte range in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'t> {
    pub start: usize,
    pub end: usize,
    pub value: Value<'t>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value<'t> {
    Null,
    Bool(bool),
    /// As written.
    Number(&'t str),
    String(Cow<'t, str>),
    Array(Vec<Node<'t>>),
    Object(Vec<Member<'t>>),
}

/// A key with its byte offset, and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Member<'t> {
    pub key: Cow<'t, str>,
    /// Byte offset of the key's opening quote.
    pub start: usize,
    pub node: Node<'t>,
}

/// The text is no JSON: the byte offset of the first fault and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no valid JSON: {expected} expected at byte {offset}")]
pub struct NotJson {
    pub offset: usize,
    pub expected: &'static str,
}

impl<'t> Node<'t> {
    /// The member of that key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Node<'t>> {
        self.members().iter().rev().find(|member| member.key == key).map(|member| &member.node)
    }

    /// The members of an object; empty for anything else.
    pub fn members(&self) -> &[Member<'t>] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array; empty for anything else.
    pub fn items(&self) -> &[Node<'t>] {
        match &self.value {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn is_true(&self) -> bool {
        self.value == Value::Bool(true)
    }
}

/// Reads a whole text as one JSON value.
pub fn parse(text: &str) -> Result<Node<'_>, NotJson> {
    let mut reader = Reader { text, at: 0 };
    if text.starts_with('\u{feff}') {
        reader.at = '\u{feff}'.len_utf8();
    }
    let node = reader.value(0)?;
    reader.space();
    if reader.at < text.len() { Err(reader.expected("the end")) } else { Ok(node) }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn expected(&self, expected: &'static str) -> NotJson {
        NotJson { offset: self.at, expected }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips white space and comments.
    fn space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
            self.at += rest.len() - trimmed.len();
            let comment = if trimmed.starts_with("//") {
                trimmed.find('\n').unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map_or(trimmed.len(), |end| end + 2)
            } else {
                return;
            };
            self.at += comment;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node<'t>, NotJson> {
        self.space();
        if depth > MOST_DEPTH {
            return Err(self.expected("less nesting"));
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => {
                let rest = self.rest();
                let digits = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
                let length = rest.find(|c| !digits(c)).unwrap_or(rest.len());
                self.at += length;
                Value::Number(&rest[..length])
            }
            _ => {
                let words = [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))];
                let Some((word, value)) = words.into_iter().find(|(word, _)| self.rest().starts_with(word)) else {
                    return Err(self.expected("a value"));
                };
                self.at += word.len();
                value
            }
        };
        Ok(Node { start, end: self.at, value })
    }

    fn object(&mut self, depth: usize) -> Result<Value<'t>, NotJson> {
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.space();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(members));
                }
                Some(b'"') => {
                    let start = self.at;
                    let key = self.string()?;
                    self.space();
                    if self.peek() != Some(b':') {
                        return Err(self.expected("`:`"));
                    }
                    self.at += 1;
                    members.push(Member { key, start, node: self.value(depth + 1)? });
                    self.separator(b'}', "`,` or `}`")?;
                }
                _ => return Err(self.expected("a key or `}`")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value<'t>, NotJson> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::Array(items));
            }
            items.push(self.value(depth + 1)?);
            self.separator(b']', "`,` or `]`")?;
        }
    }

    /// A comma, or the closing bracket, which is left standing.
    fn separator(&mut self, close: u8, expected: &'static str) -> Result<(), NotJson> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(())
            }
            Some(byte) if byte == close => Ok(()),
            _ => Err(self.expected(expected)),
        }
    }

    fn string(&mut self) -> Result<Cow<'t, str>, NotJson> {
        self.at += 1;
        let rest = self.rest();
        let Some(stop) = rest.find(['"', '\\']) else { return Err(self.expected("a closing quote")) };
        if rest.as_bytes().get(stop) == Some(&b'"') {
            self.at += stop + 1;
            return Ok(Cow::Borrowed(&rest[..stop]));
        }
        let mut text = rest[..stop].to_owned();
        let mut chars = rest[stop..].char_indices();
        while let Some((offset, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += stop + offset + 1;
                    return Ok(Cow::Owned(text));
                }
                '\\' => match chars.next().map(|(_, c)| c) {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some('b') => text.push('\u{8}'),
                    Some('f') => text.push('\u{c}'),
                    Some('u') => {
                        let code = chars
                            .by_ref()
                            .take(4)
                            .fold(0, |code, (_, digit)| code * 16 + digit.to_digit(16).unwrap_or_default());
                        // A lone surrogate has no character; names of packages and licences have none either.
                        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    Some(c) => text.push(c),
                    None => break,
                },
                c => text.push(c),
            }
        }
        Err(self.expected("a closing quote"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_place() {
        let text = "\u{feff}{ // note\n \"a\": [1, {\"b\": \"x\\u0041\\n\"}, null,],\n \"a\": true }";
        let node = parse(text).unwrap_or_else(|fault| panic!("{fault}"));
        assert!(node.get("a").is_some_and(Node::is_true), "the last of two equal keys counts");
        let first = &node.members()[0].node;
        let inner = first.items()[1].get("b").expect("written above");
        assert_eq!(inner.as_str(), Some("xA\n"));
        assert_eq!(&text[inner.start..inner.end], "\"x\\u0041\\n\"");
        assert_eq!(first.items()[0].value, Value::Number("1"));
    }

    #[test]
    fn faults_have_a_place() {
        let deep = "[".repeat(1000);
        for (text, expected) in [
            ("{\"a\" 1}", "`:`"),
            ("{\"a\": 1", "`,` or `}`"),
            ("[1 2]", "`,` or `]`"),
            ("\"a", "a closing quote"),
            ("\"a\\", "a closing quote"),
            ("{} x", "the end"),
            ("", "a value"),
            (deep.as_str(), "less nesting"),
        ] {
            assert_eq!(parse(text).map_err(|fault| fault.expected), Err(expected), "{text:.20}");
        }
    }
}
