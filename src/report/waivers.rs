//! Comply or explain: each waiver as a paragraph for the file of the procurement or the yearly report.

use std::fmt::Write;

use crate::date::Date;
use crate::lang::Lang;
use crate::policy::Waiver;
use crate::rule::RuleCard;

use super::text::without_controls;
use super::words::waiver_word;

/// A paragraph a waiver in a language, with a mark where it has ended by `as_of`.
pub fn explain(waivers: &[Waiver], rules: &[RuleCard], as_of: Date, lang: Lang) -> String {
    if waivers.is_empty() {
        return format!("{}\n", waiver_word("none", lang));
    }
    let mut out = String::new();
    for (index, waiver) in waivers.iter().enumerate() {
        let card = rules.iter().find(|card| card.id == waiver.entry.rule);
        if index > 0 {
            out.push('\n');
        }
        let mark = if waiver.holds_on(as_of) { String::new() } else { format!(" ({})", waiver_word("ended", lang)) };
        let _ = writeln!(out, "{}: {}{mark}", waiver.place, waiver.entry.rule);
        let _ = writeln!(out, "{}", paragraph(waiver, card, lang));
    }
    out
}

fn paragraph(waiver: &Waiver, card: Option<&RuleCard>, lang: Lang) -> String {
    let entry = &waiver.entry;
    let mut path = entry.path.clone();
    if let Some(section) = &entry.section {
        let _ = write!(path, ", § {}", section.trim_start_matches('§').trim());
    }
    if let Some(quote) = &entry.quote {
        let _ = write!(path, ", “{quote}”");
    }
    let law = card.map(|card| card.law.iter().map(|law| law.reference.as_str()).collect::<Vec<_>>().join("; "));
    let law = law.filter(|law| !law.is_empty()).map(|law| format!(" ({law})")).unwrap_or_default();
    let reason = entry.reason.trim();
    let stop = if reason.ends_with(['.', '!', '?']) { "" } else { "." };
    let values = [
        ("{path}", path),
        ("{name}", card.map_or(entry.rule.as_str(), |card| card.name.as_str()).to_owned()),
        ("{law}", law),
        ("{reason}", format!("{reason}{stop}")),
        ("{approver}", entry.approver.clone()),
        ("{date}", entry.date.to_string()),
        ("{until}", entry.until.to_string()),
    ];
    let mut text = String::new();
    let mut rest = waiver_word("paragraph", lang);
    // One pass, so that a reason that holds `{until}` is not filled in.
    while let Some(start) = rest.find('{') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        match values.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, value)) => {
                text.push_str(value);
                rest = &rest[name.len()..];
            }
            None => {
                text.push('{');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    without_controls(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn a_waiver_explains_itself_in_the_readers_language() {
        let policy = "waivers:\n  - rule: product-without-equivalent\n    path: lot1.docx\n    section: '3.2'\n    reason: \
                      Migration until {until}\n    approver: J. Roe\n    date: 2026-01-10\n    until: 2026-12-31\n";
        let policy = Policy::parse(policy, "acquis.yml").unwrap();
        let as_of = "2027-01-01".parse().unwrap();
        let text = |lang: &str| explain(&policy.waivers, &sample::rules(), as_of, lang.parse().unwrap());
        insta::assert_snapshot!(text("en"), @"
        acquis.yml:5: product-without-equivalent (ended)
        lot1.docx, § 3.2: The requirement stands although the rule “Product demanded without “or equivalent”” applies (Directive 2014/24/EU art. 42(4)). Reason: Migration until {until}. Decided by J. Roe on 2026-01-10; valid until 2026-12-31.
        ");
        assert!(text("de").contains("gültig bis 2026-12-31."), "{}", text("de"));
        assert_eq!(explain(&[], &[], as_of, Lang::EN), "No waivers.\n");
    }
}
