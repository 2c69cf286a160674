//! Which standards a jurisdiction expects in a purchase, and what of its list is known.

use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::Serialize;

use super::{NamedKind, Verified, named};
use crate::builtin;
use crate::date::Date;
use crate::lang::Lang;

/// A standard on a jurisdiction's list: a row of `rules/knowledge/expected-standards.tsv`.
#[derive(Debug, Clone)]
pub struct Expected {
    /// Code of the jurisdiction: `nl`.
    pub jurisdiction: &'static str,
    /// Id of the standard: `dnssec`.
    pub standard: &'static str,
    /// Its name on the list.
    pub name: &'static str,
    /// EuroCommons domain of the standard: `security`.
    pub domain: &'static str,
    /// The level of government on which it is binding (`federal`, `land`, `municipal`); empty for all.
    pub buyer: &'static str,
    pub status: Status,
    pub force: Force,
    /// Topics that call for it: [`crate::language::Topic`].
    pub topics: Vec<&'static str>,
    /// Ids of standards that satisfy the demand just as well.
    pub also: Vec<&'static str>,
    /// The first and the last day on which the entry stands.
    pub since: Option<Date>,
    pub until: Option<Date>,
    /// Version, profile or RFC on the list.
    pub version: &'static str,
    /// Where it applies, in the list's own words or in English.
    pub scope: &'static str,
    /// Id of the law or policy.
    pub law: &'static str,
    pub source: &'static str,
    pub verified: Verified,
    /// Id of the rule that reports the gap, where it is not `mandatory-standard-missing`; `-` where none does.
    pub rule: &'static str,
}

/// What the list says of a standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Mandatory,
    Recommended,
}

/// How far the list binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Force {
    /// A law demands it.
    Law,
    /// To be asked for, or the reason given why not.
    ComplyOrExplain,
    Advice,
}

impl Expected {
    /// Whether the entry stood on the list on a day; today's list where no day is given.
    pub fn stands(&self, as_of: Option<Date>) -> bool {
        match as_of {
            Some(day) => self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until),
            None => self.until.is_none(),
        }
    }

    /// Whether the entry binds a buyer of this level, or may, where the level is not known.
    pub fn binds(&self, buyer: Option<&str>) -> bool {
        self.buyer.is_empty() || buyer.is_none_or(|buyer| buyer == self.buyer)
    }

    /// Ids of the standards that satisfy the demand.
    pub fn satisfied_by(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.standard).chain(self.also.iter().copied())
    }
}

/// What is known of a jurisdiction's list: a row of `rules/knowledge/standard-lists.tsv`.
#[derive(Debug, Clone)]
pub struct StandardList {
    pub jurisdiction: &'static str,
    pub name: &'static str,
    /// `yes` (the list was read), `partly`, `none`.
    pub state: &'static str,
    /// The day of the list as it is known.
    pub as_of: &'static str,
    /// Id of the law or policy.
    pub law: &'static str,
    /// Euros from which on the duty holds.
    pub threshold: Option<u32>,
    /// What of the list is known.
    pub note: &'static str,
}

/// All expected standards, in the order of the table.
pub fn expected_standards() -> &'static [Expected] {
    static ALL: OnceLock<Vec<Expected>> = OnceLock::new();
    ALL.get_or_init(|| {
        let day = |text: &str| text.parse().ok();
        rows("knowledge/expected-standards.tsv")
            .map(|row| {
                let id = row.get("standard");
                let known = named().all.iter().find(|thing| thing.kind == NamedKind::Standard && thing.id == id);
                let usual = known.map_or(id, |thing| thing.name);
                Expected {
                    jurisdiction: row.get("jurisdiction"),
                    standard: id,
                    name: Some(row.get("name")).filter(|name| !name.is_empty()).unwrap_or(usual),
                    domain: known.map_or("", |thing| thing.domain),
                    buyer: row.get("buyer"),
                    status: match row.get("status") {
                        "mandatory" => Status::Mandatory,
                        _ => Status::Recommended,
                    },
                    force: match row.get("force") {
                        "law" => Force::Law,
                        "comply-or-explain" => Force::ComplyOrExplain,
                        _ => Force::Advice,
                    },
                    topics: row.list("topics").collect(),
                    also: row.list("also").collect(),
                    since: day(row.get("since")),
                    until: day(row.get("until")),
                    version: row.get("version"),
                    scope: row.get("scope"),
                    law: row.get("law"),
                    source: row.get("source"),
                    verified: Verified::parse(row.get("verified")),
                    rule: row.get("rule"),
                }
            })
            .collect()
    })
}

/// What is known of a jurisdiction's list, with its name and note in a language, or in English where the table
/// has no other words; `None` for a jurisdiction without a row.
pub fn standard_list(jurisdiction: &str, lang: Lang) -> Option<StandardList> {
    let of = |lang: Lang| {
        rows("knowledge/standard-lists.tsv")
            .find(|row| row.get("jurisdiction") == jurisdiction && row.get("language") == lang.as_str())
    };
    let row = of(Lang::EN)?;
    let (name, note) = match of(lang) {
        Some(words) => (words.get("name"), words.get("note")),
        None => (row.get("name"), row.get("note")),
    };
    Some(StandardList {
        jurisdiction: row.get("jurisdiction"),
        name,
        state: row.get("state"),
        as_of: row.get("as_of"),
        law: row.get("law"),
        threshold: row.get("threshold").parse().ok(),
        note,
    })
}

/// The topics that a CPV code (eight digits) names: those of the longest prefix.
pub fn topics_of_cpv(code: &str) -> impl Iterator<Item = &'static str> {
    let best = rows("knowledge/standard-cpv.tsv")
        .filter(|row| code.starts_with(row.get("prefix")))
        .max_by_key(|row| row.get("prefix").len());
    best.into_iter().flat_map(|row| row.list("topics").collect::<Vec<_>>())
}

fn rows(file: &str) -> impl Iterator<Item = builtin::Row> {
    builtin::rows(builtin::file(file).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::knowledge::law;
    use crate::language::Topic;

    #[test]
    fn every_expected_standard_hangs_together() {
        let standards: BTreeSet<&str> =
            named().all.iter().filter(|thing| thing.kind == NamedKind::Standard).map(|thing| thing.id).collect();
        let rules: BTreeSet<&str> = crate::rule::builtin_rules().iter().map(|rule| rule.file.id.as_str()).collect();
        for row in expected_standards() {
            let name = format!("{} {}", row.jurisdiction, row.standard);
            for id in row.satisfied_by() {
                assert!(standards.contains(id), "{name}: `{id}` is not in standards.tsv");
            }
            assert!(!row.topics.is_empty(), "{name}");
            for topic in &row.topics {
                assert!(Topic::named(topic).is_some(), "{name}: `{topic}` is not in standard-topics.tsv");
            }
            assert!(law(row.law).is_some(), "{name}: no law has the id `{}`", row.law);
            assert!(standard_list(row.jurisdiction, Lang::EN).is_some(), "{name}: no row in standard-lists.tsv");
            assert!(!row.source.is_empty(), "{name}: no source");
            assert!(["", "-"].contains(&row.rule) || rules.contains(row.rule), "{name}: no rule `{}`", row.rule);
            assert!(["", "federal", "land", "municipal"].contains(&row.buyer), "{name}: {}", row.buyer);
            assert!(row.since.is_none_or(|since| row.until.is_none_or(|until| since <= until)), "{name}");
        }
    }

    #[test]
    fn columns_hold_only_what_they_may() {
        for row in rows("knowledge/expected-standards.tsv") {
            let name = row.get("standard");
            assert!(["mandatory", "recommended"].contains(&row.get("status")), "{name}");
            assert!(["law", "comply-or-explain", "advice"].contains(&row.get("force")), "{name}");
            assert!(["yes", "partly", "memory"].contains(&row.get("verified")), "{name}");
            for column in ["since", "until"] {
                assert!(row.get(column).is_empty() || row.get(column).parse::<Date>().is_ok(), "{name}: {column}");
            }
        }
        for row in rows("knowledge/standard-cpv.tsv") {
            assert!(row.list("topics").all(|topic| Topic::named(topic).is_some()), "{}", row.get("prefix"));
        }
        for row in rows("knowledge/jurisdictions.tsv") {
            let code = row.get("code");
            let list =
                standard_list(code, Lang::EN).unwrap_or_else(|| panic!("{code} has no row in standard-lists.tsv"));
            assert!(["yes", "partly", "none"].contains(&list.state), "{code}");
            assert!(law(list.law).is_some(), "{code}: {}", list.law);
        }
    }

    #[test]
    fn entries_stand_between_their_days() {
        let row = |since: Option<&str>, until: Option<&str>| Expected {
            since: since.and_then(|day| day.parse().ok()),
            until: until.and_then(|day| day.parse().ok()),
            ..expected_standards()[0].clone()
        };
        for (since, until, day, stands) in [
            (None, None, "2010-01-01", true),
            (Some("2024-09-01"), None, "2024-08-31", false),
            (Some("2024-09-01"), None, "2024-09-01", true),
            (None, Some("2024-08-31"), "2024-08-31", true),
            (None, Some("2024-08-31"), "2024-09-01", false),
        ] {
            assert_eq!(row(since, until).stands(day.parse().ok()), stands, "{since:?} {until:?} {day}");
        }
        assert!(!row(None, Some("2024-08-31")).stands(None));
    }
}
