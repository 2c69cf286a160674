//! OpenDocument tables: those of a text, and the sheets of a spreadsheet.

use super::super::cell_address::column_name;
use super::super::compose::CellShape;
use super::super::letters::Letters;
use super::super::model::Format;
use super::super::xml::{Element, Node, Nodes, XmlFault};
use super::flow::Flow;

impl Flow<'_, '_> {
    pub(super) fn table(&mut self, nodes: &mut Nodes<'_>, name: String, style: Option<&str>) -> Result<(), XmlFault> {
        // The table of a text box is read as its paragraphs.
        let composed = self.collecting == 0;
        let hidden = self.styles.is_invisible("table", style);
        self.invisible += u32::from(hidden);
        if composed {
            self.composer.begin_table();
        }
        let mut rows = Rows { sheet: (self.format == Format::Ods).then_some(name), ..Rows::default() };
        let outcome = self.rows(nodes, &mut rows, composed);
        if composed {
            self.composer.end_table();
        }
        self.cell_address = None;
        self.invisible -= u32::from(hidden);
        outcome
    }

    fn rows(&mut self, nodes: &mut Nodes<'_>, rows: &mut Rows, composed: bool) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        while nodes.depth() > outside && self.composer.bound().is_none() {
            match nodes.next()? {
                Node::Open(element) => match element.name() {
                    "table-header-rows" => {
                        drop(element);
                        rows.in_head = true;
                        self.rows(nodes, rows, composed)?;
                        rows.in_head = false;
                    }
                    "table-rows" | "table-row-group" => {
                        drop(element);
                        self.rows(nodes, rows, composed)?;
                    }
                    "table-row" => {
                        let repeated = repeats(&element, "number-rows-repeated");
                        let hidden = element.attribute("visibility").is_some_and(|v| v != "visible");
                        drop(element);
                        rows.row = rows.row.saturating_add(1);
                        if composed {
                            self.composer.begin_row();
                        }
                        self.invisible += u32::from(hidden);
                        let outcome = self.cells(nodes, rows, composed);
                        self.invisible -= u32::from(hidden);
                        outcome?;
                        // A row that is repeated with its content is read once.
                        rows.row = rows.row.saturating_add(repeated - 1);
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
        Ok(())
    }

    fn cells(&mut self, nodes: &mut Nodes<'_>, rows: &Rows, composed: bool) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        let mut column: u32 = 1;
        while nodes.depth() > outside && self.composer.bound().is_none() {
            match nodes.next()? {
                Node::Open(element) => {
                    let repeated = repeats(&element, "number-columns-repeated");
                    match element.name() {
                        "table-cell" => {
                            let shape = CellShape {
                                rows: repeats(&element, "number-rows-spanned"),
                                columns: repeats(&element, "number-columns-spanned"),
                                head: rows.in_head,
                            };
                            let shaded = element
                                .attribute("style-name")
                                .is_some_and(|style| self.styles.is_shaded("table-cell", Some(&style)));
                            drop(element);
                            if composed {
                                self.composer.begin_cell(shape);
                                if shaded {
                                    self.composer.cell_is_strong();
                                }
                            }
                            if let Some(sheet) = &rows.sheet {
                                self.cell_address =
                                    Some((sheet.clone(), format!("{}{}", column_name(column), rows.row)));
                            }
                            self.cell_letters.push(Letters::default());
                            let outcome = self.blocks(nodes);
                            if self.cell_letters.pop().is_some_and(|letters| letters.are_bold()) && composed {
                                self.composer.cell_is_strong();
                            }
                            outcome?;
                            if composed && repeated > 1 {
                                self.composer.skip_columns(repeated - 1);
                            }
                        }
                        // It lies under a cell that spans it: the grid knows.
                        "covered-table-cell" => {
                            drop(element);
                            nodes.skip()?;
                        }
                        _ => {
                            drop(element);
                            nodes.skip()?;
                            continue;
                        }
                    }
                    column = column.saturating_add(repeated);
                }
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }
}

/// Where a table is read.
#[derive(Debug, Default)]
struct Rows {
    /// Name of the sheet, in spreadsheets.
    sheet: Option<String>,
    row: u32,
    in_head: bool,
}

fn repeats(element: &Element<'_>, name: &str) -> u32 {
    element.attribute(name).and_then(|v| v.parse().ok()).unwrap_or(1).max(1)
}
