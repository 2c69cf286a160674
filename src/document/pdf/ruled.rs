//! Tables whose lines are drawn: the grid is taken from the lines, cells without a line between them are one.

use kurbo::Rect;

use super::words::Word;

/// Lines closer than this, in points, are one; line ends closer than this meet.
const SNAP: f64 = 3.0;
/// Shorter lines are ornaments or parts of letters.
const SHORTEST: f64 = 6.0;
/// A grid larger than this is a drawing.
const MOST_CELLS: usize = 20_000;

/// A table as it was found on a page.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) frame: Rect,
    /// Its cells with words in them, row by row.
    pub(super) cells: Vec<Cell>,
}

/// A cell in its grid; rows and columns are 0-based.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Indices of its words.
    pub(super) words: Vec<usize>,
}

/// A straight line: where it stands, and from where to where it goes.
#[derive(Debug, Clone, Copy)]
struct Line {
    at: f64,
    from: f64,
    to: f64,
}

impl Line {
    fn covers(&self, place: f64) -> bool {
        self.from - SNAP <= place && place <= self.to + SNAP
    }
}

/// The ruled tables of a page that have words in at least two of their columns.
pub(super) fn tables(rules: &[Rect], words: &[Word]) -> Vec<Table> {
    let mut across = Vec::new();
    let mut down = Vec::new();
    for rule in rules {
        if rule.width() >= rule.height() {
            across.push(Line { at: rule.center().y, from: rule.x0, to: rule.x1 });
        } else {
            down.push(Line { at: rule.center().x, from: rule.y0, to: rule.y1 });
        }
    }
    let (across, down) = (joined(across), joined(down));
    let mut tables: Vec<Table> =
        grids(&across, &down).into_iter().filter_map(|(across, down)| table(&across, &down, words)).collect();
    // A table inside a cell of another is part of that cell.
    tables.sort_by(|a, b| b.frame.area().total_cmp(&a.frame.area()));
    let mut outer: Vec<Table> = Vec::new();
    for table in tables {
        if !outer.iter().any(|outer| !outer.frame.intersect(table.frame).is_zero_area()) {
            outer.push(table);
        }
    }
    outer.sort_by(|a, b| a.frame.y0.total_cmp(&b.frame.y0).then(a.frame.x0.total_cmp(&b.frame.x0)));
    outer
}

/// Makes one line of those that stand at the same place and meet.
fn joined(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut joined: Vec<Line> = Vec::new();
    for group in lines.chunk_by(|a, b| b.at - a.at <= SNAP / 2.0) {
        let mut group = group.to_vec();
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        let first = joined.len();
        for line in group {
            match joined[first..].last_mut() {
                Some(last) if line.from <= last.to + SNAP => last.to = last.to.max(line.to),
                _ => joined.push(line),
            }
        }
    }
    joined.retain(|line| line.to - line.from >= SHORTEST);
    joined
}

/// Groups lines that cross or meet.
fn grids(across: &[Line], down: &[Line]) -> Vec<(Vec<Line>, Vec<Line>)> {
    if across.len().saturating_mul(down.len()) > 4_000_000 {
        return Vec::new();
    }
    let mut groups = Groups::new(across.len() + down.len());
    for (a, horizontal) in across.iter().enumerate() {
        for (d, vertical) in down.iter().enumerate() {
            if horizontal.covers(vertical.at) && vertical.covers(horizontal.at) {
                groups.join(a, across.len() + d);
            }
        }
    }
    let mut grids: Vec<(usize, Vec<Line>, Vec<Line>)> = Vec::new();
    for line in 0..across.len() + down.len() {
        let root = groups.root(line);
        let place = match grids.iter().position(|(known, _, _)| *known == root) {
            Some(place) => place,
            None => {
                grids.push((root, Vec::new(), Vec::new()));
                grids.len() - 1
            }
        };
        match across.get(line) {
            Some(horizontal) => grids[place].1.push(*horizontal),
            None => grids[place].2.push(down[line - across.len()]),
        }
    }
    grids
        .into_iter()
        .filter(|(_, across, down)| across.len() >= 2 && !down.is_empty())
        .map(|(_, across, down)| (across, down))
        .collect()
}

fn table(across: &[Line], down: &[Line], words: &[Word]) -> Option<Table> {
    let ys = places(across, down);
    let xs = places(down, across);
    let (rows, columns) = (ys.len().checked_sub(1)?, xs.len().checked_sub(1)?);
    if columns < 2 || rows < 1 || rows * columns > MOST_CELLS {
        return None;
    }
    let mut cells = Groups::new(rows * columns);
    for row in 0..rows {
        for column in 0..columns {
            let middle_x = (xs[column] + xs[column + 1]) / 2.0;
            let middle_y = (ys[row] + ys[row + 1]) / 2.0;
            let here = row * columns + column;
            let walled = |lines: &[Line], at: f64, place: f64| {
                lines.iter().any(|line| (line.at - at).abs() <= SNAP && line.covers(place))
            };
            if column + 1 < columns && !walled(down, xs[column + 1], middle_y) {
                cells.join(here, here + 1);
            }
            if row + 1 < rows && !walled(across, ys[row + 1], middle_x) {
                cells.join(here, here + columns);
            }
        }
    }
    let frame = Rect::new(xs[0], ys[0], xs[columns], ys[rows]);
    let mut found: Vec<Option<Cell>> = vec![None; rows * columns];
    for (index, word) in words.iter().enumerate() {
        let x = (word.left + word.right) / 2.0;
        let y = word.baseline - 0.3 * word.size;
        if !(frame.x0..frame.x1).contains(&x) || !(frame.y0..frame.y1).contains(&y) {
            continue;
        }
        let column = xs.partition_point(|&edge| edge <= x) - 1;
        let row = ys.partition_point(|&edge| edge <= y) - 1;
        let root = cells.root(row * columns + column);
        found[root]
            .get_or_insert_with(|| Cell {
                row: root / columns,
                column: root % columns,
                rows: 1,
                columns: 1,
                words: Vec::new(),
            })
            .words
            .push(index);
    }
    for place in 0..rows * columns {
        let root = cells.root(place);
        if let Some(cell) = &mut found[root] {
            cell.rows = cell.rows.max(place / columns + 1 - cell.row.min(place / columns));
            cell.columns = cell.columns.max((place % columns + 1).saturating_sub(cell.column));
        }
    }
    let cells: Vec<Cell> = found.into_iter().flatten().collect();
    let first_column = cells.first()?.column;
    cells.iter().any(|cell| cell.column != first_column).then_some(Table { frame, cells })
}

/// Where the lines stand, ends of the crossing lines included, sorted.
fn places(lines: &[Line], crossing: &[Line]) -> Vec<f64> {
    let from = crossing.iter().map(|line| line.from).fold(f64::INFINITY, f64::min);
    let to = crossing.iter().map(|line| line.to).fold(f64::NEG_INFINITY, f64::max);
    let mut places: Vec<f64> = lines.iter().map(|line| line.at).chain([from, to]).filter(|at| at.is_finite()).collect();
    places.sort_by(f64::total_cmp);
    let mut kept: Vec<f64> = Vec::new();
    for place in places {
        if kept.last().is_none_or(|last| place - last > 2.0 * SNAP) {
            kept.push(place);
        }
    }
    kept
}

/// Disjoint sets; the root of a set is its lowest member.
struct Groups(Vec<usize>);

impl Groups {
    fn new(members: usize) -> Self {
        Groups((0..members).collect())
    }

    fn root(&mut self, member: usize) -> usize {
        let mut root = member;
        while self.0[root] != root {
            self.0[root] = self.0[self.0[root]];
            root = self.0[root];
        }
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
