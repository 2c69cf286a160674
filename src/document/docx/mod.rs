//! DOCX (ECMA-376, WordprocessingML).
//!
//! Read: headings with their computed numbers, lists, tables with merged cells and tables inside them, text
//! boxes, footnotes, endnotes, comments, headers and footers, content controls, the results of fields.
//! Tracked insertions are read and marked; tracked deletions are left out and counted; hidden text is read
//! and marked. What stands twice for old programs (`mc:Fallback`) is read once.
//!
//! Many real tenders have no heading styles: a short paragraph that is bold throughout acts as a heading.

mod body;
mod inline;
mod numbering;
mod paragraph;
pub(super) mod relations;
mod styles;

use std::collections::BTreeMap;

use super::compose::Composer;
use super::limits::Limits;
use super::line::Line;
use super::model::{Anchor, BlockKind, Document, Format, HealthKind, NotRead};
use super::office_main;
use super::package::Package;
use super::xml::{self, Node, Nodes};
use crate::saying::{Saying, say};
use body::Body;
use relations::Relations;

/// Everything beside the main part that the body refers to.
#[derive(Debug, Default)]
struct Parts {
    styles: styles::Styles,
    numbering: numbering::Numbering,
    relations: Relations,
    footnotes: BTreeMap<String, Vec<Line>>,
    endnotes: BTreeMap<String, Vec<Line>>,
    comments: BTreeMap<String, Vec<Line>>,
}

/// Reads a DOCX file.
pub(super) fn read(bytes: &[u8], uri: &str, member: Option<&str>, limits: &Limits) -> Result<Document, NotRead> {
    let mut package = Package::open(bytes, limits).map_err(|fault| fault.not_read(uri, member))?;
    let main = main_part(&mut package, limits.depth);
    let Some(main_bytes) = package.part(&main).map_err(|fault| fault.not_read(uri, member))? else {
        return Err(NotRead::new(uri, member, say!("no-main-part", path = &main), say!("do-save-again")));
    };
    let mut composer = Composer::new(limits);
    let mut source = Source { package, limits, faults: Vec::new() };
    let parts = source.parts(&main);
    composer.declare_language(parts.styles.base.language);
    let title = source.core_title();
    {
        let text = xml::decode(&main_bytes);
        let mut body = Body::new(&parts, &mut composer);
        if let Err(fault) = body.read(&mut Nodes::new(&text, limits.depth)) {
            source.faults.push(say!("part-fault", part = &main, fault = fault.said()));
        }
        body.finish(title.as_deref());
    }
    source.headers_and_footers(&parts, &mut composer);
    for fault in source.faults {
        composer.unread(HealthKind::PartNotRead, fault, say!("do-save-again"));
    }
    Ok(composer.finish(uri, member, Format::Docx, None))
}

/// The path of the main part, which the package's relations name.
fn main_part(package: &mut Package<'_>, depth: usize) -> String {
    let relations = package.part("_rels/.rels").ok().flatten().unwrap_or_default();
    office_main::path_in(&xml::decode(&relations), "word/document.xml", depth)
}

/// The package while its parts are read; what can't be read is noted and left out.
struct Source<'a> {
    package: Package<'a>,
    limits: &'a Limits,
    faults: Vec<Saying>,
}

impl Source<'_> {
    fn text(&mut self, path: &str) -> Option<String> {
        match self.package.part(path) {
            Ok(bytes) => bytes.map(|bytes| xml::decode(&bytes).into_owned()),
            Err(fault) => {
                self.faults.push(say!("part-fault", part = path, fault = fault.said()));
                None
            }
        }
    }

    /// Reads a part by `read`; a fault gives the default and a note.
    fn read<T: Default>(
        &mut self,
        path: Option<&str>,
        read: impl FnOnce(&str, usize) -> Result<T, xml::XmlFault>,
    ) -> T {
        let Some(path) = path else { return T::default() };
        let Some(text) = self.text(path) else { return T::default() };
        read(&text, self.limits.depth).unwrap_or_else(|fault| {
            self.faults.push(say!("part-fault", part = path, fault = fault.said()));
            T::default()
        })
    }

    fn parts(&mut self, main: &str) -> Parts {
        let relations = self.text(&relations::path_of(main)).map_or_else(Relations::default, |text| {
            Relations::read(&text, relations::folder_of(main), self.limits.depth)
        });
        let target = |kind: &str| relations.of_type(kind).next().map(str::to_owned);
        let (styles, numbering) = (target("styles"), target("numbering"));
        let (footnotes, endnotes, comments) = (target("footnotes"), target("endnotes"), target("comments"));
        let mut parts = Parts {
            styles: self.read(styles.as_deref(), styles::Styles::read),
            numbering: self.read(numbering.as_deref(), numbering::Numbering::read),
            relations,
            ..Parts::default()
        };
        let limits = self.limits;
        let read_notes = |text: &str, _: usize| body::read_notes(text, &Parts::default(), limits);
        parts.footnotes = self.read(footnotes.as_deref(), read_notes);
        parts.endnotes = self.read(endnotes.as_deref(), read_notes);
        parts.comments = self.read(comments.as_deref(), read_notes);
        parts
    }

    /// `dc:title` of the core properties.
    fn core_title(&mut self) -> Option<String> {
        let text = self.text("docProps/core.xml")?;
        let mut nodes = Nodes::new(&text, self.limits.depth);
        while let Ok(node) = nodes.next() {
            match node {
                Node::Open(element) if element.name() == "title" => return nodes.text().ok(),
                Node::End => break,
                Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            }
        }
        None
    }

    /// Headers and footers stand after the text, each text once.
    fn headers_and_footers(&mut self, parts: &Parts, composer: &mut Composer) {
        let mut seen = std::collections::BTreeSet::new();
        for (kind, block) in [("header", BlockKind::Header), ("footer", BlockKind::Footer)] {
            let paths: Vec<String> = parts.relations.of_type(kind).map(str::to_owned).collect();
            for path in paths {
                let limits = self.limits;
                let lines = self.read(Some(&path), |text, _| body::read_lines(text, parts, limits));
                for line in lines {
                    if seen.insert(line.text().to_owned()) {
                        composer.push(block, line, Anchor::default());
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
