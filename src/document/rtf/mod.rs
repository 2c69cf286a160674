//! RTF (Rich Text Format, specification 1.9.1).
//!
//! Read: headings by style or outline level, list items with the numbers that the file shows, tables with merged
//! cells and tables inside them, text boxes, footnotes, endnotes, comments, headers and footers, the results of
//! fields. Text in any code page that the font names, and as Unicode. Tracked insertions are read and marked;
//! tracked deletions are left out and counted; hidden text is read and marked. Destinations that are not known
//! are passed over where the file says that they may be (`\*`), and so are pictures and objects.
//!
//! The parsers on crates.io know neither tables nor notes nor code pages, so the reader is our own.

mod header;
mod paragraph;
mod reader;
mod table;
mod token;

use super::compose::Composer;
use super::limits::Limits;
use super::model::{Document, Format, HealthKind, NotRead};
use crate::saying::say;
use reader::Reader;

/// Reads an RTF file.
pub(super) fn read(bytes: &[u8], uri: &str, member: Option<&str>, limits: &Limits) -> Result<Document, NotRead> {
    let start = bytes.iter().position(|byte| *byte == b'{').unwrap_or(0);
    let bytes = bytes.get(start..).unwrap_or_default();
    if !bytes.starts_with(b"{\\rtf") {
        return Err(NotRead::new(uri, member, say!("no-rtf"), say!("do-save-again")));
    }
    let mut composer = Composer::new(limits);
    let fault = Reader::new(&mut composer, limits).read(bytes);
    if let Some(fault) = fault {
        composer.unread(HealthKind::PartNotRead, fault, say!("do-save-again"));
    }
    Ok(composer.finish(uri, member, Format::Rtf, None))
}

#[cfg(test)]
mod tests;
