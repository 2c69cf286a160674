//! What each path is for.
//!
//! Three sources, the first that speaks wins: the linguist attributes of `.gitattributes` files, folders that
//! are somebody else's project copied in, and the globs of `rules/knowledge/path-classes.tsv`.

use std::sync::LazyLock;

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

use super::model::PathClass;
use crate::builtin;

/// The globs of the table in order, each with its class. Compared without case.
static TABLE: LazyLock<(GlobSet, Vec<PathClass>)> = LazyLock::new(|| {
    let mut globs = GlobSetBuilder::new();
    let mut classes = Vec::new();
    for row in builtin::rows(builtin::file("knowledge/path-classes.tsv").unwrap_or_default()) {
        let Some(class) = PathClass::from_name(row.get("class")) else { continue };
        for pattern in row.list("globs") {
            if let Ok(glob) = glob(pattern) {
                globs.add(glob);
                classes.push(class);
            }
        }
    }
    (globs.build().unwrap_or_default(), classes)
});

fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).case_insensitive(true).literal_separator(true).build()
}

/// A line of a `.gitattributes` that says what a path is.
struct Attribute {
    glob: GlobMatcher,
    /// `None` takes an earlier line back (`-linguist-vendored`).
    class: Option<PathClass>,
    /// Which class the line speaks about.
    about: PathClass,
}

/// Classifies the paths of one repository.
#[derive(Default)]
pub struct Classifier {
    attributes: Vec<Attribute>,
    /// Folders with a copied project, `/` at the end.
    copied: Vec<String>,
}

/// The attributes of linguist (<https://github.com/github-linguist/linguist/blob/main/docs/overrides.md>).
const LINGUIST: &[(&str, PathClass)] = &[
    ("linguist-vendored", PathClass::Vendored),
    ("linguist-generated", PathClass::Generated),
    ("linguist-documentation", PathClass::Docs),
];

impl Classifier {
    /// Adds the lines of the `.gitattributes` that stands in `folder` (empty, or with `/` at the end).
    pub fn attributes(&mut self, folder: &str, text: &str) {
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let Some(pattern) = words.next().filter(|word| !word.starts_with('#')) else { continue };
            let about: Vec<_> = words.filter_map(linguist).collect();
            if about.is_empty() {
                continue;
            }
            // As in .gitignore: a pattern without `/` holds in every folder below.
            let path = pattern.trim_start_matches('/');
            let anywhere = if pattern.trim_end_matches('/').contains('/') { "" } else { "**/" };
            for pattern in
                [format!("{folder}{anywhere}{path}"), format!("{folder}{anywhere}{}/**", path.trim_end_matches('/'))]
            {
                if let Ok(glob) = GlobBuilder::new(&pattern).literal_separator(true).build() {
                    let glob = glob.compile_matcher();
                    self.attributes.extend(about.iter().map(|&(about, class)| Attribute {
                        glob: glob.clone(),
                        class,
                        about,
                    }));
                }
            }
        }
    }

    /// Takes a folder (`/` at the end) for somebody else's project.
    pub fn copied(&mut self, folder: String) {
        self.copied.push(folder);
    }

    /// The class of a path.
    pub fn class(&self, path: &str) -> PathClass {
        let mut denied = Vec::new();
        // The last line that fits counts, as git has it.
        for attribute in self.attributes.iter().rev().filter(|attribute| attribute.glob.is_match(path)) {
            match attribute.class {
                Some(class) if !denied.contains(&class) => return class,
                _ => denied.push(attribute.about),
            }
        }
        if !denied.contains(&PathClass::Vendored) && self.copied.iter().any(|folder| path.starts_with(folder.as_str()))
        {
            return PathClass::Vendored;
        }
        by_name(path, &denied)
    }
}

/// `linguist-vendored`, `-linguist-vendored`, `linguist-vendored=false`: about what, and the class if it is set.
fn linguist(word: &str) -> Option<(PathClass, Option<PathClass>)> {
    let (name, value) = word.split_once('=').unwrap_or((word, "true"));
    let is_set = !name.starts_with(['-', '!']) && value != "false";
    let name = name.trim_start_matches(['-', '!']);
    let class = LINGUIST.iter().find(|(attribute, _)| *attribute == name)?.1;
    Some((class, is_set.then_some(class)))
}

/// The class by the table alone.
fn by_name(path: &str, denied: &[PathClass]) -> PathClass {
    let (globs, classes) = &*TABLE;
    let fitting = globs.matches(path);
    fitting
        .into_iter()
        .filter_map(|at| classes.get(at).copied())
        .find(|class| !denied.contains(class))
        .unwrap_or(PathClass::Source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_their_class() {
        let classifier = Classifier::default();
        for (path, class) in [
            ("src/main.rs", PathClass::Source),
            ("Dockerfile", PathClass::Source),
            ("web/node_modules/a/index.js", PathClass::Vendored),
            ("static/js/jquery-3.6.0.min.js", PathClass::Vendored),
            ("app/build/app.min.css", PathClass::Generated),
            ("package-lock.json", PathClass::Source),
            ("tests/test_api.py", PathClass::Test),
            ("src/api.spec.ts", PathClass::Test),
            ("pkg/api_test.go", PathClass::Test),
            ("app/src/androidTest/java/A.kt", PathClass::Test),
            ("docs/guide.md", PathClass::Docs),
            ("README.md", PathClass::Docs),
            ("examples/a/main.tf", PathClass::Example),
            (".github/workflows/ci.yml", PathClass::Ci),
            (".gitlab-ci.yml", PathClass::Ci),
            ("Jenkinsfile", PathClass::Ci),
            (".devcontainer/Dockerfile", PathClass::DevTooling),
            ("app/contest/latest.py", PathClass::Source),
            ("src/documents/model.py", PathClass::Source),
        ] {
            assert_eq!(classifier.class(path), class, "{path}");
        }
    }

    #[test]
    fn attributes_and_copied_folders_speak_first() {
        let mut classifier = Classifier::default();
        classifier.attributes("", "# note\n*.pb.go linguist-generated=true\nlib/** linguist-vendored\nlib/own/* -linguist-vendored\n/docs -linguist-documentation\n");
        classifier.attributes("sub/", "data.json linguist-generated\n");
        classifier.copied("assets/editor/".to_owned());
        for (path, class) in [
            ("a/b.pb.go", PathClass::Generated),
            ("lib/x/y.js", PathClass::Vendored),
            ("lib/own/y.js", PathClass::Source),
            ("docs/conf.py", PathClass::Source),
            ("sub/deep/data.json", PathClass::Generated),
            ("data.json", PathClass::Source),
            ("assets/editor/x.js", PathClass::Vendored),
        ] {
            assert_eq!(classifier.class(path), class, "{path}");
        }
    }
}
