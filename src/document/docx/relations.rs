//! Relations of an OPC package (ECMA-376 part 2, section 6.5): from an id to a part or a link.

use std::collections::BTreeMap;

use super::super::xml::{Node, Nodes};

/// The relations of one part, by their id.
#[derive(Debug, Default)]
pub(in super::super) struct Relations(BTreeMap<String, Relation>);

#[derive(Debug)]
struct Relation {
    /// Last part of the type's address: `header`, `hyperlink`.
    kind: String,
    /// Path in the package, or the address of a link outside.
    target: String,
}

impl Relations {
    /// Reads a `.rels` part; `folder` is that of the part to which the relations belong. A broken part gives
    /// what could be read.
    pub fn read(text: &str, folder: &str, depth: usize) -> Relations {
        let mut relations = BTreeMap::new();
        let mut nodes = Nodes::new(text, depth);
        while let Ok(node) = nodes.next() {
            match node {
                Node::Open(element) if element.name() == "Relationship" => {
                    let attribute = |name| element.attribute(name).map(|v| v.into_owned()).unwrap_or_default();
                    let kind = attribute("Type").rsplit('/').next().unwrap_or_default().to_owned();
                    let outside = attribute("TargetMode") == "External";
                    let target = attribute("Target");
                    let target = if outside { target } else { resolve(folder, &target) };
                    relations.insert(attribute("Id"), Relation { kind, target });
                }
                Node::End => break,
                Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            }
        }
        Relations(relations)
    }

    /// Where the relation of that id leads.
    pub fn target(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(|relation| relation.target.as_str())
    }

    /// The targets of all relations of one type, in order of their ids.
    pub fn of_type<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.values().filter(move |relation| relation.kind == kind).map(|relation| relation.target.as_str())
    }
}

/// The folder of a part's path, to which its relations are relative; empty for the root.
pub(in super::super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The path of the relations of a part: `word/_rels/document.xml.rels`.
pub(in super::super) fn path_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// A target relative to a folder, `..` resolved; it can't leave the package.
fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_paths_in_the_package() {
        for (folder, target, want) in [
            ("word", "styles.xml", "word/styles.xml"),
            ("word", "/word/styles.xml", "word/styles.xml"),
            ("ppt/slides", "../notes/n.xml", "ppt/notes/n.xml"),
            ("", "word/document.xml", "word/document.xml"),
            ("word", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolve(folder, target), want);
        }
        assert_eq!(path_of("word/document.xml"), "word/_rels/document.xml.rels");
    }
}
