//! The baseline: what was there already when the check was introduced.
//!
//! An entry has a rule, the fingerprint of the words and their passage, and how often they occur; no line, so
//! that text that moves stays known, and no text, so that the file can be shared where the tender can't.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Finding, HeldBack};
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
}

/// A baseline at work on one run, whose findings come in parts.
pub struct Known<'b> {
    baseline: &'b Baseline,
    /// What is left of the count of each fingerprint, which holds the rule already.
    left: BTreeMap<&'b str, u32>,
    known: u32,
}

impl<'b> Known<'b> {
    /// Knows what the baseline holds.
    pub fn new(baseline: &'b Baseline) -> Known<'b> {
        let mut left: BTreeMap<&str, u32> = BTreeMap::new();
        for entry in &baseline.entries {
            *left.entry(&entry.fingerprint).or_default() += entry.count;
        }
        Known { baseline, left, known: 0 }
    }

    /// Those of the findings that are new, in their order.
    pub fn new_of(&mut self, mut findings: Vec<Finding>) -> Vec<Finding> {
        findings.retain(|finding| match self.left.get_mut(fingerprint::context(finding).as_str()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                self.known += 1;
                false
            }
            _ => true,
        });
        findings
    }

    /// Tells how many were known, and remarks on the entries (with what is left of their count) that met nothing in
    /// the whole run. `file` names the baseline in remarks; without a name there are none.
    pub fn tell(mut self, file: Option<&str>, held_back: &mut HeldBack) {
        held_back.in_baseline += self.known;
        let Some(file) = file else { return };
        for Entry { rule, fingerprint, file: found_in, .. } in &self.baseline.entries {
            let count = self.left.remove(fingerprint.as_str()).unwrap_or_default();
            if count > 0 {
                held_back.remarks.push(format!(
                    "{file}: {count} of {rule} in {found_in} is not found any more: write the baseline anew"
                ));
            }
        }
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
