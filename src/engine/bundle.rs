//! Absence: what the subject of a contract calls for and no document of the bundle says.

use super::Engine;
use super::candidate::Candidate;
use super::document::{meets, places};
use super::found::place_only;
use super::locate::Locator;
use super::message::{self, Values};
use crate::document::BlockKind;
use crate::finding::{Finding, Level, Location, Related};
use crate::language::Reading;
use crate::rule::Subject;

/// Runs the bundle rules.
pub fn check(engine: &Engine, readings: &[Reading<'_>], locators: &[Locator<'_>]) -> Vec<Finding> {
    let Some(main) = main_document(readings) else { return Vec::new() };
    let mut findings = Vec::new();
    for rule in engine.rules(Subject::Bundle) {
        let Some(absent) = &rule.absent else { continue };
        let mut trigger: Option<Candidate<'_>> = None;
        // What a procedure is about is said in the other documents, and so is what the contract holds.
        for document in (0..readings.len()).filter(|document| !readings[*document].is_procedure()) {
            for path in &rule.paths {
                places(path, readings, document, &mut |candidate| {
                    if trigger.is_none() && meets(rule, path, &candidate) {
                        trigger = Some(candidate);
                    }
                });
            }
        }
        let Some(trigger) = trigger else { continue };
        if absent.holds(&trigger) {
            continue;
        }
        let file = &rule.rule.file;
        let mut level = file.level;
        let mut text = &file.message;
        for case in rule.cases.iter().filter(|case| case.when.holds(&trigger)) {
            level = case.level.unwrap_or(level).lowered(case.lower);
            text = case.message.as_ref().unwrap_or(text);
        }
        if level == Level::Off {
            continue;
        }
        let lang = engine.options.lang;
        let quote = trigger.text()[trigger.range.clone()].to_owned();
        let values = Values::from([("quote", quote.clone())]);
        let place = &locators[trigger.document];
        findings.push(Finding {
            message: message::fill(text.get(lang), &values, lang),
            related: vec![Related { location: place.location(trigger.block, trigger.range.clone()), message: quote }],
            absence: true,
            suggestion: file
                .suggest
                .as_ref()
                .map(|texts| message::fill(texts.get(readings[main].lang), &values, readings[main].lang)),
            ..place_only(file, level, lang, heading_of(&readings[main], &locators[main]))
        });
    }
    findings
}

/// The first heading of the main document; `None` where there is no document with text.
pub fn main_heading(readings: &[Reading<'_>], locators: &[Locator<'_>]) -> Option<Location> {
    main_document(readings).map(|main| heading_of(&readings[main], &locators[main]))
}

/// The first heading of a document with text; its first block where it has none.
fn heading_of(reading: &Reading<'_>, locator: &Locator<'_>) -> Location {
    let head =
        reading.document.blocks.iter().position(|block| {
            matches!(block.kind, BlockKind::Title | BlockKind::Heading { .. }) && !block.text.is_empty()
        });
    let head = head.unwrap_or(0);
    locator.location(head, 0..reading.text(head).len())
}

/// The document with the most text: the specification, where there is one. Notices have no room for clauses
/// and count only as triggers.
fn main_document(readings: &[Reading<'_>]) -> Option<usize> {
    (0..readings.len())
        .filter(|at| !readings[*at].document.blocks.is_empty())
        .filter(|at| !readings[*at].document.format.is_notice())
        .max_by_key(|at| (readings[*at].document.text_len(), std::cmp::Reverse(*at)))
}
