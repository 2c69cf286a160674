//! One finding a line as JSON, then one line with the counts and the coverage: for pipelines over many runs.
//!
//! A line's `type` is `finding` or `summary`; a finding has the fields of the JSON report and the fingerprint
//! by which it is known again.

use serde::Serialize;

use crate::finding::{ChecklistItem, Coverage, Finding, HeldBack, Origin};
use crate::fingerprint;

use super::{Report, Summary};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finding {
        fingerprint: String,
        #[serde(flatten)]
        finding: &'a Finding,
    },
    Summary {
        exit_status: u8,
        #[serde(flatten)]
        summary: Summary,
        coverage: &'a Coverage,
        held_back: &'a HeldBack,
        #[serde(skip_serializing_if = "Option::is_none")]
        origin: Option<&'a Origin>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        checklist: &'a [ChecklistItem],
    },
}

/// Writes the line of a finding.
pub fn finding(finding: &Finding, out: &mut Vec<u8>) {
    line(&Line::Finding { fingerprint: fingerprint::context(finding), finding }, out);
}

/// Writes the last line.
pub fn summary(report: &Report, out: &mut Vec<u8>) {
    let line_of_report = Line::Summary {
        exit_status: report.exit_status,
        summary: report.summary,
        coverage: &report.outcome.coverage,
        held_back: &report.outcome.held_back,
        origin: report.outcome.origin.as_ref(),
        checklist: &report.outcome.checklist,
    };
    line(&line_of_report, out);
}

fn line(line: &Line, out: &mut Vec<u8>) {
    // Maps have text keys, numbers are finite and a vector takes everything, so this can't fail.
    let _ = serde_json::to_writer(&mut *out, line);
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::super::{Format, sample, stream};

    #[test]
    fn the_whole_report() {
        let rules = sample::rules();
        insta::assert_snapshot!(stream::render(&sample::report(&rules), Format::Jsonl));
    }
}
