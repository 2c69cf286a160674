//! Elixir and Erlang: mix.exs and mix.lock.

use std::sync::LazyLock;

use regex::Regex;

use super::super::model::{Ecosystem, NamedIn, Scope};
use super::{Fault, Found, Named, Source, lines, offset};

static DEPENDENCY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"^\s*\{:(\w+),\s*(?:"([^"]+)")?(.*)"#).ok());
static LOCKED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"^\s*"(\w+)":\s*\{(?::hex,\s*:(\w+),\s*"([^"]+)"|:git,)"#).ok());

pub fn manifest(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let Some(pattern) = DEPENDENCY.as_ref() else { return Ok(()) };
    for (at, line) in lines(source.text) {
        let Some(parts) = pattern.captures(line) else { continue };
        let (Some(name), rest) = (parts.get(1), parts.get(3).map_or("", |rest| rest.as_str())) else { continue };
        if rest.contains("in_umbrella:") {
            continue;
        }
        let is_dev = rest.contains("only:") && !rest.contains(":prod");
        let scope = if is_dev { Scope::Dev } else { Scope::Runtime };
        let version = parts.get(2).map(|version| version.as_str());
        found.package(
            source,
            NamedIn::Manifest,
            at + name.start(),
            Named::new(Ecosystem::Hex, name.as_str(), version, scope),
        );
    }
    Ok(())
}

pub fn lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let Some(pattern) = LOCKED.as_ref() else { return Ok(()) };
    for (at, line) in lines(source.text) {
        if let Some(parts) = pattern.captures(line)
            && let Some(name) = parts.get(2).or_else(|| parts.get(1))
        {
            let version = parts.get(3).map(|version| version.as_str());
            let start = offset(line, line.trim_start());
            let package = Named::new(Ecosystem::Hex, name.as_str(), version, Scope::Runtime);
            found.package(source, NamedIn::Lockfile, at + start, package);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn mix() {
        let text =
            "  {:phoenix, \"~> 1.7\"},\n  {:credo, \"~> 1\", only: [:dev, :test]},\n  {:own, in_umbrella: true}\n";
        assert_eq!(found("mix.exs", text), ["1:5 hex/phoenix@~> 1.7 Runtime", "2:5 hex/credo@~> 1 Dev"]);
        let lock = "%{\n  \"a\": {:hex, :a, \"1.0\", \"x\"},\n  \"b\": {:git, \"https://x/b.git\", \"0f\", []},\n}\n";
        assert_eq!(found("mix.lock", lock), ["2:3 hex/a@1.0 Runtime", "3:3 hex/b Runtime"]);
    }
}
