//! From words to lines: words on one baseline, with raised and lowered ones taken along.

use super::tree::Role;
use super::words::{Word, is_unreadable};

/// One line of one region.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) baseline: f64,
    /// Size of most of its letters.
    pub(super) size: f64,
    /// Whether all of it is bold.
    pub(super) bold: bool,
    pub(super) fixed_pitch: bool,
    /// Role of its first word.
    pub(super) role: Role,
    /// Width of the first word: whether it would have fitted on the line before.
    pub(super) first_width: f64,
}

/// Groups words of one region into lines, top to bottom; `words` are indices into `all`.
pub(super) fn rows(all: &[Word], words: &[usize]) -> Vec<Vec<usize>> {
    let mut sorted = words.to_vec();
    sorted.sort_by(|&a, &b| all[a].baseline.total_cmp(&all[b].baseline).then(all[a].left.total_cmp(&all[b].left)));
    let mut rows: Vec<Row> = Vec::new();
    for index in sorted {
        let word = &all[index];
        let home = rows.iter_mut().rev().take(4).find(|row| row.takes(word));
        match home {
            Some(row) => row.add(index, word),
            None => rows.push(Row::new(index, word)),
        }
    }
    rows.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    join_raised(all, &mut rows);
    rows.into_iter()
        .map(|mut row| {
            row.words.sort_by(|&a, &b| all[a].left.total_cmp(&all[b].left));
            row.words
        })
        .collect()
}

/// Raised and lowered words that came before or after the words they touch form rows of their own: they join
/// the row of larger letters next to them.
fn join_raised(all: &[Word], rows: &mut Vec<Row>) {
    let mut index = 0;
    while index < rows.len() {
        let home = [index.checked_sub(1), Some(index + 1)].into_iter().flatten().find(|&other| {
            rows.get(other).is_some_and(|home| {
                let row = &rows[index];
                row.size < 0.85 * home.size
                    && (row.baseline - home.baseline).abs() < 0.6 * home.size
                    && row.words.iter().all(|&small| home.words.iter().any(|&large| touch(&all[small], &all[large])))
            })
        });
        match home {
            Some(home) => {
                let words = std::mem::take(&mut rows[index].words);
                for word in words {
                    rows[home].add(word, &all[word]);
                }
                rows.remove(index);
            }
            None => index += 1,
        }
    }
}

fn touch(a: &Word, b: &Word) -> bool {
    (a.left - b.right).max(b.left - a.right) < 0.3 * a.size.max(b.size)
}

struct Row {
    baseline: f64,
    size: f64,
    left: f64,
    right: f64,
    words: Vec<usize>,
}

impl Row {
    fn new(index: usize, word: &Word) -> Self {
        Row { baseline: word.baseline, size: word.size, left: word.left, right: word.right, words: vec![index] }
    }

    fn takes(&self, word: &Word) -> bool {
        let distance = (word.baseline - self.baseline).abs();
        let (small, large) = (word.size.min(self.size), word.size.max(self.size));
        if distance <= 0.25 * small {
            return true;
        }
        // Raised or lowered: clearly smaller, touching, within the height of the larger letters.
        let gap = (word.left - self.right).max(self.left - word.right);
        small < 0.85 * large && distance < 0.6 * large && gap < 0.3 * large
    }

    fn add(&mut self, index: usize, word: &Word) {
        if word.size > self.size {
            self.baseline = word.baseline;
            self.size = word.size;
        }
        self.left = self.left.min(word.left);
        self.right = self.right.max(word.right);
        self.words.push(index);
    }
}

/// Makes one line of the words of a row, left to right.
pub(super) fn line(all: &[Word], row: &[usize]) -> Option<Line> {
    let words: Vec<&Word> = row.iter().map(|&index| &all[index]).collect();
    if words.iter().flat_map(|word| word.text.chars()).filter(|char| char.is_alphabetic()).take(8).any(is_leftward) {
        return leftward(&words);
    }
    let first = words.first()?;
    let size = dominant_size(&words);
    let baseline =
        words.iter().find(|word| (word.size - size).abs() < 0.05 * size).map_or(first.baseline, |word| word.baseline);
    let mut text = String::new();
    let mut first_width = None;
    let mut before: Option<&Word> = None;
    for word in &words {
        if let Some(before) = before
            && before.is_apart_from(word)
        {
            // A quotation mark or bracket that stands alone never ends a line.
            if text.contains(char::is_alphanumeric) {
                first_width.get_or_insert(before.right - first.left);
            }
            text.push(' ');
        }
        let raised = word.size < 0.85 * size && word.baseline < baseline - 0.15 * size;
        match raised.then(|| superscript(&word.text)).flatten() {
            Some(raised) if before.is_some() => text.push_str(&raised),
            _ if before.is_none() && is_drawn_bullet(&words) => text.push('•'),
            _ => text.push_str(&word.text),
        }
        before = Some(word);
    }
    let left = words.iter().map(|word| word.left).fold(f64::INFINITY, f64::min);
    let right = words.iter().map(|word| word.right).fold(f64::NEG_INFINITY, f64::max);
    Some(Line {
        text,
        left,
        right,
        baseline,
        size,
        bold: words.iter().all(|word| word.bold || !word.text.chars().any(char::is_alphanumeric))
            && words.iter().any(|word| word.bold),
        fixed_pitch: words.iter().all(|word| word.fixed_pitch),
        role: first.role,
        first_width: first_width.unwrap_or(right - left),
    })
}

/// Whether a line begins with one glyph of a symbol font, or with the `o` that word processors take from a
/// typewriter font for a ring.
fn is_drawn_bullet(words: &[&Word]) -> bool {
    let [first, second, ..] = words else { return false };
    let mut chars = first.text.chars();
    match (chars.next(), chars.next()) {
        (Some('o'), None) => first.fixed_pitch && !second.fixed_pitch,
        (Some(char), None) => {
            is_unreadable(char)
                || matches!(char, '◆' | '◇' | '▶' | '➔' | '→' | '⇒' | '☐' | '☑' | '☒' | '✗' | '★' | '\u{2212}')
        }
        _ => false,
    }
}

/// Whether a letter is written from right to left: Hebrew, Arabic and their relatives.
fn is_leftward(char: char) -> bool {
    matches!(char, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// A line in a script from right to left. Its glyphs stand in the order of the eye; words and letters are
/// turned round, but for numbers and words of other scripts between them.
fn leftward(words: &[&Word]) -> Option<Line> {
    let first = words.first()?;
    let is_turned = |word: &Word| word.text.chars().any(is_leftward) || !word.text.chars().any(char::is_alphanumeric);
    let mut pieces: Vec<String> = Vec::new();
    for run in words.chunk_by(|a, b| is_turned(a) == is_turned(b)).rev() {
        if is_turned(run[0]) {
            pieces.extend(run.iter().rev().map(|word| word.text.chars().rev().collect()));
        } else {
            pieces.extend(run.iter().map(|word| word.text.clone()));
        }
    }
    let left = words.iter().map(|word| word.left).fold(f64::INFINITY, f64::min);
    let right = words.iter().map(|word| word.right).fold(f64::NEG_INFINITY, f64::max);
    Some(Line {
        text: pieces.join(" "),
        left,
        right,
        baseline: first.baseline,
        size: dominant_size(words),
        bold: words.iter().all(|word| word.bold),
        fixed_pitch: false,
        role: first.role,
        first_width: words.last().map_or(0.0, |word| word.right - word.left),
    })
}

/// The size in which most letters are set.
fn dominant_size(words: &[&Word]) -> f64 {
    let mut sizes: Vec<(i64, usize)> = Vec::new();
    for word in words {
        let size = (word.size * 10.0).round() as i64;
        match sizes.iter_mut().find(|(known, _)| *known == size) {
            Some((_, letters)) => *letters += word.text.len(),
            None => sizes.push((size, word.text.len())),
        }
    }
    sizes.into_iter().max_by_key(|&(size, letters)| (letters, size)).map_or(1.0, |(size, _)| size as f64 / 10.0)
}

/// Raised digits as Unicode's superscripts, so that a note's number does not become part of the word before.
fn superscript(text: &str) -> Option<String> {
    text.chars()
        .map(|char| match char {
            '0' => Some('⁰'),
            '1' => Some('¹'),
            '2' => Some('²'),
            '3' => Some('³'),
            '4'..='9' => char::from_u32('⁴' as u32 + (char as u32 - '4' as u32)),
            _ => None,
        })
        .collect()
}
