use super::*;
use crate::document::Anchor;
use crate::finding::{Confidence, Finding, HeldBack, Location, Region, Related};
use crate::rule::RuleCard;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn card(id: &str, level: Level) -> RuleCard {
    RuleCard {
        id: id.to_owned(),
        name: id.to_owned(),
        family: String::new(),
        criterion: String::new(),
        level,
        confidence: Confidence::High,
        why: String::new(),
        law: Vec::new(),
        tags: Vec::new(),
        preview: false,
    }
}

fn finding(rule: &str, level: Level, uri: &str, context: &str) -> Finding {
    Finding {
        rule: rule.to_owned(),
        level,
        confidence: Confidence::High,
        message: String::new(),
        language: Lang::EN,
        location: Location {
            uri: uri.to_owned(),
            member: None,
            region: Region::line(1),
            snippet: context.split(' ').next().unwrap_or_default().to_owned(),
            context: context.to_owned(),
            place: "§ 3.2 Exigences, p. 7".to_owned(),
            anchor: Anchor::default(),
            line_hash: String::new(),
        },
        related: Vec::new(),
        absence: false,
        jurisdictions: Vec::new(),
        evidence: Vec::new(),
        suggestion: None,
        properties: BTreeMap::new(),
        fix: Vec::new(),
        files: Vec::new(),
    }
}

fn apply(policy: &str, findings: Vec<Finding>) -> (Vec<Finding>, HeldBack) {
    let rules = [card("brand", Level::Error), card("exit", Level::Warning)];
    let policy = Policy::parse(policy, "acquis.yml").unwrap();
    let mut sieve = Sieve::new(&policy, &rules, day("2026-03-01"));
    let kept = sieve.apply(findings);
    (kept, sieve.held_back())
}

#[track_caller]
fn refused(policy: &str, place: (u32, u32), says: &str) {
    let error = Policy::parse(policy, "acquis.yml").expect_err("the policy is wrong");
    let text = format!("{} {}", error.message, error.help.as_deref().unwrap_or_default());
    assert_eq!((error.line, error.column), place, "{error}");
    assert!(text.contains(says), "{text}");
}

#[test]
fn a_wrong_policy_is_refused_with_its_place() {
    refused("fail-on: warning\nfail_on: error\n", (2, 1), "fail_on");
    refused("jurisdictions: [fr, zz]\n", (1, 21), "expected one of be, ch, de");
    refused("rules:\n  brand: fatal\n", (2, 10), "fatal");
    refused("profile: auditor\n", (1, 10), "auditor");
    refused("as-of: 2026-02-30\n", (1, 8), "no date");
    refused("exclude:\n  - \"a[\"\n", (2, 6), "no glob");
    refused("extends: [none.yml]\n", (1, 11), "can't be read");
    let waiver = |more: &str| format!("waivers:\n  - rule: brand\n    path: a.md\n    reason: known\n{more}");
    refused(&waiver("    approver: A\n    date: 2026-02-01\n"), (6, 5), "until");
    refused(&waiver("    approver: A\n    date: 2026-02-01\n    until: 2026-01-01\n"), (4, 13), "before it begins");
    refused(&waiver("    approver: ''\n    date: 2026-02-01\n    until: 2026-03-01\n"), (4, 13), "no approver");
}

#[test]
fn a_policy_that_is_found_stays_in_its_folder() {
    let root = std::env::temp_dir().join(format!("acquis-policy-{}", std::process::id()));
    let project = root.join("project");
    std::fs::create_dir_all(project.join("policies")).unwrap();
    std::fs::write(root.join("outside.yml"), "fail-on: note\n").unwrap();
    std::fs::write(project.join("policies/base.yml"), "fail-on: error\nlang: fr\n").unwrap();
    let file = project.join("acquis.yml");
    let load = |text: &str, explicit: bool| {
        std::fs::write(&file, text).unwrap();
        Policy::load(explicit.then_some(file.as_path()), std::slice::from_ref(&project), None)
    };
    let inside = load("extends: [policies/base.yml]\nlang: de\n", false).unwrap();
    assert_eq!(
        (inside.fail_on, inside.lang.map(|lang| lang.to_string())),
        (Some(FailOn::Error), Some("de".to_owned()))
    );
    for outside in ["../outside.yml", "/etc/hostname"] {
        let error = load(&format!("extends: [{outside}]\n"), false).unwrap_err();
        assert!(error.message.contains("outside the folder") || error.message.contains("can't be read"), "{error}");
        assert_eq!((error.line, error.column), (1, 11));
    }
    assert_eq!(load("extends: [../outside.yml]\n", true).unwrap().fail_on, Some(FailOn::Note));
    assert!(load("extends: [acquis.yml]\n", false).unwrap_err().message.contains("extend each other"));
    std::fs::remove_dir_all(&root).unwrap();
}

#[test]
fn an_empty_policy_is_one() {
    assert!(Policy::parse("", "acquis.yml").is_ok());
    assert!(Policy::parse("# nothing yet\n", "acquis.yml").is_ok());
}

#[test]
fn rule_ids_must_exist() {
    let policy = Policy::parse("rules:\n  product-without-equal: off\n", "acquis.yml").unwrap();
    let known = ["exit-clause-missing", "product-in-title", "product-without-equivalent"];
    let error = policy.check_rule_ids(known.into_iter()).unwrap_err();
    assert_eq!((error.line, error.column), (2, 3));
    assert_eq!(
        error.help.as_deref(),
        Some("is `product-without-equivalent` meant? `acquis rules list` lists all rules")
    );
    assert!(Policy::parse("rules: {product-in-title: note}", "f").unwrap().check_rule_ids(known.into_iter()).is_ok());
}

#[test]
fn levels_shift_what_the_engine_graded() {
    let policy = "rules: {brand: warning, exit: error}\npaths:\n  - {glob: 'docs/**', rules: {brand: off}}\n  - {glob: \
                  'docs/x.md', rules: {brand: note}}\n";
    for (rule, graded, uri, want) in [
        ("brand", Level::Error, "a.md", Some(Level::Warning)),
        ("brand", Level::Warning, "a.md", Some(Level::Note)),
        ("brand", Level::Error, "docs/sub/a.md", None),
        ("brand", Level::Error, "docs/x.md", Some(Level::Note)),
        ("exit", Level::Warning, "a.md", Some(Level::Error)),
        ("exit", Level::Note, "a.md", Some(Level::Warning)),
        ("other", Level::Note, "a.md", Some(Level::Note)),
    ] {
        let (kept, _) = apply(policy, vec![finding(rule, graded, uri, "text")]);
        assert_eq!(kept.first().map(|finding| finding.level), want, "{rule} {graded} {uri}");
    }
}

#[test]
fn the_law_of_the_union_comes_with_that_of_its_members() {
    for (named, want) in
        [("[]", "eu"), ("[fr, nl]", "fr nl eu"), ("[uk]", "uk"), ("[ch, de]", "ch de eu"), ("[eu]", "eu")]
    {
        let policy = Policy::parse(&format!("jurisdictions: {named}"), "acquis.yml").unwrap();
        assert_eq!(policy.in_force().join(" "), want);
    }
}

#[test]
fn every_jurisdiction_has_its_law_and_its_name() {
    let with_law = crate::builtin::files("jurisdictions/").map(|(path, _)| path);
    let known = Jurisdiction::known().map(|code| format!("jurisdictions/{code}.tsv"));
    assert!(with_law.eq(known));
}

#[test]
fn excluded_files_have_no_findings() {
    let findings = ["archive/old/a.md", "archive.md"].map(|uri| finding("brand", Level::Error, uri, "text"));
    let (kept, held_back) = apply("exclude: ['archive/**']", findings.to_vec());
    assert_eq!(kept.iter().map(|finding| finding.location.uri.as_str()).collect::<Vec<_>>(), ["archive.md"]);
    assert_eq!(held_back.waived, 0);
}

#[test]
fn a_finding_moves_out_of_an_excluded_file_to_its_next_place() {
    let related = ["archive/b.md", "c.md"]
        .map(|uri| Related { location: finding("brand", Level::Error, uri, "text").location, message: String::new() });
    let all = Finding { related: related.to_vec(), ..finding("brand", Level::Error, "archive/a.md", "text") };
    let (kept, _) = apply("exclude: ['archive/**']", vec![all]);
    assert_eq!((kept[0].location.uri.as_str(), kept[0].related.len()), ("c.md", 0));
}

#[test]
fn a_waiver_meets_its_passage_only() {
    for (place, meets) in [
        ("path: a.md", true),
        ("path: '*.md'", true),
        ("path: b.md", false),
        ("{path: a.md, quote: 'Orakel   on  the'}", true),
        ("{path: a.md, quote: 'Orakel off'}", false),
        ("{path: a.md, section: '3.2'}", true),
        ("{path: a.md, section: '§ 3.2'}", true),
        ("{path: a.md, section: Exigences}", true),
        ("{path: a.md, section: '3'}", false),
        ("{path: a.md, section: '2'}", false),
    ] {
        let place = place.trim_matches(['{', '}']);
        let policy = format!(
            "waivers: [{{rule: brand, {place}, reason: known, approver: A, date: 2026-01-01, until: 2026-03-01}}]"
        );
        let (kept, held_back) = apply(&policy, vec![finding("brand", Level::Error, "a.md", "Orakel on the\tserver")]);
        assert_eq!((kept.is_empty(), held_back.waived == 1), (meets, meets), "{place}");
        assert_eq!(held_back.remarks.is_empty(), meets, "{place}: {:?}", held_back.remarks);
    }
}

#[test]
fn an_expired_waiver_holds_nothing_back() {
    let policy =
        "waivers:\n  - {rule: brand, path: a.md, reason: known, approver: A, date: 2025-01-01, until: 2026-02-28}";
    let (kept, held_back) = apply(policy, vec![finding("brand", Level::Error, "a.md", "text")]);
    assert_eq!((kept.len(), held_back.waived), (1, 0));
    let want = "acquis.yml:2: the waiver of brand ended on 2026-02-28: renew it or take it out";
    assert_eq!(held_back.remarks, [want]);
}

#[test]
fn many_findings_of_a_rule_in_a_file_become_places_of_one() {
    let findings: Vec<_> = (0..60).map(|n| finding("brand", Level::Error, "a.md", &format!("text {n}"))).collect();
    let (kept, _) = apply("", findings);
    assert_eq!((kept.len(), kept[49].related.len()), (50, 10));
}

#[test]
fn the_baseline_knows_text_that_moved_and_counts() {
    let old = ["one", "two", "two", "gone"].map(|text| finding("brand", Level::Error, "a.md", text));
    let baseline = Baseline::of(&old);
    let now = [("b.md", "one"), ("a.md", " two"), ("a.md", "two"), ("a.md", "two"), ("a.md", "three")];
    let now: Vec<_> = now.map(|(uri, text)| finding("brand", Level::Error, uri, text)).to_vec();
    let mut known = Known::new(&baseline);
    // In two parts, as the findings of two files come.
    let (first, second) = now.split_at(2);
    let new = [known.new_of(first.to_vec()), known.new_of(second.to_vec())].concat();
    let mut held_back = HeldBack::default();
    known.tell(Some("baseline.json"), &mut held_back);
    // The first word differs in " two" (it is empty), so that finding is another one.
    assert_eq!(new.iter().map(|finding| finding.location.context.as_str()).collect::<Vec<_>>(), [" two", "three"]);
    assert_eq!(held_back.in_baseline, 3);
    let want = "baseline.json: 1 of brand in a.md is not found any more: write the baseline anew";
    assert_eq!(held_back.remarks, [want]);
}

#[test]
fn a_baseline_file_is_read_as_it_was_written() {
    let file = std::env::temp_dir().join(format!("acquis-baseline-{}.json", std::process::id()));
    let baseline = Baseline::of(&[finding("brand", Level::Error, "a.md", "text")]);
    std::fs::write(&file, baseline.to_text()).unwrap();
    assert_eq!(Baseline::read(&file).unwrap(), baseline);
    std::fs::write(&file, "{\n  \"version\": 1,\n  \"entry\": []\n}").unwrap();
    assert_eq!(Baseline::read(&file).unwrap_err().line, 3);
    std::fs::write(&file, "{\"version\": 2, \"entries\": []}").unwrap();
    assert!(Baseline::read(&file).unwrap_err().message.contains("version 2"));
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn the_schemas_are_the_committed_ones() {
    crate::committed::check("schemas/policy.schema.json", &serde_json::to_value(schema()).unwrap());
    crate::committed::check("schemas/baseline.schema.json", &serde_json::to_value(baseline::schema()).unwrap());
}

#[test]
fn every_policy_that_comes_with_acquis_holds_and_names_rules_that_exist() {
    let names: Vec<_> = builtin_names().collect();
    assert!(names.contains(&"fr") && names.len() >= 10, "{names:?}");
    let known: Vec<&str> = crate::rule::builtin_rules().iter().map(|rule| rule.file.id.as_str()).collect();
    for name in names {
        let policy = Policy::parse(&format!("extends: [{name}]\nfail-on: note\n"), "acquis.yml").unwrap();
        policy.check_rule_ids(known.iter().copied()).unwrap();
        let country = name.split('-').next().unwrap();
        assert_eq!(policy.jurisdictions.iter().map(Jurisdiction::as_str).collect::<Vec<_>>(), [country]);
        assert_eq!(policy.fail_on, Some(FailOn::Note));
    }
}
