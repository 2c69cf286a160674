//! Swift: Package.swift, Package.resolved, and CocoaPods' Podfile and Podfile.lock.

use std::sync::LazyLock;

use regex::Regex;

use super::super::json::{self, Node};
use super::super::model::{Ecosystem, NamedIn, Scope};
use super::{Fault, Found, Named, Source, lines, offset};

static PACKAGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"\.package\s*\([^)]*?url:\s*"([^"\n]+)"(?:\s*,\s*(?:from:|exact:|\.upToNextM\w+\(from:)\s*"([^"\n]+)")?"#,
    )
    .ok()
});

/// A package URL names a Swift package by host and path: `github.com/owner/name`, with `:` behind the host where the
/// address is one of ssh.
fn name_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.trim_end_matches('/').trim_end_matches(".git")
}

pub fn manifest(source: &Source, found: &mut Found) -> Result<(), Fault> {
    for parts in PACKAGE.iter().flat_map(|pattern| pattern.captures_iter(source.text)) {
        if let Some(url) = parts.get(1) {
            let version = parts.get(2).map(|version| version.as_str());
            let name = name_of(url.as_str());
            let package = Named::new(Ecosystem::Swift, name.replacen(':', "/", 1), version, Scope::Runtime);
            found.package(source, NamedIn::Manifest, url.start() + offset(url.as_str(), name), package);
        }
    }
    Ok(())
}

pub fn resolved(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    // Version 1 keeps the pins below `object`.
    for pin in root.get("object").unwrap_or(&root).get("pins").map(Node::items).unwrap_or_default() {
        let Some(url) = pin.get("location").or_else(|| pin.get("repositoryURL")) else { continue };
        let version = pin.get("state").and_then(|state| state.get("version")).and_then(Node::as_str);
        let name = name_of(url.as_str().unwrap_or_default());
        found.package(
            source,
            NamedIn::Lockfile,
            url.start,
            Named::new(Ecosystem::Swift, name.replacen(':', "/", 1), version, Scope::Runtime),
        );
    }
    Ok(())
}

static POD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"^\s*pod\s+["']([^"']+)["'](?:\s*,\s*["']([^"']+)["'])?"#).ok());

pub fn podfile(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let Some(pattern) = POD.as_ref() else { return Ok(()) };
    for (at, line) in lines(source.text) {
        if let Some(parts) = pattern.captures(line)
            && let Some(name) = parts.get(1)
        {
            let version = parts.get(2).map(|version| version.as_str());
            let package = Named::new(Ecosystem::CocoaPods, name.as_str(), version, Scope::Runtime);
            found.package(source, NamedIn::Manifest, at + name.start(), package);
        }
    }
    Ok(())
}

/// Pods stand below `PODS:` as `  - Name (version)`; deeper lines are what they need.
pub fn podfile_lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    for (at, line) in lines(source.text).skip_while(|(_, line)| *line != "PODS:").skip(1) {
        if !line.starts_with(' ') {
            break;
        }
        let Some(entry) = line.strip_prefix("  - ") else { continue };
        if let Some((name, version)) = entry.trim_matches([':', '"']).split_once(" (") {
            let version = version.trim_end_matches([':', ')', '"']);
            let package = Named::new(Ecosystem::CocoaPods, name, Some(version), Scope::Runtime);
            found.package(source, NamedIn::Lockfile, at + offset(line, entry), package);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn swift_and_pods() {
        let text = "dependencies: [\n .package(url: \"https://github.com/a/b.git\", from: \"1.2\"),\n]";
        assert_eq!(found("Package.swift", text), ["2:25 swift/github.com/a/b@1.2 Runtime"]);
        let text = ".package(name: \"b\", url: \"git@github.com:a/b.git\", .upToNextMajor(from: \"1.2\"))";
        assert_eq!(found("Package.swift", text), ["1:31 swift/github.com/a/b@1.2 Runtime"]);
        let pins = "{\"pins\": [{\"location\": \"git@github.com/a/b\", \"state\": {\"version\": \"1\"}}]}";
        assert_eq!(found("Package.resolved", pins), ["1:24 swift/github.com/a/b@1 Runtime"]);
        assert_eq!(found("Podfile", "  pod 'Firebase/Core', '~> 8'\n"), ["1:8 cocoapods/Firebase/Core@~> 8 Runtime"]);
        let lock = "PODS:\n  - A (1.0):\n    - B (= 2)\n  - C (3)\n\nDEPENDENCIES:\n  - D (4)\n";
        assert_eq!(found("Podfile.lock", lock), ["2:5 cocoapods/A@1.0 Runtime", "4:5 cocoapods/C@3 Runtime"]);
    }
}
