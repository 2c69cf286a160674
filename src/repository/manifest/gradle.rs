//! Gradle: build scripts (Groovy and Kotlin), version catalogues, gradle.lockfile.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use toml::de::DeValue;

use super::super::model::{Ecosystem, NamedIn, Package, Scope};
use super::cargo::{table, toml};
use super::{Fault, Found, Named, Source, lines, offset};

/// A configuration's name, as far as it says what needs the dependency.
const CONFIGURATION: &str = r#"["']?\b(?P<configuration>[A-Za-z]*(?:[Ii]mplementation|[Aa]pi|[Cc]ompile|[Cc]ompileOnly|[Rr]untimeOnly|[Rr]untime|[Dd]evelopmentOnly|[Cc]lasspath|mavenBom|coreLibraryDesugaring|kapt|ksp|annotationProcessor))\b["']?\s*\(?\s*(?:(?:platform|enforcedPlatform)\s*\(\s*)?"#;

/// `implementation("group:artifact:version")`, `implementation 'group:artifact:version', 'more:of:them'`,
/// `implementation group: 'g', name: 'a', version: 'v'`, and plugins (`id "x" version "y"`,
/// `apply plugin: 'x'`). A script is a program; only these literal forms are seen.
static ENTRY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let rest = r#"
        (?:
            ["'](?P<group>[A-Za-z0-9_.\-]+):(?P<artifact>[A-Za-z0-9_.\-]+)(?::(?P<version>[^"'@:\n]+))?[^"'\n]*["']
          | group\s*[:=]\s*["'](?P<group2>[^"'\n]+)["']\s*,\s*name\s*[:=]\s*["'](?P<artifact2>[^"'\n]+)["'](?:\s*,\s*version\s*[:=]\s*["'](?P<version2>[^"'\n]+)["'])?
        )
        | \bid\s*\(?\s*["'](?P<plugin>[A-Za-z0-9_.\-]+)["']\)?(?:\s+version\s+["'](?P<plugin_version>[^"'\n]+)["'])?
        | \bapply\s*\(?\s*plugin\s*[:=]\s*["'](?P<plugin2>[A-Za-z0-9_.\-]+)["']
        "#;
    Regex::new(&format!("(?x){CONFIGURATION}{rest}")).ok()
});

/// A further dependency of the same configuration.
static FURTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^\s*,\s*["']([A-Za-z0-9_.\-]+):([A-Za-z0-9_.\-]+)(?::([^"'@:\n]+))?[^"'\n]*["']"#).ok()
});

/// `implementation(libs.group.artifact)`: what a version catalogue names.
static ACCESSOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"{CONFIGURATION}(?P<accessor>[A-Za-z][A-Za-z0-9]*\.[A-Za-z][A-Za-z0-9_.]*)")).ok()
});

fn scope(configuration: &str) -> Scope {
    let configuration = configuration.to_ascii_lowercase();
    match () {
        () if configuration.contains("test") || configuration.starts_with("debug") => Scope::Dev,
        () if configuration == "developmentonly" => Scope::Dev,
        () if configuration == "classpath" => Scope::Build,
        () => Scope::Runtime,
    }
}

pub fn build(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let (Some(entry), Some(further)) = (ENTRY.as_ref(), FURTHER.as_ref()) else { return Ok(()) };
    let text = without_comments(source.text);
    for parts in entry.captures_iter(&text) {
        let part = |name: &str, other: &str| parts.name(name).or_else(|| parts.name(other));
        let configuration = parts.name("configuration").map_or("", |name| name.as_str());
        let (name, package) = match (part("group", "group2"), part("artifact", "artifact2"), part("plugin", "plugin2"))
        {
            (Some(group), Some(artifact), _) => {
                let version = part("version", "version2").map(|version| version.as_str());
                let name = format!("{}:{}", group.as_str(), artifact.as_str());
                (group, Named::new(Ecosystem::Maven, name, version, scope(configuration)))
            }
            // A plug-in's marker artifact has this name by rule of Gradle.
            (_, _, Some(plugin)) if plugin.as_str().contains('.') => {
                let name = format!("{0}:{0}.gradle.plugin", plugin.as_str());
                let version = parts.name("plugin_version").map(|version| version.as_str());
                (plugin, Named::new(Ecosystem::Maven, name, version, Scope::Build))
            }
            _ => continue,
        };
        found.package(source, NamedIn::Manifest, name.start(), package);
        let mut end = parts.get(0).filter(|_| !configuration.is_empty()).map_or(text.len(), |whole| whole.end());
        while let Some(parts) = further.captures(&text[end..]) {
            let Some((whole, [group, artifact])) = parts.get(0).zip(parts.get(1).zip(parts.get(2)).map(<[_; 2]>::from))
            else {
                break;
            };
            let version = parts.get(3).map(|version| version.as_str());
            let name = format!("{}:{}", group.as_str(), artifact.as_str());
            let package = Named::new(Ecosystem::Maven, name, version, scope(configuration));
            found.package(source, NamedIn::Manifest, end + group.start(), package);
            end += whole.end();
        }
    }
    for parts in ACCESSOR.iter().flat_map(|accessor| accessor.captures_iter(&text)) {
        if let (Some(configuration), Some(accessor)) = (parts.name("configuration"), parts.name("accessor")) {
            found.shared.accessors.push((accessor.as_str().to_owned(), scope(configuration.as_str())));
        }
    }
    Ok(())
}

/// The script with blanks in place of its comments, byte for byte. A string ends with its line at the latest.
fn without_comments(script: &str) -> String {
    let mut bytes = script.as_bytes().to_vec();
    let (mut at, mut quote) = (0, None);
    while at < bytes.len() {
        let end = match (quote, bytes[at], bytes.get(at + 1)) {
            (Some(_), b'\n', _) => {
                quote = None;
                at + 1
            }
            (Some(_), b'\\', _) => at + 2,
            (Some(mark), byte, _) => {
                quote = quote.filter(|_| byte != mark);
                at + 1
            }
            (None, mark @ (b'"' | b'\''), _) => {
                quote = Some(mark);
                at + 1
            }
            (None, b'/', Some(b'/')) => blank(&mut bytes, at, script[at..].find('\n')),
            (None, b'/', Some(b'*')) => blank(&mut bytes, at, script[at..].find("*/").map(|end| end + 2)),
            _ => at + 1,
        };
        at = end;
    }
    // Comments begin and end with ASCII, so that no character is cut.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Blanks so many bytes, or all that follow, but for line breaks; gives the end.
fn blank(bytes: &mut [u8], start: usize, length: Option<usize>) -> usize {
    let end = length.map_or(bytes.len(), |length| start + length);
    bytes[start..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    end
}

/// Entries of catalogues that build scripts name for tests only are for developers. One that no script names may be
/// used by a plug-in of the project's own, and stays as it is.
pub fn settle(packages: &mut [Package], entries: &[CatalogueEntry], accessors: &[(String, Scope)]) {
    let mut by_accessor: HashMap<&str, bool> = HashMap::new();
    for (accessor, scope) in accessors {
        let accessor = accessor.trim_end_matches(".get").trim_end_matches(".asProvider");
        *by_accessor.entry(accessor).or_insert(true) &= *scope == Scope::Dev;
    }
    for entry in entries {
        let mut named = entry.accessors.iter().filter_map(|accessor| by_accessor.get(accessor.as_str())).peekable();
        if named.peek().is_some()
            && named.all(|is_dev| *is_dev)
            && let Some(package) = packages.get_mut(entry.package)
        {
            package.scope = Scope::Dev;
        }
    }
}

/// An entry of a version catalogue.
#[derive(Debug)]
pub struct CatalogueEntry {
    /// Index of its package.
    pub package: usize,
    /// How build scripts name it, alone or in a bundle: `libs.group.artifact`.
    accessors: Vec<String>,
}

impl CatalogueEntry {
    /// The entry in a list where so many packages stand before its own.
    pub fn behind(self, packages: usize) -> CatalogueEntry {
        CatalogueEntry { package: self.package + packages, ..self }
    }
}

/// `libs.a.b` for the entry `a-b` of `libs.versions.toml`.
fn accessor(path: &str, alias: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let catalogue = file.split('.').next().unwrap_or(file);
    format!("{catalogue}.{}", alias.replace(['-', '_'], "."))
}

/// `[libraries]` and `[plugins]` of a version catalogue.
pub fn catalogue(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = toml(source.text)?;
    let (versions, bundles) = (table(&root, "versions"), table(&root, "bundles"));
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
            if !is_plugin {
                let in_bundles = bundles.iter().flat_map(|bundles| bundles.iter()).filter(|(_, members)| {
                    let members = members.get_ref().as_array().into_iter().flatten();
                    members.filter_map(|member| member.get_ref().as_str()).any(|member| member == alias.get_ref())
                });
                let bundled = in_bundles.map(|(name, _)| accessor(source.path, &format!("bundles.{}", name.get_ref())));
                let accessors = bundled.chain([accessor(source.path, alias.get_ref())]).collect();
                found.shared.catalogue.push(CatalogueEntry { package: found.packages.len(), accessors });
            }
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
    use super::super::super::model::PathClass;
    use super::super::super::place::Places;
    use super::super::known;
    use super::super::testing::found;
    use super::*;

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
    fn dependencies_over_several_lines() {
        let text = "/* implementation 'no:no:1'\n*/ implementation(\n    \"a:b:1\"\n)\nruntimeOnly 'c:d:2',\n    'e:f:3' // 'no:no:1'\nmaven { url 'https://x/y' }\nimplementation group: 'g',\n  name: 'h'\n";
        assert_eq!(
            found("build.gradle", text),
            [
                "3:6 maven/a:b@1 Runtime",
                "5:14 maven/c:d@2 Runtime",
                "6:6 maven/e:f@3 Runtime",
                "8:24 maven/g:h Runtime",
            ]
        );
    }

    #[test]
    fn what_a_catalogue_has_for_tests() {
        let read = |path: &str, text: &str| {
            let places = Places::new(text);
            let mut found = Found::default();
            let source = Source { path, class: PathClass::Source, text, places: &places };
            known(path).unwrap().read(&source, &mut found).unwrap();
            found
        };
        let text = "[libraries]\na-b = \"a:b:1\"\nc_d = \"c:d:1\"\ne = \"e:e:1\"\nf = \"f:f:1\"\ng = \"g:g:1\"\n[bundles]\nin-tests = [\"f\", \"e\"]\n";
        let mut catalogue = read("gradle/libs.versions.toml", text);
        let script = "testImplementation(libs.a.b)\nimplementation libs.c.d\ntestImplementation libs.c.d\ntestImplementation(platform(libs.bundles.in.tests))\napi(libs.e.get())\n";
        let accessors = read("app/build.gradle.kts", script).shared.accessors;
        settle(&mut catalogue.packages, &catalogue.shared.catalogue, &accessors);
        let scopes: Vec<_> = catalogue.packages.iter().map(|package| (package.name.as_str(), package.scope)).collect();
        assert_eq!(
            scopes,
            [
                ("a:b", Scope::Dev),
                ("c:d", Scope::Runtime),
                ("e:e", Scope::Runtime),
                ("f:f", Scope::Dev),
                ("g:g", Scope::Runtime),
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
