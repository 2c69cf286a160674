//! Standards: from the subject of a purchase to what the lists expect, and whether the documents ask for it.

mod demand;
mod subject;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use crate::document::Document;
use crate::knowledge::{Expected, Verified, expected_standards, law, standard_list};
use crate::lang::Lang;
use crate::language::{self, Reading, Role, RoleReading, Topic, cell};
use crate::notice::Notice;
use crate::standards::{Answer, ListCard, OtherList, Row, Standards};

use super::jurisdiction;
use super::locate::{self, Locator};
use super::{Engine, Options};

use demand::Demands;
use subject::Call;

/// All documents and notices of one procurement, read.
pub struct Purchase<'b> {
    /// Those of the documents, then those of the notices' texts.
    pub readings: &'b [Reading<'b>],
    pub notices: &'b [&'b Notice],
    /// By reading.
    pub locators: &'b [Locator<'b>],
    pub options: &'b Options,
}

impl Purchase<'_> {
    /// Whether documents that are no notice and do not only tell how the procedure is run hold so many words.
    pub fn says_enough(&self, words: usize) -> bool {
        let documents = &self.readings[..self.readings.len() - self.notices.len()];
        let blocks = documents.iter().filter(|reading| !reading.is_procedure()).flat_map(|r| &r.document.blocks);
        blocks.flat_map(|block| block.text.split(' ')).take(words).count() == words
    }

    /// The language of the document with the most text.
    pub fn lang(&self) -> Option<Lang> {
        self.readings.iter().max_by_key(|reading| reading.document.text_len()).map(|reading| reading.lang)
    }
}

/// An expected standard, what called for it and how it is asked for.
struct Judged<'b> {
    expected: &'static Expected,
    call: &'b Call,
    demand: demand::Demand,
}

impl Engine {
    /// Which standards a purchase calls for by the lists of the jurisdictions in force, and how its documents
    /// ask for them. Where nobody named a jurisdiction, the one that the documents tell is in force as well.
    pub fn standards(&self, documents: &[Document], notices: &[Notice]) -> Standards {
        let notices: Vec<&Notice> = notices.iter().collect();
        let readings = Engine::read(documents, &notices);
        let locators = locate::all(&readings, self.options.lang);
        let mut options = self.options.clone();
        let told = options.infer_jurisdiction.then(|| jurisdiction::told(&readings, &notices));
        if let Some(told) = &told {
            options.jurisdictions = told.in_force();
        }
        let purchase = Purchase { readings: &readings, notices: &notices, locators: &locators, options: &options };
        Standards { told: told.map(|told| told.card(&locators)), ..of_purchase(&purchase) }
    }
}

/// The standards of a purchase.
pub fn of_purchase(purchase: &Purchase<'_>) -> Standards {
    let calls = subject::calls(purchase);
    let demands = Demands::of(purchase);
    let locators = purchase.locators;
    let mut rows = Vec::new();
    let mut from_memory = 0;
    for expected in in_force(purchase.options) {
        let Some(call) = call_for(expected, &calls) else { continue };
        if expected.verified == Verified::Memory {
            from_memory += 1;
            continue;
        }
        let judged = Judged { expected, call, demand: demands.for_standard(expected) };
        rows.push(row(&judged, purchase, locators));
    }
    let mut rows = one_row_a_standard(rows);
    let place = |jurisdiction: &str| purchase.options.jurisdictions.iter().position(|code| code == jurisdiction);
    let topic = |row: &Row| calls.iter().position(|call| call.topic.name() == row.topic);
    let order = |row: &Row| {
        expected_standards().iter().position(|e| e.jurisdiction == row.jurisdiction && e.standard == row.standard)
    };
    rows.sort_by_key(|row| (place(&row.jurisdiction), topic(row), row.status, order(row)));
    Standards {
        lists: purchase
            .options
            .jurisdictions
            .iter()
            .filter_map(|code| list_card(code, purchase.options.lang))
            .collect(),
        rows,
        open_standards: demands
            .in_general
            .as_ref()
            .map(|at| locators[at.document].location(at.block, at.range.clone())),
        from_memory,
        told: None,
    }
}

/// One row a standard and answer: that of the list that asks most, with the other lists beside it.
///
/// Two lists that name the same standard can be answered differently, where one takes other standards in its place.
fn one_row_a_standard(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| (!row.certain, row.status, row.force, row.verified != Verified::Yes.as_str()));
    let mut folded: BTreeMap<(String, Answer), Row> = BTreeMap::new();
    for row in rows {
        match folded.entry((row.standard.clone(), row.answer)) {
            Entry::Vacant(free) => drop(free.insert(row)),
            Entry::Occupied(mut taken) => taken.get_mut().also_on.push(OtherList {
                jurisdiction: row.jurisdiction,
                status: row.status,
                force: row.force,
                verified: row.verified,
                law: row.law,
                source: row.source,
            }),
        }
    }
    folded.into_values().collect()
}

/// The role of the words at a range. What a section of requirements says is required here even without a verb
/// of duty: "Interfaces are described with OpenAPI."
fn role_of(reading: &Reading<'_>, block: usize, range: &Range<usize>) -> RoleReading {
    let mut role = language::role_of(reading, block, range);
    let describes = match role.role {
        Role::Interface => true,
        Role::Background => role.evidence.iter().all(|evidence| evidence.kind == "no-duty"),
        _ => false,
    };
    let demands = cell!("heading-requirements");
    let mut headings = reading.document.headings(block);
    if describes && headings.any(|at| demands.is_some_and(|cell| reading.has(at, cell))) {
        role.role = Role::Requirement;
    }
    role
}

/// The entries of the lists that apply to the buyer on the day.
fn in_force(options: &Options) -> impl Iterator<Item = &'static Expected> + '_ {
    expected_standards().iter().filter(|expected| {
        options.jurisdictions.iter().any(|code| code == expected.jurisdiction)
            && expected.stands(options.as_of)
            && expected.binds(options.buyer.as_deref())
    })
}

/// The surest of the calls for a standard, of equals the first on the list.
fn call_for<'c>(expected: &Expected, calls: &'c [Call]) -> Option<&'c Call> {
    let topics = expected.topics.iter().filter_map(|name| Topic::named(name));
    let called = topics.filter_map(|topic| calls.iter().find(|call| call.topic == topic));
    called.min_by_key(|call| !call.certain)
}

fn row(judged: &Judged<'_>, purchase: &Purchase<'_>, locators: &[Locator<'_>]) -> Row {
    let Judged { expected, call, demand } = judged;
    Row {
        jurisdiction: expected.jurisdiction.to_owned(),
        standard: expected.standard.to_owned(),
        name: expected.name.to_owned(),
        version: expected.version.to_owned(),
        domain: expected.domain.to_owned(),
        status: expected.status,
        force: expected.force,
        verified: expected.verified.as_str().to_owned(),
        buyer: expected.buyer.to_owned(),
        scope: expected.scope.to_owned(),
        law: law(expected.law).map_or("", |law| law.reference).to_owned(),
        source: expected.source.to_owned(),
        topic: call.topic.name().to_owned(),
        certain: call.certain,
        trigger: call.location(purchase, locators),
        answer: demand.answer,
        weakness: demand.weakness,
        demand: demand.at.as_ref().map(|at| locators[at.document].location(at.block, at.range.clone())),
        also_on: Vec::new(),
    }
}

fn list_card(jurisdiction: &str, lang: Lang) -> Option<ListCard> {
    let list = standard_list(jurisdiction, lang)?;
    Some(ListCard {
        jurisdiction: list.jurisdiction.to_owned(),
        name: list.name.to_owned(),
        known: list.state.to_owned(),
        as_of: list.as_of.to_owned(),
        law: law(list.law).map_or("", |law| law.reference).to_owned(),
        threshold: list.threshold,
        note: list.note.to_owned(),
    })
}
