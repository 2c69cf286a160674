//! What the policies of countries and forges ask of one and the same repository.

use std::process::Command;

use super::Folder;

/// A service without change log, publiccode.yml and contact, under a licence that not every list has.
fn repository(name: &str) -> Folder {
    let readme = "# Permits\n\nA service of the town for parking permits.\n\n## Licence\n\nZlib\n";
    Folder::new(
        name,
        &[
            ("README.md", readme),
            ("package.json", r#"{"name": "permits", "version": "1.0.0", "license": "Zlib"}"#),
            ("src/a.py", "x = 1\n"),
            ("src/b.py", "x = 1\n"),
            ("manage.py", "x = 1\n"),
        ],
    )
}

/// Ids and levels of what is found under a policy, in order of the ids.
fn found(policy: &str, wanted: &[&str]) -> Vec<String> {
    let folder = repository(policy);
    folder.write("acquis.yml", &format!("extends: [{policy}]\nlang: en\n"));
    let acquis = env!("CARGO_BIN_EXE_acquis");
    let arguments = ["check", ".", "--format", "json"];
    let output = Command::new(acquis).args(arguments).current_dir(&folder.0).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let mut all: Vec<_> = findings
        .iter()
        .map(|finding| format!("{} {}", finding["rule"].as_str().unwrap(), finding["level"].as_str().unwrap()))
        .filter(|line| wanted.iter().any(|rule| line.starts_with(rule)))
        .collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn each_policy_asks_its_own_of_a_repository() {
    let rules = ["changelog-", "contributing-", "licence-outside-", "publiccode-", "security-policy-"];
    for (policy, expected) in [
        ("fr", &["changelog-missing note", "contributing-missing note", "licence-outside-french-list warning"][..]),
        ("de-opencode", &["publiccode-missing warning"]),
        (
            "nl",
            &[
                "changelog-missing note",
                "contributing-missing warning",
                "publiccode-missing note",
                "security-policy-missing warning",
            ],
        ),
        ("uk-gds", &["changelog-missing warning", "contributing-missing note", "security-policy-missing warning"]),
        ("it", &["publiccode-missing warning"]),
        ("dk", &[]),
    ] {
        assert_eq!(found(policy, &rules), expected, "{policy}");
    }
}
