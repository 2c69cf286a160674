//! `acquis standards PATH…`: which open standards a purchase calls for, and which its documents ask for.

use std::path::PathBuf;

use acquis::report::{StandardsFormat, StandardsReport};
use clap::ValueEnum;
use miette::{IntoDiagnostic, Result, WrapErr};

use super::ExitStatus;
use super::output::look;
use super::road::Road;
use super::selection::Selection;

/// Show which open standards a purchase calls for, and which its documents ask for
///
/// From the subject of the contract (CPV codes, titles, requirements) to the standards that the lists of the
/// jurisdiction expect; for each the passage that calls for it, and whether it is asked, weakly asked (a wish, an
/// example, “open standards” in general) or missing, with the passage of the demand.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  acquis standards tender/ --jurisdiction nl --lang nl
  acquis standards bestek.docx aankondiging.xml --jurisdiction nl --as-of 2024-06-01
  acquis standards tender/ --jurisdiction de --buyer federal --format csv > standards.csv

Exit status:
  0  no mandatory standard is missing where the subject calls for it
  1  one is
  2  wrong usage or policy file
  3  something was not read, or nothing was")]
pub struct Args {
    #[command(flatten)]
    selection: Selection,

    /// Format of the table on standard output
    #[arg(long, value_enum, default_value_t = StandardsFormat::Terminal)]
    format: StandardsFormat,

    /// Write the table to a file as well; may be given several times
    #[arg(long, value_parser = target_of, value_name = "FORMAT=PATH")]
    output: Vec<(StandardsFormat, PathBuf)>,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    let mut road = Road::new(&args.selection)?;
    let (procurements, coverage) = road.standards();
    let frame = road.frame;
    let gap = procurements.iter().flat_map(|(_, standards)| &standards.rows).any(|row| row.is_a_gap());
    let status = match (coverage.is_complete(), gap) {
        (false, _) => ExitStatus::NotRead,
        (true, true) => ExitStatus::Findings,
        (true, false) => ExitStatus::Clean,
    };
    let report = StandardsReport::new(procurements, coverage, frame.as_of, status as u8, frame.lang);
    for (format, path) in &args.output {
        std::fs::write(path, report.render(*format, acquis::report::Look::Plain, frame.lang))
            .into_diagnostic()
            .wrap_err_with(|| format!("the table can't be written to {}", path.display()))?;
    }
    super::print(&report.render(args.format, look(), frame.lang))?;
    Ok(status)
}

fn target_of(text: &str) -> Result<(StandardsFormat, PathBuf), String> {
    let (format, path) = text.split_once('=').ok_or("FORMAT=PATH is expected: csv=standards.csv")?;
    if path.is_empty() {
        return Err("FORMAT=PATH is expected, and the path is empty".to_owned());
    }
    let format =
        StandardsFormat::from_str(format, false).map_err(|_| format!("`{format}` is no format of the table"))?;
    Ok((format, PathBuf::from(path)))
}
