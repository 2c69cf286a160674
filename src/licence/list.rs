//! The licences that a policy accepts or recommends, per jurisdiction (`rules/knowledge/licence-lists.tsv`).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::table::{self, Openness, rows};

const LISTS: &str = "knowledge/licence-lists.tsv";

/// What a list's licences are to the policy it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// Whatever is not on the list is refused.
    Accepted,
    /// Accepted for documents and data.
    AcceptedContent,
    /// Preferred; another licence is no breach.
    Recommended,
    RecommendedContent,
    /// Licences made for content, not for software.
    Content,
    /// Licences under which a combined work may be passed on instead.
    Compatible,
}

/// How well a list's source was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    Yes,
    Partly,
    Memory,
}

/// A list of licences with its source.
#[derive(Debug, Clone)]
pub struct LicenceList {
    /// `fr-sill`.
    pub name: String,
    /// `fr`, `eu`, …; empty for lists of no jurisdiction.
    pub jurisdiction: String,
    pub kind: ListKind,
    pub verified: Verified,
    /// Every id that the list accepts, by name or by rule.
    pub ids: BTreeSet<String>,
    /// The text the list comes from.
    pub reference: String,
}

static BUILT_IN: LazyLock<Vec<LicenceList>> = LazyLock::new(|| {
    rows(LISTS)
        .map(|row| {
            let by_rule = table::ids().into_iter().filter(|id| follows(row.get("rule"), id));
            let named = row.list("ids");
            LicenceList {
                name: row.get("list").to_owned(),
                jurisdiction: row.get("jurisdiction").to_owned(),
                kind: kind(row.get("kind")),
                verified: match row.get("verified") {
                    "yes" => Verified::Yes,
                    "partly" => Verified::Partly,
                    _ => Verified::Memory,
                },
                ids: by_rule.chain(named).map(str::to_owned).collect(),
                reference: row.get("reference").to_owned(),
            }
        })
        .collect()
});

impl LicenceList {
    /// The built-in lists, in the order of their file.
    pub fn built_in() -> &'static [LicenceList] {
        &BUILT_IN
    }

    /// A built-in list by its name.
    pub fn named(name: &str) -> Option<&'static LicenceList> {
        BUILT_IN.iter().find(|list| list.name == name)
    }

    /// The built-in lists of these names as one: what any of them accepts. `None` for no names.
    pub fn joined(names: &[String]) -> Option<LicenceList> {
        let mut lists = names.iter().filter_map(|name| LicenceList::named(name));
        let first = lists.next()?.clone();
        Some(lists.fold(first, |mut all, list| {
            all.ids.extend(list.ids.iter().cloned());
            all
        }))
    }

    /// Whether the list has the id, or a later version of it where the licensee may choose one.
    pub fn accepts(&self, id: &str, or_later: bool) -> bool {
        self.ids.contains(id) || (or_later || id.ends_with("-or-later")) && self.accepts_later(id)
    }

    /// Whether the list has the same licence in this or a later version.
    fn accepts_later(&self, id: &str) -> bool {
        let Some(wanted) = spdx::license_id(id) else { return false };
        self.ids.iter().filter_map(|id| spdx::license_id(id)).any(|listed| {
            listed.base() == wanted.base()
                && matches!((listed.version(), wanted.version()),
                    (Some(listed), Some(wanted)) if version(listed) >= version(wanted))
        })
    }
}

/// `2.1` as comparable numbers.
fn version(text: &str) -> Vec<u32> {
    text.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

fn kind(word: &str) -> ListKind {
    match word {
        "accepted-content" => ListKind::AcceptedContent,
        "recommended" => ListKind::Recommended,
        "recommended-content" => ListKind::RecommendedContent,
        "content" => ListKind::Content,
        "compatible" => ListKind::Compatible,
        _ => ListKind::Accepted,
    }
}

/// Whether an id falls under a list's rule: `osi`, `fsf`, or `open` for either.
fn follows(rule: &str, id: &str) -> bool {
    let Some(facts) = table::facts(id) else { return false };
    match rule {
        "osi" => facts.osi,
        "fsf" => facts.fsf,
        "open" => facts.openness == Openness::Open,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_accept_what_they_name() {
        for (list, id, or_later, accepted) in [
            ("osi", "MIT", false, true),
            ("osi", "BUSL-1.1", false, false),
            ("fr-decree-software-reciprocal", "EUPL-1.2", false, true),
            ("fr-decree-software-reciprocal", "GPL-3.0-only", false, false),
            ("fr-decree-software-reciprocal", "GPL-2.0-or-later", false, true),
            ("fr-decree-software-permissive", "Apache-1.1", true, true),
            ("nl-recommended", "MIT", false, false),
        ] {
            let list = LicenceList::named(list).unwrap_or_else(|| panic!("{list} is built in"));
            assert_eq!(list.accepts(id, or_later), accepted, "{} {id}", list.name);
        }
    }

    #[test]
    fn lists_name_known_ids_and_a_source() {
        for list in LicenceList::built_in() {
            assert!(!list.ids.is_empty() && !list.reference.is_empty(), "{}", list.name);
            for id in &list.ids {
                assert!(table::facts(id).is_some(), "{}: {id}", list.name);
            }
        }
    }
}
