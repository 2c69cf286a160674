//! How often each rule finds something: for whoever tunes rules, or looks at a whole archive.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use super::StandardsFormat;
use super::csv;
use super::words::{standards_word, word};
use crate::finding::{Coverage, Finding, Level};
use crate::lang::Lang;
use crate::rule::RuleCard;

/// How often each rule found something, counted as findings come.
#[derive(Default)]
pub struct Stats {
    rules: BTreeMap<String, Count>,
}

#[derive(Default)]
struct Count {
    /// Files and members of archives in which the rule found something.
    documents: BTreeSet<(String, Option<String>)>,
    /// Findings by level: errors, warnings, notes.
    levels: [usize; 3],
}

/// The counts as they are printed.
#[derive(Serialize, JsonSchema)]
pub struct StatsReport {
    /// Version of this shape, now 1. Within one version fields are added, never renamed or removed.
    version: u32,
    /// Files, and members of archives, that were read.
    documents: usize,
    /// Blocks of documents, or files of repositories, that were read.
    blocks: u64,
    /// Files and parts of files that were not read.
    not_read: usize,
    /// Every rule that ran, the most frequent first.
    rules: Vec<RuleStats>,
}

/// How often one rule found something.
#[derive(Serialize, JsonSchema)]
struct RuleStats {
    rule: String,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: usize,
    /// Documents in which it found something.
    documents: usize,
    /// Share of the documents read, from 0 to 1.
    share: f64,
    per_1000_blocks: f64,
}

impl Stats {
    /// Counts findings.
    pub fn add(&mut self, findings: &[Finding]) {
        for finding in findings {
            let count = self.rules.entry(finding.rule.clone()).or_default();
            count.documents.insert((finding.location.uri.clone(), finding.location.member.clone()));
            match finding.level {
                Level::Error => count.levels[0] += 1,
                Level::Warning => count.levels[1] += 1,
                Level::Note => count.levels[2] += 1,
                Level::Off => {}
            }
        }
    }

    /// The counts beside what was read; rules that found nothing stand at the end.
    pub fn report(mut self, coverage: &Coverage, cards: &[RuleCard]) -> StatsReport {
        for card in cards.iter().filter(|card| card.level > Level::Off) {
            self.rules.entry(card.id.clone()).or_default();
        }
        let documents = coverage.read.len();
        let blocks: u64 = coverage.read.iter().map(|file| u64::from(file.parts)).sum();
        let mut rules: Vec<RuleStats> = self
            .rules
            .into_iter()
            .map(|(rule, count)| {
                let [errors, warnings, notes] = count.levels;
                let findings = errors + warnings + notes;
                RuleStats {
                    rule,
                    errors,
                    warnings,
                    notes,
                    findings,
                    documents: count.documents.len(),
                    share: ratio(count.documents.len(), documents as f64),
                    per_1000_blocks: ratio(findings, blocks as f64 / 1000.0),
                }
            })
            .collect();
        rules.sort_by_key(|rule| (std::cmp::Reverse((rule.documents, rule.findings)), rule.rule.clone()));
        StatsReport { version: 1, documents, blocks, not_read: coverage.not_read.len(), rules }
    }
}

/// Rounded to a thousandth; 0 where nothing was read.
fn ratio(count: usize, of: f64) -> f64 {
    if of > 0.0 { (count as f64 / of * 1000.0).round() / 1000.0 } else { 0.0 }
}

impl StatsReport {
    /// The report as text with a final line break; `lang` matters only to the terminal.
    pub fn render(&self, format: StandardsFormat, lang: Lang) -> String {
        match format {
            StandardsFormat::Terminal => self.terminal(lang),
            StandardsFormat::Csv => self.csv(),
            // Maps have text keys and numbers are finite, so this can't fail.
            StandardsFormat::Json => serde_json::to_string_pretty(self).unwrap_or_default() + "\n",
        }
    }

    fn terminal(&self, lang: Lang) -> String {
        let width = self.rules.iter().map(|rule| rule.rule.len()).max().unwrap_or(4).max(word("rule", lang).len());
        let heads = ["errors", "warnings", "notes"].map(|key| word(key, lang));
        let (documents, per) = (standards_word("documents", lang), standards_word("per-1000", lang));
        let columns = heads.map(|head| head.chars().count().max(5));
        let wide = documents.chars().count().max(5);
        let mut out = format!("{:width$}  {documents}       %", word("rule", lang));
        for head in heads {
            let _ = write!(out, "  {head:>5}");
        }
        let _ = writeln!(out, "  {per}");
        for rule in self.rules.iter().filter(|rule| rule.findings > 0) {
            let _ = write!(out, "{:width$}  {:>wide$}  {:>6.1}", rule.rule, rule.documents, rule.share * 100.0);
            for (count, column) in [rule.errors, rule.warnings, rule.notes].into_iter().zip(columns) {
                let _ = write!(out, "  {count:>column$}");
            }
            let _ = writeln!(out, "  {:>1$.1}", rule.per_1000_blocks, per.chars().count());
        }
        let silent = self.rules.iter().filter(|rule| rule.findings == 0).count();
        let _ = writeln!(out, "\n{}", standards_word("silent", lang).replace("{count}", &silent.to_string()));
        let _ = writeln!(
            out,
            "{}{} {} ({}{} {}) · {}{} {}",
            word("files-read", lang),
            word("colon", lang),
            self.documents,
            word("parts", lang),
            word("colon", lang),
            self.blocks,
            word("not-read", lang),
            word("colon", lang),
            self.not_read
        );
        out
    }

    fn csv(&self) -> String {
        let head = ["rule", "documents", "share", "findings", "errors", "warnings", "notes", "per 1000 blocks"];
        let mut out = csv::row("\u{FEFF}", head);
        for rule in &self.rules {
            let numbers =
                [rule.documents, rule.findings, rule.errors, rule.warnings, rule.notes].map(|n| n.to_string());
            let [documents, findings, errors, warnings, notes] = &numbers;
            let (share, per) = (rule.share.to_string(), rule.per_1000_blocks.to_string());
            out.push_str(&csv::row("", [&rule.rule, documents, &share, findings, errors, warnings, notes, &per]));
        }
        out
    }
}

/// JSON Schema (2020-12) of the JSON document.
pub fn schema() -> schemars::Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<StatsReport>()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_schema_is_the_committed_one() {
        crate::committed::check("schemas/stats.schema.json", schema().as_value());
    }

    #[test]
    fn each_rule_is_counted_by_document_and_level() {
        let outcome = sample::outcome();
        let mut stats = Stats::default();
        stats.add(&outcome.findings);
        let report = stats.report(&outcome.coverage, &sample::rules());
        assert_eq!(report.documents, outcome.coverage.read.len());
        assert_eq!(report.rules.iter().map(|rule| rule.findings).sum::<usize>(), outcome.findings.len());
        for rule in &report.rules {
            let of = outcome.findings.iter().filter(|finding| finding.rule == rule.rule);
            let files: BTreeSet<_> =
                of.clone().map(|finding| (&finding.location.uri, &finding.location.member)).collect();
            assert_eq!((rule.findings, rule.documents), (of.count(), files.len()), "{}", rule.rule);
            assert_eq!(rule.errors + rule.warnings + rule.notes, rule.findings);
        }
    }

    #[test]
    fn nothing_read_divides_by_nothing() {
        let report = Stats::default().report(&Coverage::default(), &sample::rules());
        assert!(report.rules.iter().all(|rule| rule.share == 0.0 && rule.per_1000_blocks == 0.0));
    }
}
