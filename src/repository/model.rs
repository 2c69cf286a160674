//! What a repository is to the rules: files, licence texts, declarations, packages, facts and signals.
//!
//! Paths are relative to the repository's root, `/` between parts. Lines and columns are 1-based, columns in
//! Unicode code points, end columns exclusive, as in [`crate::finding::Region`].

use std::collections::BTreeMap;

use serde::Serialize;

use crate::date::Date;
use crate::licence::{Identification, Kind, ProblemKind, Region, Verdict};

/// What a path is for. Each path has exactly one class; the rules decide by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathClass {
    /// Code, data and configuration that the project writes and delivers.
    Source,
    /// Somebody else's code, copied in.
    Vendored,
    /// Made by a program: minified, compiled. Lockfiles have the class of their folder.
    Generated,
    Test,
    Docs,
    Example,
    /// Continuous integration and delivery.
    Ci,
    /// Used by developers only: editor settings, linters, development containers.
    DevTooling,
}

impl PathClass {
    pub const ALL: [PathClass; 8] = [
        PathClass::Source,
        PathClass::Vendored,
        PathClass::Generated,
        PathClass::Test,
        PathClass::Docs,
        PathClass::Example,
        PathClass::Ci,
        PathClass::DevTooling,
    ];

    /// The name used in rules and tables: `source`, `dev-tooling`.
    pub fn as_str(self) -> &'static str {
        match self {
            PathClass::Source => "source",
            PathClass::Vendored => "vendored",
            PathClass::Generated => "generated",
            PathClass::Test => "test",
            PathClass::Docs => "docs",
            PathClass::Example => "example",
            PathClass::Ci => "ci",
            PathClass::DevTooling => "dev-tooling",
        }
    }

    /// The class of that name.
    pub fn from_name(name: &str) -> Option<PathClass> {
        PathClass::ALL.into_iter().find(|class| class.as_str() == name)
    }

    /// Whether the project itself wrote the file: everything but vendored and generated files.
    pub fn is_own(self) -> bool {
        !matches!(self, PathClass::Vendored | PathClass::Generated)
    }
}

/// A file of the work tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepoFile {
    pub path: String,
    pub class: PathClass,
    /// Bytes.
    pub size: u64,
}

/// A file whose name says that it holds a licence.
#[derive(Debug, Clone)]
pub struct LicenceText {
    pub path: String,
    pub class: PathClass,
    /// What its text was found to be, with the text.
    pub identification: Identification,
}

impl LicenceText {
    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.identification.text
    }

    /// The regions that hold a licence, whole, changed or in part.
    pub fn licences(&self) -> impl Iterator<Item = &Region> {
        let regions = self.identification.regions.iter();
        regions.filter(|region| {
            region.kind == Kind::Licence && !matches!(region.verdict, Verdict::Unknown | Verdict::NamesOnly)
        })
    }

    /// Whether the file stands where the licence of the project as a whole stands: at the root, or in a folder
    /// for licences there (`LICENSES/`, `licence/`).
    pub fn is_of_project(&self) -> bool {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_ascii_lowercase();
        self.class.is_own()
            && match folder.as_str() {
                "" => true,
                "licenses" | "licences" | "license" | "licence" => !self.is_of_component(),
                _ => false,
            }
    }

    /// Whether the name says that it is the licence of a part that the project uses: `bouncycastle-LICENSE.txt`.
    fn is_of_component(&self) -> bool {
        let stem = self.stem();
        let owner = ["license", "licence"].iter().find_map(|word| stem.strip_suffix(word)?.strip_suffix(['-', '_']));
        owner.is_some_and(|owner| {
            let problems = crate::licence::expression(owner).problems;
            problems.iter().any(|problem| matches!(problem.kind, ProblemKind::Unknown | ProblemKind::Syntax))
        })
    }

    /// Whether the name says that it tells of several licences, without being the text of one: `licenses.md`.
    pub fn is_list(&self) -> bool {
        matches!(self.stem().as_str(), "licenses" | "licences" | "index")
    }

    /// The file's name in lower case, without its extension.
    fn stem(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path).to_ascii_lowercase();
        name.rsplit_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned())
    }
}

/// Where a licence is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclarationKind {
    /// `license` of a package.json or bower.json.
    NpmManifest,
    /// `package.license` of a Cargo.toml.
    CargoManifest,
    /// `project.license` or `tool.poetry.license` of a pyproject.toml.
    PyProject,
    SetupCfg,
    SetupPy,
    /// A trove classifier `License :: …`.
    Classifier,
    /// `license` of a composer.json.
    Composer,
    /// `licenses/license/name` of a pom.xml: free text by design.
    MavenPom,
    /// `license` of a .gemspec.
    Gemspec,
    /// `<license>` of a .nuspec or `<PackageLicenseExpression>` of a project file.
    NuGet,
    /// A sentence or a badge of the README.
    Readme,
    /// `legal.license` of a publiccode.yml.
    Publiccode,
    /// An annotation of REUSE.toml or `.reuse/dep5`.
    ReuseToml,
    /// An `SPDX-License-Identifier` tag in a file.
    Header,
}

/// A licence declared somewhere, as it is written there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Declaration {
    pub path: String,
    pub class: PathClass,
    pub line: u32,
    pub column: u32,
    /// Exclusive.
    pub end_column: u32,
    /// The value as written, without quotes.
    pub value: String,
    pub kind: DeclarationKind,
    /// The manifest says that it is never published (`"private": true`, `publish = false`).
    pub private: bool,
    /// The value is what a generator writes when nobody chooses (npm's `ISC`, Symfony's `proprietary`).
    pub generator_default: bool,
}

/// A place in a file, with the words there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    pub path: String,
    pub line: u32,
    /// The words that are the evidence.
    pub what: String,
}

/// Where a package comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ecosystem {
    Npm,
    Cargo,
    PyPi,
    Composer,
    Maven,
    Golang,
    Gem,
    NuGet,
    Swift,
    CocoaPods,
    Pub,
    Hex,
}

impl Ecosystem {
    pub const ALL: [Ecosystem; 12] = [
        Ecosystem::Npm,
        Ecosystem::Cargo,
        Ecosystem::PyPi,
        Ecosystem::Composer,
        Ecosystem::Maven,
        Ecosystem::Golang,
        Ecosystem::Gem,
        Ecosystem::NuGet,
        Ecosystem::Swift,
        Ecosystem::CocoaPods,
        Ecosystem::Pub,
        Ecosystem::Hex,
    ];

    /// The type of a package URL (ECMA-427, purl-spec): `npm`, `golang`.
    pub fn as_str(self) -> &'static str {
        match self {
            Ecosystem::Npm => "npm",
            Ecosystem::Cargo => "cargo",
            Ecosystem::PyPi => "pypi",
            Ecosystem::Composer => "composer",
            Ecosystem::Maven => "maven",
            Ecosystem::Golang => "golang",
            Ecosystem::Gem => "gem",
            Ecosystem::NuGet => "nuget",
            Ecosystem::Swift => "swift",
            Ecosystem::CocoaPods => "cocoapods",
            Ecosystem::Pub => "pub",
            Ecosystem::Hex => "hex",
        }
    }

    /// The ecosystem of that package URL type.
    pub fn from_name(name: &str) -> Option<Ecosystem> {
        Ecosystem::ALL.into_iter().find(|ecosystem| ecosystem.as_str() == name)
    }
}

/// What a package is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    Runtime,
    Optional,
    Dev,
    Build,
}

/// What kind of file names a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NamedIn {
    /// The project asks for it itself.
    Manifest,
    /// It was resolved, perhaps only as a dependency of a dependency.
    Lockfile,
    /// A bill of materials (CycloneDX, SPDX) lists it.
    Sbom,
}

/// A package that the repository needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Package {
    pub ecosystem: Ecosystem,
    /// As the ecosystem writes it: `@scope/name`, `group:artifact`, `vendor/name`, a Go module path.
    pub name: String,
    /// A version (lockfiles) or a version requirement (manifests), as written.
    pub version: Option<String>,
    pub scope: Scope,
    pub named_in: NamedIn,
    pub path: String,
    pub class: PathClass,
    pub line: u32,
    pub column: u32,
    /// Behind the name as it is written there: of `group:artifact`, which may stand in two elements, the group alone.
    pub end_column: u32,
    /// The licence that the lockfile or bill of materials gives for it.
    pub licence: Option<String>,
}

/// A sign of a dependency, a closed format or a closed service, by a row of `rules/knowledge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signal {
    /// The row's id in its table.
    pub kind: String,
    /// `cloud-sdk`, `maps`, `analytics`, `font` …: the row's category.
    pub category: String,
    pub path: String,
    pub class: PathClass,
    pub line: u32,
    pub column: u32,
    /// Exclusive.
    pub end_column: u32,
    /// The words at that place.
    pub snippet: String,
    /// The product or package that it is about.
    pub subject: String,
    pub vendor: String,
    /// EuroCommons domain: `cloud-data`, `geodata`, `directory-identity` …
    pub domain: String,
    /// What to use instead.
    pub instead: String,
    /// The last day on which it is none: the end of somebody's support.
    pub until: Option<Date>,
    /// What in the repository shows a way out.
    pub eased_by: Option<Evidence>,
    /// Further places of the same signal in the repository, at most [`Signal::MOST_PLACES`].
    pub also: Vec<Evidence>,
}

impl Signal {
    /// Whether it counts on a day; without a day every end counts that is known.
    pub fn counts(&self, as_of: Option<Date>) -> bool {
        as_of.is_none_or(|day| self.until.is_none_or(|until| until < day))
    }

    /// How many further places a signal lists.
    pub const MOST_PLACES: usize = 1_000;
}

/// What the repository is: rules ask whether they apply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RepositoryKind {
    /// A few files that point elsewhere: a mirror's face, an empty project.
    #[default]
    Stub,
    /// A text standard.
    Standard,
    Documentation,
    /// What others build on or install themselves: libraries, plug-ins, programs for the desk and the command line.
    Library,
    /// A program that runs on a server.
    Service,
    /// An app for telephones, for desks as well or not.
    Mobile,
    /// Deployment descriptions: Terraform, Helm, Ansible.
    Infrastructure,
}

impl RepositoryKind {
    /// The kind as rules and reports write it: `library`.
    pub fn as_str(self) -> &'static str {
        match self {
            RepositoryKind::Stub => "stub",
            RepositoryKind::Standard => "standard",
            RepositoryKind::Documentation => "documentation",
            RepositoryKind::Library => "library",
            RepositoryKind::Service => "service",
            RepositoryKind::Mobile => "mobile",
            RepositoryKind::Infrastructure => "infrastructure",
        }
    }
}

/// What is true of the repository as a whole.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Facts {
    pub kind: RepositoryKind,
    /// Files found by name, by the ids of `rules/knowledge/repository-files.tsv` (`readme`, `contributing`,
    /// `ci-github-actions`, `container` …), paths sorted, the nearest to the root first.
    pub files: BTreeMap<String, Vec<String>>,
    /// Programming languages by number of the project's own files, most frequent first.
    pub languages: Vec<(String, u32)>,
    /// Files that carry a copyright notice, of those that were looked into.
    pub with_copyright: u32,
}

impl Facts {
    /// Paths of the files known by that id; empty where there is none.
    pub fn paths(&self, id: &str) -> &[String] {
        self.files.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether there is a file of that id.
    pub fn has(&self, id: &str) -> bool {
        !self.paths(id).is_empty()
    }

    /// The README nearest to the root.
    pub fn readme(&self) -> Option<&str> {
        self.paths("readme").first().map(String::as_str)
    }

    /// publiccode.yml under its right name.
    pub fn publiccode(&self) -> Option<&str> {
        self.paths("publiccode").first().map(String::as_str)
    }

    /// A file at the root under a name that directories do not look for, where the right one is missing.
    pub fn publiccode_misnamed(&self) -> Option<&str> {
        let mut named_otherwise = self.paths("publiccode-misnamed").iter().map(String::as_str);
        named_otherwise.find(|path| self.publiccode().is_none() && !path.contains('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str) -> LicenceText {
        let identification = crate::licence::identify(b"x");
        LicenceText { path: path.to_owned(), class: PathClass::Source, identification }
    }

    #[test]
    fn the_licence_of_the_project_and_those_of_its_parts() {
        for (path, expected) in [
            ("LICENSE", true),
            ("MIT-LICENSE.txt", true),
            ("license/LICENSE.txt", true),
            ("license/MIT-LICENSE.txt", true),
            ("license/bouncycastle-LICENSE.txt", false),
            ("LICENSES/EUPL-1.2.txt", true),
            ("lib/LICENSE", false),
        ] {
            assert_eq!(text(path).is_of_project(), expected, "{path}");
        }
        assert!(text("licenses/index.md").is_list() && !text("LICENSES/MIT.txt").is_list());
    }
}
