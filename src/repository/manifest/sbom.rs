//! Bills of materials: CycloneDX in JSON and XML (ECMA-424), SPDX 2.x JSON and SPDX 3.0 JSON-LD.

use std::collections::BTreeMap;

use super::super::json::{self, Node};
use super::super::model::{Ecosystem, NamedIn, Scope};
use super::maven::{child, text, xml};
use super::{Fault, Found, Named, Source};

/// `pkg:npm/%40scope/name@1.0?x#y` gives ecosystem, name and version (purl-spec).
fn purl(text: &str) -> Option<(Ecosystem, String, Option<String>)> {
    let rest = text.strip_prefix("pkg:")?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (kind, rest) = rest.split_once('/')?;
    let (name, version) = match rest.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() => (name, Some(version.to_owned())),
        _ => (rest, None),
    };
    let ecosystem = Ecosystem::from_name(&kind.to_ascii_lowercase())?;
    let name = name.replace("%40", "@").replace("%2F", "/").replace("%2f", "/");
    let name = match ecosystem {
        Ecosystem::Maven => name.replacen('/', ":", 1),
        Ecosystem::PyPi => super::python::normalised(&name),
        _ => name,
    };
    Some((ecosystem, name, version))
}

/// A file whose name leaves open which of the formats it has.
pub fn any_json(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    match root.get("bomFormat").is_some() {
        true => cyclonedx(source, found),
        false => spdx(source, found),
    }
}

pub fn cyclonedx(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    components(source, found, &root);
    Ok(())
}

/// The components of a bill or, as an assembly, of a component. The nesting is bounded by that of JSON.
fn components(source: &Source, found: &mut Found, owner: &Node) {
    for component in owner.get("components").map(Node::items).unwrap_or_default() {
        components(source, found, component);
        let Some(node) = component.get("purl") else { continue };
        let Some((ecosystem, name, version)) = node.as_str().and_then(purl) else { continue };
        let licences = component.get("licenses").map(Node::items).unwrap_or_default().iter().filter_map(|choice| {
            let licence = choice.get("license");
            let id = licence.and_then(|licence| licence.get("id").or_else(|| licence.get("name")));
            choice.get("expression").or(id).and_then(Node::as_str)
        });
        let licence = licences.collect::<Vec<_>>().join(" AND ");
        let scope = scope_of(component.get("scope").and_then(Node::as_str));
        let package = Named::new(ecosystem, name, version.as_deref(), scope).licensed(Some(licence));
        found.package(source, NamedIn::Sbom, node.start, package);
    }
}

fn scope_of(written: Option<&str>) -> Scope {
    match written {
        Some("optional") => Scope::Optional,
        Some("excluded") => Scope::Dev,
        _ => Scope::Runtime,
    }
}

/// The same in XML; another document of that file name holds no components and is passed over.
pub fn cyclonedx_xml(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let document = xml(source.text)?;
    if document.root_element().tag_name().name() != "bom" {
        return Ok(());
    }
    for component in document.descendants().filter(|node| node.tag_name().name() == "component") {
        let Some(node) = child(component, "purl") else { continue };
        let Some((ecosystem, name, version)) = node.text().map(str::trim).and_then(purl) else { continue };
        let choices = child(component, "licenses").into_iter().flat_map(|licences| licences.children());
        let licences = choices.filter_map(|choice| match choice.tag_name().name() {
            "expression" => choice.text().map(str::trim),
            _ => text(choice, "id").or_else(|| text(choice, "name")),
        });
        let licence = licences.collect::<Vec<_>>().join(" AND ");
        let scope = scope_of(text(component, "scope"));
        let package = Named::new(ecosystem, name, version.as_deref(), scope).licensed(Some(licence));
        found.package(source, NamedIn::Sbom, node.range().start, package);
    }
    Ok(())
}

pub fn spdx(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    if let Some(graph) = root.get("@graph") {
        spdx_3(source, found, graph.items());
    }
    for package in root.get("packages").map(Node::items).unwrap_or_default() {
        let references = package.get("externalRefs").map(Node::items).unwrap_or_default();
        let Some(node) = references
            .iter()
            .filter_map(|reference| reference.get("referenceLocator"))
            .find(|node| node.as_str().is_some_and(|locator| locator.starts_with("pkg:")))
        else {
            continue;
        };
        let Some((ecosystem, name, version)) = node.as_str().and_then(purl) else { continue };
        let said = |key| package.get(key).and_then(Node::as_str).filter(|licence| *licence != "NOASSERTION");
        let licence = said("licenseConcluded").or_else(|| said("licenseDeclared")).map(str::to_owned);
        let named = Named::new(ecosystem, name, version.as_deref(), Scope::Runtime).licensed(licence);
        found.package(source, NamedIn::Sbom, node.start, named);
    }
    Ok(())
}

/// Version 3.0 keeps packages, licences and the relationships between them side by side in one graph.
fn spdx_3(source: &Source, found: &mut Found, graph: &[Node]) {
    let said = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let expressions: BTreeMap<String, String> = graph
        .iter()
        .filter_map(|node| Some((said(node, "spdxId")?, said(node, "simplelicensing_licenseExpression")?)))
        .collect();
    let mut licences: BTreeMap<String, String> = BTreeMap::new();
    for kind in ["hasDeclaredLicense", "hasConcludedLicense"] {
        for node in graph.iter().filter(|node| said(node, "relationshipType").as_deref() == Some(kind)) {
            let to = node.get("to").and_then(|to| to.items().first().unwrap_or(to).as_str());
            if let (Some(from), Some(licence)) = (said(node, "from"), to.and_then(|to| expressions.get(to))) {
                licences.insert(from, licence.clone());
            }
        }
    }
    for package in graph.iter().filter(|node| said(node, "type").as_deref() == Some("software_Package")) {
        let identifiers = package.get("externalIdentifier").map(Node::items).unwrap_or_default();
        let identifiers = identifiers.iter().filter_map(|identifier| identifier.get("identifier"));
        let named = package
            .get("software_packageUrl")
            .into_iter()
            .chain(identifiers)
            .find_map(|node| Some((node, node.as_str().and_then(purl)?)));
        let Some((node, (ecosystem, name, version))) = named else { continue };
        let licence = said(package, "spdxId").and_then(|id| licences.get(&id)).cloned();
        let named = Named::new(ecosystem, name, version.as_deref(), Scope::Runtime).licensed(licence);
        found.package(source, NamedIn::Sbom, node.start, named);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn bills_of_materials() {
        let cyclonedx = "{\"components\": [{\"purl\": \"pkg:npm/%40s/a@1?x\", \"scope\": \"optional\", \"licenses\": [{\"license\": {\"id\": \"MIT\"}}]}, {\"purl\": \"pkg:oci/x\"}]}";
        assert_eq!(found("bom.json", cyclonedx), ["1:26 npm/@s/a@1 Optional (MIT)"]);
        let nested = "{\"bomFormat\": \"CycloneDX\", \"components\": [{\"name\": \"app\", \"components\": [\n{\"purl\": \"pkg:pypi/A_b@2\"}]}]}";
        assert_eq!(found("sbom.json", nested), ["2:10 pypi/a-b@2 Runtime"]);
        let xml = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>\n<component type=\"library\"><name>a</name><scope>excluded</scope>\n<licenses><license><id>MIT</id></license></licenses>\n<purl>pkg:maven/g.h/a@1.0?type=jar</purl></component></components></bom>";
        assert_eq!(found("bom.xml", xml), ["4:1 maven/g.h:a@1.0 Dev (MIT)"]);
        assert!(found("bom.xml", "<project><component><purl>pkg:npm/a@1</purl></component></project>").is_empty());
        let three = "{\"@context\": \"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\", \"@graph\": [\n{\"type\": \"software_Package\", \"spdxId\": \"urn:a\", \"software_packageUrl\": \"pkg:npm/a@1\"},\n{\"type\": \"software_Package\", \"spdxId\": \"urn:b\", \"externalIdentifier\": [{\"identifier\": \"cpe:x\"}, {\"identifier\": \"pkg:gem/b@2\"}]},\n{\"spdxId\": \"urn:l\", \"simplelicensing_licenseExpression\": \"EUPL-1.2\"},\n{\"from\": \"urn:a\", \"relationshipType\": \"hasDeclaredLicense\", \"to\": [\"urn:l\"]}]}";
        assert_eq!(found("x.spdx3.json", three), ["2:72 npm/a@1 Runtime (EUPL-1.2)", "3:112 gem/b@2 Runtime"]);
        let spdx = "{\"packages\": [{\"licenseConcluded\": \"NOASSERTION\", \"licenseDeclared\": \"MIT\", \"externalRefs\": [{\"referenceLocator\": \"pkg:maven/g/a@1\"}]}]}";
        assert_eq!(found("x.spdx.json", spdx), ["1:115 maven/g:a@1 Runtime (MIT)"]);
    }
}
