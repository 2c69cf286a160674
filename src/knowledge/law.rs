//! Laws and policies by id, with the passage and whether it was read.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::builtin;
use crate::date::Date;
use crate::lang::Lang;

/// A legal basis or policy: a row of `rules/jurisdictions/*.tsv`.
#[derive(Debug, Clone)]
pub struct Law {
    /// Lower case: `eu-2014-24-42-4`.
    pub id: &'static str,
    /// The jurisdiction's pack: `eu`, `fr`, `de` …
    pub jurisdiction: &'static str,
    /// "Directive 2014/24/EU art. 42(4)".
    pub reference: &'static str,
    /// What it asks for, in English.
    pub demands: &'static str,
    /// The passage in its own language; empty where it was not read.
    pub wording: &'static str,
    pub verified: Verified,
    /// Where it was read.
    pub source: &'static str,
    /// The first and the last day on which it applies, where the row tells them.
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Law {
    /// Whether it applies on a day; every law that has not ended does where no day is given.
    pub fn applies(&self, day: Option<Date>) -> bool {
        match day {
            Some(day) => self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to),
            None => self.to.is_none(),
        }
    }
}

/// Whether a row was read at its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verified {
    Memory,
    Partly,
    Yes,
}

impl Verified {
    /// Reads a `verified` field: `yes`, `partly`; anything else counts as memory.
    pub fn parse(text: &str) -> Verified {
        match text {
            "yes" => Verified::Yes,
            "partly" | "partial" => Verified::Partly,
            _ => Verified::Memory,
        }
    }

    /// The mark as the tables write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verified::Memory => "memory",
            Verified::Partly => "partly",
            Verified::Yes => "yes",
        }
    }
}

/// A jurisdiction: a row of `rules/knowledge/jurisdictions.tsv`.
#[derive(Debug, Clone)]
pub struct Jurisdiction {
    /// Lower case: `fr`, `eu`.
    pub code: &'static str,
    /// Whether the law of the European Union applies there.
    pub in_union: bool,
    /// ISO 3166-1 alpha-2 code; empty for the Union itself.
    pub country: &'static str,
    /// The languages in which its public bodies write tenders.
    pub languages: Vec<Lang>,
    /// The language in which, of all states of the Union and of Switzerland, it alone writes its tenders.
    pub own_language: Option<Lang>,
}

/// Code of the European Union among the jurisdictions.
pub const UNION: &str = "eu";

/// All jurisdictions, by code.
pub fn jurisdictions() -> &'static [Jurisdiction] {
    static JURISDICTIONS: OnceLock<Vec<Jurisdiction>> = OnceLock::new();
    JURISDICTIONS.get_or_init(|| {
        let rows = builtin::rows(builtin::file("knowledge/jurisdictions.tsv").unwrap_or_default());
        let jurisdiction = |row: builtin::Row| Jurisdiction {
            code: row.get("code"),
            in_union: row.get("union") == "yes",
            country: row.get("country"),
            languages: row.get("languages").split_whitespace().filter_map(Lang::from_tag).collect(),
            own_language: Lang::from_tag(row.get("own_language")),
        };
        rows.map(jurisdiction).collect()
    })
}

/// Laws on public procurement by the names that tenders call them, each with the code of its jurisdiction: the rows
/// of `rules/knowledge/procurement-laws.tsv`, phrases as the lexicon writes them.
pub fn procurement_laws() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = builtin::rows(builtin::file("knowledge/procurement-laws.tsv").unwrap_or_default());
    rows.flat_map(|row| row.list("phrases").map(|phrase| (row.get("jurisdiction"), phrase)).collect::<Vec<_>>())
}

/// All laws by id.
pub fn laws() -> &'static BTreeMap<&'static str, Law> {
    static LAWS: OnceLock<BTreeMap<&'static str, Law>> = OnceLock::new();
    LAWS.get_or_init(|| {
        let mut laws = BTreeMap::new();
        for (file, table) in builtin::files("jurisdictions/") {
            let Some(jurisdiction) = file.strip_prefix("jurisdictions/").and_then(|f| f.strip_suffix(".tsv")) else {
                continue;
            };
            for row in builtin::rows(table) {
                let law = Law {
                    id: row.get("id"),
                    jurisdiction,
                    reference: row.get("reference"),
                    demands: row.get("demands"),
                    wording: row.get("wording"),
                    verified: Verified::parse(row.get("verified")),
                    source: row.get("source"),
                    from: row.get("from").parse().ok(),
                    to: row.get("to").parse().ok(),
                };
                laws.insert(law.id, law);
            }
        }
        laws
    })
}

/// The law of an id.
pub fn law(id: &str) -> Option<&'static Law> {
    laws().get(id)
}
