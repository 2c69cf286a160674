//! `acquis completions SHELL`.

use clap::CommandFactory;
use clap_complete::Shell;
use miette::Result;

use super::{Cli, ExitStatus};

/// Print a completion script: `acquis completions bash > ~/.local/share/bash-completion/completions/acquis`
#[derive(clap::Args)]
pub struct Args {
    #[arg(value_enum)]
    shell: Shell,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "acquis", &mut script);
    super::print(&String::from_utf8_lossy(&script))?;
    Ok(ExitStatus::Clean)
}
