//! A table for spreadsheets: comma-separated values by RFC 4180, in UTF-8 with a byte order mark, without
//! which spreadsheet programs take the text for their old local encoding.
//!
//! A field that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection").

use super::{Report, law_of, without_controls};
use crate::finding::Finding;
use crate::rule::RuleCard;

const HEAD: [&str; 15] = [
    "level",
    "rule",
    "file",
    "member",
    "place",
    "line",
    "column",
    "message",
    "flagged",
    "passage",
    "evidence",
    "suggestion",
    "law",
    "confidence",
    "absence",
];

/// The byte order mark and the names of the columns.
pub fn head() -> String {
    row("\u{FEFF}", HEAD)
}

/// The row of a finding.
pub fn finding(finding: &Finding, card: Option<&RuleCard>) -> String {
    let location = &finding.location;
    row(
        "",
        [
            finding.level.as_str(),
            &finding.rule,
            &location.uri,
            location.member.as_deref().unwrap_or_default(),
            &location.place,
            &location.region.start_line.to_string(),
            &location.region.start_column.to_string(),
            &finding.message,
            &location.snippet,
            &location.context,
            &finding.evidence.join(" "),
            finding.suggestion.as_deref().unwrap_or_default(),
            &law_of(finding, card),
            &format!("{:?}", finding.confidence).to_lowercase(),
            if finding.absence { "yes" } else { "no" },
        ],
    )
}

/// The rows of what was not read.
pub fn not_read(report: &Report) -> String {
    let rows = report.outcome.coverage.not_read.iter().map(|part| {
        let message = format!("{}; {}", part.reason, part.remedy);
        let mut fields = [""; 15];
        fields[0] = "not-read";
        fields[2] = &part.uri;
        fields[4] = part.place.as_deref().unwrap_or_default();
        fields[7] = &message;
        row("", fields)
    });
    rows.collect()
}

/// A line of a table of any width; `before` is the byte order mark for the first, else nothing.
pub fn row<const N: usize>(before: &str, fields: [&str; N]) -> String {
    let fields: Vec<_> = fields.into_iter().map(field).collect();
    format!("{before}{}\r\n", fields.join(","))
}

fn field(text: &str) -> String {
    let text = without_controls(text);
    let guard = if text.trim_start().starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠']) {
        "'"
    } else {
        ""
    };
    if guard.is_empty() && !text.contains([',', '"', ';']) && text.trim() == text {
        return text.into_owned();
    }
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::super::{Format, sample, stream};
    use super::*;

    #[test]
    fn the_whole_report() {
        let rules = sample::rules();
        insta::assert_snapshot!(stream::render(&sample::report(&rules), Format::Csv));
    }

    #[test]
    fn no_field_is_a_formula() {
        for (text, want) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            (" +1", "\"' +1\""),
            ("@cmd", "\"'@cmd\""),
            ("a\nb", "a b"),
            ("", ""),
        ] {
            assert_eq!(field(text), want);
        }
    }
}
