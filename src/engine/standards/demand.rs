//! How the documents of a purchase ask for a standard.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Purchase, role_of};
use crate::knowledge::{Expected, NamedKind};
use crate::language::{OPEN_STANDARDS, Reading, Role, Topic, cell};
use crate::standards::{Answer, Weakness};

/// Bytes between an example marker and the names it introduces.
const EXAMPLE_REACH: usize = 60;

/// A stretch of a block.
#[derive(Debug, Clone)]
pub struct At {
    pub document: usize,
    pub block: usize,
    pub range: Range<usize>,
}

/// How a standard is asked for.
#[derive(Debug, Clone)]
pub struct Demand {
    pub answer: Answer,
    pub weakness: Option<Weakness>,
    pub at: Option<At>,
}

/// How each standard is asked for.
pub struct Demands {
    /// By id of the standard: the strongest mention, of equals the first.
    by_standard: BTreeMap<&'static str, Demand>,
    /// Where open standards in general are asked for.
    pub in_general: Option<At>,
}

impl Demands {
    pub fn of(purchase: &Purchase<'_>) -> Demands {
        let mut by_standard: BTreeMap<&'static str, Demand> = BTreeMap::new();
        let mut in_general = None;
        let general = Topic::named(OPEN_STANDARDS);
        for (document, reading) in purchase.readings.iter().enumerate() {
            for (block, words) in reading.blocks.iter().enumerate() {
                let at = |range: Range<usize>| At { document, block, range };
                for mention in &words.mentions {
                    let standards = mention.things().filter(|thing| thing.kind == NamedKind::Standard);
                    let range = mention.start..mention.end;
                    let mut graded = None;
                    for standard in standards {
                        let Some(weakness) = *graded.get_or_insert_with(|| weakness(reading, block, &range)) else {
                            continue;
                        };
                        let answer = if weakness.is_some() { Answer::Weakly } else { Answer::Asked };
                        let demand = Demand { answer, weakness, at: Some(at(range.clone())) };
                        let known = by_standard.entry(standard.id).or_insert_with(|| demand.clone());
                        if (demand.answer, demand.weakness) < (known.answer, known.weakness) {
                            *known = demand;
                        }
                    }
                }
                if in_general.is_none() {
                    let mut named = words.topics.iter().filter(|hit| Some(hit.topic) == general);
                    in_general = named.find_map(|hit| {
                        let range = hit.start..hit.end;
                        let asked = matches!(weakness(reading, block, &range), Some(None | Some(Weakness::Wish)));
                        asked.then(|| at(range))
                    });
                }
            }
        }
        Demands { by_standard, in_general }
    }

    /// The strongest demand for a standard or for another that does as well.
    pub fn for_standard(&self, expected: &Expected) -> Demand {
        let named = expected.satisfied_by().filter_map(|id| self.by_standard.get(id));
        if let Some(demand) = named.min_by_key(|demand| (demand.answer, demand.weakness)) {
            return demand.clone();
        }
        match &self.in_general {
            Some(at) => {
                let weakness = Some(Weakness::OpenStandards);
                Demand { answer: Answer::Weakly, weakness, at: Some(at.clone()) }
            }
            None => Demand { answer: Answer::Missing, weakness: None, at: None },
        }
    }
}

/// Whether the words at a range ask for what they name: `None` where they do not even speak of it (excluded, an
/// address), `Some(None)` where they demand it, otherwise why the demand is weak.
fn weakness(reading: &Reading<'_>, block: usize, range: &Range<usize>) -> Option<Option<Weakness>> {
    let role = role_of(reading, block, range);
    if role.evidence.iter().any(|evidence| evidence.kind == "negated") {
        return None;
    }
    let weak = match role.role {
        Role::Structural => return None,
        Role::Object | Role::Requirement | Role::Bidder => None,
        Role::Interface if has_duty(reading, block) => None,
        Role::Interface | Role::Background => Some(Weakness::Background),
        Role::Criterion => Some(Weakness::Criterion),
        Role::Wish => Some(Weakness::Wish),
    };
    Some(weak.or_else(|| is_example(reading, block, range).then_some(Weakness::Example)))
}

/// Whether the block, or what governs it, speaks of a duty.
fn has_duty(reading: &Reading<'_>, block: usize) -> bool {
    let duty = cell!("obligation");
    std::iter::once(block).chain(reading.heads(block)).any(|at| duty.is_some_and(|cell| reading.has(at, cell)))
}

/// Whether the words stand shortly behind one that introduces examples and leaves the choice open.
fn is_example(reading: &Reading<'_>, block: usize, range: &Range<usize>) -> bool {
    let clause = reading.clause(block, range.start);
    let mut openers = reading.hits(block, cell!("example-opens"));
    openers.any(|hit| hit.start >= clause.start && hit.end <= range.start && range.start - hit.end < EXAMPLE_REACH)
}
