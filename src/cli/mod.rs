//! The command line: one file a command.

mod baseline;
mod check;
mod completions;
mod explain;
mod fix;
mod licence;
mod man;
mod notices;
mod output;
mod past;
mod remote;
mod road;
mod rules;
mod selection;
mod standards;
mod stats;
mod text;
#[cfg(feature = "forge")]
mod upload;
mod waivers;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use miette::Result;

const EXAMPLES: &str = "\
Examples:
  acquis check tender/                        check a folder of tender documents
  acquis check specification.docx --lang fr   one document, messages in French
  acquis check .                              check the repository you stand in
  acquis check . --output sarif=acquis.sarif --output html=report.html
  acquis fix .                                fix what can be fixed, after a look at the changes
  acquis standards tender/ --jurisdiction nl  open standards: called for, asked, missing
  acquis explain product-without-equivalent   what a rule means, and its law
  acquis text specification.docx              the text as acquis reads it

Exit status:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, policy file or rule file
  3  something was not read, or nothing was

acquis opens no connection, but to upload, to fetch an address and with --online; it changes no file, unless asked to write a report or to fix.";

/// Checks what a public body buys and what it publishes: open standards, licences and freedom from lock-in
#[derive(Parser)]
#[command(name = "acquis", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    Fix(fix::Args),
    Standards(standards::Args),
    Stats(stats::Args),
    Text(text::Args),
    Licence(licence::Args),
    Explain(explain::Args),
    Rules(rules::Args),
    Baseline(baseline::Args),
    Waivers(waivers::Args),
    #[cfg(feature = "forge")]
    Upload(upload::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitStatus {
    Clean = 0,
    Findings = 1,
    Wrong = 2,
    /// Weighs more than findings: whoever only looks for findings must not take a part for the whole.
    NotRead = 3,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

/// Runs the command.
///
/// # Errors
/// What makes the exit status [`ExitStatus::Wrong`], and a broken pipe.
pub fn run(cli: Cli) -> Result<ExitStatus> {
    match cli.command {
        Command::Check(args) => check::run(args),
        Command::Fix(args) => fix::run(args),
        Command::Standards(args) => standards::run(args),
        Command::Stats(args) => stats::run(args),
        Command::Text(args) => text::run(args),
        Command::Licence(args) => licence::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Baseline(args) => baseline::run(args),
        Command::Waivers(args) => waivers::run(args),
        #[cfg(feature = "forge")]
        Command::Upload(args) => upload::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}

/// Whether the error is that nobody reads standard output any more.
pub fn is_broken_pipe(error: &miette::Report) -> bool {
    error.downcast_ref::<NobodyReads>().is_some()
}

/// Standard output was closed by whoever read it.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("nobody reads standard output any more")]
struct NobodyReads;

/// What became of writing to standard output.
fn written(outcome: std::io::Result<()>) -> Result<()> {
    outcome.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => NobodyReads.into(),
        _ => miette::Report::from_err(error),
    })
}

/// Writes to standard output.
fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}
