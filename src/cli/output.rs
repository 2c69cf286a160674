//! Where reports go: standard output in one format, files in others.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use acquis::finding::{Finding, Outcome};
use acquis::lang::Lang;
use acquis::report::{self, Format, Look, Report, Stream, Summary};
use acquis::rule::RuleCard;
use clap::ValueEnum;
use miette::Result;

use super::ExitStatus;

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
    /// Begins the reports. Those that are written in parts are begun, the others wait for their findings.
    ///
    /// # Errors
    /// A file that can't be written.
    pub fn open<'a>(&self, rules: &'a [RuleCard]) -> Result<Sink<'a>> {
        let mut streams = Vec::new();
        let mut rest = Vec::new();
        for (format, path) in &self.output {
            if Stream::new(*format, rules, std::io::sink()).is_none() {
                rest.push((*format, Some(path.clone())));
                continue;
            }
            let (file, target) = Target::open(path)?;
            let out: Box<dyn Write> = Box::new(BufWriter::new(file));
            streams.extend(Stream::new(*format, rules, out).map(|stream| (stream, Some(target))));
        }
        let stdout: Box<dyn Write> = Box::new(BufWriter::new(std::io::stdout()));
        match Stream::new(self.format, rules, stdout) {
            Some(stream) => streams.push((stream, None)),
            None => rest.push((self.format, None)),
        }
        // `None` where a format needs them all.
        let most = rest.iter().map(|(format, _)| format.shows()).try_fold(0, |most, shows| Some(most.max(shows?)));
        Ok(Sink { streams, rest, most, findings: Vec::new(), summary: Summary::default() })
    }
}

/// A report that is being written somewhere.
type Writing<'a> = Stream<'a, Box<dyn Write>>;

/// The reports of a run under way.
pub struct Sink<'a> {
    /// Reports that are written in parts; those without a file go to standard output.
    streams: Vec<(Writing<'a>, Option<Target>)>,
    /// Reports that are written at the end, likewise.
    rest: Vec<(Format, Option<PathBuf>)>,
    /// How many findings the latter need; `None` for all.
    most: Option<usize>,
    findings: Vec<Finding>,
    summary: Summary,
}

impl Sink<'_> {
    /// Takes in findings, in the order of the report.
    pub fn take(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            self.summary.add(finding.level);
            let finding = if self.streams.is_empty() { finding } else { report::cleaned(finding) };
            self.streams.iter_mut().for_each(|(stream, _)| stream.finding(&finding));
            if self.most.is_none_or(|most| self.findings.len() < most) {
                self.findings.push(finding);
            }
        }
    }

    /// The counts so far.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Ends the reports, files first. `outcome` has all but the findings.
    ///
    /// # Errors
    /// A file that can't be written; standard output that nobody reads.
    pub fn end(mut self, outcome: Outcome, rules: &[RuleCard], status: ExitStatus, lang: Lang) -> Result<()> {
        let summary = self.summary.with(&outcome);
        let outcome = Outcome { findings: std::mem::take(&mut self.findings), ..outcome };
        let report = Report::counted(outcome, summary, rules, status as u8, lang);
        let mut last = None;
        for (stream, target) in self.streams {
            match target {
                Some(target) => target.keep(stream.end(&report))?,
                None => last = Some(stream),
            }
        }
        for (format, path) in self.rest {
            match path {
                Some(path) => std::fs::write(&path, report::render(&report, format, Look::Plain))
                    .map_err(|error| cannot_write(&path, error))?,
                None => super::print(&report::render(&report, format, look()))?,
            }
        }
        last.map_or(Ok(()), |stream| super::written(stream.end(&report)))
    }
}

/// A file that is written while the check runs. It gets its name when it is whole, so that no half of a report is
/// taken for one, and the check doesn't read what it writes.
struct Target {
    /// The name while it is written, and the name it gets; `None` for what is no regular file.
    names: Option<(PathBuf, PathBuf)>,
    path: PathBuf,
}

impl Target {
    fn open(path: &Path) -> Result<(File, Target)> {
        let special = std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".part");
        let unfinished = PathBuf::from(unfinished);
        let file = if special { File::options().write(true).open(path) } else { File::create(&unfinished) };
        let names = (!special).then(|| (unfinished, path.to_owned()));
        let file = file.map_err(|error| cannot_write(path, error))?;
        Ok((file, Target { names, path: path.to_owned() }))
    }

    fn keep(self, written: std::io::Result<()>) -> Result<()> {
        let kept = written.and_then(|()| match &self.names {
            Some((unfinished, path)) => std::fs::rename(unfinished, path),
            None => Ok(()),
        });
        kept.map_err(|error| cannot_write(&self.path, error))
    }
}

fn cannot_write(path: &Path, error: std::io::Error) -> miette::Report {
    miette::Report::from_err(error).wrap_err(format!("the report can't be written to {}", path.display()))
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
pub fn look() -> Look {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    if no_color || dumb || !std::io::stdout().is_terminal() {
        return Look::Plain;
    }
    let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    Look::Graphical { width }
}
