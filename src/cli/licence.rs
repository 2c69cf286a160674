//! `acquis licence PATH…`: which licence files are under, for scripts.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use acquis::licence::{self, Identification, Judgement, Kind, LicenceList, Region, TagKind, Verdict};
use acquis::report::without_controls;
use ignore::WalkBuilder;
use miette::Result;

use super::ExitStatus;

/// Print the licence of files as an SPDX expression, and what was changed in their licence texts
///
/// For a folder, the files below it whose names are those of licence texts. A line a file: path, tab, expression;
/// below it each licence text with its lines and whether it is unmodified, changed, incomplete or a licence in name
/// only, and each change with its line. A text that was changed stands as LicenseRef-ID-changed; NOASSERTION means
/// that no licence was recognised.
#[derive(clap::Args)]
pub struct Args {
    #[arg(required = true)]
    paths: Vec<PathBuf>,

    /// Only the expressions, one a line, in the order of the files
    #[arg(long, conflicts_with_all = ["lists", "reuse"])]
    plain: bool,

    /// Which lists of accepted licences hold the expression: OSI, FSF, those of jurisdictions
    #[arg(long)]
    lists: bool,

    /// Whether each folder follows REUSE 3.3, with the verdict of reuse lint; exit status 1 if one does not
    #[arg(long, conflicts_with = "lists")]
    reuse: bool,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    if args.reuse {
        return reuse(&args.paths);
    }
    let mut out = String::new();
    let mut status = ExitStatus::Clean;
    for path in args.paths.iter().flat_map(|path| licence_files(path)) {
        let name = path.display().to_string();
        match fs::read(&path) {
            Ok(bytes) => {
                let (expression, identification) = licence_of(&path, &bytes);
                if args.plain {
                    let _ = writeln!(out, "{}", without_controls(&expression));
                } else {
                    let _ = writeln!(out, "{}\t{}", without_controls(&name), without_controls(&expression));
                    out.push_str(&details(&identification));
                    if args.lists {
                        out.push_str(&lists(&expression));
                    }
                }
            }
            Err(error) => {
                eprintln!("{}: not read: {error}", without_controls(&name));
                status = ExitStatus::NotRead;
            }
        }
    }
    super::print(&out)?;
    Ok(status)
}

/// What each list says on an expression, a line each, as `yes`, `no` or `unknown`.
fn lists(expression: &str) -> String {
    let expression = licence::expression(expression);
    let mut out = String::new();
    for list in LicenceList::built_in() {
        let verdict = match licence::evaluate(&expression, list) {
            Judgement::Open => "yes",
            Judgement::NotOpen => "no",
            Judgement::Unknown => "unknown",
        };
        let _ = writeln!(out, "  {}: {verdict}", list.name);
    }
    out
}

/// Prints what each folder lacks to follow REUSE, a line a gap, and its verdict.
fn reuse(folders: &[PathBuf]) -> Result<ExitStatus> {
    let mut out = String::new();
    let mut status = ExitStatus::Clean;
    for folder in folders {
        if !folder.is_dir() {
            eprintln!("{}: no folder", without_controls(&folder.display().to_string()));
            return Ok(ExitStatus::NotRead);
        }
        let report = licence::reuse::lint(folder);
        let mut line = |path: &str, what: &str| {
            let _ = writeln!(out, "{}: {}", without_controls(path), without_controls(what));
        };
        report.without_licence.iter().for_each(|path| line(path, "no licence"));
        report.without_copyright.iter().for_each(|path| line(path, "no copyright"));
        for (id, files) in &report.missing_texts {
            files.iter().for_each(|path| line(path, &format!("LICENSES/ has no text of {id}")));
        }
        for (texts, what) in [
            (&report.unused_texts, "no file names it"),
            (&report.bad_texts, "its name is no SPDX identifier"),
            (&report.deprecated_texts, "its name is a deprecated SPDX identifier"),
            (&report.texts_without_extension, "its name has no extension"),
        ] {
            texts.values().for_each(|path| line(path, what));
        }
        for (path, expressions) in &report.invalid_expressions {
            expressions.iter().for_each(|expression| line(path, &format!("no SPDX expression: {expression}")));
        }
        report.not_read.iter().for_each(|(path, why)| line(path, why));
        let (verdict, reached) = match report.is_compliant() {
            true => ("compliant", ExitStatus::Clean),
            false => ("not compliant", ExitStatus::Findings),
        };
        let name = folder.display().to_string();
        let _ = writeln!(out, "{}: {verdict} with REUSE 3.3 ({} files)", without_controls(&name), report.files);
        if reached == ExitStatus::Findings {
            status = reached;
        }
    }
    super::print(&out)?;
    Ok(status)
}

/// The file itself, or the licence texts below a folder, sorted.
fn licence_files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let walk = WalkBuilder::new(path).hidden(false).filter_entry(|entry| entry.file_name() != ".git").build();
    let mut files: Vec<PathBuf> = walk
        .flatten()
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()) && is_licence_name(entry.path()))
        .map(ignore::DirEntry::into_path)
        .collect();
    files.sort();
    files
}

/// Whether a file is there to hold a licence: by its name, or since it stands in `LICENSES/`.
fn is_licence_name(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_uppercase()).unwrap_or_default();
    let named =
        ["LICENSE", "LICENCE", "COPYING", "UNLICENSE", "LICENTIE", "LIZENZ"].iter().any(|word| name.contains(word));
    named || path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "LICENSES")
}

/// Whether what stands beside a licence in a file is judged: in a licence file, and in a plain text, which holds
/// nothing else when it is named on the command line.
fn is_all_licence(path: &Path) -> bool {
    is_licence_name(path) || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("txt"))
}

/// The expression of one file: of a licence file its texts and all that stands beside them; of another file what
/// its tags or notices say.
fn licence_of(path: &Path, bytes: &[u8]) -> (String, Identification) {
    let none = || "NOASSERTION".to_owned();
    if is_all_licence(path) {
        let identification = licence::identify(bytes);
        return (licence::expression_of(&identification).unwrap_or_else(none), identification);
    }
    let tags = licence::headers(bytes);
    let said = |kind| {
        let mut values: Vec<String> = Vec::new();
        for tag in tags.iter().filter(|tag| tag.kind == kind) {
            let expression = licence::expression(&tag.value).to_string();
            if !expression.is_empty() && !values.contains(&expression) {
                values.push(expression);
            }
        }
        (!values.is_empty()).then(|| values.join(" AND "))
    };
    if let Some(tagged) = said(TagKind::Identifier) {
        return (tagged, Identification::default());
    }
    let identification = licence::identify_within(bytes);
    let expression = licence::expression_of(&identification).or_else(|| said(TagKind::Notice)).unwrap_or_else(none);
    (expression, identification)
}

/// The verdict on each text, and each change with its line.
fn details(identification: &Identification) -> String {
    let mut out = String::new();
    for region in &identification.regions {
        let changes = match &region.verdict {
            Verdict::Changed(changes) | Verdict::Incomplete { changes, .. } => changes.as_slice(),
            _ => &[],
        };
        let _ = writeln!(out, "  {}-{}: {}", region.first_line, region.last_line, verdict(region));
        for change in changes {
            let what = match change.kind {
                licence::ChangeKind::Added => "added",
                licence::ChangeKind::Removed => "removed",
            };
            let _ = writeln!(out, "    {}: {what}: {}", change.line, without_controls(&change.text));
        }
    }
    out
}

fn verdict(region: &Region) -> String {
    let id = region.ids.join(" or ");
    let language = if matches!(region.language, "" | "en") { String::new() } else { format!(" ({})", region.language) };
    let what = match region.kind {
        Kind::Licence => "",
        Kind::Exception => "exception ",
        Kind::Header => "notice of ",
    };
    match &region.verdict {
        // A licence outside the bundled texts.
        Verdict::Unmodified if region.language.is_empty() => format!("{id}, by a phrase of its text"),
        Verdict::Unmodified => format!("{what}{id}{language}, unmodified"),
        Verdict::Changed(_) => format!("{what}{id}{language}, changed"),
        Verdict::Incomplete { coverage, .. } => format!("{what}{id}{language}, incomplete ({:.0} %)", coverage * 100.0),
        Verdict::NamesOnly => format!("names {id}, but is another text"),
        Verdict::Unknown => "no licence that is known".to_owned(),
    }
}
