//! Document rules: each place that a rule finds in a document, graded, and repeats folded into one finding.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::Engine;
use super::candidate::Candidate;
use super::compile::{Compiled, Path, Seed};
use super::found::place_only;
use super::locate::Locator;
use super::message::{self, Values};
use super::test::{Test, ask_for_role, told_by};
use crate::finding::{Finding, Level, Related};
use crate::language::{Reading, fold_words};
use crate::rule::{Localised, RuleFile, Subject};

/// A place that a rule found, with its level.
struct Hit<'b, 'r> {
    candidate: Candidate<'b>,
    /// The sentence in which it stands.
    clause: Range<usize>,
    level: Level,
    message: &'r Localised,
    /// The role of the place was asked for, so that its evidence tells why.
    by_role: bool,
}

/// Runs the document rules over the documents of a bundle.
pub fn check(engine: &Engine, readings: &[Reading<'_>], locators: &[Locator<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in engine.rules(Subject::Document) {
        let mut hits = Vec::new();
        for document in 0..readings.len() {
            for path in rule.paths_for(&readings[document]) {
                places(path, readings, document, &mut |candidate| {
                    if let Some(hit) = grade(rule, path, candidate) {
                        hits.push(hit);
                    }
                });
            }
        }
        findings.extend(capped(fold(engine, rule, hits, locators), &rule.rule.file));
    }
    findings
}

/// Gives every place of a path's seed in a document.
pub fn places<'b>(path: &Path, readings: &'b [Reading<'b>], document: usize, found: &mut dyn FnMut(Candidate<'b>)) {
    let reading = &readings[document];
    let all = 0..reading.blocks.len();
    match &path.seed {
        Seed::Mention(filter) => {
            for &block in reading.holding.mentions(&all) {
                let mentions = reading.blocks[block].mentions.iter().enumerate();
                for (at, _) in mentions.filter(|(_, mention)| filter.meant(mention).is_some()) {
                    found(Candidate::of_mention(readings, document, block, at));
                }
            }
        }
        Seed::Phrase(cells) => {
            for &block in reading.holding.phrases_of_any(cells, &all).iter() {
                for cell in cells {
                    for hit in reading.hits(block, Some(*cell)) {
                        found(Candidate::words(readings, document, block, hit));
                    }
                }
            }
        }
        // Fields are no text: see [`super::notice`].
        Seed::Field(_) => {}
        Seed::Text(regex) => {
            for block in all {
                for hit in regex.find_iter(reading.text(block)) {
                    found(Candidate::words(readings, document, block, hit.range()));
                }
            }
        }
    }
}

/// Whether the path's tests hold for a place and no `unless` does.
pub fn meets(rule: &Compiled, path: &Path, candidate: &Candidate<'_>) -> bool {
    path.tests.iter().all(|test| test.holds(candidate)) && !rule.unless.iter().any(|test: &Test| test.holds(candidate))
}

/// The level and message of a place; `None` where the rule does not hold.
fn grade<'b, 'r>(rule: &'r Compiled, path: &Path, mut candidate: Candidate<'b>) -> Option<Hit<'b, 'r>> {
    if !meets(rule, path, &candidate) {
        return None;
    }
    let mut level = rule.rule.file.level;
    let mut message = &rule.rule.file.message;
    for case in rule.cases.iter().filter(|case| case.when.holds(&candidate)) {
        level = case.level.unwrap_or(level).lowered(case.lower);
        message = case.message.as_ref().unwrap_or(message);
    }
    let by_role = candidate.mention().is_some() || ask_for_role(&path.tests);
    if candidate.mention().is_none() {
        // The role is that of the place, not of all the words that are shown.
        candidate.role();
        candidate.range = told_by(&path.tests, &candidate);
    }
    let clause = candidate.clause();
    (level > Level::Off).then_some(Hit { candidate, clause, level, message, by_role })
}

/// Where a message tells how long the contract runs.
const TERM: &str = "{term}";

/// A clause of not more bytes than this is a name or a cell.
const SHORT: usize = 30;

/// One finding a clause; the same clause elsewhere becomes a related location.
fn fold(engine: &Engine, rule: &Compiled, mut hits: Vec<Hit<'_, '_>>, locators: &[Locator<'_>]) -> Vec<Finding> {
    let place = |hit: &Hit<'_, '_>| (hit.candidate.document, hit.candidate.block, hit.clause.start);
    // Those of one path are in order, and most rules have one.
    hits.sort_by_key(place);
    let mut by_text: FxHashMap<String, usize> = FxHashMap::default();
    let mut cells: FxHashMap<(usize, String), usize> = FxHashMap::default();
    let mut findings: Vec<Finding> = Vec::new();
    let mut notes: FxHashMap<usize, u32> = FxHashMap::default();
    for hits in hits.chunk_by_mut(|a, b| place(a) == place(b)) {
        hits.sort_by_key(|hit| (std::cmp::Reverse(hit.level), hit.candidate.range.start));
        let Some(first) = hits.first() else { continue };
        let candidate = &first.candidate;
        let mut clause = fold_words(&candidate.text()[first.clause.clone()]);
        clause.truncate(clause.trim_end().len());
        clause.drain(..clause.len() - clause.trim_start().len());
        if clause.len() <= SHORT {
            // Short cells ("Windows") repeat by nature; each stands for itself, but in a copy of the document.
            clause = format!("{clause}\n{}", surroundings(candidate));
            let seen = cells.entry((candidate.document, clause.clone())).or_default();
            *seen += 1;
            clause = format!("{clause}\n{seen}");
        }
        let location = locators[candidate.document].location(candidate.block, candidate.range.clone());
        match by_text.get(&clause) {
            Some(at) => {
                let message = first.candidate.text()[first.candidate.range.clone()].to_owned();
                findings[*at].related.push(Related { location, message });
            }
            None => {
                by_text.insert(clause, findings.len());
                let is_kept = first.level > Level::Note || {
                    let notes = notes.entry(candidate.document).or_default();
                    *notes += 1;
                    rule.rule.file.most_notes.is_none_or(|most| *notes <= most)
                };
                findings.push(match is_kept {
                    true => finding(engine, rule, hits, location),
                    // [`capped`] folds it into another, which keeps only its place.
                    false => place_only(&rule.rule.file, Level::Note, engine.options.lang, location),
                });
            }
        }
    }
    findings
}

/// What a short clause stands under and beside, by which its copy in another document is known.
fn surroundings(candidate: &Candidate<'_>) -> String {
    let document = candidate.reading().document;
    let block = &document.blocks[candidate.block];
    let text = |index: Option<usize>| index.map_or("", |index| document.blocks[index].text.as_str());
    format!("{}\n{}\n{}", text(block.parent), text(block.row_head), text(block.column_head))
}

/// Folds the notes of a document beyond the rule's most into the last one that is kept.
fn capped(findings: Vec<Finding>, file: &RuleFile) -> Vec<Finding> {
    let Some(most) = file.most_notes else { return findings };
    let mut kept: Vec<Finding> = Vec::new();
    let mut notes: BTreeMap<(String, Option<String>), Notes> = BTreeMap::new();
    for finding in findings {
        if finding.level != Level::Note {
            kept.push(finding);
            continue;
        }
        let document = (finding.location.uri.clone(), finding.location.member.clone());
        let notes = notes.entry(document).or_default();
        if notes.shown < most {
            notes.shown += 1;
            notes.last = Some(kept.len());
            kept.push(finding);
        } else {
            notes.more.push(finding);
        }
    }
    for Notes { last, more, .. } in notes.into_values().filter(|notes| !notes.more.is_empty()) {
        if let Some(last) = last.and_then(|at| kept.get_mut(at)) {
            last.message += &message::and_more(more.len(), last.language);
            last.related.extend(more.into_iter().flat_map(|finding| {
                let message = finding.location.snippet.clone();
                std::iter::once(Related { location: finding.location, message }).chain(finding.related)
            }));
        }
    }
    kept
}

/// The notes of a document.
#[derive(Default)]
struct Notes {
    shown: u32,
    /// Place of the last that is shown among the findings.
    last: Option<usize>,
    more: Vec<Finding>,
}

fn finding(engine: &Engine, rule: &Compiled, hits: &[Hit<'_, '_>], location: crate::finding::Location) -> Finding {
    let file = &rule.rule.file;
    let first = &hits[0];
    let lang = engine.options.lang;
    let mut values = values(hits);
    if first.message.get(lang).contains(TERM) {
        let term = crate::language::term_of(first.candidate.readings);
        values.insert("term", term.map(|term| term.words).unwrap_or_default());
    }
    let mut properties = BTreeMap::new();
    properties.insert("role".to_owned(), first.candidate.role().role.as_str().into());
    if let Some(product) = values.get("product") {
        properties.insert("product".to_owned(), product.clone().into());
    }
    let told = first.by_role.then(|| &first.candidate.role().evidence).into_iter().flatten();
    let evidence = told.map(|evidence| message::evidence(evidence, lang)).collect();
    let document_lang = first.candidate.reading().lang(first.candidate.block);
    Finding {
        message: message::fill(first.message.get(lang), &values, lang),
        evidence,
        suggestion: file.suggest.as_ref().map(|texts| message::fill(texts.get(document_lang), &values, document_lang)),
        properties,
        ..place_only(file, first.level, lang, location)
    }
}

/// What the placeholders stand for: names from all hits of the clause, in order.
fn values(hits: &[Hit<'_, '_>]) -> Values {
    let mut values = Values::new();
    let mut in_order: Vec<_> = hits.iter().map(|hit| &hit.candidate).collect();
    in_order.sort_by_key(|candidate| (candidate.range.start, std::cmp::Reverse(candidate.range.end)));
    let mut quotes: Vec<&str> = Vec::new();
    let mut told = 0;
    for candidate in &in_order {
        let quote = &candidate.text()[candidate.range.clone()];
        if candidate.range.start >= told && !quotes.contains(&quote) {
            quotes.push(quote);
        }
        told = told.max(candidate.range.end);
    }
    values.insert("quote", quotes.join(", "));
    let things: Vec<_> = in_order.iter().filter_map(|candidate| candidate.mention()?.things().next()).collect();
    if let Some(thing) = things.first() {
        values.insert("product", quotes.join(", "));
        values.insert("standard", thing.name.to_owned());
        values.insert("format", thing.name.to_owned());
        values.insert("vendor", thing.vendor.to_owned());
        let mut ask = hits.iter().filter_map(|hit| hit.candidate.mention()).flat_map(|m| m.things()).map(|t| t.ask);
        values.insert("ask", ask.find(|ask| !ask.is_empty()).unwrap_or_default().replace("; ", ", "));
        values.insert("alternatives", thing.alternatives.to_owned());
    }
    values
}
