//! Standards: what a purchase calls for, and what its documents ask.
//!
//! What [`Engine::standards`](crate::engine::Engine::standards) finds out and `acquis standards` prints. Like a
//! finding, a row is complete in itself: it carries the passage that raised the expectation and the passage of
//! the demand.

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::Location;
pub use crate::knowledge::{Force, Status};

/// The standards of one procurement.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Standards {
    /// What is known of the lists of the jurisdictions in force.
    pub lists: Vec<ListCard>,
    /// By jurisdiction and topic, in the order of the lists.
    pub rows: Vec<Row>,
    /// Where open standards in general are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_standards: Option<Location>,
    /// Entries that the topics call for but that are known from memory only: they are not judged.
    pub from_memory: u32,
    /// What the documents tell of the jurisdiction; absent where the user named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<ToldJurisdiction>,
}

/// What the documents tell of a jurisdiction that nobody named.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ToldJurisdiction {
    /// Its code: `nl`; absent where nothing tells it, and where acquis knows no list of the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    pub by: ToldBy,
    /// The passage that names a law on public procurement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passage: Option<Location>,
}

/// What tells a jurisdiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ToldBy {
    /// The country of the buyer in a notice.
    Country,
    /// A law on public procurement that the documents name.
    Law,
    /// The language, where only one country writes its tenders in it.
    Language,
    Nothing,
}

impl ToldBy {
    /// As reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            ToldBy::Country => "country",
            ToldBy::Law => "law",
            ToldBy::Language => "language",
            ToldBy::Nothing => "nothing",
        }
    }
}

/// What is known of a jurisdiction's list of standards.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListCard {
    /// Code of the jurisdiction: `nl`.
    pub jurisdiction: String,
    pub name: String,
    /// `yes` (the list was read), `partly`, `none` (no list is known, or it was not read).
    pub known: String,
    /// The day, month or year of the list as it is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub as_of: String,
    /// The law or policy behind it.
    pub law: String,
    /// Euros from which on the duty holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<u32>,
    /// What of the list is known, in the reader's language where acquis has the words, else in English.
    pub note: String,
}

/// A standard that the purchase calls for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Row {
    /// Code of the jurisdiction: `nl`.
    pub jurisdiction: String,
    /// Id of the standard: `dnssec`.
    pub standard: String,
    /// Its name on the list.
    pub name: String,
    /// Version, profile or RFC on the list; empty where it names none.
    pub version: String,
    /// EuroCommons domain: `security`.
    pub domain: String,
    pub status: Status,
    pub force: Force,
    /// Whether the status was read at its source: `yes` or `partly`.
    pub verified: String,
    /// Level of government that the entry binds; empty for all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub buyer: String,
    /// Where the standard applies, in the list's own words or in English.
    pub scope: String,
    /// The law or policy.
    pub law: String,
    /// Where the entry was read.
    pub source: String,
    /// What in the purchase calls for it: `web`, `mail` …
    pub topic: String,
    /// Whether the subject of the contract calls for it for sure; otherwise it is likely.
    pub certain: bool,
    /// The passage or code that raised the expectation.
    pub trigger: Location,
    pub answer: Answer,
    /// Why the demand is weak.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weakness: Option<Weakness>,
    /// The passage of the demand, or the one that comes nearest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demand: Option<Location>,
    /// The other lists in force that expect the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_on: Vec<OtherList>,
}

/// Another list that expects a standard.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OtherList {
    /// Code of the jurisdiction: `eu`.
    pub jurisdiction: String,
    pub status: Status,
    pub force: Force,
    /// Whether the status was read at its source: `yes` or `partly`.
    pub verified: String,
    /// The law or policy.
    pub law: String,
    /// Where the entry was read.
    pub source: String,
}

/// How the documents ask for a standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Asked,
    Weakly,
    Missing,
}

/// Why a demand is weak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weakness {
    /// Earns points in the award, and is not demanded.
    Criterion,
    Wish,
    /// Named as one example of several.
    Example,
    /// Named without a demand: what exists, an interface, a description.
    Background,
    /// Only open standards in general are asked for.
    OpenStandards,
}

impl Answer {
    /// The answer as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Asked => "asked",
            Answer::Weakly => "weakly",
            Answer::Missing => "missing",
        }
    }
}

impl Weakness {
    /// The weakness as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Weakness::Criterion => "criterion",
            Weakness::Wish => "wish",
            Weakness::Example => "example",
            Weakness::Background => "background",
            Weakness::OpenStandards => "open-standards",
        }
    }
}

impl Row {
    /// Codes of the jurisdictions whose lists expect the standard; the one that asks most stands first.
    pub fn jurisdictions(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.jurisdiction.as_str()).chain(self.also_on.iter().map(|list| list.jurisdiction.as_str()))
    }

    /// A mandatory standard that the subject calls for surely and that no document asks for.
    pub fn is_a_gap(&self) -> bool {
        self.status == Status::Mandatory && self.certain && self.answer == Answer::Missing
    }
}
