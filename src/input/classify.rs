//! What a file is, by its content first and its name second.

use std::path::Path;

use memchr::memmem;

use crate::document::package::Package;
use crate::document::{Format, Limits};
use crate::notice;
use crate::repository::{FileKind, file_type};
use crate::saying::{Saying, say};

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Class {
    Document(Format),
    Notice(Format),
    /// A ZIP archive that is no office file.
    Archive,
    Publiccode,
    /// Known by name, not read: why, and what to do.
    Refused {
        reason: Saying,
        remedy: Saying,
    },
    /// No document: what it is.
    Skipped(Saying),
}

/// A class, and what the name said where that is something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Classified {
    pub class: Class,
    pub lie: Option<Saying>,
}

/// Classifies a file by its bytes and its name.
pub(super) fn classify(bytes: &[u8], name: &str, limits: &Limits) -> Classified {
    let extension = extension(name);
    if bytes.is_empty() {
        return Classified { class: refused(say!("empty-file"), say!("do-replace")), lie: None };
    }
    let class = by_magic(bytes, limits).unwrap_or_else(|| by_text(bytes, name, &extension));
    let lie = lie(&class, &extension);
    // Bytes that are no text, under the name of a document: a broken or foreign file.
    let class = match class {
        Class::Skipped(what) if expected(&extension).is_some() => {
            refused(say!("not-what-name-says", what = what, extension = &extension), say!("do-replace"))
        }
        class => class,
    };
    Classified { class, lie }
}

fn refused(reason: Saying, remedy: Saying) -> Class {
    Class::Refused { reason, remedy }
}

fn extension(name: &str) -> String {
    Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase()
}

/// The format that an extension promises.
fn expected(extension: &str) -> Option<Format> {
    Some(match extension {
        "md" | "markdown" => Format::Markdown,
        "txt" | "text" => Format::PlainText,
        "html" | "htm" | "xhtml" => Format::Html,
        "docx" | "docm" | "dotx" | "dotm" => Format::Docx,
        "xlsx" | "xlsm" | "xltx" => Format::Xlsx,
        "pptx" | "pptm" | "potx" | "ppsx" => Format::Pptx,
        "odt" | "ott" | "fodt" => Format::Odt,
        "ods" | "ots" | "fods" => Format::Ods,
        "odp" | "otp" | "fodp" => Format::Odp,
        "pdf" => Format::Pdf,
        "rtf" => Format::Rtf,
        "eml" => Format::Eml,
        "zip" => Format::Zip,
        _ => return None,
    })
}

/// What is wrong with the name, in words, where it promises a format that the content is not.
fn lie(class: &Class, extension: &str) -> Option<Saying> {
    let found = match class {
        Class::Document(format) | Class::Notice(format) => *format,
        Class::Archive => Format::Zip,
        Class::Publiccode | Class::Refused { .. } | Class::Skipped(_) => return None,
    };
    let promised = expected(extension)?;
    // Every one of these is text, and which one it is lies in the eye of the reader.
    let text = |format| matches!(format, Format::PlainText | Format::Markdown);
    if promised == found || text(promised) && found.is_text() {
        return None;
    }
    Some(say!("name-lies", extension = extension, format = in_words(found)))
}

/// A format in a sentence.
fn in_words(format: Format) -> Saying {
    match format {
        Format::PlainText => say!("a-text"),
        Format::Eml => say!("a-mail"),
        Format::Zip => say!("a-zip"),
        Format::Eforms | Format::TedExport | Format::Ocds | Format::Decp => say!("a-notice", name = spoken(format)),
        _ => Saying::verbatim(spoken(format)),
    }
}

/// A format's name as reports give it.
pub(super) fn spoken(format: Format) -> &'static str {
    match format {
        Format::Markdown => "Markdown",
        Format::PlainText => "plain text",
        Format::Html => "HTML",
        Format::Docx => "DOCX",
        Format::Xlsx => "XLSX",
        Format::Pptx => "PPTX",
        Format::Odt => "ODT",
        Format::Ods => "ODS",
        Format::Odp => "ODP",
        Format::Pdf => "PDF",
        Format::Rtf => "RTF",
        Format::Eml => "a mail (EML)",
        Format::Zip => "a ZIP archive",
        Format::Eforms => "an eForms notice",
        Format::TedExport => "a TED notice",
        Format::Ocds => "OCDS data",
        Format::Decp => "DECP data",
    }
}

fn by_magic(bytes: &[u8], limits: &Limits) -> Option<Class> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..offset + magic.len()) == Some(magic);
    let skipped = |what: Saying| Some(Class::Skipped(what));
    // PDF readers look for the header in the first kilobyte.
    if starts(b"%PDF-") || memmem::find(bytes.get(..bytes.len().min(1024))?, b"%PDF-").is_some() {
        return Some(Class::Document(Format::Pdf));
    }
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return Some(in_zip(bytes, limits));
    }
    if starts(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Some(in_compound_file(bytes));
    }
    if starts(b"{\\rtf") {
        return Some(Class::Document(Format::Rtf));
    }
    for (magic, what) in [
        (&b"7z\xBC\xAF\x27\x1C"[..], "7z"),
        (b"Rar!\x1A\x07", "RAR"),
        (b"\x1F\x8B", "gzip"),
        (b"BZh", "bzip2"),
        (b"\xFD7zXZ\0", "XZ"),
        (b"\x28\xB5\x2F\xFD", "Zstandard"),
        (b"MSCF", "CAB"),
    ] {
        if starts(magic) {
            return Some(refused(say!("other-archive", name = what), say!("do-pack-as-zip")));
        }
    }
    if at(257, b"ustar") {
        return Some(refused(say!("other-archive", name = "TAR"), say!("do-pack-as-zip")));
    }
    for (offset, magic, what) in [
        (0, &b"\x89PNG\r\n"[..], say!("an-image")),
        (0, b"\xFF\xD8\xFF", say!("an-image")),
        (0, b"GIF8", say!("an-image")),
        (0, b"II*\0", say!("an-image")),
        (0, b"MM\0*", say!("an-image")),
        (0, b"BM", say!("an-image")),
        (0, b"RIFF", say!("recording-or-image")),
        (4, b"ftyp", say!("recording-or-image")),
        (0, b"ID3", say!("a-recording")),
        (0, b"OggS", say!("a-recording")),
        (0, b"fLaC", say!("a-recording")),
        (0, b"\x1A\x45\xDF\xA3", say!("a-recording")),
        (0, b"OTTO", say!("a-font")),
        (0, b"\0\x01\0\0", say!("a-font")),
        (0, b"wOFF", say!("a-font")),
        (0, b"wOF2", say!("a-font")),
        (0, b"\x7FELF", say!("a-program")),
        (0, b"MZ", say!("a-program")),
        (0, b"AC10", say!("a-drawing")),
        (0, b"SQLite format 3", say!("a-database")),
    ] {
        // Two letters alone may begin a text.
        if at(offset, magic) && (magic.len() > 2 || bytes.iter().take(64).any(|byte| *byte == 0)) {
            return skipped(what);
        }
    }
    None
}

/// Tells office files from other ZIP archives by the names of their parts.
fn in_zip(bytes: &[u8], limits: &Limits) -> Class {
    let Ok(mut package) = Package::open(bytes, limits) else { return Class::Archive };
    let has = |prefix: &str| package.names().iter().any(|name| name.starts_with(prefix));
    if has("[Content_Types].xml") || has("_rels/") {
        let kinds = [("word/", Format::Docx), ("xl/", Format::Xlsx), ("ppt/", Format::Pptx)];
        if let Some((_, format)) = kinds.into_iter().find(|(folder, _)| has(folder)) {
            return Class::Document(format);
        }
        if has("visio/") {
            return refused(say!("visio"), say!("do-save-as-pdf"));
        }
    }
    let Ok(Some(kind)) = package.part("mimetype") else { return Class::Archive };
    let kind = String::from_utf8_lossy(&kind);
    let kind = kind.trim();
    match kind.strip_prefix("application/vnd.oasis.opendocument.") {
        Some(kind) if kind.starts_with("text") => Class::Document(Format::Odt),
        Some(kind) if kind.starts_with("spreadsheet") => Class::Document(Format::Ods),
        Some(kind) if kind.starts_with("presentation") => Class::Document(Format::Odp),
        Some(_) => refused(say!("odf-drawing"), say!("do-save-as-document")),
        None if kind == "application/epub+zip" => refused(say!("epub"), say!("do-save-as-document")),
        None => Class::Archive,
    }
}

/// Old office files are OLE compound files: the names of their streams tell them apart ([MS-CFB]).
fn in_compound_file(bytes: &[u8]) -> Class {
    let has = |name: &str| {
        let utf_16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &utf_16).is_some()
    };
    if has("EncryptedPackage") {
        refused(say!("encrypted-office"), say!("do-remove-password"))
    } else if has("WordDocument") {
        refused(say!("old-word"), say!("do-save-as-document"))
    } else if has("PowerPoint Document") {
        refused(say!("old-powerpoint"), say!("do-save-as-slides"))
    } else if has("__substg1.0_") || has("__properties_version") {
        refused(say!("outlook"), say!("do-save-as-eml"))
    } else if has("Workbook") || has("Book") {
        refused(say!("old-excel"), say!("do-save-as-sheet"))
    } else {
        refused(say!("old-office"), say!("do-save-as-document"))
    }
}

fn by_text(bytes: &[u8], name: &str, extension: &str) -> Class {
    if let Some(format) = notice::format_of(bytes) {
        return Class::Notice(format);
    }
    let head = head_text(bytes);
    let begin = head.trim_start_matches('\u{FEFF}').trim_start();
    if let Some(class) = by_root(begin) {
        return class;
    }
    if is_mail(begin, extension) {
        return Class::Document(Format::Eml);
    }
    if is_publiccode(name, begin) {
        return Class::Publiccode;
    }
    // Zero bytes are no text, unless every second byte is one (UTF-16).
    let zeros = bytes.iter().take(4096).filter(|byte| **byte == 0).count();
    let is_utf_16 =
        bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || zeros * 5 > bytes.len().min(4096) * 2;
    if zeros > 0 && !is_utf_16 {
        return Class::Skipped(say!("binary-data"));
    }
    match expected(extension) {
        Some(format @ (Format::Markdown | Format::Html | Format::PlainText)) => Class::Document(format),
        Some(_) => Class::Document(Format::PlainText),
        None => match file_type::of(name) {
            Some(known) if known.kind == FileKind::Prose => Class::Document(Format::PlainText),
            Some(known) => Class::Skipped(say!("a-file-of", name = known.name)),
            None if begin.starts_with("<?xml") => Class::Skipped(say!("xml-data")),
            None => Class::Document(Format::PlainText),
        },
    }
}

/// The beginning of a text, for looking at; wrong bytes replaced.
fn head_text(bytes: &[u8]) -> String {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let encoding = encoding_rs::Encoding::for_bom(head).map_or(encoding_rs::UTF_8, |(encoding, _)| encoding);
    encoding.decode(head).0.into_owned()
}

/// Markup is known by its root element.
fn by_root(begin: &str) -> Option<Class> {
    if !begin.starts_with('<') {
        return None;
    }
    let mut rest = begin;
    loop {
        rest = rest.trim_start();
        let lower = rest.get(..rest.len().min(16)).unwrap_or(rest).to_ascii_lowercase();
        if lower.starts_with("<!doctype html") {
            return Some(Class::Document(Format::Html));
        }
        if !(lower.starts_with("<?") || lower.starts_with("<!")) {
            break;
        }
        let end = if lower.starts_with("<!--") { "-->" } else { ">" };
        rest = rest.get(rest.find(end)? + end.len()..)?;
    }
    let name: String = rest
        .chars()
        .skip(1)
        .take_while(|c| c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | '.'))
        .collect::<String>();
    let local = name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    match (name.as_str(), local.as_str()) {
        (_, "html") => Some(Class::Document(Format::Html)),
        (_, "head" | "body") => Some(Class::Document(Format::Html)),
        (_, "svg") => Some(Class::Skipped(say!("an-image"))),
        ("office:document", _) => Some(match flat_kind(rest) {
            Some(format) => Class::Document(format),
            None => refused(say!("flat-unknown"), say!("do-save-as-document")),
        }),
        ("w:wordDocument" | "pkg:package", _) => Some(refused(say!("word-xml"), say!("do-save-as-document"))),
        _ => None,
    }
}

/// The kind of a flat OpenDocument file, from its root's `office:mimetype`.
fn flat_kind(root: &str) -> Option<Format> {
    let tag = root.get(..root.find('>').unwrap_or(root.len()))?;
    let kinds = [
        ("opendocument.text", Format::Odt),
        ("opendocument.spreadsheet", Format::Ods),
        ("opendocument.presentation", Format::Odp),
    ];
    kinds.into_iter().find(|(kind, _)| tag.contains(kind)).map(|(_, format)| format)
}

/// A mail begins with header fields (RFC 5322, section 2.2), of which some are in every mail.
fn is_mail(begin: &str, extension: &str) -> bool {
    let head = begin.split("\n\n").next().unwrap_or_default().split("\r\n\r\n").next().unwrap_or_default();
    let fields: Vec<String> = head
        .lines()
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap_or_default().to_ascii_lowercase())
        .collect();
    let has = |name: &str| fields.iter().any(|field| field == name);
    let all_fields = head.lines().all(|line| line.starts_with([' ', '\t']) || line.contains(':'));
    all_fields && has("from") && (has("mime-version") || has("message-id") || has("received") || extension == "eml")
}

/// A publiccode.yml by its name, or by the key that it must begin with.
fn is_publiccode(name: &str, begin: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let yaml = file.ends_with(".yml") || file.ends_with(".yaml") || !file.contains('.');
    matches!(file.as_str(), "publiccode.yml" | "publiccode.yaml")
        || yaml && begin.lines().any(|line| line.starts_with("publiccodeYmlVersion:"))
}

/// Whether a file may be a document, by its name alone: what a folder holds is found out without reading it.
pub(super) fn may_be_document(name: &str) -> bool {
    let extension = extension(name);
    if expected(&extension).is_some() || matches!(extension.as_str(), "xml" | "json" | "") {
        return true;
    }
    match file_type::of(name) {
        Some(known) => matches!(known.kind, FileKind::Prose | FileKind::Office | FileKind::Archive),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    fn zip(names: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in names {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a fresh archive takes files");
            writer.write_all(text.as_bytes()).expect("a vector takes bytes");
        }
        writer.finish().expect("a fresh archive ends").into_inner()
    }

    fn shown(bytes: &[u8], name: &str) -> String {
        let found = classify(bytes, name, &Limits::default());
        let class = match found.class {
            Class::Document(format) => format!("document {format:?}"),
            Class::Notice(format) => format!("notice {format:?}"),
            Class::Archive => "archive".to_owned(),
            Class::Publiccode => "publiccode".to_owned(),
            Class::Refused { reason, .. } => format!("refused {}", reason.key()),
            Class::Skipped(what) => format!("skipped {what}"),
        };
        if found.lie.is_some() { format!("{class}, lies") } else { class }
    }

    #[test]
    fn content_counts_before_the_name() {
        let ole = |name: &str| {
            let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
            bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            bytes
        };
        let docx = zip(&[("[Content_Types].xml", ""), ("word/document.xml", "")]);
        let odt = zip(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")]);
        for (bytes, name, want) in [
            (&b"%PDF-1.7 x"[..], "a.pdf", "document Pdf"),
            (b"%PDF-1.7 x", "a.docx", "document Pdf, lies"),
            (&docx, "a.docx", "document Docx"),
            (&docx, "a", "document Docx"),
            (&odt, "a.docx", "document Odt, lies"),
            (&zip(&[("a.docx", "")]), "a.zip", "archive"),
            (&ole("WordDocument"), "a.doc", "refused old-word"),
            (&ole("EncryptedPackage"), "a.docx", "refused encrypted-office"),
            (&ole("Workbook"), "a.xls", "refused old-excel"),
            (&ole("__substg1.0_"), "a.msg", "refused outlook"),
            (b"7z\xBC\xAF\x27\x1C..", "a.7z", "refused other-archive"),
            (b"\x89PNG\r\n\x1a\n", "a.png", "skipped an image"),
            (b"\x89PNG\r\n\x1a\n", "a.docx", "refused not-what-name-says"),
            (b"", "a.docx", "refused empty-file"),
            (b"{\\rtf1 x}", "a.doc", "document Rtf"),
            (b"<!-- x --><!DOCTYPE html><p>", "a.html", "document Html"),
            (b"<html><body>Not found", "a.pdf", "document Html, lies"),
            (b"<p>fragment", "a.html", "document Html"),
            (b"# Title", "a.md", "document Markdown"),
            (b"Title", "README", "document PlainText"),
            (b"Title", "a.txt", "document PlainText"),
            (b"plain words", "a.docx", "document PlainText, lies"),
            (b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n\nHi", "a.eml", "document Eml"),
            (b"From: here\nto there", "a.txt", "document PlainText"),
            (b"publiccodeYmlVersion: '0.4'\nname: x", "x.yml", "publiccode"),
            (b"a: 1", "x.yml", "skipped a YAML file"),
            (b"<TED_EXPORT/>", "x.xml", "notice TedExport"),
            (b"<svg xmlns='x'/>", "x.svg", "skipped an image"),
            (b"a\0\0\x01b", "x.bin", "skipped binary data"),
            (b"\xFF\xFEa\0b\0", "x.txt", "document PlainText"),
        ] {
            assert_eq!(shown(bytes, name), want, "{name} {:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_folder_of_documents_is_known_by_its_names() {
        for (name, want) in
            [("a.docx", true), ("a.xml", true), ("NOTICE", true), ("a.png", false), ("a.py", false), ("a.doc", true)]
        {
            assert_eq!(may_be_document(name), want, "{name}");
        }
    }
}
