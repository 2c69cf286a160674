//! GitLab Code Quality: an array of issues in Code Climate's shape.
//!
//! Fields and levels: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>. GitLab
//! folds issues with one fingerprint into one, so equal passages are counted.

use std::collections::HashMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::finding::Level;
use crate::fingerprint;
use crate::lang::Lang;

use super::Report;
use super::text::cut;

const MOST_MESSAGE: usize = 1_000;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub fn render(report: &Report) -> String {
    let mut seen: HashMap<(&str, String), u32> = HashMap::new();
    let mut issues = Vec::new();
    for finding in &report.outcome.findings {
        let location = &finding.location;
        let context = fingerprint::context(finding);
        let count = seen.entry((&location.uri, context.clone())).or_default();
        *count += 1;
        let description = match location.place.as_str() {
            "" => finding.message.clone(),
            place => format!("{place}: {}", finding.message),
        };
        issues.push(Issue {
            description: cut(&description, MOST_MESSAGE).into_owned(),
            check_name: &finding.rule,
            fingerprint: digest(&[&location.uri, &context, &count.to_string()]),
            severity: match finding.level {
                Level::Error => "critical",
                Level::Warning => "major",
                Level::Note | Level::Off => "info",
            },
            location: Place {
                path: &location.uri,
                lines: Lines { begin: location.region.start_line, end: location.region.end_line },
            },
        });
    }
    // What was not read must not look like a clean file.
    for part in &report.outcome.coverage.not_read {
        let place = part.place.as_deref().unwrap_or_default();
        issues.push(Issue {
            description: cut(&super::without_controls(&part.to_string()), MOST_MESSAGE).into_owned(),
            check_name: "not-read",
            // The same in whatever language the report is.
            fingerprint: digest(&["not-read", &part.uri, place, &part.reason.spoken(Lang::EN).to_string()]),
            severity: "critical",
            location: Place { path: &part.uri, lines: Lines { begin: 1, end: 1 } },
        });
    }
    // Texts and numbers only, so this can't fail.
    let mut text = serde_json::to_string_pretty(&issues).unwrap_or_default();
    text.push('\n');
    text
}

fn digest(texts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update(text);
        digest.update(b"\0");
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
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
