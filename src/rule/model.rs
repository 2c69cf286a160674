//! The rule file: what a policy officer writes, one rule a file, its name the rule's id.
//!
//! The doc comments of the fields are the documentation of the language; the JSON Schema for editors
//! (`schemas/rule.schema.json`) is derived from these types. Unknown keys are errors.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::condition::Condition;
use crate::date::Date;
use crate::finding::{Confidence, Level};
use crate::lang::Lang;
use crate::repository::Scaffold;
use crate::repository::publiccode::Answer;

/// One rule.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleFile {
    /// Kebab-case, the name of the file without `.yaml`.
    pub id: String,
    /// Title, at most 100 characters a language; English is required.
    pub name: Localised,
    pub family: Family,
    /// What the rule judges: `brand`, `format`, `open-standard`, `licence`, `exit`, `lock-in`, `renewal`,
    /// `direct-award`, `duration`, `award`, `publiccode` …
    pub criterion: String,
    pub subject: Subject,
    /// `preview` rules run only when asked for.
    #[serde(default)]
    pub maturity: Maturity,
    /// Profiles in which the rule runs; all if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<Profile>,
    /// Jurisdictions in which the rule runs (`fr`, `nl` …); all if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jurisdictions: Vec<String>,
    pub level: Level,
    pub confidence: Confidence,
    /// Ids of rows in `rules/jurisdictions`, the most general first; those of the jurisdictions in force are
    /// shown.
    #[serde(default)]
    pub law: Vec<String>,
    /// What the rule looks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<Condition>,
    /// Nothing is found where one of these holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<Condition>,
    /// For absence: the passage that raises the expectation …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Condition>,
    /// … and what is then missing if it stands nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<Condition>,
    /// Name of a check written in Rust, for what needs an algorithm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The file that `acquis fix --unsafe` drafts for what is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaffold: Option<Scaffold>,
    /// Changes of level or message for what was found; each that holds applies, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
    /// Notes of this rule in one document beyond so many become further places of the last one, which says how
    /// many they are. Warnings and errors always stand for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_notes: Option<u32>,
    /// What is said, one or two sentences. Placeholders: `{product}`, `{vendor}`, `{quote}`, `{ask}`,
    /// `{alternatives}`, `{standard}`, `{format}`, and those of the check.
    pub message: Localised,
    /// Other messages, by the name under which the check asks for them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variants: BTreeMap<String, Localised>,
    /// Why it matters and what to look at, for `acquis explain` and the forges.
    pub why: Localised,
    /// Vendor-neutral wording or the remedy, given in the document's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggest: Option<Localised>,
    /// Further tags for the forges, at most seven.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    pub examples: Examples,
}

/// A text by language, ISO 639-1 code to text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Localised(pub BTreeMap<Lang, String>);

impl Localised {
    /// The text in a language, else in English, else in any.
    pub fn get(&self, lang: Lang) -> &str {
        let any = || self.0.values().next();
        self.0.get(&lang).or_else(|| self.0.get(&Lang::EN)).or_else(any).map_or("", String::as_str)
    }
}

/// The three families of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    OpenStandards,
    Licence,
    AntiLockIn,
}

impl Family {
    /// The family as rules and reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Family::OpenStandards => "open-standards",
            Family::Licence => "licence",
            Family::AntiLockIn => "anti-lock-in",
        }
    }
}

/// What a rule is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// Each document, and the texts of each notice.
    Document,
    /// All documents of a procurement together: what is absent.
    Bundle,
    /// The coded fields of a notice.
    Notice,
    Repository,
    Publiccode,
}

/// How far a rule has been tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Maturity {
    Preview,
    #[default]
    Stable,
}

/// Who asks: sets of rules.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// An officer before publication: what should be mended.
    #[default]
    Buyer,
    /// A pipeline: only what is near-certain.
    Ci,
    /// An auditor: everything, heuristics too.
    Audit,
}

/// A change of level or message.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    pub when: Condition,
    /// The level instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Steps by which the level is lowered, never below a note.
    #[serde(default)]
    pub lower: u8,
    /// The message instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Localised>,
}

/// Texts that must and must not be found. `acquis rules test` runs them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Examples {
    #[serde(default)]
    pub flag: Vec<Example>,
    #[serde(default)]
    pub pass: Vec<Example>,
}

/// A text in Markdown, a notice, or the files of a repository.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    pub lang: Lang,
    /// A document as Markdown: headings, lists and tables count.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Path to content, for a repository; for publiccode one file `publiccode.yml`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// For publiccode: what the addresses that the file names answer, a status (`404`) or why there is none
    /// (`time-out`), as if they were asked; those that are not named here answer 200. Without any nobody asks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Answer>,
    /// A notice as XML or JSON.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notice: String,
    /// Whose law applies; the rule's own jurisdictions if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jurisdictions: Vec<String>,
    /// The day on which the check is made; the law as it stands if none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// For `flag`: the level expected, the rule's own if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// For `flag`: words that must be flagged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Why it is (not) found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}
