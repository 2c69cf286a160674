//! The bundled texts are those whose source is written down, and each is recognised as itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use acquis::licence::{Class, Judgement, Openness, class, expression as parse, facts, identify, openness};
use sha2::{Digest, Sha256};

use super::expression;

fn texts() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules/texts")
}

/// The files of `official` and `other`, without a mark of the templates.
fn bundled() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for folder in ["official", "official/editions", "other"] {
        for entry in fs::read_dir(texts().join(folder)).expect("the folder is there") {
            let path = entry.expect("the folder is readable").path();
            if path.is_file() {
                let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
                all.insert(format!("{folder}/{name}"), fs::read_to_string(path).expect("texts are UTF-8"));
            }
        }
    }
    all
}

#[test]
fn every_text_has_its_source_and_its_digest() {
    let table = fs::read_to_string(texts().join("sources.tsv")).expect("the table is there");
    let rows: BTreeMap<&str, Vec<&str>> = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("file\t"))
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|row| (row[0], row))
        .collect();
    let bundled = bundled();
    assert_eq!(rows.keys().copied().collect::<Vec<_>>(), bundled.keys().map(String::as_str).collect::<Vec<_>>());
    for (file, text) in &bundled {
        let row = &rows[file.as_str()];
        let digest = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(row[3], digest, "{file} was changed, its source was not");
        assert!(["yes", "partly"].contains(&row[4]) && !row[1].is_empty(), "{file}");
    }
}

/// A text with its marks replaced by what they stand for.
fn plain(text: &str) -> String {
    let mut plain = text.replace("<<beginOptional>>", "").replace("<<endOptional>>", "");
    while let Some(start) = plain.find("<<var;") {
        let end = start + plain[start..].find("\">>").expect("a slot ends") + 3;
        let original = plain[start..end].split("original=\"").nth(1).and_then(|rest| rest.split('"').next());
        plain = format!("{}{}{}", &plain[..start], original.unwrap_or_default(), &plain[end..]);
    }
    plain
}

#[test]
fn every_text_is_itself() {
    for (file, text) in bundled() {
        let stem = file.rsplit('/').next().and_then(|name| name.strip_suffix(".txt")).expect("texts end in .txt");
        let id = match stem.rsplit_once('.') {
            Some((id, language)) if language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_lowercase()) => id,
            _ => stem,
        };
        assert_eq!(expression(&identify(plain(&text).as_bytes())), id, "{file}");
        assert!(facts(id).is_some(), "{id} has a class");
    }
}

#[test]
fn source_available_licences_are_not_open() {
    for id in [
        "BUSL-1.1",
        "SSPL-1.0",
        "Elastic-2.0",
        "FSL-1.1-MIT",
        "FSL-1.1-ALv2",
        "PolyForm-Noncommercial-1.0.0",
        "PolyForm-Small-Business-1.0.0",
        "LicenseRef-PolyForm-Shield-1.0.0",
        "LicenseRef-PolyForm-Perimeter-1.0.0",
        "LicenseRef-PolyForm-Strict-1.0.0",
        "LicenseRef-PolyForm-Internal-Use-1.0.0",
        "LicenseRef-PolyForm-Free-Trial-1.0.0",
        "LicenseRef-PolyForm-Defensive-1.0.0",
        "LicenseRef-Commons-Clause",
        "LicenseRef-RSALv2",
        "LicenseRef-RSAL-1.0",
        "LicenseRef-BUSL-1.0",
        "LicenseRef-FSL-1.0-MIT",
        "LicenseRef-Confluent-Community-1.0",
        "LicenseRef-Fair-Source-0.9",
        "LicenseRef-Prosperity-3.0.0",
    ] {
        assert_eq!(class(id), Class::SourceAvailable, "{id}");
        assert_eq!(openness(&parse(id)), Judgement::NotOpen, "{id}");
    }
    for id in ["LicenseRef-Llama-2", "LicenseRef-BigScience-OpenRAIL-M", "LicenseRef-ACSL", "LicenseRef-Anti-996"] {
        assert_eq!(facts(id).map(|facts| (facts.class, facts.openness)), Some((Class::Restricted, Openness::NotOpen)));
    }
}

#[test]
fn a_rider_clause_and_its_licence_are_both_named() {
    let clause = plain(&bundled()["other/LicenseRef-Commons-Clause.txt"]);
    for id in ["MIT", "Apache-2.0"] {
        for file in [format!("{clause}\n\n{}", super::text(id)), format!("{}\n\n{clause}", super::text(id))] {
            let found = expression(&identify(file.as_bytes()));
            assert!(found.contains("LicenseRef-Commons-Clause") && found.contains(id), "{found}");
            assert_eq!(openness(&parse(&found)), Judgement::NotOpen, "{found}");
        }
    }
}

#[test]
fn terms_that_are_filled_in_leave_the_licence_what_it_is() {
    let grant = "Business Source License 1.1\n\nParameters\n\nLicensor: Example Ltd.\nLicensed Work: Example Store 4.2. \
                 The Licensed Work is (c) 2026 Example Ltd.\nAdditional Use Grant: You may make production use of the \
                 Licensed Work, provided that you do not offer it to third parties as a service.\nChange Date: \
                 2030-01-01\nChange License: Apache License, Version 2.0\n\n";
    let file = format!("{grant}{}", super::text("BUSL-1.1"));
    assert_eq!(expression(&identify(file.as_bytes())), "BUSL-1.1");
}
