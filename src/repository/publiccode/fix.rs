//! Edits that remove a problem.

use crate::finding::{Edit, Region};
use crate::repository::yaml::Node;

use super::schema::Deprecated;

/// Writes another text in place of a key or scalar. None for an alias, whose text stands elsewhere, and for
/// block scalars and values over several lines.
pub(super) fn replace(node: Node<'_>, text: &str, safe: bool) -> Vec<Edit> {
    let place = node.place();
    if node.resolved().place() != place || place.line != place.end_line {
        return Vec::new();
    }
    vec![Edit::here(place.region(), text, safe)]
}

/// The truth value that YAML 1.1 reads in a word, or that stands in quotes.
pub(super) fn truth(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" | "true" => Some("true"),
        "no" | "off" | "n" | "false" => Some("false"),
        _ => None,
    }
}

/// What can be done about a deprecated key: dropped, or replaced where the successor is free.
pub(super) fn deprecated(
    deprecated: Deprecated,
    text: &str,
    root: Node<'_>,
    section: Node<'_>,
    name: Node<'_>,
    value: Node<'_>,
) -> Vec<Edit> {
    let drop = drop_entry(text, section, name, value);
    let given = |path: &str| {
        let node = path.split('.').try_fold(root, |node, key| node.get(key));
        node.is_some_and(|node| !node.is_null())
    };
    match deprecated {
        Deprecated::Drop => drop.into_iter().collect(),
        Deprecated::Use(successor) if given(successor) => drop.into_iter().collect(),
        Deprecated::Use("logo") => replace(name, "logo", false),
        Deprecated::Use("organisation.uri") if !given("organisation") => match (drop, value.text()) {
            (Some(drop), Some(code)) => organisation(root, code).map(|insert| vec![insert, drop]).unwrap_or_default(),
            _ => Vec::new(),
        },
        Deprecated::Use(_) => Vec::new(),
        Deprecated::Alias(alias) => match (supported(text, root, alias), drop) {
            (Some(insert), Some(drop)) => insert.into_iter().chain([drop]).collect(),
            _ => Vec::new(),
        },
    }
}

/// Adds an item to `supports`, or the section with it before the file's last key; nothing to add where it is there.
/// None where the list has a form to which lines can't be added.
fn supported(text: &str, root: Node<'_>, alias: &str) -> Option<Option<Edit>> {
    let Some(list) = root.get("supports").filter(|list| !list.is_null()) else {
        let (last, _) = root.entries().next_back().filter(|_| !root.is_flow() && root.get("supports").is_none())?;
        return Some(Some(Edit::here(Region::line(last.place().line), format!("supports:\n  - id: {alias}\n"), false)));
    };
    if list.items().any(|item| item.get("id").and_then(Node::text) == Some(alias)) {
        return Some(None);
    }
    let first = list.items().next().filter(|_| !list.is_flow() && list.resolved().place() == list.place())?.place();
    let before = text.get(..first.bytes.start)?.rsplit('\n').next()?;
    // `  - ` and nothing else, so that a line before it is an item of its own.
    let is_dash = before.trim() == "-";
    is_dash.then(|| Some(Edit::here(Region::line(first.line), format!("{before}id: {alias}\n"), false)))
}

/// Puts an `organisation` section with an Italian body's URN behind the file's first entry, which is the format's
/// version by custom, where that takes one line, else before it.
fn organisation(root: Node<'_>, code: &str) -> Option<Edit> {
    let mut entries = root.entries().filter(|_| !root.is_flow());
    let (first, value) = entries.next()?;
    let (start, end) = (first.place().line, value.place().end_line);
    // A file of one entry may have no line break behind it.
    let line = if entries.next().is_some() && start == end { start + 1 } else { start };
    let owner = root.get("legal").and_then(|legal| legal.get("repoOwner")).and_then(Node::text);
    let name = owner.map(|owner| format!("  name: {}\n", quoted(owner))).unwrap_or_default();
    let text = format!("organisation:\n  uri: {}\n{name}", quoted(&format!("urn:x-italian-pa:{code}")));
    Some(Edit::here(Region::line(line), text, false))
}

/// A double-quoted scalar. JSON's strings are YAML's.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Takes the lines of an entry out of its block. None where it shares its lines with others, and where an alias
/// elsewhere stands for something in it.
fn drop_entry(text: &str, section: Node<'_>, name: Node<'_>, value: Node<'_>) -> Option<Edit> {
    let is_shared = section.resolved().place() != section.place();
    if section.is_flow() || is_shared || name.is_needed_elsewhere() || value.is_needed_elsewhere() {
        return None;
    }
    let (start, end) = (name.place(), value.place());
    let before = text.get(..start.bytes.start)?.rsplit('\n').next()?;
    let rest = text.get(end.bytes.end..)?;
    let after = rest.split('\n').next()?.trim();
    // A block scalar ends with its line break, everything else before it.
    let takes_its_line_break = end.end_column == 1;
    if !before.trim().is_empty() || !(takes_its_line_break || after.is_empty() || after.starts_with('#')) {
        return None;
    }
    let mut region = Region { start_line: start.line, start_column: 1, end_line: end.end_line, end_column: 1 };
    if !takes_its_line_break {
        if rest.contains('\n') {
            region.end_line = region.end_line.saturating_add(1);
        } else {
            let left = u32::try_from(rest.chars().count()).unwrap_or(u32::MAX);
            region.end_column = end.end_column.saturating_add(left);
        }
    }
    Some(Edit::here(region, "", false))
}
