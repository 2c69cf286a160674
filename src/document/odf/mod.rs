//! OpenDocument: ODT, ODS and ODP, packed or flat (OASIS ODF 1.3, part 3).
//!
//! One walk over `content.xml` serves all three: a text's paragraphs, a spreadsheet's tables with their cell
//! addresses, a presentation's slides. Headings and list items have their computed numbers; tracked
//! insertions are read and marked, deletions left out and counted; hidden text, rows and sheets are read and
//! marked.

mod flow;
mod inline;
mod styles;
mod tables;

use super::compose::Composer;
use super::limits::Limits;
use super::line::Line;
use super::model::{Anchor, BlockKind, Document, Format, HealthKind, NotRead};
use super::package::{Package, PackageFault};
use super::xml::{self, Node, Nodes};
use crate::lang::Lang;
use crate::saying::say;
use flow::Flow;
use styles::Styles;

/// The XML of a file: three parts, or three times the same for a flat file.
struct Parts {
    content: String,
    styles: Option<String>,
    meta: Option<String>,
}

/// Reads an ODT, ODS or ODP file.
pub(super) fn read(
    bytes: &[u8],
    uri: &str,
    member: Option<&str>,
    format: Format,
    limits: &Limits,
) -> Result<Document, NotRead> {
    let mut composer = Composer::new(limits);
    let parts = if bytes.starts_with(b"PK") {
        let parts = unpack(bytes, limits, &mut composer).map_err(|fault| fault.not_read(uri, member))?;
        parts.ok_or_else(|| {
            NotRead::new(uri, member, say!("no-main-part", path = "content.xml"), say!("do-save-again"))
        })?
    } else {
        Parts { content: xml::decode(bytes).into_owned(), styles: None, meta: None }
    };
    compose(&parts, format, limits, &mut composer);
    Ok(composer.finish(uri, member, format, None))
}

fn unpack(bytes: &[u8], limits: &Limits, composer: &mut Composer) -> Result<Option<Parts>, PackageFault> {
    let mut package = Package::open(bytes, limits)?;
    // An encrypted file is a plain package: its manifest says that its parts are encrypted.
    let manifest = package.part("META-INF/manifest.xml")?.unwrap_or_default();
    if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
        return Err(PackageFault::Encrypted);
    }
    let Some(content) = package.part("content.xml")? else { return Ok(None) };
    let mut text = |name: &str| match package.part(name) {
        Ok(bytes) => bytes.map(|bytes| xml::decode(&bytes).into_owned()),
        Err(fault) => {
            let detail = say!("part-fault", part = name, fault = fault.said());
            composer.unread(HealthKind::PartNotRead, detail, fault.remedy());
            None
        }
    };
    let (styles, meta) = (text("styles.xml"), text("meta.xml"));
    Ok(Some(Parts { content: xml::decode(&content).into_owned(), styles, meta }))
}

fn compose(parts: &Parts, format: Format, limits: &Limits, composer: &mut Composer) {
    let mut styles = Styles::default();
    let mut faults = Vec::new();
    for (name, text) in [("styles.xml", parts.styles.as_deref()), ("content.xml", Some(parts.content.as_str()))] {
        if let Some(text) = text
            && let Err(fault) = styles.read(text, limits.depth)
        {
            faults.push(say!("part-fault", part = name, fault = fault.said()));
        }
    }
    let meta = Meta::read(parts.meta.as_deref().unwrap_or(&parts.content), limits.depth);
    composer.declare_language(styles.base.language.or(meta.language));
    let mut flow = Flow::new(&styles, composer, format);
    let outcome = flow.read(&mut Nodes::new(&parts.content, limits.depth));
    flow.finish(meta.title.as_deref());
    match outcome {
        Ok(()) => {
            // A file that is cut off inside its text was noted below; its styles need no note then.
            for fault in faults {
                composer.unread(HealthKind::PartNotRead, fault, say!("do-save-again"));
            }
        }
        Err(fault) => {
            let detail = say!("part-fault", part = "content.xml", fault = fault.said());
            composer.unread(HealthKind::PartNotRead, detail, say!("do-save-again"));
        }
    }
    let page_styles = parts.styles.as_deref().unwrap_or(&parts.content);
    for (kind, line) in headers_and_footers(page_styles, &styles, limits) {
        composer.push(kind, line, Anchor::default());
    }
}

/// What a file says about itself.
#[derive(Debug, Default)]
struct Meta {
    title: Option<String>,
    language: Option<Lang>,
}

impl Meta {
    fn read(text: &str, depth: usize) -> Meta {
        let mut meta = Meta::default();
        let mut nodes = Nodes::new(text, depth);
        let mut inside = false;
        while let Ok(node) = nodes.next() {
            match node {
                Node::Open(element) => match element.name() {
                    "meta" => inside = true,
                    "title" if inside => meta.title = nodes.text().ok(),
                    "language" if inside => meta.language = nodes.text().ok().and_then(|tag| Lang::from_tag(&tag)),
                    "body" => break,
                    _ => {}
                },
                Node::Close(end) if end.name() == "meta" => break,
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        meta
    }
}

/// Headers and footers of the page styles, each text once.
fn headers_and_footers(text: &str, styles: &Styles, limits: &Limits) -> Vec<(BlockKind, Line)> {
    let mut nodes = Nodes::new(text, limits.depth);
    let mut found: Vec<(BlockKind, Line)> = Vec::new();
    let mut inside = false;
    // A fault in this part was noted when its styles were read.
    while let Ok(node) = nodes.next() {
        match node {
            Node::Open(element) => {
                let kind = match element.name() {
                    "master-styles" => {
                        inside = true;
                        continue;
                    }
                    "header" | "header-left" | "header-first" if inside => BlockKind::Header,
                    "footer" | "footer-left" | "footer-first" if inside => BlockKind::Footer,
                    _ => continue,
                };
                drop(element);
                let mut composer = Composer::new(limits);
                let mut flow = Flow::new(styles, &mut composer, Format::Odt);
                let Ok(lines) = flow.lines(&mut nodes) else { break };
                for line in lines {
                    if !found.iter().any(|(_, known)| known.text() == line.text()) {
                        found.push((kind, line));
                    }
                }
            }
            Node::Close(end) if end.name() == "master-styles" => break,
            Node::End => break,
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests;
