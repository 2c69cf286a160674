//! From glyphs to words: spaces by gap, doubled bold folded, ligatures expanded, text set apart by direction.

use kurbo::{Point, Rect, Vec2};

use super::font::Fonts;
use super::ink::{Glyph, Ink, UNMAPPED};
use super::tree::Role;

/// A gap of this share of the font size is a space. Kerning is below it, word spaces (a quarter to a third of
/// the font size) above.
const SPACE: f64 = 0.1;
/// A glyph may begin this share of the font size before the last one ends (kerning, accents).
const OVERLAP: f64 = 0.5;
/// The same glyph again within this share of the font size is bold or a shadow made by drawing twice.
const DOUBLED: f64 = 0.25;
/// Baselines closer than this share of the font size are one.
const SAME_BASELINE: f64 = 0.08;

/// A stretch of text without white space, on one baseline and in one font size.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) baseline: f64,
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) fixed_pitch: bool,
    /// Number of the marked content (`/MCID`), −1 outside tagged content.
    pub(super) content: i32,
    /// What its tag says it is.
    pub(super) role: Role,
    pub(super) artifact: bool,
    /// Whether a space was drawn after the word. Without one, a following word that touches it is its
    /// continuation.
    pub(super) spaced: bool,
    /// Index of the table for which this stands: a word without text that fills the table's width.
    pub(super) table: Option<usize>,
}

impl Word {
    /// Words without text that fill the frame of a table, as a solid block.
    pub(super) fn blanks(table: usize, frame: Rect) -> Vec<Word> {
        const SIZE: f64 = 8.0;
        let rows = (frame.height() / SIZE).ceil().clamp(1.0, 1000.0) as usize;
        (1..=rows)
            .map(|row| Word {
                text: String::new(),
                left: frame.x0,
                right: frame.x1,
                baseline: (frame.y0 + SIZE * row as f64).min(frame.y1),
                size: SIZE,
                bold: false,
                fixed_pitch: false,
                content: -1,
                role: Role::Text,
                artifact: false,
                spaced: true,
                table: Some(table),
            })
            .collect()
    }

    pub(super) fn top(&self) -> f64 {
        self.baseline - 0.75 * self.size
    }

    pub(super) fn bottom(&self) -> f64 {
        self.baseline + 0.22 * self.size
    }

    /// Whether `next`, which stands right of this word on the same line, begins a new word.
    pub(super) fn is_apart_from(&self, next: &Word) -> bool {
        let gap = next.left - self.right;
        let size = self.size.min(next.size);
        // Words on top of each other come from different texts.
        self.spaced || gap > SPACE * size || gap < -1.5 * SPACE * size
    }
}

/// The words of one page.
pub(super) struct Words {
    /// Those in the direction in which most of the page is written, as if it were upright.
    pub(super) upright: Vec<Word>,
    /// Those in other directions, direction by direction, each as if it were upright.
    pub(super) turned: Vec<Vec<Word>>,
    /// Whether most of the page is written in another direction than from left to right.
    pub(super) is_turned: bool,
    /// Glyphs that have a way to Unicode, and those that have none or a private one.
    pub(super) mapped: u32,
    pub(super) unmapped: u32,
    /// Words in which some letters have no way to Unicode.
    pub(super) broken: u32,
}

/// Directions are told apart in steps of five degrees.
const STEPS: f64 = 72.0;

pub(super) fn words(ink: &Ink, fonts: &Fonts<'_>) -> Words {
    let mut by_direction: Vec<(i32, Vec<Glyph>)> = Vec::new();
    let mut current = 0;
    let mut direction = 0;
    for glyph in &ink.glyphs {
        let along = glyph.next - glyph.origin;
        if along.hypot2() > 0.0 {
            direction = (along.atan2() / std::f64::consts::TAU * STEPS).round() as i32 % (STEPS as i32);
        }
        if by_direction.get(current).is_none_or(|(known, _)| *known != direction) {
            current = match by_direction.iter().position(|(known, _)| *known == direction) {
                Some(known) => known,
                None => {
                    by_direction.push((direction, Vec::new()));
                    by_direction.len() - 1
                }
            };
        }
        by_direction[current].1.push(*glyph);
    }
    // The most common direction first; equal ones in the order of their angle.
    by_direction.sort_by_key(|(direction, glyphs)| (std::cmp::Reverse(glyphs.len()), *direction));

    let is_turned = by_direction.first().is_some_and(|(direction, _)| *direction != 0);
    let mut builder = Builder { ink, fonts, mapped: 0, unmapped: 0 };
    let mut sets = by_direction.into_iter().map(|(direction, glyphs)| {
        let angle = f64::from(direction) / STEPS * std::f64::consts::TAU;
        builder.build(&glyphs, Vec2::from_angle(angle))
    });
    let upright = sets.next().unwrap_or_default();
    let turned: Vec<Vec<Word>> = sets.collect();
    let broken = turned.iter().flatten().chain(&upright).filter(|word| is_broken(&word.text)).count();
    Words {
        upright,
        turned,
        is_turned,
        mapped: builder.mapped,
        unmapped: builder.unmapped,
        broken: u32::try_from(broken).unwrap_or(u32::MAX),
    }
}

struct Builder<'b, 'a> {
    ink: &'b Ink,
    fonts: &'b Fonts<'a>,
    mapped: u32,
    unmapped: u32,
}

impl Builder<'_, '_> {
    fn build(&mut self, glyphs: &[Glyph], along: Vec2) -> Vec<Word> {
        let down = Vec2::new(-along.y, along.x);
        let turn = |point: Point| Point::new(point.to_vec2().dot(along), point.to_vec2().dot(down));
        let mut words: Vec<Word> = Vec::new();
        let mut open = false;
        // Raw text and origin of the glyph before.
        let mut last: Option<(&str, Point)> = None;
        for glyph in glyphs {
            let text = &self.ink.text[glyph.start as usize..glyph.end as usize];
            let (origin, next) = (turn(glyph.origin), turn(glyph.next));
            let size = f64::from(glyph.size).max(0.1);
            if let (Some((last_text, last_origin)), Some(word)) = (last, words.last_mut())
                && last_text == text
                && open
                && is_doubled(origin - last_origin, next.x - origin.x, size)
            {
                word.bold = true;
                continue;
            }
            last = Some((text, origin));
            let cleaned = clean(text);
            if cleaned.chars().all(char::is_whitespace) {
                if text.chars().any(char::is_whitespace)
                    && let Some(word) = words.last_mut()
                    && open
                {
                    word.spaced = true;
                    open = false;
                }
                continue;
            }
            if cleaned.chars().all(is_unreadable) {
                self.unmapped += 1;
            } else {
                self.mapped += 1;
            }
            let bold = glyph.stroked || self.fonts.is_bold(glyph.font as usize);
            if open
                && let Some(word) = words.last_mut()
                && continues(word, origin, size)
                && word.content == glyph.content
            {
                word.text.push_str(&cleaned);
                word.right = word.right.max(next.x);
                word.bold &= bold;
                continue;
            }
            words.push(Word {
                text: cleaned.into_owned(),
                left: origin.x.min(next.x),
                right: next.x.max(origin.x),
                baseline: origin.y,
                size,
                bold,
                fixed_pitch: self.fonts.is_fixed_pitch(glyph.font as usize),
                content: glyph.content,
                role: Role::Text,
                artifact: glyph.artifact,
                spaced: false,
                table: None,
            });
            open = true;
        }
        fold_doubled(words)
    }
}

fn continues(word: &Word, origin: Point, size: f64) -> bool {
    let gap = origin.x - word.right;
    (origin.y - word.baseline).abs() <= SAME_BASELINE * size
        && (size / word.size - 1.0).abs() < 0.1
        && gap <= SPACE * size
        && gap >= -OVERLAP * size
}

/// Whether a glyph at this offset from an equal one is its double. Letters side by side are a width apart, and
/// not above each other.
fn is_doubled(offset: Vec2, width: f64, size: f64) -> bool {
    let near = offset.x.abs() < DOUBLED * size && offset.y.abs() < DOUBLED * size;
    near && (offset.x.abs() < 0.6 * width.abs() || offset.y.abs() > 0.04 * size)
}

/// A word drawn twice with a small offset (bold or a shadow made by hand) counts once.
fn fold_doubled(words: Vec<Word>) -> Vec<Word> {
    let mut order: Vec<usize> = (0..words.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&words[a], &words[b]);
        a.text.cmp(&b.text).then(a.left.total_cmp(&b.left)).then(a.baseline.total_cmp(&b.baseline))
    });
    let mut doubled = vec![false; words.len()];
    let mut bold = vec![false; words.len()];
    for (place, &first) in order.iter().enumerate() {
        if doubled[first] {
            continue;
        }
        for &second in &order[place + 1..] {
            let (a, b) = (&words[first], &words[second]);
            if a.text != b.text || b.left - a.left > DOUBLED * a.size {
                break;
            }
            if (a.baseline - b.baseline).abs() < DOUBLED * a.size && (a.size / b.size - 1.0).abs() < 0.1 {
                doubled[second] = true;
                bold[first] = true;
            }
        }
    }
    words
        .into_iter()
        .enumerate()
        .filter(|(index, _)| !doubled[*index])
        .map(|(index, word)| Word { bold: word.bold || bold[index], ..word })
        .collect()
}

/// Private use and characters that no font draws: the font's map leads nowhere.
pub(super) fn is_unreadable(char: char) -> bool {
    char == UNMAPPED || matches!(char, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// Whether letters stand beside glyphs that lead nowhere. A bullet before a word is no letter.
fn is_broken(word: &str) -> bool {
    word.chars().any(char::is_alphabetic) && word.chars().skip(1).any(is_unreadable)
}

/// Expands ligatures, drops zero-width characters, turns all white space into plain spaces and control
/// characters into [`UNMAPPED`].
///
/// A soft hyphen that a font draws is a hyphen to the eye, so it becomes one.
fn clean(text: &str) -> std::borrow::Cow<'_, str> {
    let plain = |char: char| char.is_ascii_graphic() || char == ' ';
    if text.chars().all(|char| plain(char) || ('\u{C0}'..'\u{2000}').contains(&char)) {
        return text.into();
    }
    let mut cleaned = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\u{FB00}' => cleaned.push_str("ff"),
            '\u{FB01}' => cleaned.push_str("fi"),
            '\u{FB02}' => cleaned.push_str("fl"),
            '\u{FB03}' => cleaned.push_str("ffi"),
            '\u{FB04}' => cleaned.push_str("ffl"),
            '\u{FB05}' | '\u{FB06}' => cleaned.push_str("st"),
            '\u{AD}' | '\u{2010}' | '\u{2011}' => cleaned.push('-'),
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' => {}
            char if char.is_whitespace() => cleaned.push(' '),
            char if char.is_control() => cleaned.push(UNMAPPED),
            char => cleaned.push(char),
        }
    }
    cleaned.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyph_text_is_cleaned() {
        for (raw, cleaned) in [
            ("ﬁ", "fi"),
            ("ﬄ", "ffl"),
            ("\u{200B}", ""),
            ("\u{A0}", " "),
            ("\u{AD}", "-"),
            ("\u{2}", "\u{FFFD}"),
            ("é", "é"),
            ("Ω", "Ω"),
        ] {
            assert_eq!(clean(raw), cleaned, "{raw:?}");
        }
    }
}
