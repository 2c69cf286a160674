//! Annotations in the log of a GitHub workflow, as workflow commands.
//!
//! GitHub shows ten errors, ten warnings and ten notices a step, so the report has no more; the rest is
//! counted in one last notice. Escapes are those of actions/toolkit, `packages/core/src/command.ts`.

use std::fmt::Write;

use crate::finding::{Finding, Level};

use super::text::cut;
use super::{Report, without_controls};

/// Annotations of one level that GitHub shows a step.
const MOST: usize = 10;
/// Of the errors, those that tell of a file that was not read.
const MOST_NOT_READ: usize = 3;
const MOST_MESSAGE: usize = 1_000;

pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let not_read = &report.outcome.coverage.not_read;
    for part in not_read.iter().take(MOST_NOT_READ) {
        let _ = writeln!(out, "::error file={},line=1::{}", property(&part.uri), data(&part.to_string()));
    }
    let not_read = not_read.len().min(MOST_NOT_READ);
    let mut left_out = 0;
    // The last notice tells how many are left out.
    for (level, most) in [(Level::Error, MOST - not_read), (Level::Warning, MOST), (Level::Note, MOST - 1)] {
        let findings = report.outcome.findings.iter().filter(|finding| finding.level == level);
        let mut count = 0;
        for finding in findings {
            count += 1;
            if count <= most {
                annotation(&mut out, report, finding);
            }
        }
        left_out += count.saturating_sub(most);
    }
    let mut last = report.summary_lines().join(". ");
    if left_out > 0 {
        last.push_str(&format!(". + {left_out}: {}", report.word("more-findings")));
    }
    let _ = writeln!(out, "::notice title={}::{}", super::TOOL, data(&last));
    out
}

fn annotation(out: &mut String, report: &Report, finding: &Finding) {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Off => "notice",
    };
    let location = &finding.location;
    let region = location.region;
    let title = report.card(finding).map_or(finding.rule.as_str(), |(_, card)| card.name.as_str());
    let mut message = String::new();
    if !location.place.is_empty() {
        message.push_str(&format!("{}: ", location.place));
    }
    message.push_str(&finding.message);
    if let Some(suggestion) = &finding.suggestion {
        message.push_str(&format!("\n{} {suggestion}", report.label("suggestion")));
    }
    let message = format!("{} [{}]", cut(&message, MOST_MESSAGE), finding.rule);
    let _ = write!(out, "::{command} file={},line={}", property(&location.uri), region.start_line);
    let _ = write!(out, ",endLine={}", region.end_line);
    // Columns count only inside one line.
    if region.start_line == region.end_line && region.end_column > region.start_column {
        let _ = write!(out, ",col={},endColumn={}", region.start_column, region.end_column);
    }
    let _ = writeln!(out, ",title={}::{}", property(title), data(&message));
}

/// Escapes the text of a command. A line break is meant by the report; all others are gone already.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|line| without_controls(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    without_controls(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
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
}
