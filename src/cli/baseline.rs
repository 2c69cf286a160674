//! `acquis baseline write|check`: know what was there before.

use std::path::PathBuf;

use acquis::policy::{self, Baseline, FailOn, baseline};
use clap::Subcommand;
use miette::{IntoDiagnostic, Result, WrapErr};

use super::output::Output;
use super::selection::Selection;
use super::{ExitStatus, check, road};

/// Record what is found today, so that a check can report only what is new
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the baseline file: rules and fingerprints, no text of the documents
    Write {
        #[command(flatten)]
        selection: Selection,
        /// Baseline file; without it acquis-baseline.json at the root of what is checked
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Check, and fail on anything new and on entries that are out of date
    Check {
        #[command(flatten)]
        selection: Selection,
        /// Baseline file; without it acquis-baseline.json at the root of what is checked
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
}

pub fn run(args: Args) -> Result<ExitStatus> {
    match args.command {
        Command::Write { selection, file } => {
            let (_, outcome, root) = road::checked(&selection)?;
            let file = file.unwrap_or_else(|| root.join(baseline::FILE_NAME));
            let baseline = Baseline::of(&outcome.findings);
            std::fs::write(&file, baseline.to_text())
                .into_diagnostic()
                .wrap_err_with(|| format!("the baseline can't be written to {}", file.display()))?;
            let (findings, entries) = (outcome.findings.len(), baseline.entries.len());
            super::print(&format!("{}: {findings} findings, {entries} entries\n", file.display()))?;
            Ok(if outcome.coverage.not_read.is_empty() { ExitStatus::Clean } else { ExitStatus::NotRead })
        }
        Command::Check { selection, file, output } => {
            let (frame, mut outcome, root) = road::checked(&selection)?;
            let file = file.unwrap_or_else(|| root.join(baseline::FILE_NAME));
            let baseline = Baseline::read(&file)?;
            let findings = std::mem::take(&mut outcome.findings);
            let remarks = outcome.held_back.remarks.len();
            let name = file.display().to_string();
            outcome.findings = policy::hold_back_known(&baseline, &name, findings, &mut outcome.held_back);
            let stale = outcome.held_back.remarks.len() > remarks;
            match check::finish(&frame, outcome, FailOn::Note, &output)? {
                ExitStatus::Clean if stale => Ok(ExitStatus::Findings),
                status => Ok(status),
            }
        }
    }
}
