//! How a project presents itself: its README and the documents that it publishes.

use memchr::memmem;

use super::super::found::{Found, whole_file};
use super::super::message::Values;
use crate::finding::Related;
use crate::lang::Lang;
use crate::language;
use crate::repository::{PathClass, Repository, RepositoryKind};

/// No README, in a repository that holds more than a pointer.
pub fn without_readme(repository: &Repository) -> Vec<Found> {
    if repository.facts.kind == RepositoryKind::Stub || repository.facts.readme().is_some() {
        return Vec::new();
    }
    let manifest = repository.packages.iter().map(|package| package.path.as_str()).find(|path| !path.contains('/'));
    let first = repository.files.iter().map(|file| file.path.as_str()).find(|path| !path.starts_with('.'));
    let Some(path) = manifest.or(first) else { return Vec::new() };
    let mut found = Found::at(whole_file(path, &repository.text(path).unwrap_or_default()), Values::new());
    found.absence = true;
    vec![found]
}

/// Characters of a README from which on its language can be told.
const LONG_ENOUGH: usize = 150;

/// A README in another language than English, without one in English.
pub fn documentation_language(repository: &Repository) -> Vec<Found> {
    let of = |path: &String| {
        let text = repository.text(path).unwrap_or_default();
        let lang = (text.chars().count() >= LONG_ENOUGH).then(|| language::language_of(&text)).flatten();
        (lang, text)
    };
    let readmes = repository.facts.paths("readme");
    let Some(first) = readmes.first() else { return Vec::new() };
    let (Some(lang), text) = of(first) else { return Vec::new() };
    let is_english = |path: &String| {
        let name = path.to_ascii_lowercase();
        [".en.", "-en.", "_en.", "_en-", "/en/"].iter().any(|part| name.contains(part)) || of(path).0 == Some(Lang::EN)
    };
    if lang == Lang::EN || readmes.iter().skip(1).any(is_english) {
        return Vec::new();
    }
    vec![Found::at(whole_file(first, &text), Values::from([("language", lang.as_str().to_owned())]))]
}

/// Most PDF files that are looked into, and most that a finding names besides the first.
const MOST_PDFS: usize = 50;
const MOST_RELATED: usize = 10;

/// Bytes within which readers look for a PDF's header (ISO 32000-1, Annex H).
const HEAD: usize = 1024;

/// What a PDF is written from.
const SOURCES: [&str; 9] = ["odt", "odp", "ods", "md", "tex", "adoc", "rst", "typ", "html"];

/// PDF files that declare neither PDF/A nor PDF/UA in their metadata (ISO 19005-1, 6.7.11; ISO 14289-1, 5), and
/// whose source does not stand beside them. One finding.
pub fn not_archival(repository: &Repository) -> Vec<Found> {
    let has_source = |path: &str| {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        SOURCES.iter().any(|extension| repository.file(&format!("{stem}.{extension}")).is_some())
    };
    let pdfs = repository.files.iter().filter(|file| {
        matches!(file.class, PathClass::Source | PathClass::Docs)
            && file.path.to_ascii_lowercase().ends_with(".pdf")
            && !has_source(&file.path)
    });
    let plain: Vec<&str> = pdfs
        .take(MOST_PDFS)
        .filter(|file| {
            let bytes = repository.bytes(&file.path).unwrap_or_default();
            let declares = |word: &[u8]| memmem::find(&bytes, word).is_some();
            // What Git LFS keeps elsewhere is a pointer of some lines, of which nothing can be said.
            let is_pdf = memmem::find(&bytes[..bytes.len().min(HEAD)], b"%PDF-").is_some();
            is_pdf && !declares(b"pdfaid") && !declares(b"pdfuaid")
        })
        .map(|file| file.path.as_str())
        .collect();
    let Some(first) = plain.first() else { return Vec::new() };
    let values = Values::from([("path", (*first).to_owned()), ("count", plain.len().to_string())]);
    let mut found = Found::at(whole_file(first, ""), values);
    let others = plain.iter().skip(1).take(MOST_RELATED);
    found.related =
        others.map(|path| Related { location: whole_file(path, ""), message: (*path).to_owned() }).collect();
    vec![found]
}
