//! The policy file `acquis.yml` as its authors write it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::date::Date;
use crate::finding::Level;
use crate::knowledge;
use crate::lang::Lang;
use crate::rule::Profile;

use super::packs::Base;

/// A policy: what counts where, and what has been decided. Everything is optional.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PolicyFile {
    /// Policies on which this one builds, in order. What this file says comes on top.
    #[serde(default)]
    pub extends: Vec<Base>,
    /// Whose law and whose lists apply. The European Union's applies with that of each of its members.
    #[serde(default)]
    pub jurisdictions: Vec<Jurisdiction>,
    /// Level of government that buys, where the law differs by it.
    #[serde(default)]
    pub buyer: Option<Buyer>,
    /// For whom the check is made.
    #[serde(default)]
    pub profile: Option<Profile>,
    /// Language of messages and reports, ISO 639-1.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// The lowest level that makes the check fail.
    #[serde(default)]
    pub fail_on: Option<FailOn>,
    /// Apply laws, lists and waivers as they stood on this day.
    #[serde(default)]
    pub as_of: Option<Date>,
    /// Level of a rule by its id; `off` switches it off.
    #[serde(default)]
    pub rules: BTreeMap<String, Level>,
    /// Files that are not checked, as globs relative to the root: `archive/**`.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Levels for some files only; of several entries that meet a file the last one wins.
    #[serde(default)]
    pub paths: Vec<PathRules>,
    /// Findings that are accepted, by whom, why and until when.
    #[serde(default)]
    pub waivers: Vec<WaiverEntry>,
}

/// Levels of rules for the files that a glob meets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PathRules {
    /// Glob relative to the root: `docs/**`.
    pub glob: String,
    pub rules: BTreeMap<String, Level>,
}

/// A finding that is accepted: comply, or explain.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiverEntry {
    /// Id of the rule.
    pub rule: String,
    /// File of the finding, as a glob relative to the root.
    pub path: String,
    /// Words that stand in the passage; white space doesn't matter.
    #[serde(default)]
    pub quote: Option<String>,
    /// Number or words of the heading under which the passage stands: `3.2`.
    #[serde(default)]
    pub section: Option<String>,
    /// Why the finding is accepted.
    pub reason: String,
    /// Who accepted it.
    pub approver: String,
    /// When.
    pub date: Date,
    /// The last day on which the waiver holds.
    pub until: Date,
}

/// Level of government of the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Buyer {
    /// The State itself, its ministries and agencies.
    Federal,
    /// A Land, region, canton or autonomous community.
    Land,
    /// A municipality, county or their unions.
    Municipal,
}

impl Buyer {
    /// As policy files write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Buyer::Federal => "federal",
            Buyer::Land => "land",
            Buyer::Municipal => "municipal",
        }
    }
}

/// The lowest level that makes a check fail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    Error,
    #[default]
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// Whether a finding of this level makes the check fail.
    pub fn is_met_by(self, level: Level) -> bool {
        match self {
            FailOn::Error => level >= Level::Error,
            FailOn::Warning => level >= Level::Warning,
            FailOn::Note => level >= Level::Note,
            FailOn::Never => false,
        }
    }
}

/// A jurisdiction by its code: those of `rules/knowledge/jurisdictions.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Jurisdiction(String);

impl Jurisdiction {
    /// `fr`, `eu`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The codes that are known, in order.
    pub fn known() -> impl Iterator<Item = &'static str> {
        knowledge::jurisdictions().iter().map(|known| known.code)
    }

    /// Whether the law of the European Union applies there.
    pub fn is_in_the_union(&self) -> bool {
        knowledge::jurisdictions().iter().any(|known| known.code == self.0 && known.in_union)
    }
}

impl std::str::FromStr for Jurisdiction {
    type Err = String;

    fn from_str(code: &str) -> Result<Jurisdiction, String> {
        if Jurisdiction::known().any(|known| known == code) {
            return Ok(Jurisdiction(code.to_owned()));
        }
        let known: Vec<_> = Jurisdiction::known().collect();
        Err(format!("unknown jurisdiction `{code}`, expected one of {}", known.join(", ")))
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Jurisdiction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Jurisdiction, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Jurisdiction {
    fn schema_name() -> Cow<'static, str> {
        "Jurisdiction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": Jurisdiction::known().collect::<Vec<_>>() })
    }
}
