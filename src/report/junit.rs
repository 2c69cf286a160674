//! JUnit XML: a suite a file, a test case a rule in it. GitLab shows it in the merge request on every tier,
//! Jenkins, Azure and Bitbucket show it too.
//!
//! The schema that most readers follow is that of Apache Ant's JUnit task as Jenkins published it. Errors and
//! warnings are failures, since a test can only pass or fail; notes are in the system output of a test that
//! passes. A file that was not read is an error.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::finding::{Finding, Level};

use super::{Report, without_controls};

pub fn render(report: &Report) -> String {
    let mut files: BTreeMap<&str, Suite> = BTreeMap::new();
    for file in &report.outcome.coverage.read {
        files.entry(&file.uri).or_default();
    }
    for finding in &report.outcome.findings {
        files.entry(&finding.location.uri).or_default().cases.entry(&finding.rule).or_default().push(finding);
    }
    for part in &report.outcome.coverage.not_read {
        files.entry(&part.uri).or_default().not_read.push(part.to_string());
    }
    let suites: Vec<_> = files.iter().collect();
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(|(_, suite)| count(suite)).sum::<usize>();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        super::TOOL,
        sum(|suite| suite.tests()),
        sum(|suite| suite.failures()),
        sum(|suite| suite.not_read.len())
    );
    for (uri, suite) in suites {
        write_suite(&mut out, report, uri, suite);
    }
    out.push_str("</testsuites>\n");
    out
}

/// What is said about one file.
#[derive(Default)]
struct Suite<'a> {
    cases: BTreeMap<&'a str, Vec<&'a Finding>>,
    not_read: Vec<String>,
}

impl Suite<'_> {
    /// A file without a word about it was read and is one test that passes.
    fn tests(&self) -> usize {
        (self.cases.len() + self.not_read.len()).max(1)
    }

    fn failures(&self) -> usize {
        self.cases.values().filter(|findings| fails(findings)).count()
    }
}

fn fails(findings: &[&Finding]) -> bool {
    findings.iter().any(|finding| finding.level >= Level::Warning)
}

fn write_suite(out: &mut String, report: &Report, uri: &str, suite: &Suite) {
    let name = escaped(uri);
    let _ = writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        suite.tests(),
        suite.failures(),
        suite.not_read.len()
    );
    if suite.cases.is_empty() && suite.not_read.is_empty() {
        let _ = writeln!(out, "    <testcase classname=\"{name}\" name=\"{}\" file=\"{name}\"/>", report.word("read"));
    }
    for (rule, findings) in &suite.cases {
        let _ = writeln!(out, "    <testcase classname=\"{name}\" name=\"{}\" file=\"{name}\">", escaped(rule));
        let text: Vec<_> = findings.iter().map(|finding| line(report, finding)).collect();
        let text = escaped_lines(&text.join("\n"));
        if fails(findings) {
            let gravest = findings.iter().max_by_key(|finding| finding.level);
            let message = gravest.map_or("", |finding| finding.message.as_str());
            let level = gravest.map_or(Level::Warning, |finding| finding.level);
            let _ = writeln!(out, "      <failure type=\"{level}\" message=\"{}\">{text}</failure>", escaped(message));
        } else {
            let _ = writeln!(out, "      <system-out>{text}</system-out>");
        }
        out.push_str("    </testcase>\n");
    }
    for (index, part) in suite.not_read.iter().enumerate() {
        let _ = writeln!(
            out,
            "    <testcase classname=\"{name}\" name=\"not-read-{}\" file=\"{name}\">\n      <error type=\"not-read\" \
             message=\"{}\"/>\n    </testcase>",
            index + 1,
            escaped(part)
        );
    }
    out.push_str("  </testsuite>\n");
}

fn line(report: &Report, finding: &Finding) -> String {
    let location = &finding.location;
    let place = match location.place.as_str() {
        "" => format!("{}:{}", location.region.start_line, location.region.start_column),
        place => place.to_owned(),
    };
    let mut line = format!("{place}: {}: {}", report.word(finding.level.as_str()), finding.message);
    if !location.snippet.is_empty() {
        line.push_str(&format!(" “{}”", location.snippet));
    }
    line
}

/// Text for XML 1.0, which has no place for control characters and for two others that are none (§2.2).
fn escaped(text: &str) -> String {
    without_controls(text)
        .replace(['\u{FFFE}', '\u{FFFF}'], "")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn escaped_lines(text: &str) -> String {
    text.split('\n').map(escaped).collect::<Vec<_>>().join("\n")
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
