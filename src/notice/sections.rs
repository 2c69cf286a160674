//! The sections under which a notice's texts read, and what the codes of its identity mean.

use std::sync::LazyLock;

use super::model::NoticeKind;
use super::terms::rows;
use crate::builtin::Row;
use crate::lang::Lang;

/// One group of business terms.
pub(super) struct Section {
    pub name: &'static str,
    pub heading: &'static str,
}

/// The sections in reading order.
pub(super) static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| {
    let section = |row: Row| Section { name: row.get("section"), heading: row.get("heading") };
    rows("knowledge/notice-sections.tsv").map(section).collect()
});

/// The kind that a dialect's code names.
pub(super) fn kind_of(dialect: &str, code: &str) -> Option<NoticeKind> {
    static KINDS: LazyLock<Vec<[&str; 3]>> = LazyLock::new(|| {
        rows("knowledge/notice-kinds.tsv").map(|row| ["format", "code", "kind"].map(|column| row.get(column))).collect()
    });
    let [.., kind] = KINDS.iter().find(|[format, known, _]| *format == dialect && *known == code)?;
    kind.parse().ok()
}

/// An act under which notices stand.
#[derive(Debug)]
pub struct LegalBasis {
    /// CELEX number: `32014L0024`.
    pub celex: &'static str,
    /// The other name that notices give it: `2014/24/EU`.
    pub alias: &'static str,
    /// Longest term in months of a framework agreement that needs no justification; `None` where the act sets
    /// no limit.
    pub framework_months: Option<u32>,
    /// The article of the limit.
    pub reference: &'static str,
}

/// The acts known, from `rules/knowledge/notice-legal-bases.tsv`.
pub static LEGAL_BASES: LazyLock<Vec<LegalBasis>> = LazyLock::new(|| {
    let act = |row: Row| LegalBasis {
        celex: row.get("celex"),
        alias: row.get("alias"),
        framework_months: row.get("framework_months").parse().ok(),
        reference: row.get("reference"),
    };
    rows("knowledge/notice-legal-bases.tsv").map(act).collect()
});

/// The CELEX number of an act named by CELEX number or alias; what is not known stays as it is.
pub(super) fn celex(name: &str) -> String {
    let known = LEGAL_BASES.iter().find(|act| act.celex == name || act.alias == name);
    known.map_or_else(|| name.to_owned(), |act| act.celex.to_owned())
}

/// ISO 3166-1 alpha-2 of a country code as notices give it; what is not known stays as it is.
pub(super) fn country(code: &str) -> String {
    static COUNTRIES: LazyLock<Vec<(&str, &str)>> =
        LazyLock::new(|| rows("knowledge/countries.tsv").map(|row| (row.get("code"), row.get("alpha2"))).collect());
    let known = COUNTRIES.iter().find(|(known, _)| *known == code);
    known.map_or(code, |(_, alpha2)| alpha2).to_owned()
}

/// Languages without repeats, in the order given.
pub(super) fn languages<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<Lang> {
    let mut languages = Vec::new();
    for language in codes.filter_map(Lang::from_tag) {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

/// The eForms code that says the same as a word of another code list.
pub(super) fn code_of(term: &str, word: &str) -> Option<&'static str> {
    static CODES: LazyLock<Vec<[&str; 3]>> = LazyLock::new(|| {
        rows("knowledge/notice-codes.tsv").map(|row| ["term", "word", "code"].map(|column| row.get(column))).collect()
    });
    CODES.iter().find(|[known, from, _]| *known == term && *from == word).map(|[.., code]| *code)
}
