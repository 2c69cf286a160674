//! RTF tables. A row says where its cells end only after them, and columns are known only when all rows are:
//! so a table is kept until it is at its end.

use super::paragraph::Paragraph;

/// Edges of cells that lie as close as this (twips) are one: programs round them.
const TOLERANCE: i32 = 40;
/// Rows are kept until the table ends, but not more pieces than this: what follows is a table of its own.
const MOST_KEPT: usize = 20_000;

/// What stands in a cell.
#[derive(Debug)]
pub(super) enum Piece {
    Paragraph(Paragraph),
    Table(Vec<Row>),
}

/// A row with its cells.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub definition: RowDefinition,
    pub cells: Vec<Vec<Piece>>,
}

/// How a row is cut into cells.
#[derive(Debug, Default, Clone)]
pub(super) struct RowDefinition {
    /// A head row, repeated on every page.
    pub head: bool,
    /// Where the row begins, in twips.
    pub left: i32,
    pub cells: Vec<CellDefinition>,
    /// The properties so far of the cell whose edge comes next.
    pub next: CellDefinition,
}

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct CellDefinition {
    /// Where the cell ends, in twips.
    pub edge: i32,
    /// It goes on from the cell above, or from the one to its left.
    pub continues_above: bool,
    pub continues_left: bool,
    pub shaded: bool,
}

impl RowDefinition {
    /// The cell whose properties were told ends at `edge`.
    pub fn end_cell(&mut self, edge: i32) {
        let cell = CellDefinition { edge, ..std::mem::take(&mut self.next) };
        // A row of people has no thousand cells; the bound is that of the composer's spans.
        if self.cells.len() < 1024 {
            self.cells.push(cell);
        }
    }
}

/// The tables that are open, outermost first.
#[derive(Debug, Default)]
pub(super) struct Tables {
    levels: Vec<Level>,
    kept: usize,
}

#[derive(Debug, Default)]
struct Level {
    rows: Vec<Row>,
    cells: Vec<Vec<Piece>>,
    pieces: Vec<Piece>,
}

impl Tables {
    /// Pieces that are kept at the moment.
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// Whether a table was begun and not given away.
    pub fn are_open(&self) -> bool {
        !self.levels.is_empty()
    }

    /// Opens or closes tables until `depth` of them are open. Gives the rows of the outermost where it ends.
    pub fn reach(&mut self, depth: usize) -> Option<Vec<Row>> {
        while self.levels.len() < depth {
            self.levels.push(Level::default());
        }
        while self.levels.len() > depth.max(1) {
            let Some(inner) = self.levels.pop() else { break };
            let rows = inner.end();
            if let Some(outer) = self.levels.last_mut()
                && !rows.is_empty()
            {
                outer.pieces.push(Piece::Table(rows));
            }
        }
        if depth > 0 {
            return None;
        }
        self.kept = 0;
        self.levels.pop().map(Level::end)
    }

    /// A paragraph ends in the innermost table.
    pub fn paragraph(&mut self, paragraph: Paragraph) {
        self.kept += 1;
        if let Some(level) = self.levels.last_mut() {
            level.pieces.push(Piece::Paragraph(paragraph));
        }
    }

    /// The cell of the innermost table ends.
    pub fn cell(&mut self) {
        self.kept += 1;
        if let Some(level) = self.levels.last_mut() {
            let pieces = std::mem::take(&mut level.pieces);
            level.cells.push(pieces);
        }
    }

    /// The row of the innermost table ends. Gives the rows so far where too many are kept.
    pub fn row(&mut self, definition: &RowDefinition) -> Option<Vec<Row>> {
        let outermost = self.levels.len() == 1;
        let level = self.levels.last_mut()?;
        level.end_row(definition.clone());
        if outermost && self.kept > MOST_KEPT {
            self.kept = 0;
            return Some(std::mem::take(&mut level.rows));
        }
        None
    }
}

impl Level {
    fn end_row(&mut self, definition: RowDefinition) {
        let mut cells = std::mem::take(&mut self.cells);
        // Text after the last cell of a row belongs to no cell; it is kept with the last.
        let pieces = std::mem::take(&mut self.pieces);
        match cells.last_mut() {
            Some(last) => last.extend(pieces),
            None if pieces.is_empty() => return,
            None => cells.push(pieces),
        }
        self.rows.push(Row { definition, cells });
    }

    /// The rows, with one for what stands in no row.
    fn end(mut self) -> Vec<Row> {
        self.end_row(RowDefinition::default());
        self.rows
    }
}

/// The edges of the columns of a table, sorted.
pub(super) fn grid(rows: &[Row]) -> Vec<i32> {
    let mut edges: Vec<i32> = rows
        .iter()
        .flat_map(|row| {
            let definition = &row.definition;
            let left = (!definition.cells.is_empty()).then_some(definition.left);
            left.into_iter().chain(definition.cells.iter().map(|cell| cell.edge))
        })
        .collect();
    edges.sort_unstable();
    edges.dedup_by(|next, kept| next.saturating_sub(*kept) <= TOLERANCE);
    edges
}

/// How many columns of the grid lie between two edges of a row.
pub(super) fn columns_between(grid: &[i32], from: i32, to: i32) -> u32 {
    let index = |edge: i32| grid.partition_point(|known| known.saturating_add(TOLERANCE) < edge);
    u32::try_from(index(to).saturating_sub(index(from))).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_the_gaps_between_all_edges() {
        let row = |left: i32, edges: &[i32]| {
            let mut definition = RowDefinition { left, ..RowDefinition::default() };
            edges.iter().for_each(|edge| definition.end_cell(*edge));
            Row { definition, cells: Vec::new() }
        };
        let grid = grid(&[row(0, &[1000, 2000, 3000]), row(5, &[2010, 3000]), row(1000, &[3000])]);
        assert_eq!(grid, [0, 1000, 2000, 3000]);
        for (from, to, want) in [(0, 1000, 1), (5, 2010, 2), (1000, 3000, 2), (3000, 3000, 0), (3000, 0, 0)] {
            assert_eq!(columns_between(&grid, from, to), want, "{from} to {to}");
        }
    }
}
