//! Conditions: the few primitives that rules compose.
//!
//! All keys of one condition must hold. In `find` the first `mention`, `phrase` or `text` without `within`
//! gives the places that are looked at; everything else is asked about each place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::Role;
use crate::notice::NoticeKind;

/// A condition: every key that is given must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Condition {
    /// A product, standard, format, vendor or certificate is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<MentionTest>,
    /// A phrase of the lexicon stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase: Option<PhraseTest>,
    /// A regular expression matches (linear time; no look-around).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextTest>,
    /// A period ("six months") stands in the clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<PeriodTest>,
    /// The law of this id applies on the day of the check, by the `from` and `to` of `rules/jurisdictions/*.tsv`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies: Option<String>,
    /// The contract, begun on the day of the check, still runs when the law of this id begins to apply. Never holds
    /// where neither a document nor a notice tells the term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_reaches: Option<String>,
    /// The place has one of these roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub role: Vec<Role>,
    /// "Or equivalent" frees the mention from at most this far away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equivalence: Option<EquivalenceTest>,
    /// The block is of one of these kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub block: Vec<BlockTest>,
    /// A document of the procurement is announced on its front page by a phrase of one of these cells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announced: Vec<String>,
    /// The text is in one of these languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lang: Vec<crate::lang::Lang>,
    /// The documents of the procurement have at least so many words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<u32>,
    /// The notice is of one of these kinds; never holds for other documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notice: Vec<NoticeKind>,
    /// A field of the notice; only in rules with `subject: notice`. In `find` it gives places; elsewhere it is
    /// asked about the lot of the place: its own fields, else those of the whole procedure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldTest>,
    /// The place stands in one of these fields of a notice (`BT-135`); of several places in one notice those
    /// in the field named first are shown first.
    #[serde(default, rename = "in", skip_serializing_if = "Vec::is_empty")]
    pub within_fields: Vec<String>,
    /// A signal of the repository: rows of the knowledge tables found in its files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<FactTest>,
    /// A file of the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileTest>,
    /// A package that the repository depends on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<PackageTest>,
    /// A licence that the repository declares or carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<LicenceTest>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Condition>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<Condition>>,
}

/// How far around a place one looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Within {
    /// The sentence; in a table the row.
    Clause,
    /// The block with its list's lead-in and the heads of its row and column.
    Item,
    /// The headings above the block (and the block itself, if it is one).
    Heading,
    /// The section under the nearest heading.
    Section,
    Document,
    /// All documents of the procurement.
    Bundle,
}

/// Which names are meant.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MentionTest {
    /// `product`, `vendor`, `certification`, `channel`, `technology`, `standard`, `format`; any if none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<String>,
    /// `open`, `conditional`, `closed`; any if none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// EuroCommons domains; any if none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domain: Vec<String>,
    /// Ids of standards or formats; any if none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub id: Vec<String>,
    /// The same thing as at the place that is looked at.
    #[serde(default)]
    pub same: bool,
    /// Something of the same EuroCommons domain as what is named at the place.
    #[serde(default)]
    pub same_domain: bool,
    /// The mention has one of these roles there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub role: Vec<Role>,
    /// Look there, instead of giving places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
}

/// Which phrases are meant.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PhraseTest {
    /// Cells of the lexicon (`rules/lexicon/cells.tsv`), one of which must occur.
    pub cell: Vec<String>,
    /// Look there, instead of giving places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
    /// At most so many characters between the phrase and the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<u32>,
    /// The phrase stands before or after the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// At least so many of the phrases stand there; one if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// On which side of the place a phrase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    Before,
    After,
}

/// A regular expression on the text as it is written.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TextTest {
    /// Syntax of the Rust `regex` crate.
    pub matches: String,
    /// Look there, instead of giving places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
}

/// A period in the clause: the one nearest to the place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PeriodTest {
    /// Longer than so many months, whatever days they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longer_than: Option<u32>,
    /// At least so many per cent of the term of the contract, which a document or notice of the procurement tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent_of_term: Option<u32>,
    /// At most so many bytes between the period and the place.
    pub near: u32,
}

/// Whether "or equivalent" frees the mention.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EquivalenceTest {
    pub within: EquivalenceReach,
}

/// How far away "or equivalent" may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EquivalenceReach {
    Clause,
    LeadIn,
    Section,
    Document,
}

/// Kinds of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BlockTest {
    /// The title of the document, a notice or a lot.
    Title,
    Heading,
    Paragraph,
    ListItem,
    TableCell,
    Note,
}

/// Which fields of a notice are meant.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FieldTest {
    /// Business terms (`BT-136`), one of which the field has: `rules/knowledge/notice-fields.tsv`.
    pub term: Vec<String>,
    /// Values in the codes of eForms; any if none. Of several values in one notice the one named first is
    /// shown first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value: Vec<String>,
    /// Every field of these terms has one of the values: nothing beside them.
    #[serde(default)]
    pub only: bool,
    /// The term of the contract (BT-36, BT-537) is longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longer_than: Option<Limit>,
    /// The value is a number above this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
}

/// A limit of the term of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    Months(u32),
    /// The longest term of a framework agreement that needs no justification under the act of the notice:
    /// `rules/knowledge/notice-legal-bases.tsv`. Nothing is longer where the act sets no limit.
    Framework,
}

/// What is known about a repository: every key that is given must hold. `signal` and `file` give places.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FactTest {
    /// Categories of signals (`cloud-sdk`, `analytics`, `maps` …) or ids of rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signal: Vec<String>,
    /// Only signals for which the repository shows a way out, or only those for which it shows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eased: Option<bool>,
    /// Files known by name: ids of rows of `rules/knowledge/repository-files.tsv` (`readme`, `contributing` …).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file: Vec<String>,
    /// The repository is of one of these kinds: `stub`, `standard`, `documentation`, `library`, `service`,
    /// `mobile`, `infrastructure`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<String>,
}

/// Files of a repository.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileTest {
    /// Globs on the path from the root (`docs/**/*.doc`).
    pub path: Vec<String>,
}

/// Packages of a repository.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PackageTest {
    /// What the package tells about the project that asks for it, by the roles of
    /// `rules/knowledge/package-roles.tsv` (`http-api`, `user-interface` …). One finding for all places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub role: Vec<String>,
    /// Names, `*` for anything; any if none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub name: Vec<String>,
    /// `npm`, `cargo`, `pypi` …; any if none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ecosystem: Vec<String>,
}

/// Licences of a repository.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LicenceTest {
    /// SPDX ids or expressions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub id: Vec<String>,
    /// Names of `rules/knowledge/licence-lists.tsv`: a licence of the project that they together don't accept. One
    /// finding for all places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<String>,
}
