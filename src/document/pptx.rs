//! PPTX (ECMA-376, PresentationML): slides in their order, titles as headings, tables, speaker notes,
//! comments.

use super::comments::comments;
use super::compose::{CellShape, Composer};
use super::docx::relations::{self, Relations};
use super::limits::Limits;
use super::line::Line;
use super::model::{Anchor, BlockKind, Document, Format, HealthKind, MarkKind, NotRead};
use super::office_main::{self, MainPart};
use super::package::Package;
use super::xml::{Node, Nodes, XmlFault};
use crate::saying::{Saying, say};

/// Reads a PPTX file.
pub(super) fn read(bytes: &[u8], uri: &str, member: Option<&str>, limits: &Limits) -> Result<Document, NotRead> {
    let mut package = Package::open(bytes, limits).map_err(|fault| fault.not_read(uri, member))?;
    let main = MainPart::read(&mut package, "ppt/presentation.xml", uri, member, limits)?;
    let links = &main.relations;
    let mut text = |path: &str| office_main::text(&mut package, path);
    let mut composer = Composer::new(limits);
    let ids = slide_ids(&main.text, limits.depth).map_err(|error| main.broken(&error, uri, member))?;
    let mut number = 0;
    for id in ids.iter().take(limits.pages) {
        number += 1;
        composer.set_pages(number);
        let Some(path) = links.target(id) else {
            unread(&mut composer, say!("slide", n = number), say!("part-missing"));
            continue;
        };
        let own = text(&relations::path_of(path)).ok().flatten().unwrap_or_default();
        let own = Relations::read(&own, relations::folder_of(path), limits.depth);
        let notes = own.of_type("notesSlide").next().map(str::to_owned);
        for (part, in_notes) in [(Some(path.to_owned()), false), (notes, true)] {
            let Some(part) = part else { continue };
            let outcome = match text(&part) {
                Ok(Some(text)) => {
                    Slide::new(&mut composer, number, in_notes, &own).read(&text, limits).map_err(|fault| fault.said())
                }
                Ok(None) => Err(say!("part-missing")),
                Err(fault) => Err(fault.said()),
            };
            if let Err(reason) = outcome {
                unread(&mut composer, say!("slide", n = number), reason);
            }
        }
        for part in own.of_type("comments") {
            let read = text(part).map_err(|fault| fault.said());
            match read.and_then(|text| comments(&text.unwrap_or_default(), limits).map_err(|fault| fault.said())) {
                Ok(remarks) => {
                    for remark in remarks {
                        let mut line = Line::default();
                        line.push(&remark.text);
                        composer.push(BlockKind::Comment, line, Anchor { page: Some(number), ..Anchor::default() });
                    }
                }
                Err(fault) => unread(&mut composer, say!("slide", n = number), fault),
            }
        }
    }
    if ids.len() > limits.pages {
        composer.unread(HealthKind::PartNotRead, say!("slides-beyond", n = limits.pages), say!("do-split"));
    }
    Ok(composer.finish(uri, member, Format::Pptx, None))
}

fn unread(composer: &mut Composer, part: Saying, fault: Saying) {
    composer.unread(HealthKind::PartNotRead, say!("part-fault", part = part, fault = fault), say!("do-save-again"));
}

/// The relations of the slides, in the order of the show.
fn slide_ids(presentation: &str, depth: usize) -> Result<Vec<String>, XmlFault> {
    let mut nodes = Nodes::new(presentation, depth);
    let mut ids = Vec::new();
    loop {
        match nodes.next()? {
            Node::Open(element) if element.name() == "sldId" => {
                ids.extend(element.prefixed("r:id").map(|id| id.into_owned()));
            }
            Node::End => return Ok(ids),
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
        }
    }
}

/// Reads one slide or its notes.
struct Slide<'a> {
    composer: &'a mut Composer,
    number: u32,
    in_notes: bool,
    links: &'a Relations,
    /// Kind of the placeholder whose text is read.
    placeholder: Option<String>,
    letters: (u32, u32),
}

impl<'a> Slide<'a> {
    fn new(composer: &'a mut Composer, number: u32, in_notes: bool, links: &'a Relations) -> Slide<'a> {
        Slide { composer, number, in_notes, links, placeholder: None, letters: (0, 0) }
    }

    fn read(&mut self, text: &str, limits: &Limits) -> Result<(), XmlFault> {
        let mut nodes = Nodes::new(text, limits.depth);
        while self.composer.bound().is_none() {
            match nodes.next()? {
                Node::Open(element) => match element.name() {
                    "sp" | "graphicFrame" => self.placeholder = None,
                    "ph" => {
                        let kind = element.attribute("type").map_or_else(|| "body".to_owned(), |v| v.into_owned());
                        self.placeholder = Some(kind);
                    }
                    "tbl" => self.composer.begin_table(),
                    "tr" if self.composer.in_table() => self.composer.begin_row(),
                    "tc" if self.composer.in_table() => {
                        let span = |name: &str| element.attribute(name).and_then(|v| v.parse().ok()).unwrap_or(1);
                        // A cell that another covers holds nothing of its own; the grid leaves its place free.
                        let covered = element.attribute("hMerge").is_some() || element.attribute("vMerge").is_some();
                        if !covered {
                            let shape = CellShape { rows: span("rowSpan"), columns: span("gridSpan"), head: false };
                            self.composer.begin_cell(shape);
                        }
                        self.letters = (0, 0);
                    }
                    "p" if element.full_name() != "p:p" => {
                        drop(element);
                        self.paragraph(&mut nodes)?;
                    }
                    "Fallback" => {
                        drop(element);
                        nodes.skip()?;
                    }
                    _ => {}
                },
                Node::Close(end) => match end.name() {
                    "tbl" => self.composer.end_table(),
                    "tc" if self.letters.0 > 0 && self.letters.0 == self.letters.1 => self.composer.cell_is_strong(),
                    _ => {}
                },
                Node::Text(_) => {}
                Node::End => break,
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, nodes: &mut Nodes<'_>) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        let mut line = Line::default();
        let mut depth: u8 = 0;
        let mut bullet = None;
        let mut bold = false;
        let mut run = 0;
        let mut link = None;
        while nodes.depth() > outside {
            match nodes.next()? {
                Node::Open(element) => match element.name() {
                    "pPr" => depth = element.attribute("lvl").and_then(|v| v.parse().ok()).unwrap_or(0).min(8),
                    "buNone" => bullet = Some(false),
                    "buChar" | "buAutoNum" | "buBlip" => bullet = Some(true),
                    "r" | "fld" => {
                        run = line.here();
                        bold = false;
                        link = None;
                    }
                    "rPr" => bold = element.attribute("b").is_some_and(|v| v == "1" || v == "true"),
                    "hlinkClick" => {
                        link = element.prefixed("r:id").and_then(|id| self.links.target(&id).map(str::to_owned));
                    }
                    "br" => line.gap(),
                    "t" => {
                        drop(element);
                        let text = nodes.text()?;
                        let letters = u32::try_from(text.chars().filter(|c| c.is_alphanumeric()).count()).unwrap_or(0);
                        self.letters.0 = self.letters.0.saturating_add(letters);
                        self.letters.1 = self.letters.1.saturating_add(if bold { letters } else { 0 });
                        line.push(&text);
                    }
                    _ => {}
                },
                Node::Close(end) if matches!(end.name(), "r" | "fld") => {
                    if let Some(target) = link.take() {
                        line.mark_from(run, MarkKind::Link(target));
                    }
                }
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        self.push(line, depth, bullet);
        Ok(())
    }

    fn push(&mut self, line: Line, depth: u8, bullet: Option<bool>) {
        let kind = match (self.placeholder.as_deref(), bullet) {
            (Some("sldNum" | "dt" | "sldImg"), _) => return,
            (Some("ftr"), _) => BlockKind::Footer,
            (Some("hdr"), _) => BlockKind::Header,
            _ if self.in_notes => BlockKind::SpeakerNote,
            _ if self.composer.in_table() => BlockKind::Paragraph,
            (Some("title" | "ctrTitle"), _) => BlockKind::Heading { level: 1 },
            (_, Some(true)) => BlockKind::ListItem { depth },
            // The text of a body placeholder is a list, unless its paragraph says that it is none.
            (Some("body"), None) => BlockKind::ListItem { depth },
            _ => BlockKind::Paragraph,
        };
        self.composer.push(kind, line, Anchor { page: Some(self.number), ..Anchor::default() });
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::super::shown::check;
    use super::*;

    #[test]
    fn slides_come_in_the_order_of_the_show() {
        let paragraph = |text: &str| format!("<a:p><a:r><a:t>{text}</a:t></a:r></a:p>");
        let shape = |kind: &str, text: &str| {
            format!(
                r#"<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:txBody>{}</p:txBody></p:sp>"#,
                paragraph(text)
            )
        };
        let cell = |text: &str| format!("<a:tc><a:txBody>{}</a:txBody></a:tc>", paragraph(text));
        let table = format!("<a:tbl><a:tr>{}{}</a:tr></a:tbl>", cell("Disk"), cell("must"));
        let one = format!("<p:sld>{}{}{table}</p:sld>", shape("title", "Goals"), shape("body", "open"));
        let two = format!("<p:sld>{}</p:sld>", shape("title", "First"));
        let notes = format!("<p:notes>{}{}</p:notes>", shape("body", "say this"), shape("sldNum", "9"));
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, text) in [
            (
                "ppt/presentation.xml",
                r#"<p:presentation><p:sldIdLst><p:sldId id="1" r:id="b"/><p:sldId id="2" r:id="a"/></p:sldIdLst></p:presentation>"#,
            ),
            (
                "ppt/_rels/presentation.xml.rels",
                r#"<Relationships><Relationship Id="a" Type="x/slide" Target="slides/1.xml"/><Relationship Id="b" Type="x/slide" Target="slides/2.xml"/></Relationships>"#,
            ),
            ("ppt/slides/1.xml", &one),
            (
                "ppt/slides/_rels/1.xml.rels",
                r#"<Relationships><Relationship Id="n" Type="x/notesSlide" Target="../notes/1.xml"/><Relationship Id="c" Type="x/comments" Target="../comments/1.xml"/><Relationship Id="d" Type="y/comments" Target="../comments/2.xml"/></Relationships>"#,
            ),
            (
                "ppt/comments/1.xml",
                r#"<p:cmLst><p:cm authorId="0"><p:pos x="1" y="1"/><p:text>Old remark</p:text></p:cm></p:cmLst>"#,
            ),
            (
                "ppt/comments/2.xml",
                "<p188:cmLst><p188:cm><p188:replyLst><p188:reply><p188:txBody><a:p><a:r><a:t>A reply</a:t></a:r></a:p></p188:txBody></p188:reply></p188:replyLst><p188:txBody><a:p><a:r><a:t>Newer</a:t></a:r></a:p><a:p><a:r><a:t>remark</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>",
            ),
            ("ppt/slides/2.xml", &two),
            ("ppt/notes/1.xml", &notes),
        ] {
            writer.start_file(path, zip::write::SimpleFileOptions::default()).expect("a fresh archive takes files");
            writer.write_all(text.as_bytes()).expect("a vector takes bytes");
        }
        let bytes = writer.finish().expect("a fresh archive ends").into_inner();
        let document = read(&bytes, "t.pptx", None, &Limits::default()).expect("the fixture can be read");
        check(
            &document,
            &[
                "h1 First",
                "h1 Goals",
                "li0 open [<Goals]",
                "td Disk [<Goals]",
                "td must [<Goals] [row Disk]",
                "SpeakerNote say this [<Goals]",
                "Comment Old remark [<Goals]",
                "Comment Newer remark [<Goals]",
                "Comment A reply [<Goals]",
            ],
        );
        assert_eq!(document.blocks[2].anchor.page, Some(2));
    }
}
