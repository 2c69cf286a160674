//! Ruby: Gemfile, Gemfile.lock, .gemspec.

use std::sync::LazyLock;

use regex::Regex;

use super::super::model::{DeclarationKind, Ecosystem, NamedIn, Scope};
use super::{Fault, Found, Named, Source, lines};

static GEM: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"^\s*gem[\s(]+["']([^"']+)["'](?:\s*,\s*["']([^"']+)["'])?"#).ok());
static GROUP: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*group[\s(]+(.+?)\)?\s+do\b").ok());

/// Whether all groups of a list (`:development, :test`, `%i[development test]`) are for developers.
fn is_for_developers(groups: &str) -> bool {
    let mut names = groups
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|name| !matches!(*name, "" | "i" | "w"))
        .peekable();
    names.peek().is_some()
        && names.all(|group| matches!(group, "development" | "test" | "ci" | "lint" | "documentation"))
}

/// The value at the head of the rest of a line: a list in brackets, or what stands before the comma.
fn listed(rest: &str) -> &str {
    let end = match rest.trim_start().starts_with(['[', '%']) {
        true => rest.find(']'),
        false => rest.find([',', '#']),
    };
    &rest[..end.unwrap_or(rest.len())]
}

/// Words that open a block which `end` closes.
const OPENERS: [&str; 4] = ["if ", "unless ", "case ", "begin"];

pub fn gemfile(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let (Some(gem), Some(group)) = (GEM.as_ref(), GROUP.as_ref()) else { return Ok(()) };
    let mut scope = Scope::Runtime;
    // Blocks within a group's block.
    let mut inner = 0_u32;
    for (at, line) in lines(source.text) {
        if let Some(groups) = group.captures(line).and_then(|parts| parts.get(1)) {
            scope = if is_for_developers(groups.as_str()) { Scope::Dev } else { Scope::Runtime };
        } else if line.trim() == "end" {
            match inner {
                0 => scope = Scope::Runtime,
                _ => inner -= 1,
            }
        } else if line.trim_end().ends_with(" do") || OPENERS.iter().any(|word| line.trim_start().starts_with(word)) {
            inner += 1;
        } else if let Some(parts) = gem.captures(line)
            && let Some(name) = parts.get(1)
        {
            let version = parts.get(2).map(|version| version.as_str());
            let inline = line
                .split_once("group:")
                .or_else(|| line.split_once("groups:"))
                .is_some_and(|(_, groups)| is_for_developers(listed(groups)));
            let scope = if inline { Scope::Dev } else { scope };
            found.package(
                source,
                NamedIn::Manifest,
                at + name.start(),
                Named::new(Ecosystem::Gem, name.as_str(), version, scope),
            );
        }
    }
    Ok(())
}

/// Gems stand below `specs:`, four spaces in, as `name (version)`; deeper lines are what they need.
pub fn gemfile_lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let mut section = "";
    for (at, line) in lines(source.text) {
        if !line.starts_with(' ') {
            section = line;
            continue;
        }
        let Some(entry) = line.strip_prefix("    ").filter(|entry| !entry.starts_with(' ')) else { continue };
        if !matches!(section, "GEM" | "GIT") {
            continue;
        }
        if let Some((name, version)) = entry.split_once(" (") {
            let package = Named::new(Ecosystem::Gem, name, Some(version.trim_end_matches(')')), Scope::Runtime);
            found.package(source, NamedIn::Lockfile, at + 4, package);
        }
    }
    Ok(())
}

static SPECIFICATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\.licenses?\s*=\s*\[?\s*["']([^"'\n]+)["']|\.add_((?:development_|runtime_)?)dependency[\s(]+["']([^"'\n]+)["'](?:\s*,\s*["']([^"'\n]+)["'])?"#).ok()
});

pub fn gemspec(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let Some(pattern) = SPECIFICATION.as_ref() else { return Ok(()) };
    for parts in pattern.captures_iter(source.text) {
        if let Some(licence) = parts.get(1) {
            found.declaration(source, DeclarationKind::Gemspec, licence.as_str(), licence.start(), licence.end());
        } else if let Some(name) = parts.get(3) {
            let is_dev = parts.get(2).is_some_and(|kind| kind.as_str() == "development_");
            let scope = if is_dev { Scope::Dev } else { Scope::Runtime };
            let version = parts.get(4).map(|version| version.as_str());
            found.package(
                source,
                NamedIn::Manifest,
                name.start(),
                Named::new(Ecosystem::Gem, name.as_str(), version, scope),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn bundler() {
        let text = "source 'x'\ngem \"aws-sdk-s3\", \"~> 1\"\ngroup :development, :test do\n  gem 'rspec'\nend\ngem 'a', group: :test\ngem 'b'\n";
        assert_eq!(
            found("Gemfile", text),
            ["2:6 gem/aws-sdk-s3@~> 1 Runtime", "4:8 gem/rspec Dev", "6:6 gem/a Dev", "7:6 gem/b Runtime"]
        );
        let nested = "group :development do\n  platforms :mri do\n    gem 'a'\n  end\n  gem 'b'\nend\ngem 'c', groups: %i[development test], require: false\ngem 'd', group: :production\n";
        assert_eq!(found("gems.rb", nested), ["3:10 gem/a Dev", "5:8 gem/b Dev", "7:6 gem/c Dev", "8:6 gem/d Runtime"]);
        let lock = "GEM\n  remote: x\n  specs:\n    a (1.0)\n      b (>= 1)\n\nDEPENDENCIES\n    c (2)\n";
        assert_eq!(found("Gemfile.lock", lock), ["4:5 gem/a@1.0 Runtime"]);
        let spec = "s.license = 'MIT'\ns.add_development_dependency 'rake', '~> 1'\ns.add_dependency(\"x\")\n";
        assert_eq!(found("x.gemspec", spec), ["1:14-17 Gemspec MIT", "2:31 gem/rake@~> 1 Dev", "3:19 gem/x Runtime"]);
    }
}
