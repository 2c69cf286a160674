//! What a repository that sets out to follow REUSE lacks.

use super::super::found::{Found, whole_file};
use super::super::message::Values;
use crate::finding::{Level, Related};
use crate::licence::reuse;
use crate::repository::Repository;

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
    let mut add = |variant: Option<&'static str>, licence: &str, files: &[String]| {
        found.extend(gap(repository, variant, licence, files));
    };
    add(None, "", &report.without_licence);
    add(Some("copyright"), "", &report.without_copyright);
    for (id, files) in &report.missing_texts {
        add(Some("text-missing"), id, files);
    }
    for (variant, texts) in [
        ("text-unused", &report.unused_texts),
        ("text-name", &report.bad_texts),
        ("text-name", &report.texts_without_extension),
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
