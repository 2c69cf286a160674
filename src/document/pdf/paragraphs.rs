//! From lines to paragraphs, across regions and pages.

use super::hyphens::{Vocabulary, ends_in_hyphen, join};
use super::lines::Line;
use super::markers::{Marker, marker};

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
    /// Whether it stands in the middle between the edges of its region.
    pub(super) centred: bool,
}

pub(super) fn paragraphs(lines: Vec<PlacedLine>, vocabulary: &Vocabulary) -> Vec<Paragraph> {
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
        centred: left > 2.0 * line.size && (left - right).abs() < line.size,
    }
}

/// Whether dots lead to a page number: an entry of a table of contents.
pub(super) fn has_leaders(text: &str) -> bool {
    text.contains("....") || text.contains(". . .") || text.contains("……")
}

/// Whether `next` carries on the paragraph that `before` ends so far.
fn belongs(paragraph: &Paragraph, before: &PlacedLine, next: &PlacedLine, leading: Option<f64>) -> bool {
    let (a, b) = (&before.line, &next.line);
    let size = a.size.max(b.size);
    if (a.size / b.size - 1.0).abs() > 0.12 || a.fixed_pitch != b.fixed_pitch || has_leaders(&a.text) {
        return false;
    }
    let continues_word = ends_in_hyphen(&a.text) && b.text.starts_with(char::is_lowercase);
    let lower_case = b.text.trim_start_matches(['(', '«', '"', '“', '„']).starts_with(char::is_lowercase);
    let ended = a.text.trim_end_matches([')', '"', '»', '”', '“']).ends_with(['.', '!', '?', ':', ';']);
    // The first word of this line would have fitted on the line before, had the text gone on.
    let broken_by_hand = before.region_right - a.right > b.first_width + 0.5 * size;

    if before.region != next.region {
        let is_item = !matches!(marker(&b.text), None | Some((Marker::Number { .. }, _)));
        return !is_item && a.bold == b.bold && !ended && (continues_word || (lower_case && !broken_by_hand));
    }
    let gap = b.baseline - a.baseline;
    if gap < 0.3 * size || gap > 2.2 * size || leading.is_some_and(|leading| gap > 1.25 * leading + 0.5) {
        return false;
    }
    if a.bold != b.bold {
        return lower_case && !ended && !broken_by_hand && paragraph.lines == 1;
    }
    match marker(&b.text) {
        Some((Marker::Number { .. }, _)) if !ended && !broken_by_hand && !paragraph.bold => {}
        Some(_) => return false,
        None => {}
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
