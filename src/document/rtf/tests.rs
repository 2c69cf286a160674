//! Small RTF files, written here, and what is read from them.

use super::super::shown::{check_marks, shown};
use super::*;

const HEADER: &str = r"{\rtf1\ansi\ansicpg1252\deff0\uc1
{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fcharset161 Greek;}{\f2\fcharset2 Symbol;}{\f3\fcharset238 CE;}{\f4\fcharset128 Kana;}}
{\colortbl;\red255\green255\blue255;\red200\green200\blue0;}
{\stylesheet{\s0 Normal;}{\s1\outlinelevel0\b heading 1;}{\s2\outlinelevel1 Eigene;}{\s3\sbasedon1 Mine;}{\s4 Title;}{\s5 caption;}{\*\cs10 \s9 Char;}}
";

fn document(body: &str) -> Document {
    let bytes = format!("{HEADER}{body}}}");
    read(bytes.as_bytes(), "t.rtf", None, &Limits::default()).expect("the fixture can be read")
}

fn check(body: &str, want: &[&str]) {
    assert_eq!(shown(&document(body)), want, "{body}");
}

fn check_notes(document: &Document, want: &[(HealthKind, u32)]) {
    let notes: Vec<(HealthKind, u32)> = document.health.notes.iter().map(|note| (note.kind, note.count)).collect();
    assert_eq!(notes, want, "{:?}", document.health.notes);
}

#[test]
fn text_is_decoded_by_the_font_and_by_unicode_with_its_fallback() {
    for (body, want) in [
        (r"caf\'e9 \'abl\'92\'e9tat\'bb\par", "p café «l’état»"),
        (r"\f1 \'ea\'fe\'e4\'e9\'ea\'e1\'f2\par", "p κώδικας"),
        (r"\f3 \'e8esk\'fd\par", "p český"),
        (r"\f4 \'83\'65\'83X\par", "p テス"),
        (r"\u954?\u8364\'80 x\par", "p κ€ x"),
        (r"{\uc0\u945\u946}\u947?z\par", "p αβγz"),
        (r"{\uc2\u945??b}\par", "p αb"),
        (r"\uc1\u-10179?\u-8704?!\par", "p 😀!"),
        (r"\u945\b c\par", "p αc"),
        (r"{\upr{caf\'e9}{\*\ud{caf\u233?}}}\par", "p café"),
        (r"a\~b\_c so\-ft \emdash\~\ldblquote q\rdblquote\par", "p a b-c soft — “q”"),
        (r"\{x\} \\y\tab z\line w\par", "p {x} \\y z w"),
        ("one\\\ntwo", "p one"),
    ] {
        assert_eq!(shown(&document(body))[0], want, "{body}");
    }
    let unknown = document(r"{\fonttbl{\f9\cpg437 Old;}}\f9 na\'efve\par");
    check_notes(&unknown, &[(HealthKind::Encoding, 1)]);
}

#[test]
fn headings_come_from_styles_outline_levels_numbers_and_looks() {
    check(
        r"\pard\s4 The system\par\pard\s1{\listtext 1.\tab}Scope\par\pard\s2 1.1 Part\par\pard\s3 Other\par\pard\outlinelevel1 Inner\par\pard{\b Bold line\par}\pard Text.\par\pard\s5 Table 1: x\par",
        &[
            "Title The system",
            "h1 1 Scope",
            "h2 1.1 Part [<Scope]",
            "h1 Other",
            "h2 Inner [<Other]",
            "h3 Bold line [<Inner]",
            "p Text. [<Bold]",
            "Caption Table 1: x [<Bold]",
        ],
    );
}

#[test]
fn list_items_have_the_markers_that_the_file_shows() {
    check(
        r"The system has to offer:\par\pard\ls1{\listtext\pard\plain\f2 \'b7\tab}one\par{\listtext\f2\'b7\tab}\ilvl1 inner\par\ilvl0 {\pntext (b)\tab}two\par\pard a) typed\par",
        &[
            "p The system has to offer:",
            "li0 one [lead The]",
            "li1 inner [lead one]",
            "li0 (b) two [lead The]",
            "li0 a) typed [lead The]",
        ],
    );
}

#[test]
fn tables_have_their_grid_whenever_the_file_tells_it() {
    let before = r"\trowd\trhdr\cellx1000\cellx2000\cellx3000\pard\intbl Id\cell Name\cell Level\cell\row\trowd\cellx1000\clmgf\cellx2000\clmrg\cellx3000\pard\intbl 1\cell wide\cell\cell\row\pard After\par";
    check(before, &["td Id", "td Name", "td Level", "td 1 [col Id]", "td wide [col Name]", "p After"]);
    let after = r"\pard\intbl\b Id\cell Name\cell\b0\trowd\clcbpat2\cellx1000\cellx2000\row\pard\intbl xx\cell y1\par y2\cell\trowd\clvmgf\cellx1000\cellx2000\row\pard\intbl\cell z\cell\trowd\clvmrg\cellx1010\cellx2000\row";
    check(
        after,
        &[
            "td Id",
            "td Name",
            "td xx [col Id]",
            "td y1 [row xx] [col Name]",
            "td y2 [row xx] [col Name]",
            "td z [row xx] [col Name]",
        ],
    );
    let places = document(after);
    let place = places.blocks[5].anchor.table.expect("it stands in a table");
    assert_eq!((place.table, place.row, place.column), (1, 3, 2));
}

#[test]
fn tables_stand_inside_tables() {
    check(
        r"\trowd\cellx2000\cellx4000\pard\intbl out\cell\pard\intbl\itap2 in1\nestcell in2\nestcell{\*\nesttableprops\trowd\cellx1000\cellx2000\nestrow}{\nonesttables\par}\pard\intbl end\cell\row\pard After\par",
        &["td out", "td in1 [row out]", "td in2 [row in1]", "td end [row out]", "p After"],
    );
}

#[test]
fn notes_comments_and_boxes_stand_after_their_paragraph_and_headers_at_the_end() {
    check(
        r"{\header Page head\par}{\headerf Page head\par}{\footerl\pard Foot\par}Body{\footnote\pard\chftn A note.\par Its second.}{\footnote\ftnalt An end.} goes{\*\atnid X}{\*\annotation\pard Really?} on{\shp{\*\shpinst{\sp{\sn lTxid}{\sv 7}}{\shptxt\pard Boxed\par}}{\shprslt{\*\do{\dptxbxtext Boxed}}}}.\par",
        &[
            "p Body goes on.",
            "Footnote A note.",
            "Footnote Its second.",
            "Endnote An end.",
            "Comment Really?",
            "TextBox Boxed",
            "Header Page head",
            "Footer Foot",
        ],
    );
}

#[test]
fn fields_show_their_result_and_links_their_target() {
    let read = document(
        r#"See {\field{\*\fldinst HYPERLINK "https://a.example"}{\fldrslt the page}} on {\field{\*\fldinst PAGE }{\fldrslt 7}} of {\field{\*\fldinst HYPERLINK \\l "x"}{\fldrslt it}}.\par"#,
    );
    assert_eq!(shown(&read), ["p See the page on 7 of it."]);
    check_marks(&read, &[("the page", "link https://a.example")]);
}

#[test]
fn changes_hidden_and_highlighted_text_are_marked_and_counted() {
    let read = document(
        r"kept {\deleted gone }{\revised new }{\v secret }{\highlight7 [date]}{\v0 end}\par{\pard joined{\deleted\par}\pard to this\par}",
    );
    assert_eq!(shown(&read), ["p kept new secret [date]end", "p joinedto this"]);
    check_marks(&read, &[("new", "inserted"), ("secret", "hidden"), ("[date]", "highlighted")]);
    check_notes(
        &read,
        &[
            (HealthKind::TrackedDeletions, 1),
            (HealthKind::TrackedInsertions, 1),
            (HealthKind::HiddenText, 1),
            (HealthKind::Placeholder, 1),
        ],
    );
}

#[test]
fn what_is_no_text_is_passed_over() {
    check(
        r"{\info{\title The system}{\author N. N.}}{\*\generator Some 1.0;}{\pict\wmetafile8 0102ff}{\*\unknown{\b x}}{\object{\*\objdata 0102}{\result shown}} {\pict\bin5 }}}}}} end{\xe index}\par The system\par Text.\par",
        &["p shown end", "Title The system", "p Text."],
    );
}

#[test]
fn languages_are_those_of_most_letters() {
    let read = document(r"{\lang1036 Le logiciel} est\par{\lang1032 Prosopiko\par}");
    let language: Vec<Option<String>> = read.blocks.iter().map(|b| b.language.map(|l| l.as_str().to_owned())).collect();
    assert_eq!(language, [None, Some("el".to_owned())]);
}

#[test]
fn what_is_cut_off_or_too_deep_is_said() {
    for (bytes, want) in [
        (r"{\rtf1 Text {\b and", "it ends in the middle: the file is cut off"),
        (r"{\rtf1 Text {\pict\bin99 x", "the file ends inside a picture: it is cut off"),
        (r"{\rtf1 Text}{\rtf1 more}", "12 bytes stand after the end of the text"),
    ] {
        let read = read(bytes.as_bytes(), "t.rtf", None, &Limits::default()).expect("a part can be read");
        assert!(read.blocks[0].text.starts_with("Text"), "{bytes}");
        assert_eq!(read.health.notes.iter().map(|note| note.detail.to_string()).collect::<Vec<_>>(), [want]);
    }
    let deep = format!("{{\\rtf1 Text{}", "{\\b ".repeat(100_000));
    let read = read(deep.as_bytes(), "t.rtf", None, &Limits::default()).expect("a part can be read");
    check_notes(&read, &[(HealthKind::PartNotRead, 1)]);
    let few = Limits { blocks: 50, ..Limits::default() };
    let wide = format!("{{\\rtf1\\trowd\\cellx9\\intbl{}\\row}}", "\\cell".repeat(1000));
    let read = super::read(wide.as_bytes(), "t.rtf", None, &few).expect("a part can be read");
    check_notes(&read, &[(HealthKind::PartNotRead, 1)]);
    assert!(super::read(b"no rtf", "t.rtf", None, &Limits::default()).is_err());
}
