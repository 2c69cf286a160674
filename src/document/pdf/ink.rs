//! What a page's content leaves on it: glyphs, ruling lines, and how far it was read.

use kurbo::{Point, Rect};

/// What stands on a page. Coordinates are points from the top left corner, y downwards, the page as it is
/// shown (turned by its `/Rotate`).
#[derive(Default)]
pub(super) struct Ink {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) glyphs: Vec<Glyph>,
    /// The text of all glyphs, one after the other.
    pub(super) text: String,
    /// Horizontal and vertical lines.
    pub(super) rules: Vec<Rect>,
    /// Whether an image, a curve or a filled area is on the page.
    pub(super) drawn: bool,
    pub(super) extent: Extent,
}

/// How far a page was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Extent {
    #[default]
    Whole,
    /// A part of its content is damaged or missing.
    Damaged,
    /// Reading stopped at a bound of size or time.
    CutShort,
}

/// One glyph.
#[derive(Clone, Copy)]
pub(super) struct Glyph {
    /// Place in [`Ink::text`], half-open.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Origin on the baseline.
    pub(super) origin: Point,
    /// Where the next glyph of the same string would begin.
    pub(super) next: Point,
    /// Font size on the page, in points.
    pub(super) size: f32,
    pub(super) font: u32,
    /// Number of the marked content that holds the glyph (`/MCID`), −1 outside tagged content.
    pub(super) content: i32,
    /// Fill and stroke: bold made by hand.
    pub(super) stroked: bool,
    /// Marked as page furniture (`/Artifact`): running header, footer, page number.
    pub(super) artifact: bool,
}

/// Stands for a glyph whose font has no way to Unicode.
pub(super) const UNMAPPED: char = '\u{FFFD}';
