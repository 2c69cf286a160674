//! Descriptions of interfaces: whether an OpenAPI or AsyncAPI file holds what its standard asks for.

use super::super::found::{Found, Lines};
use super::super::message::Values;
use crate::finding::Location;
use crate::repository::yaml::{Node, Yaml};
use crate::repository::{PathClass, Repository};

/// Largest description that is read, in bytes.
const MOST_BYTES: u64 = 8 << 20;

/// Most findings of one file.
const MOST_FOUND: usize = 20;

/// Deepest nesting of a description.
const DEEPEST: usize = 200;

/// What is missing in the descriptions that the project delivers or documents itself with. A file that is no
/// YAML or JSON, or that names neither standard, is none of these.
pub fn incomplete(repository: &Repository) -> Vec<Found> {
    let descriptions = repository.facts.paths("openapi").iter().filter(|path| {
        repository
            .file(path)
            .is_some_and(|file| file.size <= MOST_BYTES && matches!(file.class, PathClass::Source | PathClass::Docs))
    });
    descriptions.flat_map(|path| of_file(path, &repository.text(path).unwrap_or_default())).collect()
}

fn of_file(path: &str, text: &str) -> Vec<Found> {
    let Ok(yaml) = Yaml::parse(text) else { return Vec::new() };
    let Some(root) = yaml.root() else { return Vec::new() };
    let lines = Lines::new(path, text);
    let version = |key: &str| root.get(key).and_then(Node::text).map(str::to_owned);
    let mut found = Vec::new();
    let standard = match (version("openapi"), version("asyncapi")) {
        (Some(version), _) if version.starts_with("3.") => {
            // OpenAPI 3.0.3 and 3.1.0, §4.8.1 and 4.8.2.
            let standard = format!("OpenAPI {version}");
            let any_of: &[&str] =
                if version.starts_with("3.0") { &["paths"] } else { &["paths", "components", "webhooks"] };
            if any_of.iter().all(|key| root.get(key).is_none()) {
                found.push(missing(&lines, root, "openapi", any_of[0], &standard));
            }
            standard
        }
        (_, Some(version)) if version.starts_with(['2', '3']) => {
            // AsyncAPI 2.6.0, “AsyncAPI Object”: `channels` is required; not any more in 3.0.0.
            let standard = format!("AsyncAPI {version}");
            if version.starts_with('2') && root.get("channels").is_none() {
                found.push(missing(&lines, root, "asyncapi", "channels", &standard));
            }
            standard
        }
        _ => return Vec::new(),
    };
    let start = if root.get("openapi").is_some() { "openapi" } else { "asyncapi" };
    match root.get("info") {
        None => found.push(missing(&lines, root, start, "info", &standard)),
        Some(info) => {
            for key in ["title", "version"] {
                if info.get(key).is_none() {
                    found.push(missing(&lines, root, "info", key, &standard));
                }
            }
        }
    }
    let mut broken = Vec::new();
    references(root, root, 0, &mut broken);
    for (node, reference) in broken {
        let place = node.place();
        let end = if place.end_line == place.line { place.end_column } else { place.column };
        let location = lines.place(place.line, place.column, end);
        let mut one =
            Found::at(location, Values::from([("field", reference.to_owned()), ("standard", standard.clone())]));
        one.variant = Some("reference");
        found.push(one);
    }
    found.truncate(MOST_FOUND);
    found
}

/// A key that is missing, at the key beside or above it.
fn missing(lines: &Lines, root: Node<'_>, at: &str, field: &str, standard: &str) -> Found {
    let key = root.entries().find(|(key, _)| key.text() == Some(at)).map(|(key, _)| key);
    let location: Location = match key {
        Some(key) => lines.place(key.place().line, key.place().column, key.place().end_column),
        None => lines.place(1, 1, 1),
    };
    let values = Values::from([("field", field.to_owned()), ("standard", standard.to_owned())]);
    let mut found = Found::at(location, values);
    found.absence = true;
    found
}

/// Keys below which data stand, not descriptions.
const DATA: [&str; 5] = ["example", "examples", "default", "enum", "const"];

/// References inside the file (RFC 6901) that lead nowhere.
fn references<'y>(root: Node<'y>, node: Node<'y>, depth: usize, broken: &mut Vec<(Node<'y>, &'y str)>) {
    if depth > DEEPEST || broken.len() >= MOST_FOUND {
        return;
    }
    for (key, value) in node.entries() {
        match (key.text(), value.text()) {
            (Some("$ref"), Some(reference)) => {
                if reference.starts_with("#/") && !reference.contains('%') && !leads(root, &reference[2..]) {
                    broken.push((value, reference));
                }
            }
            (Some(key), _) if DATA.contains(&key) => {}
            _ => references(root, value, depth + 1, broken),
        }
    }
    for item in node.items() {
        references(root, item, depth + 1, broken);
    }
}

fn leads(root: Node<'_>, pointer: &str) -> bool {
    let mut node = root;
    for part in pointer.split('/') {
        let key = part.replace("~1", "/").replace("~0", "~");
        let item = key.parse().ok().and_then(|index: usize| node.items().nth(index));
        match node.get(&key).or(item) {
            Some(next) => node = next,
            None => return false,
        }
    }
    true
}
