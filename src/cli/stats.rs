//! `acquis stats PATH…`: how often each rule finds something.

use acquis::report::{StandardsFormat, Stats};
use miette::Result;

use super::ExitStatus;
use super::road::Road;
use super::selection::Selection;

/// Show how often each rule finds something: documents, findings by level, per 1,000 blocks
///
/// For whoever tunes rules, or looks at an archive: a rule that speaks of every second document says little. As in
/// a check, a folder is one procurement; files of several procurements belong into folders of their own.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  acquis stats archive/ --profile audit
  acquis stats archive/ --format csv > rules.csv")]
pub struct Args {
    #[command(flatten)]
    selection: Selection,

    /// Format of the table
    #[arg(long, value_enum, default_value_t = StandardsFormat::Terminal)]
    format: StandardsFormat,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    let mut road = Road::new(&args.selection)?;
    let mut stats = Stats::default();
    let outcome = road.walk(&mut |findings| stats.add(&findings));
    let report = stats.report(&outcome.coverage, &road.cards);
    super::print(&report.render(args.format, road.frame.lang))?;
    Ok(if outcome.coverage.is_complete() { ExitStatus::Clean } else { ExitStatus::NotRead })
}
