//! One finding a line as JSON, then one line with the counts and the coverage: for pipelines over many runs.
//!
//! A line's `type` is `finding` or `summary`; a finding has the fields of the JSON report and the fingerprint
//! by which it is known again.

use serde::Serialize;

use crate::finding::{Coverage, Finding, HeldBack};
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
    },
}

pub fn render(report: &Report) -> String {
    let findings = report.outcome.findings.iter();
    let findings = findings.map(|finding| Line::Finding { fingerprint: fingerprint::context(finding), finding });
    let summary = Line::Summary {
        exit_status: report.exit_status,
        summary: report.summary,
        coverage: &report.outcome.coverage,
        held_back: &report.outcome.held_back,
    };
    let mut text = String::new();
    for line in findings.chain(std::iter::once(summary)) {
        // Maps have text keys and numbers are finite, so this can't fail.
        text.push_str(&serde_json::to_string(&line).unwrap_or_default());
        text.push('\n');
    }
    text
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
