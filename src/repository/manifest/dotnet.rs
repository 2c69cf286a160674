//! .NET: project files, .nuspec, packages.config, packages.lock.json.

use super::super::json::{self, Member, Node};
use super::super::model::{DeclarationKind, Ecosystem, NamedIn, Scope};
use super::maven::{child, xml};
use super::{Fault, Found, Named, Source, offset};

pub fn project(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let document = xml(source.text.trim_start_matches('\u{feff}'))?;
    let shift = source.text.len() - source.text.trim_start_matches('\u{feff}').len();
    for node in document.descendants() {
        match node.tag_name().name() {
            "PackageLicenseExpression" => declare(source, found, node, shift),
            "PackageReference" | "PackageVersion" | "GlobalPackageReference" => {
                if let Some(name) = node.attribute("Include") {
                    let nested = child(node, "Version").and_then(|version| version.text());
                    // Build tools are marked so that they are not passed on.
                    let is_private =
                        node.attribute("PrivateAssets").or(child(node, "PrivateAssets").and_then(|n| n.text()));
                    let scope = if is_private.is_some_and(|assets| assets.eq_ignore_ascii_case("all")) {
                        Scope::Dev
                    } else {
                        Scope::Runtime
                    };
                    let package = Named::new(Ecosystem::NuGet, name, node.attribute("Version").or(nested), scope);
                    found.package(source, NamedIn::Manifest, shift + node.range().start, package);
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
                if let Some(name) = node.attribute("id") {
                    let package = Named::new(Ecosystem::NuGet, name, node.attribute("version"), Scope::Runtime);
                    found.package(source, NamedIn::Manifest, shift + node.range().start, package);
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
        if let Some(name) = node.attribute("id") {
            let is_dev = node.attribute("developmentDependency") == Some("true");
            let scope = if is_dev { Scope::Dev } else { Scope::Runtime };
            let package = Named::new(Ecosystem::NuGet, name, node.attribute("version"), scope);
            found.package(source, NamedIn::Manifest, shift + node.range().start, package);
        }
    }
    Ok(())
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
    fn nuget() {
        let text = "\u{feff}<Project><PropertyGroup>\n<PackageLicenseExpression>MIT</PackageLicenseExpression></PropertyGroup><ItemGroup>\n<PackageReference Include=\"A.B\" Version=\"1\" />\n<PackageReference Include=\"C\"><Version>2</Version><PrivateAssets>all</PrivateAssets></PackageReference></ItemGroup></Project>";
        assert_eq!(found("x.csproj", text), ["2:27-30 NuGet MIT", "3:1 nuget/A.B@1 Runtime", "4:1 nuget/C@2 Dev"]);
        let spec = "<package><metadata>\n<license type=\"expression\">MIT</license>\n<dependencies><dependency id=\"a\" version=\"1\"/></dependencies></metadata></package>";
        assert_eq!(found("x.nuspec", spec), ["2:28-31 NuGet MIT", "3:15 nuget/a@1 Runtime"]);
        assert_eq!(
            found(
                "packages.config",
                "<packages><package id=\"a\" version=\"1\" developmentDependency=\"true\"/></packages>"
            ),
            ["1:11 nuget/a@1 Dev"]
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
