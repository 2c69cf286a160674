//! `acquis check`: the main job.

use std::path::PathBuf;

use acquis::finding::Outcome;
use acquis::policy::{self, Baseline, FailOn, baseline};
use acquis::report::Report;
use miette::{Result, miette};

use super::output::Output;
use super::selection::{Frame, Selection};
use super::{ExitStatus, road};

/// Check tender documents, notices or a repository
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  acquis check tender/ --jurisdiction fr --lang fr
  acquis check notice.xml specification.pdf prices.xlsx
  acquis check . --profile ci --output sarif=acquis.sarif
  acquis check tender/ --level product-in-title=note --fail-on error
  acquis check . --new-only                only what acquis-baseline.json doesn't know")]
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

    #[command(flatten)]
    output: Output,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    let (frame, mut outcome, root) = road::checked(&args.selection)?;
    if args.new_only || args.baseline.is_some() {
        let file = args.baseline.unwrap_or_else(|| root.join(baseline::FILE_NAME));
        if !file.is_file() {
            let help = "write one with `acquis baseline write`";
            return Err(miette!(help = help, "there is no baseline {}", file.display()));
        }
        let baseline = Baseline::read(&file)?;
        let findings = std::mem::take(&mut outcome.findings);
        let name = file.display().to_string();
        outcome.findings = policy::hold_back_known(&baseline, &name, findings, &mut outcome.held_back);
    }
    let fail_on = args.fail_on.or(frame.policy.fail_on).unwrap_or_default();
    finish(&frame, outcome, fail_on, &args.output)
}

/// Reports and gives the verdict.
pub fn finish(frame: &Frame, outcome: Outcome, fail_on: FailOn, output: &Output) -> Result<ExitStatus> {
    let status = status_of(&outcome, fail_on);
    let cards = frame.cards();
    output.write(&Report::new(outcome, &cards, status as u8, frame.lang))?;
    Ok(status)
}

fn status_of(outcome: &Outcome, fail_on: FailOn) -> ExitStatus {
    if !outcome.coverage.not_read.is_empty() || outcome.coverage.read.is_empty() {
        ExitStatus::NotRead
    } else if outcome.findings.iter().any(|finding| fail_on.is_met_by(finding.level)) {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    }
}
