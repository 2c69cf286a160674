//! From paragraphs to blocks: title, headings with their level and number, list items with their lead-in.

use std::collections::HashMap;

use super::markers::{Marker, marker};
use super::paragraphs::{Paragraph, Passage, PlacedTable, has_leaders};
use super::words::is_unreadable;
use crate::document::{Anchor, Block, BlockKind, TablePlace};

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
    cell: Option<CellPart>,
}

/// Where a part stands in its table, and whether it looks like a head.
#[derive(Clone, Copy)]
struct CellPart {
    place: TablePlace,
    bold: bool,
}

pub(super) fn blocks(passages: Vec<Passage>) -> Vec<Block> {
    let paragraphs: Vec<&Paragraph> = passages
        .iter()
        .filter_map(|passage| match passage {
            Passage::Paragraph(paragraph) => Some(paragraph),
            Passage::Table(_) => None,
        })
        .collect();
    let body = body_size(&passages);
    let styles = heading_styles(&paragraphs, body);
    let title = title(&paragraphs, body);
    let mut parts: Vec<Part> = Vec::new();
    let mut indents: Vec<f64> = Vec::new();
    let mut number_of_paragraph = 0;
    let mut number_of_table = 0;
    for passage in &passages {
        match passage {
            Passage::Paragraph(paragraph) => {
                let is_title = title.as_ref().is_some_and(|title| title.contains(&number_of_paragraph));
                number_of_paragraph += 1;
                let part = part(paragraph, is_title, body, &styles, &mut indents);
                if let (true, Some(before)) = (is_title, parts.last_mut())
                    && before.kind == BlockKind::Title
                {
                    before.text.push(' ');
                    before.text.push_str(&part.text);
                    continue;
                }
                parts.push(part);
            }
            Passage::Table(table) => {
                indents.clear();
                number_of_table += 1;
                parts.extend(cell_parts(table, number_of_table));
            }
        }
    }
    parts.retain(|part| !part.text.is_empty());
    relate(parts)
}

fn cell_parts(table: &PlacedTable<Paragraph>, number: u32) -> Vec<Part> {
    let mut parts = Vec::new();
    for cell in &table.cells {
        let ordinal = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
        let place = TablePlace { table: number, row: ordinal(cell.row), column: ordinal(cell.column) };
        let mut indents = Vec::new();
        let several = cell.content.len() > 1;
        for paragraph in &cell.content {
            let kind = if several && marker(&paragraph.text).is_some() {
                list_item(paragraph, &mut indents)
            } else {
                (BlockKind::TableCell, None, paragraph.text.as_str())
            };
            parts.push(Part {
                kind: kind.0,
                text: readable(kind.2),
                number: kind.1,
                page: paragraph.page,
                cell: Some(CellPart { place, bold: paragraph.bold }),
            });
        }
    }
    parts
}

fn part(paragraph: &Paragraph, is_title: bool, body: f64, styles: &[Style], indents: &mut Vec<f64>) -> Part {
    let page = paragraph.page;
    if is_title {
        return Part { kind: BlockKind::Title, text: readable(&paragraph.text), number: None, page, cell: None };
    }
    if let Some(level) = heading_level(paragraph, body, styles) {
        indents.clear();
        let (number, text) = match marker(&paragraph.text) {
            Some((Marker::Number { label, .. } | Marker::Item { label }, rest)) => (Some(label), rest),
            _ => (None, paragraph.text.as_str()),
        };
        return Part { kind: BlockKind::Heading { level }, text: readable(text), number, page, cell: None };
    }
    if paragraph.fixed_pitch {
        return Part { kind: BlockKind::Code, text: readable(&paragraph.text), number: None, page, cell: None };
    }
    if marker(&paragraph.text).is_some() {
        let (kind, number, text) = list_item(paragraph, indents);
        return Part { kind, text: readable(text), number, page, cell: None };
    }
    if indents.first().is_some_and(|&indent| paragraph.left <= indent + 3.0) {
        indents.clear();
    }
    Part { kind: BlockKind::Paragraph, text: readable(&paragraph.text), number: None, page, cell: None }
}

/// Kind, number and text of a paragraph that begins with a marker. `indents` are the left edges of the lists
/// that are open, outermost first.
fn list_item<'p>(paragraph: &'p Paragraph, indents: &mut Vec<f64>) -> (BlockKind, Option<String>, &'p str) {
    while indents.last().is_some_and(|&indent| indent > paragraph.left + 3.0) {
        indents.pop();
    }
    if indents.last().is_none_or(|&indent| indent < paragraph.left - 3.0) {
        indents.push(paragraph.left);
    }
    let depth = u8::try_from(indents.len().saturating_sub(1)).unwrap_or(u8::MAX);
    let (number, text) = match marker(&paragraph.text) {
        Some((Marker::Bullet, rest)) => (None, rest),
        Some((Marker::Number { label, .. } | Marker::Item { label }, rest)) => (Some(label), rest),
        None => (None, paragraph.text.as_str()),
    };
    (BlockKind::ListItem { depth }, number, text)
}

/// Without glyphs that no font could name, white space folded.
fn readable(text: &str) -> String {
    let text: String = text.chars().filter(|char| !is_unreadable(*char)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The size in which most of the text is set.
fn body_size(passages: &[Passage]) -> f64 {
    let mut letters: HashMap<i64, usize> = HashMap::new();
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

/// Sets the heading above each block, the lead-in of each list, and the heads of each table.
fn relate(parts: Vec<Part>) -> Vec<Block> {
    let heads = heads(&parts);
    let mut blocks: Vec<Block> = Vec::with_capacity(parts.len());
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut lead_in = None;
    for (index, (part, (row_head, column_head))) in parts.into_iter().zip(heads).enumerate() {
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
        let leads =
            matches!(part.kind, BlockKind::Paragraph | BlockKind::TableCell) && !part.text.ends_with(['.', '!', '?']);
        blocks.push(Block {
            kind: part.kind,
            text: part.text,
            parent,
            lead_in: if is_item { lead_in } else { None },
            row_head,
            column_head,
            anchor: Anchor {
                page: Some(part.page),
                number: part.number,
                table: part.cell.map(|cell| cell.place),
                ..Anchor::default()
            },
            ..Block::default()
        });
        if !is_item {
            lead_in = leads.then_some(index);
        }
    }
    blocks
}

/// Row head and column head of each part.
///
/// A first row heads the columns where all its cells are bold and not all the rest is, or where it names at
/// least three columns in a few words each.
fn heads(parts: &[Part]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut heads = vec![(None, None); parts.len()];
    let table_of = |part: &Part| part.cell.map(|cell| cell.place.table);
    let mut start = 0;
    for table in parts.chunk_by(|a, b| table_of(a) == table_of(b)) {
        let range = start..start + table.len();
        start = range.end;
        let Some(first) = table.first().and_then(|part| part.cell) else { continue };
        let cells: Vec<(usize, &Part, CellPart)> =
            range.zip(table).filter_map(|(index, part)| part.cell.map(|cell| (index, part, cell))).collect();
        let head: Vec<&(usize, &Part, CellPart)> =
            cells.iter().filter(|(_, _, cell)| cell.place.row == first.place.row).collect();
        let all_bold = head.iter().all(|(_, _, cell)| cell.bold) && !cells.iter().all(|(_, _, cell)| cell.bold);
        let short = head.iter().all(|(_, part, _)| part.text.len() <= 80 && !part.text.ends_with('.'));
        let is_head = head.len() >= 2 && cells.len() > head.len() && (all_bold || (short && head.len() >= 3));
        let mut row_head: Option<(u32, u32, usize)> = None;
        for (index, _, cell) in &cells {
            if row_head.is_none_or(|(row, _, _)| row != cell.place.row) {
                row_head = Some((cell.place.row, cell.place.column, *index));
            }
            if let Some((_, column, head)) = row_head
                && column != cell.place.column
            {
                heads[*index].0 = Some(head);
            }
            if is_head && cell.place.row != first.place.row {
                heads[*index].1 = head
                    .iter()
                    .rev()
                    .find(|(_, _, head)| head.place.column <= cell.place.column)
                    .map(|(head, _, _)| *head);
            }
        }
    }
    heads
}
