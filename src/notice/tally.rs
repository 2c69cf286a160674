//! How many notices were read and in how many of them each rule found something: what a rate needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Notice, NoticeKind};
use super::scope::cpv_group;
use super::terms::rows;
use crate::builtin::Row;

/// Notices of one buyer country, group of CPV codes and kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeGroup {
    /// Country of the buyer, ISO 3166-1 alpha-2; `null` where the notices don't tell.
    pub country: Option<String>,
    /// Beginning of the main CPV code, as long as `rules/knowledge/cpv-scope.tsv` has it, else two digits; `null`
    /// where the notices have none.
    pub cpv: Option<String>,
    pub kind: NoticeKind,
    /// Notices that were read.
    pub read: u32,
    /// Notices that were judged: those that buy information technology by their CPV codes, or all where that was
    /// asked for.
    pub judged: u32,
    /// Lots of the judged notices for which the number of tenders is told.
    pub lots_with_tenders: u32,
    /// Those of them that got a single tender.
    pub lots_with_one_tender: u32,
    /// By rule, the judged notices in which it found something.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, u32>,
    /// By measure of `rules/knowledge/measures.tsv`, the judged notices in which one of its rules found something.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub measures: BTreeMap<String, u32>,
}

impl NoticeGroup {
    /// One notice by itself, before its findings are known.
    pub fn of(notice: &Notice, judged: bool) -> NoticeGroup {
        let tenders: Vec<&str> = match judged {
            true => notice.terms("BT-759").map(|field| field.value.trim()).collect(),
            false => Vec::new(),
        };
        NoticeGroup {
            country: notice.country.as_deref().filter(|code| is_code(code)).map(str::to_owned),
            cpv: notice
                .cpv
                .iter()
                .find(|cpv| cpv.main && is_code(&cpv.code))
                .map(|cpv| cpv_group(&cpv.code).to_owned()),
            kind: notice.kind,
            read: 1,
            judged: u32::from(judged),
            lots_with_tenders: count(&tenders),
            lots_with_one_tender: count(tenders.iter().filter(|number| **number == "1")),
            rules: BTreeMap::new(),
            measures: BTreeMap::new(),
        }
    }

    /// Enters the rules that found something in the one notice.
    pub fn found(&mut self, rules: &BTreeSet<&str>) {
        self.rules = rules.iter().map(|rule| ((*rule).to_owned(), 1)).collect();
        let met = MEASURES.iter().filter(|measure| measure.rules.iter().any(|rule| rules.contains(rule)));
        self.measures = met.map(|measure| (measure.id.to_owned(), 1)).collect();
    }

    fn key(&self) -> (&Option<String>, &Option<String>, NoticeKind) {
        (&self.country, &self.cpv, self.kind)
    }

    /// Adds the counts of another group; what the groups are of stays that of this one.
    pub fn add(&mut self, other: &NoticeGroup) {
        self.read += other.read;
        self.judged += other.judged;
        self.lots_with_tenders += other.lots_with_tenders;
        self.lots_with_one_tender += other.lots_with_one_tender;
        for (counts, others) in [(&mut self.rules, &other.rules), (&mut self.measures, &other.measures)] {
            for (id, count) in others {
                *counts.entry(id.clone()).or_default() += count;
            }
        }
    }
}

/// Whether a text is a code at all: files may hold anything in its place.
fn is_code(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn count(items: impl IntoIterator) -> u32 {
    u32::try_from(items.into_iter().count()).unwrap_or(u32::MAX)
}

/// All notices of a run, a group for each country, CPV group and kind that occurs, in that order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Tally(Vec<NoticeGroup>);

impl Tally {
    /// Adds notices to the group that is theirs.
    pub fn add(&mut self, group: NoticeGroup) {
        match self.0.binary_search_by(|known| known.key().cmp(&group.key())) {
            Ok(at) => self.0[at].add(&group),
            Err(at) => self.0.insert(at, group),
        }
    }

    /// The groups.
    pub fn groups(&self) -> &[NoticeGroup] {
        &self.0
    }

    /// Whether no notice was read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What is counted and compared with rates that others published.
#[derive(Debug)]
pub struct Measure {
    /// `named`.
    pub id: &'static str,
    /// A notice counts where one of these found something.
    pub rules: Vec<&'static str>,
}

/// The measures of `rules/knowledge/measures.tsv`.
pub static MEASURES: LazyLock<Vec<Measure>> = LazyLock::new(|| {
    let measure = |row: Row| Measure { id: row.get("measure"), rules: row.list("rules").collect() };
    rows("knowledge/measures.tsv").map(measure).collect()
});

/// A rate that somebody published.
#[derive(Debug)]
pub struct PublishedRate {
    /// Id of the measure that counts the same.
    pub measure: &'static str,
    /// In per cent.
    pub rate: &'static str,
    /// Notices counted; empty where it is not told.
    pub sample: &'static str,
    /// When the notices were published.
    pub period: &'static str,
    /// Which notices were counted.
    pub notices: &'static str,
    pub publisher: &'static str,
    /// Where the figure was read.
    pub source: &'static str,
}

/// The rates of `rules/knowledge/published-rates.tsv`.
pub static PUBLISHED_RATES: LazyLock<Vec<PublishedRate>> = LazyLock::new(|| {
    let rate = |row: Row| PublishedRate {
        measure: row.get("measure"),
        rate: row.get("rate"),
        sample: row.get("sample"),
        period: row.get("period"),
        notices: row.get("notices"),
        publisher: row.get("publisher"),
        source: row.get("source"),
    };
    rows("knowledge/published-rates.tsv").map(rate).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn one(country: &str, rules: &[&str]) -> NoticeGroup {
        let mut group = NoticeGroup {
            country: Some(country.to_owned()),
            cpv: Some("48".to_owned()),
            kind: NoticeKind::Call,
            read: 1,
            judged: 1,
            lots_with_tenders: 2,
            lots_with_one_tender: 1,
            rules: BTreeMap::new(),
            measures: BTreeMap::new(),
        };
        group.found(&rules.iter().copied().collect());
        group
    }

    #[test]
    fn a_notice_counts_once_for_a_measure_whatever_the_number_of_its_rules() {
        let mut tally = Tally::default();
        tally.add(one("FR", &["product-in-title", "product-without-equivalent"]));
        tally.add(one("BE", &[]));
        tally.add(one("FR", &["long-contract"]));
        let shown: Vec<String> = tally
            .groups()
            .iter()
            .map(|group| {
                let country = group.country.as_deref().unwrap_or_default();
                format!("{country} {} {} {:?}", group.read, group.lots_with_one_tender, group.measures)
            })
            .collect();
        assert_eq!(shown, ["BE 1 1 {}", "FR 2 2 {\"demanded\": 1, \"named\": 1}"]);
        assert_eq!(tally.groups()[1].rules["long-contract"], 1);
    }

    #[test]
    fn measures_name_rules_that_exist_and_published_rates_name_measures() {
        let known: Vec<&str> = crate::rule::builtin_rules().iter().map(|rule| rule.file.id.as_str()).collect();
        for measure in MEASURES.iter() {
            assert!(measure.rules.iter().all(|rule| known.contains(rule)), "{measure:?}");
        }
        assert!(!PUBLISHED_RATES.is_empty());
        for rate in PUBLISHED_RATES.iter() {
            assert!(MEASURES.iter().any(|measure| measure.id == rate.measure), "{rate:?}");
            assert!(rate.rate.parse::<f64>().is_ok_and(|rate| rate > 0.0 && rate < 100.0), "{rate:?}");
        }
    }
}
