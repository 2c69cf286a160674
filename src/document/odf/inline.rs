//! What stands inside an OpenDocument paragraph: spans, links, notes, comments, text boxes, tracked changes.

use super::super::letters::Letters;
use super::super::line::Line;
use super::super::model::{BlockKind, MarkKind};
use super::super::xml::{Element, Node, Nodes, XmlFault};
use super::flow::Flow;
use super::styles::Look;

/// What was met, for the remarks on the reading.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub deletions: u32,
    pub insertions: u32,
    pub hidden: u32,
    pub placeholders: u32,
}

/// A paragraph while it is read.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub style: Option<String>,
    pub line: Line,
    pub letters: Letters,
    /// Paragraphs of text boxes that are anchored here.
    pub boxes: Vec<Line>,
    /// Notes and comments that are anchored here.
    pub notes: Vec<(BlockKind, Vec<Line>)>,
}

impl Flow<'_, '_> {
    /// Reads the content of the paragraph or span that was opened last.
    pub(super) fn inline(
        &mut self,
        nodes: &mut Nodes<'_>,
        paragraph: &mut Paragraph,
        look: Look,
    ) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        while nodes.depth() > outside {
            match nodes.next()? {
                Node::Text(text) => self.text(&text, paragraph, &look),
                Node::Open(element) => self.inline_element(nodes, element, paragraph, look)?,
                Node::End => break,
                Node::Close(_) => {}
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str, paragraph: &mut Paragraph, look: &Look) {
        paragraph.letters.count(text, look.bold == Some(true), look.language);
        let start = paragraph.line.here();
        paragraph.line.push(text);
        if paragraph.line.here() == start {
            return;
        }
        if look.hidden == Some(true) || self.invisible > 0 {
            self.counts.hidden += 1;
            paragraph.line.mark_from(start, MarkKind::Hidden);
        }
        if look.highlighted == Some(true) {
            paragraph.line.mark_from(start, MarkKind::Highlighted);
        }
        if self.inserting > 0 {
            paragraph.line.mark_from(start, MarkKind::Inserted);
        }
    }

    fn inline_element(
        &mut self,
        nodes: &mut Nodes<'_>,
        element: Element<'_>,
        paragraph: &mut Paragraph,
        look: Look,
    ) -> Result<(), XmlFault> {
        let own = |name: &str| element.attribute(name).map(|v| v.into_owned());
        let start = paragraph.line.here();
        match element.name() {
            "span" => {
                let inner = self.styles.look("text", own("style-name").as_deref()).over(look);
                drop(element);
                self.inline(nodes, paragraph, inner)
            }
            "a" => {
                let target = own("href").filter(|href| !href.starts_with('#'));
                drop(element);
                self.inline(nodes, paragraph, look)?;
                if let Some(target) = target {
                    paragraph.line.mark_from(start, MarkKind::Link(target));
                }
                Ok(())
            }
            "s" | "tab" | "line-break" => {
                paragraph.line.gap();
                Ok(())
            }
            "note" => {
                let kind = match own("note-class").as_deref() {
                    Some("endnote") => BlockKind::Endnote,
                    _ => BlockKind::Footnote,
                };
                drop(element);
                self.note(nodes, kind, paragraph)
            }
            "annotation" => {
                drop(element);
                let lines = self.lines(nodes)?;
                paragraph.notes.push((BlockKind::Comment, lines));
                Ok(())
            }
            "placeholder" => {
                drop(element);
                self.counts.placeholders += 1;
                self.inline(nodes, paragraph, look)?;
                paragraph.line.mark_from(start, MarkKind::Highlighted);
                Ok(())
            }
            "hidden-text" | "hidden-paragraph" => {
                let text = own("string-value");
                drop(element);
                self.inline(nodes, paragraph, Look { hidden: Some(true), ..look })?;
                if paragraph.line.here() == start
                    && let Some(text) = text
                {
                    self.text(&text, paragraph, &Look { hidden: Some(true), ..look });
                }
                Ok(())
            }
            "change-start" | "change-end" => {
                self.change(&element);
                Ok(())
            }
            // Text that a shape holds comes after the paragraph.
            "frame" | "custom-shape" | "rect" | "g" | "ellipse" | "polygon" | "path" | "line" | "connector"
            | "circle" => {
                drop(element);
                let lines = self.lines(nodes)?;
                paragraph.boxes.extend(lines);
                Ok(())
            }
            "ruby-text" | "title" | "desc" | "object" | "object-ole" | "image" | "script" | "note-citation"
            | "event-listeners" | "tracked-changes" => {
                drop(element);
                nodes.skip()
            }
            // Fields, bookmarks and the like hold the text that they show.
            _ => {
                drop(element);
                self.inline(nodes, paragraph, look)
            }
        }
    }

    fn note(&mut self, nodes: &mut Nodes<'_>, kind: BlockKind, paragraph: &mut Paragraph) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        while nodes.depth() > outside {
            match nodes.next()? {
                Node::Open(element) if element.name() == "note-body" => {
                    drop(element);
                    let lines = self.lines(nodes)?;
                    paragraph.notes.push((kind, lines));
                }
                Node::Open(element) => {
                    drop(element);
                    nodes.skip()?;
                }
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }
}
