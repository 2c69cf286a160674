//! A table for spreadsheets: comma-separated values by RFC 4180, in UTF-8 with a byte order mark, without
//! which spreadsheet programs take the text for their old local encoding.
//!
//! A field that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection").

use super::Report;
use super::without_controls;

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

pub fn render(report: &Report) -> String {
    let mut out = String::from("\u{FEFF}");
    row(&mut out, HEAD);
    for finding in &report.outcome.findings {
        let location = &finding.location;
        row(
            &mut out,
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
                &report.law(finding),
                &format!("{:?}", finding.confidence).to_lowercase(),
                if finding.absence { "yes" } else { "no" },
            ],
        );
    }
    for part in &report.outcome.coverage.not_read {
        let message = format!("{}; {}", part.reason, part.remedy);
        let mut fields = [""; 15];
        fields[0] = "not-read";
        fields[2] = &part.uri;
        fields[4] = part.place.as_deref().unwrap_or_default();
        fields[7] = &message;
        row(&mut out, fields);
    }
    out
}

fn row(out: &mut String, fields: [&str; 15]) {
    let fields: Vec<_> = fields.into_iter().map(field).collect();
    out.push_str(&fields.join(","));
    out.push_str("\r\n");
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
    use super::super::sample;
    use super::*;

    #[test]
    fn the_whole_report() {
        let rules = sample::rules();
        insta::assert_snapshot!(render(&sample::report(&rules)));
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
