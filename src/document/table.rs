//! Which cells head the rows and columns of a table.
//!
//! A head row is taken from the file where the file declares one (`<th>`, Word's repeated head rows). Many
//! tables declare nothing: then a first row that looks like a head (bold, shaded, or short words over three
//! columns or more) is one.

use std::ops::Range;

use super::model::{Block, BlockKind};

/// A cell in its grid. Rows and columns are 1-based.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub row: u32,
    pub column: u32,
    /// Rows and columns that it takes, at least 1.
    pub rows: u32,
    pub columns: u32,
    /// Declared as a head cell.
    pub head: bool,
    /// It looks like a head: all letters bold, or the cell shaded.
    pub strong: bool,
    /// Its blocks.
    pub blocks: Range<usize>,
}

/// A head cell is seldom longer than this (bytes).
const HEAD_BYTES: usize = 80;
/// A head seldom has more rows.
const MOST_HEAD_ROWS: usize = 3;
/// Columns beyond this have no head.
const MOST_COLUMNS: usize = 4096;

/// Sets row and column heads on the blocks of one table, and makes headings of the rows that title a part of
/// it. `cells` are in order of their rows.
pub(super) fn link_heads(blocks: &mut [Block], cells: &[Cell]) {
    let rows: Vec<&[Cell]> = cells.chunk_by(|a, b| a.row == b.row).collect();
    let width = cells.iter().map(|cell| cell.column + cell.columns - 1).max().unwrap_or(0);
    if width < 2 {
        return;
    }
    let heads = head_rows(blocks, &rows, width);
    let mut column_heads: Vec<Option<usize>> = vec![None; (width as usize).min(MOST_COLUMNS)];
    for cell in rows.get(heads.clone()).into_iter().flatten().copied().flatten() {
        if cell.blocks.is_empty() {
            continue;
        }
        let from = (cell.column as usize - 1).min(column_heads.len());
        let to = (from + cell.columns as usize).min(column_heads.len());
        column_heads[from..to].fill(Some(cell.blocks.start));
    }
    title_parts(blocks, &rows, heads.end, width);

    // The head of the row above, as long as it reaches down: its last row, its column, its block.
    let mut reaching: Option<(u32, u32, usize)> = None;
    for row in rows.iter().skip(heads.end) {
        let number = row.first().map_or(0, |cell| cell.row);
        reaching = reaching.filter(|(last, _, _)| *last >= number);
        let own = row
            .iter()
            .find(|cell| has_words(blocks, cell))
            .map(|cell| (cell.row + cell.rows - 1, cell.column, cell.blocks.start));
        let head = match (reaching, own) {
            (Some(above), Some(own)) if own.1 < above.1 => Some(own),
            (Some(above), _) => Some(above),
            (None, own) => own,
        };
        for cell in *row {
            let column_head = column_heads.get(cell.column as usize - 1).copied().flatten();
            for index in cell.blocks.clone() {
                let Some(block) = blocks.get_mut(index) else { break };
                if block.row_head.is_none() {
                    block.row_head = head.filter(|(_, column, _)| *column < cell.column).map(|(_, _, head)| head);
                }
                if block.column_head.is_none() && !matches!(block.kind, BlockKind::Heading { .. }) {
                    block.column_head = column_head;
                }
            }
        }
        reaching = head.filter(|(last, _, _)| *last > number);
    }
}

/// Whether the cell holds a letter: a running number alone heads no row.
fn has_words(blocks: &[Block], cell: &Cell) -> bool {
    blocks
        .get(cell.blocks.clone())
        .is_some_and(|own| own.iter().any(|b| b.text.chars().filter(|c| c.is_alphabetic()).count() > 1))
}

/// Which rows are heads: those that are declared, or the first row of several cells where it looks like one,
/// with the rows below that split its cells up. Rows of one cell above it title the table.
fn head_rows(blocks: &[Block], rows: &[&[Cell]], width: u32) -> Range<usize> {
    let filled = |row: &[Cell]| row.iter().any(|cell| !cell.blocks.is_empty());
    let declared =
        rows.iter().take_while(|row| filled(row) && row.iter().all(|cell| cell.head || cell.blocks.is_empty())).count();
    // A table that consists of heads has none.
    if declared > 0 && declared < rows.len() {
        return 0..declared;
    }
    let several = |row: &&[Cell]| row.iter().filter(|cell| !cell.blocks.is_empty()).count() > 1;
    let Some(first) = rows.iter().position(several) else { return 0..0 };
    let mut end = first;
    // Cells of the head that reach down, or that span columns, have a second row below them.
    let mut reach = first + 1;
    while let Some(row) = rows.get(end)
        && end < (first + MOST_HEAD_ROWS).min(reach)
        && looks_like_heads(blocks, row, width)
    {
        end += 1;
        let split = row.iter().any(|cell| cell.columns > 1 && cell.columns < width);
        let deep = row.iter().map(|cell| cell.rows as usize).max().unwrap_or(1);
        reach = reach.max(end + usize::from(split)).max(end - 1 + deep);
    }
    if end < rows.len() { first..end } else { 0..0 }
}

fn looks_like_heads(blocks: &[Block], row: &[Cell], width: u32) -> bool {
    let text =
        |cell: &Cell| blocks.get(cell.blocks.clone()).and_then(|own| own.first()).map_or("", |b| b.text.as_str());
    let short = row.iter().all(|cell| {
        let text = text(cell);
        cell.blocks.len() <= 2 && text.len() <= HEAD_BYTES && !text.ends_with(['.', ';'])
    });
    let worded = row.iter().filter(|cell| has_words(blocks, cell)).count();
    if !short || worded == 0 {
        return false;
    }
    if row.iter().filter(|cell| !cell.blocks.is_empty()).all(|cell| cell.strong) {
        return worded >= 2 || width == 2;
    }
    width >= 3 && worded == row.len() && worded >= 2
}

/// Rows of one cell over the whole width that title what follows become headings.
fn title_parts(blocks: &mut [Block], rows: &[&[Cell]], heads: usize, width: u32) {
    let several = rows.iter().filter(|row| row.len() > 1).count();
    if several < 2 {
        return;
    }
    let mut title: Option<(usize, Option<usize>)> = None;
    for row in rows.iter().skip(heads) {
        if let [cell] = row
            && cell.columns == width
            && cell.blocks.len() == 1
            && let Some(block) = blocks.get(cell.blocks.start)
            && block.kind == BlockKind::TableCell
            && block.text.len() <= HEAD_BYTES
            && (cell.strong || !block.text.ends_with(['.', ';', ',']))
        {
            let outer = match block.parent.and_then(|parent| blocks.get(parent)).map(|b| b.kind) {
                Some(BlockKind::Heading { level }) => level,
                _ => 0,
            };
            if let Some(block) = blocks.get_mut(cell.blocks.start) {
                block.kind = BlockKind::Heading { level: (outer + 1).min(9) };
                title = Some((cell.blocks.start, block.parent));
            }
            continue;
        }
        let Some((heading, outer)) = title else { continue };
        for index in row.iter().flat_map(|cell| cell.blocks.clone()) {
            if let Some(block) = blocks.get_mut(index)
                && block.parent == outer
            {
                block.parent = Some(heading);
            }
        }
    }
}
