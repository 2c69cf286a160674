//! Maven: pom.xml.

use std::collections::HashMap;

use roxmltree::{Document, Node, ParsingOptions};

use super::super::model::{DeclarationKind, Ecosystem, NamedIn, Package, Scope};
use super::{Fault, Found, Named, Source, offset};

/// Parses XML with a bound on its nodes; entities of a document type are refused by roxmltree's default.
pub fn xml(text: &str) -> Result<Document<'_>, Fault> {
    let options = ParsingOptions { nodes_limit: 1_000_000, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|fault| fault.to_string())
}

/// The child element of that local name.
pub fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.tag_name().name() == name)
}

/// The trimmed text of that child.
pub fn text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name).and_then(|child| child.text()).map(str::trim)
}

pub fn pom(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let document = xml(source.text)?;
    let project = document.root_element();
    let licences = child(project, "licenses").into_iter().flat_map(|licences| licences.children());
    for name in licences.filter_map(|licence| child(licence, "name")) {
        if let Some(value) = name.text() {
            let trimmed = value.trim();
            let start = name.first_child().map_or(0, |text| text.range().start) + offset(value, trimmed);
            found.declaration(source, DeclarationKind::MavenPom, trimmed, start, start + trimmed.len());
        }
    }
    for property in child(project, "properties").into_iter().flat_map(|list| list.children()) {
        if let Some(value) = property.text().filter(|_| property.is_element()) {
            let key = (source.path.to_owned(), property.tag_name().name().to_owned());
            found.shared.properties.insert(key, value.trim().to_owned());
        }
    }
    let profiles = child(project, "profiles").into_iter().flat_map(|profiles| profiles.children());
    for (owner, is_profile) in profiles.map(|profile| (profile, true)).chain(Some((project, false))) {
        for dependency in child(owner, "dependencies").into_iter().flat_map(|list| list.children()) {
            let scope = match (text(dependency, "scope"), text(dependency, "optional")) {
                (Some("test"), _) => Scope::Dev,
                (_, Some("true")) => Scope::Optional,
                // A profile is chosen by who builds.
                _ if is_profile => Scope::Optional,
                _ => Scope::Runtime,
            };
            package(source, found, project, dependency, scope);
        }
        let plugins = child(owner, "build").and_then(|build| child(build, "plugins"));
        for plugin in plugins.into_iter().flat_map(|list| list.children()) {
            package(source, found, project, plugin, Scope::Build);
        }
    }
    Ok(())
}

/// Adds what a `dependency` or `plugin` names. What `dependencyManagement` lists is only needed if `dependencies`
/// names it too; it gives the version then.
fn package(source: &Source, found: &mut Found, project: Node, entry: Node, scope: Scope) {
    let (Some(group), Some(artifact)) = (child(entry, "groupId"), text(entry, "artifactId")) else { return };
    let group_id = filled(project, group.text().map(str::trim).unwrap_or_default());
    let artifact = filled(project, artifact);
    let managed = child(project, "dependencyManagement").and_then(|management| child(management, "dependencies"));
    let managed = managed.into_iter().flat_map(|list| list.children()).find(|known| {
        let is = |key, value: &str| text(*known, key).is_some_and(|text| filled(project, text) == value);
        is("artifactId", &artifact) && is("groupId", &group_id)
    });
    let version = text(entry, "version").or_else(|| text(managed?, "version")).map(|version| filled(project, version));
    let name = format!("{group_id}:{artifact}");
    let at = group.first_child().map_or(group.range().start, |text| text.range().start);
    found.package(source, NamedIn::Manifest, at, Named::new(Ecosystem::Maven, name, version.as_deref(), scope));
}

/// Most properties in a value, one in another included.
const MOST_PROPERTIES: usize = 16;

/// A value with its `${property}`s replaced; those that are not known stay.
fn replaced<'a>(value: &str, property: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut value = value.to_owned();
    let mut from = 0;
    for _ in 0..MOST_PROPERTIES {
        let Some(start) = value[from..].find("${").map(|at| from + at) else { break };
        let Some(end) = value[start..].find('}').map(|at| start + at) else { break };
        match property(&value[start + 2..end]) {
            Some(said) => value.replace_range(start..=end, said),
            None => from = end,
        }
    }
    value
}

/// A value by what the project's own file says.
fn filled(project: Node, value: &str) -> String {
    replaced(value, |name| property(project, name))
}

/// Replaces what a file leaves open by the properties of the poms in the folders above it, the nearest first: where
/// parents stand by custom.
pub fn settle(packages: &mut [Package], properties: &HashMap<(String, String), String>) {
    let is_open = |text: &str| text.contains("${");
    for package in packages.iter_mut().filter(|package| package.ecosystem == Ecosystem::Maven) {
        if !is_open(&package.name) && !package.version.as_deref().is_some_and(is_open) {
            continue;
        }
        let path = package.path.clone();
        let of_parents = |name: &str| {
            let folders = path.rmatch_indices('/').skip(1).map(|(at, _)| &path[..=at]).chain([""]);
            let mut poms = folders.map(|folder| format!("{folder}pom.xml")).filter(|pom| *pom != path);
            poms.find_map(|pom| properties.get(&(pom, name.to_owned()))).map(String::as_str)
        };
        package.name = replaced(&package.name, of_parents);
        package.version = package.version.as_deref().map(|version| replaced(version, of_parents));
    }
}

fn property<'a>(project: Node<'a, '_>, name: &str) -> Option<&'a str> {
    match name.strip_prefix("project.").or_else(|| name.strip_prefix("pom.")) {
        Some(key @ ("groupId" | "version")) => {
            text(project, key).or_else(|| child(project, "parent").and_then(|parent| text(parent, key)))
        }
        Some(key) if key.starts_with("parent.") => text(child(project, "parent")?, key.strip_prefix("parent.")?),
        _ => child(project, "properties").and_then(|properties| text(properties, name)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::model::PathClass;
    use super::super::super::place::Places;
    use super::super::testing::found;
    use super::*;

    #[test]
    fn properties_of_parents() {
        let mut all = Found::default();
        for (path, text) in [
            ("pom.xml", "<project><properties><g>x.y</g><v>1</v></properties></project>"),
            ("a/pom.xml", "<project><properties><v>2</v></properties></project>"),
            (
                "a/b/pom.xml",
                "<project><dependencies><dependency><groupId>${g}</groupId><artifactId>c</artifactId><version>${v}</version></dependency><dependency><groupId>d</groupId><artifactId>e</artifactId><version>${w}</version></dependency></dependencies></project>",
            ),
        ] {
            let places = Places::new(text);
            super::pom(&Source { path, class: PathClass::Source, text, places: &places }, &mut all).unwrap();
        }
        settle(&mut all.packages, &all.shared.properties);
        let named = all.packages.iter().map(|package| (package.name.as_str(), package.version.as_deref()));
        assert_eq!(named.collect::<Vec<_>>(), [("x.y:c", Some("2")), ("d:e", Some("${w}"))]);
    }

    #[test]
    fn pom() {
        let text = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n<groupId>me</groupId>\n<licenses><license>\n<name> CeCILL B </name></license></licenses>\n<properties><v>2.1</v></properties>\n<dependencyManagement><dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId></dependency></dependencies></dependencyManagement>\n<dependencies>\n<dependency>\n <groupId>${project.groupId}</groupId><artifactId>a</artifactId><version>${v}</version></dependency>\n<dependency><groupId>b</groupId><artifactId>c</artifactId><scope>test</scope></dependency>\n</dependencies></project>";
        assert_eq!(
            found("pom.xml", text),
            ["4:8-16 MavenPom CeCILL B", "9:11 maven/me:a@2.1 Runtime", "10:22 maven/b:c Dev"]
        );
        let text = "<project><parent><groupId>p</groupId><version>7</version></parent>\n<properties><g>x.y</g></properties>\n<dependencyManagement><dependencies>\n<dependency><groupId>${g}</groupId><artifactId>a</artifactId><version>3</version></dependency></dependencies></dependencyManagement>\n<dependencies>\n<dependency><groupId>x.y</groupId><artifactId>a</artifactId></dependency>\n<dependency><groupId>${project.groupId}</groupId><artifactId>b</artifactId><version>${project.version}</version></dependency></dependencies>\n<profiles><profile><dependencies>\n<dependency><groupId>q</groupId><artifactId>c</artifactId><version>${unknown}</version></dependency></dependencies></profile></profiles>\n<build><plugins>\n<plugin><groupId>r</groupId><artifactId>d</artifactId></plugin></plugins></build></project>";
        assert_eq!(
            found("pom.xml", text),
            [
                "9:22 maven/q:c@${unknown} Optional",
                "6:22 maven/x.y:a@3 Runtime",
                "7:22 maven/p:b@7 Runtime",
                "11:18 maven/r:d Build",
            ]
        );
        let text = "<project><parent><groupId>p</groupId></parent><properties><s>2.12</s><v>${s}.1</v><w>${w}</w></properties><dependencies>\n<dependency><groupId>${project.parent.groupId}.x</groupId><artifactId>a_${s}</artifactId><version>${v}</version></dependency>\n<dependency><groupId>q</groupId><artifactId>b</artifactId><version>${w}</version></dependency></dependencies></project>";
        assert_eq!(found("pom.xml", text), ["2:22 maven/p.x:a_2.12@2.12.1 Runtime", "3:22 maven/q:b@${w} Runtime"]);
        assert!(found("pom.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><project>&b;</project>")[0].starts_with("not read"));
    }
}
