//! A notice published in 24 languages says the same thing 24 times: one finding, whatever the language.

use acquis::document::{Format, Limits};
use acquis::engine::{Engine, Options};
use acquis::finding::Finding;
use acquis::{notice, rule};

const ALL: &str = include_str!("fixtures/24-languages.xml");

/// What the notice is made to show. What else is noted (a clause on rights that is present …) depends on how many
/// phrases the lexicon of a language has.
const RULES: [&str; 2] = ["direct-award-argued-elsewhere", "product-in-title"];

fn check(text: &str) -> Vec<Finding> {
    let engine = Engine::new(rule::builtin_rules(), Options::default()).expect("the built-in rules compile");
    let reading = notice::read(text.as_bytes(), "notice.xml", None, Format::Eforms, &Limits::default());
    assert_eq!(reading.not_read, []);
    let mut findings = engine.check_bundle(&[], &reading.notices);
    findings.retain(|finding| RULES.contains(&finding.rule.as_str()));
    findings
}

/// Rule and level of each finding, without order.
fn verdicts(findings: &[Finding]) -> Vec<String> {
    let mut verdicts: Vec<String> =
        findings.iter().map(|finding| format!("{} {}", finding.rule, finding.level)).collect();
    verdicts.sort();
    verdicts
}

/// The notice with the texts of one language only.
fn only(language: &str) -> String {
    let own = format!("languageID=\"{language}\"");
    let lines = ALL.lines().filter(|line| !line.contains("languageID") || line.contains(&own));
    lines.collect::<Vec<_>>().join("\n")
}

fn languages() -> Vec<&'static str> {
    let titles = ALL.lines().filter(|line| line.contains("<cbc:Name"));
    titles.filter_map(|line| line.split('"').nth(1)).collect()
}

#[test]
fn each_language_by_itself_gives_the_same_findings() {
    let english = verdicts(&check(&only("ENG")));
    assert_eq!(english, ["direct-award-argued-elsewhere warning", "product-in-title note"]);
    assert_eq!(languages().len(), 24);
    for language in languages() {
        assert_eq!(verdicts(&check(&only(language))), english, "{language}");
    }
}

#[test]
fn all_languages_together_give_each_finding_once() {
    let findings = check(ALL);
    assert_eq!(verdicts(&findings), verdicts(&check(&only("ENG"))));
    for finding in &findings {
        assert_eq!(finding.related.len(), 23, "{}: {:?}", finding.rule, finding.location.snippet);
        let line = ALL.lines().nth(finding.location.region.start_line as usize - 1).expect("a line of the file");
        assert!(line.contains("languageID=\"ENG\""), "{line}");
    }
}
