//! npm: package.json, package-lock.json (versions 1 to 3), yarn.lock (classic and berry).

use super::super::json::{self, Member, Node};
use super::super::model::{DeclarationKind, Ecosystem, NamedIn, Scope};
use super::{Fault, Found, Named, Source, lines};

const SCOPES: &[(&str, Scope)] = &[
    ("dependencies", Scope::Runtime),
    ("devDependencies", Scope::Dev),
    ("optionalDependencies", Scope::Optional),
    ("peerDependencies", Scope::Optional),
];

pub fn manifest(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    // `license` is a string; old manifests have an object with `type`, or `licenses` as a list of them.
    let single = root.get("license").into_iter();
    let several = root.get("licenses").into_iter().flat_map(|list| list.items().iter().chain(Some(list)));
    for node in single.chain(several) {
        let value = node.get("type").unwrap_or(node);
        if let Some(text) = value.as_str() {
            found.declaration(source, DeclarationKind::NpmManifest, text, value.start + 1, value.end - 1);
        }
    }
    if root.get("private").is_some_and(Node::is_true) {
        found.mark_private();
    }
    for (key, scope) in SCOPES {
        for Member { key: name, start, node } in root.get(key).map(Node::members).unwrap_or_default() {
            let (name, version) = aliased(name, node.as_str());
            // Where the name is written: in the value, for an alias.
            let is_alias = version != node.as_str();
            let at = if is_alias { node.start + "\"npm:".len() } else { *start + 1 };
            found.package(source, NamedIn::Manifest, at, Named::new(Ecosystem::Npm, name, version, *scope));
        }
    }
    Ok(())
}

/// An alias (`"x": "npm:real@1"`, `"x": "npm:real"`) is the package that it names.
fn aliased<'t>(name: &'t str, spec: Option<&'t str>) -> (&'t str, Option<&'t str>) {
    match spec.and_then(|spec| spec.strip_prefix("npm:")).filter(|real| !real.is_empty()) {
        Some(real) => match name_before_at(real) {
            Some(name) => (name, real.get(name.len() + 1..)),
            None => (real, None),
        },
        None => (name, spec),
    }
}

pub fn package_lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    if let Some(packages) = root.get("packages") {
        for Member { key, start, node } in packages.members() {
            // The key is the folder; workspaces and the root have no `node_modules/` in it.
            let Some((_, name)) = key.rsplit_once("node_modules/") else { continue };
            if node.get("link").is_some_and(Node::is_true) {
                continue;
            }
            let name = node.get("name").and_then(Node::as_str).unwrap_or(name);
            let version = node.get("version").and_then(Node::as_str);
            let licence = node.get("license").and_then(Node::as_str).map(str::to_owned);
            let package = Named::new(Ecosystem::Npm, name, version, lock_scope(node)).licensed(licence);
            found.package(source, NamedIn::Lockfile, *start, package);
        }
    } else if let Some(dependencies) = root.get("dependencies") {
        lock_version_1(source, found, dependencies);
    }
    Ok(())
}

fn lock_version_1(source: &Source, found: &mut Found, dependencies: &Node) {
    for Member { key, start, node } in dependencies.members() {
        let (name, version) = aliased(key, node.get("version").and_then(Node::as_str));
        let package = Named::new(Ecosystem::Npm, name, version, lock_scope(node));
        found.package(source, NamedIn::Lockfile, *start, package);
        if let Some(inner) = node.get("dependencies") {
            lock_version_1(source, found, inner);
        }
    }
}

fn lock_scope(node: &Node) -> Scope {
    let is = |key| node.get(key).is_some_and(Node::is_true);
    if is("dev") {
        Scope::Dev
    // `devOptional`: developers need it, and so does something optional of the running program.
    } else if is("optional") || is("devOptional") || is("peer") {
        Scope::Optional
    } else {
        Scope::Runtime
    }
}

/// Both forms head an entry by its specifiers at the start of a line (`"a@^1", "a@^1.2":`) and give the
/// version in an indented line.
pub fn yarn_lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let mut entry: Option<(usize, String)> = None;
    for (at, line) in lines(source.text) {
        if line.starts_with(['"', '@']) || line.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            let first = line.trim_end_matches(':').split(", ").next().unwrap_or_default().trim_matches('"');
            // An alias (`x@npm:real@^1`) is the package that it names.
            let aliased = name_before_at(first).and_then(|name| first[name.len()..].strip_prefix("@npm:"));
            let name = aliased.and_then(name_before_at).or_else(|| name_before_at(first));
            entry = name.map(|name| (at, name.to_owned()));
        } else if let Some(version) = line.trim_start().strip_prefix("version")
            && let Some((at, name)) = entry.take()
        {
            let version = version.trim_start_matches(':').trim().trim_matches('"');
            // Workspaces of the project itself.
            if version != "0.0.0-use.local" {
                let package = Named::new(Ecosystem::Npm, name, Some(version), Scope::Runtime);
                found.package(source, NamedIn::Lockfile, at, package);
            }
        }
    }
    Ok(())
}

/// The name in `name@…`, where an `@` at the start is that of a scope.
fn name_before_at(specifier: &str) -> Option<&str> {
    specifier.char_indices().skip(1).find(|(_, c)| *c == '@').map(|(end, _)| &specifier[..end])
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn package_json() {
        let text = "{\n \"name\": \"x\", \"private\": true,\n \"main\": \"index.js\",\n \"license\": \"ISC\",\n \"dependencies\": {\n  \"mapbox-gl\": \"^1.13\",\n  \"old\": \"npm:@real/one@2\" },\n \"devDependencies\": {\"jest\": \"*\"}\n}";
        assert_eq!(
            found("a/package.json", text),
            [
                "4:14-17 NpmManifest ISC private default",
                "6:4 npm/mapbox-gl@^1.13 Runtime",
                "7:15 npm/@real/one@2 Runtime",
                "8:23 npm/jest@* Dev",
            ]
        );
        let text = "{\"dependencies\": {\"a\": \"npm:b\", \"c\": \"npm:@s/d\", \"e\": \"npm:@s/f@^1.2\", \"own\": \"workspace:^\", \"g\": \"catalog:\"}}";
        assert_eq!(
            found("package.json", text),
            [
                "1:29 npm/b Runtime",
                "1:43 npm/@s/d Runtime",
                "1:60 npm/@s/f@^1.2 Runtime",
                "1:73 npm/own@workspace:^ Runtime",
                "1:95 npm/g@catalog: Runtime",
            ]
        );
        assert_eq!(found("package.json", "{\"license\": {\"type\": \"MIT\"}}"), ["1:23-26 NpmManifest MIT"]);
        assert_eq!(
            found("package.json", "{\"licenses\": [{\"type\": \"MIT\"}, \"BSD-3-Clause\"]}"),
            ["1:25-28 NpmManifest MIT", "1:33-45 NpmManifest BSD-3-Clause"]
        );
        assert!(found("package.json", "{\"a\":").iter().all(|line| line.starts_with("not read")));
    }

    #[test]
    fn package_locks() {
        let three = "{\"lockfileVersion\": 3, \"packages\": {\n\"\": {\"name\": \"x\"},\n\"apps/y\": {},\n\"node_modules/y\": {\"link\": true},\n\"node_modules/a/node_modules/@s/b\": {\"version\": \"1.0.0\", \"dev\": true, \"license\": \"MIT\"}\n}}";
        assert_eq!(found("package-lock.json", three), ["5:1 npm/@s/b@1.0.0 Dev (MIT)"]);
        let one = "{\"dependencies\": {\n\"a\": {\"version\": \"1\", \"dependencies\": {\n\"b\": {\"version\": \"2\", \"optional\": true}}}}}";
        assert_eq!(found("npm-shrinkwrap.json", one), ["2:1 npm/a@1 Runtime", "3:1 npm/b@2 Optional"]);
        let one = "{\"dependencies\": {\n\"a\": {\"version\": \"npm:@s/b@1.2\"}}}";
        assert_eq!(found("package-lock.json", one), ["2:1 npm/@s/b@1.2 Runtime"]);
        let both = "{\"packages\": {\n\"node_modules/a\": {\"version\": \"1\", \"devOptional\": true},\n\"node_modules/x\": {\"name\": \"b\", \"version\": \"2\"}}}";
        assert_eq!(found("package-lock.json", both), ["2:1 npm/a@1 Optional", "3:1 npm/b@2 Runtime"]);
    }

    #[test]
    fn yarn() {
        let classic = "# yarn lockfile v1\n\n\"@s/a@^1\", \"@s/a@^1.2\":\n  version \"1.2.0\"\n  dependencies:\n    version \"9\"\n\nb@2:\n  version \"2.0.0\"\n";
        assert_eq!(found("yarn.lock", classic), ["3:1 npm/@s/a@1.2.0 Runtime", "8:1 npm/b@2.0.0 Runtime"]);
        let berry = "__metadata:\n  version: 8\n\n\"a@npm:^1\":\n  version: 1.1.0\n\n\"me@workspace:.\":\n  version: 0.0.0-use.local\n";
        assert_eq!(found("yarn.lock", berry), ["4:1 npm/a@1.1.0 Runtime"]);
        let aliases = "x@npm:real@^1:\n  version \"1.0.0\"\n\n\"y@npm:@s/real@2\":\n  version: 2.0.0\n";
        assert_eq!(found("yarn.lock", aliases), ["1:1 npm/real@1.0.0 Runtime", "4:1 npm/@s/real@2.0.0 Runtime"]);
    }
}
