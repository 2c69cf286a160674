//! `acquis check`: the main job.

use std::path::{Path, PathBuf};

use acquis::finding::{Coverage, Level};
use acquis::policy::{Baseline, FailOn, Known, baseline};
use acquis::report::Summary;
use miette::{Result, miette};

use super::output::Output;
use super::past::Past;
use super::road::Road;
use super::selection::Selection;
use super::{ExitStatus, remote};

/// Check tender documents, notices or a repository
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  acquis check tender/ --jurisdiction fr --lang fr
  acquis check notice.xml specification.pdf prices.xlsx
  acquis check . --profile ci --output sarif=acquis.sarif
  acquis check tender/ --level product-in-title=note --fail-on error
  acquis check notices.zip --output csv=findings.csv --format rates
  acquis check https://github.com/OWNER/NAME@v1.2    fetched by git, with GITHUB_TOKEN if it is set
  acquis check . --new-only                only what acquis-baseline.json doesn't know
  acquis check . --diff origin/main        only what has come in since the work left origin/main")]
pub struct Args {
    #[command(flatten)]
    selection: Selection,

    /// The lowest level that makes the exit status 1 [default: warning]
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<FailOn>,

    /// Report only what the baseline doesn't know
    #[arg(long)]
    new_only: bool,

    /// Baseline file; without it acquis-baseline.json at the root of what is checked
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Report only what was not found where the work left this git reference (a branch, a tag, a commit): the
    /// earlier version is read and judged as well. Asks git; nothing in the repository changes
    #[arg(long, value_name = "REF", conflicts_with_all = ["new_only", "baseline"])]
    diff: Option<String>,

    /// Add what no program can judge of a repository, for people to tick (terminal, Markdown, HTML, JSON)
    #[arg(long)]
    checklist: bool,

    #[command(flatten)]
    output: Output,
}

pub fn run(mut args: Args) -> Result<ExitStatus> {
    // The folder of a fetched repository goes when the check is over.
    let fetched = remote::fetch(&mut args.selection)?;
    let mut road = Road::new(&args.selection)?;
    fetched.tell(&mut road);
    road.checklist = args.checklist;
    let baseline = match args.new_only || args.baseline.is_some() {
        true => Some(baseline_of(args.baseline, &road.root)?),
        false => None,
    };
    let fail_on = args.fail_on.or(road.frame.policy.fail_on).unwrap_or_default();
    let known = match (&baseline, &args.diff) {
        (Some((baseline, name)), _) => Some((baseline.clone(), Some(name.as_str()))),
        (None, Some(reference)) => Some((found_at(&road, &args.selection, reference)?, None)),
        (None, None) => None,
    };
    run_against(&mut road, known.as_ref().map(|(known, name)| (known, *name)), fail_on, &args.output)
        .map(|(status, _)| status)
}

/// What was to be found where the work left a git reference.
fn found_at(road: &Road, selection: &Selection, reference: &str) -> Result<Baseline> {
    let past = Past::at(reference, &selection.paths)?;
    let paths: Result<Vec<_>> = selection.paths.iter().filter_map(|path| past.of(path).transpose()).collect();
    let root = selection.root.as_deref().map(|root| past.of(root)).transpose()?.flatten();
    Ok(Baseline::of(&road.findings_in(&paths?, root, selection.kind)?))
}

/// The baseline and its name.
fn baseline_of(file: Option<PathBuf>, root: &Path) -> Result<(Baseline, String)> {
    let file = file.unwrap_or_else(|| root.join(baseline::FILE_NAME));
    if !file.is_file() {
        let help = "write one with `acquis baseline write`";
        return Err(miette!(help = help, "there is no baseline {}", file.display()));
    }
    Ok((Baseline::read(&file)?, file.display().to_string()))
}

/// Checks, reports what the baseline doesn't know, and gives the verdict; and whether the baseline has entries that
/// meet nothing any more, which is of interest where it has a name.
pub fn run_against(
    road: &mut Road,
    baseline: Option<(&Baseline, Option<&str>)>,
    fail_on: FailOn,
    output: &Output,
) -> Result<(ExitStatus, bool)> {
    let cards = road.cards.clone();
    let mut sink = output.open(&cards)?;
    let mut known = baseline.map(|(baseline, _)| Known::new(baseline));
    let mut outcome = road.walk(&mut |findings| {
        sink.take(match &mut known {
            Some(known) => known.new_of(findings),
            None => findings,
        });
    });
    let remarks = outcome.held_back.remarks.len();
    if let (Some(known), Some((_, name))) = (known, baseline) {
        known.tell(name, &mut outcome.held_back);
    }
    let stale = outcome.held_back.remarks.len() > remarks;
    let status = status_of(&outcome.coverage, sink.summary(), fail_on);
    sink.end(outcome, &cards, status, road.frame.lang)?;
    Ok((status, stale))
}

fn status_of(coverage: &Coverage, found: Summary, fail_on: FailOn) -> ExitStatus {
    let levels = [(Level::Error, found.errors), (Level::Warning, found.warnings), (Level::Note, found.notes)];
    if !coverage.is_complete() {
        ExitStatus::NotRead
    } else if levels.into_iter().any(|(level, count)| count > 0 && fail_on.is_met_by(level)) {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    }
}
