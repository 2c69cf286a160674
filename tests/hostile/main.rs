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

/// Opens a file and says whether it was read or noted as not read.
fn check(name: &str, bytes: Vec<u8>) {
    let content = Content::Bytes(Arc::from(bytes));
    let files = vec![FileRef { uri: name.to_owned(), content }];
    let bundle = Bundle { uri: String::new(), kind: None, named: true, files, not_read: Vec::new() };
    let limits = Limits { time: Duration::from_secs(10), ..Limits::default() };
    let started = Instant::now();
    let opened = bundle.open(&limits);
    assert!(started.elapsed() < Duration::from_secs(60), "{name} took {:?}", started.elapsed());
    let faults: Vec<_> = opened.not_read.iter().filter(|part| part.reason.contains("a fault in acquis")).collect();
    assert!(faults.is_empty(), "{name}: {faults:?}");
    let has_text = opened.documents.iter().any(|document| !document.blocks.is_empty());
    assert!(has_text || !opened.not_read.is_empty() || !opened.notices.is_empty(), "{name} passed in silence");
}

#[test]
fn files_that_are_cut_off_or_damaged_are_read_in_part_or_named() {
    let good: [(&str, Vec<u8>); 6] = [
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

#[test]
fn deep_and_endless_structures_are_bounded() {
    let deep = |open: &str| open.repeat(200_000);
    check("deep.docx", docx(&format!("<w:document><w:body>{}", deep("<w:sdt><w:sdtContent>"))));
    check("tables.docx", docx(&format!("<w:document><w:body>{}", deep("<w:tbl><w:tr><w:tc>"))));
    check("deep.odt", odt(&format!("<a><office:body>{}", deep("<text:list><text:list-item>"))));
    check("deep.xlsx", xlsx(&deep("<a>")));
    check("deep.pptx", pptx(&deep("<a>")));
    check("deep.html", format!("<p>x{}", deep("<div><b>")).into_bytes());
    check("tables.html", format!("<p>x{}", "<table><tr><td>".repeat(20_000)).into_bytes());
    check("lists.html", format!("<p>x{}", deep("<ul><li>")).into_bytes());
    check("quotes.md", format!("{}x", ">".repeat(50_000)).into_bytes());
    check("brackets.md", "[".repeat(50_000).into_bytes());
    check("line.txt", "word ".repeat(2_000_000).into_bytes());
    check("spans.html", b"<table><tr><td rowspan=4000000000 colspan=4000000000>x<td>y<tr><td>z</table>".to_vec());
    let wide = r#"<a><office:body><table:table><table:table-row><table:table-cell table:number-columns-repeated="4294967295" table:number-columns-spanned="4294967295" table:number-rows-spanned="4294967295"><text:p>x</text:p></table:table-cell><table:table-cell><text:p>y</text:p></table:table-cell></table:table-row></table:table></office:body></a>"#;
    check("wide.odt", odt(wide));
    check(
        "far.xlsx",
        xlsx(
            r#"<worksheet><sheetData><row r="4294967295"><c r="ZZZZ4294967295" t="str"><v>x</v></c><c t="str"><v>y</v></c></row></sheetData></worksheet>"#,
        ),
    );
}

#[test]
fn bombs_loops_and_lies_are_named() {
    let laughs = format!(
        "<!DOCTYPE a [<!ENTITY a \"ha\">{}]><w:document><w:body><w:p><w:r><w:t>&l30; end</w:t></w:r></w:p></w:body></w:document>",
        (1..31).map(|n| format!("<!ENTITY l{n} \"&l{0};&l{0};\">", n - 1)).collect::<String>()
    );
    check("laughs.docx", docx(&laughs));
    let blanks = vec![b' '; 100 << 20];
    let bomb = zip(&[("blanks.txt", &blanks)]);
    check("bomb.zip", bomb.clone());
    check("bombs.zip", zip(&[("1.zip", &bomb), ("2.zip", &bomb), ("3.zip", &bomb)]));
    check("bomb.docx", zip(&[("[Content_Types].xml", b""), ("word/document.xml", &blanks)]));
    let mut nested = zip(&[("a.txt", b"x")]);
    for _ in 0..8 {
        nested = zip(&[("inner.zip", &nested)]);
    }
    check("nested.zip", nested);
    check("paths.zip", zip(&[("../../etc/passwd.txt", b"x"), ("/abs.txt", b"x"), ("C:\\x.txt", b"x")]));
    check("empty.zip", zip(&[]));
    let names: Vec<String> = (0..10_050).map(|n| format!("{n}.txt")).collect();
    check("many.zip", zip(&names.iter().map(|name| (name.as_str(), &b""[..])).collect::<Vec<_>>()));
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
        check(name, bytes.to_vec());
    }
}
