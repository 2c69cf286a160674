//! The report for people at a terminal: each finding with its passage, the flagged words underlined.
//!
//! [`Look::Graphical`] draws the passage with miette. [`Look::Plain`] says the same in words and ASCII, for
//! pipes, logs and screen readers; its first line of a finding is `file:line:column: level[rule]`, which
//! editors and `grep` understand.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};
use owo_colors::{OwoColorize, Style};

use crate::finding::{Finding, Level, Location};

use super::Report;
use super::passage::Passage;
use super::text::{cut, cut_front, without_controls};

/// How the terminal report is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// In colour, with box-drawing characters, for a terminal that is `width` columns wide.
    Graphical { width: usize },
    /// In plain text.
    Plain,
}

/// Columns of plain text, and the most of graphical text: longer lines are hard to read.
const WIDEST: usize = 110;

/// Characters of a passage that are shown before the flagged words, of those words, and after them.
const MOST_AROUND: usize = 220;
const MOST_FLAGGED: usize = 300;

/// Notes of one rule that are listed, and characters of the words of each.
const MOST_NOTES: usize = 8;
const MOST_NOTED: usize = 90;

/// Further places of a finding that are listed.
const MOST_RELATED: usize = 5;

/// Findings that are shown: nobody reads more at a terminal, and thousands of notices must not fill the memory.
pub(super) const MOST_SHOWN: usize = 1_000;

pub fn render(report: &Report, look: Look) -> String {
    let page = match look {
        Look::Graphical { width } => Page { report, width: width.clamp(40, WIDEST), colour: true },
        Look::Plain => Page { report, width: WIDEST, colour: false },
    };
    let mut out = String::new();
    for finding in page.shown().filter(|finding| finding.level > Level::Note) {
        match look {
            Look::Graphical { .. } => page.graphical(&mut out, finding),
            Look::Plain => page.plain(&mut out, finding),
        }
        page.details(&mut out, finding);
        out.push('\n');
    }
    page.noted(&mut out);
    page.closing(&mut out);
    out
}

struct Page<'a> {
    report: &'a Report<'a>,
    width: usize,
    colour: bool,
}

impl Page<'_> {
    fn shown(&self) -> impl Iterator<Item = &Finding> {
        self.report.outcome.findings.iter().take(MOST_SHOWN)
    }

    fn graphical(&self, out: &mut String, finding: &Finding) {
        let excerpt = Excerpt::of(&finding.location, self.width.saturating_sub(10));
        let number_shown = finding.location.place.is_empty();
        let source = Source {
            name: head_of(&finding.location),
            first_line: if number_shown { finding.location.region.start_line as usize } else { 1 },
            excerpt: &excerpt,
        };
        let diagnostic = Drawn {
            code: format!("{} [{}]", self.report.word(finding.level.as_str()), finding.rule),
            message: &finding.message,
            severity: match finding.level {
                Level::Error => Severity::Error,
                Level::Warning => Severity::Warning,
                Level::Note | Level::Off => Severity::Advice,
            },
            label: finding.absence.then(|| self.report.word("missing")),
            source: &source,
        };
        let mut theme = GraphicalTheme::unicode();
        theme.styles.linum = Style::new().hidden();
        let mut drawing = String::new();
        let drawn = GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .with_links(false)
            .without_primary_span_start()
            .render_report(&mut drawing, &diagnostic);
        // It can only fail where `Source::read_span` does, which it never does.
        if drawn.is_ok() {
            out.push_str(&with_line_numbers(&drawing, number_shown));
        }
        if excerpt.flagged.is_empty() {
            self.paragraph(out, "   ", "   ", &source.name);
            self.paragraph(out, "   │ ", "   │ ", &excerpt.text);
        }
    }

    fn plain(&self, out: &mut String, finding: &Finding) {
        let Location { uri, region, place, .. } = &finding.location;
        let level = self.report.word(finding.level.as_str());
        let place = if place.is_empty() { String::new() } else { format!(" {place}") };
        let uri = without_controls(uri);
        let _ = writeln!(out, "{uri}:{}:{}: {level}[{}]{place}", region.start_line, region.start_column, finding.rule);
        self.paragraph(out, "  ", "  ", &finding.message);
        let excerpt = Excerpt::of(&finding.location, self.width.saturating_sub(10));
        let mut start = 0;
        for line in excerpt.text.lines() {
            let _ = writeln!(out, "    | {line}");
            let end = start + line.len();
            let flagged = excerpt.flagged.start.max(start)..excerpt.flagged.end.min(end);
            if flagged.start < flagged.end {
                let columns = |range: Range<usize>| excerpt.text[range].chars().count();
                let blank = " ".repeat(columns(start..flagged.start));
                let _ = writeln!(out, "    | {blank}{}", "^".repeat(columns(flagged)));
            }
            start = end + 1;
        }
    }

    /// Evidence, suggestion, law and further places.
    fn details(&self, out: &mut String, finding: &Finding) {
        let report = self.report;
        if !finding.evidence.is_empty() {
            self.detail(out, "why", &finding.evidence.join(" "));
        }
        if let Some(suggestion) = &finding.suggestion {
            self.detail(out, "suggestion", suggestion);
        }
        let law = report.law(finding);
        if !law.is_empty() {
            self.detail(out, "law", &law);
        }
        for related in finding.related.iter().take(MOST_RELATED) {
            let place = head_of(&related.location);
            self.detail(out, "see-also", &format!("{place}: {}", related.message));
        }
        if let Some(more) = finding.related.len().checked_sub(MOST_RELATED).filter(|more| *more > 0) {
            self.detail(out, "see-also", &format!("+ {more}"));
        }
    }

    fn detail(&self, out: &mut String, key: &'static str, text: &str) {
        let label = self.report.label(key);
        let label = if self.colour { label.bold().to_string() } else { label };
        self.paragraph(out, "  ", "    ", &format!("{label} {text}"));
    }

    /// The notes, rule by rule, a line each: they ask for a look and rarely for more.
    fn noted(&self, out: &mut String) {
        let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in self.shown().filter(|finding| finding.level == Level::Note) {
            by_rule.entry(&finding.rule).or_default().push(finding);
        }
        if by_rule.is_empty() {
            return;
        }
        self.heading(out, self.report.word("noted"));
        let mut cut_short = false;
        for (rule, findings) in by_rule {
            let name = self.report.card(findings[0]).map_or("", |(_, card)| card.name.as_str());
            let _ = writeln!(out, "  {name} [{rule}]");
            for finding in findings.iter().take(MOST_NOTES) {
                let line = format!("{}: {}", head_of(&finding.location), note_of(finding));
                self.paragraph(out, "    ", "      ", &line);
            }
            if let Some(more) = findings.len().checked_sub(MOST_NOTES).filter(|more| *more > 0) {
                let _ = writeln!(out, "    + {more}");
                cut_short = true;
            }
        }
        if cut_short {
            let _ = writeln!(out, "  ({})", self.report.word("noted-all"));
        }
        out.push('\n');
    }

    fn closing(&self, out: &mut String) {
        let report = self.report;
        if !report.outcome.coverage.not_read.is_empty() {
            self.heading(out, report.word("not-read"));
            for part in &report.outcome.coverage.not_read {
                self.paragraph(out, "  ", "    ", &without_controls(&part.to_string()));
            }
            out.push('\n');
        }
        if !report.outcome.held_back.remarks.is_empty() {
            self.heading(out, report.word("waivers-and-baseline"));
            for remark in &report.outcome.held_back.remarks {
                self.paragraph(out, "  ", "    ", remark);
            }
            out.push('\n');
        }
        if !report.outcome.checklist.is_empty() {
            self.heading(out, report.word("check-yourself"));
            for item in &report.outcome.checklist {
                self.paragraph(out, "  [ ] ", "      ", &format!("{} ({})", item.text, item.source));
            }
            out.push('\n');
        }
        let summary = report.summary;
        if summary.findings() == 0 && summary.files_read > 0 {
            let _ = writeln!(out, "{}", report.word("no-findings"));
        }
        if let Some(more) = summary.findings().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(out, "+ {more}: {} (--format csv, jsonl)", report.word("more-findings"));
        }
        for line in report.summary_lines() {
            let _ = writeln!(out, "{line}");
        }
    }

    fn heading(&self, out: &mut String, text: &str) {
        let _ = if self.colour { writeln!(out, "{}", text.bold()) } else { writeln!(out, "{text}") };
    }

    /// A wrapped paragraph; `first` stands before its first line, `rest` before all others.
    fn paragraph(&self, out: &mut String, first: &str, rest: &str, text: &str) {
        wrapped_lines(out, self.width, first, rest, text);
    }
}

/// A paragraph wrapped at a width; `first` stands before its first line, `rest` before all others.
pub fn wrapped_lines(out: &mut String, width: usize, first: &str, rest: &str, text: &str) {
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    for line in textwrap::wrap(text, options) {
        let _ = writeln!(out, "{line}");
    }
}

/// What a note's line says: the flagged words, or the message where there are none.
fn note_of(finding: &Finding) -> Cow<'_, str> {
    match finding.location.snippet.trim() {
        "" => Cow::Borrowed(&finding.message),
        words => cut(words, MOST_NOTED),
    }
}

/// The file with the place in words, or with line and column where there are no words for it.
pub fn head_of(location: &Location) -> String {
    let uri = without_controls(&location.uri);
    if location.place.is_empty() {
        format!("{uri}:{}:{}", location.region.start_line, location.region.start_column)
    } else {
        format!("{uri}, {}", location.place)
    }
}

/// The passage, cut to what is near the flagged words and wrapped.
#[derive(Debug)]
struct Excerpt {
    text: String,
    /// Bytes of the flagged words in `text`.
    flagged: Range<usize>,
}

impl Excerpt {
    fn of(location: &Location, width: usize) -> Excerpt {
        let passage = Passage::of(location);
        let before = match passage.flagged {
            "" => cut(passage.before, 2 * MOST_AROUND),
            _ => cut_front(passage.before, MOST_AROUND),
        };
        let flagged = cut(passage.flagged, MOST_FLAGGED);
        let after = cut(passage.after, MOST_AROUND);
        let range = before.len()..before.len() + flagged.len();
        let unbroken = if flagged.chars().count() <= width / 2 { range.clone() } else { 0..0 };
        Excerpt { text: wrapped(format!("{before}{flagged}{after}"), width, unbroken), flagged: range }
    }
}

/// Breaks a line before it grows wider than `width` characters, at spaces outside `unbroken`. A space becomes
/// a line break, so offsets stay what they were.
fn wrapped(text: String, width: usize, unbroken: Range<usize>) -> String {
    let mut breaks = Vec::new();
    let mut line_start = 0;
    let mut last_space: Option<(usize, usize)> = None;
    for (column, (offset, c)) in text.char_indices().enumerate() {
        if c != ' '
            && column - line_start >= width
            && let Some((space, space_column)) = last_space.take()
        {
            breaks.push(space);
            line_start = space_column + 1;
        }
        if c == ' ' && !unbroken.contains(&offset) {
            last_space = Some((offset, column));
        }
    }
    let mut text = text;
    for space in breaks {
        text.replace_range(space..=space, "\n");
    }
    text
}

/// Shows miette's line numbers only where they are true: on the first line of a passage and, because the
/// passage is wrapped here and not in the file, on no other. The theme marks each number as hidden text.
fn with_line_numbers(drawing: &str, shown: bool) -> String {
    const HIDDEN: &str = "\u{1b}[8m";
    const RESET: &str = "\u{1b}[0m";
    let mut parts = drawing.split(HIDDEN);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        let (number, rest) = part.split_once(RESET).unwrap_or(("", part));
        if shown && index == 0 {
            let _ = write!(out, "{}", number.dimmed());
        } else {
            out.push_str(&" ".repeat(number.len()));
        }
        out.push_str(rest);
    }
    out
}

/// A finding as miette draws it.
#[derive(Debug)]
struct Drawn<'a> {
    /// The level in words, since colour and sign alone don't reach everybody, and the rule.
    code: String,
    message: &'a str,
    severity: Severity,
    label: Option<&'static str>,
    source: &'a Source<'a>,
}

impl std::fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.source.excerpt.flagged.is_empty()).then_some(self.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = SourceSpan::from(self.source.excerpt.flagged.clone());
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(self.label.map(str::to_owned), span))))
    }
}

/// An excerpt that miette always shows whole.
#[derive(Debug)]
struct Source<'a> {
    name: String,
    /// 1-based.
    first_line: usize,
    excerpt: &'a Excerpt,
}

impl SourceCode for Source<'_> {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = &self.excerpt.text;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            text.as_bytes(),
            SourceSpan::from(0..text.len()),
            self.first_line.saturating_sub(1),
            0,
            text.lines().count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn plain_text_says_everything() {
        let rules = sample::rules();
        insta::assert_snapshot!(render(&sample::report(&rules), Look::Plain));
    }

    #[test]
    fn graphical_text_underlines_the_passage() {
        let rules = sample::rules();
        // Escape sequences are spelt out, so that the snapshot can be read.
        let drawn = render(&sample::report(&rules), Look::Graphical { width: 90 }).replace('\u{1b}', "␛");
        insta::assert_snapshot!(drawn);
    }

    #[test]
    fn nothing_read_is_said() {
        let report = Report::new(Default::default(), &[], 3, crate::lang::Lang::EN);
        insta::assert_snapshot!(render(&report, Look::Plain), @r"
        Errors: 0 · Warnings: 0 · Notes: 0
        Files read: 0 (parts: 0) · Not read: 0
        ");
    }

    #[test]
    fn long_lines_break_at_spaces() {
        for (text, width, unbroken, want) in [
            ("aa bb cc", 5, 0..0, "aa bb\ncc"),
            ("aa bb cc", 3, 0..5, "aa bb\ncc"),
            ("aaaaaaa", 3, 0..0, "aaaaaaa"),
            ("é à ü ö", 3, 0..0, "é à\nü ö"),
        ] {
            assert_eq!(wrapped(text.to_owned(), width, unbroken), want);
        }
    }
}
