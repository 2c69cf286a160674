//! The examples: `acquis check examples/` finds what was planted, and nothing else at warning or above.

use std::process::Command;

/// What stands in the examples to be found: file, rule, level, in the order of the report.
const PLANTED: &[(&str, &str, &str)] = &[
    ("repository/LICENSE", "licence-text-changed", "error"),
    ("repository/assets/LICENSE.md", "non-open-part", "warning"),
    ("repository/package.json", "licences-contradict", "error"),
    ("repository/package.json", "proprietary-cloud-sdk", "warning"),
    ("repository/publiccode.yml", "publiccode-invalid", "warning"),
    ("repository/publiccode.yml", "licences-contradict", "error"),
    ("repository/src/store.js", "proprietary-database", "warning"),
    ("tender-de/leistungsbeschreibung.html", "product-without-equivalent", "error"),
    ("tender-de/leistungsbeschreibung.html", "closed-format-demanded", "warning"),
    ("tender-de/leistungsbeschreibung.html", "vendor-certificate-demanded", "warning"),
    ("tender-fr/cctp.docx", "exit-clause-missing", "warning"),
    ("tender-fr/cctp.docx", "source-code-clause-missing", "warning"),
    ("tender-fr/cctp.docx", "product-without-equivalent", "error"),
    ("tender-fr/cctp.docx", "product-without-equivalent", "error"),
    ("tender-fr/cctp.docx", "closed-format-demanded", "warning"),
    ("tender-fr/cctp.docx", "outdated-standard", "warning"),
    ("tender-fr/cctp.docx", "product-without-equivalent", "error"),
    ("tender-fr/cctp.docx", "product-without-equivalent", "error"),
    ("tender-fr/cctp.docx", "vendor-certificate-demanded", "warning"),
    ("tender-nl/bestek.md", "closed-format-demanded", "warning"),
    ("tender-nl/bestek.md", "product-without-equivalent", "error"),
    ("tender-nl/bestek.md", "product-without-equivalent", "error"),
];

fn check(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_acquis"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", "examples/"])
        .args(arguments)
        .output()
        .expect("the program runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn what_was_planted_is_found_and_nothing_else() {
    let (status, text) = check(&["--format", "json"]);
    assert_eq!(status, Some(1));
    let report: serde_json::Value = serde_json::from_str(&text).expect("the report is JSON");
    let findings = report["findings"].as_array().expect("the report has findings");
    let found: Vec<_> = findings
        .iter()
        .map(|f| [&f["location"]["uri"], &f["rule"], &f["level"]].map(|v| v.as_str().unwrap_or_default()))
        .filter(|[_, _, level]| *level != "note")
        .collect();
    let planted: Vec<_> = PLANTED.iter().map(|(uri, rule, level)| [*uri, *rule, *level]).collect();
    assert_eq!(found, planted);
}

#[test]
fn innocent_mentions_are_notes() {
    let (_, text) = check(&["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&text).expect("the report is JSON");
    let noted = |uri: &str| {
        let findings = report["findings"].as_array().into_iter().flatten();
        findings.filter(|f| f["location"]["uri"] == uri && f["level"] == "note").count()
    };
    assert!(noted("tender-fr/cctp.docx") >= 12);
}

#[test]
fn a_second_run_gives_the_same_bytes() {
    for format in ["sarif", "json", "html", "terminal"] {
        assert_eq!(check(&["--format", format]), check(&["--format", format]), "{format}");
    }
}
