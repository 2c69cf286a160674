//! REUSE 3.3: whether every file of a repository says its copyright holder and licence, and every licence named
//! has its text (<https://reuse.software/spec-3.3/>).
//!
//! The verdict is that of the `reuse lint` tool. A file's information comes from `FILE.license`, else from its own
//! text, and from REUSE.toml files or `.reuse/dep5` by their precedence.

mod annotations;
mod covered;
mod index;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use super::table;
use super::tag::{self, TagKind};
use super::text::decode;
use annotations::{Annotations, Information, Precedence};

/// What `reuse lint` would say. Paths are relative to the root, `/` between parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReuseReport {
    /// How many files need information.
    pub files: usize,
    pub without_licence: Vec<String>,
    pub without_copyright: Vec<String>,
    /// Per id that has no text in `LICENSES/`: the files that name it.
    pub missing_texts: BTreeMap<String, Vec<String>>,
    /// Texts in `LICENSES/` that no file names.
    pub unused_texts: BTreeMap<String, String>,
    /// Texts in `LICENSES/` whose name is no SPDX id and no `LicenseRef-`.
    pub bad_texts: BTreeMap<String, String>,
    pub deprecated_texts: BTreeMap<String, String>,
    /// Texts in `LICENSES/` without an extension.
    pub texts_without_extension: BTreeMap<String, String>,
    /// Per file: expressions that can't be read.
    pub invalid_expressions: BTreeMap<String, Vec<String>>,
    /// Files that can't be read, and REUSE.toml or dep5 files that are wrong, with the reason.
    pub not_read: BTreeMap<String, String>,
}

impl ReuseReport {
    /// Whether the repository follows REUSE.
    pub fn is_compliant(&self) -> bool {
        self.without_licence.is_empty()
            && self.without_copyright.is_empty()
            && self.missing_texts.is_empty()
            && self.unused_texts.is_empty()
            && self.bad_texts.is_empty()
            && self.deprecated_texts.is_empty()
            && self.texts_without_extension.is_empty()
            && self.invalid_expressions.is_empty()
            && self.not_read.is_empty()
    }
}

/// Whether a repository sets out to follow REUSE at all.
pub fn is_adopted(root: &Path) -> bool {
    ["LICENSES", "REUSE.toml", ".reuse"].iter().any(|name| root.join(name).exists())
}

/// Most bytes of a file that are looked at; information stands at the top, and longer files are data.
const MOST_BYTES: u64 = 8 << 20;

/// Checks the work tree below `root`.
pub fn lint(root: &Path) -> ReuseReport {
    let mut report = ReuseReport::default();
    let texts = texts(root, &mut report);
    let covered = covered::files(root);
    let annotations = match Annotations::read(root, &covered.reuse_tomls) {
        Ok(annotations) => annotations,
        Err((file, reason)) => {
            report.not_read.insert(file, reason);
            return report;
        }
    };
    report.files = covered.files.len();
    let read: Vec<_> = covered.files.par_iter().map(|path| (path, information(root, path, &annotations))).collect();
    let mut used = BTreeSet::new();
    for (path, information) in read {
        match information {
            Ok(information) => collect(&mut report, &mut used, &texts, path, &information),
            Err(error) => {
                report.not_read.insert(path.clone(), error.to_string());
            }
        }
    }
    for (id, path) in texts {
        if !used.contains(&id) && !used.contains(&format!("{id}+")) {
            report.unused_texts.insert(id, path);
        }
    }
    report
}

/// Adds what one file says.
fn collect(
    report: &mut ReuseReport,
    used: &mut BTreeSet<String>,
    texts: &BTreeMap<String, String>,
    path: &str,
    information: &Information,
) {
    let mut licensed = false;
    for expression in &information.expressions {
        let Some(ids) = identifiers(expression) else {
            report.invalid_expressions.entry(path.to_owned()).or_default().push(expression.clone());
            continue;
        };
        for id in ids {
            licensed = true;
            let plain = id.strip_suffix('+').unwrap_or(id);
            if !texts.contains_key(id) && !texts.contains_key(plain) {
                let files = report.missing_texts.entry(id.to_owned()).or_default();
                if files.last().is_none_or(|last| last != path) {
                    files.push(path.to_owned());
                }
            }
            used.insert(id.to_owned());
        }
    }
    if !licensed {
        report.without_licence.push(path.to_owned());
    }
    if !information.copyright {
        report.without_copyright.push(path.to_owned());
    }
}

/// The licences and exceptions of an expression; `None` where it is none. Unlike the reader of expressions, this
/// takes any word for an id, as REUSE does, since an unknown id has its own finding.
fn identifiers(expression: &str) -> Option<Vec<&str>> {
    let mut ids = Vec::new();
    let mut depth = 0;
    let mut expects_operand = true;
    let mut last_was_with = false;
    for token in split(expression) {
        let operator = ["AND", "OR", "WITH"].iter().find(|operator| operator.eq_ignore_ascii_case(token));
        match (token, operator) {
            ("(", _) if expects_operand && !last_was_with => depth += 1,
            (")", _) if !expects_operand && depth > 0 => depth -= 1,
            ("(" | ")", _) => return None,
            (_, Some(operator)) if !expects_operand => {
                expects_operand = true;
                last_was_with = *operator == "WITH";
            }
            (_, None) if expects_operand => {
                ids.push(token);
                expects_operand = false;
                last_was_with = false;
            }
            _ => return None,
        }
    }
    (!expects_operand && depth == 0).then_some(ids)
}

/// Words and parentheses.
fn split(expression: &str) -> impl Iterator<Item = &str> {
    expression
        .split_whitespace()
        .flat_map(|word| {
            word.split_inclusive(['(', ')']).flat_map(|piece| match piece.char_indices().next_back() {
                Some((at, '(' | ')')) => [&piece[..at], &piece[at..]],
                _ => [piece, ""],
            })
        })
        .filter(|token| !token.is_empty())
}

/// The texts of `LICENSES/` by id, and what is wrong with their names.
fn texts(root: &Path, report: &mut ReuseReport) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for path in covered::below(root, "LICENSES") {
        let name = path.rsplit('/').next().unwrap_or(&path);
        let (stem, extension) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((name, ""));
        if extension == "license" {
            continue;
        }
        let id = if !extension.is_empty() && is_known(stem) {
            stem
        } else if is_listed(name) {
            report.texts_without_extension.insert(name.to_owned(), path.clone());
            name
        } else {
            report.bad_texts.insert(stem.to_owned(), path.clone());
            stem
        };
        if table::facts(id).is_some_and(|facts| facts.deprecated) {
            report.deprecated_texts.insert(id.to_owned(), path.clone());
        }
        texts.insert(id.to_owned(), path);
    }
    texts
}

fn is_listed(id: &str) -> bool {
    spdx::license_id(id).is_some() || spdx::exception_id(id).is_some()
}

fn is_known(id: &str) -> bool {
    let reference = id.strip_prefix("LicenseRef-").is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
    });
    is_listed(id) || reference && !id.contains("Unknown")
}

/// What is known of one file.
fn information(root: &Path, path: &str, annotations: &Annotations) -> std::io::Result<Information> {
    let global = annotations.of(path);
    if let Some(override_) = global.iter().find(|(precedence, _)| *precedence == Precedence::Override) {
        let mut information = override_.1.clone();
        for (_, other) in global.iter().filter(|(precedence, _)| *precedence == Precedence::Aggregate) {
            information.add(other);
        }
        return Ok(information);
    }
    let own = of_file(root, path)?;
    let mut information = own.clone();
    for (precedence, other) in &global {
        match precedence {
            Precedence::Aggregate => information.add(other),
            // Fills in what the file does not say itself.
            Precedence::Closest => {
                if own.expressions.is_empty() {
                    information.expressions.extend(other.expressions.iter().cloned());
                }
                information.copyright |= !own.copyright && other.copyright;
            }
            Precedence::Override => {}
        }
    }
    Ok(information)
}

/// What `FILE.license`, or else the file itself, says.
fn of_file(root: &Path, path: &str) -> std::io::Result<Information> {
    let beside = root.join(format!("{path}.license"));
    let file = if beside.exists() { beside } else { root.join(path) };
    let bytes = read(&file)?;
    if bytes.iter().take(2048).any(|byte| *byte == 0)
        && !bytes.starts_with(b"\xff\xfe")
        && !bytes.starts_with(b"\xfe\xff")
    {
        return Ok(Information::default());
    }
    let mut information = Information::default();
    for tag in tag::tags(&decode(&bytes)) {
        match tag.kind {
            TagKind::Identifier => information.expressions.push(tag.value),
            TagKind::Copyright => information.copyright = true,
            _ => {}
        }
    }
    Ok(information)
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_give_their_ids() {
        for (expression, ids) in [
            ("MIT", Some(vec!["MIT"])),
            ("(MIT OR Apache-2.0) AND CC0-1.0", Some(vec!["MIT", "Apache-2.0", "CC0-1.0"])),
            ("GPL-2.0-only WITH Classpath-exception-2.0", Some(vec!["GPL-2.0-only", "Classpath-exception-2.0"])),
            ("mit or isc", Some(vec!["mit", "isc"])),
            ("GPL 2.0", None),
            ("MIT OR", None),
            ("(MIT", None),
            ("", None),
        ] {
            assert_eq!(identifiers(expression), ids, "{expression}");
        }
    }
}
