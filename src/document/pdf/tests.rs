//! PDFs written by hand, byte by byte, and what is read from them.

use super::*;

/// Writes a PDF whose pages have these content streams. Fonts: `/F1` Helvetica, `/F2` Helvetica-Bold, `/F3` a
/// font whose codes lead to no letters.
fn pdf(pages: &[String]) -> Vec<u8> {
    pdf_with(pages, "", "")
}

/// The same, with more entries in the catalog and in the trailer.
fn pdf_with(pages: &[String], catalog: &str, trailer: &str) -> Vec<u8> {
    let first = 6;
    let kids: Vec<String> = (0..pages.len()).map(|page| format!("{} 0 R", first + 2 * page)).collect();
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding /Differences [65 \
         /g1 /g2 /g3 /g4 /g5 /g6 /g7 /g8 /g9 /g10 /g11 /g12] >> >>"
            .to_owned(),
    ];
    for (page, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {} 0 R /Resources << /Font << /F1 3 0 \
             R /F2 4 0 R /F3 5 0 R >> /XObject << /Fm {} 0 R >> >> >>",
            first + 2 * page + 1,
            first + 2 * pages.len(),
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    // A form that draws itself.
    let form = "BT /F1 10 Tf 50 50 Td (once) Tj ET /Fm Do";
    objects.push(format!(
        "<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Length {} /Resources << /Font << /F1 3 0 R >> /XObject \
         << /Fm {} 0 R >> >> >>\nstream\n{form}\nendstream",
        form.len(),
        first + 2 * pages.len(),
    ));
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    bytes.extend(
        format!("trailer\n<< /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
            .bytes(),
    );
    bytes
}

/// One string: font, size, place from the bottom left, and text in Latin-1.
fn show(font: &str, size: f64, x: f64, y: f64, text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    format!("BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET\n")
}

/// Lines of body text, one below the other.
fn body(x: f64, y: f64, lines: &[&str]) -> String {
    lines.iter().enumerate().map(|(line, text)| show("F1", 10.0, x, y - 12.0 * line as f64, text)).collect()
}

fn read_bytes(bytes: &[u8]) -> Result<Document, NotRead> {
    read(bytes, "t.pdf", None, &Limits::default())
}

fn document(pages: &[String]) -> Document {
    read_bytes(&pdf(pages)).expect("the test's PDF is read")
}

fn texts(document: &Document) -> Vec<&str> {
    document.blocks.iter().map(|block| block.text.as_str()).collect()
}

#[test]
fn lines_become_paragraphs_and_hyphens_are_undone() {
    let page = body(
        50.0,
        700.0,
        &[
            "Der Auftragnehmer liefert eine Software und die Dokumen-",
            "tation. Er stellt alle Microsoft- und Office-Lizenzen, IT-",
            "systeme sowie Microsoft-",
            "Lizenzen bereit.",
        ],
    ) + &body(50.0, 600.0, &["A second paragraph."]);
    assert_eq!(
        texts(&document(&[page])),
        [
            "Der Auftragnehmer liefert eine Software und die Dokumentation. Er stellt alle Microsoft- und \
             Office-Lizenzen, IT-systeme sowie Microsoft-Lizenzen bereit.",
            "A second paragraph."
        ]
    );
}

#[test]
fn columns_are_read_one_after_the_other() {
    let left = [
        "The supplier shall deliver the",
        "source code of the software",
        "together with all the build",
        "scripts and documents that",
        "are needed to run it.",
    ];
    let right = [
        "The buyer may hand it on to",
        "other public bodies under an",
        "open source licence without",
        "paying anything more for it",
        "to the supplier.",
    ];
    let page = show(
        "F1",
        10.0,
        50.0,
        740.0,
        "A line across both of the columns which is as long as the page is wide, no less.",
    ) + &body(50.0, 700.0, &left)
        + &body(320.0, 700.0, &right);
    assert_eq!(
        texts(&document(&[page])),
        [
            "A line across both of the columns which is as long as the page is wide, no less.",
            "The supplier shall deliver the source code of the software together with all the build scripts and \
             documents that are needed to run it.",
            "The buyer may hand it on to other public bodies under an open source licence without paying anything \
             more for it to the supplier."
        ]
    );
}

/// Row, column, text, row head and column head.
type SeenCell<'d> = (u32, u32, &'d str, Option<&'d str>, Option<&'d str>);

/// The blocks of all tables.
fn cells(document: &Document) -> Vec<SeenCell<'_>> {
    let text = |index: Option<usize>| index.map(|index| document.blocks[index].text.as_str());
    document
        .blocks
        .iter()
        .filter_map(|block| {
            let place = block.anchor.table?;
            Some((place.row, place.column, block.text.as_str(), text(block.row_head), text(block.column_head)))
        })
        .collect()
}

#[test]
fn a_ruled_table_is_read_by_row() {
    let grid = "50 640 m 450 640 l 50 600 m 450 600 l 50 620 m 450 620 l 50 560 m 450 560 l S\n\
                50 560 m 50 640 l 150 560 m 150 640 l 300 560 m 300 640 l 450 560 m 450 640 l S\n";
    let page = body(50.0, 700.0, &["Award criteria:"])
        + grid
        + &show("F2", 10.0, 55.0, 625.0, "No")
        + &show("F2", 10.0, 155.0, 625.0, "Criterion")
        + &show("F2", 10.0, 305.0, 625.0, "Points")
        + &show("F1", 10.0, 55.0, 605.0, "1")
        + &show("F1", 10.0, 155.0, 605.0, "Price")
        + &show("F1", 10.0, 305.0, 605.0, "40")
        + &show("F1", 10.0, 55.0, 585.0, "2")
        + &show("F1", 10.0, 155.0, 585.0, "Export to open")
        + &show("F1", 10.0, 155.0, 573.0, "formats")
        + &show("F1", 10.0, 305.0, 585.0, "60")
        + &body(50.0, 500.0, &["After the table."]);
    let document = document(&[page]);
    assert_eq!(
        cells(&document),
        [
            (1, 1, "No", None, None),
            (1, 2, "Criterion", None, None),
            (1, 3, "Points", None, None),
            (2, 1, "1", None, Some("No")),
            (2, 2, "Price", None, Some("Criterion")),
            (2, 3, "40", Some("Price"), Some("Points")),
            (3, 1, "2", None, Some("No")),
            (3, 2, "Export to open formats", None, Some("Criterion")),
            (3, 3, "60", Some("Export to open formats"), Some("Points")),
        ]
    );
    assert_eq!(texts(&document).first(), Some(&"Award criteria:"));
    assert_eq!(texts(&document).last(), Some(&"After the table."));
}

#[test]
fn a_table_without_lines_is_read_by_row() {
    let rows = [["Licence", "Users", "Price"], ["Office suite", "120", "4 000"], ["Mail server", "300", "9 500"]];
    let page: String = rows
        .iter()
        .enumerate()
        .flat_map(|(row, cells)| {
            let y = 700.0 - 14.0 * row as f64;
            cells.iter().enumerate().map(move |(column, text)| show("F1", 10.0, 50.0 + 150.0 * column as f64, y, text))
        })
        .collect();
    assert_eq!(
        cells(&document(&[page])),
        [
            (1, 1, "Licence", None, None),
            (1, 2, "Users", None, None),
            (1, 3, "Price", None, None),
            (2, 1, "Office suite", None, Some("Licence")),
            (2, 2, "120", Some("Office suite"), Some("Users")),
            (2, 3, "4 000", Some("Office suite"), Some("Price")),
            (3, 1, "Mail server", None, Some("Licence")),
            (3, 2, "300", Some("Mail server"), Some("Users")),
            (3, 3, "9 500", Some("Mail server"), Some("Price")),
        ]
    );
}

#[test]
fn a_table_without_lines_ends_where_a_heading_follows() {
    // Columns at 50, 200 and 350; a head of two lines in the last, cells of several lines, padding between rows.
    let at = |column: usize, y: f64, text: &str| show("F1", 10.0, 50.0 + 150.0 * column as f64, y, text);
    let page = body(50.0, 770.0, &["The quantities are those of last year; they do not bind the buyer in any way."])
        + &at(2, 712.0, "Yearly")
        + &at(0, 700.0, "Resource")
        + &at(1, 700.0, "Number now")
        + &at(2, 700.0, "growth")
        + &at(0, 678.0, "Documents")
        + &at(1, 678.0, "218 000")
        + &at(2, 678.0, "6 %")
        + &at(0, 656.0, "Users of the")
        + &at(1, 656.0, "230")
        + &at(2, 656.0, "2 %")
        + &at(0, 644.0, "town hall")
        + &show("F2", 14.0, 50.0, 610.0, "3 Requirements")
        + &show("F2", 12.0, 50.0, 585.0, "3.1 Architecture")
        + &body(50.0, 565.0, &["The software runs in any browser, without anything to install on the computer."]);
    let read = document(&[page]);
    assert_eq!(
        cells(&read).iter().map(|cell| (cell.0, cell.1, cell.2)).collect::<Vec<_>>(),
        [
            (1, 1, "Resource"),
            (1, 2, "Number now"),
            (1, 3, "Yearly growth"),
            (2, 1, "Documents"),
            (2, 2, "218 000"),
            (2, 3, "6 %"),
            (3, 1, "Users of the town hall"),
            (3, 2, "230"),
            (3, 3, "2 %"),
        ]
    );
    let after = read.blocks.iter().rev().take(3).map(|block| block.text.as_str()).collect::<Vec<_>>();
    assert!(after[2].ends_with("Requirements") && after[1].ends_with("Architecture"), "{after:?}");
    assert!(after[0].starts_with("The software runs"), "{after:?}");
}

#[test]
fn running_heads_leave_the_sentence_whole() {
    let page = |number: usize, text: &[&str]| {
        show("F1", 9.0, 50.0, 770.0, "Tender 2025/17")
            + &body(50.0, 700.0, text)
            + &show("F1", 9.0, 290.0, 30.0, &format!("Page {number} of 3"))
    };
    let document = document(&[
        page(1, &["The software shall be delivered with"]),
        page(2, &["its source code and documentation. It", "shall run on the servers of the buyer and"]),
        page(3, &["on those of others."]),
    ]);
    assert_eq!(
        texts(&document),
        [
            "The software shall be delivered with its source code and documentation. It shall run on the servers of \
             the buyer and on those of others.",
            "Tender 2025/17",
            "Page 1 of 3",
        ]
    );
    assert_eq!(document.blocks[1].kind, BlockKind::Header);
    assert_eq!(document.blocks[2].kind, BlockKind::Footer);
    assert_eq!(document.health.pages, Some(3));
}

#[test]
fn headings_have_levels_and_numbers_and_lists_their_lead_in() {
    let page = show("F2", 20.0, 50.0, 740.0, "Specification")
        + &show("F2", 14.0, 50.0, 700.0, "3 Requirements")
        + &show("F2", 12.0, 50.0, 670.0, "3.2 Exit")
        + &body(50.0, 640.0, &["The supplier hands over:"])
        + &body(60.0, 625.0, &["a) the source code,", "b) all data in an open format."])
        + &body(50.0, 580.0, &["Afterwards the supplier deletes the data of the buyer from its systems and says so."]);
    let document = document(&[page]);
    let seen: Vec<_> = document
        .blocks
        .iter()
        .map(|block| (block.kind, block.anchor.number.as_deref(), block.text.as_str(), block.parent, block.lead_in))
        .collect();
    assert_eq!(
        seen,
        [
            (BlockKind::Title, None, "Specification", None, None),
            (BlockKind::Heading { level: 1 }, Some("3"), "Requirements", None, None),
            (BlockKind::Heading { level: 2 }, Some("3.2"), "Exit", Some(1), None),
            (BlockKind::Paragraph, None, "The supplier hands over:", Some(2), None),
            (BlockKind::ListItem { depth: 0 }, Some("a)"), "the source code,", Some(2), Some(3)),
            (BlockKind::ListItem { depth: 0 }, Some("b)"), "all data in an open format.", Some(2), Some(3)),
            (
                BlockKind::Paragraph,
                None,
                "Afterwards the supplier deletes the data of the buyer from its systems and says so.",
                Some(2),
                None
            ),
        ]
    );
    assert_eq!(document.blocks[2].anchor.page, Some(1));
}

#[test]
fn bold_made_by_drawing_twice_is_read_once() {
    let twice = show("F1", 14.0, 50.0, 700.0, "Exit clause") + &show("F1", 14.0, 50.4, 700.0, "Exit clause");
    let letters: String = "Will"
        .chars()
        .scan(50.0, |x, char| {
            let one =
                show("F1", 14.0, *x, 650.0, &char.to_string()) + &show("F1", 14.0, *x + 0.5, 650.0, &char.to_string());
            *x += match char {
                'W' => 0.944,
                _ => 0.222,
            } * 14.0;
            Some(one)
        })
        .collect();
    assert_eq!(texts(&document(&[twice + &letters])), ["Exit clause", "Will"]);
}

#[test]
fn invisible_text_is_read_and_turned_text_comes_last() {
    let page = "BT /F1 10 Tf 0 1 -1 0 20 300 Tm (DRAFT) Tj ET\n".to_owned()
        + "BT 3 Tr /F1 10 Tf 50 700 Td (Recognised text under a picture.) Tj ET\n";
    assert_eq!(texts(&document(&[page])), ["Recognised text under a picture.", "DRAFT"]);
}

#[test]
fn what_was_not_read_is_said() {
    let text = || body(50.0, 700.0, &["Some text on a page."]);
    let picture = || "10 0 0 10 50 700 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI\n".to_owned();
    let nonsense = || show("F3", 10.0, 50.0, 700.0, "ABCDEFGHIJKLABCDEFGHIJKL");
    let notes = |pages: &[String]| -> Vec<(HealthKind, String)> {
        document(pages).health.notes.into_iter().map(|note| (note.kind, note.detail.to_string())).collect()
    };
    assert_eq!(notes(&[text(), String::new()]), [], "a blank page is nothing unread");
    let note = &notes(&[text(), picture(), picture()])[0];
    assert_eq!(note.0, HealthKind::PageWithoutText);
    assert!(note.1.starts_with("pages 2–3 without text"), "{}", note.1);
    let note = &notes(&[text(), nonsense()])[0];
    assert_eq!(note.0, HealthKind::BrokenFontMap);
    assert!(note.1.starts_with("page 2: the font"), "{}", note.1);
}

#[test]
fn what_cannot_be_read_is_refused_with_a_remedy() {
    let encrypted = pdf_with(
        &[body(50.0, 700.0, &["Secret."])],
        "",
        &format!(
            "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{}> /U <{}> >>",
            "11".repeat(32),
            "22".repeat(32)
        ),
    );
    for (bytes, reason) in [
        (b"no PDF at all".to_vec(), "it is no PDF: the mark %PDF- is missing"),
        (b"%PDF-1.7\nnothing more".to_vec(), "the PDF is damaged"),
        (pdf(&["0 0 m 10 10 l S".to_owned()]), "the PDF has no text: its pages are scanned images or empty"),
        (encrypted, "the PDF is encrypted and needs a password"),
    ] {
        let refused = read_bytes(&bytes).expect_err(reason);
        assert_eq!(refused.reason.to_string(), reason);
        assert!(refused.remedy.key().starts_with("do-"));
    }
}

#[test]
fn streams_that_unpack_beyond_the_bound_are_refused() {
    let mut bomb = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut bomb, &vec![b' '; 3 << 20]).expect("a vector takes all");
    let mut bytes = b"%PDF-1.7\n1 0 obj\n<< /Filter /FlateDecode >>\nstream\n".to_vec();
    bytes.extend(bomb.finish().expect("a vector takes all"));
    bytes.extend(b"\nendstream\nendobj\n");
    let reason = |bytes_allowed| {
        let limits = Limits { bytes: bytes_allowed, ..Limits::default() };
        read(&bytes, "t.pdf", None, &limits).expect_err("neither is a whole PDF").reason
    };
    assert_eq!(reason(2 << 20).to_string(), "a part of the PDF unpacks to more than is allowed");
    assert_eq!(reason(4 << 20).to_string(), "the PDF is damaged");
}

#[test]
fn loops_end() {
    let document = document(&["/Fm Do ".repeat(3)]);
    assert_eq!(texts(&document), ["once"]);
    // A page tree that holds itself.
    let bytes = pdf(&[body(50.0, 700.0, &["Text."])]);
    let looped = String::from_utf8(bytes).expect("the test's PDF is ASCII").replace("/Kids [6 0 R]", "/Kids [2 0 R]");
    assert!(read_bytes(looped.as_bytes()).is_err());
}

#[test]
fn the_declared_language_is_taken() {
    let bytes = pdf_with(&[body(50.0, 700.0, &["Le titulaire fournit le code source."])], "/Lang (fr-FR)", "");
    assert_eq!(read_bytes(&bytes).expect("the test's PDF is read").language, Lang::from_tag("fr"));
}

#[test]
fn a_form_that_another_program_has_to_draw_is_told() {
    let notes = |pages: &[String], catalog: &str| -> Vec<String> {
        let document = read_bytes(&pdf_with(pages, catalog, "")).expect("the test's PDF is read");
        document.health.notes.into_iter().map(|note| note.detail.to_string()).collect()
    };
    let form = "/AcroForm << /XFA (<xdp/>) /Fields [] >>";
    let stand_in = [body(50.0, 700.0, &["Please wait. Your viewer cannot display this form."])];
    let told = ["a form (XFA) whose content is not in the pages"];
    assert_eq!(notes(&stand_in, form), told);
    assert_eq!(notes(&stand_in, "/AcroForm << /Fields [] >>"), [""; 0]);
    let line = "The form asks for the name, the address and the number of the register of the tenderer.";
    assert_eq!(notes(&[body(50.0, 700.0, &[line; 14])], form), [""; 0]);
}

#[test]
fn the_outline_and_the_tags_make_headings() {
    let outline = "/Outlines << /First << /Title (Object of the contract) /First << /Title (1.1 Lots) >> >> >>";
    let lines = ["Object of the contract", "", "1.1 Lots", "", "There is one lot."];
    let bytes = pdf_with(&[body(50.0, 700.0, &lines)], outline, "");
    let kinds = |bytes: &[u8]| -> Vec<BlockKind> {
        let document = read_bytes(bytes).expect("the test's PDF is read");
        document.blocks.iter().map(|block| block.kind).collect()
    };
    assert_eq!(kinds(&bytes), [BlockKind::Heading { level: 1 }, BlockKind::Heading { level: 2 }, BlockKind::Paragraph]);
    let tags = "/StructTreeRoot << /RoleMap << /Chapter /H2 >> /K [<< /S /Chapter /Pg 6 0 R /K 0 >> << /S /P /Pg 6 0 R \
                /K [1] >>] >>";
    let content = format!(
        "/Chapter << /MCID 0 >> BDC {} EMC /P << /MCID 1 >> BDC {} EMC",
        show("F1", 10.0, 50.0, 700.0, "Lots"),
        show("F1", 10.0, 50.0, 688.0, "There is one lot.")
    );
    assert_eq!(kinds(&pdf_with(&[content], tags, "")), [BlockKind::Heading { level: 2 }, BlockKind::Paragraph]);
}

#[test]
fn pages_that_are_damaged_or_missing_are_said() {
    let bytes = pdf(&[body(50.0, 700.0, &["The first page."]), body(50.0, 700.0, &["The second page."])]);
    let text = String::from_utf8(bytes).expect("the test's PDF is ASCII");
    let details = |text: &str| -> Vec<String> {
        let document = read_bytes(text.as_bytes()).expect("the first page is read");
        document.health.notes.into_iter().map(|note| note.detail.to_string()).collect()
    };
    assert_eq!(details(&text.replace("/Contents 9 0 R", "/Contents 99 0 R")), ["page 2: damaged"]);
    assert_eq!(
        details(&text.replace("/Kids [6 0 R 8 0 R]", "/Kids [6 0 R 99 0 R]")),
        ["pages missing because the file is damaged: 1"]
    );
}

#[test]
fn a_damaged_file_is_read_or_refused() {
    let bytes = pdf(&[body(50.0, 700.0, &["Some text on a page.", "And more of it."])]);
    for cut in (0..bytes.len()).step_by(97) {
        // Either is right, as long as it comes back.
        let _ = read_bytes(&bytes[..cut]);
        let mut flipped = bytes.clone();
        flipped[cut] ^= 0x15;
        let _ = read_bytes(&flipped);
    }
}

#[test]
fn pages_beyond_the_memory_of_one_document_are_said() {
    // No two pages alike: what comes back on every page is a running head.
    let word = |page: u8| -> String { [page / 18, page % 18].iter().map(|letter| char::from(b'a' + letter)).collect() };
    let pages: Vec<String> = (0..300_u16)
        .map(|page| body(50.0, 700.0, &[&format!("Clause {} of the contract.", word((page % 250) as u8))]))
        .collect();
    let few = Limits { held: 20_000, ..Limits::default() };
    let document = read(&pdf(&pages), "t.pdf", None, &few).expect("the first pages are read");
    let details: Vec<String> = document.health.notes.iter().map(|note| note.detail.to_string()).collect();
    assert!(details.iter().any(|detail| detail.starts_with("pages 257–300 not read")), "{details:?}");
}
