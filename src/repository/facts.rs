//! Facts about a repository as a whole: files known by name, languages, what kind of repository it is.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::file_type::{self, FileKind};
use super::model::{Facts, NamedIn, Package, PathClass, RepoFile, RepositoryKind, Scope};
use super::package_role;
use crate::builtin;

/// The globs of `repository-files.tsv`, each with the id of its row.
static KNOWN: LazyLock<(GlobSet, Vec<&'static str>)> = LazyLock::new(|| {
    let mut globs = GlobSetBuilder::new();
    let mut ids = Vec::new();
    for row in builtin::rows(builtin::file("knowledge/repository-files.tsv").unwrap_or_default()) {
        for pattern in row.list("globs") {
            if let Ok(glob) = GlobBuilder::new(pattern).case_insensitive(true).literal_separator(true).build() {
                globs.add(glob);
                ids.push(row.get("id"));
            }
        }
    }
    (globs.build().unwrap_or_default(), ids)
});

/// The ids of the rows that a path fits, without repeats.
pub fn ids(path: &str) -> Vec<&'static str> {
    let (globs, ids) = &*KNOWN;
    let mut fitting: Vec<_> = globs.matches(path).into_iter().filter_map(|at| ids.get(at).copied()).collect();
    fitting.dedup();
    fitting
}

/// Whether the name says that the file holds a licence text. Names of programs and data about licences
/// (`License.java`, `licenses.json`) don't.
pub fn is_licence_text(path: &str, ids: &[&str]) -> bool {
    ids.contains(&"licence-text")
        && !file_type::of(path).is_some_and(|file_type| !matches!(file_type.kind, FileKind::Prose | FileKind::Markup))
}

/// Draws the facts from what was read. `known` are the ids of each file's path, in the order of `files`.
pub fn facts(files: &[RepoFile], known: &[Vec<&'static str>], packages: &[Package]) -> Facts {
    let mut by_id: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut languages: BTreeMap<&str, u32> = BTreeMap::new();
    for (file, ids) in files.iter().zip(known) {
        if !file.class.is_own() {
            continue;
        }
        for id in ids {
            by_id.entry((*id).to_owned()).or_default().push(file.path.clone());
        }
        if let Some(language) = file_type::of(&file.path).filter(|t| t.kind == FileKind::Code) {
            *languages.entry(language.name).or_default() += 1;
        }
    }
    for paths in by_id.values_mut() {
        paths.sort_by_key(|path| (path.matches('/').count(), path.clone()));
    }
    let mut languages: Vec<(String, u32)> =
        languages.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    languages.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut facts = Facts { kind: RepositoryKind::Stub, files: by_id, languages, with_copyright: 0 };
    facts.kind = kind(files, &facts, packages);
    facts
}

/// Languages in which programs for telephones are written beside those of Android.
const APPLE_LANGUAGES: [&str; 3] = ["Swift", "Objective-C", "Dart"];

/// A repository with fewer own files than this, and no code, is a stub.
const STUB_FILES: usize = 4;

fn kind(files: &[RepoFile], facts: &Facts, packages: &[Package]) -> RepositoryKind {
    let count = |wanted: &dyn Fn(&RepoFile) -> bool| files.iter().filter(|file| wanted(file)).count();
    let kind_of = |file: &RepoFile| file_type::of(&file.path).map(|file_type| file_type.kind);
    let code = count(&|file| file.class == PathClass::Source && kind_of(file) == Some(FileKind::Code));
    let all = count(&|file| file.class.is_own());
    let in_source = |id: &str| {
        facts.paths(id).iter().any(|path| {
            files.binary_search_by(|file| file.path.cmp(path)).is_ok_and(|at| files[at].class == PathClass::Source)
        })
    };
    if all < STUB_FILES && code == 0 {
        return RepositoryKind::Stub;
    }
    // Projects for iOS and for macOS have the same marks: what is written for telephones tells them apart.
    let for_telephones = count(&|file| {
        let language = file_type::of(&file.path).map_or("", |file_type| file_type.name);
        file.class == PathClass::Source && APPLE_LANGUAGES.contains(&language)
    });
    if in_source("android") || facts.has("apple") && for_telephones * 4 >= code {
        return RepositoryKind::Mobile;
    }
    let prose = count(&|file| kind_of(file) == Some(FileKind::Prose));
    let is_deployment = |file: &RepoFile| {
        file.class == PathClass::Source
            && ["tf", "tofu", "hcl", "yaml", "yml", "gotmpl", "tpl"]
                .contains(&file_type::extension(&file.path).as_str())
    };
    let deployment = count(&is_deployment);
    let has_deployment = in_source("terraform") || in_source("helm") || in_source("ansible") || in_source("kubernetes");
    if has_deployment && deployment > 2 * code {
        return RepositoryKind::Infrastructure;
    }
    let makes_site = |package: &Package| {
        package.named_in == NamedIn::Manifest && package_role::of(package).any(|role| role == "documentation-site")
    };
    let is_site = facts.has("documentation-site") || packages.iter().any(makes_site);
    if code * 4 < prose || (is_site && code < 40 && code < prose) {
        let is_standard = facts.has("standard-text") || facts.has("openapi");
        return if is_standard { RepositoryKind::Standard } else { RepositoryKind::Documentation };
    }
    let serves = in_source("server") || in_source("migrations") || in_source("program-compose");
    let contained = in_source("program-image") && packages.iter().any(|package| package.scope == Scope::Runtime);
    if serves || contained { RepositoryKind::Service } else { RepositoryKind::Library }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(paths: &[&str]) -> (Vec<RepoFile>, Facts) {
        let mut paths = paths.to_vec();
        paths.sort_unstable();
        let classifier = super::super::path_class::Classifier::default();
        let files: Vec<_> = paths
            .iter()
            .map(|path| RepoFile { path: (*path).to_owned(), class: classifier.class(path), size: 1 })
            .collect();
        let known: Vec<_> = paths.iter().map(|path| ids(path)).collect();
        let facts = facts(&files, &known, &[]);
        (files, facts)
    }

    #[test]
    fn files_are_known_by_name() {
        let (_, facts) = repository(&[
            "README.md",
            "docs/README.md",
            "publiccode.yaml",
            ".github/workflows/ci.yml",
            "a/Dockerfile",
            "vendor/x/Dockerfile",
            ".well-known/security.txt",
        ]);
        assert_eq!(facts.readme(), Some("README.md"));
        assert_eq!(facts.publiccode(), None);
        for (id, paths) in [
            ("publiccode-misnamed", vec!["publiccode.yaml"]),
            ("ci-github-actions", vec![".github/workflows/ci.yml"]),
            ("container", vec!["a/Dockerfile"]),
            ("security-policy", vec![".well-known/security.txt"]),
            ("governance", vec![]),
        ] {
            assert_eq!(facts.paths(id), paths, "{id}");
        }
    }

    #[test]
    fn licence_texts_are_known_by_name() {
        for (path, expected) in [
            ("LICENSE", true),
            ("LICENCE.md", true),
            ("LICENSE-MIT", true),
            ("LICENSE.officially.txt", true),
            ("LICENTIE", true),
            ("UNLICENSE", true),
            ("COPYING.LESSER", true),
            ("LICENSES/EUPL-1.2.txt", true),
            ("src/font/license/OFL.txt", true),
            ("MIT-LICENSE.txt", true),
            ("src/License.java", false),
            ("licenses.json", false),
            ("src/licence_check.py", false),
            ("docs/licensing.md", false),
            ("image.png.license", false),
        ] {
            assert_eq!(is_licence_text(path, &ids(path)), expected, "{path}");
        }
    }

    #[test]
    fn kinds() {
        for (paths, kind) in [
            (&["README.md", "LICENSE"][..], RepositoryKind::Stub),
            (&["README.md", "app/src/main/AndroidManifest.xml", "app/A.kt"], RepositoryKind::Mobile),
            (&["README.md", "main.tf", "a.tf", "b.tf"], RepositoryKind::Infrastructure),
            (&["README.md", "a.md", "b.md", "c.md", "d.md"], RepositoryKind::Documentation),
            (&["README.md", "manage.py", "a.py", "b.py"], RepositoryKind::Service),
            (&["README.md", "src/a.py", "src/b.py", "pyproject.toml"], RepositoryKind::Library),
            (&["README.md", "a.py", "b.py", "scripts/migrations/xml_to_yaml.py"], RepositoryKind::Library),
            (&["README.md", "a.py", "b.py", "app/migrations/0001_initial.py"], RepositoryKind::Service),
            (&["README.md", "a.kt", "b.kt", "debian/init.d"], RepositoryKind::Service),
            (&["README.md", "a.php", "b.php", ".htaccess"], RepositoryKind::Service),
            (
                &["README.md", "a.c", "b.c", "c.c", "d.c", "e.c", "x.xcodeproj/project.pbxproj", "f.m"],
                RepositoryKind::Library,
            ),
            (&["README.md", "a.swift", "b.swift", "appTests/Info.plist"], RepositoryKind::Mobile),
            (&["README.md", "a.py", "b.py", "scripts/database/docker-compose.yml"], RepositoryKind::Library),
            (&["README.md", "a.py", "b.py", "docker/compose.yml"], RepositoryKind::Service),
            (
                &["README.md", "docs/standard/a.md", "docs/standard/b.md", "c.md", "d.md", "conf.py"],
                RepositoryKind::Standard,
            ),
            (&["README.md", "a.js", "a.md", "b.md", "mkdocs.yml"], RepositoryKind::Documentation),
            (&["README.md", "a.cpp", "packaging/android/AndroidManifest.xml.in"], RepositoryKind::Mobile),
            (
                &[
                    "README.md",
                    "a.rb",
                    "source/a.html.md.erb",
                    "source/b.html.md.erb",
                    "source/c.html.md.erb",
                    "source/d.html.md.erb",
                    "source/e.html.md.erb",
                ],
                RepositoryKind::Documentation,
            ),
        ] {
            assert_eq!(repository(paths).1.kind, kind, "{paths:?}");
        }
    }
}
