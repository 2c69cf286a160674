//! Reports that are written while the check runs, a finding at a time, so that memory does not grow with them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Format, Report, csv, jsonl, text};
use crate::finding::Finding;
use crate::rule::RuleCard;

/// A format of which each finding is a part of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    Csv,
    Jsonl,
}

impl Format {
    fn parts(self) -> Option<Parts> {
        match self {
            Format::Csv => Some(Parts::Csv),
            Format::Jsonl => Some(Parts::Jsonl),
            _ => None,
        }
    }
}

/// A report under way.
pub struct Stream<'a, W> {
    parts: Parts,
    cards: BTreeMap<&'a str, &'a RuleCard>,
    out: W,
    /// What went wrong first; nothing is written after it.
    failed: Option<io::Error>,
}

impl<'a, W: Write> Stream<'a, W> {
    /// Begins a report in a format; `None` where its parts can't be written one by one.
    pub fn new(format: Format, rules: &'a [RuleCard], out: W) -> Option<Stream<'a, W>> {
        let parts = format.parts()?;
        let cards = rules.iter().map(|card| (card.id.as_str(), card)).collect();
        let mut stream = Stream { parts, cards, out, failed: None };
        if parts == Parts::Csv {
            stream.write(&csv::head());
        }
        Some(stream)
    }

    /// Writes a finding. What goes wrong is told by [`Stream::end`].
    pub fn finding(&mut self, finding: &Finding) {
        let text = match self.parts {
            Parts::Csv => csv::finding(finding, self.cards.get(finding.rule.as_str()).copied()),
            Parts::Jsonl => jsonl::finding(finding),
        };
        self.write(&text);
    }

    /// Writes what stands after the findings; those of the report itself are not looked at.
    ///
    /// # Errors
    /// The first thing that went wrong with writing.
    pub fn end(mut self, report: &Report) -> io::Result<()> {
        let text = match self.parts {
            Parts::Csv => csv::not_read(report),
            Parts::Jsonl => jsonl::summary(report),
        };
        self.write(&text);
        match self.failed {
            Some(error) => Err(error),
            None => self.out.flush(),
        }
    }

    fn write(&mut self, text: &str) {
        if self.failed.is_none() {
            self.failed = self.out.write_all(text.as_bytes()).err();
        }
    }
}

/// The whole report at once, in a format that is written in parts.
pub(super) fn render(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    if let Some(mut stream) = Stream::new(format, report.rules, &mut out) {
        report.outcome.findings.iter().for_each(|finding| stream.finding(finding));
        // A vector takes everything.
        let _ = stream.end(report);
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Takes the control characters out of a finding, as [`Report::new`] does for those that it holds.
pub fn cleaned(mut finding: Finding) -> Finding {
    text::strip_finding(&mut finding);
    finding
}
