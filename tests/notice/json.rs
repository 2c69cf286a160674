//! OCDS and DECP.

use acquis::document::{Format, Limits};
use acquis::notice::{self, NoticeKind};

use crate::{assert_blocks_stand_in_the_file, fields, one, outline};

const RELEASE: &str = r#"{
  "ocid": "ocds-abc-1", "language": "en", "tag": ["tender", "award"],
  "buyer": {"name": "Town of Example"},
  "parties": [{"roles": ["buyer"], "address": {"countryName": "IE"}}],
  "tender": {
    "title": "Licences \u2014 \"desktop\"",
    "legalBasis": {"scheme": "CELEX", "id": "32014L0024"},
    "classification": {"scheme": "CPV", "id": "48000000"},
    "procurementMethod": "limited",
    "procurementMethodRationale": "Only one supplier.\nIt owns the code.",
    "procurementMethodRationaleClassifications": [{"id": "D_PROTECT_RIGHTS"}],
    "techniques": {"hasFrameworkAgreement": true},
    "lots": [{"id": "1", "title": "Licences", "awardCriteria": {"criteria": [{"type": "price"}]},
              "contractPeriod": {"durationInDays": 1461}, "hasRenewal": false}]
  }
}"#;

#[test]
fn a_release_gives_the_terms_of_its_tender() {
    let notice = one(RELEASE, Format::Ocds);
    assert_eq!((notice.kind, notice.id.as_deref()), (NoticeKind::Award, Some("ocds-abc-1")));
    assert_eq!((notice.buyer.as_deref(), notice.country.as_deref()), (Some("Town of Example"), Some("IE")));
    assert_eq!(
        fields(&notice, &["BT-105", "BT-136", "BT-36", "BT-539", "BT-58", "BT-765"]),
        [
            "BT-105 neg-wo-call (limited)",
            "BT-136 exclusive (D_PROTECT_RIGHTS)",
            "BT-765 framework (true)",
            "BT-539 price [1]",
            "BT-36 1461 DAY [1]",
            "BT-58 0 (false) [1]",
        ]
    );
    assert_eq!(
        outline(&notice),
        "title BT-21 en: Licences — \"desktop\" < -\n\
         {\"heading\":{\"level\":1}} - en: Justification for a direct award < Licences — \"desktop\"\n\
         paragraph BT-135 en: Only one supplier. It owns the code. < Justification for a direct award\n\
         title BT-21 en: Licences < Licences — \"desktop\"\n"
    );
    assert_eq!(notice.terms("BT-539").next().unwrap().path, "/tender/lots/0/awardCriteria/criteria/0/type");
    assert_blocks_stand_in_the_file(&notice);
}

#[test]
fn every_shape_of_a_file_gives_its_releases() {
    let small = |id: &str| format!("{{\"ocid\": \"{id}\", \"tender\": {{\"title\": \"t\"}}}}");
    let (a, b) = (small("a"), small("b"));
    for (text, want) in [
        (format!("{{\"releases\": [{a}, {b}]}}"), "/releases/0 /releases/1"),
        (format!("{{\"records\": [{{\"compiledRelease\": {a}, \"releases\": [{b}]}}]}}"), "/records/0/compiledRelease"),
        (format!("{{\"records\": [{{\"releases\": [{a}, {{\"url\": \"x\"}}]}}]}}"), "/records/0/releases/0"),
        (format!("{a}\n{b}\n"), " "),
        (format!("{a}{b}"), " "),
        (format!("[{a},\n {b}]"), "/0 /1"),
    ] {
        let reading = notice::read(text.as_bytes(), "r.json", None, Format::Ocds, &Limits::default());
        assert_eq!(reading.not_read, [], "{text}");
        let title = |notice: &notice::Notice| notice.terms("BT-21").next().unwrap().path.replace("/tender/title", "");
        let found: Vec<String> = reading.notices.iter().map(title).collect();
        assert_eq!(found.join(" "), want, "{text}");
        for notice in &reading.notices {
            assert_blocks_stand_in_the_file(notice);
        }
    }
}

#[test]
fn a_versioned_release_gives_each_value() {
    let text = r#"{"records": [{"versionedRelease": {"ocid": "v", "tender": {"title":
        [{"releaseID": "1", "value": "Old"}, {"releaseID": "2", "value": "New"}]}}}]}"#;
    assert_eq!(fields(&one(text, Format::Ocds), &["BT-21"]), ["BT-21 Old", "BT-21 New"]);
}

#[test]
fn a_broken_line_loses_one_line() {
    let text = "{\"ocid\": \"a\"}\n{\"ocid\": \"b\", }\n{\"ocid\": \"c\"}\n";
    let reading = notice::read(text.as_bytes(), "r.jsonl", None, Format::Ocds, &Limits::default());
    let ids: Vec<_> = reading.notices.iter().filter_map(|notice| notice.id.as_deref()).collect();
    assert_eq!(ids, ["a", "c"]);
    assert_eq!(reading.not_read.len(), 1);
    assert!(reading.not_read[0].reason.to_string().starts_with("line 2: "));
}

#[test]
fn french_contract_data_are_read_in_both_versions() {
    let contract = r#"{"id": "2024-1", "objet": "Maintenance du logiciel", "codeCPV": "72267000-4",
        "procedure": "Marché passé sans publicité ni mise en concurrence préalable", "dureeMois": 72,
        "techniques": {"technique": ["Accord-cadre"]}}"#;
    for text in [format!("{{\"marches\": {{\"marche\": [{contract}]}}}}"), format!("{{\"marches\": [{contract}]}}")] {
        let notice = one(&text, Format::Decp);
        assert_eq!((notice.kind, notice.country.as_deref()), (NoticeKind::Award, Some("FR")));
        assert_eq!(notice.cpv[0].code, "72267000");
        assert_eq!(fields(&notice, &["BT-36", "BT-765"]), ["BT-36 72 MONTH", "BT-765 framework (Accord-cadre)"]);
        assert_eq!(notice.terms("BT-105").next().unwrap().value, "neg-wo-call");
    }
}

#[test]
fn text_that_is_no_utf8_is_read_as_western() {
    let reading = notice::read(
        b"{\"ocid\": \"a\", \"tender\": {\"title\": \"A\xf1o\"}}",
        "r.json",
        None,
        Format::Ocds,
        &Limits::default(),
    );
    assert_eq!(fields(&reading.notices[0], &["BT-21"]), ["BT-21 Año"]);
}
