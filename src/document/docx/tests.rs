//! Small DOCX files, written here, and what is read from them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::super::shown::shown;
use super::*;
use crate::document::{HealthKind, MarkKind};

/// A DOCX of these parts: `body` is the content of `w:body`; the others are `(path, type, content)`.
fn docx(body: &str, parts: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |path: &str, text: &str| {
        writer.start_file(path, SimpleFileOptions::default()).expect("a fresh archive takes files");
        writer.write_all(text.as_bytes()).expect("a vector takes bytes");
    };
    add(
        "_rels/.rels",
        r#"<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>"#,
    );
    let relations: String = parts
        .iter()
        .enumerate()
        .map(|(index, (path, kind, _))| {
            let mode = if *kind == "hyperlink" { " TargetMode=\"External\"" } else { "" };
            format!(r#"<Relationship Id="r{index}" Type="http://x/{kind}" Target="{path}"{mode}/>"#)
        })
        .collect();
    add("word/_rels/document.xml.rels", &format!("<Relationships>{relations}</Relationships>"));
    add("word/document.xml", &format!("<w:document><w:body>{body}</w:body></w:document>"));
    for (path, kind, text) in parts {
        if *kind != "hyperlink" {
            add(&format!("word/{path}"), text);
        }
    }
    writer.finish().expect("a fresh archive ends").into_inner()
}

fn document(body: &str, parts: &[(&str, &str, &str)]) -> Document {
    read(&docx(body, parts), "t.docx", None, &Limits::default()).expect("the fixture can be read")
}

fn check(body: &str, parts: &[(&str, &str, &str)], want: &[&str]) {
    assert_eq!(shown(&document(body, parts)), want, "{body}");
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn bold(text: &str) -> String {
    format!("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>")
}

fn styled(style: &str, text: &str) -> String {
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#)
}

fn item(list: u32, level: u32, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#
    )
}

fn cell(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

const STYLES: (&str, &str, &str) = (
    "styles.xml",
    "styles",
    r#"<w:styles>
      <w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
      <w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
      <w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
      <w:style w:type="paragraph" w:styleId="C"><w:name w:val="toc 1"/></w:style>
    </w:styles>"#,
);

const NUMBERING: (&str, &str, &str) = (
    "numbering.xml",
    "numbering",
    r#"<w:numbering>
      <w:abstractNum w:abstractNumId="0">
        <w:lvl w:ilvl="0"><w:start w:val="1"/><w:pStyle w:val="H1"/><w:lvlText w:val="%1."/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:pStyle w:val="H2"/><w:lvlText w:val="%1.%2"/></w:lvl>
      </w:abstractNum>
      <w:abstractNum w:abstractNumId="1">
        <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
      </w:abstractNum>
      <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
      <w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
    </w:numbering>"#,
);

#[test]
fn headings_have_their_computed_numbers() {
    let body = [
        styled("T", "Tender"),
        styled("C", "1.1 Scope 4"),
        styled("H1", "Scope"),
        p("Text."),
        styled("H2", "Servers"),
        styled("H1", "Price"),
        p("More."),
    ]
    .concat();
    check(
        &body,
        &[STYLES, NUMBERING],
        &[
            "Title Tender",
            "p 1.1 Scope 4",
            "h1 1 Scope",
            "p Text. [<Scope]",
            "h2 1.1 Servers [<Scope]",
            "h1 2 Price",
            "p More. [<Price]",
        ],
    );
}

#[test]
fn lists_know_what_introduces_them() {
    let body = [
        p("Formats:"),
        item(2, 0, "open:"),
        item(2, 1, "ODF"),
        item(2, 1, "PDF/A"),
        item(2, 0, "closed"),
        p("A long note. It has two sentences."),
        item(2, 0, "still the list"),
        p("Others, such as"),
        item(2, 0, "new lead"),
        p("- typed"),
        p("1. numbered"),
    ]
    .concat();
    check(
        &body,
        &[NUMBERING],
        &[
            "p Formats:",
            "li0 open: [lead Formats:]",
            "li1 a) ODF [lead open:]",
            "li1 b) PDF/A [lead open:]",
            "li0 closed [lead Formats:]",
            "p A long note. It has two sentences.",
            "li0 still the list [lead Formats:]",
            "p Others, such as",
            "li0 new lead [lead Others,]",
            "li0 typed [lead Others,]",
            "li0 1 numbered [lead Others,]",
        ],
    );
}

#[test]
fn a_bold_short_line_acts_as_a_heading() {
    let body = [
        bold("1. Object"),
        p("Text."),
        bold("1.1 Servers"),
        p("Text."),
        bold("Existing systems"),
        p("Text."),
        bold("2. Price"),
        bold("All of this is a sentence that was set in bold for emphasis."),
    ]
    .concat();
    check(
        &body,
        &[],
        &[
            "h1 1 Object",
            "p Text. [<Object]",
            "h2 1.1 Servers [<Object]",
            "p Text. [<Servers]",
            "h3 Existing systems [<Servers]",
            "p Text. [<Existing]",
            "h1 2 Price",
            "p All of this is a sentence that was set in bold for emphasis. [<Price]",
        ],
    );
}

#[test]
fn cells_know_the_heads_of_their_row_and_column() {
    let head = r#"<w:trPr><w:tblHeader/></w:trPr>"#;
    let body = format!(
        "<w:tbl><w:tr>{head}{}{}{}</w:tr><w:tr>{}{}{}</w:tr><w:tr>{}{}{}</w:tr><w:tr>{}</w:tr><w:tr>{}{}</w:tr></w:tbl>{}",
        cell("", "No"),
        cell("", "Requirement"),
        cell("", "Kind"),
        cell("", "1"),
        cell(r#"<w:vMerge w:val="restart"/>"#, "Storage"),
        cell("", "must"),
        cell("", "2"),
        cell("<w:vMerge/>", ""),
        cell("", "may"),
        cell(r#"<w:gridSpan w:val="3"/>"#, "Part B"),
        cell("", "3"),
        cell(r#"<w:gridSpan w:val="2"/>"#, "wide"),
        p("After."),
    );
    check(
        &body,
        &[],
        &[
            "td No",
            "td Requirement",
            "td Kind",
            "td 1 [col No]",
            "td Storage [col Requirement]",
            "td must [row Storage] [col Kind]",
            "td 2 [col No]",
            "td may [row Storage] [col Kind]",
            "h1 Part B",
            "td 3 [<Part] [col No]",
            "td wide [<Part] [col Requirement]",
            "p After.",
        ],
    );
}

#[test]
fn a_table_in_a_cell_has_its_own_places() {
    let inner = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("", "inner a"), cell("", "inner b"));
    let body =
        format!("<w:tbl><w:tr>{}<w:tc>{}{inner}{}</w:tc></w:tr></w:tbl>", cell("", "outer"), p("first"), p("last"));
    check(
        &body,
        &[],
        &[
            "td outer",
            "td first [row outer]",
            "td inner a [row outer]",
            "td inner b [row inner]",
            "td last [row outer]",
        ],
    );
    let places: Vec<_> =
        document(&body, &[]).blocks.iter().filter_map(|b| b.anchor.table.map(|t| (t.table, t.row, t.column))).collect();
    assert_eq!(places, [(1, 1, 1), (1, 1, 2), (2, 1, 1), (2, 1, 2), (1, 1, 2)]);
}

#[test]
fn tracked_changes_fields_and_hidden_text_are_told_apart() {
    let body = r#"<w:p>
      <w:r><w:t xml:space="preserve">We </w:t></w:r>
      <w:ins><w:r><w:t>newly </w:t></w:r></w:ins>
      <w:del><w:r><w:delText>never </w:delText></w:r></w:del>
      <w:r><w:t xml:space="preserve">buy </w:t></w:r>
      <w:r><w:rPr><w:highlight w:val="yellow"/></w:rPr><w:t>[name]</w:t></w:r>
      <w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space="preserve"> secretly</w:t></w:r>
      <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "http://a.example/" </w:instrText></w:r>
      <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t xml:space="preserve"> here</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>
      <w:hyperlink r:id="r0"><w:r><w:t xml:space="preserve"> there</w:t></w:r></w:hyperlink>
    </w:p>"#;
    let document = document(body, &[("http://b.example/", "hyperlink", "")]);
    let block = &document.blocks[0];
    assert_eq!(block.text, "We newly buy [name] secretly here there");
    let marks: Vec<(&str, &MarkKind)> = block.marks.iter().map(|m| (&block.text[m.start..m.end], &m.kind)).collect();
    assert_eq!(
        marks,
        [
            ("newly", &MarkKind::Inserted),
            ("[name]", &MarkKind::Highlighted),
            ("secretly", &MarkKind::Hidden),
            ("here", &MarkKind::Link("http://a.example/".to_owned())),
            ("there", &MarkKind::Link("http://b.example/".to_owned())),
        ]
    );
    let kinds: Vec<HealthKind> = document.health.notes.iter().map(|note| note.kind).collect();
    assert_eq!(
        kinds,
        [HealthKind::TrackedDeletions, HealthKind::TrackedInsertions, HealthKind::HiddenText, HealthKind::Placeholder]
    );
}

#[test]
fn a_deleted_paragraph_end_joins_two_paragraphs() {
    let body = format!(
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">one </w:t></w:r></w:p>{}{}",
        p("sentence"),
        p("Another.")
    );
    check(&body, &[], &["p one sentence", "p Another."]);
}

#[test]
fn text_boxes_and_notes_are_read_once() {
    let boxed = format!("<w:txbxContent>{}</w:txbxContent>", p("in the box"));
    let body = format!(
        r#"<w:p><w:r><w:t>before</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{boxed}</w:drawing></mc:Choice><mc:Fallback><w:pict>{boxed}</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="3"/></w:r><w:r><w:commentReference w:id="0"/></w:r><w:fldSimple w:instr=" DATE "><w:r><w:t xml:space="preserve"> today</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> after</w:t></w:r></w:p>"#
    );
    let endnotes = format!(r#"<w:endnotes><w:endnote w:id="3">{}</w:endnote></w:endnotes>"#, p("at the end"));
    let footnotes = format!(
        r#"<w:footnotes><w:footnote w:type="separator" w:id="0">{}</w:footnote><w:footnote w:id="2">{}</w:footnote></w:footnotes>"#,
        p("---"),
        p("the note")
    );
    let comments = format!(r#"<w:comments><w:comment w:id="0">{}</w:comment></w:comments>"#, p("a remark"));
    let header = format!("<w:hdr>{}</w:hdr>", p("Running head"));
    check(
        &body,
        &[
            ("footnotes.xml", "footnotes", &footnotes),
            ("endnotes.xml", "endnotes", &endnotes),
            ("comments.xml", "comments", &comments),
            ("footer1.xml", "footer", &header.replace("w:hdr", "w:ftr").replace("head", "foot")),
            ("header1.xml", "header", &header),
            ("header2.xml", "header", &header),
        ],
        &[
            "p before today after",
            "TextBox in the box",
            "Footnote the note",
            "Endnote at the end",
            "Comment a remark",
            "Header Running head",
            "Footer Running foot",
        ],
    );
}

#[test]
fn content_controls_are_read_and_their_placeholders_counted() {
    let body = format!(
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt><w:p><w:sdt><w:sdtContent><w:r><w:t>inline</w:t></w:r></w:sdtContent></w:sdt></w:p>",
        p("Click here")
    );
    check(&body, &[], &["p Click here", "p inline"]);
    assert_eq!(document(&body, &[]).health.notes[0].kind, HealthKind::Placeholder);
}

#[test]
fn the_largest_line_is_the_title_where_no_style_names_it() {
    let large = r#"<w:p><w:r><w:rPr><w:b/><w:sz w:val="40"/></w:rPr><w:t>Hosting of the portal</w:t></w:r></w:p>"#;
    let body = [p("Ministry"), large.to_owned(), p("Text."), bold("1. Object"), p("Text.")].concat();
    check(&body, &[], &["p Ministry", "Title Hosting of the portal", "p Text.", "h1 1 Object", "p Text. [<Object]"]);
}

#[test]
fn a_broken_main_part_is_read_as_far_as_it_goes() {
    let document = document(&format!("{}</w:body><w:p>", p("kept")), &[]);
    assert_eq!(shown(&document), ["p kept"]);
    assert!(document.health.notes.iter().any(|note| note.kind == HealthKind::PartNotRead));
}
