//! Tables without drawn lines: words that stand in columns, told from columns of running text.

use super::words::Word;

/// Rows of cells, each cell the indices of its words; `None` where the rows are running text in columns.
///
/// `rows` are the rows of a block, `strips` the white strips between its columns.
pub(super) fn table(all: &[Word], rows: &[Vec<usize>], strips: &[(f64, f64)], em: f64) -> Option<Vec<Vec<Vec<usize>>>> {
    if strips.is_empty() || rows.len() < 2 || rows.iter().flatten().any(|&index| all[index].table.is_some()) {
        return None;
    }
    let split: Vec<Vec<Vec<usize>>> = rows.iter().map(|row| cells(all, row, strips)).collect();
    let looks_like_table = match strips.len() {
        1 => is_list_of_pairs(all, &split),
        _ => is_grid(all, &split, em),
    };
    looks_like_table.then(|| logical_rows(all, split, em))
}

fn cells(all: &[Word], row: &[usize], strips: &[(f64, f64)]) -> Vec<Vec<usize>> {
    let mut cells = vec![Vec::new(); strips.len() + 1];
    for &index in row {
        let column = strips.partition_point(|strip| (strip.0 + strip.1) / 2.0 <= all[index].left);
        cells[column].push(index);
    }
    cells
}

/// Three columns or more are a table where most rows, of however many lines, have words in several of them and the
/// columns are not filled with running text.
fn is_grid(all: &[Word], rows: &[Vec<Vec<usize>>], em: f64) -> bool {
    let is_several = |row: &&Vec<Vec<usize>>| row.iter().filter(|cell| !cell.is_empty()).count() >= 2;
    let joined = logical_rows(all, rows.to_vec(), em);
    let several = joined.iter().filter(is_several).count();
    let columns = rows.first().map_or(0, Vec::len);
    let prose = (0..columns).filter(|&column| is_prose(all, rows, column)).count();
    several * 2 >= joined.len() && prose * 2 <= columns
}

/// Two columns are a table where the left one labels the right one: its labels end in colons or are bold, or
/// the right one holds amounts, or the left one stands only where an entry of the right one begins.
fn is_list_of_pairs(all: &[Word], rows: &[Vec<Vec<usize>>]) -> bool {
    let filled = |row: &&Vec<Vec<usize>>, column: usize| row.get(column).is_some_and(|cell| !cell.is_empty());
    let left = rows.iter().filter(|row| filled(row, 0)).count();
    let right = rows.iter().filter(|row| filled(row, 1)).count();
    let both: Vec<&Vec<Vec<usize>>> = rows.iter().filter(|row| filled(row, 0) && filled(row, 1)).collect();
    if both.len() < 2 || both.len() * 10 < left * 8 || is_prose(all, rows, 0) {
        return false;
    }
    let share =
        |test: &dyn Fn(&[Vec<usize>]) -> bool| both.iter().filter(|row| test(row)).count() * 10 >= both.len() * 6;
    let last = |cell: &[usize]| cell.last().map(|&index| &all[index]);
    let labelled = share(&|row| last(&row[0]).is_some_and(|word| word.text.ends_with(':')));
    let bold = |cell: &[usize]| cell.iter().all(|&index| all[index].bold);
    let set_off = share(&|row| bold(&row[0]) && !bold(&row[1]));
    let amounts = share(&|row| {
        let text: String = row[1].iter().map(|&index| all[index].text.as_str()).collect();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        digits * 2 >= text.chars().count()
    });
    let sparse = left * 10 <= right * 6;
    labelled || set_off || amounts || sparse
}

/// Whether a column holds running text: lines of several words that fill its width.
fn is_prose(all: &[Word], rows: &[Vec<Vec<usize>>], column: usize) -> bool {
    let lines: Vec<&Vec<usize>> =
        rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).collect();
    if lines.len() < 3 {
        return false;
    }
    let left = |line: &[usize]| line.iter().map(|&index| all[index].left).fold(f64::INFINITY, f64::min);
    let right = |line: &[usize]| line.iter().map(|&index| all[index].right).fold(f64::NEG_INFINITY, f64::max);
    let from = lines.iter().map(|line| left(line)).fold(f64::INFINITY, f64::min);
    let to = lines.iter().map(|line| right(line)).fold(f64::NEG_INFINITY, f64::max);
    let width = (to - from).max(1.0);
    let full = lines.iter().filter(|line| right(line) - left(line) > 0.75 * width).count();
    let words: usize = lines.iter().map(|line| line.len()).sum();
    full * 10 >= lines.len() * 6 && words >= 4 * lines.len()
}

/// Joins lines that belong to one row of the table: a row begins after a wider gap, or where all gaps are the
/// same, wherever the first column has words.
fn logical_rows(all: &[Word], lines: Vec<Vec<Vec<usize>>>, em: f64) -> Vec<Vec<Vec<usize>>> {
    let baseline =
        |line: &[Vec<usize>]| line.iter().flatten().map(|&index| all[index].baseline).fold(f64::NEG_INFINITY, f64::max);
    let gaps: Vec<f64> = lines.windows(2).map(|pair| baseline(&pair[1]) - baseline(&pair[0])).collect();
    let least = gaps.iter().copied().filter(|gap| *gap > 0.6 * em).fold(f64::INFINITY, f64::min);
    let is_wide = |gap: f64| gap > 1.25 * least;
    let wide = gaps.iter().filter(|gap| is_wide(**gap)).count();
    let spaced = wide * 3 >= gaps.len();
    let mut rows: Vec<Vec<Vec<usize>>> = Vec::new();
    for (place, line) in lines.into_iter().enumerate() {
        let gap = place.checked_sub(1).and_then(|before| gaps.get(before)).copied().unwrap_or(f64::INFINITY);
        let begins = is_wide(gap) || (!spaced && line.first().is_some_and(|cell| !cell.is_empty()));
        match rows.last_mut() {
            Some(row) if !begins => {
                for (cell, more) in row.iter_mut().zip(line) {
                    cell.extend(more);
                }
            }
            _ => rows.push(line),
        }
    }
    rows
}
