//! A folder that is to be checked: one repository, one bundle, or several of both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::WalkBuilder;

use super::bundle::{Bundle, Content, FileRef};
use super::classify::may_be_document;
use super::{InputError, Kind, Options, RepositoryRef, Unit, marks, relative_to, slashed};
use crate::document::NotRead;
use crate::saying::say;

/// Folders inside each other that are looked into.
const DEEPEST: usize = 64;
/// Files and folders that are looked at in all.
const MOST_ENTRIES: usize = 200_000;

/// Adds the units of a folder that was named on the command line.
pub(super) fn collect(path: &Path, options: &Options, units: &mut Vec<Unit>) -> Result<(), InputError> {
    let root = options.root.as_deref().unwrap_or(path);
    let prefix = match relative_to(path, root).filter(|relative| !relative.is_empty()) {
        Some(relative) => format!("{relative}/"),
        None => String::new(),
    };
    match options.kind {
        Some(Kind::Publiccode) => {
            let file = path.join("publiccode.yml");
            if !file.is_file() {
                return Err(InputError::NoPubliccode(path.to_owned()));
            }
            let content = Content::Path(file);
            units.push(Unit::Publiccode(FileRef { uri: format!("{prefix}publiccode.yml"), content }));
        }
        Some(Kind::Repository) => units.push(Unit::Repository(RepositoryRef { root: path.to_owned(), prefix })),
        None if marks::is_repository(path) => {
            units.push(Unit::Repository(RepositoryRef { root: path.to_owned(), prefix }));
        }
        kind => {
            let tree = Tree::read(path, kind.is_none());
            let before = units.len();
            tree.add_units("", &prefix, kind, units);
            // Nothing to read is something to report.
            if units.len() == before {
                let uri = prefix.trim_end_matches('/').to_owned();
                units.push(Unit::Bundle(Bundle { uri, kind, named: false, files: Vec::new(), not_read: Vec::new() }));
            }
            // What went wrong on the way belongs to the report of the folder: its first bundle has it.
            let first = units.iter_mut().skip(before).find_map(|unit| match unit {
                Unit::Bundle(bundle) => Some(bundle),
                Unit::Repository(_) | Unit::Publiccode(_) => None,
            });
            match first {
                Some(bundle) => bundle.not_read.extend(tree.not_read),
                None if tree.not_read.is_empty() => {}
                None => units.push(Unit::Bundle(Bundle {
                    uri: prefix.trim_end_matches('/').to_owned(),
                    kind,
                    named: false,
                    files: Vec::new(),
                    not_read: tree.not_read,
                })),
            }
        }
    }
    Ok(())
}

/// What a folder holds: paths relative to it, `/` between their parts.
#[derive(Debug, Default)]
struct Tree {
    root: PathBuf,
    /// Files by the folder in which they stand; `""` is the root.
    files: BTreeMap<String, Vec<String>>,
    /// Folders inside each folder.
    folders: BTreeMap<String, Vec<String>>,
    repositories: Vec<String>,
    not_read: Vec<NotRead>,
}

impl Tree {
    fn read(root: &Path, find_repositories: bool) -> Tree {
        let mut tree = Tree { root: root.to_owned(), ..Tree::default() };
        let repositories = Arc::new(Mutex::new(Vec::new()));
        let real_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let walk = {
            let repositories = Arc::clone(&repositories);
            WalkBuilder::new(root)
                .follow_links(true)
                .max_depth(Some(DEEPEST))
                .require_git(false)
                .parents(false)
                .git_global(false)
                .add_custom_ignore_filename(".acquisignore")
                .sort_by_file_name(|a, b| a.cmp(b))
                .filter_entry(move |entry| {
                    let path = entry.path();
                    if entry.depth() == 0 {
                        return true;
                    }
                    // A link that leaves the folder leads to files that no one asked to check.
                    if entry.path_is_symlink() && !path.canonicalize().is_ok_and(|real| real.starts_with(&real_root)) {
                        return false;
                    }
                    let is_repository = find_repositories && path.is_dir() && marks::is_repository(path);
                    if is_repository {
                        repositories.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
                    }
                    !is_repository
                })
                .build()
        };
        for (count, entry) in walk.enumerate() {
            if count >= MOST_ENTRIES {
                let reason = say!("folder-too-large", n = MOST_ENTRIES);
                tree.not_read.push(NotRead::new(&slashed(root), None, reason, say!("do-check-subfolders")));
                break;
            }
            match entry {
                Ok(entry) => tree.add(entry.path()),
                Err(error) => tree.note(&error),
            }
        }
        let mut found = std::mem::take(&mut *repositories.lock().unwrap_or_else(PoisonError::into_inner));
        found.sort();
        for path in found {
            if let Some(relative) = tree.relative(&path) {
                tree.folders.entry(parent(&relative)).or_default().push(relative.clone());
                tree.repositories.push(relative);
            }
        }
        for folders in tree.folders.values_mut() {
            folders.sort();
            folders.dedup();
        }
        tree
    }

    fn relative(&self, path: &Path) -> Option<String> {
        path.strip_prefix(&self.root).ok().map(slashed).filter(|relative| !relative.is_empty())
    }

    fn add(&mut self, path: &Path) {
        let Some(relative) = self.relative(path) else { return };
        let entries = if path.is_dir() { &mut self.folders } else { &mut self.files };
        entries.entry(parent(&relative)).or_default().push(relative);
    }

    /// A loop of links is no loss: the files in it are read where they stand.
    fn note(&mut self, error: &ignore::Error) {
        if is_loop(error) {
            return;
        }
        let reason = say!("folder-part", detail = error.to_string());
        self.not_read.push(NotRead::new(&slashed(&self.root), None, reason, say!("do-get-right")));
    }

    /// Adds the units of one of its folders.
    fn add_units(&self, folder: &str, prefix: &str, kind: Option<Kind>, units: &mut Vec<Unit>) {
        if self.repositories.iter().any(|repository| repository == folder) {
            units.push(self.repository(folder, prefix));
            return;
        }
        let holds_documents =
            self.files.get(folder).is_some_and(|files| files.iter().any(|file| may_be_document(file)));
        // Whoever says that a folder is a tender says so of the whole of it.
        if holds_documents || kind.is_some() {
            let mut files = Vec::new();
            let mut repositories = Vec::new();
            self.gather(folder, prefix, &mut files, &mut repositories);
            let uri = format!("{prefix}{folder}").trim_end_matches('/').to_owned();
            units.push(Unit::Bundle(Bundle { uri, kind, named: false, files, not_read: Vec::new() }));
            units.extend(repositories);
            return;
        }
        for inner in self.folders.get(folder).into_iter().flatten() {
            self.add_units(inner, prefix, kind, units);
        }
    }

    fn repository(&self, folder: &str, prefix: &str) -> Unit {
        Unit::Repository(RepositoryRef { root: self.root.join(folder), prefix: format!("{prefix}{folder}/") })
    }

    /// All files of a folder and its subfolders, but for repositories.
    fn gather(&self, folder: &str, prefix: &str, files: &mut Vec<FileRef>, repositories: &mut Vec<Unit>) {
        for file in self.files.get(folder).into_iter().flatten() {
            let content = Content::Path(self.root.join(file));
            files.push(FileRef { uri: format!("{prefix}{file}"), content });
        }
        for inner in self.folders.get(folder).into_iter().flatten() {
            if self.repositories.contains(inner) {
                repositories.push(self.repository(inner, prefix));
            } else {
                self.gather(inner, prefix, files, repositories);
            }
        }
    }
}

/// The folder of a relative path; `""` for the root.
fn parent(relative: &str) -> String {
    relative.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())
}

fn is_loop(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithDepth { err, .. }
        | ignore::Error::WithPath { err, .. }
        | ignore::Error::WithLineNumber { err, .. } => is_loop(err),
        _ => false,
    }
}
