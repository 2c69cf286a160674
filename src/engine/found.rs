//! What a check written in Rust finds, and how its rule file makes a finding of it.

use std::collections::BTreeMap;

use super::Options;
use super::message::{self, Values};
use crate::document::Anchor;
use crate::finding::{Edit, FileChange, Finding, Level, Location, Region, Related};
use crate::fingerprint::{self, LineHash};
use crate::lang::Lang;
use crate::rule::RuleFile;

/// A place that a check found. Level, message, law and suggestion come from the rule's file.
pub struct Found {
    pub location: Location,
    /// What the placeholders of the message stand for.
    pub values: Values,
    /// Which of the rule's `variants` is said; its `message` if none.
    pub variant: Option<&'static str>,
    /// The level instead of the rule's own.
    pub level: Option<Level>,
    pub related: Vec<Related>,
    pub absence: bool,
    pub properties: BTreeMap<String, serde_json::Value>,
    pub fix: Vec<Edit>,
    pub files: Vec<FileChange>,
    /// Language of the suggestion, where it is not that of the message: wording for a document is in the
    /// document's language.
    pub suggestion_lang: Option<Lang>,
}

impl Found {
    /// A place with nothing more to say than its values.
    pub fn at(location: Location, values: Values) -> Found {
        Found {
            location,
            values,
            variant: None,
            level: None,
            related: Vec::new(),
            absence: false,
            properties: BTreeMap::new(),
            fix: Vec::new(),
            files: Vec::new(),
            suggestion_lang: None,
        }
    }

    /// The finding that a rule makes of this place; `None` where its level is off.
    pub fn finding(self, rule: &RuleFile, options: &Options) -> Option<Finding> {
        let level = self.level.unwrap_or(rule.level);
        let suggestion_lang = self.suggestion_lang.unwrap_or(options.lang);
        let text = self.variant.and_then(|name| rule.variants.get(name)).unwrap_or(&rule.message);
        (level > Level::Off).then(|| Finding {
            message: message::fill(text.get(options.lang), &self.values, options.lang),
            related: self.related,
            absence: self.absence,
            jurisdictions: options.jurisdictions.clone(),
            suggestion: rule
                .suggest
                .as_ref()
                .map(|texts| message::fill(texts.get(suggestion_lang), &self.values, suggestion_lang)),
            properties: self.properties,
            fix: self.fix,
            files: self.files,
            ..place_only(rule, level, options.lang, self.location)
        })
    }
}

/// A finding of a rule that has its place, and nothing to say yet.
pub fn place_only(rule: &RuleFile, level: Level, lang: Lang, location: Location) -> Finding {
    Finding {
        rule: rule.id.clone(),
        level,
        confidence: rule.confidence,
        message: String::new(),
        language: lang,
        location,
        related: Vec::new(),
        absence: false,
        jurisdictions: Vec::new(),
        evidence: Vec::new(),
        suggestion: None,
        properties: BTreeMap::new(),
        fix: Vec::new(),
        files: Vec::new(),
    }
}

/// A text file in which several places are found.
pub struct Lines<'t> {
    uri: &'t str,
    lines: Vec<&'t str>,
    hashes: Vec<LineHash>,
}

impl<'t> Lines<'t> {
    pub fn new(uri: &'t str, text: &'t str) -> Lines<'t> {
        Lines { uri, lines: text.lines().collect(), hashes: fingerprint::line_hashes(text) }
    }

    /// A place: the line (1-based) and the columns (1-based, in characters, half-open) of the flagged words. A
    /// line that the text does not have gives an empty context.
    pub fn place(&self, line: u32, column: u32, end_column: u32) -> Location {
        let index = line.saturating_sub(1) as usize;
        let context = self.lines.get(index).map_or("", |line| line.trim_end_matches('\r'));
        let flagged = context.chars().skip(column.saturating_sub(1) as usize);
        Location {
            uri: self.uri.to_owned(),
            member: None,
            region: Region {
                start_line: line,
                start_column: column,
                end_line: line,
                end_column: end_column.max(column),
            },
            snippet: flagged.take(end_column.saturating_sub(column) as usize).collect(),
            context: context.to_owned(),
            place: String::new(),
            anchor: Anchor::default(),
            line_hash: self.hashes.get(index).map(LineHash::to_string).unwrap_or_default(),
        }
    }
}

/// One place in a text file, see [`Lines::place`].
pub fn in_text(uri: &str, text: &str, line: u32, column: u32, end_column: u32) -> Location {
    Lines::new(uri, text).place(line, column, end_column)
}

/// A file as a whole: its first line.
pub fn whole_file(uri: &str, text: &str) -> Location {
    in_text(uri, text, 1, 1, 1)
}
