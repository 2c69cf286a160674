//! Documents that are no procurement's, or speak of one in passing: what would be a warning is a note.

use super::locate::Locator;
use super::message::{self, Values};
use super::{Engine, bundle};
use crate::engine::found::Found;
use crate::finding::{Finding, Level};
use crate::lang::Lang;
use crate::language::{Evidence, Reading};
use crate::rule::Subject;

/// Name by which a rule file asks to be told where documents don't read like those of a procurement.
pub const CHECK: &str = "no-procurement";

/// Lowers findings to notes, with the reason: a kind of evidence.
pub fn lower(findings: &mut [Finding], reason: &'static str, lang: Lang) {
    for finding in findings.iter_mut().filter(|finding| finding.level > Level::Note) {
        finding.level = Level::Note;
        finding.evidence.push(message::evidence(&Evidence { kind: reason, words: String::new() }, lang));
    }
}

/// What the rules that ask for it say of such documents, at the first heading of the longest.
pub fn told(engine: &Engine, readings: &[Reading<'_>], locators: &[Locator<'_>]) -> Vec<Finding> {
    let rules = engine.rules(Subject::Bundle).map(|rule| &rule.rule.file);
    rules
        .filter(|rule| rule.check.as_deref() == Some(CHECK))
        .filter_map(|rule| {
            Found::at(bundle::main_heading(readings, locators)?, Values::new()).finding(rule, &engine.options)
        })
        .collect()
}
