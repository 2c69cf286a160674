//! Dart and Flutter: pubspec.yaml and pubspec.lock.

use super::super::model::{Ecosystem, NamedIn, Scope};
use super::super::yaml::Yaml;
use super::{Fault, Found, Named, Source};

pub fn pubspec(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let yaml = Yaml::parse(source.text).map_err(|fault| fault.to_string())?;
    for (section, scope) in [("dependencies", Scope::Runtime), ("dev_dependencies", Scope::Dev)] {
        for (key, spec) in yaml.root().and_then(|root| root.get(section)).into_iter().flat_map(|list| list.entries()) {
            // `name: ^1.0` or `name: {version: …}`; what comes from the SDK or a folder is no package.
            let version = spec.text().or_else(|| spec.get("version").and_then(|version| version.text()));
            if let Some(name) = key.text()
                && (version.is_some() || spec.get("git").is_some())
            {
                let package = Named::new(Ecosystem::Pub, name, version, scope);
                found.package(source, NamedIn::Manifest, key.place().bytes.start, package);
            }
        }
    }
    Ok(())
}

pub fn lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let yaml = Yaml::parse(source.text).map_err(|fault| fault.to_string())?;
    for (key, detail) in yaml.root().and_then(|root| root.get("packages")).into_iter().flat_map(|list| list.entries()) {
        if let Some(name) = key.text() {
            let version = detail.get("version").and_then(|version| version.text());
            let text = |key| detail.get(key).and_then(|value| value.text());
            // What comes from the SDK or a folder is no package, as in the manifest.
            if matches!(text("source"), Some("sdk" | "path")) {
                continue;
            }
            let scope = if text("dependency") == Some("direct dev") { Scope::Dev } else { Scope::Runtime };
            let package = Named::new(Ecosystem::Pub, name, version, scope);
            found.package(source, NamedIn::Lockfile, key.place().bytes.start, package);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn pub_files() {
        let text = "name: x\ndependencies:\n  flutter:\n    sdk: flutter\n  http: ^1.0\n  a:\n    version: 2\ndev_dependencies:\n  test: any\n";
        assert_eq!(
            found("pubspec.yaml", text),
            ["5:3 pub/http@^1.0 Runtime", "6:3 pub/a@2 Runtime", "9:3 pub/test@any Dev"]
        );
        let lock = "packages:\n  a:\n    dependency: \"direct main\"\n    version: \"1.0\"\n  b:\n    dependency: \"direct dev\"\n    version: \"2.0\"\n  flutter:\n    source: sdk\n    version: \"0.0.0\"\n";
        assert_eq!(found("pubspec.lock", lock), ["2:3 pub/a@1.0 Runtime", "5:3 pub/b@2.0 Dev"]);
    }
}
