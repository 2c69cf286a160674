//! Reading order: columns are found by the white strips between them.
//!
//! A variant of the recursive XY-cut (Nagy, Seth 1984). The classic cut splits the page at every white strip
//! across, and so reads two columns paragraph by paragraph in turn. Here rows are swept from top to bottom, and
//! a strip between columns is followed for as many rows as it stays white.

use std::ops::Range;

use super::aligned;
use super::lines::rows;
use super::words::Word;

/// How often columns are looked for inside columns.
const MOST_DEPTH: usize = 6;

/// A part of a page that is read as one; words are indices.
#[derive(Debug)]
pub(super) enum Region {
    Text(Vec<usize>),
    /// Rows of cells that stand in columns without drawn lines.
    Table(Vec<Vec<Vec<usize>>>),
}

/// The words in reading order, region by region.
pub(super) fn regions(all: &[Word], words: &[usize]) -> Vec<Region> {
    let mut found = Vec::new();
    divide(all, words, 0, &mut found);
    found
}

/// A white strip from left to right, half-open.
type Strip = (f64, f64);

fn divide(all: &[Word], words: &[usize], depth: usize, found: &mut Vec<Region>) {
    if words.is_empty() {
        return;
    }
    let rows = rows(all, words);
    let em = median_size(all, words);
    // Rows since this one are text of the full width.
    let mut plain = 0;
    let text = |rows: &[Vec<usize>]| (!rows.is_empty()).then(|| Region::Text(rows.concat()));
    let mut row = 0;
    while row < rows.len() {
        let columns = if depth < MOST_DEPTH { columns_from(all, &rows, row, em) } else { None };
        let Some(Columns { end, both_end, strip }) = columns else {
            row += 1;
            continue;
        };
        let table_end = table_end(all, &rows, row..both_end, end, em);
        let strips = strips(all, &rows[row..table_end], 0.8 * em);
        let start = table_start(all, &rows, plain, row..table_end, &strips);
        if let Some(table) = aligned::table(all, &rows[start..table_end], &strips, em) {
            found.extend(text(&rows[plain..start]));
            found.push(Region::Table(table));
            (row, plain) = (table_end, table_end);
            continue;
        }
        found.extend(text(&rows[plain..row]));
        let middle = (strip.0 + strip.1) / 2.0;
        let (left, right): (Vec<usize>, Vec<usize>) =
            rows[row..end].iter().flatten().partition(|&&index| all[index].left < middle);
        divide(all, &left, depth + 1, found);
        divide(all, &right, depth + 1, found);
        (row, plain) = (end, end);
    }
    found.extend(text(&rows[plain..]));
}

fn baseline(all: &[Word], row: &[usize]) -> f64 {
    row.iter().map(|&index| all[index].baseline).fold(f64::NEG_INFINITY, f64::max)
}

/// The row behind a table that has its last words in several columns before `both.end`. What follows in one column
/// alone goes on with the last row only where it stands as close as the lines of the table and is not set larger,
/// as a heading is; running text in columns may go on to `end`.
fn table_end(all: &[Word], rows: &[Vec<usize>], both: Range<usize>, end: usize, em: f64) -> usize {
    let least = least_pitch(all, &rows[both.clone()], em);
    let size = median_size(all, &rows[both.clone()].concat());
    let goes_on = |row: usize| {
        let pitch = baseline(all, &rows[row]) - baseline(all, &rows[row - 1]);
        pitch <= 1.25 * least && median_size(all, &rows[row]) <= 1.1 * size
    };
    (both.end..end).find(|&row| !goes_on(row)).unwrap_or(end)
}

/// The row with which a table begins: the row before `table` belongs to it where it stands close above, inside one
/// column that is not the first, as the first line of a head that takes two.
fn table_start(all: &[Word], rows: &[Vec<usize>], plain: usize, table: Range<usize>, strips: &[Strip]) -> usize {
    let (Some(first), true) = (strips.first(), table.start > plain) else { return table.start };
    let before = &rows[table.start - 1];
    let left = before.iter().map(|&index| all[index].left).fold(f64::INFINITY, f64::min);
    let right = before.iter().map(|&index| all[index].right).fold(f64::NEG_INFINITY, f64::max);
    let size = median_size(all, before);
    let is_close = baseline(all, &rows[table.start]) - baseline(all, before) <= 1.3 * size;
    let is_within =
        left >= first.1 - 0.5 * size && strips.iter().all(|strip| right <= strip.0 || left >= strip.1 - 0.5 * size);
    if is_close && is_within { table.start - 1 } else { table.start }
}

/// The least distance from one line to the next.
fn least_pitch(all: &[Word], rows: &[Vec<usize>], em: f64) -> f64 {
    let pitches = rows.windows(2).map(|pair| baseline(all, &pair[1]) - baseline(all, &pair[0]));
    pitches.filter(|pitch| *pitch > 0.6 * em).fold(f64::INFINITY, f64::min)
}

/// Where columns end, and what parts the first from the rest.
struct Columns {
    /// The row behind the longer column.
    end: usize,
    /// The row behind the last one with text on both sides.
    both_end: usize,
    strip: Strip,
}

/// Whether columns begin in this row.
fn columns_from(all: &[Word], rows: &[Vec<usize>], start: usize, em: f64) -> Option<Columns> {
    let mut best: Option<Columns> = None;
    for gap in gaps(all, &rows[start], 0.8 * em) {
        let mut strip = gap;
        let mut both = 0;
        // Rows and the strip up to the last row that has text on both sides.
        let mut last = None;
        let mut end = start;
        let mut bottom = f64::NEG_INFINITY;
        for row in &rows[start..] {
            let top = row.iter().map(|&index| all[index].top()).fold(f64::INFINITY, f64::min);
            if end > start && top - bottom > 4.0 * em {
                break;
            }
            let Some(narrowed) = narrow(all, row, strip, 0.8 * em) else { break };
            strip = narrowed;
            end += 1;
            bottom = row.iter().map(|&index| all[index].bottom()).fold(bottom, f64::max);
            let middle = (strip.0 + strip.1) / 2.0;
            let split = row.partition_point(|&index| all[index].left < middle);
            if split < row.len() && !is_marker(all, &row[..split]) {
                both += 1;
                last = Some((end, strip));
            }
        }
        // The rows after the last one with text on both sides belong to the longer column.
        let Some((both_end, kept)) = last else { continue };
        let width = (kept.1 - kept.0) / em;
        let enough = both >= 5 || (both >= 3 && width >= 1.3) || (both >= 2 && width >= 2.5);
        if enough && best.as_ref().is_none_or(|known| end > known.end) {
            best = Some(Columns { end, both_end, strip });
        }
    }
    best
}

/// The strips that stay white through all rows, from left to right.
fn strips(all: &[Word], rows: &[Vec<usize>], least: f64) -> Vec<Strip> {
    let mut spans: Vec<Strip> = rows.iter().flatten().map(|&index| (all[index].left, all[index].right)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut strips = Vec::new();
    let mut right = f64::INFINITY;
    for span in spans {
        if span.0 - right >= least {
            strips.push((right, span.0));
        }
        right = if right.is_finite() { right.max(span.1) } else { span.1 };
    }
    strips
}

/// Whether the words left of a strip are nothing, or no more than a bullet or number before a list item.
fn is_marker(all: &[Word], words: &[usize]) -> bool {
    let text: String = words.iter().map(|&index| all[index].text.as_str()).collect();
    let length = text.chars().count();
    length <= 1 || (length <= 6 && (text.ends_with([')', '.']) || !text.chars().any(char::is_alphabetic)))
}

/// White strips inside a row, at least `least` wide.
fn gaps(all: &[Word], row: &[usize], least: f64) -> Vec<Strip> {
    let mut gaps = Vec::new();
    let mut right = f64::INFINITY;
    for &index in row {
        if all[index].left - right >= least {
            gaps.push((right, all[index].left));
        }
        right = if right.is_finite() { right.max(all[index].right) } else { all[index].right };
    }
    gaps
}

/// The widest part of the strip that stays white in this row.
fn narrow(all: &[Word], row: &[usize], strip: Strip, least: f64) -> Option<Strip> {
    let mut best: Option<Strip> = None;
    let mut left = strip.0;
    let mut offer = |from: f64, to: f64| {
        if to - from >= least && best.is_none_or(|(a, b)| to - from > b - a) {
            best = Some((from, to));
        }
    };
    for &index in row {
        let word = &all[index];
        if word.right <= strip.0 || word.left >= strip.1 {
            continue;
        }
        offer(left, word.left);
        left = left.max(word.right);
    }
    offer(left, strip.1);
    best
}

fn median_size(all: &[Word], words: &[usize]) -> f64 {
    let mut sizes: Vec<f64> = words.iter().map(|&index| all[index].size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(10.0)
}
