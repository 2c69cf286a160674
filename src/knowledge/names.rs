//! Everything that has a name in a tender: products, standards, formats.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::builtin;
use crate::lang::Lang;

/// A product, standard or format that documents name.
#[derive(Debug, Clone)]
pub struct Named {
    pub kind: NamedKind,
    /// Its usual name: "Microsoft Excel", "Open Document Format (ODF)".
    pub name: &'static str,
    /// Id of a standard (`odf`); empty for products.
    pub id: &'static str,
    /// Who makes it, or the standards body.
    pub vendor: &'static str,
    /// The names it goes by in texts, as written.
    pub names: Vec<&'static str>,
    /// EuroCommons domain: `workplace`, `cloud-data` …
    pub domain: &'static str,
    pub openness: Openness,
    /// Open alternatives, a dated hint: "LibreOffice (MPL-2.0); …".
    pub alternatives: &'static str,
    /// Standards to ask for instead.
    pub ask: &'static str,
}

/// What kind of thing a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedKind {
    Product,
    /// The maker's name without a product.
    Vendor,
    /// A maker's certificate or partner level.
    Certification,
    /// A procurement platform: matters only as the object of a contract.
    Channel,
    /// A programming technology of one maker.
    Technology,
    /// What the public uses: browsers, phones, app stores, social channels.
    UserPlatform,
    Standard,
    /// A file format.
    Format,
    /// What stands like a product's name and is in no table.
    Unlisted,
    /// A maker of devices: its name alone tells nothing, with a model behind it it names a product.
    Maker,
}

impl NamedKind {
    /// The kinds that rules name.
    pub const ALL: [(&'static str, NamedKind); 9] = [
        ("product", NamedKind::Product),
        ("vendor", NamedKind::Vendor),
        ("certification", NamedKind::Certification),
        ("channel", NamedKind::Channel),
        ("technology", NamedKind::Technology),
        ("user-platform", NamedKind::UserPlatform),
        ("standard", NamedKind::Standard),
        ("format", NamedKind::Format),
        ("unlisted", NamedKind::Unlisted),
    ];
}

/// Whether others can make or read it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Openness {
    Open,
    /// Documented but tied to one maker, or open only in part.
    Conditional,
    Closed,
}

/// What must stand beside a name that is also an ordinary word.
#[derive(Debug, Clone)]
pub struct Guard {
    /// Words of which one must stand in the same sentence; `*` ends a stem.
    pub needs: Vec<&'static str>,
    /// Languages in which the bare name is never meant.
    pub never: Vec<Lang>,
}

/// All named things and the guards of their names.
pub struct Names {
    pub all: Vec<Named>,
    pub guards: HashMap<&'static str, Guard>,
}

/// The tables of names, read once.
pub fn named() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut all = Vec::new();
        for row in table("knowledge/products.tsv") {
            all.push(Named {
                kind: match row.get("kind") {
                    "vendor" => NamedKind::Vendor,
                    "certification" => NamedKind::Certification,
                    "channel" => NamedKind::Channel,
                    "technology" => NamedKind::Technology,
                    "user-platform" => NamedKind::UserPlatform,
                    _ => NamedKind::Product,
                },
                name: row.get("product"),
                id: "",
                vendor: row.get("vendor"),
                names: row.list("names").collect(),
                domain: row.get("domain"),
                openness: Openness::Closed,
                alternatives: row.get("alternatives"),
                ask: row.get("ask"),
            });
        }
        for row in table("knowledge/open-products.tsv") {
            all.push(Named {
                kind: NamedKind::Product,
                name: row.get("product"),
                id: "",
                vendor: "",
                names: row.list("names").collect(),
                domain: row.get("domain"),
                openness: Openness::Open,
                alternatives: "",
                ask: "",
            });
        }
        for (file, kind) in
            [("knowledge/formats.tsv", NamedKind::Format), ("knowledge/standards.tsv", NamedKind::Standard)]
        {
            for row in table(file) {
                all.push(Named {
                    kind,
                    name: row.get("name"),
                    id: row.get("id"),
                    vendor: row.get("body"),
                    names: row.list("names").collect(),
                    domain: row.get("domain"),
                    openness: match row.get("open").split(' ').next() {
                        Some("yes" | "paywalled" | "policy" | "n/a") => Openness::Open,
                        Some("no") => Openness::Closed,
                        _ => Openness::Conditional,
                    },
                    alternatives: "",
                    ask: row.get("ask"),
                });
            }
        }
        // Of a maker of devices only the names are known; a model of a maker and a name in no table have not even those.
        let known_by_name = |kind, name, names| Named {
            kind,
            name,
            id: "",
            vendor: name,
            names,
            domain: "",
            openness: Openness::Closed,
            alternatives: "",
            ask: "",
        };
        for row in table("knowledge/makers.tsv") {
            all.push(known_by_name(NamedKind::Maker, row.get("maker"), row.list("names").collect()));
        }
        for kind in [NamedKind::Product, NamedKind::Unlisted] {
            all.push(known_by_name(kind, "", Vec::new()));
        }
        let guards = table("knowledge/guards.tsv")
            .map(|row| {
                let never = row.list("never").filter_map(|code| code.parse().ok()).collect();
                (row.get("name"), Guard { needs: row.list("needs").collect(), never })
            })
            .collect();
        Names { all, guards }
    })
}

/// What a name stands for that is in no table: the last of all named things.
pub fn unlisted() -> &'static [u32] {
    static LAST: OnceLock<[u32; 1]> = OnceLock::new();
    LAST.get_or_init(|| [named().all.len() as u32 - 1])
}

/// What a maker's name with a model behind it stands for, where the model is in no table: the last but one.
pub fn unlisted_model() -> &'static [u32] {
    static LAST: OnceLock<[u32; 1]> = OnceLock::new();
    LAST.get_or_init(|| [named().all.len() as u32 - 2])
}

fn table(file: &str) -> impl Iterator<Item = builtin::Row> {
    builtin::rows(builtin::file(file).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_of_names_is_read() {
        let names = named();
        for (label, kind) in NamedKind::ALL {
            assert!(names.all.iter().any(|thing| thing.kind == kind), "no {label}");
        }
        let (listed, unlisted_things) = names.all.split_at(unlisted_model()[0] as usize);
        assert!(listed.iter().all(|thing| !thing.name.is_empty() && !thing.names.is_empty()));
        assert_eq!(
            unlisted_things.iter().map(|thing| thing.kind).collect::<Vec<_>>(),
            [NamedKind::Product, NamedKind::Unlisted]
        );
        assert!(names.guards.len() > 100);
    }
}
