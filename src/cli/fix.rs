//! `acquis fix PATH…`: makes the edits that findings carry, after they were shown.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use acquis::fix;
use acquis::report::without_controls;
use miette::{IntoDiagnostic, Result};

use super::selection::{Kind, RuleSelection, Selection};
use super::{ExitStatus, road};

/// Passes over the same path. Fixes that overlap wait for the next pass, and so do headers beyond the first thousand.
const MOST_PASSES: usize = 100;

/// Fix what can be fixed in repositories and publiccode.yml files: shows a diff, then asks
///
/// Only what can't change meaning is fixed: the spelling of licence identifiers, texts missing in LICENSES/, keys
/// and the name of publiccode.yml. --unsafe adds what a person should look over: REUSE headers, deprecated
/// identifiers that leave open which version is meant, drafts of publiccode.yml and SECURITY.md.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  acquis fix .                       show the changes and, in a terminal, ask
  acquis fix . --yes                 make them without asking
  acquis fix . > acquis.patch        only the diff, for git apply
  acquis fix . --unsafe --profile audit

Exit status:
  0  nothing to fix, or all of it fixed
  1  there is something to fix, and it was not asked for
  2  wrong usage, policy file or rule file
  3  a file could not be read or written")]
pub struct Args {
    /// Repositories and publiccode.yml files
    #[arg(default_value = ".", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Make fixes that may change meaning, too
    #[arg(long = "unsafe")]
    with_unsafe: bool,

    /// Make the changes without asking
    #[arg(long, short)]
    yes: bool,

    /// Take what is named for this, whatever it looks like
    #[arg(long = "as", value_enum, value_name = "KIND")]
    kind: Option<Kind>,

    #[command(flatten)]
    rules: RuleSelection,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    let mut status = ExitStatus::Clean;
    let Args { paths, with_unsafe, yes, kind, rules } = args;
    let mut selection = Selection { paths: Vec::new(), kind, root: None, rules };
    for path in paths {
        // Each by itself: a file is then found again in its own folder.
        selection.paths = vec![path];
        status = status.max(fix_path(&selection, with_unsafe, yes)?);
    }
    Ok(status)
}

fn fix_path(selection: &Selection, with_unsafe: bool, yes: bool) -> Result<ExitStatus> {
    let mut status = ExitStatus::Clean;
    // Drafts and headers rest on what manifests say, so that those are put right first.
    let mut safe_first = yes && with_unsafe;
    for pass in 0..MOST_PASSES {
        let (_, outcome, root) = road::checked(selection)?;
        let mut plan = fix::plan(&outcome.findings, &root, with_unsafe && !safe_first);
        if pass == 0 {
            for part in &outcome.coverage.not_read {
                let text = format!("not read: {}: {}; {}", part.uri, part.reason, part.remedy);
                eprintln!("{}", without_controls(&text));
                status = ExitStatus::NotRead;
            }
        }
        if plan.is_empty() && std::mem::take(&mut safe_first) {
            plan = fix::plan(&outcome.findings, &root, with_unsafe);
        }
        if pass == 0 && !with_unsafe && plan.held_back > 0 {
            eprintln!("{} fixes may change meaning: see them with --unsafe", plan.held_back);
        }
        if plan.is_empty() {
            return Ok(said(&plan, status));
        }
        show(&plan.diff())?;
        if !yes && !agreed(&plan, &root)? {
            return Ok(said(&plan, status.max(ExitStatus::Findings)));
        }
        let planned = plan.files.len();
        let written = plan.write();
        for file in &written {
            eprintln!("fixed: {}", without_controls(file));
        }
        // What could not be written this time is not tried again.
        if written.len() < planned {
            return Ok(said(&plan, status));
        }
    }
    eprintln!("There may be more to fix: run the command again");
    Ok(status.max(ExitStatus::Findings))
}

/// Says what could not be done.
fn said(plan: &fix::Plan, status: ExitStatus) -> ExitStatus {
    for (uri, reason) in &plan.refused {
        eprintln!("not fixed: {}: {}", without_controls(uri), without_controls(reason));
    }
    if plan.refused.is_empty() { status } else { ExitStatus::NotRead }
}

/// Prints the diff: as it is into a file or pipe, so that it can be applied; for a terminal without what would
/// steer it.
fn show(diff: &str) -> Result<()> {
    if !std::io::stdout().is_terminal() {
        return super::print(diff);
    }
    let lines = diff.lines().map(|line| format!("{}\n", without_controls(line)));
    super::print(&lines.collect::<String>())
}

/// Asks whoever sits at the terminal. Nobody there means no.
fn agreed(plan: &fix::Plan, root: &Path) -> Result<bool> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Ok(false);
    }
    let place = root.display().to_string();
    eprint!("Change {} files in {}? [y/N] ", plan.files.len(), without_controls(&place));
    std::io::stderr().flush().into_diagnostic()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).into_diagnostic()?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
