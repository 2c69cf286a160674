//! From paragraphs to blocks: title, headings with their level and number, list items, tables.

use std::collections::{BTreeMap, HashMap};

use super::paragraphs::{Paragraph, Passage, PlacedTable, has_leaders};
use super::tree::{OutlineEntry, Role};
use super::words::is_unreadable;
use crate::document::compose::{CellShape, Composer};
use crate::document::line::Line;
use crate::document::marker::{MarkerKind, bare_number, marker};
use crate::document::{Anchor, BlockKind};

/// Characters that a heading has at most.
const LONGEST_HEADING: usize = 200;
/// Letters this much larger than the body's make a heading.
const LARGER: f64 = 1.12;
/// Letters this much larger than the body's, on the first page, make the title.
const TITLE: f64 = 1.3;

/// Hands the document's text to the composer, block by block.
pub(super) fn compose(passages: &[Passage], outline: &[OutlineEntry], composer: &mut Composer) {
    let paragraphs: Vec<&Paragraph> = passages
        .iter()
        .filter_map(|passage| match passage {
            Passage::Paragraph(paragraph) => Some(paragraph),
            Passage::Table(_) => None,
        })
        .collect();
    let title = title(&paragraphs, body_size(passages));
    let mut levels = levels(&paragraphs, body_size(passages), outline).into_iter();
    let mut indents: Vec<f64> = Vec::new();
    let mut number = 0;
    for passage in passages {
        match passage {
            Passage::Paragraph(paragraph) => {
                let level = levels.next().flatten();
                match &title {
                    Some(title) if number == title.start => {
                        let whole: Vec<&str> =
                            paragraphs[title.clone()].iter().map(|paragraph| paragraph.text.as_str()).collect();
                        push(composer, BlockKind::Title, &whole.join(" "), None, paragraph.page);
                    }
                    Some(title) if title.contains(&number) => {}
                    _ => compose_paragraph(paragraph, level, &mut indents, composer),
                }
                number += 1;
            }
            Passage::Table(table) => {
                indents.clear();
                compose_table(table, composer);
            }
        }
    }
}

fn compose_paragraph(paragraph: &Paragraph, level: Option<u8>, indents: &mut Vec<f64>, composer: &mut Composer) {
    let page = paragraph.page;
    let text = paragraph.text.as_str();
    if let Some(level) = level {
        indents.clear();
        let (number, text) = match (marker(text), bare_number(text)) {
            (Some(marker), _) => (marker.number().map(str::to_owned), &text[marker.bytes..]),
            (None, Some((number, rest))) => (Some(number.to_owned()), rest),
            (None, None) => (None, text),
        };
        push(composer, BlockKind::Heading { level }, text, number, page);
    } else if let Some(kind) = match paragraph.role {
        Role::Caption => Some(BlockKind::Caption),
        Role::Note => Some(BlockKind::Footnote),
        _ => paragraph.fixed_pitch.then_some(BlockKind::Code),
    } {
        push(composer, kind, text, None, page);
    } else if marker(text).is_some() && !has_leaders(text) {
        compose_item(paragraph, indents, composer);
    } else {
        if indents.first().is_some_and(|&indent| paragraph.left <= indent + 3.0) {
            indents.clear();
        }
        push(composer, BlockKind::Paragraph, text, None, page);
    }
}

/// A paragraph that begins with a marker. `indents` are the left edges of the lists that are open, outermost
/// first.
fn compose_item(paragraph: &Paragraph, indents: &mut Vec<f64>, composer: &mut Composer) {
    while indents.last().is_some_and(|&indent| indent > paragraph.left + 3.0) {
        indents.pop();
    }
    if indents.last().is_none_or(|&indent| indent < paragraph.left - 3.0) {
        indents.push(paragraph.left);
    }
    let depth = u8::try_from(indents.len().saturating_sub(1)).unwrap_or(u8::MAX);
    let marker = marker(&paragraph.text);
    let number = marker.as_ref().and_then(|marker| marker.number()).map(str::to_owned);
    let text = &paragraph.text[marker.map_or(0, |marker| marker.bytes)..];
    push(composer, BlockKind::ListItem { depth }, text, number, paragraph.page);
}

fn compose_table(table: &PlacedTable<Paragraph>, composer: &mut Composer) {
    let span = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    composer.begin_table();
    let mut row = None;
    let mut column = 0;
    for cell in &table.cells {
        if row != Some(cell.row) {
            // Rows without words count too.
            for _ in row.map_or(0, |row| row + 1)..=cell.row {
                composer.begin_row();
            }
            row = Some(cell.row);
            column = 0;
        }
        composer.skip_columns(span(cell.column.saturating_sub(column)));
        let head = !cell.content.is_empty() && cell.content.iter().all(|paragraph| paragraph.role == Role::HeadCell);
        composer.begin_cell(CellShape { rows: span(cell.rows), columns: span(cell.columns), head });
        column = cell.column + cell.columns;
        if cell.content.iter().all(|paragraph| paragraph.bold) {
            composer.cell_is_strong();
        }
        let mut indents = Vec::new();
        for paragraph in &cell.content {
            if cell.content.len() > 1 && marker(&paragraph.text).is_some() {
                compose_item(paragraph, &mut indents, composer);
            } else {
                push(composer, BlockKind::Paragraph, &paragraph.text, None, paragraph.page);
            }
        }
    }
    composer.end_table();
}

/// Without glyphs that no font could name.
fn push(composer: &mut Composer, kind: BlockKind, text: &str, number: Option<String>, page: u32) {
    let text: String = text.chars().filter(|char| !is_unreadable(*char)).collect();
    let mut line = Line::default();
    line.push(&text);
    composer.push(kind, line, Anchor { page: Some(page), number, ..Anchor::default() });
}

/// The level of each paragraph that is a heading.
///
/// The outline and the tags come first, then a number's parts, then the looks: letters that look like those of
/// a heading whose level is known have that level, all others are ranked by size and weight.
fn levels(paragraphs: &[&Paragraph], body: f64, outline: &[OutlineEntry]) -> Vec<Option<u8>> {
    let mut levels: Vec<Option<u8>> = paragraphs
        .iter()
        .map(|paragraph| match paragraph.role {
            Role::Heading(level) => Some(level),
            _ => None,
        })
        .collect();
    take_from_outline(paragraphs, outline, &mut levels);
    for (level, paragraph) in levels.iter_mut().zip(paragraphs) {
        if level.is_none() && stands_out(paragraph, body) {
            *level = number_parts(&paragraph.text);
        }
    }
    let mut known: HashMap<Style, BTreeMap<u8, usize>> = HashMap::new();
    for (level, paragraph) in levels.iter().zip(paragraphs) {
        if let Some(level) = level {
            *known.entry(style(paragraph)).or_default().entry(*level).or_default() += 1;
        }
    }
    let styles = heading_styles(paragraphs, body);
    for (level, paragraph) in levels.iter_mut().zip(paragraphs) {
        let is_bullet = marker(&paragraph.text).is_some_and(|marker| marker.kind == MarkerKind::Bullet);
        if level.is_some() || is_bullet || !stands_out(paragraph, body) {
            continue;
        }
        let style = style(paragraph);
        let learnt = known.get(&style).and_then(|counts| counts.iter().max_by_key(|(_, count)| **count));
        let rank = styles.iter().position(|known| *known == style).map_or(9, |rank| rank + 1);
        *level = Some(learnt.map_or(u8::try_from(rank).unwrap_or(9), |(level, _)| *level));
    }
    levels.into_iter().map(|level| level.map(|level| level.clamp(1, 9))).collect()
}

/// Outline entries name their headings in the order of the document.
fn take_from_outline(paragraphs: &[&Paragraph], outline: &[OutlineEntry], levels: &mut [Option<u8>]) {
    let names: Vec<String> = paragraphs.iter().map(|paragraph| comparable(&paragraph.text)).collect();
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, name) in names.iter().enumerate() {
        if name.chars().count() <= LONGEST_HEADING && !has_leaders(&paragraphs[place].text) {
            places.entry(name).or_default().push(place);
        }
    }
    let mut from = 0;
    for entry in outline {
        let name = comparable(&entry.title);
        let next = places.get(name.as_str()).and_then(|places| places.iter().find(|&&place| place >= from));
        if let Some(&place) = next
            && !name.is_empty()
        {
            levels[place] = Some(entry.depth);
            from = place + 1;
        }
    }
}

/// Letters only, lower case: numbers and spaces are written differently in outlines.
fn comparable(text: &str) -> String {
    text.chars().filter(|char| char.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// How many parts the number of a heading has.
fn number_parts(text: &str) -> Option<u8> {
    match marker(text).map(|marker| marker.kind) {
        Some(MarkerKind::Multiple(_, parts)) => Some(parts),
        Some(MarkerKind::Single(number)) if !number.ends_with(')') => Some(1),
        Some(_) => None,
        None => bare_number(text).map(|_| 1),
    }
}

/// The size in which most of the text is set.
fn body_size(passages: &[Passage]) -> f64 {
    let mut letters: BTreeMap<i64, usize> = BTreeMap::new();
    let mut add = |paragraph: &Paragraph| {
        *letters.entry(half_points(paragraph.size)).or_default() += paragraph.text.len();
    };
    for passage in passages {
        match passage {
            Passage::Paragraph(paragraph) => add(paragraph),
            Passage::Table(table) => table.cells.iter().flat_map(|cell| &cell.content).for_each(&mut add),
        }
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
fn heading_styles(paragraphs: &[&Paragraph], body: f64) -> Vec<Style> {
    let mut styles: Vec<Style> =
        paragraphs.iter().copied().filter(|paragraph| stands_out(paragraph, body)).map(style).collect();
    styles.sort_by(|a, b| b.cmp(a));
    styles.dedup();
    styles
}

/// Whether a paragraph looks like a heading by its letters and its length.
fn stands_out(paragraph: &Paragraph, body: f64) -> bool {
    let text = paragraph.text.trim();
    let numbered = number_parts(text).is_some();
    let letters = text.chars().filter(|char| char.is_alphabetic()).count();
    let short = text.chars().count() <= LONGEST_HEADING && paragraph.lines <= 4;
    let sentence = text.ends_with(['.', ',', ';']) && !numbered;
    if !short || sentence || letters < 2 || has_leaders(text) {
        return false;
    }
    if let Some(found) = marker(text)
        && found.parts() >= 2
        && text[found.bytes..].trim_start().starts_with(char::is_uppercase)
        && paragraph.lines <= 2
        && !text.ends_with(['.', ':'])
    {
        return true;
    }
    let larger = paragraph.size >= LARGER * body;
    larger || (paragraph.bold && paragraph.size >= 0.95 * body && !text.ends_with(':'))
}

/// The first lines of the largest letters, where they are larger than the body: the title. Not taken from the
/// metadata, which often names a template.
fn title(paragraphs: &[&Paragraph], body: f64) -> Option<std::ops::Range<usize>> {
    let first_page = paragraphs.first()?.page;
    let on_first: Vec<&Paragraph> = paragraphs.iter().copied().take_while(|p| p.page == first_page).collect();
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
