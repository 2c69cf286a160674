//! Repositories: one walk of the work tree gives the facts that rules ask about.
//!
//! ```no_run
//! use acquis::repository::{Repository, RepositoryLimits};
//!
//! let repository = Repository::read(std::path::Path::new("."), &RepositoryLimits::default());
//! println!("{} files, licence texts: {}", repository.files.len(), repository.licence_texts.len());
//! ```
//!
//! - Each path gets one class ([`PathClass`]); vendored and generated files are not looked into, except for
//!   licence texts. The work trees of other repositories below this one (submodules, clones) are vendored.
//! - Each file is read at most once, in parallel; everything is in the order of the paths, whatever the number
//!   of threads.
//! - Nothing is kept of a file but what was found in it and, of licence files, the text.
//! - A manifest or a large source file that can't be read is a [`NotRead`]; test data and examples may be
//!   broken on purpose and are passed over.

pub mod checklist;
mod copied;
mod declared;
mod facts;
pub mod file_type;
pub mod header;
mod json;
mod manifest;
mod model;
pub mod package_role;
mod path_class;
mod place;
pub mod publiccode;
mod reading;
mod readme;
mod scaffold;
mod signal;
mod tree;
pub mod yaml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use manifest::{Known, Shared};
use publiccode::PubliccodeFile;
use rayon::prelude::*;
use reading::Reading;

use crate::document::NotRead;
use crate::licence;

pub use file_type::{FileKind, FileType};
pub use model::{
    Declaration, DeclarationKind, Ecosystem, Evidence, Facts, LicenceText, NamedIn, Package, PathClass, RepoFile,
    RepositoryKind, Scope, Signal,
};
pub use scaffold::Scaffold;
pub use tree::RepositoryLimits;

/// A repository's work tree, read.
#[derive(Debug)]
pub struct Repository {
    root: PathBuf,
    limits: RepositoryLimits,
    /// Sorted by path.
    pub files: Vec<RepoFile>,
    pub licence_texts: Vec<LicenceText>,
    /// Sorted by path and line.
    pub declarations: Vec<Declaration>,
    /// Sorted by path and line.
    pub packages: Vec<Package>,
    pub facts: Facts,
    /// Signs of dependence and closed formats, sorted by path and line of their first place.
    pub signals: Vec<Signal>,
    /// publiccode.yml, under whatever name, checked with the files that it names.
    pub publiccode: Option<PubliccodeFile>,
    pub not_read: Vec<NotRead>,
}

impl Repository {
    /// Reads the work tree below `root`. What can't be read stands in [`Repository::not_read`].
    pub fn read(root: &Path, limits: &RepositoryLimits) -> Repository {
        let mut not_read = Vec::new();
        let tree::Tree { entries, nested } = tree::walk(root, limits, &mut not_read);
        let (mut classifier, texts) = classifier(root, &entries, limits);
        nested.into_iter().for_each(|folder| classifier.copied(folder));
        let read = |path: &str| tree::read(&root.join(path), limits.scanned).ok().and_then(tree::decode);
        let is_there = |path: &str| entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).is_ok();
        let paths = entries.iter().map(|entry| entry.path.as_str());
        let included = manifest::included(paths, |path| is_there(path).then(|| read(path)).flatten());
        let looked_at: Vec<(PathClass, Vec<&'static str>, Reading)> = entries
            .par_iter()
            .map(|entry| {
                let class = classifier.class(&entry.path);
                let ids = facts::ids(&entry.path);
                let text = texts.get(entry.path.as_str()).map(String::as_str);
                let requirements = || Known::requirements().filter(|_| included.contains(&entry.path));
                let manifest = manifest::known(&entry.path).or_else(requirements);
                let file = reading::File { root, entry, class, ids: &ids, manifest };
                let reading = file.look_into(text, limits);
                (class, ids, reading)
            })
            .collect();
        let mut repository = Repository {
            root: root.to_owned(),
            limits: limits.clone(),
            files: Vec::with_capacity(entries.len()),
            licence_texts: Vec::new(),
            declarations: Vec::new(),
            packages: Vec::new(),
            facts: Facts::default(),
            signals: Vec::new(),
            publiccode: None,
            not_read,
        };
        let mut known = Vec::with_capacity(entries.len());
        let mut with_copyright = 0;
        let mut signs = Vec::new();
        let mut shared = Shared::default();
        for (entry, (class, ids, reading)) in entries.into_iter().zip(looked_at) {
            repository.files.push(RepoFile { path: entry.path, class, size: entry.size });
            repository.licence_texts.extend(reading.licence_text);
            shared.extend(reading.found.shared, repository.packages.len());
            repository.declarations.extend(reading.found.declarations);
            repository.packages.extend(reading.found.packages);
            repository.not_read.extend(reading.not_read);
            signs.push(reading.signs);
            with_copyright += u32::from(reading.has_copyright);
            known.push(ids);
        }
        shared.settle(&mut repository.packages);
        repository.facts = facts::facts(&repository.files, &known, &repository.packages);
        repository.facts.with_copyright = with_copyright;
        repository.signals = signal::signals(&repository.files, &repository.facts, &repository.packages, signs);
        repository.publiccode = PubliccodeFile::of(&repository);
        repository
    }

    /// The folder that was read.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file of that path.
    pub fn file(&self, path: &str) -> Option<&RepoFile> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().and_then(|at| self.files.get(at))
    }

    /// The declarations that speak for the project as a whole, in order of their path.
    pub fn project_declarations(&self) -> impl Iterator<Item = &Declaration> {
        self.declarations.iter().filter(|declaration| {
            let whole = !matches!(declaration.kind, DeclarationKind::Header | DeclarationKind::ReuseToml);
            whole && declaration.class.is_own() && !declaration.path.contains('/')
        })
    }

    /// The licence of the project as an SPDX expression, if all that declare one agree.
    pub fn declared_licence(&self) -> Option<String> {
        let mut expressions = self.project_declarations().filter_map(|declaration| {
            let expression = licence::expression(&declaration.value);
            expression.problems.is_empty().then(|| expression.to_string())
        });
        let first = expressions.next()?;
        expressions.all(|other| other == first).then_some(first)
    }

    /// Reads the text of one of the repository's files again. `None` for a path that the walk did not find,
    /// for a binary file and for one beyond [`RepositoryLimits::parsed`].
    pub fn text(&self, path: &str) -> Option<String> {
        let is_text = file_type::of(path).is_none_or(|file_type| file_type.kind.is_text());
        tree::decode(is_text.then(|| self.bytes(path)).flatten()?)
    }

    /// Reads the bytes of one of the repository's files again. `None` for a path that the walk did not find and
    /// for a file beyond [`RepositoryLimits::parsed`].
    pub fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        let file = self.file(path).filter(|file| file.size <= self.limits.parsed)?;
        tree::read(&self.root.join(&file.path), self.limits.parsed).ok()
    }
}

/// The classifier, and the texts that were read for it.
fn classifier(
    root: &Path,
    entries: &[tree::Entry],
    limits: &RepositoryLimits,
) -> (path_class::Classifier, BTreeMap<String, String>) {
    let mut classifier = path_class::Classifier::default();
    let mut texts = BTreeMap::new();
    let mut origins = Vec::new();
    for entry in entries {
        let is_attributes = entry.path == ".gitattributes" || entry.path.ends_with("/.gitattributes");
        if entry.size > limits.scanned || !(is_attributes || copied::can_tell(&entry.path)) {
            continue;
        }
        let Some(text) = tree::read(&root.join(&entry.path), limits.scanned).ok().and_then(tree::decode) else {
            continue;
        };
        if is_attributes {
            classifier.attributes(entry.path.strip_suffix(".gitattributes").unwrap_or_default(), &text);
        } else {
            origins.extend(copied::origin(&entry.path, &text));
        }
        texts.insert(entry.path.clone(), text);
    }
    for folder in copied::folders(&origins) {
        classifier.copied(folder);
    }
    (classifier, texts)
}
