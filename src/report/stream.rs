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
    /// The part under way; its memory serves for the next.
    part: Vec<u8>,
    /// What went wrong first; nothing is written after it.
    failed: Option<io::Error>,
}

impl<'a, W: Write> Stream<'a, W> {
    /// Begins a report in a format; `None` where its parts can't be written one by one.
    pub fn new(format: Format, rules: &'a [RuleCard], out: W) -> Option<Stream<'a, W>> {
        let parts = format.parts()?;
        let cards = rules.iter().map(|card| (card.id.as_str(), card)).collect();
        let mut stream = Stream { parts, cards, out, part: Vec::new(), failed: None };
        if parts == Parts::Csv {
            stream.part.extend_from_slice(csv::head().as_bytes());
            stream.write();
        }
        Some(stream)
    }

    /// Writes a finding. What goes wrong is told by [`Stream::end`].
    pub fn finding(&mut self, finding: &Finding) {
        match self.parts {
            Parts::Csv => {
                let row = csv::finding(finding, self.cards.get(finding.rule.as_str()).copied());
                self.part.extend_from_slice(row.as_bytes());
            }
            Parts::Jsonl => jsonl::finding(finding, &mut self.part),
        }
        self.write();
    }

    /// Writes what stands after the findings; those of the report itself are not looked at.
    ///
    /// # Errors
    /// The first thing that went wrong with writing.
    pub fn end(mut self, report: &Report) -> io::Result<()> {
        match self.parts {
            Parts::Csv => self.part.extend_from_slice(csv::not_read(report).as_bytes()),
            Parts::Jsonl => jsonl::summary(report, &mut self.part),
        }
        self.write();
        match self.failed {
            Some(error) => Err(error),
            None => self.out.flush(),
        }
    }

    /// Writes the part under way.
    fn write(&mut self) {
        if self.failed.is_none() {
            self.failed = self.out.write_all(&self.part).err();
        }
        self.part.clear();
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
