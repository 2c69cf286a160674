//! Manifests and lockfiles: what a project declares about its licence and which packages it needs.
//!
//! One file an ecosystem. Which file name is read by which reader stands in `rules/knowledge/manifests.tsv`.
//! A reader gets the decoded text and adds to [`Found`]; it never looks at another file. What one file says for others
//! ([`Shared`]) is brought to them when all are read.

pub(super) mod cargo;
mod composer;
mod dart;
mod dotnet;
mod elixir;
mod go;
mod gradle;
mod maven;
mod npm;
mod pnpm;
mod python;
mod ruby;
mod sbom;
mod shared;
mod swift;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::model::{Declaration, DeclarationKind, Ecosystem, NamedIn, Package, PathClass, Scope};
use super::place::Places;
use crate::builtin;
pub(super) use maven::{child, xml};
pub use shared::Shared;

/// A file's text with what is known about the file.
pub struct Source<'t> {
    pub path: &'t str,
    pub class: PathClass,
    pub text: &'t str,
    pub places: &'t Places<'t>,
}

/// What a reader found.
#[derive(Default)]
pub struct Found {
    pub declarations: Vec<Declaration>,
    pub packages: Vec<Package>,
    /// What is said for other files.
    pub shared: Shared,
}

/// A manifest could not be read: what is wrong, with the place in words.
pub type Fault = String;

type Reader = fn(&Source, &mut Found) -> Result<(), Fault>;

/// The readers by the name that `manifests.tsv` uses.
const READERS: &[(&str, Reader)] = &[
    ("bundler-gemfile", ruby::gemfile),
    ("bundler-lock", ruby::gemfile_lock),
    ("cargo-lock", cargo::lock),
    ("cargo-toml", cargo::manifest),
    ("cocoapods-lock", swift::podfile_lock),
    ("cocoapods-podfile", swift::podfile),
    ("composer-json", composer::manifest),
    ("composer-lock", composer::lock),
    ("cyclonedx-json", sbom::cyclonedx),
    ("cyclonedx-xml", sbom::cyclonedx_xml),
    ("gemspec", ruby::gemspec),
    ("go-mod", go::manifest),
    ("gradle-build", gradle::build),
    ("gradle-catalogue", gradle::catalogue),
    ("gradle-lock", gradle::lock),
    ("hex-lock", elixir::lock),
    ("hex-mix", elixir::manifest),
    ("maven-pom", maven::pom),
    ("npm-bower", npm::manifest),
    ("npm-lock", npm::package_lock),
    ("npm-package", npm::manifest),
    ("npm-pnpm-lock", pnpm::lock),
    ("npm-pnpm-workspace", pnpm::workspace),
    ("npm-yarn-lock", npm::yarn_lock),
    ("nuget-config", dotnet::packages_config),
    ("nuget-lock", dotnet::packages_lock),
    ("nuget-paket", dotnet::paket),
    ("nuget-paket-lock", dotnet::paket_lock),
    ("nuget-nuspec", dotnet::nuspec),
    ("nuget-project", dotnet::project),
    ("pub-lock", dart::lock),
    ("pub-pubspec", dart::pubspec),
    ("python-lock", python::lock),
    ("python-pipfile", python::pipfile),
    ("python-pipfile-lock", python::pipfile_lock),
    ("python-pyproject", python::pyproject),
    ("python-requirements", python::requirements),
    ("python-setup-cfg", python::setup_cfg),
    ("python-setup-py", python::setup_py),
    ("sbom-json", sbom::any_json),
    ("spdx-json", sbom::spdx),
    ("swift-package", swift::manifest),
    ("swift-resolved", swift::resolved),
];

/// A row of `manifests.tsv`.
pub struct Known {
    /// `manifest`, `lockfile` or `sbom`.
    pub role: &'static str,
    reader: &'static str,
    read: Reader,
}

/// The rows of a built-in table.
fn table(path: &str) -> impl Iterator<Item = builtin::Row> {
    builtin::rows(builtin::file(path).unwrap_or_default())
}

static KNOWN: LazyLock<(GlobSet, Vec<Known>)> = LazyLock::new(|| {
    let mut globs = GlobSetBuilder::new();
    let mut known = Vec::new();
    for row in table("knowledge/manifests.tsv") {
        let reader = READERS.iter().find(|(name, _)| *name == row.get("reader"));
        let glob = GlobBuilder::new(row.get("name")).literal_separator(true).build();
        if let (Some((_, read)), Ok(glob)) = (reader, glob) {
            globs.add(glob);
            known.push(Known { role: row.get("role"), reader: row.get("reader"), read: *read });
        }
    }
    (globs.build().unwrap_or_default(), known)
});

/// The reader for a file, by its name, or by that of its folder and its own (`requirements/base.txt`).
pub fn known(path: &str) -> Option<&'static Known> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folder = path.rmatch_indices('/').nth(1).map_or(path, |(at, _)| &path[at + 1..]);
    let (globs, known) = &*KNOWN;
    let row = globs.matches(name).first().copied().or_else(|| globs.matches(folder).first().copied());
    known.get(row?)
}

/// The files that requirements files include (`-r other.txt`), whatever their name. `text` gives the text of a
/// file that was found.
pub fn included<'p>(paths: impl Iterator<Item = &'p str>, text: impl Fn(&str) -> Option<String>) -> BTreeSet<String> {
    let mut open: Vec<String> =
        paths.filter(|path| known(path).is_some_and(Known::is_requirements)).map(str::to_owned).collect();
    let mut included = BTreeSet::new();
    while let Some(path) = open.pop() {
        let Some(text) = text(&path) else { continue };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for name in python::includes(&text).filter_map(|name| joined(folder, name)) {
            if known(&name).is_none() && included.insert(name.clone()) {
                open.push(name);
            }
        }
    }
    included
}

/// A path seen from a folder, both relative to the root; `None` where it leads out of that.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    (!path.starts_with('/')).then(|| parts.join("/"))
}

impl Known {
    /// Whether it reads Python's requirements files, which may include others.
    fn is_requirements(&self) -> bool {
        self.reader == "python-requirements"
    }

    /// The row of Python's requirements files, for one that another includes.
    pub fn requirements() -> Option<&'static Known> {
        KNOWN.1.iter().find(|known| known.is_requirements())
    }

    /// Reads the file's text into `found`.
    pub fn read(&self, source: &Source, found: &mut Found) -> Result<(), Fault> {
        (self.read)(source, found)
    }
}

impl Found {
    /// Adds a package whose name stands at byte `at`.
    fn package(&mut self, source: &Source, named_in: NamedIn, at: usize, package: Named) {
        if package.name.is_empty() {
            return;
        }
        let place = source.places.range(at, at + written(source.text.get(at..).unwrap_or_default(), &package.name));
        self.packages.push(Package {
            ecosystem: package.ecosystem,
            name: package.name,
            version: package.version.filter(|version| !version.is_empty()),
            scope: package.scope,
            named_in,
            path: source.path.to_owned(),
            class: source.class,
            line: place.line,
            column: place.column,
            end_column: place.end_column,
            licence: package.licence,
        });
    }

    /// Adds a declaration whose value stands in the half-open byte range.
    pub(super) fn declaration(
        &mut self,
        source: &Source,
        kind: DeclarationKind,
        value: &str,
        start: usize,
        end: usize,
    ) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let place = source.places.range(start, end);
        self.declarations.push(Declaration {
            path: source.path.to_owned(),
            class: source.class,
            line: place.line,
            column: place.column,
            end_column: place.end_column,
            value: value.to_owned(),
            kind,
            private: false,
            generator_default: is_generator_default(kind, value, source.text),
        });
    }

    fn mark_private(&mut self) {
        for declaration in &mut self.declarations {
            declaration.private = true;
        }
    }
}

/// How many bytes of the text are the package's name, or its group, or what is written in its place.
fn written(text: &str, name: &str) -> usize {
    let starts = |part: &&str| text.get(..part.len()).is_some_and(|head| head.eq_ignore_ascii_case(part));
    let group = name.split_once(':').map_or(name, |(group, _)| group);
    let known = [name, group].into_iter().find(starts).map(str::len);
    known
        .unwrap_or_else(|| text.find(|c: char| c.is_whitespace() || "\"'`<>,;:()[]=".contains(c)).unwrap_or(text.len()))
}

/// A package as a reader names it.
struct Named {
    ecosystem: Ecosystem,
    name: String,
    version: Option<String>,
    scope: Scope,
    licence: Option<String>,
}

impl Named {
    fn new(ecosystem: Ecosystem, name: impl Into<String>, version: Option<&str>, scope: Scope) -> Named {
        Named { ecosystem, name: name.into(), version: version.map(str::to_owned), scope, licence: None }
    }

    fn licensed(mut self, licence: Option<String>) -> Named {
        self.licence = licence.filter(|licence| !licence.is_empty());
        self
    }
}

/// The lines of a text with the byte offset of their start.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

/// Byte offset of `part` in `whole`, of which it must be a slice; 0 otherwise.
fn offset(whole: &str, part: &str) -> usize {
    let at = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
    if at <= whole.len() { at } else { 0 }
}

/// A row of `generator-defaults.tsv`: what a generator writes when nobody chooses.
struct GeneratorDefault {
    kind: &'static str,
    value: &'static str,
    sign: regex::Regex,
}

static GENERATOR_DEFAULTS: LazyLock<Vec<GeneratorDefault>> = LazyLock::new(|| {
    table("knowledge/generator-defaults.tsv")
        .filter_map(|row| {
            let sign = regex::Regex::new(row.get("sign")).ok()?;
            Some(GeneratorDefault { kind: row.get("kind"), value: row.get("value"), sign })
        })
        .collect()
});

fn is_generator_default(kind: DeclarationKind, value: &str, text: &str) -> bool {
    let kind = match kind {
        DeclarationKind::NpmManifest => "npm-manifest",
        DeclarationKind::Composer => "composer",
        _ => return false,
    };
    GENERATOR_DEFAULTS
        .iter()
        .any(|default| default.kind == kind && default.value == value && default.sign.is_match(text))
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// Reads `text` as the file `path` and shows what was found, a line each.
    pub(crate) fn found(path: &str, text: &str) -> Vec<String> {
        let places = Places::new(text);
        let source = Source { path, class: PathClass::Source, text, places: &places };
        let mut found = Found::default();
        let known = known(path).unwrap_or_else(|| panic!("{path} is no known manifest"));
        if let Err(fault) = known.read(&source, &mut found) {
            return vec![format!("not read: {fault}")];
        }
        let mut shown: Vec<String> = found
            .declarations
            .iter()
            .map(|d| {
                let private = if d.private { " private" } else { "" };
                let default = if d.generator_default { " default" } else { "" };
                format!("{}:{}-{} {:?} {}{private}{default}", d.line, d.column, d.end_column, d.kind, d.value)
            })
            .collect();
        shown.extend(found.packages.iter().map(|p| {
            let version = p.version.as_deref().map(|v| format!("@{v}")).unwrap_or_default();
            let licence = p.licence.as_deref().map(|l| format!(" ({l})")).unwrap_or_default();
            format!("{}:{} {}/{}{version} {:?}{licence}", p.line, p.column, p.ecosystem.as_str(), p.name, p.scope)
        }));
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_they_are_written() {
        for (text, name, length) in [
            ("A.b\" Version", "a.b", 3),
            ("x_Y>=1", "x-y", 3),
            ("com.x</groupId>", "com.x:y", 5),
            ("com.x:y:1'", "com.x:y", 7),
            ("${g}</groupId>", "com.x:y", 4),
            ("größe", "x", 7),
            ("", "x", 0),
        ] {
            assert_eq!(written(text, name), length, "{text}");
        }
    }

    #[test]
    fn requirements_files_are_followed() {
        let texts = [
            ("app/requirements.txt", "-r ../deps/prod.txt\n-r /etc/x\n-r ../../y\n"),
            ("deps/prod.txt", "-r ./prod.txt\n-r base\n"),
        ];
        let text = |path: &str| texts.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned());
        let included = included(texts.iter().map(|(path, _)| *path), text);
        assert_eq!(included.into_iter().collect::<Vec<_>>(), ["deps/base", "deps/prod.txt"]);
        assert!(Known::requirements().is_some());
    }

    #[test]
    fn every_row_has_a_reader_and_every_reader_a_row() {
        let rows: Vec<_> = table("knowledge/manifests.tsv").collect();
        for row in &rows {
            assert!(READERS.iter().any(|(name, _)| *name == row.get("reader")), "{}", row.get("name"));
            assert!(["manifest", "lockfile", "sbom"].contains(&row.get("role")), "{}", row.get("name"));
        }
        for (name, _) in READERS {
            assert!(rows.iter().any(|row| row.get("reader") == *name), "{name}");
        }
        assert_eq!(rows.len(), KNOWN.1.len());
        assert_eq!(GENERATOR_DEFAULTS.len(), table("knowledge/generator-defaults.tsv").count());
    }
}
