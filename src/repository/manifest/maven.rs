//! Maven: pom.xml.

use roxmltree::{Document, Node, ParsingOptions};

use super::super::model::{DeclarationKind, Ecosystem, NamedIn, Scope};
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
    let properties = child(project, "properties");
    let own_group = text(project, "groupId").or_else(|| child(project, "parent").and_then(|p| text(p, "groupId")));
    // What `dependencyManagement` lists is only needed if a `dependencies` names it too.
    let profiles = child(project, "profiles").into_iter().flat_map(|profiles| profiles.children());
    let owners = profiles.chain(Some(project));
    for dependency in owners.filter_map(|owner| child(owner, "dependencies")).flat_map(|list| list.children()) {
        let (Some(group), Some(artifact)) = (child(dependency, "groupId"), text(dependency, "artifactId")) else {
            continue;
        };
        let group_id = match group.text().map(str::trim).unwrap_or_default() {
            "${project.groupId}" => own_group.unwrap_or_default(),
            group => group,
        };
        let version = text(dependency, "version").map(|version| {
            let property = version.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
            property.and_then(|name| text(properties?, name)).unwrap_or(version)
        });
        let scope = match (text(dependency, "scope"), text(dependency, "optional")) {
            (Some("test"), _) => Scope::Dev,
            (_, Some("true")) => Scope::Optional,
            _ => Scope::Runtime,
        };
        let package = Named::new(Ecosystem::Maven, format!("{group_id}:{artifact}"), version, scope);
        let at = group.first_child().map_or(group.range().start, |text| text.range().start);
        found.package(source, NamedIn::Manifest, at, package);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn pom() {
        let text = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n<groupId>me</groupId>\n<licenses><license>\n<name> CeCILL B </name></license></licenses>\n<properties><v>2.1</v></properties>\n<dependencyManagement><dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId></dependency></dependencies></dependencyManagement>\n<dependencies>\n<dependency>\n <groupId>${project.groupId}</groupId><artifactId>a</artifactId><version>${v}</version></dependency>\n<dependency><groupId>b</groupId><artifactId>c</artifactId><scope>test</scope></dependency>\n</dependencies></project>";
        assert_eq!(
            found("pom.xml", text),
            ["4:8-16 MavenPom CeCILL B", "9:11 maven/me:a@2.1 Runtime", "10:22 maven/b:c Dev"]
        );
        assert!(found("pom.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><project>&b;</project>")[0].starts_with("not read"));
    }
}
