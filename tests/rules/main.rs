//! The built-in rules: readable by the strict reader, complete in their languages, true to their examples.

use std::path::Path;

use acquis::examples;
use acquis::lang::Lang;
use acquis::rule::{self, Rule};

/// The languages in which every built-in rule speaks.
const LANGUAGES: [&str; 8] = ["en", "fr", "de", "nl", "da", "el", "it", "es"];

fn rules() -> Vec<Rule> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    ["tender", "notice", "repository"]
        .iter()
        .filter(|folder| root.join(folder).is_dir())
        .flat_map(|folder| rule::from_folder(&root.join(folder)).unwrap_or_else(|error| panic!("{error}")))
        .collect()
}

#[test]
fn built_in_rules_are_those_of_the_folder() {
    let mut ids: Vec<_> = rules().into_iter().map(|rule| rule.file.id).collect();
    ids.sort();
    let built_in: Vec<_> = rule::builtin_rules().iter().map(|rule| rule.file.id.clone()).collect();
    assert_eq!(ids, built_in);
}

#[test]
fn every_example_comes_out_as_its_rule_says() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rule-examples");
    let _ = std::fs::remove_dir_all(&scratch);
    let mut failures = Vec::new();
    for rule in rules() {
        failures.extend(examples::run(&rule, &scratch).unwrap_or_else(|error| panic!("{error}")));
    }
    let text: Vec<_> = failures.iter().map(|f| format!("{}: {}: {}", f.rule, f.example, f.message)).collect();
    assert!(text.is_empty(), "{}", text.join("\n"));
}

#[test]
fn every_rule_speaks_all_languages_and_has_examples_in_them() {
    for rule in rules() {
        let file = &rule.file;
        for code in LANGUAGES {
            let lang: Lang = code.parse().expect("a language code");
            for (what, texts) in [("name", &file.name), ("message", &file.message), ("why", &file.why)] {
                assert!(texts.0.contains_key(&lang), "{}: no {what} in {lang}", file.id);
            }
            for case in file.cases.iter().filter_map(|case| case.message.as_ref()).chain(file.variants.values()) {
                assert!(case.0.contains_key(&lang), "{}: a case or variant has no message in {lang}", file.id);
            }
        }
        assert!(!file.examples.flag.is_empty(), "{}: no example that flags", file.id);
        assert!(!file.examples.pass.is_empty(), "{}: no example that passes", file.id);
    }
}

/// What the files of a folder and its folders say that end so.
fn texts(folder: &Path, ending: &str) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            all += &texts(&path, ending);
        } else if path.extension().is_some_and(|own| own == ending) {
            all += &std::fs::read_to_string(&path).expect("a text");
        }
    }
    all
}

#[test]
fn every_cell_of_the_lexicon_is_asked_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut asked = texts(&root.join("src"), "rs");
    asked += &texts(&root.join("rules/tender"), "yaml");
    asked += &texts(&root.join("rules/notice"), "yaml");
    let names: std::collections::HashSet<&str> =
        asked.split(|c: char| !(c.is_ascii_lowercase() || c == '-')).filter(|name| !name.is_empty()).collect();
    let unused: Vec<_> = acquis::language::Cell::names().iter().filter(|cell| !names.contains(*cell)).collect();
    assert!(unused.is_empty(), "phrases that nobody asks for: {unused:?}");
}

#[test]
fn names_and_messages_fit_the_forges() {
    for rule in rules() {
        let file = &rule.file;
        for (lang, name) in &file.name.0 {
            assert!(name.chars().count() <= 100, "{} {lang}: the name is longer than 100 characters", file.id);
        }
        for (lang, why) in &file.why.0 {
            assert!(why.chars().count() <= 1000, "{} {lang}: `why` is longer than 1,000 characters", file.id);
        }
        assert!(file.tags.len() <= 7, "{}: more than seven tags", file.id);
    }
}
