//! What a repository that sets out to follow REUSE lacks.

use super::super::found::{Found, whole_file};
use super::super::message::Values;
use crate::finding::{Edit, FileChange, Level, Region, Related};
use crate::licence::reuse::{self, ReuseReport};
use crate::licence::{self, TagKind};
use crate::repository::{DeclarationKind, Repository, header};

/// Most files that a finding names besides the first.
const MOST_RELATED: usize = 10;

/// One finding a kind of gap and licence, with the first files that have it. Nothing for a repository that has
/// neither `LICENSES/` nor a REUSE.toml.
pub fn gaps(repository: &Repository) -> Vec<Found> {
    if !reuse::is_adopted(repository.root()) {
        return Vec::new();
    }
    let report = reuse::lint(repository.root());
    let mut found = Vec::new();
    let headers = Headers::of(repository, &report);
    for (variant, files) in [(None, &report.without_licence), (Some("copyright"), &report.without_copyright)] {
        if let Some(mut gap) = gap(repository, variant, "", files) {
            headers.put(repository, &report, variant, files, &mut gap);
            found.push(gap);
        }
    }
    for (id, files) in &report.missing_texts {
        if let Some(mut gap) = gap(repository, Some("text-missing"), id, files) {
            gap.files.extend(licence_text(id));
            found.push(gap);
        }
    }
    for (id, path) in report.texts_without_extension.iter().chain(&report.bad_texts) {
        if let Some(mut gap) = gap(repository, Some("text-name"), id, std::slice::from_ref(path)) {
            gap.files.extend(renamed(id, path));
            found.push(gap);
        }
    }
    let mut add = |variant: Option<&'static str>, licence: &str, files: &[String]| {
        found.extend(self::gap(repository, variant, licence, files));
    };
    for (variant, texts) in [
        ("text-unused", &report.unused_texts),
        ("text-deprecated", &report.deprecated_texts),
        ("not-read", &report.not_read),
    ] {
        for (id, other) in texts {
            // What was not read has its path first, the reason second.
            let path = if variant == "not-read" { id } else { other };
            add(Some(variant), if variant == "not-read" { other } else { id }, std::slice::from_ref(path));
        }
    }
    for (path, expressions) in &report.invalid_expressions {
        for expression in expressions {
            add(Some("expression"), expression, std::slice::from_ref(path));
        }
    }
    found
}

fn gap(repository: &Repository, variant: Option<&'static str>, licence: &str, files: &[String]) -> Option<Found> {
    let first = files.first()?;
    let location = |path: &String| whole_file(path, &repository.text(path).unwrap_or_default());
    let values =
        Values::from([("licence", licence.to_owned()), ("count", files.len().to_string()), ("path", first.clone())]);
    let mut found = Found::at(location(first), values);
    found.variant = variant;
    found.absence = !matches!(variant, Some("text-unused" | "text-name" | "text-deprecated" | "expression"));
    if variant == Some("text-unused") {
        found.level = Some(Level::Note);
    }
    found.related = files
        .iter()
        .skip(1)
        .take(MOST_RELATED)
        .map(|path| Related { location: location(path), message: path.clone() })
        .collect();
    Some(found)
}

/// The text of a licence or exception of the SPDX list, as a file of `LICENSES/`.
fn licence_text(id: &str) -> Option<FileChange> {
    let known = licence::canonical_id(id).is_some_and(|known| known == id);
    let text = spdx::license_id(id).filter(|_| known).map(|licence| licence.text());
    let text = text.or_else(|| spdx::exception_id(id).map(|exception| exception.text()))?;
    let end = if text.ends_with('\n') { "" } else { "\n" };
    Some(FileChange::Create { uri: format!("LICENSES/{id}.txt"), text: format!("{text}{end}"), safe: true })
}

/// A licence text under the right name: the list's spelling, and an extension.
fn renamed(id: &str, path: &str) -> Option<FileChange> {
    let (folder, name) = path.rsplit_once('/')?;
    let known = licence::canonical_id(id)?;
    let extension = name.strip_prefix(id)?;
    let extension = if extension.is_empty() { ".txt" } else { extension };
    let to = format!("{folder}/{known}{extension}");
    (to != path).then(|| FileChange::Rename { uri: path.to_owned(), to, safe: true })
}

/// Most files of one finding that get a header. Fixing again makes the rest.
const MOST_HEADERS: usize = 1_000;

/// What a header would say, as far as the repository says it elsewhere without contradiction.
struct Headers {
    licence: Option<String>,
    copyright: Option<String>,
}

impl Headers {
    fn of(repository: &Repository, report: &ReuseReport) -> Headers {
        let nothing_lacks = report.without_licence.is_empty() && report.without_copyright.is_empty();
        if nothing_lacks {
            return Headers { licence: None, copyright: None };
        }
        let licence = repository.declared_licence().or_else(|| the_one(tagged(repository)));
        Headers { licence, copyright: the_one(copyrights(repository)) }
    }

    /// Adds headers to the files of a finding. A file that lacks both is one of those without a licence.
    fn put(
        &self,
        repository: &Repository,
        report: &ReuseReport,
        variant: Option<&'static str>,
        files: &[String],
        found: &mut Found,
    ) {
        // Of files by others, and of what a program writes again, the repository's own licence says nothing.
        let is_own = |path: &&String| repository.file(path).is_some_and(|file| file.class.is_own());
        for path in files.iter().filter(is_own).take(MOST_HEADERS) {
            let lacks_licence = report.without_licence.binary_search(path).is_ok();
            let lacks_copyright = report.without_copyright.binary_search(path).is_ok();
            if variant.is_some() && lacks_licence {
                continue;
            }
            let (licence, copyright) = (self.licence.as_ref(), self.copyright.as_ref());
            // Half a header would have to be touched again.
            if lacks_licence && licence.is_none() || lacks_copyright && copyright.is_none() {
                return;
            }
            let copyright = copyright.filter(|_| lacks_copyright).map(|holder| format!("{COPYRIGHT} {holder}"));
            let licence = licence.filter(|_| lacks_licence).map(|id| format!("{IDENTIFIER} {id}"));
            let tags: Vec<String> = copyright.into_iter().chain(licence).collect();
            let beside = format!("{path}.license");
            if repository.file(&beside).is_some() {
                let text = tags.iter().map(|tag| format!("{tag}\n")).collect();
                found.fix.push(Edit { uri: Some(beside), region: Region::line(1), text, safe: false });
                continue;
            }
            match header::tagged(path, editable(repository, path).as_deref(), &tags, false) {
                Ok(edit) => found.fix.push(edit),
                // A file beside it would take back what the file says itself.
                Err(beside) if lacks_licence && lacks_copyright => found.files.push(beside),
                Err(_) => {}
            }
        }
    }
}

/// The text of a file that is UTF-8, as only such are edited.
fn editable(repository: &Repository, path: &str) -> Option<String> {
    let is_utf8 = repository.bytes(path).is_some_and(|bytes| std::str::from_utf8(&bytes).is_ok());
    repository.text(path).filter(|_| is_utf8)
}

// In two parts, so that this file does not tag itself.
const IDENTIFIER: &str = concat!("SPDX-License", "-Identifier:");
const COPYRIGHT: &str = concat!("SPDX-File", "CopyrightText:");

/// The value, if all are one.
fn the_one(mut values: impl Iterator<Item = String>) -> Option<String> {
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

/// The licences that the tags of files name.
fn tagged(repository: &Repository) -> impl Iterator<Item = String> {
    let headers = repository.declarations.iter().filter(|declaration| {
        declaration.class.is_own() && matches!(declaration.kind, DeclarationKind::Header | DeclarationKind::ReuseToml)
    });
    headers.filter_map(|declaration| {
        let expression = licence::expression(&declaration.value);
        expression.problems.is_empty().then(|| expression.to_string())
    })
}

/// The holders that files with a licence tag name, with the year as they write it.
fn copyrights(repository: &Repository) -> impl Iterator<Item = String> {
    let mut paths: Vec<&str> = repository
        .declarations
        .iter()
        .filter(|declaration| declaration.class.is_own() && declaration.kind == DeclarationKind::Header)
        .map(|declaration| declaration.path.as_str())
        .collect();
    paths.dedup();
    paths.into_iter().flat_map(|path| {
        let text = repository.text(path).unwrap_or_default();
        let tags = licence::tags(&text).into_iter().filter(|tag| tag.kind == TagKind::Copyright);
        tags.map(|tag| tag.value).collect::<Vec<_>>()
    })
}
