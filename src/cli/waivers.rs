//! `acquis waivers`: comply or explain.

use std::path::PathBuf;

use acquis::report::explain_waivers;
use miette::Result;

use super::ExitStatus;
use super::selection::RuleSelection;

/// Print the waivers of the policy as paragraphs for the file: what stands, why, who decided, until when
#[derive(clap::Args)]
pub struct Args {
    /// Folder with acquis.yml
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,

    #[command(flatten)]
    selection: RuleSelection,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    let frame = args.selection.frame(&[args.folder])?;
    super::print(&explain_waivers(&frame.policy.waivers, &frame.cards(), frame.as_of, frame.lang))?;
    Ok(ExitStatus::Clean)
}
