//! Notices by the thousand: reports that are written while they are read, and how often what occurs.

use std::fs;
use std::io::Write;
use std::process::Command;

use crate::{Folder, check, stdout};

/// A release that buys software at the lowest price: one finding.
fn release(number: usize, country: &str) -> String {
    format!(
        "{{\"ocid\": \"ocds-{number}\", \"language\": \"en\", \"tag\": [\"tender\"], \
         \"parties\": [{{\"roles\": [\"buyer\"], \"address\": {{\"countryName\": \"{country}\"}}}}], \
         \"tender\": {{\"title\": \"Case handling system\", \
         \"classification\": {{\"scheme\": \"CPV\", \"id\": \"48000000\"}}, \
         \"lots\": [{{\"id\": \"1\", \"awardCriteria\": {{\"criteria\": [{{\"type\": \"price\"}}]}}}}]}}}}\n"
    )
}

/// A package of two notices with a cut one between them.
fn package(folder: &Folder) {
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.0.join("notices.zip")).unwrap());
    let award = include_str!("../notice/fixtures/award.xml");
    for (name, text) in [("1.xml", award), ("2.xml", &award[..award.len() / 2]), ("3.xml", award)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn a_report_in_parts_is_the_same_whatever_else_is_asked_for() {
    let folder = Folder::new("parts", &[]);
    package(&folder);
    let files = ["--output", "csv=a.csv", "--output", "jsonl=a.jsonl"];
    let alone = folder.acquis(&[&["check", "notices.zip", "--format", "rates"], &files[..]].concat());
    check(
        &alone,
        3,
        &["Notices read: 2 · Judged: 2 · Not read: 1", "| DE | 72 | direct-award-exclusivity | 2 | 2 | 100.0 % |"],
    );
    let csv = folder.read("a.csv");
    assert!(csv.contains("not-read,,notices.zip,,2.xml,,,\"line "), "{csv}");
    assert!(csv.contains(",3.xml,"), "{csv}");
    let jsonl = folder.read("a.jsonl");
    assert!(jsonl.lines().last().unwrap().starts_with("{\"type\":\"summary\",\"exit_status\":3"), "{jsonl}");
    let together = ["check", "notices.zip", "--output", "csv=b.csv", "--output", "sarif=b.sarif", "--format", "jsonl"];
    let output = folder.acquis(&together);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!((folder.read("b.csv"), stdout(&output)), (csv, jsonl));
    assert!(!folder.0.join("a.csv.part").exists());
}

#[cfg(unix)]
#[test]
fn a_report_may_go_where_no_file_is() {
    let folder = Folder::new("device", &[("n.jsonl", &release(1, "IE"))]);
    check(
        &folder.acquis(&["check", "n.jsonl", "--output", "csv=/dev/stdout"]),
        0,
        &["\u{feff}level,rule,file", "n.jsonl"],
    );
    check(&folder.acquis(&["check", "n.jsonl", "--output", "csv=none/x"]), 2, &["can't be written to none/x"]);
    let script = format!(
        "{} check n.jsonl --format csv | head -c 1 >/dev/null; exit ${{PIPESTATUS[0]}}",
        env!("CARGO_BIN_EXE_acquis")
    );
    let output = Command::new("bash").args(["-c", &script]).current_dir(&folder.0).output().unwrap();
    check(&output, 0, &[]);
}

#[test]
fn a_terminal_shows_the_first_thousand_and_counts_all() {
    let releases: String = (0..1_100).map(|number| release(number, "IE")).collect();
    let folder = Folder::new("thousand", &[("n.jsonl", &releases)]);
    let shown = folder.acquis(&["check", "n.jsonl", "--level", "price-only-award=warning", "--fail-on", "never"]);
    check(&shown, 0, &["Warnings: 1100", "+ 100: further findings are not shown here (--format csv, jsonl)"]);
    let with_sarif =
        ["check", "n.jsonl", "--level", "price-only-award=warning", "--fail-on", "never", "--output", "sarif=a.sarif"];
    assert_eq!(stdout(&folder.acquis(&with_sarif)), stdout(&shown));
    let rates = folder.acquis(&["check", "n.jsonl", "--format", "rates", "--lang", "fr"]);
    check(&rates, 0, &["Avis lus\u{a0}: 1100", "| IE | 48 | price-only-award | 1100 | 1100 | 100.0 % |"]);
}

#[test]
fn attacks_are_reported_and_make_the_status_3() {
    let laughs =
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><TED_EXPORT>&b;</TED_EXPORT>";
    let outside = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><TED_EXPORT>&x;</TED_EXPORT>";
    let deep = format!("<TED_EXPORT>{}", "<P>".repeat(1 << 17));
    let nested = format!("{{\"ocid\": \"a\", \"tender\": {}1{}}}", "[".repeat(1 << 17), "]".repeat(1 << 17));
    let giant = release(1, "IE").replace("Case handling system", &"word ".repeat(1 << 19));
    let folder = Folder::new("attacks", &[]);
    for (name, text, words) in [
        ("laughs.xml", laughs, "a document type declaration stands in it"),
        ("outside.xml", outside, "a document type declaration stands in it"),
        ("deep.xml", &deep, "more than 256 deep"),
        ("nested.json", &nested, "too deep"),
        (
            "twice.json",
            "{\"ocid\": \"a\", \"tender\": {\"title\": \"x\", \"title\": \"y\"}}",
            "the key title appears twice",
        ),
        ("giant.json", &giant, "giant.json"),
    ] {
        folder.write(name, text);
        check(&folder.acquis(&["check", name, "--as", "notice"]), 3, &["Not read", words]);
        fs::remove_file(folder.0.join(name)).unwrap();
    }
}

#[test]
fn what_is_out_of_scope_is_said_and_judged_when_asked() {
    let roads = release(1, "IE").replace("48000000", "45233000");
    let folder = Folder::new("scope", &[("n.jsonl", &roads)]);
    check(
        &folder.acquis(&["check", "n.jsonl"]),
        0,
        &["Notes: 0", "Notices not judged", "(--any-purchase judges all): 1"],
    );
    check(&folder.acquis(&["check", "n.jsonl", "--any-purchase"]), 0, &["Notes: 1", "price-only-award"]);
}
