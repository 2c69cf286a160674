//! The flow of a Word document: paragraphs and tables, in order.

use std::collections::BTreeMap;

use super::super::compose::{CellShape, Composer};
use super::super::letters::Letters;
use super::super::limits::Limits;
use super::super::line::Line;
use super::super::model::{Anchor, BlockKind, HealthKind};
use super::super::opening::Opening;
use super::super::xml::{Element, Node, Nodes, XmlFault};
use super::Parts;
use super::inline::Inline;
use super::paragraph::{self, Paragraph, Trail};
use super::styles;
use crate::saying::say;

/// Reads the body into a composer.
pub(super) struct Body<'p, 'c> {
    pub(super) parts: &'p Parts,
    pub(super) composer: &'c mut Composer,
    pub(super) inline: Inline,
    trail: Trail,
    /// Text of a paragraph whose end was deleted.
    carried: Option<Paragraph>,
    /// How many text boxes we are in; their paragraphs are collected, not composed.
    pub(super) boxes: u32,
    pub(super) box_lines: Vec<Line>,
    opening: Opening,
    has_title: bool,
    /// The letters of the cells that are open.
    cell_letters: Vec<Letters>,
}

impl<'p, 'c> Body<'p, 'c> {
    pub fn new(parts: &'p Parts, composer: &'c mut Composer) -> Body<'p, 'c> {
        Body {
            parts,
            composer,
            inline: Inline::default(),
            trail: Trail::default(),
            carried: None,
            boxes: 0,
            box_lines: Vec::new(),
            opening: Opening::default(),
            has_title: false,
            cell_letters: Vec::new(),
        }
    }

    /// Reads a whole part.
    pub fn read(&mut self, nodes: &mut Nodes<'_>) -> Result<(), XmlFault> {
        self.blocks(nodes, 0)
    }

    /// Reads block content until the element that holds it closes; `outside` is the depth around that element.
    pub(super) fn blocks(&mut self, nodes: &mut Nodes<'_>, outside: usize) -> Result<(), XmlFault> {
        let mut alternatives = Alternatives::default();
        loop {
            if self.composer.bound().is_some() {
                return Ok(());
            }
            match nodes.next()? {
                Node::Open(element) => match element.name() {
                    "p" => {
                        drop(element);
                        self.paragraph(nodes)?;
                    }
                    "tbl" => {
                        drop(element);
                        self.table(nodes)?;
                    }
                    "del" | "moveFrom" => {
                        drop(element);
                        self.inline.deletions += 1;
                        nodes.skip()?;
                    }
                    "AlternateContent" => alternatives.open(),
                    "Choice" | "Fallback" if !alternatives.takes(&element) => {
                        drop(element);
                        nodes.skip()?;
                    }
                    "document" | "body" | "sdt" | "sdtContent" | "customXml" | "smartTag" | "ins" | "moveTo"
                    | "Choice" | "Fallback" | "hdr" | "ftr" => {}
                    "sdtPr" => {
                        drop(element);
                        self.content_control(nodes)?;
                    }
                    "altChunk" => {
                        let detail = say!("embedded-document");
                        self.composer.unread(HealthKind::PartNotRead, detail, say!("do-save-again"));
                        drop(element);
                        nodes.skip()?;
                    }
                    _ => {
                        drop(element);
                        nodes.skip()?;
                    }
                },
                Node::Close(end) => {
                    if end.name() == "AlternateContent" {
                        alternatives.close();
                    }
                    if nodes.depth() <= outside {
                        return Ok(());
                    }
                }
                Node::Text(_) => {}
                Node::End => return Ok(()),
            }
        }
    }

    /// Looks whether a content control shows its placeholder text.
    pub(super) fn content_control(&mut self, nodes: &mut Nodes<'_>) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        while nodes.depth() > outside {
            match nodes.next()? {
                Node::Open(element) if element.name() == "showingPlcHdr" && styles::is_on(&element) => {
                    self.inline.placeholders += 1;
                }
                Node::End => break,
                Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, nodes: &mut Nodes<'_>) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        let mut paragraph = Paragraph::default();
        if let Some(carried) = self.carried.take() {
            paragraph = Paragraph { style: None, list: None, list_level: None, outline: None, ..carried };
            paragraph.joined_to_next = false;
        }
        let outcome = self.inline_content(nodes, &mut paragraph, outside);
        self.inline.end_paragraph();
        if self.boxes > 0 {
            self.box_lines.push(std::mem::take(&mut paragraph.line));
            return outcome;
        }
        if paragraph.joined_to_next && outcome.is_ok() {
            self.carried = Some(paragraph);
            return outcome;
        }
        self.compose(paragraph);
        outcome
    }

    fn compose(&mut self, mut paragraph: Paragraph) {
        if let Some(letters) = self.cell_letters.last_mut() {
            letters.add(&paragraph.letters);
        }
        let judged = self.trail.judge(&mut paragraph, self.parts, self.composer);
        let anchor = Anchor { number: judged.number, ..Anchor::default() };
        let index = match judged.kind {
            // A second title is a heading that someone styled as a title.
            BlockKind::Title if self.has_title => {
                self.composer.push(BlockKind::Heading { level: 1 }, judged.line, anchor)
            }
            BlockKind::ListItem { depth } if judged.goes_on => self.composer.push_next_item(depth, judged.line, anchor),
            kind => self.composer.push(kind, judged.line, anchor),
        };
        if let Some(index) = index {
            self.has_title |= judged.kind == BlockKind::Title;
            if !self.composer.in_table() {
                self.opening.push(index, paragraph.size, judged.by_look);
            }
            if let Some(block) = self.composer.block_mut(index) {
                block.language = paragraph.letters.language();
            }
        }
        paragraph::push_attached(&mut paragraph, self.parts, self.composer);
    }

    fn table(&mut self, nodes: &mut Nodes<'_>) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        // The table of a text box is read as its paragraphs.
        let composed = self.boxes == 0;
        if composed {
            self.composer.begin_table();
        }
        let outcome = self.rows(nodes, outside, composed);
        if composed {
            self.flush_carried();
            self.composer.end_table();
        }
        outcome
    }

    fn rows(&mut self, nodes: &mut Nodes<'_>, outside: usize, composed: bool) -> Result<(), XmlFault> {
        let mut head_row = false;
        while nodes.depth() > outside && self.composer.bound().is_none() {
            match nodes.next()? {
                Node::Open(element) => match element.name() {
                    "tr" => {
                        head_row = false;
                        if composed {
                            self.flush_carried();
                            self.composer.begin_row();
                        }
                    }
                    "trPr" => {
                        drop(element);
                        let row = read_row_properties(nodes)?;
                        head_row = row.head;
                        if row.deleted {
                            self.inline.deletions += 1;
                            // The rest of the row: `w:tr` is one level up.
                            skip_to(nodes, nodes.depth().saturating_sub(1))?;
                        } else if composed {
                            self.composer.skip_columns(row.columns_before);
                        }
                    }
                    "tc" => {
                        drop(element);
                        self.cell(nodes, head_row, composed)?;
                    }
                    "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" => {}
                    _ => {
                        drop(element);
                        nodes.skip()?;
                    }
                },
                Node::Close(_) | Node::Text(_) => {}
                Node::End => break,
            }
        }
        Ok(())
    }

    fn cell(&mut self, nodes: &mut Nodes<'_>, head: bool, composed: bool) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        if composed {
            self.flush_carried();
        }
        // The properties are the first child, if they are there at all.
        let mut properties = CellProperties { columns: 1, ..CellProperties::default() };
        let first = loop {
            match nodes.next()? {
                Node::Open(element) if element.name() == "tcPr" => {
                    drop(element);
                    properties = read_cell_properties(nodes)?;
                    break None;
                }
                Node::Open(element) => break Some(element.name().to_owned()),
                Node::Close(_) if nodes.depth() <= outside => break Some(String::new()),
                Node::End => return Ok(()),
                Node::Close(_) | Node::Text(_) => {}
            }
        };
        if properties.continues_above && composed {
            self.composer.continue_cell_above(properties.columns);
            return skip_to(nodes, outside);
        }
        if composed {
            self.composer.begin_cell(CellShape { rows: 1, columns: properties.columns, head });
            if properties.shaded {
                self.composer.cell_is_strong();
            }
        }
        self.cell_letters.push(Letters::default());
        let outcome = match first.as_deref() {
            Some("") => Ok(()),
            Some("p") => self.paragraph(nodes).and_then(|()| self.blocks(nodes, outside)),
            Some("tbl") => self.table(nodes).and_then(|()| self.blocks(nodes, outside)),
            _ => self.blocks(nodes, outside),
        };
        if composed {
            self.flush_carried();
        }
        if self.cell_letters.pop().is_some_and(|letters| letters.are_bold()) && composed {
            self.composer.cell_is_strong();
        }
        outcome
    }

    /// A paragraph whose end was deleted can't go on in another cell.
    fn flush_carried(&mut self) {
        if let Some(carried) = self.carried.take() {
            self.compose(carried);
        }
    }

    /// Ends the reading: the last remarks, and the title where no style names it.
    pub fn finish(mut self, core_title: Option<&str>) {
        self.flush_carried();
        if !self.has_title {
            let plain = self.parts.styles.base.size.unwrap_or(20);
            self.opening.find_title(core_title, plain, self.composer);
        }
        self.composer.title_from_only_heading();
        let counts = &self.inline;
        let remarks = [
            (HealthKind::TrackedDeletions, counts.deletions, say!("deletions")),
            (HealthKind::TrackedInsertions, counts.insertions, say!("insertions")),
            (HealthKind::HiddenText, counts.hidden, say!("hidden-runs")),
            (HealthKind::Placeholder, counts.placeholders, say!("controls")),
            (HealthKind::Placeholder, counts.highlighted, say!("highlighted")),
        ];
        for (kind, count, detail) in remarks {
            self.composer.remark(kind, count, detail);
        }
    }
}

/// Reads on until the depth is `outside`.
fn skip_to(nodes: &mut Nodes<'_>, outside: usize) -> Result<(), XmlFault> {
    while nodes.depth() > outside {
        if let Node::End = nodes.next()? {
            break;
        }
    }
    Ok(())
}

/// Which branch of `mc:AlternateContent` is read: the first choice, and the fallback only where there is no
/// choice.
#[derive(Debug, Default)]
pub(super) struct Alternatives(Vec<bool>);

impl Alternatives {
    pub fn open(&mut self) {
        self.0.push(false);
    }

    pub fn close(&mut self) {
        self.0.pop();
    }

    /// Whether this branch is to be read.
    pub fn takes(&mut self, _branch: &Element<'_>) -> bool {
        match self.0.last_mut() {
            Some(taken) => !std::mem::replace(taken, true),
            None => false,
        }
    }
}

#[derive(Debug, Default)]
struct RowProperties {
    head: bool,
    deleted: bool,
    columns_before: u32,
}

fn read_row_properties(nodes: &mut Nodes<'_>) -> Result<RowProperties, XmlFault> {
    let outside = nodes.depth() - 1;
    let mut row = RowProperties::default();
    while nodes.depth() > outside {
        match nodes.next()? {
            Node::Open(element) => match element.name() {
                "tblHeader" => row.head = styles::is_on(&element),
                "del" => row.deleted = true,
                "gridBefore" => row.columns_before = element.attribute("val").and_then(|v| v.parse().ok()).unwrap_or(0),
                _ => {}
            },
            Node::End => break,
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    Ok(row)
}

#[derive(Debug, Default)]
struct CellProperties {
    columns: u32,
    continues_above: bool,
    shaded: bool,
}

fn read_cell_properties(nodes: &mut Nodes<'_>) -> Result<CellProperties, XmlFault> {
    let outside = nodes.depth() - 1;
    let mut cell = CellProperties { columns: 1, ..CellProperties::default() };
    while nodes.depth() > outside {
        match nodes.next()? {
            Node::Open(element) => match element.name() {
                "gridSpan" => cell.columns = element.attribute("val").and_then(|v| v.parse().ok()).unwrap_or(1),
                "vMerge" => cell.continues_above = element.attribute("val").is_none_or(|v| v != "restart"),
                "shd" => {
                    let fill = element.attribute("fill").unwrap_or_default().to_ascii_uppercase();
                    cell.shaded = !matches!(fill.as_str(), "" | "AUTO" | "FFFFFF");
                }
                "tcPrChange" => {
                    drop(element);
                    nodes.skip()?;
                }
                _ => {}
            },
            Node::End => break,
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    Ok(cell)
}

/// The paragraphs of `footnotes.xml`, `endnotes.xml` or `comments.xml` by the id of their note; separators
/// are left out.
pub(super) fn read_notes(text: &str, parts: &Parts, limits: &Limits) -> Result<BTreeMap<String, Vec<Line>>, XmlFault> {
    let mut nodes = Nodes::new(text, limits.depth);
    let mut notes = BTreeMap::new();
    loop {
        match nodes.next()? {
            Node::Open(element) if matches!(element.name(), "footnote" | "endnote" | "comment") => {
                let id = element.attribute("id").unwrap_or_default().into_owned();
                let separates = element.attribute("type").is_some_and(|kind| kind != "normal");
                drop(element);
                if separates {
                    nodes.skip()?;
                } else {
                    notes.insert(id, lines_of(&mut nodes, parts, limits)?);
                }
            }
            Node::End => return Ok(notes),
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
        }
    }
}

/// The paragraphs of a header or footer part.
pub(super) fn read_lines(text: &str, parts: &Parts, limits: &Limits) -> Result<Vec<Line>, XmlFault> {
    let mut nodes = Nodes::new(text, limits.depth);
    loop {
        match nodes.next()? {
            Node::Open(_) => return lines_of(&mut nodes, parts, limits),
            Node::End => return Ok(Vec::new()),
            Node::Close(_) | Node::Text(_) => {}
        }
    }
}

/// The paragraphs of the element that was opened last, read as those of a text box.
fn lines_of(nodes: &mut Nodes<'_>, parts: &Parts, limits: &Limits) -> Result<Vec<Line>, XmlFault> {
    let outside = nodes.depth() - 1;
    let mut composer = Composer::new(limits);
    let mut body = Body::new(parts, &mut composer);
    body.boxes = 1;
    body.blocks(nodes, outside)?;
    Ok(body.box_lines.into_iter().filter(|line| !line.is_empty()).collect())
}
