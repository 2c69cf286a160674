//! Gradle: build scripts (Groovy and Kotlin), version catalogues, gradle.lockfile.

use std::sync::LazyLock;

use regex::Regex;
use toml::de::DeValue;

use super::super::model::{Ecosystem, NamedIn, Scope};
use super::cargo::{table, toml};
use super::{Fault, Found, Named, Source, lines, offset};

/// `implementation("group:artifact:version")`, `implementation 'group:artifact:version'`,
/// `implementation group: 'g', name: 'a', version: 'v'`, and plugins (`id "x" version "y"`,
/// `apply plugin: 'x'`). A script is a program; only these literal forms are seen.
static ENTRY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        ["']?\b(?P<configuration>[A-Za-z]*(?:[Ii]mplementation|[Aa]pi|[Cc]ompile|[Cc]ompileOnly|[Rr]untimeOnly|[Rr]untime|[Dd]evelopmentOnly|[Cc]lasspath|mavenBom|coreLibraryDesugaring|kapt|ksp|annotationProcessor))\b["']?
        \s*\(?\s*
        (?:(?:platform|enforcedPlatform)\s*\(\s*)?
        (?:
            ["'](?P<group>[A-Za-z0-9_.\-]+):(?P<artifact>[A-Za-z0-9_.\-]+)(?::(?P<version>[^"'@:]+))?[^"']*["']
          | group\s*[:=]\s*["'](?P<group2>[^"']+)["']\s*,\s*name\s*[:=]\s*["'](?P<artifact2>[^"']+)["'](?:\s*,\s*version\s*[:=]\s*["'](?P<version2>[^"']+)["'])?
        )
        | \bid\s*\(?\s*["'](?P<plugin>[A-Za-z0-9_.\-]+)["']\)?(?:\s+version\s+["'](?P<plugin_version>[^"']+)["'])?
        | \bapply\s*\(?\s*plugin\s*[:=]\s*["'](?P<plugin2>[A-Za-z0-9_.\-]+)["']
        "#,
    )
    .ok()
});

pub fn build(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let Some(pattern) = ENTRY.as_ref() else { return Ok(()) };
    for (at, line) in lines(source.text) {
        if line.trim_start().starts_with("//") {
            continue;
        }
        for parts in pattern.captures_iter(line) {
            let text = |name: &str, other: &str| parts.name(name).or_else(|| parts.name(other));
            let package = match (text("group", "group2"), text("artifact", "artifact2"), text("plugin", "plugin2")) {
                (Some(group), Some(artifact), _) => {
                    let configuration =
                        parts.name("configuration").map_or("", |name| name.as_str()).to_ascii_lowercase();
                    let scope = match () {
                        () if configuration.contains("test") => Scope::Dev,
                        () if configuration == "developmentonly" => Scope::Dev,
                        () if configuration == "classpath" => Scope::Build,
                        () => Scope::Runtime,
                    };
                    let version = text("version", "version2").map(|version| version.as_str());
                    let name = format!("{}:{}", group.as_str(), artifact.as_str());
                    Named::new(Ecosystem::Maven, name, version, scope)
                }
                // A plug-in's marker artifact has this name by rule of Gradle.
                (_, _, Some(plugin)) if plugin.as_str().contains('.') => {
                    let name = format!("{0}:{0}.gradle.plugin", plugin.as_str());
                    let version = parts.name("plugin_version").map(|version| version.as_str());
                    Named::new(Ecosystem::Maven, name, version, Scope::Build)
                }
                _ => continue,
            };
            let name = text("group", "group2").or_else(|| text("plugin", "plugin2"));
            let start = name.map_or(0, |name| name.start());
            found.package(source, NamedIn::Manifest, at + start, package);
        }
    }
    Ok(())
}

/// `[libraries]` and `[plugins]` of a version catalogue.
pub fn catalogue(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = toml(source.text)?;
    let versions = table(&root, "versions");
    for (section, is_plugin) in [("libraries", false), ("plugins", true)] {
        for (alias, entry) in table(&root, section).into_iter().flat_map(|entries| entries.iter()) {
            let (name, version) = match entry.get_ref() {
                DeValue::String(text) => match text.match_indices(':').nth(usize::from(!is_plugin)) {
                    Some((end, _)) => (text[..end].to_owned(), Some(text[end + 1..].to_owned())),
                    None => (text.to_string(), None),
                },
                DeValue::Table(detail) => {
                    let text = |key: &str| detail.get(key).and_then(|value| value.get_ref().as_str());
                    let name = match (text("module").or(text("id")), text("group"), text("name")) {
                        (Some(module), _, _) => module.to_owned(),
                        (None, Some(group), Some(name)) => format!("{group}:{name}"),
                        _ => continue,
                    };
                    let reference = table(detail, "version").and_then(|version| version.get("ref"));
                    let shared = reference
                        .and_then(|key| versions?.get(key.get_ref().as_str()?))
                        .and_then(|version| version.get_ref().as_str());
                    (name, text("version").or(shared).map(str::to_owned))
                }
                _ => continue,
            };
            let (name, scope) =
                if is_plugin { (format!("{name}:{name}.gradle.plugin"), Scope::Build) } else { (name, Scope::Runtime) };
            let value = match entry.get_ref() {
                DeValue::Table(detail) => detail.get("module").or(detail.get("id")).or(detail.get("group")),
                _ => Some(entry),
            };
            let at = value.map_or(alias.span().start, |value| value.span().start + 1);
            let package = Named::new(Ecosystem::Maven, name, version.as_deref(), scope);
            found.package(source, NamedIn::Manifest, at, package);
        }
    }
    Ok(())
}

/// `group:artifact:version=configuration,…`
pub fn lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    for (at, line) in lines(source.text) {
        if line.starts_with('#') {
            continue;
        }
        let Some((module, configurations)) = line.split_once('=') else { continue };
        let Some((name, version)) = module.rsplit_once(':') else { continue };
        let is_test = configurations.split(',').all(|name| name.to_ascii_lowercase().contains("test"));
        let scope = if is_test { Scope::Dev } else { Scope::Runtime };
        let package = Named::new(Ecosystem::Maven, name, Some(version), scope);
        found.package(source, NamedIn::Lockfile, at + offset(line, module), package);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn build_scripts() {
        let text = "plugins { id(\"com.google.gms.google-services\") version \"4.4\" }\napply plugin: 'com.android.application'\n// implementation 'no:no:1'\n  implementation 'a.b:c:1.0'\n  testImplementation(\"d:e:${v}\")\n  implementation(platform(\"f:g:2\"))\n  \"gplayImplementation\"(projects.push)\n  compile group: 'h', name: 'i', version: '3'\n  developmentOnly(\"j:k\")\n  providedRuntime 'l:m:4'\n  api(group = \"n\", name = \"o\")\n";
        assert_eq!(
            found("app/build.gradle", text),
            [
                "1:15 maven/com.google.gms.google-services:com.google.gms.google-services.gradle.plugin@4.4 Build",
                "2:16 maven/com.android.application:com.android.application.gradle.plugin Build",
                "4:19 maven/a.b:c@1.0 Runtime",
                "5:23 maven/d:e@${v} Dev",
                "6:28 maven/f:g@2 Runtime",
                "8:19 maven/h:i@3 Runtime",
                "9:20 maven/j:k Dev",
                "10:20 maven/l:m@4 Runtime",
                "11:16 maven/n:o Runtime",
            ]
        );
    }

    #[test]
    fn catalogues_and_locks() {
        let text = "[versions]\nx = \"1\"\n[libraries]\na = { module = \"b:c\", version.ref = \"x\" }\nd = \"e:f:2\"\n[plugins]\ng = { id = \"h.i\", version = \"3\" }\n";
        assert_eq!(
            found("gradle/libs.versions.toml", text),
            ["4:17 maven/b:c@1 Runtime", "5:6 maven/e:f@2 Runtime", "7:13 maven/h.i:h.i.gradle.plugin@3 Build"]
        );
        assert_eq!(
            found("gradle.lockfile", "# x\na:b:1=compileClasspath\nc:d:2=testRuntimeClasspath\nempty=\n"),
            ["2:1 maven/a:b@1 Runtime", "3:1 maven/c:d@2 Dev"]
        );
    }
}
