//! Finds the fields of a notice in an XML tree, by the table of terms.

use roxmltree::Node;

use super::entry::Entry;
use super::terms::{Kind, Row, Terms};
use super::text::{Paragraph, paragraphs};
use super::xml;
use crate::lang::Lang;

/// Which fields to collect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    /// Titles and texts: for a translation, whose codes repeat those of the original.
    TextsOnly,
}

/// Collects the fields below an element.
pub(super) struct XmlFields<'a> {
    pub source: &'a str,
    pub terms: &'static Terms,
    pub wanted: Wanted,
    /// The element that holds the paragraphs of a text (TED's `P`); `None` where a text is one string.
    pub paragraph: Option<&'static str>,
    pub entries: Vec<Entry>,
}

/// What holds for everything below an element.
#[derive(Debug, Clone, Default)]
pub(super) struct Inherited {
    pub lot: Option<String>,
    pub language: Option<Lang>,
}

impl XmlFields<'_> {
    /// Collects the fields of an element and of all below it. `path` is the element's XPath.
    pub fn collect(&mut self, node: Node<'_, '_>, path: &str, inherited: &Inherited) {
        let rows: Vec<&'static Row> = self.terms.rows(node.tag_name().name()).iter().collect();
        let mut inherited = inherited.clone();
        let mut taken: Vec<(Kind, Option<&str>)> = Vec::new();
        for row in rows {
            if taken.contains(&(row.kind, row.attribute)) || !xml::meets(row, node) {
                continue;
            }
            taken.push((row.kind, row.attribute));
            if row.kind == Kind::Lot {
                inherited.lot = lot_id(row, node).or(inherited.lot);
            }
            if self.wanted == Wanted::All || matches!(row.kind, Kind::Title | Kind::Text) {
                self.entries.extend(self.entry(row, node, path, &inherited));
            }
        }
        let names: Vec<(&str, Node<'_, '_>)> =
            node.children().filter(Node::is_element).map(|child| (child.tag_name().name(), child)).collect();
        for (index, (name, child)) in names.iter().enumerate() {
            let before = names[..index].iter().filter(|(other, _)| other == name).count();
            let alone = before == 0 && !names[index + 1..].iter().any(|(other, _)| other == name);
            self.collect(*child, &step(path, *child, (!alone).then_some(before + 1)), &inherited);
        }
    }

    fn entry(&self, row: &'static Row, node: Node<'_, '_>, path: &str, inherited: &Inherited) -> Option<Entry> {
        let mut entry = Entry {
            row,
            value: String::new(),
            unit: None,
            code: None,
            lot: inherited.lot.clone(),
            language: None,
            path: path.to_owned(),
            span: node.range(),
            paragraphs: Vec::new(),
        };
        match row.kind {
            Kind::Title | Kind::Text => {
                entry.language = language(node).or(inherited.language);
                entry.paragraphs = self.paragraphs(node);
                entry.value = joined(&entry.paragraphs);
            }
            Kind::Lot => entry.value = lot_id(row, node)?,
            Kind::Flag => {
                entry.value = row.value.to_owned();
                entry.code = Some(node.tag_name().name().to_owned());
                entry.span = start_tag(self.source, node);
            }
            Kind::Code | Kind::Measure => match row.attribute {
                Some(attribute) => {
                    let attribute = node.attribute_node(attribute)?;
                    entry.value = attribute.value().trim().to_owned();
                    entry.path = format!("{path}/@{}", attribute.name());
                    entry.span = attribute.range();
                }
                None => entry.value = node.text()?.trim().to_owned(),
            },
        }
        if row.kind == Kind::Measure {
            entry.unit = match row.value.strip_prefix('@') {
                Some(attribute) => node.attribute(attribute).map(str::to_owned),
                None => Some(row.value.to_owned()),
            };
        }
        (!entry.value.is_empty()).then_some(entry)
    }

    fn paragraphs(&self, node: Node<'_, '_>) -> Vec<Paragraph> {
        let parts = node.children().filter(|child| Some(child.tag_name().name()) == self.paragraph);
        let of_parts: Vec<Paragraph> =
            parts.flat_map(|part| paragraphs(xml::characters(self.source, part.range()))).collect();
        match of_parts.is_empty() {
            true => paragraphs(xml::characters(self.source, node.range())),
            false => of_parts,
        }
    }
}

/// The texts of paragraphs on one line.
pub(super) fn joined(paragraphs: &[Paragraph]) -> String {
    paragraphs.iter().map(|paragraph| paragraph.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The XPath of a child; `number` (1-based) where siblings share its name.
pub(super) fn step(path: &str, child: Node<'_, '_>, number: Option<usize>) -> String {
    let (prefix, name) = (xml::prefix(child), child.tag_name().name());
    let colon = if prefix.is_empty() { "" } else { ":" };
    match number {
        Some(number) => format!("{path}/{prefix}{colon}{name}[{number}]"),
        None => format!("{path}/{prefix}{colon}{name}"),
    }
}

fn lot_id(row: &Row, node: Node<'_, '_>) -> Option<String> {
    let mut element = node;
    for name in row.value.split('/') {
        let name = name.split_once(':').map_or(name, |(_, local)| local);
        element = element.children().find(|child| child.is_element() && child.tag_name().name() == name)?;
    }
    element.text().map(|id| id.trim().to_owned()).filter(|id| !id.is_empty())
}

/// `languageID` (eForms) or `LG` (TED).
fn language(node: Node<'_, '_>) -> Option<Lang> {
    node.attribute("languageID").or_else(|| node.attribute("LG")).and_then(Lang::from_tag)
}

fn start_tag(source: &str, node: Node<'_, '_>) -> std::ops::Range<usize> {
    let range = node.range();
    let end =
        source.get(range.clone()).and_then(|element| element.find('>')).map_or(range.end, |at| range.start + at + 1);
    range.start..end
}
