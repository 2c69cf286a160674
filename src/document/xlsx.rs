//! XLSX (ECMA-376, SpreadsheetML): every sheet, row by row, each cell with its address.
//!
//! Own reader and not `calamine`: that crate lays a sheet out as a full grid, so that one cell far out takes
//! gigabytes, and its unpacking has no bound. Here only cells that hold something cost anything. Numbers are
//! shown as they are stored; dates, which are stored as numbers, are not turned back.

use std::collections::{HashMap, HashSet};

use super::cell_address::{column_name, parse};
use super::comments::{Remark, comments, shapes};
use super::compose::{CellShape, Composer};
use super::docx::relations::{self, Relations};
use super::limits::Limits;
use super::line::Line;
use super::model::{Anchor, BlockKind, Document, Format, HealthKind, MarkKind, NotRead};
use super::office_main::{self, MainPart};
use super::package::{Package, PackageFault};
use super::xml::{Node, Nodes, XmlFault};
use crate::saying::{Fill, Saying, say};

/// Reads an XLSX file.
pub(super) fn read(bytes: &[u8], uri: &str, member: Option<&str>, limits: &Limits) -> Result<Document, NotRead> {
    let mut package = Package::open(bytes, limits).map_err(|fault| fault.not_read(uri, member))?;
    let main = MainPart::read(&mut package, "xl/workbook.xml", uri, member, limits)?;
    let links = &main.relations;
    let mut text = |path: &str| office_main::text(&mut package, path);
    let mut composer = Composer::new(limits);
    let mut strings = Vec::new();
    let shared = links.of_type("sharedStrings").next().map(str::to_owned);
    if let Some(path) = shared {
        match text(&path).map(|text| shared_strings(&text.unwrap_or_default(), limits)) {
            Ok(Ok(read)) => strings = read,
            Ok(Err(fault)) => unread(&mut composer, path, fault.said()),
            Err(fault) => unread(&mut composer, path, fault.said()),
        }
    }
    let sheets = sheets(&main.text, limits.depth).map_err(|error| main.broken(&error, uri, member))?;
    let mut hidden = 0;
    for sheet in sheets.iter().take(limits.pages) {
        let outcome = match links.target(&sheet.relation).map_or(Ok(None), &mut text) {
            Ok(Some(text)) => {
                let mut reader = Reader { sheet, strings: &strings, composer: &mut composer, hidden: 0 };
                let outcome = reader.read(&text, limits.depth);
                hidden += reader.hidden;
                outcome.map_err(|fault| fault.said())
            }
            Ok(None) => Err(say!("part-missing")),
            Err(fault) => Err(fault.said()),
        };
        if let Err(reason) = outcome {
            unread(&mut composer, say!("sheet", name = &sheet.name), reason);
        }
        if let Some(path) = links.target(&sheet.relation) {
            let Beside { remarks, faults } = beside(path, &mut text, limits);
            for (part, fault) in faults {
                unread(&mut composer, &part, fault);
            }
            for (kind, remark) in remarks {
                let mut line = Line::default();
                line.push(&remark.text);
                if sheet.hidden && line.mark_from(0, MarkKind::Hidden) {
                    hidden += 1;
                }
                let anchor = Anchor { sheet: Some(sheet.name.clone()), cell: remark.cell, ..Anchor::default() };
                composer.push(kind, line, anchor);
            }
        }
    }
    if sheets.len() > limits.pages {
        composer.unread(HealthKind::PartNotRead, say!("sheets-beyond", n = limits.pages), say!("do-split"));
    }
    composer.remark(HealthKind::HiddenText, hidden, say!("hidden-cells"));
    Ok(composer.finish(uri, member, Format::Xlsx, None))
}

/// What stands on a sheet outside its cells: comments and the text of shapes.
struct Beside {
    remarks: Vec<(BlockKind, Remark)>,
    /// The parts that can't be read, with why.
    faults: Vec<(String, Saying)>,
}

fn beside(sheet: &str, text: &mut impl FnMut(&str) -> Result<Option<String>, PackageFault>, limits: &Limits) -> Beside {
    let links = text(&relations::path_of(sheet)).ok().flatten().unwrap_or_default();
    let links = Relations::read(&links, relations::folder_of(sheet), limits.depth);
    let mut faults = Vec::new();
    let mut read = |kind: &str, of: fn(&str, &Limits) -> Result<Vec<Remark>, XmlFault>| {
        let mut found = Vec::new();
        for path in links.of_type(kind) {
            // More than a document may have: the composer says that not all was read.
            if found.len() > limits.blocks {
                break;
            }
            let part = text(path).map_err(|fault| fault.said());
            match part.and_then(|part| of(&part.unwrap_or_default(), limits).map_err(|fault| fault.said())) {
                Ok(remarks) => found.extend(remarks),
                Err(fault) => faults.push((path.to_owned(), fault)),
            }
        }
        found
    };
    let threads = read("threadedComment", comments);
    let mut remarks = read("comments", comments);
    let with_thread: HashSet<&Option<String>> = threads.iter().map(|thread| &thread.cell).collect();
    remarks.retain(|remark| !with_thread.contains(&remark.cell));
    remarks.extend(threads);
    let shapes = read("drawing", shapes);
    let remarks = remarks.into_iter().map(|remark| (BlockKind::Comment, remark));
    let shapes = shapes.into_iter().map(|shape| (BlockKind::TextBox, shape));
    Beside { remarks: remarks.chain(shapes).collect(), faults }
}

fn unread(composer: &mut Composer, part: impl Into<Fill>, fault: Saying) {
    let part: Fill = part.into();
    composer.unread(HealthKind::PartNotRead, say!("part-fault", part = part, fault = fault), say!("do-save-again"));
}

#[derive(Debug)]
struct Sheet {
    name: String,
    relation: String,
    hidden: bool,
}

fn sheets(workbook: &str, depth: usize) -> Result<Vec<Sheet>, XmlFault> {
    let mut nodes = Nodes::new(workbook, depth);
    let mut sheets = Vec::new();
    loop {
        match nodes.next()? {
            Node::Open(element) if element.name() == "sheet" => {
                let own = |name: &str| element.attribute(name).map(|v| v.into_owned()).unwrap_or_default();
                let hidden = element.attribute("state").is_some_and(|state| state != "visible");
                sheets.push(Sheet { name: own("name"), relation: own("id"), hidden });
            }
            Node::End => return Ok(sheets),
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
        }
    }
}

fn shared_strings(text: &str, limits: &Limits) -> Result<Vec<String>, XmlFault> {
    let mut nodes = Nodes::new(text, limits.depth);
    let mut strings = Vec::new();
    loop {
        match nodes.next()? {
            Node::Open(element) if element.name() == "si" => {
                drop(element);
                strings.push(rich_text(&mut nodes)?);
            }
            Node::End => return Ok(strings),
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
        }
    }
}

/// The text of the string item that was opened last, without its reading aids.
fn rich_text(nodes: &mut Nodes<'_>) -> Result<String, XmlFault> {
    let outside = nodes.depth() - 1;
    let mut text = String::new();
    while nodes.depth() > outside {
        match nodes.next()? {
            Node::Open(element) if element.name() == "rPh" => {
                drop(element);
                nodes.skip()?;
            }
            Node::Open(element) if element.name() == "t" => {
                drop(element);
                text.push_str(&nodes.text()?);
            }
            Node::End => break,
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
        }
    }
    Ok(text)
}

/// Reads one sheet.
struct Reader<'a> {
    sheet: &'a Sheet,
    strings: &'a [String],
    composer: &'a mut Composer,
    hidden: u32,
}

impl Reader<'_> {
    fn read(&mut self, text: &str, depth: usize) -> Result<(), XmlFault> {
        let merged = merged_cells(text);
        self.composer.begin_table();
        let outcome = self.rows(&mut Nodes::new(text, depth), &merged);
        self.composer.end_table();
        outcome
    }

    fn rows(&mut self, nodes: &mut Nodes<'_>, merged: &HashMap<(u32, u32), (u32, u32)>) -> Result<(), XmlFault> {
        let mut row: u32 = 0;
        let mut column: u32 = 0;
        let mut hidden_row = false;
        let mut hidden_columns: Vec<(u32, u32)> = Vec::new();
        while self.composer.bound().is_none() {
            match nodes.next()? {
                Node::Open(element) => {
                    let number = |name: &str| element.attribute(name).and_then(|v| v.parse::<u32>().ok());
                    let is_hidden = element.attribute("hidden").is_some_and(|v| v == "1" || v == "true");
                    match element.name() {
                        "col" if is_hidden => {
                            hidden_columns.push((number("min").unwrap_or(0), number("max").unwrap_or(0)));
                        }
                        "row" => {
                            row = number("r").unwrap_or(row.saturating_add(1));
                            column = 0;
                            hidden_row = is_hidden;
                            self.composer.begin_row();
                        }
                        "c" => {
                            let place = element.attribute("r").and_then(|address| parse(&address));
                            let next = place.map_or(column.saturating_add(1), |(column, _)| column);
                            let kind = element.attribute("t").map(|v| v.into_owned()).unwrap_or_default();
                            drop(element);
                            let value = self.value(nodes, &kind)?;
                            let (rows, columns) = merged.get(&(next, row)).copied().unwrap_or((1, 1));
                            self.composer.skip_columns(next.saturating_sub(column.saturating_add(1)));
                            self.composer.begin_cell(CellShape { rows, columns, head: false });
                            column = next;
                            let hidden = self.sheet.hidden
                                || hidden_row
                                || hidden_columns.iter().any(|(min, max)| (*min..=*max).contains(&next));
                            self.push(&value, &format!("{}{row}", column_name(next)), hidden);
                        }
                        _ => {}
                    }
                }
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }

    /// The value of the cell that was opened last.
    fn value(&self, nodes: &mut Nodes<'_>, kind: &str) -> Result<String, XmlFault> {
        let outside = nodes.depth() - 1;
        let mut value = String::new();
        while nodes.depth() > outside {
            match nodes.next()? {
                Node::Open(element) => match element.name() {
                    "v" => {
                        drop(element);
                        value = nodes.text()?;
                    }
                    "is" => {
                        drop(element);
                        value = rich_text(nodes)?;
                    }
                    _ => {
                        drop(element);
                        nodes.skip()?;
                    }
                },
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(match kind {
            "s" => value
                .trim()
                .parse::<usize>()
                .ok()
                .and_then(|index| self.strings.get(index))
                .cloned()
                .unwrap_or_default(),
            _ => value,
        })
    }

    fn push(&mut self, value: &str, address: &str, hidden: bool) {
        let mut line = Line::default();
        line.push(value);
        if line.is_empty() {
            return;
        }
        if hidden {
            self.hidden += 1;
            line.mark_from(0, MarkKind::Hidden);
        }
        let anchor =
            Anchor { sheet: Some(self.sheet.name.clone()), cell: Some(address.to_owned()), ..Anchor::default() };
        self.composer.push(BlockKind::TableCell, line, anchor);
    }
}

/// For the first cell of each merged range (column, row) how many rows and columns it takes.
fn merged_cells(text: &str) -> HashMap<(u32, u32), (u32, u32)> {
    let mut merged = HashMap::new();
    // The ranges stand after the cells: most sheets have none, which a search tells at once.
    let Some(start) = text.find("mergeCells") else { return merged };
    let mut rest = text.get(start..).unwrap_or_default();
    while let Some(at) = rest.find("ref=\"") {
        rest = rest.get(at + 5..).unwrap_or_default();
        let range = rest.split('"').next().unwrap_or_default();
        if let Some((from, to)) = range.split_once(':')
            && let (Some(from), Some(to)) = (parse(from), parse(to))
        {
            let span = |a: u32, b: u32| b.saturating_sub(a).saturating_add(1);
            merged.insert(from, (span(from.1, to.1), span(from.0, to.0)));
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::super::shown::{check, check_marks};
    use super::*;

    fn xlsx(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, text) in parts {
            writer.start_file(*path, zip::write::SimpleFileOptions::default()).expect("a fresh archive takes files");
            writer.write_all(text.as_bytes()).expect("a vector takes bytes");
        }
        writer.finish().expect("a fresh archive ends").into_inner()
    }

    #[test]
    fn every_sheet_gives_its_cells_with_heads_and_addresses() {
        let bytes = xlsx(&[
            (
                "xl/workbook.xml",
                r#"<workbook><sheets><sheet name="Bordereau" r:id="a"/><sheet name="Old" state="hidden" r:id="b"/></sheets></workbook>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/s1.xml"/><Relationship Id="b" Type="x/worksheet" Target="worksheets/s2.xml"/><Relationship Id="c" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#,
            ),
            ("xl/sharedStrings.xml", "<sst><si><t>Item</t></si><si><r><t>Of</t></r><r><t>fice</t></r></si></sst>"),
            (
                "xl/worksheets/s1.xml",
                r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Prices</t></is></c></row><row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="str"><v>Need</v></c><c r="C3" t="str"><v>Price</v></c></row><row r="4" hidden="1"><c r="A4" t="s"><v>1</v></c><c r="C4"><f>1+1</f><v>2</v></c></row></sheetData><mergeCells><mergeCell ref="A1:C1"/></mergeCells></worksheet>"#,
            ),
            (
                "xl/worksheets/s2.xml",
                r#"<worksheet><sheetData><row><c t="str"><v>past</v></c></row></sheetData></worksheet>"#,
            ),
        ]);
        let document = read(&bytes, "t.xlsx", None, &Limits::default()).expect("the fixture can be read");
        check(
            &document,
            &[
                "td Prices",
                "td Item",
                "td Need",
                "td Price",
                "td Office [col Item]",
                "td 2 [row Office] [col Price]",
                "td past",
            ],
        );
        check_marks(&document, &[("Office", "hidden"), ("2", "hidden"), ("past", "hidden")]);
        assert_eq!(document.place(5, crate::lang::Lang::EN), "Bordereau!C4");
    }

    #[test]
    fn comments_threads_and_shapes_stand_after_their_sheet() {
        let relation = |id: &str, kind: &str, target: &str| {
            format!(r#"<Relationship Id="{id}" Type="x/{kind}" Target="{target}"/>"#)
        };
        let of_sheet = [
            relation("a", "comments", "../comments1.xml"),
            relation("b", "threadedComment", "../threadedComments/t1.xml"),
            relation("c", "drawing", "../drawings/d1.xml"),
        ];
        let bytes = xlsx(&[
            ("xl/workbook.xml", r#"<workbook><sheets><sheet name="S" r:id="a"/></sheets></workbook>"#),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/s.xml"/></Relationships>"#,
            ),
            (
                "xl/worksheets/s.xml",
                r#"<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>Item</v></c></row></sheetData></worksheet>"#,
            ),
            ("xl/worksheets/_rels/s.xml.rels", &format!("<Relationships>{}</Relationships>", of_sheet.concat())),
            (
                "xl/comments1.xml",
                "<comments><authors><author>Ann</author></authors><commentList>\n<comment ref=\"B2\" authorId=\"0\"><text><r><t>Only Of</t></r>\n<r><t>fice</t></r></text></comment><comment ref=\"C3\" authorId=\"0\"><text><t>[Threaded comment] update</t></text></comment></commentList></comments>",
            ),
            (
                "xl/threadedComments/t1.xml",
                r#"<ThreadedComments><threadedComment ref="C3" id="1"><text>Why this make?</text></threadedComment><threadedComment ref="C3" parentId="1"><text>It is in place.</text></threadedComment></ThreadedComments>"#,
            ),
            (
                "xl/drawings/d1.xml",
                "<xdr:wsDr><xdr:twoCellAnchor><xdr:from><xdr:col>3</xdr:col><xdr:row>4</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>Fill in </a:t></a:r><a:r><a:t>here</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>",
            ),
        ]);
        let document = read(&bytes, "t.xlsx", None, &Limits::default()).expect("the fixture can be read");
        check(
            &document,
            &[
                "td Item",
                "Comment Only Office",
                "Comment Why this make?",
                "Comment It is in place.",
                "TextBox Fill in here",
            ],
        );
        let cells: Vec<_> = document.blocks.iter().filter_map(|block| block.anchor.cell.as_deref()).collect();
        assert_eq!(cells, ["A1", "B2", "C3", "C3", "D5"]);
    }

    #[test]
    fn comments_that_cannot_be_read_are_said() {
        let bytes = xlsx(&[
            ("xl/workbook.xml", r#"<workbook><sheets><sheet name="S" r:id="a"/></sheets></workbook>"#),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></Relationships>"#,
            ),
            ("xl/s.xml", "<worksheet/>"),
            (
                "xl/_rels/s.xml.rels",
                r#"<Relationships><Relationship Id="a" Type="x/comments" Target="c.xml"/></Relationships>"#,
            ),
            ("xl/c.xml", "<comments><commentList><comment ref=\"B2\"></text>"),
        ]);
        let document = read(&bytes, "t.xlsx", None, &Limits::default()).expect("the sheet can be read");
        assert!(document.health.notes.iter().any(|note| note.kind == HealthKind::PartNotRead));
    }

    #[test]
    fn a_cell_far_out_costs_nothing() {
        let bytes = xlsx(&[
            ("xl/workbook.xml", r#"<workbook><sheets><sheet name="S" r:id="a"/></sheets></workbook>"#),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></Relationships>"#,
            ),
            (
                "xl/s.xml",
                r#"<worksheet><sheetData><row r="1048576"><c r="XFD1048576" t="str"><v>far</v></c></row></sheetData></worksheet>"#,
            ),
        ]);
        let document = read(&bytes, "t.xlsx", None, &Limits::default()).expect("the fixture can be read");
        assert_eq!(document.place(0, crate::lang::Lang::EN), "S!XFD1048576");
    }
}
