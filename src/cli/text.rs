//! `acquis text FILE`: what acquis reads, so that everybody can see it.

use std::fmt::Write;
use std::path::PathBuf;

use acquis::document::{Document, Format, Health, NotRead};
use acquis::lang::Lang;
use acquis::report::without_controls;
use miette::{IntoDiagnostic, Result};

use super::selection::lang_of_the_environment;
use super::{ExitStatus, road};

/// Print the text of a document as acquis reads it; `-` is standard input
///
/// One line a block: its number, which findings name as the line; its place (section, page, table and cell,
/// paragraph); its text. Tabs stand between the three, in a terminal and in a pipe alike.
#[derive(clap::Args)]
pub struct Args {
    file: PathBuf,

    /// The text alone, without numbers and places
    #[arg(long)]
    plain: bool,

    /// Instead of the text, tell as JSON how well the document could be read
    #[arg(long, conflicts_with = "plain")]
    health: bool,

    /// Language of the places and of what was not read: en, fr, de, nl, da, el, it, es
    #[arg(long, value_name = "CODE")]
    lang: Option<Lang>,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    let (mut documents, mut not_read) = road::documents_of(&args.file)?;
    let lang = args.lang.or_else(lang_of_the_environment).unwrap_or(Lang::EN);
    not_read.iter_mut().for_each(|part| part.speak(lang));
    documents.iter_mut().for_each(|document| document.health.speak(lang));
    let out = match args.health {
        true => health(&documents, &not_read)?,
        false => texts(&documents, |document| if args.plain { plain(document) } else { with_places(document, lang) }),
    };
    super::print(&out)?;
    for part in &not_read {
        eprintln!("{}", without_controls(&part.to_string()));
    }
    Ok(if not_read.is_empty() && !documents.is_empty() { ExitStatus::Clean } else { ExitStatus::NotRead })
}

/// The text of all documents, under their names where there are several.
fn texts(documents: &[Document], shown: impl Fn(&Document) -> String) -> String {
    let mut out = String::new();
    for document in documents {
        if documents.len() > 1 {
            let name = document.member.as_deref().unwrap_or(&document.uri);
            let _ = writeln!(out, "== {}", without_controls(name));
        }
        out.push_str(&shown(document));
    }
    out
}

fn plain(document: &Document) -> String {
    document.blocks.iter().map(|block| format!("{}\n", without_controls(&block.text))).collect()
}

fn with_places(document: &Document, lang: Lang) -> String {
    let mut out = String::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let place = document.place(index, lang);
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
