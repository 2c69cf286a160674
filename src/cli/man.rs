//! `acquis man`: the manual pages.

use std::path::PathBuf;

use clap::CommandFactory;
use clap_mangen::Man;
use miette::{IntoDiagnostic, Result, WrapErr};

use super::{Cli, ExitStatus};

/// Print the manual page, or write one page a command into a folder
#[derive(clap::Args)]
pub struct Args {
    /// Folder for the pages: `acquis man /usr/local/share/man/man1`
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    match args.folder {
        Some(folder) => clap_mangen::generate_to(Cli::command(), &folder)
            .into_diagnostic()
            .wrap_err_with(|| format!("the pages can't be written to {}", folder.display()))?,
        None => {
            let mut page = Vec::new();
            Man::new(Cli::command()).render(&mut page).into_diagnostic()?;
            super::print(&String::from_utf8_lossy(&page))?;
        }
    }
    Ok(ExitStatus::Clean)
}
