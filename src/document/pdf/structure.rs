//! From paragraphs to blocks: title, headings with their level and number, list items with their lead-in.

use std::collections::HashMap;

use super::markers::{Marker, marker};
use super::paragraphs::{Paragraph, has_leaders};
use super::words::is_unreadable;
use crate::document::{Anchor, Block, BlockKind};

/// Characters that a heading has at most.
const LONGEST_HEADING: usize = 200;
/// Letters this much larger than the body's make a heading.
const LARGER: f64 = 1.12;
/// Letters this much larger than the body's, on the first page, make the title.
const TITLE: f64 = 1.3;

/// One block to be, still without its relations.
struct Part {
    kind: BlockKind,
    text: String,
    number: Option<String>,
    page: u32,
}

pub(super) fn blocks(paragraphs: Vec<Paragraph>) -> Vec<Block> {
    let body = body_size(&paragraphs);
    let styles = heading_styles(&paragraphs, body);
    let title = title(&paragraphs, body);
    let mut parts: Vec<Part> = Vec::new();
    let mut indents: Vec<f64> = Vec::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        let is_title = title.as_ref().is_some_and(|title| title.contains(&index));
        let part = part(paragraph, is_title, body, &styles, &mut indents);
        if let (true, Some(before)) = (is_title, parts.last_mut())
            && before.kind == BlockKind::Title
        {
            before.text.push(' ');
            before.text.push_str(&part.text);
            continue;
        }
        if !part.text.is_empty() {
            parts.push(part);
        }
    }
    relate(parts)
}

fn part(paragraph: &Paragraph, is_title: bool, body: f64, styles: &[Style], indents: &mut Vec<f64>) -> Part {
    let page = paragraph.page;
    if is_title {
        return Part { kind: BlockKind::Title, text: readable(&paragraph.text), number: None, page };
    }
    if let Some(level) = heading_level(paragraph, body, styles) {
        indents.clear();
        let (number, text) = match marker(&paragraph.text) {
            Some((Marker::Number { label, .. } | Marker::Item { label }, rest)) => (Some(label), rest),
            _ => (None, paragraph.text.as_str()),
        };
        return Part { kind: BlockKind::Heading { level }, text: readable(text), number, page };
    }
    if paragraph.fixed_pitch {
        return Part { kind: BlockKind::Code, text: readable(&paragraph.text), number: None, page };
    }
    if let Some((marker, rest)) = marker(&paragraph.text) {
        while indents.last().is_some_and(|&indent| indent > paragraph.left + 3.0) {
            indents.pop();
        }
        if indents.last().is_none_or(|&indent| indent < paragraph.left - 3.0) {
            indents.push(paragraph.left);
        }
        let depth = u8::try_from(indents.len().saturating_sub(1)).unwrap_or(u8::MAX);
        let number = match marker {
            Marker::Bullet => None,
            Marker::Number { label, .. } | Marker::Item { label } => Some(label),
        };
        return Part { kind: BlockKind::ListItem { depth }, text: readable(rest), number, page };
    }
    if indents.first().is_some_and(|&indent| paragraph.left <= indent + 3.0) {
        indents.clear();
    }
    Part { kind: BlockKind::Paragraph, text: readable(&paragraph.text), number: None, page }
}

/// Without glyphs that no font could name, white space folded.
fn readable(text: &str) -> String {
    let text: String = text.chars().filter(|char| !is_unreadable(*char)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The size in which most of the text is set.
fn body_size(paragraphs: &[Paragraph]) -> f64 {
    let mut letters: HashMap<i64, usize> = HashMap::new();
    for paragraph in paragraphs {
        *letters.entry(half_points(paragraph.size)).or_default() += paragraph.text.len();
    }
    letters.into_iter().max_by_key(|&(size, letters)| (letters, size)).map_or(10.0, |(size, _)| size as f64 / 2.0)
}

fn half_points(size: f64) -> i64 {
    (size * 2.0).round() as i64
}

/// How headings without a number are told apart: larger first, bold before plain.
type Style = (i64, bool);

fn style(paragraph: &Paragraph) -> Style {
    (half_points(paragraph.size), paragraph.bold)
}

/// The styles of all headings, outermost first.
fn heading_styles(paragraphs: &[Paragraph], body: f64) -> Vec<Style> {
    let mut styles: Vec<Style> = paragraphs.iter().filter(|paragraph| stands_out(paragraph, body)).map(style).collect();
    styles.sort_by(|a, b| b.cmp(a));
    styles.dedup();
    styles
}

/// Whether a paragraph looks like a heading by its letters and its length.
fn stands_out(paragraph: &Paragraph, body: f64) -> bool {
    let text = paragraph.text.trim();
    let numbered = matches!(marker(text), Some((Marker::Number { .. }, _)));
    let letters = text.chars().filter(|char| char.is_alphabetic()).count();
    let short = text.chars().count() <= LONGEST_HEADING && paragraph.lines <= 4;
    let sentence = text.ends_with(['.', ',', ';']) && !numbered;
    if !short || sentence || letters < 2 || has_leaders(text) {
        return false;
    }
    if let Some((Marker::Number { parts: 2.., .. }, rest)) = marker(text)
        && rest.starts_with(char::is_uppercase)
        && paragraph.lines <= 2
        && !text.ends_with(['.', ':'])
    {
        return true;
    }
    let larger = paragraph.size >= LARGER * body;
    larger || (paragraph.bold && paragraph.size >= 0.95 * body && !text.ends_with(':'))
}

fn heading_level(paragraph: &Paragraph, body: f64, styles: &[Style]) -> Option<u8> {
    if !stands_out(paragraph, body) {
        return None;
    }
    if let Some((Marker::Number { parts, .. }, _)) = marker(&paragraph.text) {
        return u8::try_from(parts).ok().map(|level| level.clamp(1, 9));
    }
    if matches!(marker(&paragraph.text), Some((Marker::Bullet, _))) {
        return None;
    }
    let rank = styles.iter().position(|known| *known == style(paragraph))? + 1;
    Some(u8::try_from(rank).unwrap_or(9).clamp(1, 9))
}

/// The first lines of the largest letters, where they are larger than the body: the title. Not taken from the
/// metadata, which often names a template.
fn title(paragraphs: &[Paragraph], body: f64) -> Option<std::ops::Range<usize>> {
    let first_page = paragraphs.first()?.page;
    let on_first: Vec<&Paragraph> = paragraphs.iter().take_while(|p| p.page == first_page).collect();
    let largest = on_first
        .iter()
        .filter(|p| p.text.chars().filter(|char| char.is_alphabetic()).count() > 2)
        .map(|p| p.size)
        .fold(0.0, f64::max);
    if largest < TITLE * body {
        return None;
    }
    let same = |p: &&&Paragraph| p.size > 0.95 * largest;
    let start = on_first.iter().position(|p| same(&p))?;
    let length = on_first[start..].iter().take_while(|p| same(p)).count();
    let characters: usize = on_first[start..start + length].iter().map(|p| p.text.chars().count()).sum();
    (characters <= 2 * LONGEST_HEADING).then_some(start..start + length)
}

/// Sets the heading above each block and the lead-in of each list.
fn relate(parts: Vec<Part>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::with_capacity(parts.len());
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut lead_in = None;
    for (index, part) in parts.into_iter().enumerate() {
        if let BlockKind::Heading { level } = part.kind {
            while open.last().is_some_and(|(outer, _)| *outer >= level) {
                open.pop();
            }
        }
        let parent = open.last().map(|(_, heading)| *heading);
        if let BlockKind::Heading { level } = part.kind {
            open.push((level, index));
        }
        let is_item = matches!(part.kind, BlockKind::ListItem { .. });
        let leads = part.kind == BlockKind::Paragraph && !part.text.ends_with(['.', '!', '?']);
        blocks.push(Block {
            kind: part.kind,
            text: part.text,
            parent,
            lead_in: if is_item { lead_in } else { None },
            anchor: Anchor { page: Some(part.page), number: part.number, ..Anchor::default() },
            ..Block::default()
        });
        if !is_item {
            lead_in = leads.then_some(index);
        }
    }
    blocks
}
