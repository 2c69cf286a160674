//! .NET: project files, .nuspec, packages.config, packages.lock.json, and Paket's files.

use super::super::json::{self, Member, Node};
use super::super::model::{DeclarationKind, Ecosystem, NamedIn, Scope};
use super::maven::{child, xml};
use super::{Fault, Found, Named, Source, lines, offset};

pub fn project(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let document = xml(source.text.trim_start_matches('\u{feff}'))?;
    let shift = source.text.len() - source.text.trim_start_matches('\u{feff}').len();
    for node in document.descendants() {
        match node.tag_name().name() {
            "PackageLicenseExpression" => declare(source, found, node, shift),
            "PackageReference" | "PackageVersion" | "GlobalPackageReference" => {
                if let Some(name) = node.attribute_node("Include").or(node.attribute_node("Update")) {
                    let nested = child(node, "Version").and_then(|version| version.text());
                    // Build tools are marked so that they are not passed on.
                    let is_private =
                        node.attribute("PrivateAssets").or(child(node, "PrivateAssets").and_then(|n| n.text()));
                    let scope = if is_private.is_some_and(|assets| assets.eq_ignore_ascii_case("all")) {
                        Scope::Dev
                    } else {
                        Scope::Runtime
                    };
                    let version = node.attribute("VersionOverride").or(node.attribute("Version"));
                    let package = Named::new(Ecosystem::NuGet, name.value(), version.or(nested), scope);
                    // Central management lists versions; what is asked for stands in the projects.
                    let is_central = node.tag_name().name() == "PackageVersion";
                    let named_in = if is_central { NamedIn::Lockfile } else { NamedIn::Manifest };
                    found.package(source, named_in, shift + name.range_value().start, package);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn declare(source: &Source, found: &mut Found, node: roxmltree::Node, shift: usize) {
    if let Some(value) = node.text() {
        let trimmed = value.trim();
        let start = shift + node.first_child().map_or(0, |text| text.range().start) + offset(value, trimmed);
        found.declaration(source, DeclarationKind::NuGet, trimmed, start, start + trimmed.len());
    }
}

pub fn nuspec(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let document = xml(source.text.trim_start_matches('\u{feff}'))?;
    let shift = source.text.len() - source.text.trim_start_matches('\u{feff}').len();
    for node in document.descendants() {
        match node.tag_name().name() {
            "license" if node.attribute("type") != Some("file") => declare(source, found, node, shift),
            "dependency" => {
                if let Some(name) = node.attribute_node("id") {
                    let version = node.attribute("version");
                    let package = Named::new(Ecosystem::NuGet, name.value(), version, Scope::Runtime);
                    found.package(source, NamedIn::Manifest, shift + name.range_value().start, package);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

pub fn packages_config(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let document = xml(source.text.trim_start_matches('\u{feff}'))?;
    let shift = source.text.len() - source.text.trim_start_matches('\u{feff}').len();
    for node in document.descendants().filter(|node| node.has_tag_name("package")) {
        if let Some(name) = node.attribute_node("id") {
            let is_dev = node.attribute("developmentDependency") == Some("true");
            let scope = if is_dev { Scope::Dev } else { Scope::Runtime };
            let package = Named::new(Ecosystem::NuGet, name.value(), node.attribute("version"), scope);
            found.package(source, NamedIn::Manifest, shift + name.range_value().start, package);
        }
    }
    Ok(())
}

/// paket.dependencies: `nuget NAME [operator] [version] …`, in groups by `group NAME`.
pub fn paket(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let mut scope = Scope::Runtime;
    for (at, line) in lines(source.text) {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("group"), Some(name)) => scope = paket_scope(name),
            (Some("nuget" | "clitool"), Some(name)) => {
                let version = words.find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
                let package = Named::new(Ecosystem::NuGet, name, version, scope);
                found.package(source, NamedIn::Manifest, at + offset(line, name), package);
            }
            _ => {}
        }
    }
    Ok(())
}

/// paket.lock: below `NUGET`, four spaces in, `NAME (version)`; deeper lines are what they need.
pub fn paket_lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let (mut scope, mut section) = (Scope::Runtime, "");
    for (at, line) in lines(source.text) {
        if !line.starts_with(' ') {
            section = line.trim();
            if let Some(name) = section.strip_prefix("GROUP ") {
                scope = paket_scope(name);
            }
        } else if section == "NUGET"
            && let Some(entry) = line.strip_prefix("    ").filter(|entry| !entry.starts_with(' '))
            && let Some((name, rest)) = entry.split_once(" (")
        {
            let version = rest.split(')').next();
            found.package(source, NamedIn::Lockfile, at + 4, Named::new(Ecosystem::NuGet, name, version, scope));
        }
    }
    Ok(())
}

/// Groups of these names are for developers, by custom.
fn paket_scope(group: &str) -> Scope {
    match group.to_ascii_lowercase().as_str() {
        "test" | "tests" => Scope::Dev,
        "build" => Scope::Build,
        _ => Scope::Runtime,
    }
}

pub fn packages_lock(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    for framework in root.get("dependencies").map(Node::members).unwrap_or_default() {
        for Member { key, start, node } in framework.node.members() {
            if node.get("type").and_then(Node::as_str) == Some("Project") {
                continue;
            }
            let version = node.get("resolved").and_then(Node::as_str);
            let package = Named::new(Ecosystem::NuGet, key.as_ref(), version, Scope::Runtime);
            found.package(source, NamedIn::Lockfile, *start, package);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn paket() {
        let text =
            "source https://api.nuget.org/v3/index.json\nnuget A.B >= 1.2\nnuget C\n\ngroup Test\n  nuget D ~> 3\n";
        assert_eq!(
            found("paket.dependencies", text),
            ["2:7 nuget/A.B@1.2 Runtime", "3:7 nuget/C Runtime", "6:9 nuget/D@3 Dev"]
        );
        let lock = "NUGET\n  remote: https://api.nuget.org/v3/index.json\n    A.B (1.2)\n      C (>= 2)\n    C (2.1) - restriction: x\nGITHUB\n  remote: o/r\n    f.fs (0a)\n";
        assert_eq!(found("paket.lock", lock), ["3:5 nuget/A.B@1.2 Runtime", "5:5 nuget/C@2.1 Runtime"]);
    }

    #[test]
    fn nuget() {
        let text = "\u{feff}<Project><PropertyGroup>\n<PackageLicenseExpression>MIT</PackageLicenseExpression></PropertyGroup><ItemGroup>\n<PackageReference Include=\"A.B\" Version=\"1\" />\n<PackageReference Include=\"C\"><Version>2</Version><PrivateAssets>all</PrivateAssets></PackageReference></ItemGroup></Project>";
        assert_eq!(found("x.csproj", text), ["2:27-30 NuGet MIT", "3:28 nuget/A.B@1 Runtime", "4:28 nuget/C@2 Dev"]);
        let spec = "<package><metadata>\n<license type=\"expression\">MIT</license>\n<dependencies><dependency id=\"a\" version=\"1\"/></dependencies></metadata></package>";
        assert_eq!(found("x.nuspec", spec), ["2:28-31 NuGet MIT", "3:31 nuget/a@1 Runtime"]);
        assert_eq!(
            found(
                "packages.config",
                "<packages><package id=\"a\" version=\"1\" developmentDependency=\"true\"/></packages>"
            ),
            ["1:24 nuget/a@1 Dev"]
        );
        assert_eq!(
            found(
                "packages.lock.json",
                "{\"dependencies\": {\"net8.0\": {\"a\": {\"resolved\": \"1\"}, \"p\": {\"type\": \"Project\"}}}}"
            ),
            ["1:30 nuget/a@1 Runtime"]
        );
    }
}
