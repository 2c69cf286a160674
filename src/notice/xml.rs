//! XML of notices: decoding, bounds, and the text of an element with its place in the file.
//!
//! Notices come from outside. A document type declaration is refused, and with it every entity but the five
//! of XML itself: no expansion, no external file. Depth is measured before the tree is built.

use std::ops::Range;

use roxmltree::{Document, Node, ParsingOptions};

use super::NotReadable;
use super::terms::{Condition, Row, Step};
use crate::document::Limits;
use crate::saying::say;

/// Elements, texts, comments and attributes of one notice; the largest notices known have some 100,000.
const MOST_NODES: u32 = 2_000_000;

/// The namespaces of eForms and the prefix under which the table of terms knows them.
const NAMESPACES: &[(&str, &str)] = &[
    ("urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2", "cbc"),
    ("urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2", "cac"),
    ("urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2", "ext"),
    ("http://data.europa.eu/p27/eforms-ubl-extensions/1", "efext"),
    ("http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1", "efac"),
    ("http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1", "efbc"),
];

/// The text of an XML file: UTF-8 unless a byte order mark or the XML declaration says otherwise.
pub(super) fn decode(bytes: &[u8]) -> Result<String, NotReadable> {
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => declared_encoding(bytes).unwrap_or(encoding_rs::UTF_8),
    };
    let (text, _, broken) = encoding.decode(bytes);
    if broken {
        let line = 1 + text.split('\u{fffd}').next().unwrap_or_default().matches('\n').count();
        return Err(NotReadable::at_line(line as u32, say!("wrong-encoding", encoding = encoding.name())));
    }
    Ok(text.into_owned())
}

fn declared_encoding(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = &bytes[..bytes.len().min(200)];
    let declaration = head.split(|byte| *byte == b'>').next().filter(|start| start.starts_with(b"<?xml"))?;
    let text = std::str::from_utf8(declaration).ok()?;
    let value = text.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    encoding_rs::Encoding::for_label(value[1..].split(quote).next()?.as_bytes())
}

/// Parses within bounds.
pub(super) fn parse<'a>(text: &'a str, limits: &Limits) -> Result<Document<'a>, NotReadable> {
    if let Some(line) = too_deep(text, limits.depth) {
        return Err(NotReadable::at_line(line, say!("xml-too-deep", n = limits.depth)));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => NotReadable::at_line(
            1 + text.split("<!DOCTYPE").next().unwrap_or_default().matches('\n').count() as u32,
            say!("doctype"),
        ),
        roxmltree::Error::NodesLimitReached => NotReadable::at_line(1, say!("too-many-elements", n = MOST_NODES)),
        roxmltree::Error::UnclosedRootNode => NotReadable::at_line(text.lines().count().max(1) as u32, say!("cut-off")),
        error => NotReadable::at_line(error.pos().row, say!("no-xml", detail = error.to_string())),
    })
}

/// The line on which tags first stand deeper in each other than `most`. Counts tags only: whether they fit is
/// the parser's to say.
fn too_deep(text: &str, most: usize) -> Option<u32> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(start) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'<')).map(|n| at + n) {
        let rest = &bytes[start..];
        let (end, change) = if rest.starts_with(b"<!--") {
            (text[start..].find("-->"), 0)
        } else if rest.starts_with(b"<![CDATA[") {
            (text[start..].find("]]>"), 0)
        } else {
            let end = tag_end(rest);
            let change = match (rest.get(1), end.and_then(|end| end.checked_sub(1)).and_then(|last| rest.get(last))) {
                (Some(b'/'), _) => -1,
                (Some(b'?' | b'!'), _) | (_, Some(b'/')) => 0,
                _ => 1,
            };
            (end, change)
        };
        depth = depth.saturating_add_signed(change);
        if depth > most {
            return Some(1 + bytes[..start].iter().filter(|b| **b == b'\n').count() as u32);
        }
        at = start + end? + 1;
    }
    None
}

/// The `>` that ends a tag, quotes honoured.
fn tag_end(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    tag.iter().position(|byte| {
        match (quote, byte) {
            (None, b'>') => return true,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
        false
    })
}

/// The canonical prefix of an element's namespace; empty for namespaces that are no part of eForms.
pub(super) fn prefix(node: Node<'_, '_>) -> &'static str {
    let namespace = node.tag_name().namespace().unwrap_or_default();
    NAMESPACES.iter().find(|(uri, _)| *uri == namespace).map_or("", |(_, prefix)| prefix)
}

/// Whether a row of the table is about this element.
pub(super) fn meets(row: &Row, node: Node<'_, '_>) -> bool {
    let mut element = Some(node);
    for step in &row.steps {
        match element {
            Some(current) if meets_step(step, current) => element = current.parent_element(),
            _ => return false,
        }
    }
    !row.anchored || element.is_some_and(|root| root.parent_element().is_none())
}

fn meets_step(step: &Step, node: Node<'_, '_>) -> bool {
    node.tag_name().name() == step.name
        && prefix(node) == step.prefix
        && step.conditions.iter().all(|condition| meets_condition(condition, node))
}

fn meets_condition(condition: &Condition, node: Node<'_, '_>) -> bool {
    let holds = |element: Node<'_, '_>| match condition.attribute {
        Some(attribute) => element.attribute(attribute) == Some(condition.value),
        None => element.text().map(str::trim) == Some(condition.value),
    };
    match condition.child {
        None => holds(node),
        Some((wanted, name)) => node.children().any(|child| {
            child.is_element() && child.tag_name().name() == name && prefix(child) == wanted && holds(child)
        }),
    }
}

/// The decoded characters of an element's content, each with its byte offset in the file. Tags inside are
/// passed over. The element must stem from a document that was parsed without a document type declaration.
pub(super) fn characters<'a>(source: &'a str, element: Range<usize>) -> Characters<'a> {
    Characters { source, at: element.start, end: element.end, in_cdata: false }
}

pub(super) struct Characters<'a> {
    source: &'a str,
    at: usize,
    end: usize,
    in_cdata: bool,
}

impl Iterator for Characters<'_> {
    type Item = (char, usize);

    fn next(&mut self) -> Option<(char, usize)> {
        loop {
            let start = self.at;
            let rest = self.source.get(start..self.end).filter(|rest| !rest.is_empty())?;
            if self.in_cdata {
                if rest.starts_with("]]>") {
                    self.in_cdata = false;
                    self.at += 3;
                    continue;
                }
            } else if rest.starts_with('<') {
                let length = if rest.starts_with("<![CDATA[") {
                    self.in_cdata = true;
                    Some(9)
                } else if rest.starts_with("<!--") {
                    rest.find("-->").map(|end| end + 3)
                } else {
                    tag_end(rest.as_bytes()).map(|end| end + 1)
                };
                self.at += length?;
                continue;
            } else if rest.starts_with('&') {
                let name = &rest[1..rest.find(';')?];
                self.at += name.len() + 2;
                return Some((entity(name)?, start));
            }
            let character = rest.chars().next()?;
            self.at += character.len_utf8();
            return Some((character, start));
        }
    }
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_an_element_keeps_its_offsets() {
        let source = "<a><b x='>'>A &amp; B&#10;<!-- > -->C<i>d</i><![CDATA[<e>&amp;]]></b></a>";
        let document = parse(source, &Limits::default()).unwrap();
        let b = document.root_element().first_element_child().unwrap();
        let found: Vec<(char, usize)> = characters(source, b.range()).collect();
        let text: String = found.iter().map(|(c, _)| c).collect();
        assert_eq!(text, "A & B\nCd<e>&amp;");
        for (character, offset) in found {
            assert!(source[offset..].starts_with(character) || source[offset..].starts_with('&'), "{character}");
        }
    }

    #[test]
    fn hostile_xml_is_refused_with_its_line() {
        let laughs = "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b 'ha'><!ENTITY c '&b;&b;'>]>\n<a>&c;</a>";
        let external = "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>";
        let deep = format!("\n{}", "<a>".repeat(100_000));
        let flat = format!("<a>{}</a>", "<b/><c x='/>'></c><!-- <d> --><![CDATA[<e>]]>".repeat(1_000));
        let limits = Limits::default();
        for (source, line, reason) in [
            (laughs, 2, "document type declaration"),
            (external, 1, "document type declaration"),
            (deep.as_str(), 2, "nested more than"),
            ("<a>\n<b></a>", 2, "no well-formed XML"),
            ("<a>\n&unknown;</a>", 2, "no well-formed XML"),
            ("<a>\n", 1, "it ends in the middle"),
        ] {
            let error = parse(source, &limits).unwrap_err();
            assert_eq!(error.line, Some(line), "{}", error.reason);
            assert!(error.reason.to_string().contains(reason), "{}", error.reason);
        }
        assert!(parse(&flat, &limits).is_ok());
    }

    #[test]
    fn the_encoding_is_that_of_the_declaration_or_the_mark() {
        assert_eq!(decode("<a>é</a>".as_bytes()).unwrap(), "<a>é</a>");
        assert!(decode(b"<?xml version=\"1.0\" encoding='ISO-8859-1'?><a>\xe9</a>").unwrap().contains('é'));
        assert!(decode(b"\xff\xfe<\0a\0/\0>\0").unwrap().contains("<a/>"));
        assert_eq!(decode(b"<a>\n\xe9</a>").unwrap_err().line, Some(2));
    }
}
