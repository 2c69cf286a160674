//! Ways out: what in a repository shows that it can do without a service (`rules/knowledge/ways-out.tsv`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use globset::GlobMatcher;
use regex::Regex;

use super::super::model::{Ecosystem, Evidence, Facts, NamedIn, Package, PathClass, RepoFile};
use super::{Subject, package};
use crate::builtin;

/// A way out whose sign is a package.
struct ByPackage {
    id: &'static str,
    what: &'static str,
    ecosystem: Ecosystem,
    name: GlobMatcher,
}

/// A way out whose sign is text.
pub struct ByText {
    pub id: &'static str,
    pub what: &'static str,
    pub literals: Vec<&'static str>,
    pub pattern: Regex,
    /// The sign counts only for signals of the same file.
    pub within_file: bool,
}

/// A way out whose sign is a file known by name.
struct ByFile {
    id: &'static str,
    what: &'static str,
    fact: &'static str,
}

#[derive(Default)]
struct Table {
    packages: Vec<ByPackage>,
    texts: Vec<ByText>,
    files: Vec<ByFile>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for row in builtin::rows(builtin::file("knowledge/ways-out.tsv").unwrap_or_default()) {
        let (id, what) = (row.get("id"), row.get("what"));
        match row.get("means") {
            "package" => table.packages.extend(row.list("value").filter_map(|value| {
                let (ecosystem, pattern) = value.split_once(':')?;
                let ecosystem = Ecosystem::from_name(ecosystem)?;
                Some(ByPackage { id, what, ecosystem, name: package::glob(pattern)? })
            })),
            "file" => table.files.push(ByFile { id, what, fact: row.get("value") }),
            "text" => table.texts.extend(Regex::new(row.get("value")).ok().map(|pattern| ByText {
                id,
                what,
                literals: row.list("literals").collect(),
                pattern,
                within_file: row.get("within") == "file",
            })),
            _ => {}
        }
    }
    table
});

/// The ways out whose sign is text, in the order of the table.
pub fn texts() -> &'static [ByText] {
    &TABLE.texts
}

/// A text sign of a way out in a file.
#[derive(Debug, Clone)]
pub struct Way {
    /// Index in [`texts`].
    pub way: usize,
    pub path: String,
    pub line: u32,
}

/// The ways out that a repository shows.
pub struct WaysOut {
    /// By id, the first sign in the order of packages, files and paths.
    anywhere: BTreeMap<&'static str, Evidence>,
    /// By id and path.
    in_file: BTreeMap<(&'static str, String), Evidence>,
}

impl WaysOut {
    /// The ways that packages and files show.
    pub fn new(files: &[RepoFile], facts: &Facts, packages: &[Package]) -> WaysOut {
        let mut anywhere = BTreeMap::new();
        for package in packages
            .iter()
            .filter(|package| package.named_in == NamedIn::Manifest && package.class == PathClass::Source)
        {
            for way in TABLE
                .packages
                .iter()
                .filter(|way| way.ecosystem == package.ecosystem && way.name.is_match(&package.name))
            {
                let what = format!("{}: {}", way.what, package.name);
                anywhere.entry(way.id).or_insert_with(|| Evidence {
                    path: package.path.clone(),
                    line: package.line,
                    what,
                });
            }
        }
        let is_source = |path: &str| {
            let found = files.binary_search_by(|file| file.path.as_str().cmp(path));
            found
                .ok()
                .and_then(|at| files.get(at))
                .is_some_and(|file| file.class == PathClass::Source || file.class == PathClass::Ci)
        };
        for way in &TABLE.files {
            if let Some(path) = facts.paths(way.fact).iter().find(|path| is_source(path)) {
                let evidence = Evidence { path: path.clone(), line: 1, what: way.what.to_owned() };
                anywhere.entry(way.id).or_insert(evidence);
            }
        }
        WaysOut { anywhere, in_file: BTreeMap::new() }
    }

    /// Adds the signs found in a file's text.
    pub fn extend(&mut self, ways: Vec<Way>) {
        for found in ways {
            let Some(way) = TABLE.texts.get(found.way) else { continue };
            let evidence = Evidence { path: found.path, line: found.line, what: way.what.to_owned() };
            if way.within_file {
                self.in_file.entry((way.id, evidence.path.clone())).or_insert(evidence);
            } else {
                self.anywhere.entry(way.id).or_insert(evidence);
            }
        }
    }

    /// What eases a signal of that subject in that file.
    pub fn of(&self, subject: &Subject, path: &str) -> Option<Evidence> {
        subject
            .eased
            .iter()
            .find_map(|id| self.anywhere.get(id).or_else(|| self.in_file.get(&(*id, path.to_owned()))))
            .cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_used_and_every_named_way_exists() {
        let rows: Vec<_> = builtin::rows(builtin::file("knowledge/ways-out.tsv").unwrap_or_default()).collect();
        for row in &rows {
            let id = row.get("id");
            match row.get("means") {
                "text" => {
                    Regex::new(row.get("value")).unwrap_or_else(|fault| panic!("{id}: {fault}"));
                    assert!(row.list("literals").count() > 0, "{id}");
                    assert!(["file", "repository"].contains(&row.get("within")), "{id}");
                }
                "package" => {
                    for value in row.list("value") {
                        let ecosystem = value.split_once(':').and_then(|(name, _)| Ecosystem::from_name(name));
                        assert!(ecosystem.is_some(), "{id}: {value}");
                    }
                }
                means => assert_eq!(means, "file", "{id}"),
            }
        }
        for table in ["packages", "identifiers", "infrastructure"] {
            for row in builtin::rows(builtin::file(&format!("knowledge/{table}.tsv")).unwrap_or_default()) {
                for way in row.list("eased") {
                    assert!(rows.iter().any(|known| known.get("id") == way), "{table}: {} names {way}", row.get("id"));
                }
            }
        }
    }
}
