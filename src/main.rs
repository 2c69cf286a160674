//! The program `acquis`: reads what the user asks for, runs it, gives its exit status.

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()) {
        Ok(status) => status.into(),
        // Whoever reads our output may stop when they have seen enough.
        Err(error) if cli::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            cli::ExitStatus::Wrong.into()
        }
    }
}
