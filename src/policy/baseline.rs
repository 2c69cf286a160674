//! The baseline: what was there already when the check was introduced.
//!
//! An entry has a rule, the fingerprint of the words and their passage, and how often they occur; no line, so
//! that text that moves stays known, and no text, so that the file can be shared where the tender can't.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::fingerprint;
use crate::yaml::FileError;

const VERSION: u32 = 1;

/// Bytes of a baseline file.
const LARGEST: u64 = 64 << 20;

/// Name of the baseline file at the root of what is checked.
pub const FILE_NAME: &str = "acquis-baseline.json";

const WRITE_ANEW: &str = "write it anew with `acquis baseline write`";

/// Findings that are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Version of this shape, now 1.
    pub version: u32,
    pub entries: Vec<Entry>,
}

/// Findings of one rule on equal words in equal passages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub rule: String,
    /// [`fingerprint::context`].
    pub fingerprint: String,
    /// A file in which it was found, for people only: text may move to another file.
    pub file: String,
    pub count: u32,
}

impl Baseline {
    /// The baseline in which all these findings are known.
    pub fn of(findings: &[Finding]) -> Baseline {
        let mut entries: BTreeMap<(String, String), Entry> = BTreeMap::new();
        for finding in findings {
            let key = (finding.rule.clone(), fingerprint::context(finding));
            entries
                .entry(key)
                .or_insert_with_key(|(rule, fingerprint)| Entry {
                    rule: rule.clone(),
                    fingerprint: fingerprint.clone(),
                    file: finding.location.uri.clone(),
                    count: 0,
                })
                .count += 1;
        }
        Baseline { version: VERSION, entries: entries.into_values().collect() }
    }

    /// Reads a baseline file.
    pub fn read(file: &Path) -> Result<Baseline, FileError> {
        let name = file.display().to_string();
        let text = read_bounded(file).map_err(|error| FileError::unreadable(file, &error))?;
        let baseline: Baseline = serde_json::from_str(&text).map_err(|error| {
            let line_start =
                text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
            let offset = line_start + error.column().saturating_sub(1);
            FileError::at(&name, &text, offset, format!("no baseline: {error}"), Some(WRITE_ANEW.to_owned()))
        })?;
        if baseline.version != VERSION {
            let message = format!("version {} of the baseline is not known", baseline.version);
            return Err(FileError::at_text(&name, &text, "\"version\"", message, Some(WRITE_ANEW.to_owned())));
        }
        Ok(baseline)
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        // Texts and numbers only, so this can't fail.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Parts the findings: those that are new, how many are known, and the entries (with what is left of their
    /// count) that meet nothing any more.
    pub fn part(&self, findings: Vec<Finding>) -> (Vec<Finding>, u32, Vec<Entry>) {
        // The fingerprint holds the rule already.
        let mut left: BTreeMap<&str, u32> = BTreeMap::new();
        for entry in &self.entries {
            *left.entry(&entry.fingerprint).or_default() += entry.count;
        }
        let mut known = 0;
        let mut new = Vec::new();
        for finding in findings {
            match left.get_mut(fingerprint::context(&finding).as_str()) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    known += 1;
                }
                _ => new.push(finding),
            }
        }
        let mut stale = Vec::new();
        for entry in &self.entries {
            let count = left.remove(entry.fingerprint.as_str()).unwrap_or_default();
            if count > 0 {
                stale.push(Entry { count, ..entry.clone() });
            }
        }
        (new, known, stale)
    }
}

fn read_bounded(file: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(file)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(std::io::Error::other(format!("it is larger than {LARGEST} bytes")));
    }
    Ok(text)
}

/// JSON Schema (2020-12) of the baseline file.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Baseline)
}
