//! Logging commands of Azure Pipelines: `##vso[task.logissue …]`.
//!
//! Escapes are those of azure-pipelines-task-lib, `node/taskcommand.ts`. The commands know errors and
//! warnings only, so notes are printed as plain lines.

use std::fmt::Write;

use crate::finding::{Finding, Level};

use super::{Report, without_controls};

pub fn render(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.outcome.findings {
        issue(&mut out, finding);
    }
    for part in &report.outcome.coverage.not_read {
        let path = property(&part.uri);
        let _ = writeln!(out, "##vso[task.logissue type=error;sourcepath={path};]{}", data(&part.to_string()));
    }
    for line in report.summary_lines() {
        let _ = writeln!(out, "{line}");
    }
    out
}

fn issue(out: &mut String, finding: &Finding) {
    let location = &finding.location;
    let message = match location.place.as_str() {
        "" => finding.message.clone(),
        place => format!("{place}: {}", finding.message),
    };
    let kind = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Off => {
            let uri = data(&location.uri);
            // A space in front, since only a line that begins with a command is one.
            let _ = writeln!(out, " {uri}:{}: {} [{}]", location.region.start_line, data(&message), finding.rule);
            return;
        }
    };
    let _ = writeln!(
        out,
        "##vso[task.logissue type={kind};sourcepath={};linenumber={};columnnumber={};code={};]{}",
        property(&location.uri),
        location.region.start_line,
        location.region.start_column,
        property(&finding.rule),
        data(&message)
    );
}

/// Escapes the text of a command. Azure looks for `##vso[` and `##[` anywhere in a line, so a text that holds
/// one loses its second `#`.
fn data(text: &str) -> String {
    without_controls(text).replace('%', "%AZP25").replace("##", "# #")
}

fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
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
