//! The walk over an RTF file: groups, destinations, properties and text.

mod words;

use super::super::compose::Composer;
use super::super::field::link_of;
use super::super::limits::Limits;
use super::super::line::Line;
use super::super::model::{BlockKind, HealthKind, MarkKind};
use super::header::{CodePage, Header};
use super::paragraph::{Flow, Paragraph, ParagraphLook};
use super::table::{RowDefinition, Tables};
use super::token::{Token, Tokens};
use crate::lang::Lang;
use crate::saying::{Saying, say};

/// Where the text of a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    /// The text itself, or that of the note, comment, header or text box that is open.
    Text,
    /// Nowhere, with all that is inside.
    Nowhere,
    /// Its own text goes nowhere; what is read stands in destinations inside.
    Container,
    Fonts,
    Colours,
    Styles,
    Info,
    Title,
    /// The instruction of a field.
    Instruction,
    /// The number or bullet of a list item.
    ListMarker,
    /// Properties of the row of an inner table.
    InnerRow,
}

/// How characters look.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    font: Option<i32>,
    size: u32,
    bold: bool,
    hidden: bool,
    highlighted: bool,
    deleted: bool,
    inserted: bool,
    language: Option<Lang>,
}

/// What a group can change and its end brings back.
#[derive(Debug, Clone, Copy)]
struct Group {
    destination: Destination,
    look: Look,
    paragraph: ParagraphLook,
    /// Characters that stand for one `\u` in programs that know no Unicode.
    fallback: u32,
    /// `\*` stood at its beginning: it may be passed over where it is not known.
    may_skip: bool,
}

/// Text that is read apart from that around it: notes, comments, text boxes, headers and footers.
#[derive(Debug)]
struct Aside {
    kind: BlockKind,
    /// Groups that are open around it.
    depth: usize,
    /// The paragraph that it stands in.
    outer: Paragraph,
    lines: Vec<Line>,
}

/// A field whose group is open.
#[derive(Debug)]
struct Field {
    depth: usize,
    instruction: String,
    /// Where its result begins in its paragraph, and which paragraph that is.
    start: Option<(usize, u32)>,
}

/// How often something was met, for the remarks on the reading.
#[derive(Debug, Default)]
struct Counts {
    deletions: u32,
    insertions: u32,
    hidden: u32,
    highlighted: u32,
}

/// Reads the file into a composer.
pub(super) struct Reader<'c> {
    flow: Flow<'c>,
    header: Header,
    tables: Tables,
    row: RowDefinition,
    inner_row: RowDefinition,
    group: Group,
    outer: Vec<Group>,
    paragraph: Paragraph,
    paragraphs: u32,
    asides: Vec<Aside>,
    fields: Vec<Field>,
    list_marker: String,
    /// Headers and footers stand after the text.
    running: Vec<(BlockKind, Line)>,
    /// Bytes that wait for the rest of their character.
    bytes: Vec<u8>,
    /// Characters to be passed over after `\u`.
    passing: u32,
    high_surrogate: Option<u16>,
    was_deleted: bool,
    counts: Counts,
    unknown_pages: bool,
    depth: usize,
    most_kept: usize,
}

impl<'c> Reader<'c> {
    pub fn new(composer: &'c mut Composer, limits: &Limits) -> Reader<'c> {
        Reader {
            flow: Flow::new(composer),
            header: Header::default(),
            tables: Tables::default(),
            row: RowDefinition::default(),
            inner_row: RowDefinition::default(),
            group: Group {
                destination: Destination::Text,
                look: Look::default(),
                paragraph: ParagraphLook::default(),
                fallback: 1,
                may_skip: false,
            },
            outer: Vec::new(),
            paragraph: Paragraph::default(),
            paragraphs: 0,
            asides: Vec::new(),
            fields: Vec::new(),
            list_marker: String::new(),
            running: Vec::new(),
            bytes: Vec::new(),
            passing: 0,
            high_surrogate: None,
            was_deleted: false,
            counts: Counts::default(),
            unknown_pages: false,
            depth: limits.depth,
            most_kept: limits.blocks,
        }
    }

    /// Reads the whole file. Gives what kept a part of it from being read.
    pub fn read(mut self, bytes: &[u8]) -> Option<Saying> {
        let mut tokens = Tokens::new(bytes);
        let mut fault = Some(say!("cut-off"));
        while let Some(token) = tokens.next() {
            match token {
                Token::Open => {
                    if self.outer.len() >= self.depth {
                        fault = Some(say!("rtf-too-deep", n = self.depth));
                        break;
                    }
                    self.end_bytes();
                    self.passing = 0;
                    self.outer.push(self.group);
                    self.group.may_skip = false;
                }
                Token::Close => {
                    self.close();
                    if self.outer.is_empty() {
                        fault = left_over(tokens.rest());
                        break;
                    }
                }
                Token::Word(word, number) => self.word(word, number),
                Token::Symbol(symbol) => self.symbol(symbol),
                Token::Byte(byte) => self.encoded(&[byte]),
                Token::Text(text) => self.encoded(text),
                Token::Binary => self.passing = self.passing.saturating_sub(1),
            }
            if self.flow.composer.bound().is_some() {
                fault = None;
                break;
            }
            if self.tables.kept() > self.most_kept {
                fault = Some(say!("too-many-cells"));
                break;
            }
        }
        if tokens.cut {
            fault = Some(say!("cut-off-in-picture"));
        }
        self.finish();
        fault
    }

    fn finish(mut self) {
        while !self.outer.is_empty() {
            self.close();
        }
        self.end_bytes();
        self.end_paragraph();
        self.reach_tables(0);
        for (kind, line) in std::mem::take(&mut self.running) {
            let known = self.flow.composer.blocks().iter().any(|b| b.kind == kind && b.text == line.text());
            if !known {
                self.flow.composer.push(kind, line, Default::default());
            }
        }
        let remarks = [
            (HealthKind::TrackedDeletions, self.counts.deletions, say!("deletions")),
            (HealthKind::TrackedInsertions, self.counts.insertions, say!("insertions")),
            (HealthKind::HiddenText, self.counts.hidden, say!("hidden-runs")),
            (HealthKind::Placeholder, self.counts.highlighted, say!("highlighted")),
            (HealthKind::Encoding, u32::from(self.unknown_pages), say!("code-page")),
        ];
        for (kind, count, detail) in remarks {
            self.flow.composer.remark(kind, count, detail);
        }
        self.flow.finish(&self.header);
    }

    fn close(&mut self) {
        self.end_bytes();
        self.passing = 0;
        let Some(outer) = self.outer.pop() else { return };
        let inner = std::mem::replace(&mut self.group, outer);
        let depth = self.outer.len();
        match inner.destination {
            Destination::Styles if outer.destination == Destination::Styles => self.header.end_style(),
            Destination::ListMarker if outer.destination != Destination::ListMarker => {
                self.paragraph.marker = Some(std::mem::take(&mut self.list_marker));
            }
            _ => {}
        }
        if self.fields.last().is_some_and(|field| field.depth == depth) {
            self.end_field();
        }
        if self.asides.last().is_some_and(|aside| aside.depth == depth) {
            self.end_aside();
        }
    }

    fn end_field(&mut self) {
        let Some(field) = self.fields.pop() else { return };
        if let (Some((start, paragraph)), Some(target)) = (field.start, link_of(&field.instruction))
            && paragraph == self.paragraphs
        {
            self.paragraph.line.mark_from(start, MarkKind::Link(target));
        }
    }

    fn begin_aside(&mut self, kind: BlockKind) {
        self.group.destination = Destination::Text;
        self.group.paragraph = ParagraphLook::default();
        let outer = std::mem::take(&mut self.paragraph);
        self.paragraphs += 1;
        self.asides.push(Aside { kind, depth: self.outer.len().saturating_sub(1), outer, lines: Vec::new() });
    }

    fn end_aside(&mut self) {
        self.end_paragraph();
        let Some(aside) = self.asides.pop() else { return };
        self.paragraph = aside.outer;
        let lines = aside.lines.into_iter().map(|line| (aside.kind, line));
        match aside.kind {
            BlockKind::Header | BlockKind::Footer => self.running.extend(lines),
            _ => self.paragraph.attached.extend(lines),
        }
    }

    fn symbol(&mut self, symbol: u8) {
        if symbol == b'*' {
            self.group.may_skip = true;
            return;
        }
        self.end_bytes();
        if self.passing > 0 {
            self.passing -= 1;
            return;
        }
        match symbol {
            b'\\' | b'{' | b'}' => self.text((symbol as char).encode_utf8(&mut [0; 4])),
            b'~' => self.text("\u{A0}"),
            b'_' => self.text("-"),
            b'-' => self.text("\u{AD}"),
            b'\n' if self.group.destination == Destination::Text => self.end_paragraph(),
            _ => {}
        }
    }

    /// Bytes in the code page of the font.
    fn encoded(&mut self, bytes: &[u8]) {
        if self.group.destination == Destination::Nowhere {
            return;
        }
        let passed = bytes.len().min(self.passing as usize);
        self.passing -= passed as u32;
        let rest = bytes.get(passed..).unwrap_or_default();
        if self.bytes.is_empty()
            && let Ok(text) = std::str::from_utf8(rest)
            && text.is_ascii()
        {
            self.text(text);
            return;
        }
        self.bytes.extend_from_slice(rest);
    }

    /// Decodes the bytes that wait: nothing more of their character can come.
    fn end_bytes(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let font = self.group.look.font.unwrap_or(self.header.default_font);
        match self.header.code_page_of(font) {
            CodePage::Known(encoding) => {
                let text = encoding.decode_without_bom_handling(&bytes).0;
                self.text(&text);
            }
            CodePage::Symbols => {
                let text: String = bytes
                    .iter()
                    .map(|b| {
                        if b.is_ascii() {
                            *b as char
                        } else if *b == 0xB7 {
                            '•'
                        } else {
                            ' '
                        }
                    })
                    .collect();
                self.text(&text);
            }
            CodePage::Unknown => {
                self.unknown_pages = true;
                let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0;
                self.text(&text);
            }
        }
    }

    /// Text where the group leads it.
    fn text(&mut self, text: &str) {
        match self.group.destination {
            Destination::Text => self.running_text(text),
            Destination::Instruction => {
                if let Some(field) = self.fields.last_mut() {
                    field.instruction.push_str(text);
                }
            }
            Destination::ListMarker => self.list_marker.push_str(text),
            Destination::Title => self.header.title.push_str(text),
            Destination::Styles => self.header.style_text(text),
            Destination::Colours => self.header.colour_text(text),
            Destination::Nowhere
            | Destination::Container
            | Destination::Fonts
            | Destination::Info
            | Destination::InnerRow => {}
        }
    }

    fn running_text(&mut self, text: &str) {
        let look = self.group.look;
        if look.deleted {
            self.counts.deletions += u32::from(!std::mem::replace(&mut self.was_deleted, true));
            return;
        }
        self.was_deleted = false;
        let line = &mut self.paragraph.line;
        let start = line.here();
        line.push(text);
        if line.here() == start {
            return;
        }
        for (is, kind, count) in [
            (look.hidden, MarkKind::Hidden, &mut self.counts.hidden),
            (look.highlighted, MarkKind::Highlighted, &mut self.counts.highlighted),
            (look.inserted, MarkKind::Inserted, &mut self.counts.insertions),
        ] {
            if is && line.mark_from(start, kind) {
                *count += 1;
            }
        }
        if self.paragraph.letters.count(text, look.bold, look.language) {
            self.paragraph.size = self.paragraph.size.max(look.size);
        }
    }

    /// A break between words.
    fn gap(&mut self) {
        match self.group.destination {
            Destination::Text if !self.group.look.deleted => self.paragraph.line.gap(),
            Destination::ListMarker => self.list_marker.push(' '),
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        self.end_bytes();
        self.paragraphs += 1;
        let paragraph = std::mem::take(&mut self.paragraph);
        if let Some(aside) = self.asides.last_mut() {
            if !paragraph.line.is_empty() {
                aside.lines.push(paragraph.line);
            }
            aside.lines.extend(paragraph.attached.into_iter().map(|(_, line)| line));
            return;
        }
        let paragraph = Paragraph { look: self.group.paragraph, ..paragraph };
        if paragraph.line.is_empty() && paragraph.attached.is_empty() {
            return;
        }
        self.reach_tables(paragraph.look.tables);
        match paragraph.look.tables {
            0 => self.flow.paragraph(paragraph, &self.header),
            _ => self.tables.paragraph(paragraph),
        }
    }

    fn reach_tables(&mut self, depth: usize) {
        if let Some(rows) = self.tables.reach(depth) {
            self.flow.table(rows, &self.header);
        }
    }

    /// A cell ends, of the outermost table or of an inner one.
    fn end_cell(&mut self, depth: usize) {
        self.group.paragraph.tables = depth;
        self.end_paragraph();
        if self.asides.is_empty() {
            self.reach_tables(depth);
            self.tables.cell();
        }
    }

    fn end_row(&mut self, depth: usize) {
        if !self.asides.is_empty() || !self.tables.are_open() {
            return;
        }
        self.reach_tables(depth);
        let definition = if depth > 1 { &self.inner_row } else { &self.row };
        if let Some(rows) = self.tables.row(definition) {
            self.flow.table(rows, &self.header);
        }
    }
}

/// What is wrong where text follows the end of the file's outermost group.
fn left_over(rest: &[u8]) -> Option<Saying> {
    let blank = rest.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0 || *byte == 0x1A);
    (!blank).then(|| say!("bytes-left-over", n = rest.len()))
}
