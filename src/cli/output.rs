//! Where reports go: standard output in one format, files in others.

use std::io::IsTerminal;
use std::path::PathBuf;

use acquis::report::{self, Format, Look, Report};
use clap::ValueEnum;
use miette::{IntoDiagnostic, Result, WrapErr};

#[derive(clap::Args)]
pub struct Output {
    /// Format of the report on standard output
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,

    /// Write the report to a file as well; may be given several times
    #[arg(long, value_parser = target_of, value_name = "FORMAT=PATH")]
    output: Vec<(Format, PathBuf)>,
}

impl Output {
    /// Writes the files, then standard output.
    ///
    /// # Errors
    /// A file that can't be written; standard output that nobody reads.
    pub fn write(&self, report: &Report) -> Result<()> {
        for (format, path) in &self.output {
            std::fs::write(path, report::render(report, *format, Look::Plain))
                .into_diagnostic()
                .wrap_err_with(|| format!("the report can't be written to {}", path.display()))?;
        }
        super::print(&report::render(report, self.format, look()))
    }
}

fn target_of(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, path) = text.split_once('=').ok_or("FORMAT=PATH is expected: sarif=acquis.sarif")?;
    if path.is_empty() {
        return Err("FORMAT=PATH is expected, and the path is empty".to_owned());
    }
    Ok((Format::from_str(format, false).map_err(|_| unknown_format(format))?, PathBuf::from(path)))
}

fn unknown_format(format: &str) -> String {
    let names: Vec<_> = Format::value_variants()
        .iter()
        .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
        .collect();
    format!("`{format}` is no format: {}", names.join(", "))
}

/// Drawn on a terminal, plain elsewhere and where NO_COLOR is set (<https://no-color.org>).
fn look() -> Look {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    if no_color || dumb || !std::io::stdout().is_terminal() {
        return Look::Plain;
    }
    let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    Look::Graphical { width }
}
