//! Files that were made to harm: none panics, none hangs, none passes in silence.
//!
//! Each is opened as a user would open it. What counts is that either text comes out or a record says that
//! something was not read.

use std::io::{Cursor, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use acquis::document::Limits;
use acquis::input::{Bundle, Content, FileRef};

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a fresh archive takes files");
        writer.write_all(bytes).expect("a vector takes bytes");
    }
    writer.finish().expect("a fresh archive ends").into_inner()
}

fn docx(document: &str) -> Vec<u8> {
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
}

fn odt(content: &str) -> Vec<u8> {
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content.as_bytes())])
}

fn xlsx(sheet: &str) -> Vec<u8> {
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", br#"<workbook><sheets><sheet name="S" r:id="a"/></sheets></workbook>"#),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></Relationships>"#,
        ),
        ("xl/s.xml", sheet.as_bytes()),
    ])
}

fn pptx(slide: &str) -> Vec<u8> {
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("ppt/presentation.xml", br#"<p:presentation><p:sldIdLst><p:sldId r:id="a"/></p:sldIdLst></p:presentation>"#),
        (
            "ppt/_rels/presentation.xml.rels",
            br#"<Relationships><Relationship Id="a" Type="x/slide" Target="s.xml"/></Relationships>"#,
        ),
        ("ppt/s.xml", slide.as_bytes()),
    ])
}

/// Files by their name.
#[derive(Default)]
struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    fn add(&mut self, name: &str, bytes: Vec<u8>) {
        self.0.push((name.to_owned(), bytes));
    }
}

/// Opens a file and says whether it was read or noted as not read.
fn check(name: &str, bytes: Vec<u8>) {
    let content = Content::Bytes(Arc::from(bytes));
    let files = vec![FileRef { uri: name.to_owned(), content }];
    let bundle = Bundle { uri: String::new(), kind: None, named: true, files, not_read: Vec::new() };
    let limits = Limits { time: Duration::from_secs(10), ..Limits::default() };
    let started = Instant::now();
    let opened = bundle.open(&limits);
    assert!(started.elapsed() < Duration::from_secs(60), "{name} took {:?}", started.elapsed());
    let faults: Vec<_> = opened.not_read.iter().filter(|part| part.cause == "fault-in-acquis").collect();
    assert!(faults.is_empty(), "{name}: {faults:?}");
    let has_text = opened.documents.iter().any(|document| !document.blocks.is_empty());
    assert!(has_text || !opened.not_read.is_empty() || !opened.notices.is_empty(), "{name} passed in silence");
}

#[test]
fn files_that_are_cut_off_or_damaged_are_read_in_part_or_named() {
    let good: [(&str, Vec<u8>); 7] = [
        ("a.docx", docx("<w:document><w:body><w:p><w:r><w:t>Some text.</w:t></w:r></w:p></w:body></w:document>")),
        (
            "a.odt",
            odt(
                "<office:document-content><office:body><office:text><text:p>Some text.</text:p></office:text></office:body></office:document-content>",
            ),
        ),
        ("a.xlsx", xlsx("<worksheet><sheetData><row><c t=\"str\"><v>Some text.</v></c></row></sheetData></worksheet>")),
        ("a.pptx", pptx("<p:sld><p:txBody><a:p><a:r><a:t>Some text.</a:t></a:r></a:p></p:txBody></p:sld>")),
        ("a.html", b"<html><body><table><tr><td>Some text.</table>".to_vec()),
        (
            "a.rtf",
            br"{\rtf1\ansi{\fonttbl{\f0 T;}}\pard Some text.\par{\b more}\trowd\cellx9\intbl c\cell\row}".to_vec(),
        ),
        ("a.eml", b"From: a@b.example\r\nMIME-Version: 1.0\r\nSubject: Some\r\n\r\ntext".to_vec()),
    ];
    for (name, bytes) in &good {
        for part in 1..8 {
            let cut = bytes.len() * part / 8;
            check(&format!("cut-{part}-{name}"), bytes[..cut].to_vec());
            let mut damaged = bytes.clone();
            for (offset, byte) in damaged.iter_mut().enumerate().skip(part).step_by(37) {
                *byte ^= u8::try_from(offset % 251).unwrap_or(1) | 1;
            }
            check(&format!("damaged-{part}-{name}"), damaged);
        }
    }
}

/// Structures inside each other, and what promises more than it holds.
fn deep_and_endless() -> Files {
    let mut files = Files::default();
    let deep = |open: &str| open.repeat(200_000);
    files.add("deep.docx", docx(&format!("<w:document><w:body>{}", deep("<w:sdt><w:sdtContent>"))));
    files.add("tables.docx", docx(&format!("<w:document><w:body>{}", deep("<w:tbl><w:tr><w:tc>"))));
    files.add("deep.odt", odt(&format!("<a><office:body>{}", deep("<text:list><text:list-item>"))));
    files.add("deep.xlsx", xlsx(&deep("<a>")));
    files.add("deep.pptx", pptx(&deep("<a>")));
    files.add("deep.html", format!("<p>x{}", deep("<div><b>")).into_bytes());
    files.add("tables.html", format!("<p>x{}", "<table><tr><td>".repeat(20_000)).into_bytes());
    files.add("lists.html", format!("<p>x{}", deep("<ul><li>")).into_bytes());
    files.add("quotes.md", format!("{}x", ">".repeat(50_000)).into_bytes());
    files.add("brackets.md", "[".repeat(50_000).into_bytes());
    files.add("line.txt", "word ".repeat(2_000_000).into_bytes());
    files.add("spans.html", b"<table><tr><td rowspan=4000000000 colspan=4000000000>x<td>y<tr><td>z</table>".to_vec());
    let wide = r#"<a><office:body><table:table><table:table-row><table:table-cell table:number-columns-repeated="4294967295" table:number-columns-spanned="4294967295" table:number-rows-spanned="4294967295"><text:p>x</text:p></table:table-cell><table:table-cell><text:p>y</text:p></table:table-cell></table:table-row></table:table></office:body></a>"#;
    files.add("wide.odt", odt(wide));
    files.add(
        "far.xlsx",
        xlsx(
            r#"<worksheet><sheetData><row r="4294967295"><c r="ZZZZ4294967295" t="str"><v>x</v></c><c t="str"><v>y</v></c></row></sheetData></worksheet>"#,
        ),
    );
    files
}

/// What unpacks to more than it seems, and files that are not what their name says.
fn bombs_and_lies() -> Files {
    let mut files = Files::default();
    let laughs = format!(
        "<!DOCTYPE a [<!ENTITY a \"ha\">{}]><w:document><w:body><w:p><w:r><w:t>&l30; end</w:t></w:r></w:p></w:body></w:document>",
        (1..31).map(|n| format!("<!ENTITY l{n} \"&l{0};&l{0};\">", n - 1)).collect::<String>()
    );
    files.add("laughs.docx", docx(&laughs));
    let blanks = vec![b' '; 100 << 20];
    let bomb = zip(&[("blanks.txt", &blanks)]);
    files.add("bomb.zip", bomb.clone());
    files.add("bombs.zip", zip(&[("1.zip", &bomb), ("2.zip", &bomb), ("3.zip", &bomb)]));
    files.add("bomb.docx", zip(&[("[Content_Types].xml", b""), ("word/document.xml", &blanks)]));
    let mut nested = zip(&[("a.txt", b"x")]);
    for _ in 0..8 {
        nested = zip(&[("inner.zip", &nested)]);
    }
    files.add("nested.zip", nested);
    files.add("paths.zip", zip(&[("../../etc/passwd.txt", b"x"), ("/abs.txt", b"x"), ("C:\\x.txt", b"x")]));
    files.add("empty.zip", zip(&[]));
    files.add("only-folders.zip", zip(&[("folder/", b"")]));
    files.add("only-litter.zip", zip(&[("__MACOSX/._specification.docx", b"x"), (".DS_Store", b"x")]));
    let names: Vec<String> = (0..10_050).map(|n| format!("{n}.txt")).collect();
    files.add("many.zip", zip(&names.iter().map(|name| (name.as_str(), &b""[..])).collect::<Vec<_>>()));
    for (name, bytes) in [
        ("image.docx", &b"\x89PNG\r\n\x1a\n\0\0"[..]),
        ("noise.pdf", b"\x01\x02\0\x04"),
        ("empty.pdf", b""),
        ("html.pdf", b"<html><body>404"),
        ("doc.docx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0d\0"),
        ("a.7z", b"7z\xBC\xAF\x27\x1C"),
        ("stub.pdf", b"%PDF-1.7"),
        ("stub.zip", b"PK\x03\x04"),
    ] {
        files.add(name, bytes.to_vec());
    }
    files
}

/// Files of single formats that no honest program writes.
fn ill_formed() -> Files {
    let mut files = Files::default();
    files.add("groups.rtf", format!("{{\\rtf1 x{}", "{\\b ".repeat(200_000)).into_bytes());
    files.add("closed.rtf", format!("{{\\rtf1 x{}", "}".repeat(200_000)).into_bytes());
    files.add("cells.rtf", format!("{{\\rtf1\\trowd\\cellx9\\intbl x{}\\row}}", "\\cell".repeat(600_000)).into_bytes());
    files.add(
        "edges.rtf",
        format!("{{\\rtf1\\trowd{}\\intbl x\\cell\\row}}", "\\cellx-2147483648\\cellx2147483647".repeat(50_000))
            .into_bytes(),
    );
    files.add("tables.rtf", br"{\rtf1\intbl\itap2147483647 x\nestcell{\*\nesttableprops\nestrow}\row}".to_vec());
    files.add("binary.rtf", br"{\rtf1 x{\pict\bin2147483647 abc}}".to_vec());
    files.add("passed.rtf", br"{\rtf1 x\uc2147483647\u-2147483648 y\u55357\par}".to_vec());
    files.add("notes.rtf", format!("{{\\rtf1 x{}", "{\\footnote y".repeat(10_000)).into_bytes());
    files.add(
        "fields.rtf",
        format!("{{\\rtf1 x{}", r"{\field{\*\fldinst HYPERLINK }{\fldrslt ".repeat(10_000)).into_bytes(),
    );
    files.add("twice.rtf", br"{\rtf1 one}{\rtf1 two}".to_vec());
    files.add("nothing.rtf", br"{\rtf1}".to_vec());

    let pdf = |objects: &str| format!("%PDF-1.7\n{objects}\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n").into_bytes();
    files.add("pages-loop.pdf", pdf("1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 >>\nendobj"));
    files.add("self.pdf", pdf("1 0 obj\n1 0 R\nendobj"));
    files.add("no-pages.pdf", pdf("1 0 obj\n<< /Type /Catalog >>\nendobj"));
    files.add("arrays.pdf", pdf(&format!("1 0 obj\n<< /Type /Catalog /Pages {}", "[".repeat(200_000))));
    files.add("locked.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n3 0 obj\n<< /Filter /Standard /V 5 /R 6 /O (x) /U (x) /P -4 >>\nendobj\ntrailer\n<< /Root 1 0 R /Encrypt 3 0 R >>\n%%EOF\n".to_vec());
    files.add(
        "xref-loop.pdf",
        b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Prev 9 /Size 1 >>\nstartxref\n9\n%%EOF\n".to_vec(),
    );

    files.add("strings.xlsx", xlsx(r#"<worksheet><sheetData><row><c t="s"><v>4294967295</v></c><c t="s"><v>-1</v></c></row></sheetData></worksheet>"#));
    files.add("merged.xlsx", xlsx(r#"<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>x</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="ZZZZZZ99999999999:A0"/></mergeCells></worksheet>"#));
    files.add(
        "no-sheet.xlsx",
        zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/workbook.xml", br#"<workbook><sheets><sheet name="S" r:id="gone"/></sheets></workbook>"#),
        ]),
    );
    files.add(
        "no-slide.pptx",
        zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            (
                "ppt/presentation.xml",
                br#"<p:presentation><p:sldIdLst><p:sldId r:id="gone"/></p:sldIdLst></p:presentation>"#,
            ),
        ]),
    );
    files.add("no-main.docx", zip(&[("[Content_Types].xml", b"<Types/>"), ("word/styles.xml", b"<w:styles/>")]));
    files.add("no-content.odt", zip(&[("mimetype", b"application/vnd.oasis.opendocument.text")]));
    files.add(
        "locked.odt",
        zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("META-INF/manifest.xml", b"<manifest:encryption-data/>"),
            ("content.xml", b"\x01\x02"),
        ]),
    );
    files.add("entity.docx", docx(r#"<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"#));
    files.add(
        "attributes.docx",
        docx(&format!(
            "<w:document{}><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p></w:body></w:document>",
            " a=\"b\"".repeat(300_000)
        )),
    );
    files.add("styles.docx", zip(&[("[Content_Types].xml", b"<Types/>"), ("word/_rels/document.xml.rels", br#"<Relationships><Relationship Id="s" Type="x/styles" Target="../../../../etc/passwd"/></Relationships>"#), ("word/document.xml", b"<w:document><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p></w:body></w:document>")]));
    files.add("repeated.ods", zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", br#"<a><office:body><office:spreadsheet><table:table table:name="S"><table:table-row table:number-rows-repeated="4294967295"><table:table-cell table:number-columns-repeated="4294967295"><text:p>x</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></a>"#)]));
    files.add("spaces.odt", odt(r#"<a><office:body><office:text><text:p>x<text:s text:c="4294967295"/>y</text:p></office:text></office:body></a>"#));

    let mut nested = b"From: a@b.example\r\nMIME-Version: 1.0\r\n\r\nx".to_vec();
    for _ in 0..12 {
        nested = [b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n".to_vec(), nested]
            .concat();
    }
    files.add("nested.eml", nested);
    let part = "--x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n\r\n\0\r\n";
    files.add(
        "attached.eml",
        format!(
            "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{}",
            part.repeat(12_000)
        )
        .into_bytes(),
    );
    files.add(
        "endless.eml",
        format!("From: a@b.example\r\nMIME-Version: 1.0\r\nSubject: {}", "=?utf-8?q?=".repeat(100_000)).into_bytes(),
    );

    files.add("attributes.html", format!("<p{}>x", " a=b".repeat(500_000)).into_bytes());
    files.add("comment.html", b"<!DOCTYPE html><!-- no end".to_vec());
    files.add("entities.html", "&amp".repeat(500_000).into_bytes());
    files.add("emphasis.md", "*a_ ".repeat(200_000).into_bytes());
    files.add("links.md", "[a](".repeat(50_000).into_bytes());
    files.add("rows.md", format!("|a|\n|-|\n{}", "|".repeat(500_000)).into_bytes());
    files.add("zeros.txt", b"text\0with\0zeros".to_vec());
    files.add("broken.txt", [0xC3, 0x28, 0xFF, 0xFE, 0xF0].repeat(10_000));
    files.add("half.txt", b"\xFF\xFEa\0b".to_vec());
    files.add("marks.txt", "\u{202E}\u{200B}\u{FEFF}".repeat(10_000).into_bytes());
    files.add("accents.txt", format!("e{}", "\u{301}".repeat(500_000)).into_bytes());
    files
}

/// Files that are known by name, and what else is packed as they are.
fn refused() -> Files {
    let mut files = Files::default();
    let ole = |stream: &str| {
        let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &name].concat()
    };
    files.add("a.xls", ole("Workbook"));
    files.add("a.ppt", ole("PowerPoint Document"));
    files.add("a.msg", ole("__properties_version1.0"));
    files.add("locked.docx", ole("EncryptedPackage"));
    files.add("a.rar", b"Rar!\x1A\x07\x01\0".to_vec());
    files.add("a.docx.gz", b"\x1F\x8B\x08\0".to_vec());
    files.add("a.epub", zip(&[("mimetype", b"application/epub+zip")]));
    files.add("a.vsdx", zip(&[("[Content_Types].xml", b"<Types/>"), ("visio/document.xml", b"<a/>")]));
    // An archive whose members are encrypted: the flag alone tells.
    let mut locked = zip(&[("a.txt", b"secret")]);
    locked[6] |= 1;
    if let Some(directory) = locked.windows(4).position(|window| window == b"PK\x01\x02") {
        locked[directory + 8] |= 1;
    }
    files.add("locked.zip", locked);
    files
}

#[test]
fn no_hostile_file_panics_or_passes_in_silence() {
    let files = [deep_and_endless(), bombs_and_lies(), ill_formed(), refused()];
    let files: Vec<(String, Vec<u8>)> = files.into_iter().flat_map(|files| files.0).collect();
    let names: std::collections::BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.len() >= 60 && names.len() == files.len(), "{} files", names.len());
    for (name, bytes) in files {
        check(&name, bytes);
    }
}
