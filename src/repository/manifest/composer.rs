//! Composer: composer.json and composer.lock.

use super::super::json::{self, Member, Node};
use super::super::model::{DeclarationKind, Ecosystem, NamedIn, Scope};
use super::{Fault, Found, Named, Source};

pub fn manifest(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    // A string, or a list of which any may be chosen.
    for node in root.get("license").into_iter().flat_map(|node| node.items().iter().chain(Some(node))) {
        if let Some(text) = node.as_str() {
            found.declaration(source, DeclarationKind::Composer, text, node.start + 1, node.end - 1);
        }
    }
    for (key, scope) in [("require", Scope::Runtime), ("require-dev", Scope::Dev)] {
        for Member { key: name, start, node } in root.get(key).map(Node::members).unwrap_or_default() {
            // `php`, `ext-json`: the platform, no package.
            if name.contains('/') {
                let package = Named::new(Ecosystem::Composer, name.as_ref(), node.as_str(), scope);
                found.package(source, NamedIn::Manifest, *start + 1, package);
            }
        }
    }
    Ok(())
}

pub fn lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    for (key, scope) in [("packages", Scope::Runtime), ("packages-dev", Scope::Dev)] {
        for node in root.get(key).map(Node::items).unwrap_or_default() {
            let Some(name) = node.get("name") else { continue };
            let licences: Vec<&str> =
                node.get("license").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect();
            let version = node.get("version").and_then(Node::as_str);
            let package = Named::new(Ecosystem::Composer, name.as_str().unwrap_or_default(), version, scope)
                .licensed(Some(licences.join(" OR ")));
            found.package(source, NamedIn::Lockfile, name.start, package);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn composer() {
        let text = "{\n\"license\": \"proprietary\",\n\"require\": {\"php\": \">=8\", \"symfony/console\": \"7.*\"},\n\"require-dev\": {\"a/b\": \"*\"}}";
        assert_eq!(
            found("composer.json", text),
            [
                "2:13-24 Composer proprietary default",
                "3:28 composer/symfony/console@7.* Runtime",
                "4:18 composer/a/b@* Dev",
            ]
        );
        assert_eq!(
            found("composer.json", "{\"license\": [\"MIT\", \"GPL-2.0-only\"]}"),
            ["1:15-18 Composer MIT", "1:22-34 Composer GPL-2.0-only"]
        );
        let lock = "{\"packages\": [{\"name\": \"a/b\", \"version\": \"v1\", \"license\": [\"MIT\", \"ISC\"]}]}";
        assert_eq!(found("composer.lock", lock), ["1:24 composer/a/b@v1 Runtime (MIT OR ISC)"]);
    }
}
