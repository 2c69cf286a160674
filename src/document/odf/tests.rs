//! Small OpenDocument files, written here, and what is read from them.

use super::super::shown::{check, check_marks};
use super::*;

const STYLES: &str = r##"<office:styles>
  <style:default-style style:family="paragraph"><style:text-properties fo:language="de"/></style:default-style>
  <text:outline-style>
    <text:outline-level-style text:level="1" style:num-format="1"/>
    <text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>
  </text:outline-style>
</office:styles>
<office:automatic-styles>
  <style:style style:name="B" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>
  <style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>
  <style:style style:name="Y" style:family="text"><style:text-properties fo:background-color="#ffff00"/></style:style>
  <style:style style:name="P7" style:family="paragraph" style:parent-style-name="Title"/>
  <style:style style:name="off" style:family="table"><style:table-properties table:display="false"/></style:style>
  <text:list-style style:name="L1">
    <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
    <text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>
  </text:list-style>
  <text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>
</office:automatic-styles>"##;

/// A flat file with this content inside `office:text`, `office:spreadsheet` or `office:presentation`.
fn flat(kind: &str, format: Format, content: &str) -> Document {
    let text = format!(
        "<office:document>{STYLES}<office:body><office:{kind}>{content}</office:{kind}></office:body></office:document>"
    );
    read(text.as_bytes(), "t.fodt", None, format, &Limits::default()).expect("the fixture can be read")
}

fn text(content: &str) -> Document {
    flat("text", Format::Odt, content)
}

#[test]
fn headings_and_lists_have_their_computed_numbers() {
    let document = text(
        r#"<text:p text:style-name="P7">Vergabe</text:p>
        <text:h text:outline-level="1">Ziel</text:h><text:p>Text.</text:p>
        <text:h text:outline-level="2">Bedarf</text:h><text:p>Gefordert:</text:p>
        <text:list text:style-name="L1"><text:list-item><text:p>eins</text:p>
          <text:list><text:list-item><text:p>innen</text:p></text:list-item></text:list></text:list-item>
          <text:list-item><text:p>zwei</text:p><text:p>mehr</text:p></text:list-item></text:list>
        <text:list text:style-name="L2"><text:list-item><text:p>Punkt</text:p></text:list-item></text:list>
        <text:h text:outline-level="1">Preis</text:h><text:p text:style-name="B">Rabatt</text:p>"#,
    );
    check(
        &document,
        &[
            "Title Vergabe",
            "h1 1 Ziel",
            "p Text. [<Ziel]",
            "h2 1.1 Bedarf [<Ziel]",
            "p Gefordert: [<Bedarf]",
            "li0 1 eins [<Bedarf] [lead Gefordert:]",
            "li1 a) innen [<Bedarf] [lead eins]",
            "li0 2 zwei [<Bedarf] [lead Gefordert:]",
            "li0 mehr [<Bedarf] [lead Gefordert:]",
            "li0 Punkt [<Bedarf] [lead Gefordert:]",
            "h1 2 Preis",
            "h2 Rabatt [<Preis]",
        ],
    );
    assert_eq!(document.language, "de".parse().ok());
}

#[test]
fn changes_notes_boxes_and_hidden_text_are_told_apart() {
    let document = text(
        r##"<text:tracked-changes>
          <text:changed-region text:id="c1"><text:insertion/></text:changed-region>
          <text:changed-region text:id="c2"><text:deletion><text:p>weg</text:p></text:deletion></text:changed-region>
        </text:tracked-changes>
        <text:p>Ein<text:s/>Satz <text:change-start text:change-id="c1"/>neu<text:change-end text:change-id="c1"/>
          <text:change text:change-id="c2"/><text:span text:style-name="H">geheim</text:span>
          <text:span text:style-name="Y">[offen]</text:span> <text:a xlink:href="http://x/">Link</text:a><text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Fuß</text:p></text:note-body></text:note><office:annotation><dc:creator>A</dc:creator><text:p>Kommentar</text:p></office:annotation><draw:frame><draw:text-box><text:p>Kasten</text:p></draw:text-box></draw:frame> Ende</text:p>
        <text:section text:display="none"><text:p>Abschnitt</text:p></text:section>"##,
    );
    check(
        &document,
        &[
            "p Ein Satz neu geheim [offen] Link Ende",
            "TextBox Kasten",
            "Footnote Fuß",
            "Comment Kommentar",
            "p Abschnitt",
        ],
    );
    check_marks(
        &document,
        &[
            ("neu", "inserted"),
            ("geheim", "hidden"),
            ("[offen]", "highlighted"),
            ("Link", "link http://x/"),
            ("Abschnitt", "hidden"),
        ],
    );
    let kinds: Vec<HealthKind> = document.health.notes.iter().map(|note| note.kind).collect();
    assert_eq!(kinds, [HealthKind::TrackedDeletions, HealthKind::TrackedInsertions, HealthKind::HiddenText]);
}

fn cell(attributes: &str, text: &str) -> String {
    format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
}

#[test]
fn tables_of_a_text_have_heads() {
    let document = text(&format!(
        "<table:table><table:table-header-rows><table:table-row>{}{}</table:table-row></table:table-header-rows><table:table-row>{}{}</table:table-row><table:table-row><table:covered-table-cell/>{}</table:table-row></table:table>",
        cell("", "Teil"),
        cell("", "Bedarf"),
        cell(r#"table:number-rows-spanned="2""#, "Platte"),
        cell("", "muss"),
        cell("", "kann"),
    ));
    check(
        &document,
        &[
            "td Teil",
            "td Bedarf",
            "td Platte [col Teil]",
            "td muss [row Platte] [col Bedarf]",
            "td kann [row Platte] [col Bedarf]",
        ],
    );
}

#[test]
fn sheets_give_cells_with_their_address() {
    let rows = format!(
        r#"<table:table-row>{}</table:table-row><table:table-row>{}{}{}</table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="1000"/></table:table-row><table:table-row table:visibility="collapse">{}<table:table-cell/>{}</table:table-row>"#,
        cell("", "Preisblatt"),
        cell("", "Nr"),
        cell("", "Position"),
        cell("", "Preis"),
        cell("", "7"),
        cell("", "hoch"),
    );
    let document = flat(
        "spreadsheet",
        Format::Ods,
        &format!(
            r#"<table:table table:name="Blatt 1">{rows}</table:table><table:table table:name="Alt" table:style-name="off"><table:table-row>{}</table:table-row></table:table>"#,
            cell("", "versteckt")
        ),
    );
    check(
        &document,
        &["td Preisblatt", "td Nr", "td Position", "td Preis", "td 7 [col Nr]", "td hoch [col Preis]", "td versteckt"],
    );
    let places: Vec<String> =
        (0..document.blocks.len()).map(|index| document.place(index, crate::lang::Lang::EN)).collect();
    assert_eq!(places, ["Blatt 1!A1", "Blatt 1!A2", "Blatt 1!B2", "Blatt 1!C2", "Blatt 1!A5", "Blatt 1!C5", "Alt!A1"]);
    check_marks(&document, &[("7", "hidden"), ("hoch", "hidden"), ("versteckt", "hidden")]);
}

#[test]
fn comments_on_cells_and_slides_have_their_place() {
    let note = |text: &str| {
        format!("<office:annotation><dc:creator>A</dc:creator><text:p>{text}</text:p></office:annotation>")
    };
    let sheet = flat(
        "spreadsheet",
        Format::Ods,
        &format!(
            r#"<table:table table:name="S"><table:table-row><table:table-cell/><table:table-cell>{}<text:p>Preis</text:p></table:table-cell></table:table-row></table:table>"#,
            note("Warum diese Marke?")
        ),
    );
    let slides = flat(
        "presentation",
        Format::Odp,
        &format!(
            "<draw:page/><draw:page>{}<draw:frame><draw:text-box><text:p>Ende</text:p></draw:text-box></draw:frame></draw:page>",
            note("Frage")
        ),
    );
    let comment = |document: &Document| {
        let index = document.blocks.iter().position(|block| block.kind == BlockKind::Comment).expect("it is read");
        (document.blocks[index].text.clone(), document.place(index, crate::lang::Lang::EN))
    };
    assert_eq!(comment(&sheet), ("Warum diese Marke?".to_owned(), "S!B1".to_owned()));
    assert_eq!(comment(&slides), ("Frage".to_owned(), "slide 2".to_owned()));
}

#[test]
fn slides_are_pages() {
    let document = flat(
        "presentation",
        Format::Odp,
        r#"<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Ziele</text:p></draw:text-box></draw:frame>
        <draw:frame><draw:text-box><text:list text:style-name="L2"><text:list-item><text:p>offen</text:p></text:list-item></text:list></draw:text-box></draw:frame>
        <presentation:notes><draw:frame><draw:text-box><text:p>Notiz</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>
        <draw:page><draw:frame><draw:text-box><text:p>Ende</text:p></draw:text-box></draw:frame></draw:page>"#,
    );
    check(&document, &["h1 Ziele", "li0 offen [<Ziele]", "SpeakerNote Notiz [<Ziele]", "p Ende [<Ziele]"]);
    let pages: Vec<Option<u32>> = document.blocks.iter().map(|block| block.anchor.page).collect();
    assert_eq!(pages, [Some(1), Some(1), Some(1), Some(2)]);
    assert_eq!(document.health.pages, Some(2));
}
