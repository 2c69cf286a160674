//! XML as a stream of events, bounded in depth, with no entity but those of XML itself.
//!
//! Office files are XML by people who do not always keep to the prefixes: elements and attributes are known
//! by their local name. A document type declaration's entities are never expanded, so no file can grow by
//! them.

use std::borrow::Cow;

use crate::saying::{Saying, say};
use quick_xml::Reader;
use quick_xml::events::{BytesEnd, BytesStart, Event};

/// What comes next in the file.
#[derive(Debug)]
pub(super) enum Node<'a> {
    Open(Element<'a>),
    Close(EndTag<'a>),
    Text(Cow<'a, str>),
    End,
}

/// A start tag.
#[derive(Debug)]
pub(super) struct Element<'a> {
    start: BytesStart<'a>,
}

/// An end tag.
#[derive(Debug)]
pub(super) struct EndTag<'a> {
    end: BytesEnd<'a>,
}

impl EndTag<'_> {
    /// Name without the prefix.
    pub fn name(&self) -> &str {
        self.end.local_name().into_inner()
    }
}

impl Element<'_> {
    /// Name without the prefix.
    pub fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// Name with its prefix, as it stands.
    pub fn full_name(&self) -> &str {
        self.start.name().0
    }

    /// The value of the attribute with that prefix and name (`r:id`).
    pub fn prefixed(&self, name: &str) -> Option<Cow<'_, str>> {
        self.start
            .attributes()
            .with_checks(false)
            .filter_map(Result::ok)
            .find(|attribute| attribute.key.0 == name)
            .map(|attribute| value(&attribute))
    }

    /// The value of the first attribute of that local name.
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.start
            .attributes()
            .with_checks(false)
            .filter_map(Result::ok)
            .find(|attribute| attribute.key.local_name().into_inner() == name)
            .map(|attribute| value(&attribute))
    }
}

fn value<'a>(attribute: &quick_xml::events::attributes::Attribute<'a>) -> Cow<'a, str> {
    match quick_xml::escape::unescape(&attribute.value) {
        Ok(value) => Cow::Owned(value.into_owned()),
        Err(_) => attribute.value.clone(),
    }
}

/// Why an XML file can't be read further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum XmlFault {
    /// From which byte on, and why in the words of the library.
    Broken(u64, String),
    /// The greatest depth that is read.
    TooDeep(usize),
}

impl XmlFault {
    /// The fault in words.
    pub fn said(&self) -> Saying {
        match self {
            XmlFault::Broken(byte, detail) => say!("xml-broken", byte = *byte, detail = detail),
            XmlFault::TooDeep(most) => say!("xml-too-deep", n = *most),
        }
    }
}

/// Reads nodes one after another.
pub(super) struct Nodes<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    most: usize,
}

impl<'a> Nodes<'a> {
    pub fn new(text: &'a str, most_depth: usize) -> Nodes<'a> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        config.check_end_names = true;
        Nodes { reader, depth: 0, most: most_depth }
    }

    /// Byte offset in the text after the last node.
    pub fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// How many elements are open after the last node.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The next node; comments, processing instructions and declarations are passed over.
    pub fn next(&mut self) -> Result<Node<'a>, XmlFault> {
        loop {
            let event = self
                .reader
                .read_event()
                .map_err(|error| XmlFault::Broken(self.reader.error_position(), error.to_string()))?;
            match event {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > self.most {
                        return Err(XmlFault::TooDeep(self.most));
                    }
                    return Ok(Node::Open(Element { start }));
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Node::Close(EndTag { end }));
                }
                Event::Text(text) => return Ok(Node::Text(text.into_inner())),
                Event::CData(text) => return Ok(Node::Text(text.into_inner())),
                Event::GeneralRef(reference) => {
                    if let Ok(Some(character)) = reference.resolve_char_ref() {
                        return Ok(Node::Text(Cow::Owned(character.to_string())));
                    }
                    if let Some(text) = quick_xml::escape::resolve_predefined_entity(&reference) {
                        return Ok(Node::Text(Cow::Borrowed(text)));
                    }
                }
                Event::Eof if self.depth > 0 => {
                    return Err(XmlFault::Broken(self.position(), "it ends too early".to_owned()));
                }
                Event::Eof => return Ok(Node::End),
                Event::Empty(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => {}
            }
        }
    }

    /// Passes over the rest of the element that was opened last.
    pub fn skip(&mut self) -> Result<(), XmlFault> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if let Node::End = self.next()? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The text of the element that was opened last, with that of its children.
    pub fn text(&mut self) -> Result<String, XmlFault> {
        let outside = self.depth.saturating_sub(1);
        let mut text = String::new();
        while self.depth > outside {
            match self.next()? {
                Node::Text(part) => text.push_str(&part),
                Node::End => break,
                Node::Open(_) | Node::Close(_) => {}
            }
        }
        Ok(text)
    }
}

/// The bytes of an XML part as text: UTF-8 or UTF-16 with a byte order mark; anything else as UTF-8 with
/// replacement characters.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&bytes[mark..]).0,
        None => {
            let label = declared_encoding(bytes).and_then(encoding_rs::Encoding::for_label);
            label.unwrap_or(encoding_rs::UTF_8).decode_without_bom_handling(bytes).0
        }
    }
}

/// The encoding that the XML declaration names.
fn declared_encoding(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..bytes.len().min(200))?;
    let declaration = head.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|pair| pair == b"?>")?;
    let at = declaration[..end].windows(8).position(|word| word == b"encoding")?;
    let mut parts = declaration[at + 8..end].split(|byte| matches!(byte, b'"' | b'\''));
    parts.next()?;
    parts.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, depth: usize) -> Result<String, XmlFault> {
        let mut nodes = Nodes::new(text, depth);
        let mut shown = String::new();
        loop {
            match nodes.next()? {
                Node::Open(element) => shown.push_str(&format!("<{}>", element.name())),
                Node::Close(end) => shown.push_str(&format!("</{}>", end.name())),
                Node::Text(text) => shown.push_str(&text),
                Node::End => return Ok(shown),
            }
        }
    }

    #[test]
    fn events_carry_local_names_and_resolved_text() {
        for (text, want) in [
            ("<w:p>a &amp; b &#233;<w:br/></w:p>", "<p>a & b é<br></br></p>"),
            ("<p><![CDATA[<raw>]]></p>", "<p><raw></p>"),
            ("<p>unknown &nope; entity</p>", "<p>unknown  entity</p>"),
            ("<!DOCTYPE p [<!ENTITY a \"aaaa\">]><p>&a;</p>", "<p></p>"),
        ] {
            assert_eq!(read(text, 8).as_deref(), Ok(want), "{text}");
        }
    }

    #[test]
    fn broken_and_deep_files_are_faults() {
        assert!(matches!(read("<a><b></a>", 8), Err(XmlFault::Broken(..))));
        assert!(matches!(read("<a><b>", 8), Err(XmlFault::Broken(..))));
        assert_eq!(read(&"<a>".repeat(9), 8), Err(XmlFault::TooDeep(8)));
    }

    #[test]
    fn the_declared_encoding_is_used() {
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>"),
            "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>"
        );
        assert_eq!(decode(b"\xff\xfe<\0a\0>\0"), "<a>");
    }
}
