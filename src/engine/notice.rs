//! Notice rules: places in the fields of a notice and in its texts, one finding a rule and notice.
//!
//! A notice says the same thing in many places and languages: the ground of a direct award for each lot, a text
//! in each language. The place that says it best is the finding's location; the others stand beside it.

use std::collections::BTreeMap;

use super::Engine;
use super::candidate::Candidate;
use super::compile::{Compiled, Path, Seed};
use super::document::places;
use super::found::place_only;
use super::locate::Locator;
use super::message::{self, Values};
use super::test::Test;
use crate::finding::{Finding, Level, Location, Related};
use crate::language::Reading;
use crate::notice::{Field, LEGAL_BASES, LegalBasis, Notice};
use crate::rule::{FieldTest, Limit, Localised, Subject};

/// Places shown beside the first; a framework of a hundred lots repeats itself.
const MOST_RELATED: usize = 24;

/// A place in a notice.
struct Place<'b> {
    notice: &'b Notice,
    /// The field; for a place in a text the one that holds it.
    field: Option<&'b Field>,
    /// For places in a text.
    text: Option<Candidate<'b>>,
}

/// A place that a rule found, with its level.
struct Hit<'b, 'r> {
    place: Place<'b>,
    level: Level,
    message: &'r Localised,
    /// Places of the path, field or value that the rule names first come first.
    rank: (usize, usize),
}

/// Runs the notice rules over one notice. `reading` is that of its texts.
pub fn check(engine: &Engine, notice: &Notice, reading: &Reading<'_>) -> Vec<Finding> {
    let readings = std::slice::from_ref(reading);
    let locator = Locator::new(&notice.document, engine.options.lang);
    let rules = engine.rules(Subject::Notice);
    rules.filter_map(|rule| finding(engine, rule, hits(rule, notice, readings), &locator)).collect()
}

fn hits<'b, 'r>(rule: &'r Compiled, notice: &'b Notice, readings: &'b [Reading<'b>]) -> Vec<Hit<'b, 'r>> {
    let mut hits = Vec::new();
    for (number, path) in rule.paths.iter().enumerate() {
        let mut found = |place: Place<'b>, rank: usize| {
            if let Some((level, message)) = grade(rule, path, &place) {
                hits.push(Hit { place, level, message, rank: (number, rank) });
            }
        };
        match &path.seed {
            Seed::Field(test) => {
                for field in notice.fields.iter().filter(|field| meets(test, notice, field)) {
                    let rank = test.value.iter().position(|value| *value == field.value).unwrap_or(0);
                    found(Place { notice, field: Some(field), text: None }, rank);
                }
            }
            _ => places(path, readings, 0, &mut |candidate| {
                let field = field_of(notice, candidate.block);
                let rank = field.map_or(0, |field| rank_of(path, field.term));
                found(Place { notice, field, text: Some(candidate) }, rank);
            }),
        }
    }
    hits
}

/// The field whose text a block is part of.
fn field_of(notice: &Notice, block: usize) -> Option<&Field> {
    let path = notice.document.blocks[block].anchor.path.as_deref()?;
    notice.fields.iter().find(|field| field.path == path && field.block.is_some())
}

/// The place of a term among the fields that the path names.
fn rank_of(path: &Path, term: &str) -> usize {
    let named = path.tests.iter().find_map(|test| match test {
        Test::In(terms) => terms.iter().position(|known| known == term),
        _ => None,
    });
    named.unwrap_or(0)
}

/// The level and message of a place; `None` where the rule does not hold.
fn grade<'r>(rule: &'r Compiled, path: &Path, place: &Place<'_>) -> Option<(Level, &'r Localised)> {
    if !path.tests.iter().all(|test| holds(test, place)) || rule.unless.iter().any(|test| holds(test, place)) {
        return None;
    }
    let mut level = rule.rule.file.level;
    let mut message = &rule.rule.file.message;
    for case in rule.cases.iter().filter(|case| holds(&case.when, place)) {
        level = case.level.unwrap_or(level).lowered(case.lower);
        message = case.message.as_ref().unwrap_or(message);
    }
    (level > Level::Off).then_some((level, message))
}

/// Whether a test holds at a place. A test on words never holds for a coded field.
fn holds(test: &Test, place: &Place<'_>) -> bool {
    match test {
        Test::Field(test) => {
            let lot = place.field.and_then(|field| field.lot.as_deref());
            let terms = test.term.iter().flat_map(|term| place.notice.terms_of(term, lot));
            let fields: Vec<&Field> = terms.collect();
            fields.iter().any(|field| meets(test, place.notice, field))
        }
        Test::In(terms) => place.field.is_some_and(|field| terms.iter().any(|term| term == field.term)),
        Test::Notice(kinds) => kinds.contains(&place.notice.kind),
        Test::All(tests) => tests.iter().all(|test| holds(test, place)),
        Test::Any(tests) => tests.iter().any(|test| holds(test, place)),
        Test::Not(test) => !holds(test, place),
        _ => place.text.as_ref().is_some_and(|candidate| test.holds(candidate)),
    }
}

/// Whether a field is meant.
fn meets(test: &FieldTest, notice: &Notice, field: &Field) -> bool {
    let is_value = |field: &Field| test.value.is_empty() || test.value.contains(&field.value);
    test.term.iter().any(|term| term == field.term)
        && is_value(field)
        && (!test.only || notice.terms_of(field.term, field.lot.as_deref()).into_iter().all(is_value))
        && test.above.is_none_or(|least| field.value.parse::<f64>().is_ok_and(|number| number > least))
        && test.longer_than.is_none_or(|limit| match limit {
            Limit::Months(months) => notice.lasts_longer(field, months),
            Limit::Framework => framework_term(notice).is_some_and(|(months, _)| notice.lasts_longer(field, months)),
        })
}

/// The longest term of a framework agreement under the act of the notice, with the act.
fn framework_term(notice: &Notice) -> Option<(u32, &'static LegalBasis)> {
    let basis = notice.legal_basis.as_deref()?;
    let act = LEGAL_BASES.iter().find(|act| act.celex == basis)?;
    Some((act.framework_months?, act))
}

/// The finding of a rule: the place of the highest level that the rule names first, other fields beside it.
fn finding(engine: &Engine, rule: &Compiled, mut hits: Vec<Hit<'_, '_>>, locator: &Locator<'_>) -> Option<Finding> {
    hits.sort_by_key(|hit| (std::cmp::Reverse(hit.level), hit.rank));
    let file = &rule.rule.file;
    let (first, others) = hits.split_first()?;
    let location = location(&first.place, locator);
    let mut related: Vec<Related> = Vec::new();
    for hit in others {
        let other = self::location(&hit.place, locator);
        let is_new = |known: &Location| known.anchor.path != other.anchor.path;
        let is_new = is_new(&location) && related.iter().all(|related| is_new(&related.location));
        if is_new && related.len() < MOST_RELATED {
            related.push(Related { message: other.snippet.clone(), location: other });
        }
    }
    let lang = engine.options.lang;
    let values = values(&first.place, &location);
    let spoken = first.place.notice.languages.first().copied().unwrap_or(lang);
    let mut properties = BTreeMap::new();
    if let Some(lot) = first.place.field.and_then(|field| field.lot.clone()) {
        properties.insert("lot".to_owned(), lot.into());
    }
    Some(Finding {
        message: message::fill(first.message.get(lang), &values, lang),
        related,
        suggestion: file.suggest.as_ref().map(|texts| message::fill(texts.get(spoken), &values, spoken)),
        properties,
        ..place_only(file, first.level, lang, location)
    })
}

/// Adds to a finding what data teams count by: the kind of the notice, the buyer's country and the main CPV code.
/// Findings elsewhere stay as they are.
pub fn describe(finding: &mut Finding, notice: &Notice) {
    if !notice.is_of(&finding.location) {
        return;
    }
    let cpv = notice.cpv.iter().find(|cpv| cpv.main).map(|cpv| cpv.code.clone());
    let of_notice = [
        ("notice", Some(notice.kind.to_string())),
        ("notice-id", notice.id.clone()),
        ("country", notice.country.clone()),
        ("cpv", cpv),
    ];
    let known = of_notice.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into())));
    finding.properties.extend(known);
}

fn location(place: &Place<'_>, locator: &Locator<'_>) -> Location {
    match (&place.text, place.field) {
        (Some(candidate), field) => {
            let mut location = locator.location(candidate.block, candidate.range.clone());
            if let Some(field) = field {
                location.context.clone_from(&field.value);
            }
            location
        }
        (None, Some(field)) => locator.field(field),
        (None, None) => locator.location(0, 0..0),
    }
}

/// What the placeholders of a notice rule stand for.
fn values(place: &Place<'_>, location: &Location) -> Values {
    let mut values = Values::from([("quote", location.snippet.clone())]);
    if let Some(field) = place.field {
        values.insert("value", field.code.clone().unwrap_or_else(|| field.value.clone()));
        values.insert("unit", field.unit.clone().unwrap_or_default());
        values.insert("term", field.term.to_owned());
    }
    if let Some((months, act)) = framework_term(place.notice) {
        values.insert("limit", months.to_string());
        values.insert("act", act.reference.to_owned());
    }
    values
}
