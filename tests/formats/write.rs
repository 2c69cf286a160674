//! Writes a document that was read in other formats, as simply as they allow.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use acquis::document::{Block, BlockKind, Document};

/// The formats, by the ending of their files.
pub const FORMATS: &[&str] = &["docx", "odt", "html", "rtf", "pdf"];

pub fn write(document: &Document, format: &str) -> Vec<u8> {
    let parts = parts(document);
    match format {
        "docx" => docx(&parts),
        "odt" => odt(&parts),
        "html" => html(&parts).into_bytes(),
        "rtf" => rtf(&parts).into_bytes(),
        _ => pdf(&parts),
    }
}

/// What stands in a document one after another.
enum Part<'d> {
    Title(&'d str),
    /// Level and text, with a number that was typed.
    Heading(u8, String),
    Item(u8, &'d str),
    Paragraph(&'d str),
    /// Rows of cells of paragraphs.
    Table(Vec<Vec<Vec<&'d str>>>),
}

fn parts(document: &Document) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut table = None;
    for block in &document.blocks {
        if let Some(place) = block.anchor.table {
            if table != Some(place.table) {
                table = Some(place.table);
                parts.push(Part::Table(Vec::new()));
            }
            let Some(Part::Table(rows)) = parts.last_mut() else { continue };
            let (row, column) = (place.row as usize, place.column as usize);
            rows.resize(rows.len().max(row), Vec::new());
            let cells = &mut rows[row - 1];
            cells.resize(cells.len().max(column), Vec::new());
            cells[column - 1].push(&block.text);
            continue;
        }
        table = None;
        parts.push(part(block));
    }
    for part in &mut parts {
        if let Part::Table(rows) = part {
            let width = rows.iter().map(Vec::len).max().unwrap_or(0);
            rows.iter_mut().for_each(|row| row.resize(width, Vec::new()));
        }
    }
    parts
}

fn part(block: &Block) -> Part<'_> {
    match block.kind {
        BlockKind::Title => Part::Title(&block.text),
        BlockKind::Heading { level } => {
            let number = block.anchor.number.as_deref().map(|number| format!("{number} "));
            // A bare number is a marker only with a full stop.
            let number = number.map(|n| if n.contains('.') { n } else { n.replace(' ', ". ") });
            Part::Heading(level, number.unwrap_or_default() + &block.text)
        }
        BlockKind::ListItem { depth } => Part::Item(depth, &block.text),
        _ => Part::Paragraph(&block.text),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn zip(members: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a fresh archive takes files");
        writer.write_all(text.as_bytes()).expect("a vector takes bytes");
    }
    writer.finish().expect("a fresh archive ends").into_inner()
}

fn docx(parts: &[Part<'_>]) -> Vec<u8> {
    let paragraph = |properties: &str, text: &str| {
        format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>", escaped(text))
    };
    let body: String = parts
        .iter()
        .map(|part| match part {
            Part::Title(text) => paragraph("<w:pStyle w:val=\"T\"/>", text),
            Part::Heading(level, text) => paragraph(&format!("<w:outlineLvl w:val=\"{}\"/>", level - 1), text),
            Part::Item(depth, text) => {
                paragraph(&format!("<w:numPr><w:ilvl w:val=\"{depth}\"/><w:numId w:val=\"1\"/></w:numPr>"), text)
            }
            Part::Paragraph(text) => paragraph("", text),
            Part::Table(rows) => {
                let cell = |cell: &Vec<&str>| {
                    let text: String = cell.iter().map(|text| paragraph("", text)).collect();
                    format!("<w:tc>{text}<w:p/></w:tc>")
                };
                let rows = rows.iter().map(|row| format!("<w:tr>{}</w:tr>", row.iter().map(cell).collect::<String>()));
                format!("<w:tbl>{}</w:tbl>", rows.collect::<String>())
            }
        })
        .collect();
    let levels: String = (0..9)
        .map(|level| format!("<w:lvl w:ilvl=\"{level}\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"-\"/></w:lvl>"))
        .collect();
    zip(&[
        ("[Content_Types].xml", "<Types/>".to_owned()),
        (
            "word/_rels/document.xml.rels",
            "<Relationships><Relationship Id=\"s\" Type=\"x/styles\" Target=\"styles.xml\"/><Relationship Id=\"n\" \
             Type=\"x/numbering\" Target=\"numbering.xml\"/></Relationships>"
                .to_owned(),
        ),
        (
            "word/styles.xml",
            "<w:styles><w:style w:type=\"paragraph\" w:styleId=\"T\"><w:name w:val=\"Title\"/></w:style></w:styles>"
                .to_owned(),
        ),
        (
            "word/numbering.xml",
            format!(
                "<w:numbering><w:abstractNum w:abstractNumId=\"0\">{levels}</w:abstractNum><w:num \
                 w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>"
            ),
        ),
        ("word/document.xml", format!("<w:document><w:body>{body}</w:body></w:document>")),
    ])
}

fn odt(parts: &[Part<'_>]) -> Vec<u8> {
    let paragraph = |text: &str| format!("<text:p>{}</text:p>", escaped(text));
    let body: String = parts
        .iter()
        .map(|part| match part {
            Part::Title(text) => format!("<text:p text:style-name=\"Title\">{}</text:p>", escaped(text)),
            Part::Heading(level, text) => {
                format!("<text:h text:outline-level=\"{level}\">{}</text:h>", escaped(text))
            }
            Part::Item(depth, text) => {
                let depth = usize::from(*depth) + 1;
                let (open, close) = ("<text:list><text:list-item>", "</text:list-item></text:list>");
                format!("{}{}{}", open.repeat(depth), paragraph(text), close.repeat(depth))
            }
            Part::Paragraph(text) => paragraph(text),
            Part::Table(rows) => {
                let cell = |cell: &Vec<&str>| {
                    let text: String = cell.iter().map(|text| paragraph(text)).collect();
                    format!("<table:table-cell>{text}</table:table-cell>")
                };
                let rows = rows.iter().map(|row| {
                    format!("<table:table-row>{}</table:table-row>", row.iter().map(cell).collect::<String>())
                });
                format!("<table:table>{}</table:table>", rows.collect::<String>())
            }
        })
        .collect();
    zip(&[
        ("mimetype", "application/vnd.oasis.opendocument.text".to_owned()),
        (
            "content.xml",
            format!(
                "<office:document-content><office:body><office:text>{body}</office:text></office:body>\
                 </office:document-content>"
            ),
        ),
    ])
}

fn html(parts: &[Part<'_>]) -> String {
    let mut out = "<!DOCTYPE html><meta charset=\"utf-8\">".to_owned();
    let mut lists = 0;
    for part in parts {
        let depth = if let Part::Item(depth, _) = part { usize::from(*depth) + 1 } else { 0 };
        out.push_str(&"</ul>".repeat(lists - lists.min(depth)));
        out.push_str(&"<ul>".repeat(depth - depth.min(lists)));
        lists = depth;
        let _ = match part {
            Part::Title(text) => write!(out, "<title>{}</title>", escaped(text)),
            Part::Heading(level, text) => write!(out, "<h{level}>{}</h{level}>", escaped(text)),
            Part::Item(_, text) => write!(out, "<li>{}", escaped(text)),
            Part::Paragraph(text) => write!(out, "<p>{}</p>", escaped(text)),
            Part::Table(rows) => {
                let cell = |cell: &Vec<&str>| {
                    let text: String = cell.iter().map(|text| format!("<p>{}</p>", escaped(text))).collect();
                    format!("<td>{text}</td>")
                };
                let rows = rows.iter().map(|row| format!("<tr>{}</tr>", row.iter().map(cell).collect::<String>()));
                write!(out, "<table>{}</table>", rows.collect::<String>())
            }
        };
    }
    out
}

fn rtf(parts: &[Part<'_>]) -> String {
    fn text(text: &str) -> String {
        text.chars().fold(String::new(), |mut out, character| {
            match character {
                '\\' | '{' | '}' => out.extend(['\\', character]),
                c if c.is_ascii() => out.push(c),
                c => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                    let _ = write!(out, "\\u{}?", *unit as i16);
                }),
            }
            out
        })
    }
    let mut out = r"{\rtf1\ansi{\stylesheet{\s1 Title;}}".to_owned();
    for part in parts {
        let _ = match part {
            Part::Title(title) => writeln!(out, r"\pard\s1 {}\par", text(title)),
            Part::Heading(level, heading) => writeln!(out, r"\pard\outlinelevel{} {}\par", level - 1, text(heading)),
            Part::Item(depth, item) => {
                writeln!(out, r"\pard\ls1\ilvl{depth}{{\listtext\'95\tab}}{}\par", text(item))
            }
            Part::Paragraph(paragraph) => writeln!(out, r"\pard {}\par", text(paragraph)),
            Part::Table(rows) => rows.iter().try_for_each(|row| {
                let edges: String = (1..=row.len()).map(|edge| format!(r"\cellx{}", edge * 1000)).collect();
                let cells: String = row
                    .iter()
                    .map(|cell| cell.iter().map(|p| text(p)).collect::<Vec<_>>().join(r"\par ") + r"\cell ")
                    .collect();
                writeln!(out, r"\trowd{edges}\pard\intbl {cells}\row")
            }),
        };
    }
    out + "}"
}

/// Widths of Helvetica's letters from space to tilde, in thousandths of the size (its AFM file).
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// How wide a text is at 10 points.
fn width_of(text: &str) -> f64 {
    let width = |character: char| (character as usize).checked_sub(32).and_then(|index| WIDTHS.get(index));
    text.chars().map(|character| f64::from(*width(character).unwrap_or(&556)) / 100.0).sum()
}

/// Lines as programs for documents break them: each as full as it can be.
fn wrap(text: &str, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width_of(line) + width_of(" ") + width_of(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A line of a PDF: its size, the gap above it, and what stands in it with its left edge.
type Cells = (u32, f64, Vec<(f64, String)>);

/// A PDF of one column; the cells of tables have frames. Text is what Windows-1252 can say.
fn pdf(parts: &[Part<'_>]) -> Vec<u8> {
    const WIDTH: f64 = 475.0;
    let heading = |lines: &mut Vec<Cells>, size: u32, text: &str| {
        let scale = f64::from(size) / 10.0;
        for (index, line) in wrap(text, WIDTH / scale).into_iter().enumerate() {
            lines.push((size, if index == 0 { 40.0 } else { 12.0 * scale }, vec![(60.0, line)]));
        }
    };
    let mut lines: Vec<Cells> = Vec::new();
    // Frames around cells: after which line, left edge, width, height.
    let mut frames: Vec<(usize, f64, f64, f64)> = Vec::new();
    for part in parts {
        match part {
            Part::Title(text) => heading(&mut lines, 20, text),
            Part::Heading(level, text) => heading(&mut lines, 18 - 2 * u32::from(*level), text),
            Part::Item(depth, text) => {
                let left = 70.0 + 12.0 * f64::from(*depth);
                for (index, line) in wrap(text, WIDTH - left + 50.0).into_iter().enumerate() {
                    let bullet = (index == 0).then(|| (left, "•".to_owned()));
                    let gap = if index == 0 { 18.0 } else { 12.0 };
                    let line = (left + 10.0, line);
                    lines.push((10, gap, bullet.into_iter().chain([line]).collect()));
                }
            }
            Part::Paragraph(text) => {
                for (index, line) in wrap(text, WIDTH).into_iter().enumerate() {
                    lines.push((10, if index == 0 { 24.0 } else { 12.0 }, vec![(60.0, line)]));
                }
            }
            Part::Table(rows) => {
                for row in rows {
                    let step = 480.0 / row.len() as f64;
                    let wrapped: Vec<Vec<String>> =
                        row.iter().map(|cell| cell.iter().flat_map(|text| wrap(text, step - 12.0)).collect()).collect();
                    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
                    for line in 0..height {
                        let cells = wrapped.iter().enumerate().filter_map(|(column, cell)| {
                            cell.get(line).map(|text| (64.0 + step * column as f64, text.clone()))
                        });
                        lines.push((10, if line == 0 { 22.0 } else { 12.0 }, cells.collect()));
                    }
                    let height = 12.0 * height as f64 + 10.0;
                    frames
                        .extend((0..row.len()).map(|column| (lines.len(), 60.0 + step * column as f64, step, height)));
                }
            }
        }
    }
    let mut pages = vec![Vec::new()];
    let mut y = 780.0;
    for (index, (size, gap, cells)) in lines.into_iter().enumerate() {
        y -= gap;
        if y < 60.0 {
            pages.push(Vec::new());
            y = 760.0;
        }
        for (x, text) in cells {
            let page = pages.last_mut().expect("there is a first page");
            page.extend(format!("BT /F1 {size} Tf {x} {y} Td (").bytes());
            let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
            page.extend(bytes.iter().flat_map(|byte| match byte {
                b'(' | b')' | b'\\' => vec![b'\\', *byte],
                byte => vec![*byte],
            }));
            page.extend(b") Tj ET\n");
        }
        for (_, left, width, height) in frames.iter().filter(|(after, ..)| *after == index + 1) {
            let page = pages.last_mut().expect("there is a first page");
            page.extend(format!("{left} {} {width} {height} re S\n", y - 6.0).bytes());
        }
    }
    let kids: String = (0..pages.len()).map(|page| format!("{} 0 R ", 4 + 2 * page)).collect();
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()).into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    for (page, content) in pages.iter().enumerate() {
        let entry = "/MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>";
        objects.push(format!("<< /Type /Page /Parent 2 0 R {entry} /Contents {} 0 R >>", 5 + 2 * page).into_bytes());
        let mut stream = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
        stream.extend(content);
        stream.extend(b"\nendstream");
        objects.push(stream);
    }
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n", index + 1).bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    offsets.iter().for_each(|offset| bytes.extend(format!("{offset:010} 00000 n \n").bytes()));
    let size = objects.len() + 1;
    bytes.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}
