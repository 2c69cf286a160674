//! Findings: what leaves the engine and every report prints.
//!
//! A finding is complete in itself: it carries the words it flags, the passage around them, the place in
//! words and numbers, and its fingerprint. A report needs nothing but the findings, the rules and the
//! coverage.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::{Anchor, NotRead};
use crate::lang::Lang;
use crate::notice::Tally;
use crate::saying::Saying;

/// How much a finding weighs. The order is that of severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Not reported.
    Off,
    Note,
    Warning,
    Error,
}

impl Level {
    pub const ALL: [Level; 4] = [Level::Off, Level::Note, Level::Warning, Level::Error];

    /// The level as policies and reports write it: `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// The level `steps` below, never below a note: lowering does not silence.
    pub fn lowered(self, steps: u8) -> Level {
        let mut level = self;
        for _ in 0..steps {
            level = match level {
                Level::Error => Level::Warning,
                Level::Warning | Level::Note => Level::Note,
                Level::Off => Level::Off,
            };
        }
        level
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Level::ALL
            .into_iter()
            .find(|level| level.as_str() == text)
            .ok_or_else(|| format!("`{text}` is no level: off, note, warning or error"))
    }
}

/// How sure a rule is of what it says: an axis of its own beside the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

/// One finding.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    pub level: Level,
    pub confidence: Confidence,
    /// What is wrong, in the reader's language, without the place.
    pub message: String,
    /// Language of `message` and `suggestion`.
    pub language: Lang,
    pub location: Location,
    /// Further places of the same finding: repeats, the other side of a contradiction, what triggered an
    /// expectation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// Whether the finding is that something is missing; the location is then where one would expect it.
    pub absence: bool,
    /// Codes of the jurisdictions whose law it rests on (`eu`, `fr`): those that the policy names; where it names
    /// none, the Union and the buyer's country or, where that is unknown, those that write in the text's language.
    pub jurisdictions: Vec<String>,
    /// Why the engine thinks so, a sentence each, in the reader's language.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Vendor-neutral wording or the remedy, in the document's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// Further properties of the result: `key` (publiccode.yml), `product`, `role`, `standard` …
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, serde_json::Value>,
    /// Edits that remove the finding.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fix: Vec<Edit>,
    /// Files to add or to rename, with which the finding is removed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileChange>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Location {
    /// The file relative to the root of what is checked, `/` between parts, not percent-encoded. Never a
    /// member of an archive: that stands in `member`.
    pub uri: String,
    /// Path inside the archive or mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    pub region: Region,
    /// The flagged words themselves.
    pub snippet: String,
    /// The whole block (paragraph, cell, field) that holds them; for a file without blocks the line.
    pub context: String,
    /// The place in words, `§ 3.2 Exigences, p. 7`; empty where the line says it all.
    pub place: String,
    pub anchor: Anchor,
    /// GitHub's `primaryLocationLineHash` of the region's first line: 16 or fewer hex digits, `:` and the
    /// count of equal lines so far.
    pub line_hash: String,
}

/// Lines and columns, 1-based, columns in Unicode code points, `end_column` exclusive (SARIF 2.1.0 §3.30 with
/// `columnKind: unicodeCodePoints`). For text formats they are those of the file; for binary formats a line
/// is the block's number in the reading text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Region {
    pub start_line: u32,
    pub start_column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

impl Region {
    /// The first column of a line: for findings about a file as a whole.
    pub fn line(line: u32) -> Region {
        Region { start_line: line, start_column: 1, end_line: line, end_column: 1 }
    }
}

/// Another place of a finding, with what it is there.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Related {
    pub location: Location,
    pub message: String,
}

/// Replaces the region's text by `text`. Line breaks in `text` are `\n`, whatever the file has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Edit {
    /// The file, where it is another than that of the finding's `location`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    pub region: Region,
    pub text: String,
    /// Whether the edit can't change meaning, so that it may be made without asking.
    pub safe: bool,
}

impl Edit {
    /// An edit in the file of the finding's location.
    pub fn here(region: Region, text: impl Into<String>, safe: bool) -> Edit {
        Edit { uri: None, region, text: text.into(), safe }
    }
}

/// A file that is added or renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum FileChange {
    /// Adds a file where there is none.
    Create { uri: String, text: String, safe: bool },
    /// Gives the file `uri` the path `to`, where there is none.
    Rename { uri: String, to: String, safe: bool },
}

impl FileChange {
    /// The file that is added or renamed.
    pub fn uri(&self) -> &str {
        match self {
            FileChange::Create { uri, .. } | FileChange::Rename { uri, .. } => uri,
        }
    }

    /// Whether the change can't change meaning, so that it may be made without asking.
    pub fn is_safe(&self) -> bool {
        match self {
            FileChange::Create { safe, .. } | FileChange::Rename { safe, .. } => *safe,
        }
    }
}

/// What was read and what was not.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Coverage {
    pub read: Vec<ReadFile>,
    pub not_read: Vec<NotRead>,
    /// The notices among what was read: how many of which kind, and in how many of them each rule found something.
    #[serde(skip_serializing_if = "Tally::is_empty")]
    pub notices: Tally,
}

impl Coverage {
    /// Speaks a language from now on.
    pub fn speak(&mut self, lang: Lang) {
        self.not_read.iter_mut().for_each(|part| part.speak(lang));
        self.read.iter_mut().flat_map(|file| &mut file.remarks).for_each(|remark| remark.speak(lang));
    }

    /// Whether something was read, and everything that was named.
    pub fn is_complete(&self) -> bool {
        self.not_read.is_empty() && !self.read.is_empty()
    }
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReadFile {
    pub uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Format or role in words: `docx`, `repository`, `publiccode`.
    pub format: String,
    /// Blocks (documents) or files (repositories).
    pub parts: u32,
    /// Remarks on the reading, in the report's language: `3 tracked deletions skipped`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Saying>,
}

/// All that one run found out; what every report prints.
#[derive(Debug, Default, Clone, Serialize, JsonSchema)]
pub struct Outcome {
    /// Sorted by file, line, column, rule.
    pub findings: Vec<Finding>,
    pub coverage: Coverage,
    /// Licence of each licence text or declaration found: path to SPDX expression.
    pub licences: BTreeMap<String, String>,
    /// How many findings waivers and the baseline hold back, and what is wrong with them.
    pub held_back: HeldBack,
    /// Where a repository was fetched from; places are relative to its root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// What no program can judge of a repository, where it was asked for. Nothing of it counts as passed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<ChecklistItem>,
}

/// A criterion for people to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChecklistItem {
    pub id: String,
    pub text: String,
    /// The criterion's name where it comes from.
    pub source: String,
}

/// Where a repository was fetched from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Origin {
    /// Address without credentials.
    pub url: String,
    /// Id of the commit.
    pub revision: String,
    /// The branch, tag or commit that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// Findings that a waiver or the baseline holds back.
#[derive(Debug, Default, Clone, Serialize, JsonSchema)]
pub struct HeldBack {
    pub waived: u32,
    pub in_baseline: u32,
    /// Waivers whose end date has passed, waivers that meet nothing: a sentence each.
    pub remarks: Vec<String>,
}
