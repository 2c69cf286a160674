//! `acquis licence PATH…`: which licence files are under, for scripts.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use acquis::licence::{self, Identification, Kind, Region, TagKind, Verdict};
use acquis::report::without_controls;
use ignore::WalkBuilder;
use miette::Result;

use super::ExitStatus;

/// Print the licence of files as an SPDX expression, and what was changed in their licence texts
///
/// For a folder, the files below it whose names are those of licence texts. A text that was changed stands as
/// LicenseRef-ID-changed; NOASSERTION means that no licence was recognised.
#[derive(clap::Args)]
pub struct Args {
    #[arg(required = true)]
    paths: Vec<PathBuf>,

    /// Only the expressions, one a line, in the order of the files
    #[arg(long)]
    plain: bool,
}

pub fn run(args: Args) -> Result<ExitStatus> {
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
        Verdict::Unmodified => format!("{what}{id}{language}, unmodified"),
        Verdict::Changed(_) => format!("{what}{id}{language}, changed"),
        Verdict::Incomplete { coverage, .. } => format!("{what}{id}{language}, incomplete ({:.0} %)", coverage * 100.0),
        Verdict::NamesOnly => format!("names {id}, but is another text"),
        Verdict::Unknown => "no licence that is known".to_owned(),
    }
}
