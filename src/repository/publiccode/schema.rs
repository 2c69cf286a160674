//! The keys of the standard and its code lists, read from `rules/knowledge/publiccode-*.tsv`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::builtin::{self, Row};

/// What a key may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Truth,
    List,
    TextOrList,
    Section,
    /// A section whose keys are language tags.
    Languages,
}

/// When a key must or must not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Required,
    /// A list or section with at least one item.
    Filled,
    /// Required if the key beside it has one of these values (split by `|`).
    RequiredIf(&'static str, &'static str),
    /// Allowed only if the key beside it has this value.
    OnlyIf(&'static str, &'static str),
}

/// What becomes of a key that will be removed from the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deprecated {
    Drop,
    /// The key, as a dotted path, that replaces it.
    Use(&'static str),
    /// The identifier, `alias:NAME`, of an item of `supports` that says the same where the value is true.
    Alias(&'static str),
}

/// One key, list item or language of the standard.
#[derive(Debug)]
pub(super) struct Field {
    /// Key without the path to it; empty for the root, `[]` for an item, `*` for a language.
    pub name: &'static str,
    pub of_type: Type,
    pub presence: Vec<Presence>,
    /// Names of checks, with their parameter after a colon.
    pub checks: Vec<(&'static str, &'static str)>,
    pub deprecated: Option<Deprecated>,
    /// Keys in the order of the standard.
    pub children: Vec<Field>,
}

impl Field {
    fn named(name: &'static str, of_type: Type) -> Field {
        Field { name, of_type, presence: Vec::new(), checks: Vec::new(), deprecated: None, children: Vec::new() }
    }

    pub fn child(&self, name: &str) -> Option<&Field> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The field of an item (of a list) or of a language's section.
    pub fn inner(&self) -> Option<&Field> {
        self.child("[]").or_else(|| self.child("*"))
    }

    pub fn is_required(&self) -> bool {
        self.presence.contains(&Presence::Required)
    }

    /// Whether it must be there whatever else is.
    pub fn is_mandatory(&self) -> bool {
        self.presence.iter().any(|presence| matches!(presence, Presence::Required | Presence::Filled))
    }
}

/// The root of all keys. The Italian section stands under `IT` only.
pub(super) fn root() -> &'static Field {
    static ROOT: LazyLock<Field> = LazyLock::new(|| {
        let mut root = Field::named("", Type::Section);
        for row in table("publiccode-fields") {
            insert(&mut root, row.get("path"), &row);
        }
        root
    });
    &ROOT
}

/// Puts a row of the table into the tree; a row stands below those of the keys that hold it.
fn insert(root: &mut Field, path: &'static str, row: &Row) {
    let mut holder = root;
    let mut parts = path.split('.').flat_map(|part| match part.strip_suffix("[]") {
        Some(list) => vec![list, "[]"],
        None => vec![part],
    });
    let Some(mut name) = parts.next() else { return };
    for next in parts {
        let Some(at) = holder.children.iter().position(|child| child.name == name) else { return };
        holder = &mut holder.children[at];
        name = next;
    }
    holder.children.push(field(name, row));
}

fn field(name: &'static str, row: &Row) -> Field {
    let of_type = match row.get("type") {
        "truth" => Type::Truth,
        "list" => Type::List,
        "text-or-list" => Type::TextOrList,
        "section" => Type::Section,
        "languages" => Type::Languages,
        _ => Type::Text,
    };
    let split = |check: &'static str| check.split_once(':').unwrap_or((check, ""));
    Field {
        presence: row.get("presence").split_whitespace().filter_map(presence).collect(),
        checks: row.get("checks").split_whitespace().map(split).collect(),
        deprecated: match row.get("deprecated") {
            "" => None,
            "drop" => Some(Deprecated::Drop),
            alias if alias.starts_with("alias:") => Some(Deprecated::Alias(alias)),
            successor => Some(Deprecated::Use(successor.trim_start_matches("use:"))),
        },
        ..Field::named(name, of_type)
    }
}

fn presence(word: &'static str) -> Option<Presence> {
    let (name, condition) = word.split_once(':').unwrap_or((word, ""));
    let (key, values) = condition.split_once('=').unwrap_or_default();
    match name {
        "required" => Some(Presence::Required),
        "filled" => Some(Presence::Filled),
        "required-if" => Some(Presence::RequiredIf(key, values)),
        "only-if" => Some(Presence::OnlyIf(key, values)),
        _ => None,
    }
}

/// The values of a code list, in the order of the standard; empty for a list that is not known.
pub(super) fn values(list: &str) -> &'static [&'static str] {
    static LISTS: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
        table("publiccode-values").map(|row| (row.get("list"), row.get("values").split(' ').collect())).collect()
    });
    LISTS.get(list).map(Vec::as_slice).unwrap_or_default()
}

/// What replaced a key of the drafts before version 0.2: the new key, or nothing.
pub(super) fn renamed(old: &str) -> Option<&'static str> {
    table("publiccode-renamed-keys")
        .find(|row| row.get("old") == old)
        .map(|row| row.get("new"))
        .filter(|new| *new != "-")
}

/// Whether this is the code of an Italian public body, in any case.
pub(super) fn is_italian_body(code: &str) -> bool {
    let code = code.to_lowercase();
    lines("publiccode-ipa-codes").any(|known| known == code)
}

/// Whether the address is of a site that offers oEmbed.
pub(super) fn is_video_address(address: &str) -> bool {
    lines("publiccode-video-hosts").any(|pattern| matches_pattern(pattern, address))
}

/// Whether a text fits a pattern in which `*` stands for any text.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        // The leftmost fit leaves most for the parts that follow.
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(tail)
}

/// The rows of a table of `rules/knowledge`.
pub(super) fn table(name: &str) -> impl Iterator<Item = Row> {
    builtin::rows(builtin::file(&format!("knowledge/{name}.tsv")).unwrap_or_default())
}

/// The lines below the head of a long table with one column.
fn lines(name: &str) -> impl Iterator<Item = &'static str> {
    let table = builtin::file(&format!("knowledge/{name}.tsv")).unwrap_or_default();
    table.lines().filter(|line| !line.starts_with('#')).skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_in_the_tree() {
        fn count(field: &Field) -> usize {
            1 + field.children.iter().map(count).sum::<usize>()
        }
        assert_eq!(count(root()) - 1, table("publiccode-fields").count());
    }

    #[test]
    fn code_lists_that_fields_name_exist() {
        fn walk(field: &Field) {
            for (name, parameter) in &field.checks {
                assert!(*name != "one-of" || !values(parameter).is_empty(), "{parameter}");
            }
            field.children.iter().for_each(walk);
        }
        walk(root());
        for list in ["version", "category", "scope", "alias", "country", "logo-extension", "screenshot-extension"] {
            assert!(!values(list).is_empty(), "{list}");
        }
    }

    #[test]
    fn patterns_fit_whole_addresses() {
        for (pattern, text, fits) in [
            ("https://a.example/*", "https://a.example/v", true),
            ("https://*.a.example/v/*", "https://x.a.example/v/1", true),
            ("https://*.a.example/v/*", "https://a.example/v/1", false),
            ("https://a.example/*/end", "https://a.example/x/end/end", true),
            ("https://a.example", "https://a.example/", false),
            ("https://a*a", "https://a", false),
        ] {
            assert_eq!(matches_pattern(pattern, text), fits, "{pattern} {text}");
        }
    }
}
