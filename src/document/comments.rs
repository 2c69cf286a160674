//! Comments of spreadsheets and slides, and the text of shapes that lie on a sheet.
//!
//! Four shapes of comments are read: those of cells (ECMA-376 §18.7.3) and the threads that newer programs write
//! beside them (MS-XLSX §2.6.205); those of slides (ECMA-376 §19.4.1) and the newer ones with replies (MS-PPTX
//! §2.21.2). Where a cell has a thread, its older comment only says that a newer program is needed.

use super::cell_address::column_name;
use super::limits::Limits;
use super::xml::{Node, Nodes, XmlFault};

/// A comment, or a paragraph of a shape.
#[derive(Debug, Default)]
pub(super) struct Remark {
    /// Address of the cell that it belongs to or lies on.
    pub cell: Option<String>,
    pub text: String,
}

/// The comments of one part, each before its replies.
pub(super) fn comments(part: &str, limits: &Limits) -> Result<Vec<Remark>, XmlFault> {
    let is_comment = |name: &str| matches!(name, "comment" | "threadedComment" | "cm" | "reply");
    let mut nodes = Nodes::new(part, limits.depth);
    let mut found: Vec<Remark> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    // One more than a document may have: the composer then says that not all was read.
    while found.len() <= limits.blocks {
        match nodes.next()? {
            Node::Open(element) if is_comment(element.name()) => {
                open.push(found.len());
                let cell = element.attribute("ref").map(|cell| cell.into_owned());
                found.push(Remark { cell, text: String::new() });
            }
            // Reading aids, which repeat the text in another script.
            Node::Open(element) if element.name() == "rPh" => {
                drop(element);
                nodes.skip()?;
            }
            Node::Open(element) => {
                let (name, is_text) = (element.name().to_owned(), element.name() == "t");
                drop(element);
                if let Some(remark) = open.last().and_then(|index| found.get_mut(*index)) {
                    if is_text {
                        remark.text.push_str(&nodes.text()?);
                    } else if matches!(name.as_str(), "p" | "br") {
                        remark.text.push(' ');
                    }
                }
            }
            Node::Text(text) => {
                if let Some(remark) = open.last().and_then(|index| found.get_mut(*index))
                    && !text.trim().is_empty()
                {
                    remark.text.push_str(&text);
                }
            }
            Node::Close(end) if is_comment(end.name()) => {
                // Without text it is none; one with replies has to keep its place.
                if open.pop().is_some_and(|index| index + 1 == found.len()) {
                    found.pop_if(|remark| remark.text.is_empty());
                }
            }
            Node::Close(_) => {}
            Node::End => break,
        }
    }
    Ok(found)
}

/// The paragraphs of the shapes of a sheet's drawing, each with the cell on which its shape begins.
pub(super) fn shapes(part: &str, limits: &Limits) -> Result<Vec<Remark>, XmlFault> {
    let mut nodes = Nodes::new(part, limits.depth);
    let mut found: Vec<Remark> = Vec::new();
    let (mut column, mut row, mut in_from, mut in_paragraph) = (0_u32, 0_u32, false, false);
    while found.len() <= limits.blocks {
        match nodes.next()? {
            Node::Open(element) => {
                let name = element.name().to_owned();
                drop(element);
                match name.as_str() {
                    "from" => in_from = true,
                    "col" if in_from => column = nodes.text()?.trim().parse().unwrap_or(0),
                    "row" if in_from => row = nodes.text()?.trim().parse().unwrap_or(0),
                    "p" => {
                        in_paragraph = true;
                        let cell = format!("{}{}", column_name(column.saturating_add(1)), row.saturating_add(1));
                        found.push(Remark { cell: Some(cell), text: String::new() });
                    }
                    "t" if in_paragraph => {
                        let text = nodes.text()?;
                        if let Some(remark) = found.last_mut() {
                            remark.text.push_str(&text);
                        }
                    }
                    _ => {}
                }
            }
            Node::Close(end) => match end.name() {
                "from" => in_from = false,
                "p" => {
                    in_paragraph = false;
                    found.pop_if(|remark| remark.text.is_empty());
                }
                _ => {}
            },
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    Ok(found)
}
