//! What the file says about its own structure: its outline (bookmarks) and its structure tree (tagged PDF).
//!
//! Both are believed where they are there: a paragraph that the outline names is a heading of that depth, and
//! one that is tagged as a heading is one. What they leave out is still found by its looks, since many
//! programs tag every paragraph alike.

use std::collections::{HashMap, HashSet};

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, String as PdfString};

use super::pdf_string;

/// Entries of an outline, nodes of a structure tree.
const MOST_NODES: usize = 200_000;
/// Nodes inside each other.
const MOST_DEPTH: u8 = 64;

/// What a tag says a text is, as far as it matters here (ISO 32000-1 §14.8.4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    Text,
    Heading(u8),
    Caption,
    Note,
    HeadCell,
}

/// Roles by page (the object number of its dictionary) and marked content.
#[derive(Default)]
pub(super) struct Tags(HashMap<(u32, i32), Role>);

impl Tags {
    pub(super) fn role(&self, page: Option<u32>, content: i32) -> Role {
        page.and_then(|page| self.0.get(&(page, content))).copied().unwrap_or_default()
    }

    pub(super) fn read(catalog: &Dict<'_>) -> Tags {
        let mut tags = Tags::default();
        let Some(root) = catalog.get::<Dict<'_>>("StructTreeRoot") else { return tags };
        let names = root.get::<Dict<'_>>("RoleMap").unwrap_or_default();
        let mut seen = HashSet::new();
        let mut open = vec![(root, None, Role::Text, 0)];
        while let Some((node, page, role, depth)) = open.pop() {
            if tags.0.len() >= MOST_NODES || seen.len() >= MOST_NODES {
                break;
            }
            let page = node.get_ref("Pg").map(|page| page.obj_number).or(page);
            let role = node.get::<Name<'_>>("S").and_then(|kind| role_of(kind.as_str(), &names)).unwrap_or(role);
            for kid in kids(&node) {
                match kid {
                    Object::Number(content) => tags.set(page, content.as_i64(), role),
                    Object::Dict(kid) => match kid.get::<i32>("MCID") {
                        Some(content) => {
                            let page = kid.get_ref("Pg").map(|page| page.obj_number).or(page);
                            tags.set(page, content.into(), role);
                        }
                        None => {
                            let is_new = kid.obj_id().is_none_or(|id| seen.insert(id));
                            if is_new && depth < MOST_DEPTH {
                                open.push((kid, page, role, depth + 1));
                            }
                        }
                    },
                    _ => {}
                }
            }
        }
        tags
    }

    fn set(&mut self, page: Option<u32>, content: i64, role: Role) {
        if let (Some(page), Ok(content)) = (page, i32::try_from(content))
            && role != Role::Text
        {
            self.0.insert((page, content), role);
        }
    }
}

/// The children of a node: one, or an array of them.
fn kids<'a>(node: &Dict<'a>) -> Vec<Object<'a>> {
    match node.get::<Object<'_>>("K") {
        Some(Object::Array(kids)) => kids.iter::<Object<'_>>().collect(),
        Some(kid) => vec![kid],
        None => Vec::new(),
    }
}

/// The role of a structure type; types of the program's own are looked up in the role map. `None` where the
/// type says nothing of its own, so that the text keeps the role of what holds it.
fn role_of(kind: &str, names: &Dict<'_>) -> Option<Role> {
    let mapped = names.get::<Name<'_>>(kind);
    let standard = mapped.as_ref().map_or(kind, |name| name.as_str());
    Some(match standard {
        "H" | "Title" => Role::Heading(1),
        "H1" | "H2" | "H3" | "H4" | "H5" | "H6" | "H7" | "H8" | "H9" => Role::Heading(standard.as_bytes()[1] - b'0'),
        "Caption" => Role::Caption,
        "Note" | "FENote" => Role::Note,
        "TH" => Role::HeadCell,
        "P" | "TD" | "LI" | "LBody" | "TOCI" | "Table" | "L" => Role::Text,
        _ => return None,
    })
}

/// One entry of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OutlineEntry {
    pub(super) title: String,
    /// 1 is the outermost.
    pub(super) depth: u8,
}

/// The outline in the order of the document.
pub(super) fn outline(catalog: &Dict<'_>) -> Vec<OutlineEntry> {
    let mut entries = Vec::new();
    let Some(root) = catalog.get::<Dict<'_>>("Outlines") else { return entries };
    let mut seen = HashSet::new();
    let mut open: Vec<(Dict<'_>, u8)> = root.get::<Dict<'_>>("First").map(|first| (first, 1)).into_iter().collect();
    while let Some((entry, depth)) = open.pop() {
        if entries.len() >= MOST_NODES || entry.obj_id().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        if let Some(title) = entry.get::<PdfString<'_>>("Title") {
            entries.push(OutlineEntry { title: pdf_string(title.as_bytes()), depth });
        }
        if let Some(next) = entry.get::<Dict<'_>>("Next") {
            open.push((next, depth));
        }
        if let Some(first) = entry.get::<Dict<'_>>("First")
            && depth < MOST_DEPTH
        {
            open.push((first, depth + 1));
        }
    }
    entries
}

/// Whether the file holds a form of the XML Forms Architecture (ISO 32000-1, 12.7.8): what it shows is not in its pages.
pub(super) fn has_xfa_form(catalog: &Dict<'_>) -> bool {
    catalog.get::<Dict<'_>>("AcroForm").is_some_and(|form| form.contains_key("XFA"))
}

/// How many pages the file says it has; a damaged file may hold fewer.
pub(super) fn declared_pages(catalog: &Dict<'_>) -> Option<u32> {
    let pages = catalog.get::<Dict<'_>>("Pages")?;
    let is_flat =
        pages.get::<Array<'_>>("Kids").is_some_and(|kids| kids.raw_iter().all(|kid| matches!(kid, MaybeRef::Ref(_))));
    pages.get::<u32>("Count").filter(|_| is_flat)
}
