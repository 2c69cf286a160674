//! `acquis text FILE`: what acquis reads, so that everybody can see it.

use std::fmt::Write;
use std::path::PathBuf;

use acquis::document::Document;
use acquis::report::without_controls;
use miette::Result;

use super::{ExitStatus, road};

/// Print the text of a document as acquis reads it, one line a block; `-` is standard input
#[derive(clap::Args)]
pub struct Args {
    file: PathBuf,

    /// Before each line its number and its place: section, page, cell
    #[arg(long)]
    places: bool,

    /// Instead of the text, tell how well the document could be read
    #[arg(long, conflicts_with = "places")]
    health: bool,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    let (documents, not_read) = road::documents_of(&args.file)?;
    let mut out = String::new();
    for document in &documents {
        if documents.len() > 1 {
            let name = document.member.as_deref().unwrap_or(&document.uri);
            let _ = writeln!(out, "== {}", without_controls(name));
        }
        out.push_str(&match (args.health, args.places) {
            (true, _) => health(document),
            (false, true) => with_places(document),
            (false, false) => shown(document),
        });
    }
    super::print(&out)?;
    for part in &not_read {
        eprintln!("{}", without_controls(&part.to_string()));
    }
    Ok(if not_read.is_empty() && !documents.is_empty() { ExitStatus::Clean } else { ExitStatus::NotRead })
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

fn health(document: &Document) -> String {
    let words: usize = document.blocks.iter().map(|block| block.text.split_whitespace().count()).sum();
    let mut out = format!("blocks: {}\nwords: {words}\n", document.blocks.len());
    if let Some(pages) = document.health.pages {
        let _ = writeln!(out, "pages: {pages}");
    }
    for note in &document.health.notes {
        let mark = if note.kind.is_unread() { "not read" } else { "remark" };
        let _ = writeln!(out, "{mark}: {}", without_controls(&note.detail));
    }
    out
}
