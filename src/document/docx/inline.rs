//! What stands inside a Word paragraph: runs, links, fields, notes, drawings, tracked changes.

use super::super::field::link_of;
use super::super::line::Line;
use super::super::model::MarkKind;
use super::super::xml::{Element, Node, Nodes, XmlFault};
use super::body::{Alternatives, Body};
use super::paragraph::Paragraph;
use super::styles::{self, RunLook};

/// What is remembered across paragraphs while their content is read.
#[derive(Debug, Default)]
pub(super) struct Inline {
    /// Fields that are open, outermost first.
    fields: Vec<Field>,
    pub deletions: u32,
    pub insertions: u32,
    pub hidden: u32,
    pub highlighted: u32,
    pub placeholders: u32,
}

/// A complex field (ECMA-376 part 1, section 17.16.18): an instruction, then its result.
#[derive(Debug, Default)]
struct Field {
    instruction: String,
    in_result: bool,
    /// Where the result begins in its paragraph; `None` in a later one.
    start: Option<usize>,
}

impl Inline {
    /// Whether text that stands here is part of a field's instruction.
    fn in_instruction(&self) -> bool {
        self.fields.iter().any(|field| !field.in_result)
    }

    /// A field whose instruction does not end in its paragraph is broken: what follows is text. The result
    /// of a field may run over several paragraphs.
    pub fn end_paragraph(&mut self) {
        self.fields.retain(|field| field.in_result);
        for field in &mut self.fields {
            field.start = None;
        }
    }

    fn field_character(&mut self, kind: &str, line: &mut Line) {
        match kind {
            "begin" => self.fields.push(Field::default()),
            "separate" => {
                if let Some(field) = self.fields.last_mut() {
                    field.in_result = true;
                    field.start = Some(line.here());
                }
            }
            _ => {
                if let Some(field) = self.fields.pop()
                    && let (Some(start), Some(target)) = (field.start, link_of(&field.instruction))
                {
                    line.mark_from(start, MarkKind::Link(target));
                }
            }
        }
    }
}

impl Body<'_, '_> {
    /// Reads what stands in a paragraph (or in a part of one) until the depth is `outside`.
    pub(super) fn inline_content(
        &mut self,
        nodes: &mut Nodes<'_>,
        paragraph: &mut Paragraph,
        outside: usize,
    ) -> Result<(), XmlFault> {
        let mut alternatives = Alternatives::default();
        while nodes.depth() > outside {
            match nodes.next()? {
                Node::Open(element) => self.inline_element(nodes, element, paragraph, &mut alternatives)?,
                Node::Close(end) if end.name() == "AlternateContent" => alternatives.close(),
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }

    fn inline_element(
        &mut self,
        nodes: &mut Nodes<'_>,
        element: Element<'_>,
        paragraph: &mut Paragraph,
        alternatives: &mut Alternatives,
    ) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        let start = paragraph.line.here();
        match element.name() {
            "pPr" => {
                drop(element);
                self.paragraph_properties(nodes, paragraph)
            }
            "r" => {
                drop(element);
                self.run(nodes, paragraph)
            }
            "hyperlink" => {
                let target = element.attribute("id").and_then(|id| self.parts.relations.target(&id).map(str::to_owned));
                drop(element);
                self.inline_content(nodes, paragraph, outside)?;
                if let Some(target) = target {
                    paragraph.line.mark_from(start, MarkKind::Link(target));
                }
                Ok(())
            }
            "ins" | "moveTo" => {
                drop(element);
                self.inline_content(nodes, paragraph, outside)?;
                if paragraph.line.here() > start {
                    self.inline.insertions += 1;
                    paragraph.line.mark_from(start, MarkKind::Inserted);
                }
                Ok(())
            }
            "del" | "moveFrom" => {
                self.inline.deletions += 1;
                drop(element);
                nodes.skip()
            }
            "fldSimple" => {
                let target = element.attribute("instr").and_then(|instruction| link_of(&instruction));
                drop(element);
                self.inline_content(nodes, paragraph, outside)?;
                if let Some(target) = target {
                    paragraph.line.mark_from(start, MarkKind::Link(target));
                }
                Ok(())
            }
            "sdtPr" => {
                drop(element);
                self.content_control(nodes)
            }
            "AlternateContent" => {
                alternatives.open();
                Ok(())
            }
            "Choice" | "Fallback" if !alternatives.takes(&element) => {
                drop(element);
                nodes.skip()
            }
            // Properties of formulas hold no text.
            name if name.ends_with("Pr") => {
                drop(element);
                nodes.skip()
            }
            "proofErr" | "permStart" | "permEnd" | "instrText" | "bookmarkStart" | "bookmarkEnd" => {
                drop(element);
                nodes.skip()
            }
            // Everything else only holds more of the same: content controls, smart tags, formulas.
            _ => Ok(()),
        }
    }

    fn paragraph_properties(&mut self, nodes: &mut Nodes<'_>, paragraph: &mut Paragraph) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        let mut in_list = false;
        while nodes.depth() > outside {
            match nodes.next()? {
                Node::Open(element) => {
                    let value = || element.attribute("val").map(|v| v.into_owned());
                    match element.name() {
                        "pStyle" => paragraph.style = value(),
                        "numPr" => in_list = true,
                        "numId" if in_list => paragraph.list = value(),
                        "ilvl" if in_list => paragraph.list_level = styles::level_value(&element),
                        "outlineLvl" => paragraph.outline = styles::level_value(&element),
                        // Inside `rPr`: the paragraph's end was deleted or moved away.
                        "del" | "moveFrom" => paragraph.joined_to_next = true,
                        "pPrChange" | "sectPr" | "rPrChange" => {
                            drop(element);
                            nodes.skip()?;
                        }
                        _ => {}
                    }
                }
                Node::Close(end) if end.name() == "numPr" => in_list = false,
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }

    fn run(&mut self, nodes: &mut Nodes<'_>, paragraph: &mut Paragraph) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        let start = paragraph.line.here();
        let mut alternatives = Alternatives::default();
        let inherited = match self.parts.styles.paragraph(paragraph.style.as_deref()) {
            Some(style) => style.run.clone().over(&self.parts.styles.base),
            None => self.parts.styles.base.clone(),
        };
        let mut look = inherited.clone();
        while nodes.depth() > outside {
            match nodes.next()? {
                Node::Open(element) => match element.name() {
                    "rPr" => {
                        drop(element);
                        let own = styles::read_run_look(nodes)?;
                        look = match own.style.as_deref().and_then(|id| self.parts.styles.character(id)) {
                            Some(style) => own.over(&style.run).over(&inherited),
                            None => own.over(&inherited),
                        };
                    }
                    "t" => {
                        drop(element);
                        let text = nodes.text()?;
                        if !self.inline.in_instruction() {
                            paragraph.count(&text, &look);
                            paragraph.line.push(&text);
                        }
                    }
                    "instrText" => {
                        drop(element);
                        let text = nodes.text()?;
                        if let Some(field) = self.inline.fields.last_mut()
                            && !field.in_result
                        {
                            field.instruction.push_str(&text);
                        }
                    }
                    "delText" | "delInstrText" => {
                        drop(element);
                        self.inline.deletions += 1;
                        nodes.skip()?;
                    }
                    "fldChar" => {
                        let kind = element.attribute("fldCharType").unwrap_or_default().into_owned();
                        drop(element);
                        self.inline.field_character(&kind, &mut paragraph.line);
                        nodes.skip()?;
                    }
                    "tab" | "br" | "cr" | "ptab" => paragraph.line.gap(),
                    "noBreakHyphen" => paragraph.line.push("-"),
                    "sym" => push_symbol(&element, &mut paragraph.line),
                    "footnoteReference" => paragraph.footnotes.extend(element.attribute("id").map(|v| v.into_owned())),
                    "endnoteReference" => paragraph.endnotes.extend(element.attribute("id").map(|v| v.into_owned())),
                    "commentReference" => paragraph.comments.extend(element.attribute("id").map(|v| v.into_owned())),
                    "AlternateContent" => alternatives.open(),
                    "Choice" | "Fallback" if !alternatives.takes(&element) => {
                        drop(element);
                        nodes.skip()?;
                    }
                    "txbxContent" => {
                        drop(element);
                        self.text_box(nodes, paragraph)?;
                    }
                    "drawing" | "pict" | "object" | "Choice" | "Fallback" | "ruby" | "rubyBase" => {}
                    // The reading aid above a word repeats it.
                    "rt" | "rubyPr" => {
                        drop(element);
                        nodes.skip()?;
                    }
                    _ => {}
                },
                Node::Close(end) if end.name() == "AlternateContent" => alternatives.close(),
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        self.mark_look(&look, paragraph, start);
        Ok(())
    }

    fn mark_look(&mut self, look: &RunLook, paragraph: &mut Paragraph, start: usize) {
        if paragraph.line.here() <= start {
            return;
        }
        if look.hidden == Some(true) {
            self.inline.hidden += 1;
            paragraph.line.mark_from(start, MarkKind::Hidden);
        }
        if look.highlighted == Some(true) {
            self.inline.highlighted += 1;
            paragraph.line.mark_from(start, MarkKind::Highlighted);
        }
    }

    /// A text box is anchored inside a run: its paragraphs come after the one that it stands in.
    fn text_box(&mut self, nodes: &mut Nodes<'_>, paragraph: &mut Paragraph) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        let outer_lines = std::mem::take(&mut self.box_lines);
        let outer_inline = std::mem::take(&mut self.inline.fields);
        self.boxes += 1;
        let outcome = self.blocks(nodes, outside);
        self.boxes -= 1;
        self.inline.fields = outer_inline;
        paragraph.boxes.extend(std::mem::replace(&mut self.box_lines, outer_lines));
        outcome
    }
}

/// A character of a symbol font; those of the private use area stand for pictures and are left out.
fn push_symbol(element: &Element<'_>, line: &mut Line) {
    let code = element.attribute("char").and_then(|v| u32::from_str_radix(&v, 16).ok());
    match code.and_then(char::from_u32).filter(|c| !('\u{E000}'..='\u{F8FF}').contains(c)) {
        Some(character) => line.push(character.encode_utf8(&mut [0; 4])),
        None => line.gap(),
    }
}
