use super::super::sample;
use super::*;
use crate::finding::Outcome;
use crate::lang::Lang;

fn parsed(report: &Report) -> Value {
    serde_json::from_str(&render(report)).unwrap()
}

/// What makes a forge refuse a file or lose a result, and no schema tells.
fn check_for_forges(sarif: &Value) {
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(results.len() <= MOST_RESULTS);
    let mut fingerprints = BTreeSet::new();
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.is_ascii() && !uri.starts_with('/') && !uri.contains([' ', '#', ':']), "{uri}");
        let message = result["message"]["text"].as_str().unwrap();
        assert!(!message.is_empty() && message.chars().count() <= 2_048);
        let hashes = &result["partialFingerprints"];
        assert!(hashes["primaryLocationLineHash"].as_str().unwrap().contains(':'));
        let own = format!("{uri} {}", hashes["acquisContext/v1"]);
        assert!(fingerprints.insert(own.clone()), "not unique: {own}");
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        for (text, most) in [
            (&rule["name"], MOST_NAME),
            (&rule["shortDescription"]["text"], MOST_DESCRIPTION),
            (&rule["fullDescription"]["text"], MOST_DESCRIPTION),
            (&rule["help"]["text"], usize::MAX),
        ] {
            let length = text.as_str().unwrap().chars().count();
            assert!(0 < length && length <= most, "{text}");
        }
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= MOST_TAGS);
        assert!(rule["properties"].get("security-severity").is_none());
    }
}

fn texts(value: &Value, seen: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => seen(text),
        Value::Array(values) => values.iter().for_each(|value| texts(value, seen)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, seen)),
        _ => {}
    }
}

#[test]
fn the_log_is_what_the_standard_and_the_forges_ask_for() {
    let schema: Value = serde_json::from_str(include_str!("../../../tests/report/sarif-2.1.0.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let rules = sample::rules();
    let full = parsed(&sample::report(&rules));
    let empty = parsed(&Report::new(Outcome::default(), &rules, 3, Lang::EN));
    for sarif in [&full, &empty] {
        let errors: Vec<_> = validator.iter_errors(sarif).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        check_for_forges(sarif);
    }
    assert_eq!(empty["runs"][0]["invocations"][0]["executionSuccessful"], false);
    insta::assert_snapshot!(render(&sample::report(&rules)));
}

#[test]
fn results_hold_no_control_characters() {
    let rules = sample::rules();
    let sarif = parsed(&sample::report(&rules));
    texts(&sarif["runs"][0]["results"], &mut |text| {
        let lines = text.replace('\n', " ");
        assert_eq!(super::super::without_controls(&lines), lines, "{text:?}");
    });
}

#[test]
fn too_much_is_cut_by_level_and_said() {
    let rules = sample::rules();
    let some = sample::outcome().findings;
    let [note, error] = [&some[0], &some[1]];
    let mut findings: Vec<_> = std::iter::repeat_n(note.clone(), MOST_RESULTS).collect();
    findings.push(Finding { message: "m".repeat(9_000), ..error.clone() });
    let outcome = Outcome { findings, ..Outcome::default() };
    let sarif = parsed(&Report::new(outcome, &rules, 1, Lang::EN));
    check_for_forges(&sarif);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), MOST_RESULTS);
    assert_eq!(results[MOST_RESULTS - 1]["level"], "error");
    let said = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(said["message"]["text"], "1 of 5001 findings were left out, the least grave first.");
}
