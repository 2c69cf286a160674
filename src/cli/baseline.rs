//! `acquis baseline write|check`: know what was there before.

use std::path::PathBuf;

use acquis::policy::{Baseline, FailOn, baseline};
use clap::Subcommand;
use miette::{IntoDiagnostic, Result, WrapErr};

use super::output::Output;
use super::road::Road;
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
            let mut road = Road::new(&selection)?;
            let file = file.unwrap_or_else(|| road.root.join(baseline::FILE_NAME));
            let baseline = Baseline::read(&file)?;
            let name = file.display().to_string();
            match check::run_against(&mut road, Some((&baseline, Some(&name))), FailOn::Note, &output)? {
                (ExitStatus::Clean, true) => Ok(ExitStatus::Findings),
                (status, _) => Ok(status),
            }
        }
    }
}
