//! From lines to paragraphs, across regions and pages; tables between them.

use super::hyphens::{Vocabulary, ends_in_hyphen, join};
use super::lines::Line;
use super::tree::Role;
use crate::document::marker::{MarkerKind, bare_number, marker};

/// What follows in reading order.
pub(super) enum Item {
    Line(PlacedLine),
    Table(PlacedTable<PlacedLine>),
}

/// The same with its lines joined.
pub(super) enum Passage {
    Paragraph(Paragraph),
    Table(PlacedTable<Paragraph>),
}

/// A table; what its cells hold is lines first and paragraphs then.
pub(super) struct PlacedTable<T> {
    /// Page of its first row, 1-based.
    pub(super) page: u32,
    /// Number of its last page.
    pub(super) last_page: u32,
    /// Left and right edge, in points.
    pub(super) edges: (f64, f64),
    /// Row by row.
    pub(super) cells: Vec<PlacedCell<T>>,
}

/// A cell in its grid; rows and columns are 0-based.
pub(super) struct PlacedCell<T> {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) content: Vec<T>,
}

/// A line with its place in the document.
#[derive(Debug, Clone)]
pub(super) struct PlacedLine {
    pub(super) line: Line,
    /// 1-based.
    pub(super) page: u32,
    /// Number of its region in the document, in reading order.
    pub(super) region: u32,
    /// Where the region's longest line ends.
    pub(super) region_right: f64,
    pub(super) region_left: f64,
}

/// Lines that belong together.
#[derive(Debug, Clone)]
pub(super) struct Paragraph {
    pub(super) text: String,
    /// Page of its first line, 1-based.
    pub(super) page: u32,
    pub(super) region: u32,
    pub(super) left: f64,
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) fixed_pitch: bool,
    pub(super) lines: usize,
    pub(super) role: Role,
    /// Whether it stands in the middle between the edges of its region.
    pub(super) centred: bool,
}

/// Joins lines to paragraphs, and tables that go on on the next page.
pub(super) fn passages(items: Vec<Item>, vocabulary: &Vocabulary) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut lines: Vec<PlacedLine> = Vec::new();
    let flush = |lines: &mut Vec<PlacedLine>, passages: &mut Vec<Passage>| {
        let joined = paragraphs(std::mem::take(lines), vocabulary);
        passages.extend(joined.into_iter().map(Passage::Paragraph));
    };
    for item in items {
        match item {
            Item::Line(line) => lines.push(line),
            Item::Table(table) => {
                flush(&mut lines, &mut passages);
                let table = table.map(|lines| paragraphs(lines, vocabulary));
                match passages.last_mut() {
                    Some(Passage::Table(before)) if before.goes_on_in(&table) => before.append(table),
                    _ => passages.push(Passage::Table(table)),
                }
            }
        }
    }
    flush(&mut lines, &mut passages);
    passages
}

impl<T> PlacedTable<T> {
    fn map<U>(self, join: impl Fn(Vec<T>) -> Vec<U>) -> PlacedTable<U> {
        let PlacedTable { page, last_page, edges, cells } = self;
        let cells = cells
            .into_iter()
            .map(|PlacedCell { row, column, rows, columns, content }| PlacedCell {
                row,
                column,
                rows,
                columns,
                content: join(content),
            })
            .collect();
        PlacedTable { page, last_page, edges, cells }
    }

    fn width(&self) -> usize {
        self.cells.iter().map(|cell| cell.column + cell.columns).max().unwrap_or(0)
    }
}

impl PlacedTable<Paragraph> {
    /// Whether `next` is the rest of this table on the next page.
    fn goes_on_in(&self, next: &Self) -> bool {
        let same_edges = (self.edges.0 - next.edges.0).abs() < 4.0 && (self.edges.1 - next.edges.1).abs() < 4.0;
        next.page == self.last_page + 1 && same_edges && self.width() == next.width()
    }

    /// Appends the rows, but for a head row that is repeated.
    fn append(&mut self, next: Self) {
        let first_row = |table: &Self| -> Vec<String> {
            let first = table.cells.first().map_or(0, |cell| cell.row);
            let row = table.cells.iter().filter(|cell| cell.row == first);
            row.flat_map(|cell| &cell.content).map(|paragraph| paragraph.text.clone()).collect()
        };
        let repeated = first_row(self) == first_row(&next);
        let head = next.cells.first().map_or(0, |cell| cell.row);
        let below = self.cells.iter().map(|cell| cell.row + 1).max().unwrap_or(0);
        self.last_page = next.last_page;
        self.cells.extend(
            next.cells
                .into_iter()
                .filter(|cell| !(repeated && cell.row == head))
                .map(|cell| PlacedCell { row: cell.row + below, ..cell }),
        );
    }
}

fn paragraphs(lines: Vec<PlacedLine>, vocabulary: &Vocabulary) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut before: Option<PlacedLine> = None;
    let mut leading = None;
    for placed in lines {
        if let (Some(before), Some(paragraph)) = (&before, paragraphs.last_mut())
            && belongs(paragraph, before, &placed, leading)
        {
            join(&mut paragraph.text, &placed.line.text, vocabulary);
            if paragraph.region == placed.region && before.region == placed.region {
                leading = Some(placed.line.baseline - before.line.baseline);
            }
            paragraph.bold &= placed.line.bold;
            paragraph.lines += 1;
            paragraph.region = placed.region;
        } else {
            paragraphs.push(begin(&placed));
            leading = None;
        }
        before = Some(placed);
    }
    paragraphs
}

fn begin(placed: &PlacedLine) -> Paragraph {
    let line = &placed.line;
    let (left, right) = (line.left - placed.region_left, placed.region_right - line.right);
    Paragraph {
        text: line.text.clone(),
        page: placed.page,
        region: placed.region,
        left: line.left,
        size: line.size,
        bold: line.bold,
        fixed_pitch: line.fixed_pitch,
        lines: 1,
        role: line.role,
        centred: left > 2.0 * line.size && (left - right).abs() < line.size,
    }
}

/// Whether a marker may as well be a number in running text: `12.` and `3.2`, not `a)` or a bullet.
fn is_counted(kind: &MarkerKind) -> bool {
    match kind {
        MarkerKind::Bullet => false,
        MarkerKind::Single(number) => !number.ends_with(')'),
        MarkerKind::Multiple(..) => true,
    }
}

/// Whether a line looks like an entry of a numbered list without full stops: `4 Objet du marché`.
fn is_entry(text: &str) -> bool {
    bare_number(text).is_some()
}

/// Whether dots lead to a page number: an entry of a table of contents.
pub(super) fn has_leaders(text: &str) -> bool {
    text.contains("....") || text.contains(". . .") || text.contains("……")
}

/// Whether `next` carries on the paragraph that `before` ends so far.
fn belongs(paragraph: &Paragraph, before: &PlacedLine, next: &PlacedLine, leading: Option<f64>) -> bool {
    let (a, b) = (&before.line, &next.line);
    let size = a.size.max(b.size);
    if (a.size / b.size - 1.0).abs() > 0.12
        || a.fixed_pitch != b.fixed_pitch
        || a.role != b.role
        || has_leaders(&a.text)
    {
        return false;
    }
    let continues_word = ends_in_hyphen(&a.text) && b.text.starts_with(char::is_lowercase);
    let lower_case = b.text.trim_start_matches(['(', '«', '"', '“', '„']).starts_with(char::is_lowercase);
    let ended = a.text.trim_end_matches([')', '"', '»', '”', '“']).ends_with(['.', '!', '?', ':', ';']);
    // The first word of this line would have fitted on the line before, had the text gone on; but a sentence
    // that goes on in lower case after a long line was only set narrower.
    let long = a.right - before.region_left > 0.6 * (before.region_right - before.region_left);
    let broken_by_hand = before.region_right - a.right > b.first_width + 0.5 * size && !(lower_case && !ended && long);

    if before.region != next.region {
        let is_item = marker(&b.text).is_some_and(|marker| !is_counted(&marker.kind));
        return !is_item && a.bold == b.bold && !ended && (continues_word || (lower_case && !broken_by_hand));
    }
    let gap = b.baseline - a.baseline;
    if gap < 0.3 * size || gap > 2.2 * size || leading.is_some_and(|leading| gap > 1.25 * leading + 0.5) {
        return false;
    }
    if a.bold != b.bold {
        return lower_case && !ended && !broken_by_hand && paragraph.lines == 1;
    }
    if let Some(marker) = marker(&b.text)
        && (!is_counted(&marker.kind) || ended || broken_by_hand || paragraph.bold)
    {
        return false;
    }
    if is_entry(&a.text) && is_entry(&b.text) {
        return false;
    }
    if ends_in_hyphen(&a.text) {
        return true;
    }
    if broken_by_hand {
        return false;
    }
    // A first line that is set in begins a paragraph, unless its paragraph is an item whose text hangs.
    let set_in = b.left - a.left;
    if set_in > 0.8 * size {
        return marker(&paragraph.text).is_some() && paragraph.lines == 1 || !ended || paragraph.centred;
    }
    true
}
