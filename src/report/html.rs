//! One web page for people who are no programmers: it opens from a mail or a share, loads nothing, runs no
//! script, and prints well.
//!
//! The template escapes every value; a content security policy in the page forbids all that it doesn't need.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use crate::finding::{ChecklistItem, Finding, Location, ReadFile};
use crate::rule::RuleCard;

use super::passage::Passage;
use super::text::{cut, cut_front};
use super::{Report, Summary, TOOL, without_controls, words};

/// Findings that the page shows; a browser must still be able to open it.
const MOST_FINDINGS: usize = 2_000;
const MOST_AROUND: usize = 1_200;
const MOST_RELATED: usize = 20;

const TEMPLATE: &str = include_str!("html/report.html");

#[derive(Serialize)]
struct Page<'a> {
    lang: String,
    tool: &'static str,
    version: &'static str,
    summary: Summary,
    /// The level words that the filter offers, with their counts.
    levels: Vec<LevelCount>,
    files: Vec<FileSection<'a>>,
    left_out: usize,
    not_read: Vec<NotReadRow<'a>>,
    remarks: &'a [String],
    read: Vec<ReadRow<'a>>,
    licences: Vec<(String, &'a str)>,
    checklist: &'a [ChecklistItem],
    rules: Vec<&'a RuleCard>,
}

#[derive(Serialize)]
struct LevelCount {
    level: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct FileSection<'a> {
    name: String,
    findings: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    place: String,
    passage: Option<Parts>,
    related: Vec<Further>,
    more_related: usize,
    card: Option<&'a RuleCard>,
    law: String,
}

#[derive(Serialize)]
struct Parts {
    before: String,
    flagged: String,
    after: String,
}

#[derive(Serialize)]
struct Further {
    place: String,
    message: String,
    passage: Option<Parts>,
}

#[derive(Serialize)]
struct NotReadRow<'a> {
    name: String,
    place: Option<&'a str>,
    reason: String,
    remedy: String,
}

#[derive(Serialize)]
struct ReadRow<'a> {
    name: String,
    #[serde(flatten)]
    file: &'a ReadFile,
}

pub fn render(report: &Report) -> String {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let lang = report.lang;
    environment.add_function("word", move |key: String| words::word_of(&key, lang));
    let text = environment.template_from_str(TEMPLATE).and_then(|template| template.render(Serde(page(report))));
    // The template is part of the program and the page's values are texts, numbers and lists of them: the
    // tests hold that it renders, and nothing in the input can change that.
    text.unwrap_or_else(|error| format!("<!doctype html><title>{TOOL}</title><p>{error}</p>\n"))
}

fn page<'a>(report: &'a Report<'a>) -> Page<'a> {
    let outcome = &report.outcome;
    let shown = &outcome.findings[..outcome.findings.len().min(MOST_FINDINGS)];
    let Summary { errors, warnings, notes, .. } = report.summary;
    Page {
        lang: report.lang.to_string(),
        tool: TOOL,
        version: env!("CARGO_PKG_VERSION"),
        summary: report.summary,
        levels: [("error", errors), ("warning", warnings), ("note", notes)]
            .into_iter()
            .map(|(level, count)| LevelCount { level, count })
            .collect(),
        files: shown
            .chunk_by(|a, b| a.location.uri == b.location.uri)
            .map(|findings| FileSection {
                name: findings.first().map(|finding| name(&finding.location.uri)).unwrap_or_default(),
                findings: findings.iter().map(|finding| item(report, finding)).collect(),
            })
            .collect(),
        left_out: outcome.findings.len() - shown.len(),
        not_read: outcome
            .coverage
            .not_read
            .iter()
            .map(|part| NotReadRow {
                name: name(&part.uri),
                place: part.place.as_deref(),
                reason: part.reason.to_string(),
                remedy: part.remedy.to_string(),
            })
            .collect(),
        remarks: &outcome.held_back.remarks,
        read: outcome.coverage.read.iter().map(|file| ReadRow { name: name(&file.uri), file }).collect(),
        licences: outcome.licences.iter().map(|(path, licence)| (name(path), licence.as_str())).collect(),
        checklist: &outcome.checklist,
        rules: report.rules.iter().filter(|card| shown.iter().any(|finding| finding.rule == card.id)).collect(),
    }
}

fn item<'a>(report: &Report<'a>, finding: &'a Finding) -> Item<'a> {
    Item {
        finding,
        place: place(&finding.location),
        passage: parts(&finding.location),
        related: finding
            .related
            .iter()
            .take(MOST_RELATED)
            .map(|related| Further {
                place: format!("{}, {}", name(&related.location.uri), place(&related.location)),
                message: related.message.clone(),
                passage: parts(&related.location),
            })
            .collect(),
        more_related: finding.related.len().saturating_sub(MOST_RELATED),
        card: report.card(finding).map(|(_, card)| card),
        law: report.law(finding),
    }
}

fn name(uri: &str) -> String {
    without_controls(uri).into_owned()
}

fn place(location: &Location) -> String {
    match location.place.as_str() {
        "" => format!("{}:{}", location.region.start_line, location.region.start_column),
        place => place.to_owned(),
    }
}

fn parts(location: &Location) -> Option<Parts> {
    let passage = Passage::of(location);
    if passage.is_empty() {
        return None;
    }
    Some(Parts {
        before: match passage.flagged {
            "" => cut(passage.before, 2 * MOST_AROUND).into_owned(),
            _ => cut_front(passage.before, MOST_AROUND).into_owned(),
        },
        flagged: cut(passage.flagged, MOST_AROUND).into_owned(),
        after: cut(passage.after, MOST_AROUND).into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_page_is_whole_and_holds_no_markup_of_the_input() {
        let rules = sample::rules();
        let html = render(&sample::report(&rules));
        assert!(html.contains("</html>"));
        assert!(!html.contains("<script"), "a script from the input");
        assert!(html.contains("<mark>Orakel Database 19c</mark>"));
        insta::assert_snapshot!(html);
    }

    #[test]
    fn the_page_names_nothing_that_would_be_loaded() {
        for attribute in [" src=", "href=\"http", "url(", "@import"] {
            assert!(!TEMPLATE.contains(attribute), "{attribute}");
        }
    }
}
