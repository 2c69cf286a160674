//! Puts a notice together from the fields that a dialect's reader found.
//!
//! Blocks are ordered by lot and section, not by file, so that a text reads under the headings to which it
//! belongs whatever the dialect; each block keeps its place in the file.

use std::sync::Arc;

use super::entry::Entry;
use super::model::{Cpv, Field, Lot, Notice, NoticeKind};
use super::sections::{self, SECTIONS};
use super::terms::Kind;
use crate::document::{Anchor, Block, BlockKind, Document, Format, Health, HealthKind, HealthNote, Limits, SourceMap};
use crate::lang::Lang;
use crate::saying::say;

/// Bytes of one text that are read. The eForms profile allows 6,000 characters, TED's forms some 40,000.
const MOST_TEXT: usize = 1 << 20;

/// Where a notice stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub uri: String,
    pub member: Option<String>,
    pub format: Format,
    pub source: Arc<str>,
}

/// What only the dialect's reader knows.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub id: Option<String>,
    pub kind: NoticeKind,
    pub subtype: Option<String>,
    pub languages: Vec<Lang>,
    pub legal_basis: Option<String>,
    pub country: Option<String>,
    pub buyer: Option<String>,
}

/// Line and column of rising byte offsets, counted once over the file.
pub(super) struct Cursor {
    at: usize,
    line: u32,
    column: u32,
}

impl Cursor {
    pub fn start() -> Cursor {
        Cursor { at: 0, line: 1, column: 1 }
    }

    /// Line and column (code points) of a byte offset, both 1-based.
    pub fn position(&mut self, source: &str, offset: usize) -> (u32, u32) {
        if offset < self.at {
            *self = Cursor::start();
        }
        let passed = &source.as_bytes()[self.at.min(source.len())..offset.min(source.len())];
        if let Some(last) = passed.iter().rposition(|byte| *byte == b'\n') {
            self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u32;
            self.column = 1 + code_points(&passed[last + 1..]);
        } else {
            self.column += code_points(passed);
        }
        self.at = offset;
        (self.line, self.column)
    }
}

fn code_points(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32
}

/// Puts a notice together. `cursor` may be shared by the notices of one file, if they come in its order.
pub(super) fn assemble(
    mut entries: Vec<Entry>,
    identity: Identity,
    place: &Place,
    cursor: &mut Cursor,
    limits: &Limits,
) -> Notice {
    for entry in entries.iter_mut().filter(|entry| entry.row.kind == Kind::Code) {
        if let Some(code) = sections::code_of(entry.row.term, &entry.value) {
            entry.code = Some(std::mem::replace(&mut entry.value, code.to_owned()));
        }
    }
    let change = entries.iter().any(|entry| entry.row.term == "BT-140") || identity.kind == NoticeKind::Change;
    let lots = lots(&entries);
    let (blocks, first_blocks, cut) = blocks(&entries, &lots, limits);
    let mut health = Health::default();
    if cut > 0 {
        let detail = say!("texts-cut", n = cut, blocks = limits.blocks, bytes = MOST_TEXT);
        health.notes.push(HealthNote { kind: HealthKind::PartNotRead, count: cut, detail, remedy: None });
    }
    let document = Document {
        uri: place.uri.clone(),
        member: place.member.clone(),
        format: place.format,
        blocks,
        health,
        source: Some(Arc::clone(&place.source)),
        language: identity.languages.first().copied(),
    };
    Notice {
        cpv: cpv(&entries),
        fields: fields(entries, &first_blocks, &place.source, cursor),
        document,
        id: identity.id,
        kind: identity.kind,
        change,
        subtype: identity.subtype,
        languages: identity.languages,
        legal_basis: identity.legal_basis,
        country: identity.country,
        buyer: identity.buyer,
        lots,
    }
}

fn fields(entries: Vec<Entry>, first_blocks: &[Option<usize>], source: &str, cursor: &mut Cursor) -> Vec<Field> {
    let field = |(entry, block): (Entry, &Option<usize>)| {
        let (line, column) = cursor.position(source, entry.span.start);
        Field {
            term: entry.row.term,
            value: entry.value,
            unit: entry.unit,
            code: entry.code,
            lot: entry.lot,
            language: entry.language,
            block: *block,
            path: entry.path,
            span: entry.span,
            line,
            column,
        }
    };
    entries.into_iter().zip(first_blocks).map(field).collect()
}

fn lots(entries: &[Entry]) -> Vec<Lot> {
    let mut lots: Vec<Lot> = Vec::new();
    for entry in entries {
        let Some(id) = &entry.lot else { continue };
        let is_title = entry.row.kind == Kind::Title && entry.row.term == "BT-21";
        let title = is_title.then(|| entry.value.clone());
        match lots.iter_mut().find(|lot| lot.id == *id) {
            Some(lot) if lot.title.is_none() => lot.title = title,
            Some(_) => {}
            None => lots.push(Lot { id: id.clone(), title }),
        }
    }
    lots
}

fn cpv(entries: &[Entry]) -> Vec<Cpv> {
    let mut codes: Vec<Cpv> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.row.term == "BT-262" || entry.row.term == "BT-263") {
        let code: String = entry.value.chars().take_while(char::is_ascii_digit).collect();
        let found = Cpv { code, main: entry.row.term == "BT-262", lot: entry.lot.clone() };
        if found.code.len() >= 2 && !codes.contains(&found) {
            codes.push(found);
        }
    }
    codes
}

/// The blocks, the first block of each entry, and how many texts found no room.
fn blocks(entries: &[Entry], lots: &[Lot], limits: &Limits) -> (Vec<Block>, Vec<Option<usize>>, u32) {
    let mut page = Page { blocks: Vec::new(), first: vec![None; entries.len()], most: limits.blocks, cut: 0 };
    let procedure = page.titles(entries, None, None);
    page.sections(entries, None, procedure);
    for lot in lots {
        let has_text = |entry: &Entry| entry.is_text() && entry.lot.as_deref() == Some(lot.id.as_str());
        if !entries.iter().any(has_text) {
            continue;
        }
        let title = page.titles(entries, Some(&lot.id), procedure);
        let head = title.unwrap_or_else(|| page.heading(1, lot.id.clone(), procedure));
        page.sections(entries, Some(&lot.id), Some(head));
    }
    (page.blocks, page.first, page.cut)
}

struct Page {
    blocks: Vec<Block>,
    first: Vec<Option<usize>>,
    most: usize,
    cut: u32,
}

impl Page {
    /// The titles of the procedure or of a lot in all languages; the first of them is the head of the rest.
    fn titles(&mut self, entries: &[Entry], lot: Option<&str>, parent: Option<usize>) -> Option<usize> {
        let mut head = None;
        for (index, entry) in entries.iter().enumerate() {
            if entry.row.kind == Kind::Title && entry.row.section.is_empty() && entry.lot.as_deref() == lot {
                self.text(index, entry, parent);
                head = head.or(self.first[index]);
            }
        }
        head
    }

    fn sections(&mut self, entries: &[Entry], lot: Option<&str>, parent: Option<usize>) {
        for section in SECTIONS.iter() {
            let mut head = None;
            for (index, entry) in entries.iter().enumerate() {
                if !entry.is_text() || entry.row.section != section.name || entry.lot.as_deref() != lot {
                    continue;
                }
                if head.is_none() {
                    let level = if lot.is_some() { 2 } else { 1 };
                    head = Some(self.heading(level, section.heading.to_owned(), parent));
                }
                self.text(index, entry, head.or(parent));
            }
        }
    }

    /// A heading that stands in no file: the name of a group of terms, or a lot without a title.
    fn heading(&mut self, level: u8, text: String, parent: Option<usize>) -> usize {
        let kind = BlockKind::Heading { level };
        self.blocks.push(Block { kind, text, parent, language: Some(Lang::EN), ..Block::default() });
        self.blocks.len() - 1
    }

    fn text(&mut self, index: usize, entry: &Entry, parent: Option<usize>) {
        let mut lead_in = None;
        let mut bytes = 0;
        for paragraph in &entry.paragraphs {
            bytes += paragraph.text.len();
            if self.blocks.len() >= self.most || bytes > MOST_TEXT {
                self.cut += 1;
                return;
            }
            let number = self.blocks.len();
            self.first[index].get_or_insert(number);
            let kind = match (&paragraph.mark, entry.row.kind) {
                (_, Kind::Title) => BlockKind::Title,
                (Some(_), _) => BlockKind::ListItem { depth: 0 },
                (None, _) => BlockKind::Paragraph,
            };
            if paragraph.mark.is_none() {
                lead_in = paragraph.text.ends_with(':').then_some(number);
            }
            self.blocks.push(Block {
                kind,
                text: paragraph.text.clone(),
                parent,
                lead_in: lead_in.filter(|_| matches!(kind, BlockKind::ListItem { .. })),
                anchor: Anchor {
                    number: paragraph.mark.clone().filter(|mark| mark != "-"),
                    path: Some(entry.path.clone()),
                    field: Some(entry.row.term.to_owned()),
                    ..Anchor::default()
                },
                map: SourceMap(paragraph.map.0.clone()),
                language: entry.language,
                ..Block::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_code_points() {
        let source = "é<a>\n€b\nc";
        let mut cursor = Cursor::start();
        for (offset, want) in [(0, (1, 1)), (2, (1, 2)), (6, (2, 1)), (9, (2, 2)), (11, (3, 1)), (2, (1, 2))] {
            assert_eq!(cursor.position(source, offset), want, "{offset}");
        }
    }
}
