//! Tenders written for this test as an officer would write them: clean ones full of brand names in harmless
//! roles, and ones with breaches listed in a file beside them (criterion and words, one a line of YAML).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// A breach that the text holds.
#[derive(Deserialize)]
struct Breach {
    criterion: String,
    quote: String,
    /// Why acquis does not find it: a limit that is known. Goes when it is found.
    missed: Option<String>,
}

/// A finding at warning or error, as the report gives it.
struct Alarm {
    rule: String,
    criterion: String,
    context: String,
}

fn documents(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judgement").join(folder);
    let entries = fs::read_dir(&root).expect("the folder is there").map(|entry| entry.expect("readable").path());
    let mut documents: Vec<_> = entries.filter(|path| path.extension().is_none_or(|kind| kind != "yml")).collect();
    documents.sort();
    documents
}

/// What acquis says about a document at warning or above.
fn alarms(document: &Path) -> Vec<Alarm> {
    let output = Command::new(env!("CARGO_BIN_EXE_acquis"))
        .arg("check")
        .arg(document)
        .args(["--format", "sarif"])
        .output()
        .expect("the program runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("the report lists its rules");
    let results = run["results"].as_array().expect("the report has results");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    results
        .iter()
        .filter(|result| result["level"] != "note")
        .map(|result| {
            let rule = rules.iter().find(|rule| rule["id"] == result["ruleId"]).expect("the rule is listed");
            let place = &result["locations"][0]["physicalLocation"];
            Alarm {
                rule: text(&result["ruleId"]),
                criterion: text(&rule["properties"]["criterion"]),
                context: text(&place["contextRegion"]["snippet"]["text"]),
            }
        })
        .collect()
}

/// Text without line breaks and marks of Markdown.
fn plain(text: &str) -> String {
    text.replace(['*', '`'], "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_clean_tender_full_of_brand_names_gives_no_warning() {
    let documents = documents("clean");
    assert!(documents.len() >= 20);
    let mut wrong = Vec::new();
    for document in documents {
        for alarm in alarms(&document) {
            wrong.push(format!("{}: {}: {}", document.display(), alarm.rule, alarm.context));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_breach_is_found_and_nothing_else() {
    let documents = documents("breach");
    assert!(documents.len() >= 20);
    let mut wrong = Vec::new();
    for document in documents {
        let beside = fs::read_to_string(document.with_extension("yml")).expect("the breaches are listed");
        let breaches: Vec<Breach> = serde_yaml::from_str(&beside).expect("the list is YAML");
        let alarms = alarms(&document);
        let meets = |breach: &Breach, alarm: &Alarm| {
            let (quote, context) = (plain(&breach.quote), plain(&alarm.context));
            breach.criterion == alarm.criterion && (context.contains(&quote) || quote.contains(&context))
        };
        for breach in &breaches {
            let found = alarms.iter().any(|alarm| meets(breach, alarm));
            if found == breach.missed.is_some() {
                let said = if found { "found, but listed as missed" } else { "not found" };
                wrong.push(format!("{}: {said}: {}: {}", document.display(), breach.criterion, breach.quote));
            }
        }
        for alarm in alarms.iter().filter(|alarm| !breaches.iter().any(|breach| meets(breach, alarm))) {
            wrong.push(format!("{}: no breach: {}: {}", document.display(), alarm.rule, alarm.context));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_rule_that_notes_the_same_again_and_again_says_how_many_more() {
    let clauses: Vec<_> =
        (1..=12).map(|n| format!("Clause {n}: the source code of part {n} is handed over to the buyer.")).collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("repeated-notes.md");
    fs::write(&file, format!("# Terms\n\n{}\n", clauses.join("\n\n"))).expect("the folder is writable");
    let output = Command::new(env!("CARGO_BIN_EXE_acquis"))
        .arg("check")
        .arg(&file)
        .args(["--format", "json", "--lang", "en"])
        .output()
        .expect("the program runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let findings = report["findings"].as_array().expect("the report has findings");
    let notes: Vec<_> = findings.iter().filter(|finding| finding["rule"] == "rights-clause-present").collect();
    assert_eq!(notes.len(), 8);
    assert!(notes[7]["message"].as_str().is_some_and(|said| said.ends_with("And 4 more, listed as further places.")));
    assert_eq!(notes[7]["related"].as_array().map(Vec::len), Some(4));
}
