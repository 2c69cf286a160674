//! Documents: what a reader makes of the bytes of one file.
//!
//! A reader turns bytes into a [`Document`]: blocks of text in reading order, each with its place. It knows
//! no rules and does no I/O. Whatever it could not read stands in the document's [`Health`] or is returned as
//! a [`NotRead`]; it never passes in silence.

mod cell_address;
mod comments;
mod compose;
mod docx;
pub(crate) mod eml;
mod encoding;
mod field;
mod flow;
mod html;
mod letters;
mod limits;
mod line;
mod look;
mod markdown;
mod marker;
mod model;
mod numeral;
mod odf;
mod office_main;
mod opening;
pub(crate) mod package;
mod pdf;
mod plain;
mod pptx;
mod rtf;
#[cfg(test)]
mod shown;
mod style_role;
mod table;
mod xlsx;
mod xml;

use crate::saying::say;

pub use limits::{Deadline, Limits};
pub use model::{
    Anchor, Block, BlockKind, Document, Format, Health, HealthKind, HealthNote, Mark, MarkKind, NotRead, SourceMap,
    TablePlace,
};

/// Reads the bytes of one file as a document of `format`.
///
/// `uri` and `member` only name the document in the result.
///
/// # Errors
/// [`NotRead`] where nothing of the file can be read. Where a part of it can, the document is given and its
/// [`Health`] says what is missing.
pub fn read(
    bytes: &[u8],
    uri: &str,
    member: Option<&str>,
    format: Format,
    limits: &Limits,
) -> Result<Document, NotRead> {
    let most = match format {
        Format::Markdown => limits.bytes.min(limits.markdown),
        Format::PlainText => limits.bytes.min(limits.plain),
        _ => limits.bytes,
    };
    if bytes.len() as u64 > most {
        return Err(NotRead::new(uri, member, say!("too-large", bytes = most), say!("do-split")));
    }
    // The readers themselves are fuzzed; a fault in a library that they use must not end the whole run.
    let reading = std::panic::catch_unwind(|| read_as(bytes, uri, member, format, limits));
    reading.unwrap_or_else(|_| Err(NotRead::new(uri, member, say!("fault-in-acquis"), say!("do-report"))))
}

fn read_as(
    bytes: &[u8],
    uri: &str,
    member: Option<&str>,
    format: Format,
    limits: &Limits,
) -> Result<Document, NotRead> {
    match format {
        Format::Markdown => markdown::read(bytes, uri, member, limits),
        Format::PlainText => plain::read(bytes, uri, member, limits),
        Format::Html => html::read(bytes, uri, member, limits),
        Format::Docx => docx::read(bytes, uri, member, limits),
        Format::Odt | Format::Ods | Format::Odp => odf::read(bytes, uri, member, format, limits),
        Format::Pdf => pdf::read(bytes, uri, member, limits),
        Format::Xlsx => xlsx::read(bytes, uri, member, limits),
        Format::Pptx => pptx::read(bytes, uri, member, limits),
        Format::Eml => eml::read(bytes, uri, member, limits),
        Format::Rtf => rtf::read(bytes, uri, member, limits),
        Format::Zip | Format::Eforms | Format::TedExport | Format::Ocds | Format::Decp => {
            Err(NotRead::new(uri, member, say!("no-document-format"), say!("do-save-as-document")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_much_memory_is_cut_and_said() {
        let few = Limits { held: 20_000, ..Limits::default() };
        let long = "word ".repeat(40);
        for (format, paragraph) in [
            (Format::Html, format!("<p>{long}")),
            (Format::Markdown, format!("{long}\n\n")),
            (Format::Markdown, format!("{}\n\n", "[x](http://a.example/b) `c` ".repeat(40))),
            (Format::PlainText, format!("{long}\n\n")),
        ] {
            let document = read(paragraph.repeat(100).as_bytes(), "f", None, format, &few).expect("a part is read");
            assert!((2..90).contains(&document.blocks.len()), "{format:?}: {} blocks", document.blocks.len());
            let [note] = document.health.notes.as_slice() else { panic!("{:?}", document.health) };
            assert_eq!((note.kind, note.detail.key()), (HealthKind::PartNotRead, "document-too-large"));
        }
        let small = Limits { markdown: 10, plain: 10, ..Limits::default() };
        for format in [Format::Markdown, Format::PlainText] {
            let refused = read(b"eleven bytes", "f", None, format, &small).expect_err("it is too large");
            assert_eq!(refused.cause, "too-large");
        }
    }
}
