//! Reports: one file a format, each a function from a [`Report`] to text.
//!
//! A report knows the findings, the cards of the rules and the coverage, and nothing else: no rule, no file
//! format, no file system. Whatever comes from the input has lost its control characters when [`Report::new`]
//! returns; what else a format must escape (`|`, `<`, `::`, `=`) is escaped in that format's file.

mod azure;
mod csv;
mod github;
mod gitlab;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod passage;
mod rates;
mod sarif;
mod standards;
mod stats;
mod stream;
mod summary;
mod terminal;
mod text;
mod uri;
mod waivers;
mod words;

use std::collections::BTreeMap;

use crate::finding::{Finding, Outcome};
use crate::knowledge::UNION;
use crate::lang::Lang;
use crate::rule::{LawCard, RuleCard};

pub use json::schema as json_schema;
pub use standards::{StandardsFormat, StandardsReport, schema as standards_schema};
pub use stats::{Stats, StatsReport, schema as stats_schema};
pub use stream::{Stream, cleaned};
pub use summary::Summary;
pub use terminal::Look;
pub use text::without_controls;
pub use waivers::explain as explain_waivers;

/// Name of the tool as reports give it.
const TOOL: &str = "acquis";

/// Where people find the tool.
const TOOL_URI: &str = env!("CARGO_PKG_HOMEPAGE");

/// What is reported, and in which language.
pub struct Report<'a> {
    outcome: Outcome,
    rules: &'a [RuleCard],
    by_id: BTreeMap<&'a str, usize>,
    exit_status: u8,
    lang: Lang,
    summary: Summary,
}

impl<'a> Report<'a> {
    /// A report on an outcome. `rules` are the cards of the rules that ran, in the order in which they shall
    /// be listed; `exit_status` is that of the run; `lang` is the language of the report's own words, English
    /// where it is not one of the six.
    pub fn new(outcome: Outcome, rules: &'a [RuleCard], exit_status: u8, lang: Lang) -> Report<'a> {
        let summary = Summary::of(&outcome);
        Report::counted(outcome, summary, rules, exit_status, lang)
    }

    /// As [`Report::new`], for an outcome that holds only the first of the findings: `summary` counts all.
    pub fn counted(
        mut outcome: Outcome,
        summary: Summary,
        rules: &'a [RuleCard],
        exit_status: u8,
        lang: Lang,
    ) -> Report<'a> {
        text::strip_controls(&mut outcome);
        outcome.coverage.speak(lang);
        let by_id = rules.iter().enumerate().map(|(index, card)| (card.id.as_str(), index)).collect();
        Report { outcome, rules, by_id, exit_status, lang, summary }
    }

    /// The card of a finding's rule, with its index.
    fn card(&self, finding: &Finding) -> Option<(usize, &'a RuleCard)> {
        let index = *self.by_id.get(finding.rule.as_str())?;
        Some((index, self.rules.get(index)?))
    }

    /// The articles that a finding rests on, with the country where those of several are named. Where its rule
    /// knows only those of other jurisdictions: which these are, and the command that shows them.
    fn law(&self, finding: &Finding) -> String {
        law_of(finding, self.card(finding).map(|(_, card)| card))
    }

    /// The report's own word, in its language.
    fn word(&self, key: &'static str) -> &'static str {
        words::word(key, self.lang)
    }

    /// The word with a colon after it, set as the language does.
    fn label(&self, key: &'static str) -> String {
        format!("{}{}", self.word(key), self.word("colon"))
    }
}

/// As [`Report::law`], by the card of the finding's rule.
fn law_of(finding: &Finding, card: Option<&RuleCard>) -> String {
    let Some(card) = card.filter(|card| !card.law.is_empty()) else { return String::new() };
    let is_shown = |law: &&LawCard| finding.jurisdictions.contains(&law.jurisdiction);
    let shown: Vec<&LawCard> = card.law.iter().filter(is_shown).collect();
    if shown.is_empty() {
        let mut countries: Vec<_> = card.law.iter().map(|law| law.jurisdiction.to_uppercase()).collect();
        countries.dedup();
        return format!("{} (acquis explain {})", countries.join(", "), finding.rule);
    }
    let mut national: Vec<_> =
        shown.iter().map(|law| law.jurisdiction.as_str()).filter(|code| *code != UNION).collect();
    national.dedup();
    let named = |law: &&LawCard| match law.jurisdiction.as_str() {
        UNION => law.reference.clone(),
        _ if national.len() < 2 => law.reference.clone(),
        code => format!("{}: {}", code.to_uppercase(), law.reference),
    };
    shown.iter().map(named).collect::<Vec<_>>().join("; ")
}

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Format {
    /// For people at a terminal
    Terminal,
    /// SARIF 2.1.0, for code scanning on GitHub and GitLab and for viewers
    Sarif,
    /// Everything in one JSON document, with a schema
    Json,
    /// One finding a line as JSON, for pipelines
    Jsonl,
    /// Annotations in the log of a GitHub workflow
    Github,
    /// GitLab Code Quality
    Gitlab,
    /// JUnit XML, for any CI that shows tests
    Junit,
    /// Logging commands of Azure Pipelines
    Azure,
    /// A table for spreadsheets
    Csv,
    /// How often, by buyer country, CPV code and rule, beside published rates: for many notices
    Rates,
    /// Markdown, for a step summary or a comment
    Markdown,
    /// One web page that needs no network, for people who are no programmers
    Html,
}

impl Format {
    /// How many findings the format shows at most; `None` where it shows all, or chooses among all.
    pub fn shows(self) -> Option<usize> {
        match self {
            Format::Terminal => Some(terminal::MOST_SHOWN),
            // Written in parts, or without any finding.
            Format::Csv | Format::Jsonl | Format::Rates => Some(0),
            _ => None,
        }
    }
}

/// The report as text, with a final line break. `look` matters only to [`Format::Terminal`].
pub fn render(report: &Report, format: Format, look: Look) -> String {
    match format {
        Format::Terminal => terminal::render(report, look),
        Format::Sarif => sarif::render(report),
        Format::Json => json::render(report),
        Format::Jsonl | Format::Csv => stream::render(report, format),
        Format::Github => github::render(report),
        Format::Gitlab => gitlab::render(report),
        Format::Junit => junit::render(report),
        Format::Azure => azure::render(report),
        Format::Rates => rates::render(report),
        Format::Markdown => markdown::render(report),
        Format::Html => html::render(report),
    }
}

#[cfg(test)]
mod sample;
