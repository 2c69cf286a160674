//! pnpm-lock.yaml, versions 5 to 9, and the catalogues of pnpm-workspace.yaml.
//!
//! Keys below `packages:` are `name@version:`, before version 9 `/name@version(peers):`, before version 6
//! `/name/version_peers:`. Up to version 6 an entry says whether it is for developers or optional; in version 9 that
//! follows from what the workspace's folders (`importers:`) ask for and what that needs in turn (`snapshots:`). Read
//! by line: the file is written by pnpm only and always in this form, and may have some ten thousand entries.

use std::collections::{HashMap, HashSet};

use super::super::model::{Ecosystem, NamedIn, Package, Scope};
use super::super::yaml::Yaml;
use super::{Fault, Found, Named, Source, lines};

/// `catalog:` and `catalogs:` of a workspace: versions that its folders ask for by `catalog:` and `catalog:NAME`.
pub fn workspace(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let yaml = Yaml::parse(source.text).map_err(|fault| fault.to_string())?;
    let get = |key: &str| yaml.root().and_then(|root| root.get(key));
    let named = get("catalogs").into_iter().flat_map(|catalogues| catalogues.entries());
    let named = named.filter_map(|(name, list)| Some((name.text()?, list)));
    for (name, list) in named.chain(get("catalog").map(|list| ("", list))) {
        let versions = list.entries().filter_map(|(package, version)| Some((package.text()?, version.text()?)));
        let asked = format!("catalog:{name}");
        found
            .shared
            .versions
            .extend(versions.map(|(package, version)| ((asked.clone(), package.to_owned()), version.to_owned())));
    }
    Ok(())
}

/// Puts the versions in their place.
pub fn settle(packages: &mut [Package], versions: &HashMap<(String, String), String>) {
    for package in packages.iter_mut().filter(|package| package.ecosystem == Ecosystem::Npm) {
        let asked = package.version.as_deref().filter(|version| version.starts_with("catalog:"));
        // The catalogue without a name may be asked for by `default`.
        let asked = asked.map(|version| if version == "catalog:default" { "catalog:" } else { version });
        if let Some(version) = asked.and_then(|asked| versions.get(&(asked.to_owned(), package.name.clone()))) {
            package.version = Some(version.clone());
        }
    }
}

pub fn lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let mut section = "";
    let mut graph = Graph::default();
    for (at, line) in lines(source.text) {
        if line.trim().is_empty() {
            continue;
        }
        if !line.starts_with(' ') {
            section = line.trim_end_matches(':');
            continue;
        }
        match section {
            "packages" => package(source, found, at, line),
            "importers" => graph.importer(line),
            "snapshots" => graph.snapshot(line),
            _ => {}
        }
    }
    if !graph.needs.is_empty() {
        let scopes = graph.scopes();
        for package in &mut found.packages {
            let key = (package.name.as_str(), package.version.as_deref().unwrap_or_default());
            package.scope = scopes.get(&key).copied().unwrap_or(Scope::Dev);
        }
    }
    Ok(())
}

fn package(source: &Source, found: &mut Found, at: usize, line: &str) {
    if let Some(scope) = match line.trim() {
        "dev: true" => Some(Scope::Dev),
        "optional: true" => Some(Scope::Optional),
        _ => None,
    } && let Some(package) = found.packages.last_mut()
        && package.scope != Scope::Dev
    {
        package.scope = scope;
    }
    let Some(key) = line.strip_prefix("  ").filter(|key| !key.starts_with(' ')) else { return };
    if let Some((name, version)) = name_and_version(unquoted(key.trim_end().trim_end_matches(':'))) {
        let package = Named::new(Ecosystem::Npm, name, Some(version), Scope::Runtime);
        found.package(source, NamedIn::Lockfile, at + 2, package);
    }
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['\'', '"'])
}

/// Name and version of a key, without the peers that it was resolved with.
fn name_and_version(key: &str) -> Option<(&str, &str)> {
    let old = key.strip_prefix('/');
    let key = old.unwrap_or(key);
    let key = key.split('(').next().unwrap_or(key);
    // Names may hold `_`, versions may not: what stands before the first one after a version is it.
    let slashed = key.match_indices('/').find_map(|(at, _)| {
        let version = key[at + 1..].split('_').next()?;
        let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains(['@', '/']);
        is_version.then_some((&key[..at], version))
    });
    slashed.filter(|_| old.is_some()).or_else(|| {
        // The first `@` behind that of a scope; versions may hold one (`file:a@b`).
        let at = key.char_indices().skip(1).find(|(_, c)| *c == '@')?.0;
        Some((&key[..at], &key[at + 1..]))
    })
}

/// What needs what, by the keys of `snapshots:`.
#[derive(Default)]
struct Graph<'t> {
    /// What the workspace's folders ask for.
    asked: Vec<(String, Scope)>,
    needs: HashMap<&'t str, Vec<(String, bool)>>,
    /// The list that the lines stand in, and whether it is of this or that scope.
    list: Option<Scope>,
    /// The name or key that the line stands below.
    name: &'t str,
}

/// The scope of a list by its name.
fn scope_of(list: &str) -> Option<Scope> {
    match list {
        "dependencies:" => Some(Scope::Runtime),
        "devDependencies:" => Some(Scope::Dev),
        "optionalDependencies:" => Some(Scope::Optional),
        _ => None,
    }
}

/// The key that a dependency of this name and version has: an alias is resolved to `real@version`.
fn key_of(name: &str, version: &str) -> String {
    let (name, version) = (unquoted(name), unquoted(version));
    let bare = version.split('(').next().unwrap_or(version);
    match bare.char_indices().skip(1).any(|(_, c)| c == '@') {
        true => version.to_owned(),
        false => format!("{name}@{version}"),
    }
}

impl<'t> Graph<'t> {
    /// `  folder:`, `    dependencies:`, `      name:`, `        version: …`
    fn importer(&mut self, line: &'t str) {
        let text = line.trim_start();
        match line.len() - text.len() {
            4 => self.list = scope_of(text),
            6 => self.name = text.trim_end_matches(':'),
            8 => {
                if let (Some(scope), Some(version)) = (self.list, text.strip_prefix("version: ")) {
                    self.asked.push((key_of(self.name, version), scope));
                }
            }
            _ => {}
        }
    }

    /// `  key:`, `    dependencies:`, `      name: version`
    fn snapshot(&mut self, line: &'t str) {
        let text = line.trim_start();
        match line.len() - text.len() {
            2 => {
                // An entry without content ends in `: {}`.
                self.name = unquoted(text.trim_end_matches("{}").trim_end().trim_end_matches(':'));
                self.needs.entry(self.name).or_default();
                self.list = None;
            }
            4 => self.list = scope_of(text),
            6 => {
                if let (Some(scope), Some((name, version))) = (self.list, text.split_once(": ")) {
                    let needed = (key_of(name, version), scope == Scope::Optional);
                    self.needs.entry(self.name).or_default().push(needed);
                }
            }
            _ => {}
        }
    }

    /// By name and version: what the running program needs, and what it can do without. What is missing is for
    /// developers.
    fn scopes(&self) -> HashMap<(&str, &str), Scope> {
        let mut scopes = HashMap::new();
        // What is needed for sure is walked first, so that it is not taken for optional.
        for wanted in [Scope::Runtime, Scope::Optional] {
            let mut seen = HashSet::new();
            let is_asked = |scope: Scope| scope == Scope::Runtime || scope == wanted;
            let asked = self.asked.iter().filter(|(_, scope)| is_asked(*scope)).map(|(key, _)| key.as_str());
            let mut open: Vec<&str> = asked.collect();
            while let Some(key) = open.pop() {
                if !seen.insert(key) {
                    continue;
                }
                if let Some(package) = name_and_version(key) {
                    scopes.entry(package).or_insert(wanted);
                }
                let needs = self.needs.get(key).into_iter().flatten();
                open.extend(
                    needs.filter(|(_, optional)| !optional || wanted == Scope::Optional).map(|(key, _)| key.as_str()),
                );
            }
        }
        scopes
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::model::PathClass;
    use super::super::super::place::Places;
    use super::super::known;
    use super::super::testing::found;
    use super::*;

    #[test]
    fn versions_of_a_workspace() {
        let text = "packages: [a]\ncatalog:\n  x: ^1.2\ncatalogs:\n  old:\n    x: ^0.9\n";
        let places = Places::new(text);
        let mut found = Found::default();
        let source = Source { path: "pnpm-workspace.yaml", class: PathClass::Source, text, places: &places };
        workspace(&source, &mut found).unwrap();
        let manifest = "{\"dependencies\": {\"x\": \"catalog:\"}, \"devDependencies\": {\"x\": \"catalog:old\", \"y\": \"catalog:\"}, \"peerDependencies\": {\"x\": \"catalog:default\"}}";
        let places = Places::new(manifest);
        let source = Source { path: "a/package.json", class: PathClass::Source, text: manifest, places: &places };
        known("a/package.json").unwrap().read(&source, &mut found).unwrap();
        settle(&mut found.packages, &found.shared.versions);
        let versions: Vec<_> = found.packages.iter().filter_map(|package| package.version.as_deref()).collect();
        assert_eq!(versions, ["^1.2", "^0.9", "catalog:", "^1.2"]);
    }

    #[test]
    fn versions_5_to_8() {
        let five = "lockfileVersion: 5.4\n\npackages:\n\n  /string_decoder/1.3.0:\n    dev: false\n\n  /@s/a_b/2.0.0_c@1.0.0:\n    dev: true\n    optional: true\n  /7zip/1.0.0:\n    optional: true\n";
        assert_eq!(
            found("pnpm-lock.yaml", five),
            ["5:3 npm/string_decoder@1.3.0 Runtime", "8:3 npm/@s/a_b@2.0.0 Dev", "11:3 npm/7zip@1.0.0 Optional"]
        );
        let pnpm = "lockfileVersion: '6.0'\npackages:\n\n  /@s/a@1.0.0:\n    resolution: {}\n  /b@2.0.0(c@1):\n    dev: true\n  /d/3.0.0_e@1:\n    dev: false\n";
        assert_eq!(
            found("pnpm-lock.yaml", pnpm),
            ["4:3 npm/@s/a@1.0.0 Runtime", "6:3 npm/b@2.0.0 Dev", "8:3 npm/d@3.0.0 Runtime"]
        );
    }

    #[test]
    fn version_9() {
        let text = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      '@s/a':\n        specifier: ^1\n        version: 1.0.0(p@1.0.0)\n      x:\n        specifier: npm:real@2\n        version: real@2.0.0\n      own:\n        specifier: workspace:*\n        version: link:packages/own\n    devDependencies:\n      d:\n        specifier: ^1\n        version: 1.0.0\n  packages/own:\n    optionalDependencies:\n      o:\n        specifier: ^1\n        version: 1.0.0\n\npackages:\n\n  '@s/a@1.0.0':\n    resolution: {}\n\n  d@1.0.0:\n    resolution: {}\n\n  n@1.0.0:\n    resolution: {}\n\n  n@2.0.0:\n    resolution: {}\n\n  o@1.0.0:\n    resolution: {}\n\n  p@1.0.0:\n    resolution: {}\n\n  real@2.0.0:\n    resolution: {}\n\n  t@https://codeload.example/a/t/tar.gz/0af:\n    resolution: {}\n\nsnapshots:\n\n  '@s/a@1.0.0(p@1.0.0)':\n    dependencies:\n      n: 1.0.0\n      p: 1.0.0\n    optionalDependencies:\n      t: https://codeload.example/a/t/tar.gz/0af\n\n  d@1.0.0:\n    dependencies:\n      n: 2.0.0\n\n  n@1.0.0: {}\n\n  n@2.0.0: {}\n\n  o@1.0.0: {}\n\n  p@1.0.0: {}\n\n  real@2.0.0: {}\n\n  t@https://codeload.example/a/t/tar.gz/0af: {}\n";
        assert_eq!(
            found("pnpm-lock.yaml", text),
            [
                "28:3 npm/@s/a@1.0.0 Runtime",
                "31:3 npm/d@1.0.0 Dev",
                "34:3 npm/n@1.0.0 Runtime",
                "37:3 npm/n@2.0.0 Dev",
                "40:3 npm/o@1.0.0 Optional",
                "43:3 npm/p@1.0.0 Runtime",
                "46:3 npm/real@2.0.0 Runtime",
                "49:3 npm/t@https://codeload.example/a/t/tar.gz/0af Optional",
            ]
        );
    }
}
