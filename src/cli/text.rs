//! `acquis text FILE`: what acquis reads, so that everybody can see it.

use std::fmt::Write;
use std::path::PathBuf;

use acquis::document::{Document, Format, Health, NotRead};
use acquis::report::without_controls;
use miette::{IntoDiagnostic, Result};

use super::{ExitStatus, road};

/// Print the text of a document as acquis reads it, one line a block; `-` is standard input
#[derive(clap::Args)]
pub struct Args {
    file: PathBuf,

    /// Before each line its number and its place: section, page, cell
    #[arg(long)]
    places: bool,

    /// Instead of the text, tell as JSON how well the document could be read
    #[arg(long, conflicts_with = "places")]
    health: bool,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    let (documents, not_read) = road::documents_of(&args.file)?;
    let out = match args.health {
        true => health(&documents, &not_read)?,
        false => texts(&documents, args.places),
    };
    super::print(&out)?;
    for part in &not_read {
        eprintln!("{}", without_controls(&part.to_string()));
    }
    Ok(if not_read.is_empty() && !documents.is_empty() { ExitStatus::Clean } else { ExitStatus::NotRead })
}

/// The text of all documents, under their names where there are several.
fn texts(documents: &[Document], places: bool) -> String {
    let mut out = String::new();
    for document in documents {
        if documents.len() > 1 {
            let name = document.member.as_deref().unwrap_or(&document.uri);
            let _ = writeln!(out, "== {}", without_controls(name));
        }
        out.push_str(&if places { with_places(document) } else { shown(document) });
    }
    out
}

fn shown(document: &Document) -> String {
    document.blocks.iter().map(|block| format!("{}\n", without_controls(&block.text))).collect()
}

fn with_places(document: &Document) -> String {
    let mut out = String::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let place = document.place(index);
        let _ = writeln!(out, "{}\t{}\t{}", index + 1, without_controls(&place), without_controls(&block.text));
    }
    out
}

/// The reading health of one document.
#[derive(serde::Serialize)]
struct HealthOf<'d> {
    uri: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<&'d str>,
    format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'d str>,
    blocks: usize,
    words: usize,
    #[serde(flatten)]
    health: &'d Health,
}

/// What `--health` prints.
#[derive(serde::Serialize)]
struct Healths<'d> {
    documents: Vec<HealthOf<'d>>,
    not_read: &'d [NotRead],
}

fn health(documents: &[Document], not_read: &[NotRead]) -> Result<String> {
    let documents = documents.iter().map(|document| HealthOf {
        uri: &document.uri,
        member: document.member.as_deref(),
        format: document.format,
        language: document.language.as_ref().map(|language| language.as_str()),
        blocks: document.blocks.len(),
        words: document.blocks.iter().map(|block| block.text.split_whitespace().count()).sum(),
        health: &document.health,
    });
    let healths = Healths { documents: documents.collect(), not_read };
    Ok(serde_json::to_string_pretty(&healths).into_diagnostic()? + "\n")
}
