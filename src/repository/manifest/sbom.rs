//! Bills of materials: CycloneDX JSON (ECMA-424) and SPDX 2.x JSON.

use super::super::json::{self, Node};
use super::super::model::{Ecosystem, NamedIn, Scope};
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
    let name = if ecosystem == Ecosystem::Maven { name.replacen('/', ":", 1) } else { name };
    Some((ecosystem, name, version))
}

pub fn cyclonedx(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
    for component in root.get("components").map(Node::items).unwrap_or_default() {
        let Some(node) = component.get("purl") else { continue };
        let Some((ecosystem, name, version)) = node.as_str().and_then(purl) else { continue };
        let licences = component.get("licenses").map(Node::items).unwrap_or_default().iter().filter_map(|choice| {
            let licence = choice.get("license");
            let id = licence.and_then(|licence| licence.get("id").or_else(|| licence.get("name")));
            choice.get("expression").or(id).and_then(Node::as_str)
        });
        let licence = licences.collect::<Vec<_>>().join(" AND ");
        let scope = match component.get("scope").and_then(Node::as_str) {
            Some("optional") => Scope::Optional,
            Some("excluded") => Scope::Dev,
            _ => Scope::Runtime,
        };
        let package = Named::new(ecosystem, name, version.as_deref(), scope).licensed(Some(licence));
        found.package(source, NamedIn::Sbom, node.start, package);
    }
    Ok(())
}

pub fn spdx(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let root = json::parse(source.text).map_err(|fault| fault.to_string())?;
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

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn bills_of_materials() {
        let cyclonedx = "{\"components\": [{\"purl\": \"pkg:npm/%40s/a@1?x\", \"scope\": \"optional\", \"licenses\": [{\"license\": {\"id\": \"MIT\"}}]}, {\"purl\": \"pkg:oci/x\"}]}";
        assert_eq!(found("bom.json", cyclonedx), ["1:26 npm/@s/a@1 Optional (MIT)"]);
        let spdx = "{\"packages\": [{\"licenseConcluded\": \"NOASSERTION\", \"licenseDeclared\": \"MIT\", \"externalRefs\": [{\"referenceLocator\": \"pkg:maven/g/a@1\"}]}]}";
        assert_eq!(found("x.spdx.json", spdx), ["1:115 maven/g:a@1 Runtime (MIT)"]);
    }
}
