//! The counts that every report gives.

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::{Level, Outcome};

use super::Report;

/// How much was read and what came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    /// Files, and members of archives, that were read.
    pub files_read: usize,
    /// Blocks (documents) and files (repositories) that were read.
    pub parts_read: u64,
    /// Files and parts of files that were not read.
    pub not_read: usize,
    /// Findings that a waiver holds back.
    pub waived: u32,
    /// Findings that the baseline holds back.
    pub in_baseline: u32,
}

impl Summary {
    /// Counts the findings and files of an outcome.
    pub fn of(outcome: &Outcome) -> Summary {
        let mut summary = Summary::default();
        outcome.findings.iter().for_each(|finding| summary.add(finding.level));
        summary.with(outcome)
    }

    /// Counts a finding.
    pub fn add(&mut self, level: Level) {
        match level {
            Level::Error => self.errors += 1,
            Level::Warning => self.warnings += 1,
            Level::Note => self.notes += 1,
            Level::Off => {}
        }
    }

    /// The findings of all levels.
    pub fn findings(&self) -> usize {
        self.errors + self.warnings + self.notes
    }

    /// The same findings with all else that an outcome tells.
    pub fn with(self, outcome: &Outcome) -> Summary {
        Summary {
            files_read: outcome.coverage.read.len(),
            parts_read: outcome.coverage.read.iter().map(|file| u64::from(file.parts)).sum(),
            not_read: outcome.coverage.not_read.len(),
            waived: outcome.held_back.waived,
            in_baseline: outcome.held_back.in_baseline,
            ..self
        }
    }
}

impl Report<'_> {
    /// The counts as sentences: what was found, what was read, and how many notices were not judged.
    pub(super) fn summary_lines(&self) -> Vec<String> {
        let Summary { errors, warnings, notes, files_read, parts_read, not_read, waived, in_baseline } = self.summary;
        let label = |key| self.label(key);
        let mut found =
            format!("{} {errors} · {} {warnings} · {} {notes}", label("errors"), label("warnings"), label("notes"));
        for (key, count) in [("waived", waived), ("in-baseline", in_baseline)] {
            if count > 0 {
                found.push_str(&format!(" · {} {count}", label(key)));
            }
        }
        let mut read = format!(
            "{} {files_read} ({} {parts_read}) · {} {not_read}",
            label("files-read"),
            label("parts"),
            label("not-read")
        );
        if let Some(origin) = &self.outcome.origin {
            read.push_str(&format!(" · {} @ {}", origin.url, origin.revision));
        }
        let groups = self.outcome.coverage.notices.groups();
        let outside: u32 = groups.iter().map(|group| group.read - group.judged).sum();
        let outside = (outside > 0).then(|| format!("{} {outside}", label("notices-not-judged")));
        [found, read].into_iter().chain(outside).collect()
    }
}
