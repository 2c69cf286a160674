//! What a purchase is about, as far as lists of standards ask: topics by CPV code, title and requirements.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Purchase, role_of};
use crate::document::BlockKind;
use crate::engine::locate::Locator;
use crate::finding::Location;
use crate::knowledge::topics_of_cpv;
use crate::language::{Cell, OPEN_STANDARDS, Reading, Role, Topic};
use crate::notice::Scope;

/// Requirements about topics of information technology from which on the purchase is one of it, where neither
/// a title nor a code says so.
const TECHNICAL_REQUIREMENTS: usize = 6;

/// Phrases of the subject from which on a purchase is about software, where no heading says so: as for the
/// rules on absent clauses.
const SUBJECT_PHRASES: usize = 6;

/// Business terms of the main and the additional CPV codes.
const MAIN_CPV: &str = "BT-262";
const ADDITIONAL_CPV: &str = "BT-263";

/// Cells that say that software is bought.
const SUBJECTS: [&str; 3] = ["subject-software", "subject-saas", "subject-website"];

/// A topic of the purchase.
pub struct Call {
    pub topic: Topic,
    /// The subject of the contract for sure, and not only something that it touches.
    pub certain: bool,
    place: Place,
}

/// What tells the topic.
enum Place {
    Text {
        document: usize,
        block: usize,
        range: Range<usize>,
    },
    /// A code of a notice, and the notice's place among the readings.
    Cpv {
        notice: usize,
        field: usize,
    },
}

impl Call {
    /// The passage or code that tells the topic.
    pub fn location(&self, purchase: &Purchase<'_>, locators: &[Locator<'_>]) -> Location {
        match &self.place {
            Place::Text { document, block, range } => locators[*document].location(*block, range.clone()),
            Place::Cpv { notice, field } => {
                let first = purchase.readings.len() - purchase.notices.len();
                locators[first + notice].field(&purchase.notices[*notice].fields[*field])
            }
        }
    }
}

/// What a topic's phrases tell together.
#[derive(Default)]
struct Evidence {
    /// In the title, or as the object of the contract.
    subject: Option<Place>,
    /// In requirements and the like.
    touched: Option<Place>,
    /// Blocks with a requirement about it.
    requirements: BTreeSet<(usize, usize)>,
}

/// The topics of a purchase: sure ones first, each in the order of the table.
///
/// Sure is what the main CPV code, the title or the first words about the object of the contract name: a
/// requirement further down may speak of anything ("reports are shown in the web portal of the ministry").
pub fn calls(purchase: &Purchase<'_>) -> Vec<Call> {
    let mut calls: BTreeMap<(bool, Topic), Call> = BTreeMap::new();
    let mut add = |topic: Topic, certain: bool, place: Place| {
        let known = calls.contains_key(&(false, topic)) || calls.contains_key(&(true, topic));
        if !known {
            calls.insert((!certain, topic), Call { topic, certain, place });
        }
    };
    let mut by_topic = by_text(purchase);
    let technical = is_technical(purchase, &by_topic);
    for (topic, place) in by_code(purchase, MAIN_CPV) {
        add(topic, true, place);
    }
    for (topic, evidence) in &mut by_topic {
        if let Some(place) = evidence.subject.take() {
            add(*topic, true, place);
        }
    }
    for (topic, place) in by_code(purchase, ADDITIONAL_CPV) {
        add(topic, false, place);
    }
    for (topic, evidence) in by_topic {
        if let Some(place) = evidence.touched.filter(|_| technical) {
            add(topic, false, place);
        }
    }
    calls.into_values().collect()
}

fn by_code(purchase: &Purchase<'_>, term: &str) -> Vec<(Topic, Place)> {
    let mut found = Vec::new();
    for (notice, of_notice) in purchase.notices.iter().enumerate() {
        for (field, code) in of_notice.fields.iter().enumerate().filter(|(_, field)| field.term == term) {
            let topics = topics_of_cpv(&code.value).filter_map(Topic::named);
            found.extend(topics.map(|topic| (topic, Place::Cpv { notice, field })));
        }
    }
    found
}

fn by_text(purchase: &Purchase<'_>) -> BTreeMap<Topic, Evidence> {
    let in_general = Topic::named(OPEN_STANDARDS);
    let telling = telling_standards(purchase);
    let mut by_topic: BTreeMap<Topic, Evidence> = BTreeMap::new();
    for (document, reading) in purchase.readings.iter().enumerate() {
        if reading.is_procedure() {
            continue;
        }
        for (block, words) in reading.blocks.iter().enumerate() {
            for mention in &words.mentions {
                let topic = mention.things().find_map(|thing| telling.get(thing.id));
                let range = mention.start..mention.end;
                if let Some(topic) = topic
                    && role_of(reading, block, &range).role == Role::Requirement
                {
                    let evidence = by_topic.entry(*topic).or_default();
                    evidence.touched.get_or_insert(Place::Text { document, block, range });
                }
            }
            for hit in words.topics.iter().filter(|hit| Some(hit.topic) != in_general) {
                let range = hit.start..hit.end;
                let evidence = by_topic.entry(hit.topic).or_default();
                let place = || Place::Text { document, block, range: range.clone() };
                match role_of(reading, block, &range).role {
                    // A heading further down names a chapter, and a chapter is not yet the contract.
                    Role::Object if is_heading(reading, block) && !reading.is_title(block) => {
                        evidence.touched.get_or_insert_with(place);
                    }
                    Role::Object => drop(evidence.subject.get_or_insert_with(place)),
                    Role::Requirement => {
                        // A requirement tells it better than a wish or an interface before it.
                        if evidence.requirements.insert((document, block)) && evidence.requirements.len() == 1 {
                            evidence.touched = Some(place());
                        }
                    }
                    Role::Criterion | Role::Wish | Role::Interface => {
                        evidence.touched.get_or_insert_with(place);
                    }
                    Role::Bidder | Role::Background | Role::Structural => {}
                }
            }
        }
    }
    by_topic
}

/// Standards that only one topic calls for: whoever demands DKIM buys something that sends mail.
fn telling_standards(purchase: &Purchase<'_>) -> BTreeMap<&'static str, Topic> {
    let telling = super::in_force(purchase.options).filter(|expected| expected.topics.len() == 1);
    let topics = telling.filter_map(|expected| Some((expected, Topic::named(expected.topics[0])?)));
    topics.flat_map(|(expected, topic)| expected.satisfied_by().map(move |id| (id, topic))).collect()
}

/// Whether the purchase is one of information technology.
fn is_technical(purchase: &Purchase<'_>, by_topic: &BTreeMap<Topic, Evidence>) -> bool {
    let requirements: usize = by_topic.values().map(|evidence| evidence.requirements.len()).sum();
    let cells: Vec<Cell> = SUBJECTS.iter().filter_map(|name| Cell::named(name)).collect();
    let mut phrases = 0;
    purchase.notices.iter().any(|notice| notice.scope() > Scope::Outside)
        || by_topic.values().any(|evidence| evidence.subject.is_some())
        || (requirements >= TECHNICAL_REQUIREMENTS && by_topic.len() > 1)
        || purchase.readings.iter().any(|reading| {
            (0..reading.blocks.len()).any(|block| {
                let here: usize = cells.iter().map(|cell| reading.hits(block, Some(*cell)).count()).sum();
                phrases += here;
                phrases >= SUBJECT_PHRASES || (here > 0 && is_heading(reading, block))
            })
        })
}

fn is_heading(reading: &Reading<'_>, block: usize) -> bool {
    matches!(reading.document.blocks[block].kind, BlockKind::Title | BlockKind::Heading { .. })
}
