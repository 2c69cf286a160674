//! Cargo.toml and Cargo.lock.

use toml::de::{DeTable, DeValue};

use super::super::model::{DeclarationKind, Ecosystem, NamedIn, Scope};
use super::{Fault, Found, Named, Source, lines};

const SCOPES: &[(&str, Scope)] =
    &[("dependencies", Scope::Runtime), ("dev-dependencies", Scope::Dev), ("build-dependencies", Scope::Build)];

/// Reads a TOML text.
pub fn toml(text: &str) -> Result<DeTable<'_>, Fault> {
    DeTable::parse(text).map(toml::Spanned::into_inner).map_err(|fault| fault.message().to_owned())
}

/// The table of that key.
pub fn table<'t, 'a>(parent: &'t DeTable<'a>, key: &str) -> Option<&'t DeTable<'a>> {
    match parent.get(key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

pub fn manifest(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = toml(source.text)?;
    let package = table(&root, "package");
    for owner in package.into_iter().chain(table(&root, "workspace").and_then(|workspace| table(workspace, "package")))
    {
        if let Some(licence) = owner.get("license")
            && let DeValue::String(value) = licence.get_ref()
        {
            let span = licence.span();
            found.declaration(source, DeclarationKind::CargoManifest, value, span.start + 1, span.end - 1);
        }
        if owner.get("publish").is_some_and(|publish| matches!(publish.get_ref(), DeValue::Boolean(false))) {
            found.mark_private();
        }
    }
    dependencies(source, found, &root);
    if let Some(workspace) = table(&root, "workspace") {
        dependencies(source, found, workspace);
    }
    for (_, target) in table(&root, "target").into_iter().flat_map(|targets| targets.iter()) {
        if let DeValue::Table(target) = target.get_ref() {
            dependencies(source, found, target);
        }
    }
    Ok(())
}

fn dependencies(source: &Source, found: &mut Found, parent: &DeTable) {
    for (key, scope) in SCOPES {
        for (name, spec) in table(parent, key).into_iter().flat_map(|entries| entries.iter()) {
            let mut at = name.span().start;
            let (mut name, mut version, mut scope) = (name.get_ref().as_ref(), None, *scope);
            match spec.get_ref() {
                DeValue::String(requirement) => version = Some(requirement.as_ref()),
                DeValue::Table(detail) => {
                    let text = |key: &str| detail.get(key).and_then(|value| value.get_ref().as_str());
                    // A dependency under another name is placed where its own stands.
                    if let Some(renamed) = detail.get("package") {
                        at = renamed.span().start + 1;
                    }
                    name = text("package").unwrap_or(name);
                    version = text("version");
                    if scope == Scope::Runtime
                        && detail.get("optional").is_some_and(|o| o.get_ref().as_bool() == Some(true))
                    {
                        scope = Scope::Optional;
                    }
                }
                _ => {}
            }
            found.package(source, NamedIn::Manifest, at, Named::new(Ecosystem::Cargo, name, version, scope));
        }
    }
}

/// Entries are `[[package]]` with `name`, `version` and, unless the package is the project's own, `source`.
/// Read by line: the file is written by Cargo only and always in this form.
pub fn lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let (mut name, mut version, mut is_entry) = (None, None, false);
    for (at, line) in lines(source.text) {
        if line.starts_with('[') {
            is_entry = line == "[[package]]";
            (name, version) = (None, None);
        // A patch that is not used stands in a section of its own.
        } else if !is_entry {
            continue;
        } else if let Some(value) = line.strip_prefix("name = ") {
            name = Some((at, value.trim_matches('"')));
        } else if let Some(value) = line.strip_prefix("version = ") {
            version = Some(value.trim_matches('"'));
        } else if line.starts_with("source = ")
            && let Some((at, name)) = name.take()
        {
            found.package(source, NamedIn::Lockfile, at, Named::new(Ecosystem::Cargo, name, version, Scope::Runtime));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn cargo_toml() {
        let text = "[package]\nname = \"x\"\nlicense = \"EUPL-1.2\"\npublish = false\n[dependencies]\na = \"1\"\nb = { package = \"c\", version = \"2\", optional = true }\n[target.'cfg(unix)'.dev-dependencies]\nd = { path = \"d\" }\n";
        assert_eq!(
            found("Cargo.toml", text),
            [
                "3:12-20 CargoManifest EUPL-1.2 private",
                "6:1 cargo/a@1 Runtime",
                "7:18 cargo/c@2 Optional",
                "9:1 cargo/d Dev",
            ]
        );
        assert_eq!(found("Cargo.toml", "[workspace.package]\nlicense = 'MIT'\n"), ["2:12-15 CargoManifest MIT"]);
    }

    #[test]
    fn cargo_lock() {
        let text = "version = 4\n[[package]]\nname = \"me\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"a\"\nversion = \"1.0.1\"\nsource = \"registry+x\"\n\n[[patch.unused]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"git+x\"\n";
        assert_eq!(found("Cargo.lock", text), ["7:1 cargo/a@1.0.1 Runtime"]);
    }
}
