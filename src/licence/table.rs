//! Licence facts: class, openness and flags of every id of the SPDX list and of well-known licences outside it.
//!
//! The facts are data: `rules/knowledge/licences.tsv` (the SPDX list), `licences-other.tsv` (licences known by a
//! phrase of their text) and `licence-names.tsv` (what metadata and tenders write instead of an id).

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::builtin::{self, Row};

const LICENCES: &str = "knowledge/licences.tsv";
const OTHERS: &str = "knowledge/licences-other.tsv";
const NAMES: &str = "knowledge/licence-names.tsv";

/// What kind of conditions a licence sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Permissive,
    WeakCopyleft,
    StrongCopyleft,
    /// Copyleft that use over a network triggers.
    NetworkCopyleft,
    PublicDomain,
    /// Made for documents, data or media.
    Content,
    /// The source may be read, but not used, changed or passed on freely.
    SourceAvailable,
    /// Some uses or users are excluded.
    Restricted,
    Proprietary,
    /// Nobody has classed it yet.
    Unreviewed,
}

impl Class {
    fn parse(word: &str) -> Class {
        match word {
            "permissive" => Class::Permissive,
            "weak-copyleft" => Class::WeakCopyleft,
            "strong-copyleft" => Class::StrongCopyleft,
            "network-copyleft" => Class::NetworkCopyleft,
            "public-domain" => Class::PublicDomain,
            "content" => Class::Content,
            "source-available" => Class::SourceAvailable,
            "restricted" => Class::Restricted,
            "proprietary" => Class::Proprietary,
            _ => Class::Unreviewed,
        }
    }

    /// The word of the table: `weak-copyleft`.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Permissive => "permissive",
            Class::WeakCopyleft => "weak-copyleft",
            Class::StrongCopyleft => "strong-copyleft",
            Class::NetworkCopyleft => "network-copyleft",
            Class::PublicDomain => "public-domain",
            Class::Content => "content",
            Class::SourceAvailable => "source-available",
            Class::Restricted => "restricted",
            Class::Proprietary => "proprietary",
            Class::Unreviewed => "unreviewed",
        }
    }
}

/// Whether a licence gives the freedoms that make software open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Openness {
    /// Approved by the OSI or free by the FSF.
    Open,
    /// Permissive or copyleft, but approved by neither.
    LikelyOpen,
    /// Open for documents and data; for software a finding of its own.
    OpenContent,
    NotOpen,
    Unknown,
}

/// One licence of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// SPDX id, or `LicenseRef-…` for a licence outside the list.
    pub id: &'static str,
    pub name: &'static str,
    /// Approved by the Open Source Initiative, as the SPDX list says.
    pub osi: bool,
    /// Free by the Free Software Foundation, as the SPDX list says.
    pub fsf: bool,
    pub deprecated: bool,
    pub class: Class,
    pub openness: Openness,
    /// For a deprecated id: the expression to write instead. Empty where there is none.
    pub replacement: &'static str,
}

/// A licence outside the SPDX list, with the phrase that gives it away.
#[derive(Debug, Clone, Copy)]
pub struct OtherLicence {
    pub facts: Facts,
    /// A regular expression over the text, to be used case-insensitively.
    pub marker: &'static str,
}

static TABLE: LazyLock<HashMap<&'static str, Facts>> = LazyLock::new(|| {
    let listed = rows(LICENCES).map(|row| Facts {
        id: row.get("id"),
        name: row.get("name"),
        osi: row.get("osi") == "y",
        fsf: row.get("fsf") == "y",
        deprecated: row.get("deprecated") == "y",
        class: Class::parse(row.get("class")),
        openness: openness(row.get("verdict")),
        replacement: row.get("replacement"),
    });
    listed.chain(others().map(|other| other.facts)).map(|facts| (facts.id, facts)).collect()
});

/// Ids in lower case, for those written in the wrong case.
static FOLDED: LazyLock<HashMap<String, &'static str>> =
    LazyLock::new(|| TABLE.keys().map(|id| (id.to_ascii_lowercase(), *id)).collect());

static BY_NAME: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let full_names =
        rows(LICENCES).filter(|row| row.get("deprecated") != "y").map(|row| (fold(row.get("name")), row.get("id")));
    let aliases = rows(NAMES).map(|row| (row.get("name").to_owned(), row.get("expression")));
    full_names.chain(aliases).collect()
});

/// The facts about an id, in the list's own spelling; `None` for an id that is not in the table.
pub fn facts(id: &str) -> Option<&'static Facts> {
    TABLE.get(id)
}

/// The class of an id; [`Class::Unreviewed`] for an id that is not in the table.
pub fn class(id: &str) -> Class {
    facts(id).map_or(Class::Unreviewed, |facts| facts.class)
}

/// The list's spelling of an id written in any case; `None` where the list has no such id.
pub fn canonical_id(id: &str) -> Option<&'static str> {
    TABLE.get_key_value(id).map(|(id, _)| *id).or_else(|| FOLDED.get(&id.to_ascii_lowercase()).copied())
}

/// The expression that a name stands for (`"Apache License, Version 2.0"` → `Apache-2.0`). The empty string means
/// that the name is known but does not say which version or variant.
pub fn by_name(name: &str) -> Option<&'static str> {
    BY_NAME.get(&fold(name)).copied()
}

/// Names and what they stand for: the list's full names and those of the table of names that say which licence.
pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let full = rows(LICENCES).filter(|row| row.get("deprecated") != "y").map(|row| (row.get("name"), row.get("id")));
    full.chain(rows(NAMES).map(|row| (row.get("name"), row.get("expression")))).filter(|(_, id)| !id.is_empty())
}

/// Every id of the table, sorted.
pub fn ids() -> Vec<&'static str> {
    let mut ids: Vec<_> = TABLE.keys().copied().collect();
    ids.sort_unstable();
    ids
}

/// The licences outside the SPDX list, in the order of their file.
pub fn others() -> impl Iterator<Item = OtherLicence> {
    rows(OTHERS).map(|row| OtherLicence {
        facts: Facts {
            id: row.get("id"),
            name: row.get("name"),
            osi: false,
            fsf: false,
            deprecated: false,
            class: Class::parse(row.get("class")),
            openness: openness(row.get("verdict")),
            replacement: "",
        },
        marker: row.get("marker"),
    })
}

fn openness(word: &str) -> Openness {
    match word {
        "open" => Openness::Open,
        "likely-open" => Openness::LikelyOpen,
        "open-content" => Openness::OpenContent,
        "not-open" => Openness::NotOpen,
        _ => Openness::Unknown,
    }
}

/// Lower case, letters and digits only, single spaces; `+` is a word, since it changes the licence.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in name.replace('+', " plus ").split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&word.to_lowercase());
    }
    folded
}

/// The rows of a built-in table; the packing of `rules/` guarantees that it is there.
pub(super) fn rows(table: &str) -> impl Iterator<Item = Row> {
    builtin::rows(builtin::file(table).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_follow_the_list() {
        for (id, class, openness) in [
            ("MIT", Class::Permissive, Openness::Open),
            ("EUPL-1.2", Class::WeakCopyleft, Openness::Open),
            ("BUSL-1.1", Class::SourceAvailable, Openness::NotOpen),
            ("CC-BY-NC-4.0", Class::Content, Openness::NotOpen),
            ("etalab-2.0", Class::Content, Openness::OpenContent),
            ("JSON", Class::Restricted, Openness::NotOpen),
            ("LicenseRef-RSALv2", Class::SourceAvailable, Openness::NotOpen),
        ] {
            let facts = facts(id).unwrap_or_else(|| panic!("{id} is in the table"));
            assert_eq!((facts.class, facts.openness), (class, openness), "{id}");
        }
        assert_eq!(class("No-Such-Licence"), Class::Unreviewed);
    }

    #[test]
    fn every_listed_id_is_an_id_of_the_spdx_list() {
        for row in rows(LICENCES) {
            let id = row.get("id");
            let listed = spdx::license_id(id).unwrap_or_else(|| panic!("{id} is not in the SPDX list"));
            assert_eq!(row.get("deprecated") == "y", listed.is_deprecated(), "{id}");
            assert_eq!(row.get("osi") == "y", listed.is_osi_approved(), "{id}");
            assert_eq!(row.get("fsf") == "y", listed.is_fsf_free_libre(), "{id}");
        }
    }

    #[test]
    fn names_lead_to_ids() {
        for (name, id) in [
            ("Apache License, Version 2.0", Some("Apache-2.0")),
            ("GPLv3+", Some("GPL-3.0-or-later")),
            ("European Union Public License 1.2", Some("EUPL-1.2")),
            ("GNU GPL", Some("")),
            ("Some House Licence", None),
        ] {
            assert_eq!(by_name(name), id, "{name}");
        }
    }

    #[test]
    fn names_stand_for_known_ids() {
        for row in rows(NAMES) {
            let expression = row.get("expression");
            assert!(expression.is_empty() || facts(expression).is_some(), "{expression}");
            assert_eq!(fold(row.get("name")), row.get("name"), "names are folded");
        }
    }
}
