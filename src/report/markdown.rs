//! Markdown for a step summary or a comment on a forge (GitHub Flavored Markdown).
//!
//! GitHub takes in 1 MiB a step summary; the report stops well before that and says what it left out.

use std::fmt::Write;

use crate::finding::Finding;

use super::passage::Passage;
use super::text::{cut, cut_front};
use super::{Report, without_controls};

/// Bytes after which no further finding is written.
const MOST_BYTES: usize = 800_000;
const MOST_AROUND: usize = 200;
const MOST_FLAGGED: usize = 300;

pub fn render(report: &Report) -> String {
    let mut out = format!("## {}: {}\n\n", super::TOOL, report.word("report-title"));
    for line in report.summary_lines() {
        let _ = writeln!(out, "{}  ", escaped(&line));
    }
    let outcome = &report.outcome;
    if outcome.findings.is_empty() && report.summary.files_read > 0 {
        let _ = writeln!(out, "\n{}", report.word("no-findings"));
    }
    let mut file = None;
    for (index, finding) in outcome.findings.iter().enumerate() {
        if out.len() > MOST_BYTES {
            let left_out = outcome.findings.len() - index;
            let _ = writeln!(out, "\n**+ {left_out}: {}**", report.word("more-findings"));
            break;
        }
        if file != Some(&finding.location.uri) {
            let _ = writeln!(out, "\n### {}\n", escaped(&finding.location.uri));
            file = Some(&finding.location.uri);
        }
        write_finding(&mut out, report, finding);
    }
    list(&mut out, report.word("not-read"), outcome.coverage.not_read.iter().map(|part| part.to_string()));
    list(&mut out, report.word("waivers-and-baseline"), outcome.held_back.remarks.iter().cloned());
    for (index, item) in outcome.checklist.iter().enumerate() {
        if index == 0 {
            let _ = writeln!(out, "\n### {}\n", report.word("check-yourself"));
        }
        let _ = writeln!(out, "- [ ] {} ({})", escaped(&item.text), escaped(&item.source));
    }
    out
}

fn write_finding(out: &mut String, report: &Report, finding: &Finding) {
    let location = &finding.location;
    let place = match location.place.as_str() {
        "" => format!("{}:{}", location.region.start_line, location.region.start_column),
        place => place.to_owned(),
    };
    let level = report.word(finding.level.as_str());
    let _ = writeln!(out, "- **{level}** · {}: {}", escaped(&place), escaped(&finding.message));
    let passage = Passage::of(location);
    if !passage.is_empty() {
        let before = match passage.flagged {
            "" => cut(passage.before, 2 * MOST_AROUND),
            _ => cut_front(passage.before, MOST_AROUND),
        };
        let after = cut(passage.after, MOST_AROUND);
        let flagged = match passage.flagged {
            "" => String::new(),
            words => format!("<ins>{}</ins>", escaped(&cut(words, MOST_FLAGGED))),
        };
        let _ = writeln!(out, "\n  > {}{flagged}{}\n", escaped(&before), escaped(&after));
    }
    let details = [
        ("why", finding.evidence.join(" ")),
        ("suggestion", finding.suggestion.clone().unwrap_or_default()),
        ("law", report.law(finding)),
        ("rule", finding.rule.clone()),
    ];
    for (key, text) in details {
        if !text.is_empty() {
            let _ = writeln!(out, "  - {} {}", report.label(key), escaped(&text));
        }
    }
}

fn list(out: &mut String, title: &str, items: impl Iterator<Item = String>) {
    for (index, item) in items.enumerate() {
        if index == 0 {
            let _ = writeln!(out, "\n### {title}\n");
        }
        let _ = writeln!(out, "- {}", escaped(&item));
    }
}

/// Text that Markdown shows as it is: every ASCII punctuation character that can begin a construct is escaped
/// (CommonMark §2.4) or, where it could begin HTML, an entity. An `@` would notify somebody and a `#12` would
/// link to an issue, so a character of no width follows them.
pub fn escaped(text: &str) -> String {
    let text = without_controls(text);
    let mut out = String::with_capacity(text.len());
    let number_end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    for (index, c) in text.char_indices() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            '@' | '#' => out.extend([c, '\u{2060}']),
            // Only at the start of a text do these begin a list.
            '-' | '+' if index == 0 => out.extend(['\\', c]),
            '.' | ')' if index == number_end => out.extend(['\\', c]),
            // `http://` in a document shall not become a link to wherever it says.
            ':' if text[index..].starts_with("://") => out.push_str("&#58;"),
            _ => out.push(c),
        }
    }
    out
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
    fn nothing_from_the_input_is_markup() {
        for (text, want) in [
            ("a | b", "a \\| b"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("[click](http://x)", "\\[click\\](http&#58;//x)"),
            ("**bold** `code`", "\\*\\*bold\\*\\* \\`code\\`"),
            ("- item - no", "\\- item - no"),
            ("1. item 2. no", "1\\. item 2. no"),
            ("ask @octocat", "ask @\u{2060}octocat"),
            ("line\n# head", "line #\u{2060} head"),
        ] {
            assert_eq!(escaped(text), want);
        }
    }
}
