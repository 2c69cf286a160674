//! How often: notices by buyer country, CPV code, kind and rule, beside rates that others published. Markdown
//! tables, each with its denominators.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::notice::{MEASURES, NoticeGroup, NoticeKind, PUBLISHED_RATES};

use super::Report;
use super::words::word_of;

/// Stands for what the notices don't tell.
const UNKNOWN: &str = "–";

/// Counts by what is counted together.
type Counts = BTreeMap<String, NoticeGroup>;

pub fn render(report: &Report) -> String {
    let mut out = format!("## {}: {}\n\n", super::TOOL, report.word("rates-title"));
    let groups = report.outcome.coverage.notices.groups();
    let Some(all) = counts(groups, |_| Some(String::new())).remove("") else {
        let _ = writeln!(out, "{}", report.word("rates-none"));
        return out;
    };
    let (read, judged) = (report.label("notices-read"), report.label("judged"));
    let _ = writeln!(
        out,
        "{read} {} · {judged} {} · {} {}\n",
        all.read,
        all.judged,
        report.label("not-read"),
        report.summary.not_read
    );
    let _ = writeln!(out, "{}", report.word("rates-how"));
    measures(&mut out, report, groups);
    published(&mut out, report);
    for (key, of) in [("kind", kind as fn(&NoticeGroup) -> _), ("country", country), ("cpv", cpv)] {
        overview(&mut out, report, report.word(key), &counts(groups, |group| Some(of(group))));
    }
    rules(&mut out, report, groups);
    out
}

/// The groups added up by a key; those without one are left out.
fn counts(groups: &[NoticeGroup], key: impl Fn(&NoticeGroup) -> Option<String>) -> Counts {
    let mut counts = Counts::new();
    for group in groups {
        let Some(key) = key(group) else { continue };
        match counts.get_mut(&key) {
            Some(sum) => sum.add(group),
            None => drop(counts.insert(key, group.clone())),
        }
    }
    counts
}

fn kind(group: &NoticeGroup) -> String {
    group.kind.to_string()
}

fn country(group: &NoticeGroup) -> String {
    group.country.clone().unwrap_or_else(|| UNKNOWN.to_owned())
}

fn cpv(group: &NoticeGroup) -> String {
    group.cpv.clone().unwrap_or_else(|| UNKNOWN.to_owned())
}

/// The measures over all notices and over calls alone, with the uncertainty of a sample of this size.
fn measures(out: &mut String, report: &Report, groups: &[NoticeGroup]) {
    let head = ["measure", "notices", "judged", "share", "interval"].map(|key| report.word(key).to_owned());
    let all = counts(groups, |_| Some(report.word("all-notices").to_owned()));
    let calls = counts(groups, |group| (group.kind == NoticeKind::Call).then(|| kind(group)));
    let mut rows = Vec::new();
    for measure in MEASURES.iter() {
        for (of, sum) in all.iter().chain(&calls) {
            let found = sum.measures.get(measure.id).copied().unwrap_or_default();
            let what = format!("{} ({of})", word_of(&format!("measure-{}", measure.id), report.lang));
            rows.push(vec![
                what,
                found.to_string(),
                sum.judged.to_string(),
                share(found, sum.judged),
                interval(found, sum.judged),
            ]);
        }
    }
    table(out, &head, &rows);
}

fn published(out: &mut String, report: &Report) {
    let _ = writeln!(out, "\n### {}\n\n{}", report.word("published-rates"), report.word("published-rates-how"));
    let head = ["measure", "share", "sample", "period", "notices", "source"].map(|key| report.word(key).to_owned());
    let rows = PUBLISHED_RATES.iter().map(|rate| {
        vec![
            word_of(&format!("measure-{}", rate.measure), report.lang),
            format!("{} %", rate.rate),
            if rate.sample.is_empty() { UNKNOWN } else { rate.sample }.to_owned(),
            rate.period.to_owned(),
            rate.notices.to_owned(),
            format!("{}: {}", rate.publisher, rate.source),
        ]
    });
    table(out, &head, &rows.collect::<Vec<_>>());
}

/// Read, judged and measured, a row for each key.
fn overview(out: &mut String, report: &Report, title: &str, counts: &Counts) {
    let _ = writeln!(out, "\n### {title}");
    let mut head = vec![title.to_owned(), report.word("notices-read").to_owned(), report.word("judged").to_owned()];
    head.extend(MEASURES.iter().map(|measure| word_of(&format!("measure-{}", measure.id), report.lang)));
    head.push(report.word("one-tender").to_owned());
    let rows = counts.iter().map(|(key, sum)| {
        let mut row = vec![key.clone(), sum.read.to_string(), sum.judged.to_string()];
        row.extend(MEASURES.iter().map(|measure| {
            let found = sum.measures.get(measure.id).copied().unwrap_or_default();
            of(found, sum.judged)
        }));
        row.push(of(sum.lots_with_one_tender, sum.lots_with_tenders));
        row
    });
    table(out, &head, &rows.collect::<Vec<_>>());
}

/// Each rule, in all notices and by country and CPV code.
fn rules(out: &mut String, report: &Report, groups: &[NoticeGroup]) {
    let _ = writeln!(out, "\n### {}", report.word("rule"));
    let head = ["country", "cpv", "rule", "notices", "judged", "share"].map(|key| report.word(key).to_owned());
    let all = counts(groups, |_| Some(format!("{0}\t{0}", report.word("all-notices"))));
    let by_both = counts(groups, |group| Some(format!("{}\t{}", country(group), cpv(group))));
    let mut rows = Vec::new();
    for (key, sum) in all.iter().chain(&by_both) {
        let (country, cpv) = key.split_once('\t').unwrap_or((key, ""));
        rows.extend(sum.rules.iter().map(|(rule, found)| {
            let (found, judged) = (*found, sum.judged);
            vec![country.into(), cpv.into(), rule.clone(), found.to_string(), judged.to_string(), share(found, judged)]
        }));
    }
    table(out, &head, &rows);
}

fn table(out: &mut String, head: &[String], rows: &[Vec<String>]) {
    out.push('\n');
    // Nothing here stems from a text of the input: codes are held to letters and digits, rules to their ids.
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    out.push_str(&line(head));
    out.push_str(&format!("|{}\n", " --- |".repeat(head.len())));
    rows.iter().for_each(|row| out.push_str(&line(row)));
}

/// `7 (8.0 %)`.
fn of(found: u32, judged: u32) -> String {
    if judged == 0 { UNKNOWN.to_owned() } else { format!("{found} ({})", share(found, judged)) }
}

fn share(found: u32, judged: u32) -> String {
    if judged == 0 { UNKNOWN.to_owned() } else { format!("{:.1} %", 100.0 * f64::from(found) / f64::from(judged)) }
}

/// Wilson's score interval (E. B. Wilson, JASA 22, 1927), at 95 per cent.
fn interval(found: u32, judged: u32) -> String {
    if judged == 0 {
        return UNKNOWN.to_owned();
    }
    const Z: f64 = 1.959_964;
    let n = f64::from(judged);
    let p = f64::from(found) / n;
    let middle = p + Z * Z / (2.0 * n);
    let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    let [low, high] = [middle - reach, middle + reach].map(|end| 100.0 * (end / whole).clamp(0.0, 1.0));
    format!("{low:.1}–{high:.1} %")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_whole_report() {
        let rules = sample::rules();
        insta::assert_snapshot!(render(&sample::report(&rules)));
    }

    #[test]
    fn shares_tell_how_sure_they_are() {
        assert_eq!((share(31, 190), interval(31, 190)), ("16.3 %".to_owned(), "11.7–22.2 %".to_owned()));
        assert_eq!(interval(0, 10), "0.0–27.8 %");
        assert_eq!((share(0, 0), interval(0, 0), of(0, 0)), (UNKNOWN.into(), UNKNOWN.into(), UNKNOWN.into()));
    }
}
