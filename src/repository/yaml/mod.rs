//! YAML with the place of every key and value.
//!
//! A linter needs what a deserialiser throws away: where each key stands, keys given twice, tags, comments and
//! the style a scalar is written in. [`Yaml::parse`] keeps all of it:
//!
//! ```
//! use acquis::repository::yaml::Yaml;
//!
//! let yaml = Yaml::parse("services:\n  db: {image: 'postgres:17'}\n").unwrap();
//! let image = yaml.root().unwrap().get("services").unwrap().get("db").unwrap().get("image").unwrap();
//! assert_eq!(image.text(), Some("postgres:17"));
//! assert_eq!((image.place().line, image.place().column), (2, 15));
//! ```
//!
//! - Keys given twice are all kept, in the order of the file; [`Node::get`] finds the first.
//! - An alias is a node of its own; [`Node::resolved`] gives what it stands for. A merge key (`<<`) is an entry
//!   like any other; [`Node::fields`] applies it.
//! - The tree lies flat in one vector: dropping it never recurses.
//! - Bounds: [`MAX_BYTES`], [`MAX_NODES`], [`MAX_DEPTH`] and [`MAX_EXPANDED`]. The last two count aliases as if
//!   they were written out and are proved while the file is read, so that a recursive walk that follows aliases
//!   ends, without a budget of its own.

mod parse;
mod scalar;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::finding::Region;

pub use scalar::Value;

/// Largest file that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;
/// Most nodes of a file. The largest lockfiles seen have some hundred thousand.
pub const MAX_NODES: usize = 4_000_000;
/// Deepest nesting, aliases and merge keys followed.
pub const MAX_DEPTH: u32 = 128;
/// Most nodes with every alias written out: a "billion laughs" file is refused here.
pub const MAX_EXPANDED: u64 = 10_000_000;

/// A YAML file as a tree; `'t` is the file's text.
#[derive(Debug, Default)]
pub struct Yaml<'t> {
    nodes: Vec<Entry<'t>>,
    documents: Vec<u32>,
    comments: Vec<Comment<'t>>,
}

/// Why a file could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct YamlError {
    /// English, lower case, without a final stop.
    pub reason: String,
    /// Whether the file may be good YAML that is only too large, too deep or too often aliased.
    pub over_limit: bool,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
}

/// Where a node stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Bytes of the file's text, half-open. For a collection from its first to its last child or bracket, for
    /// an empty value an empty range.
    pub bytes: Range<usize>,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    /// 1-based.
    pub end_line: u32,
    /// 1-based, in characters, exclusive.
    pub end_column: u32,
}

impl Place {
    /// The line and columns, 1-based, half-open.
    pub fn region(&self) -> Region {
        Region {
            start_line: self.line,
            start_column: self.column,
            end_line: self.end_line,
            end_column: self.end_column,
        }
    }
}

/// A comment, without its `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment<'t> {
    pub text: Cow<'t, str>,
    /// Whole comment with its `#`.
    pub place: Place,
}

#[derive(Debug)]
struct Entry<'t> {
    content: Content<'t>,
    tag: Option<String>,
    place: Place,
    /// Nodes of the subtree with aliases written out; 0 while the node is still open.
    expanded: u64,
    /// Levels of the subtree, itself included, with aliases followed.
    height: u32,
    /// Whether an alias stands for it.
    aliased: bool,
}

#[derive(Debug)]
enum Content<'t> {
    Scalar { text: Cow<'t, str>, plain: bool },
    Sequence { items: Vec<u32>, flow: bool },
    Mapping { entries: Vec<(u32, u32)>, flow: bool },
    Alias(u32),
}

/// What kind a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Scalar,
    Sequence,
    Mapping,
    Alias,
}

/// A node of a [`Yaml`]: a cheap handle.
#[derive(Clone, Copy)]
pub struct Node<'y> {
    yaml: &'y Yaml<'y>,
    id: u32,
}

impl<'t> Yaml<'t> {
    /// Reads a text. A byte-order mark is allowed.
    ///
    /// # Errors
    /// The first place where it is no YAML, an alias without its anchor, or a bound that is passed.
    pub fn parse(text: &'t str) -> Result<Yaml<'t>, YamlError> {
        parse::parse(text)
    }

    /// The root nodes of the file's documents, in order. A file without content has none.
    pub fn documents(&self) -> impl Iterator<Item = Node<'_>> {
        self.documents.iter().map(|&id| Node { yaml: self, id })
    }

    /// The root of the first document.
    pub fn root(&self) -> Option<Node<'_>> {
        self.documents().next()
    }

    /// How many nodes there are with every alias written out.
    pub fn expanded(&self) -> u64 {
        self.documents.iter().filter_map(|&id| self.nodes.get(id as usize)).map(|root| root.expanded).sum()
    }

    /// All comments, in order.
    pub fn comments(&self) -> &[Comment<'t>] {
        &self.comments
    }
}

impl<'y> Node<'y> {
    fn entry(self) -> &'y Entry<'y> {
        // In bounds: ids are only handed out by the parser, as indices of this very vector.
        &self.yaml.nodes[self.id as usize]
    }

    fn at(self, id: u32) -> Node<'y> {
        Node { yaml: self.yaml, id }
    }

    /// What kind of node it is.
    pub fn kind(self) -> Kind {
        match self.entry().content {
            Content::Scalar { .. } => Kind::Scalar,
            Content::Sequence { .. } => Kind::Sequence,
            Content::Mapping { .. } => Kind::Mapping,
            Content::Alias(_) => Kind::Alias,
        }
    }

    /// The node itself or, for an alias, the node it stands for.
    pub fn resolved(self) -> Node<'y> {
        match self.entry().content {
            // An alias has no anchor of its own, so one step is all there can be.
            Content::Alias(target) => self.at(target),
            _ => self,
        }
    }

    /// Whether an alias somewhere stands for the node or for one inside it, so that the file needs it.
    pub fn is_needed_elsewhere(self) -> bool {
        let entry = self.entry();
        entry.aliased
            || match &entry.content {
                Content::Sequence { items, .. } => items.iter().any(|&id| self.at(id).is_needed_elsewhere()),
                Content::Mapping { entries, .. } => entries
                    .iter()
                    .any(|&(key, value)| self.at(key).is_needed_elsewhere() || self.at(value).is_needed_elsewhere()),
                Content::Scalar { .. } | Content::Alias(_) => false,
            }
    }

    /// Where the node stands.
    pub fn place(self) -> &'y Place {
        &self.entry().place
    }

    /// The tag with its handle resolved: `!reference`, `tag:yaml.org,2002:str`.
    pub fn tag(self) -> Option<&'y str> {
        self.entry().tag.as_deref()
    }

    /// The text of a scalar (aliases followed), escapes and folding applied.
    pub fn text(self) -> Option<&'y str> {
        match &self.resolved().entry().content {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether the scalar is written without quotes and not as a block scalar.
    pub fn is_plain(self) -> bool {
        matches!(self.resolved().entry().content, Content::Scalar { plain: true, .. })
    }

    /// Whether the collection is written in brackets or braces.
    pub fn is_flow(self) -> bool {
        matches!(
            self.resolved().entry().content,
            Content::Sequence { flow: true, .. } | Content::Mapping { flow: true, .. }
        )
    }

    /// What a scalar means in the core schema of YAML 1.2 (aliases followed); `None` for a collection.
    pub fn value(self) -> Option<Value<'y>> {
        let node = self.resolved();
        node.text().map(|text| scalar::value(text, node.is_plain(), node.tag()))
    }

    /// Whether the node is null or an empty value.
    pub fn is_null(self) -> bool {
        self.value() == Some(Value::Null)
    }

    /// Whether the node is a sequence or mapping without content (aliases followed).
    pub fn is_empty_collection(self) -> bool {
        match &self.resolved().entry().content {
            Content::Sequence { items, .. } => items.is_empty(),
            Content::Mapping { entries, .. } => entries.is_empty(),
            Content::Scalar { .. } | Content::Alias(_) => false,
        }
    }

    /// The items of a sequence (aliases followed); none for anything else.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Node<'y>> + ExactSizeIterator {
        let items: &[u32] = match &self.resolved().entry().content {
            Content::Sequence { items, .. } => items,
            _ => &[],
        };
        items.iter().map(move |&id| self.at(id))
    }

    /// The keys and values of a mapping (aliases followed) as written, merge keys and repeated keys included;
    /// none for anything else.
    pub fn entries(self) -> impl DoubleEndedIterator<Item = (Node<'y>, Node<'y>)> + ExactSizeIterator {
        let entries: &[(u32, u32)] = match &self.resolved().entry().content {
            Content::Mapping { entries, .. } => entries,
            _ => &[],
        };
        entries.iter().map(move |&(key, value)| (self.at(key), self.at(value)))
    }

    /// The value of the first entry with this key; merge keys are not followed.
    pub fn get(self, key: &str) -> Option<Node<'y>> {
        self.entry_of(key).map(|(_, value)| value)
    }

    /// The first entry with this key; merge keys are not followed.
    pub fn entry_of(self, key: &str) -> Option<(Node<'y>, Node<'y>)> {
        self.entries().find(|(name, _)| name.text() == Some(key))
    }

    /// The entries of a mapping with merge keys (`<<`) applied: its own first, then those it merges in; of
    /// equal keys only the first.
    pub fn fields(self) -> Vec<(Node<'y>, Node<'y>)> {
        let mut fields = Vec::new();
        self.collect_fields(&mut HashSet::new(), &mut fields);
        fields
    }

    fn collect_fields(self, seen: &mut HashSet<&'y str>, fields: &mut Vec<(Node<'y>, Node<'y>)>) {
        for (key, value) in self.entries().filter(|(key, _)| !key.is_merge()) {
            if key.text().is_none_or(|name| seen.insert(name)) {
                fields.push((key, value));
            }
        }
        for (_, merged) in self.entries().filter(|(key, _)| key.is_merge()) {
            match merged.resolved().kind() {
                Kind::Sequence => merged.items().for_each(|item| item.collect_fields(seen, fields)),
                _ => merged.collect_fields(seen, fields),
            }
        }
    }

    /// Whether this key is the merge key of YAML 1.1.
    pub fn is_merge(self) -> bool {
        self.is_plain() && self.text() == Some("<<")
    }

    /// The keys of a mapping that stand in it before already, in order, each behind the first of its name.
    /// Merge keys may repeat.
    pub fn repeated_keys(self) -> Vec<(Node<'y>, Node<'y>)> {
        let mut first_of: HashMap<&str, Node<'y>> = HashMap::new();
        let mut repeated = Vec::new();
        for (key, _) in self.entries().filter(|(key, _)| !key.is_merge()) {
            let Some(name) = key.text() else { continue };
            match first_of.get(name) {
                Some(first) => repeated.push((*first, key)),
                None => {
                    first_of.insert(name, key);
                }
            }
        }
        repeated
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = self.place();
        write!(f, "{:?} at {}:{}", self.kind(), place.line, place.column)
    }
}
