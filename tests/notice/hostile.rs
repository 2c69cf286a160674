//! Whatever the bytes, a notice is read or reported: no panic, no hang, no silence.

use acquis::document::{Format, HealthKind, Limits};
use acquis::notice;
use proptest::prelude::*;

const CALL: &str = include_str!("fixtures/call.xml");

fn reason(text: &[u8], format: Format) -> String {
    let reading = notice::read(text, "notice", None, format, &Limits::default());
    assert!(reading.notices.is_empty());
    reading.not_read.iter().map(|not_read| not_read.to_string()).collect()
}

#[test]
fn attacks_are_reported_with_their_place() {
    let truncated = &CALL[..CALL.len() / 2];
    let laughs = "<!DOCTYPE a [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><TED_EXPORT>&b;</TED_EXPORT>";
    let deep = format!("<TED_EXPORT>{}", "<P>".repeat(1 << 20));
    let brackets = "[".repeat(1 << 20);
    for (text, format, want) in [
        (truncated.as_bytes(), Format::Eforms, "notice: not read: line 37: it ends in the middle"),
        (laughs.as_bytes(), Format::TedExport, "a document type declaration stands in it"),
        (deep.as_bytes(), Format::TedExport, "more than 256 deep"),
        (b"<TED_EXPORT/>", Format::TedExport, "it holds no form (FORM_SECTION)"),
        (b"<ContractNotice/>", Format::Eforms, "is no eForms notice"),
        (b"<TED_EXPORT>\xff</TED_EXPORT>", Format::TedExport, "the bytes are no UTF-8"),
        (b"", Format::Eforms, "no well-formed XML"),
        (brackets.as_bytes(), Format::Ocds, "too deep"),
        (b"{\"ocid\": 1, \"ocid\": 2}", Format::Ocds, "the key ocid appears twice"),
        (b"{}", Format::Ocds, "no notice stands in it"),
        (b"", Format::Decp, "no notice stands in it"),
        (b"text", Format::PlainText, "it is no notice"),
    ] {
        let found = reason(text, format);
        assert!(found.contains(want), "{found}");
    }
}

#[test]
fn a_giant_text_is_cut_and_said() {
    let long = "word ".repeat(1 << 18);
    let text = format!(
        "<TED_EXPORT><FORM_SECTION><F02_2014 LG='EN'><OBJECT_CONTRACT><SHORT_DESCR><P>short</P><P>{long}</P>\
        </SHORT_DESCR></OBJECT_CONTRACT></F02_2014></FORM_SECTION></TED_EXPORT>"
    );
    let reading = notice::read(text.as_bytes(), "notice", None, Format::TedExport, &Limits::default());
    let document = &reading.notices[0].document;
    assert_eq!(document.blocks.last().map(|block| block.text.as_str()), Some("short"));
    assert_eq!(document.health.notes[0].kind, HealthKind::PartNotRead);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_a_reader_panic(cut in 0..CALL.len(), byte: u8, tail in ".{0,40}") {
        let mut bytes = CALL.as_bytes().to_vec();
        bytes[cut] = byte;
        bytes.truncate(cut.max(200) + 2_000);
        bytes.extend(tail.as_bytes());
        for format in [Format::Eforms, Format::TedExport, Format::Ocds, Format::Decp] {
            let reading = notice::read(&bytes, "notice", None, format, &Limits::default());
            prop_assert!(!(reading.notices.is_empty() && reading.not_read.is_empty()));
        }
    }

    #[test]
    fn no_json_makes_a_reader_panic(text in r#"[\[\]{}":,\\ud0-9a-f \n]{0,80}"#) {
        let text = format!("{{\"ocid\": \"a\", \"tender\": {{\"title\": {text}");
        for format in [Format::Ocds, Format::Decp] {
            notice::read(text.as_bytes(), "notice", None, format, &Limits::default());
        }
    }
}
