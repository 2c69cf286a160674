//! The document model that every reader fills and every rule reads.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::lang::Lang;
use crate::saying::{Saying, say};

/// One file (or one archive member), as text in reading order.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file relative to the root of what is checked, `/` between parts, not percent-encoded.
    pub uri: String,
    /// Path inside the file where the file is an archive or a mail (`annexe/cctp.docx`); members of members
    /// are joined by `!`.
    pub member: Option<String>,
    pub format: Format,
    pub blocks: Vec<Block>,
    pub health: Health,
    /// The decoded text of the file for formats that are text (Markdown, HTML, plain text, XML, JSON): lines
    /// and columns then refer to it, through [`Block::map`]. `None` for binary formats: a line is then a
    /// block's number.
    pub source: Option<Arc<str>>,
    /// Language that the file declares for itself (`<html lang>`, `w:lang`, `dc:language`).
    pub language: Option<Lang>,
}

/// The formats that are read, or known by name and refused with a remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Markdown,
    PlainText,
    Html,
    Docx,
    Xlsx,
    Pptx,
    Odt,
    Ods,
    Odp,
    Pdf,
    Rtf,
    Eml,
    Zip,
    Eforms,
    TedExport,
    Ocds,
    Decp,
}

impl Format {
    /// Whether lines and columns refer to the file itself (text formats) and not to the reading text.
    pub fn is_text(self) -> bool {
        matches!(self, Format::Markdown | Format::PlainText | Format::Html) || self.is_notice()
    }

    /// Whether this is a structured notice and no tender document.
    pub fn is_notice(self) -> bool {
        matches!(self, Format::Eforms | Format::TedExport | Format::Ocds | Format::Decp)
    }
}

/// One paragraph, heading, list item, table cell, note …: the unit of the reading text.
#[derive(Debug, Clone, Default)]
pub struct Block {
    pub kind: BlockKind,
    /// The text on one line: white space folded to single spaces, soft hyphens and zero-width characters
    /// removed. Never holds a line break. For headings and list items the computed number is in
    /// [`Anchor::number`], not here.
    pub text: String,
    /// Index of the heading block under which this block stands. For a heading: the heading one level up.
    pub parent: Option<usize>,
    /// For a list item: the block that introduces the list ("The solution shall offer:").
    pub lead_in: Option<usize>,
    /// For a table cell: the first cell of its row, if that is another cell.
    pub row_head: Option<usize>,
    /// For a table cell: the head cell of its column, if the table has a head row and this is no head cell.
    pub column_head: Option<usize>,
    pub anchor: Anchor,
    /// What stands out inside the text, in order of its start.
    pub marks: Vec<Mark>,
    /// From the text to the file, for text formats.
    pub map: SourceMap,
    /// Language declared for this block (`xml:lang`, `w:lang`, `LG=`), if any.
    pub language: Option<Lang>,
}

impl Block {
    /// Bytes of memory that it takes.
    pub(super) fn weight(&self) -> usize {
        let links = self.marks.iter().map(|mark| match &mark.kind {
            MarkKind::Link(target) => target.len(),
            _ => 0,
        });
        let (marks, map) = (size_of_val(self.marks.as_slice()), size_of_val(self.map.0.as_slice()));
        size_of::<Block>() + self.text.len() + marks + map + links.sum::<usize>()
    }
}

/// What a block is in its document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    /// The title of the document (Word's Title style, `<title>`, a notice's title).
    Title,
    /// A heading; level 1 is the outermost, at most 9.
    Heading {
        level: u8,
    },
    #[default]
    Paragraph,
    /// Depth 0 is the outermost list.
    ListItem {
        depth: u8,
    },
    /// A table cell; see [`Anchor::table`] for its place.
    TableCell,
    Caption,
    TextBox,
    Footnote,
    Endnote,
    Comment,
    Header,
    Footer,
    /// Program text, a command, a file listing.
    Code,
    /// Speaker notes of a slide.
    SpeakerNote,
}

/// Where a person finds the block. Everything is 1-based.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Anchor {
    /// Page (PDF), slide (PPTX, ODP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Computed or typed number of the heading or list item itself: `3.2`, `a)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Paragraph number in the document body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<TablePlace>,
    /// Name of the sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Cell address on the sheet: `C12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// XPath (XML) or JSON pointer (RFC 6901) of a notice's field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Business term of a notice's field: `BT-21`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// A cell's place: the table's number in the document and the cell's row and column, all 1-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TablePlace {
    pub table: u32,
    pub row: u32,
    pub column: u32,
}

/// A stretch of a block's text that is more than plain words. Byte offsets, half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub start: usize,
    pub end: usize,
    pub kind: MarkKind,
}

/// What makes a stretch of text more than plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkKind {
    /// A hyperlink with its target.
    Link(String),
    /// Inline program text.
    Code,
    /// Marked with a highlighter: often text still to be filled in.
    Highlighted,
    /// Hidden in the file (Word's vanish, a hidden row or sheet).
    Hidden,
    /// Inserted as a tracked change and not yet accepted.
    Inserted,
}

/// Piecewise map from byte offsets in a block's text to byte offsets in the file's decoded text.
///
/// Each piece `(text, source)` says that the text from byte `text` on stands in the file from byte `source`
/// on, until the next piece. Pieces are sorted by `text`. Empty for binary formats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap(pub Vec<(u32, u32)>);

impl SourceMap {
    /// The byte offset in the file of byte `offset` of the block's text; `None` for binary formats.
    pub fn source_offset(&self, offset: usize) -> Option<usize> {
        let index = self.0.partition_point(|(text, _)| *text as usize <= offset).checked_sub(1)?;
        let (text, source) = self.0[index];
        Some(source as usize + offset - text as usize)
    }
}

/// How well the document could be read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Health {
    /// Number of pages or slides, where the format has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    pub notes: Vec<HealthNote>,
}

impl Health {
    /// Speaks a language from now on.
    pub fn speak(&mut self, lang: Lang) {
        for note in &mut self.notes {
            note.detail.speak(lang);
            note.remedy.iter_mut().for_each(|remedy| remedy.speak(lang));
        }
    }
}

/// One remark on the reading.
#[derive(Debug, Clone, Serialize)]
pub struct HealthNote {
    pub kind: HealthKind,
    /// How often.
    pub count: u32,
    /// In words a person understands: `page 7 has no text`.
    pub detail: Saying,
    /// What the user can do about it, where something was left unread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Saying>,
}

/// What a remark on the reading is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HealthKind {
    /// Counts as *not read*: exit status 3.
    PageWithoutText,
    /// Counts as *not read*: exit status 3.
    BrokenFontMap,
    /// Counts as *not read*: exit status 3.
    PartNotRead,
    TrackedDeletions,
    TrackedInsertions,
    HiddenText,
    Placeholder,
    /// The encoding was guessed.
    Encoding,
}

impl HealthKind {
    /// Whether something was left unread, so that silence about it would be false.
    pub fn is_unread(self) -> bool {
        matches!(self, HealthKind::PageWithoutText | HealthKind::BrokenFontMap | HealthKind::PartNotRead)
    }
}

/// A file, or a part of one, that was not read: reported, and the exit status is 3.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct NotRead {
    pub uri: String,
    /// Member, page, sheet …, where only a part was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Name of the cause, the same in every language and version: `pdf-password`.
    pub cause: &'static str,
    /// The cause in words, in the report's language, without a final stop.
    pub reason: Saying,
    /// What the user can do about it, in the report's language, without a final stop.
    pub remedy: Saying,
}

impl NotRead {
    /// A record; `place` is the member, page or sheet where only a part was not read.
    pub fn new(uri: &str, place: Option<&str>, reason: Saying, remedy: Saying) -> NotRead {
        let place = place.map(str::to_owned);
        NotRead { uri: uri.to_owned(), place, cause: reason.key(), reason, remedy }
    }

    /// Speaks a language from now on.
    pub fn speak(&mut self, lang: Lang) {
        self.reason.speak(lang);
        self.remedy.speak(lang);
    }

    /// All of it in one sentence, in the language of its reason.
    fn sentence(&self) -> Saying {
        let place = self.place.as_deref().map(|place| format!(" ({place})")).unwrap_or_default();
        let file = format!("{}{place}", self.uri);
        let sentence = say!("not-read", file = file, reason = self.reason.clone(), remedy = self.remedy.clone());
        sentence.spoken(self.reason.lang())
    }
}

impl Document {
    /// The heading path of a block, innermost first, without the block itself.
    pub fn headings(&self, block: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.blocks[block].parent, |&heading| self.blocks[heading].parent)
    }

    /// Bytes of text in all blocks.
    pub fn text_len(&self) -> usize {
        self.blocks.iter().map(|block| block.text.len()).sum()
    }

    /// The reading text: one line a block, in reading order.
    pub fn reading_text(&self) -> String {
        let mut text = String::with_capacity(self.text_len() + self.blocks.len());
        for block in &self.blocks {
            text.push_str(&block.text);
            text.push('\n');
        }
        text
    }

    /// Place of a block in words for a person, in a language: `§ 3.2 Exigences, p. 7, table 2, row 3, column 1`.
    /// Empty where nothing is known.
    pub fn place(&self, block: usize, lang: Lang) -> String {
        let anchor = &self.blocks[block].anchor;
        let mut place = Parts { text: String::with_capacity(USUAL_PLACE), any: false };
        if let Some(member) = &self.member {
            place.add(format_args!("{member}"));
        }
        let heading = match self.blocks[block].kind {
            BlockKind::Heading { .. } => Some(block),
            _ => self.blocks[block].parent,
        };
        if let Some(heading) = heading.map(|h| &self.blocks[h]) {
            let (number, text) = (heading.anchor.number.as_deref(), shorten(&heading.text, 60));
            match number {
                Some(number) => place.add(format_args!("§ {number} {text}")),
                None => place.add(format_args!("§ {text}")),
            }
        }
        if let Some(page) = anchor.page {
            let page = match self.format {
                Format::Pptx | Format::Odp => say!("slide", n = page),
                _ => say!("place-page", n = page),
            };
            place.add(format_args!("{}", page.spoken(lang)));
        }
        match (&anchor.sheet, &anchor.cell, anchor.table) {
            (Some(sheet), Some(cell), _) => place.add(format_args!("{sheet}!{cell}")),
            (_, _, Some(table)) => {
                let TablePlace { table, row, column } = table;
                let cell = say!("place-cell", table = table, row = row, column = column);
                place.add(format_args!("{}", cell.spoken(lang)));
            }
            _ => {}
        }
        if let Some(field) = &anchor.field {
            place.add(format_args!("{field}"));
        }
        if let (Some(paragraph), None) = (anchor.paragraph, anchor.table) {
            place.add(format_args!("¶ {paragraph}"));
        }
        place.text
    }
}

/// Bytes of a place in words that few exceed.
const USUAL_PLACE: usize = 60;

/// Words with commas between them.
struct Parts {
    text: String,
    any: bool,
}

impl Parts {
    fn add(&mut self, part: std::fmt::Arguments<'_>) {
        if std::mem::replace(&mut self.any, true) {
            self.text.push_str(", ");
        }
        // A text takes everything.
        let _ = self.text.write_fmt(part);
    }
}

/// The first `most` characters, with an ellipsis where more was there.
fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", text[..end].trim_end())),
        None => Cow::Borrowed(text),
    }
}
