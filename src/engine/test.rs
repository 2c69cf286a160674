//! Tests: what is asked about a candidate.

use std::collections::HashMap;
use std::ops::Range;

use regex::Regex;

use super::candidate::Candidate;
use crate::document::BlockKind;
use crate::knowledge::{Named, NamedKind, Openness};
use crate::lang::Lang;
use crate::language::{self, Cell, Mention, MentionPlace, Period, Reach, Reading, Role};
use crate::notice::NoticeKind;
use crate::rule::{BlockTest, EquivalenceReach, FieldTest, Side, Within};

/// A compiled condition.
pub enum Test {
    Block(Vec<BlockTest>),
    Lang(Vec<Lang>),
    Notice(Vec<NoticeKind>),
    /// A field of the notice: see [`super::notice`].
    Field(FieldTest),
    /// The place stands in one of these fields of a notice.
    In(Vec<String>),
    Words(u32),
    Phrase {
        cells: Vec<Cell>,
        within: Within,
        near: Option<u32>,
        side: Option<Side>,
        /// How many of the phrases must stand there.
        count: usize,
    },
    /// A document of the procurement is announced so.
    Announced(Vec<Cell>),
    /// Without `within`: about the candidate's own mention.
    Mention {
        filter: MentionFilter,
        within: Option<Within>,
    },
    Text {
        regex: Regex,
        within: Within,
    },
    /// A period in the clause, the one nearest to the place.
    Period {
        /// In days.
        longer_than: Option<u32>,
        percent_of_term: Option<u32>,
        /// In bytes.
        near: usize,
    },
    /// The contract, begun today, runs for at least so many days.
    TermReaches(i64),
    /// What the day of the check alone decides.
    Settled(bool),
    Role(Vec<Role>),
    Equivalence(EquivalenceReach),
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
}

/// Which mentions are meant; an empty list means any.
#[derive(Clone)]
pub struct MentionFilter {
    pub kinds: Vec<NamedKind>,
    pub open: Vec<Openness>,
    pub domains: Vec<String>,
    pub ids: Vec<String>,
    pub same: bool,
    pub same_domain: bool,
    pub roles: Vec<Role>,
}

impl MentionFilter {
    /// The first of the things that a mention may stand for which is meant.
    pub fn meant(&self, mention: &Mention) -> Option<&'static Named> {
        mention.things().find(|thing| {
            (self.kinds.is_empty() || self.kinds.contains(&thing.kind))
                && (self.open.is_empty() || self.open.contains(&thing.openness))
                && (self.domains.is_empty() || self.domains.iter().any(|domain| domain == thing.domain))
                && (self.ids.is_empty() || self.ids.iter().any(|id| id == thing.id))
        })
    }

    /// Whether a mention is meant, whatever its role.
    fn names(&self, candidate: &Candidate<'_>, mention: &Mention) -> bool {
        let own = || candidate.mention();
        self.meant(mention).is_some()
            && (!self.same_domain || own().is_some_and(|own| domain_of(own) == domain_of(mention)))
            && (!self.same || own().is_some_and(|own| own.things[0] == mention.things[0]))
    }

    /// Whether a role is meant.
    fn has_role(&self, role: impl Fn() -> Role) -> bool {
        self.roles.is_empty() || self.roles.contains(&role())
    }
}

/// The EuroCommons domain of what a mention most likely stands for.
fn domain_of(mention: &Mention) -> Option<&'static str> {
    mention.things().next().map(|thing| thing.domain)
}

impl Test {
    pub fn holds(&self, candidate: &Candidate<'_>) -> bool {
        let reading = candidate.reading();
        match self {
            Test::Block(kinds) => kinds.iter().any(|kind| is_kind(reading, candidate.block, *kind)),
            Test::Lang(langs) => langs.contains(&reading.lang(candidate.block)),
            Test::Notice(kinds) => reading.notice.is_some_and(|notice| kinds.contains(&notice.kind)),
            // Only notice rules know fields; `Compiler` lets no other rule ask for one.
            Test::Field(_) => false,
            Test::In(terms) => {
                let field = &reading.document.blocks[candidate.block].anchor.field;
                field.as_ref().is_some_and(|field| terms.contains(field))
            }
            Test::Words(least) => {
                let mut once = Once::default();
                let documents = candidate.readings.iter().map(|reading| reading.document).enumerate();
                let blocks = documents.flat_map(|(at, document)| document.blocks.iter().map(move |b| (at, &b.text)));
                let words = blocks.filter(|(at, text)| once.takes(*at, text)).flat_map(|(_, text)| text.split(' '));
                words.take(*least as usize).count() == *least as usize
            }
            Test::Phrase { cells, within, near, side, count } => {
                let mut once = Once::default();
                phrases_standing(candidate, cells, *within, *near, *side)
                    .filter(|Scope { document, block, .. }| {
                        *count == 1 || once.takes(*document, candidate.readings[*document].text(*block))
                    })
                    .take(*count)
                    .count()
                    == *count
            }
            Test::Announced(cells) => {
                candidate.readings.iter().any(|reading| cells.iter().any(|cell| reading.is_announced_as(*cell)))
            }
            Test::Mention { filter, within: None } => candidate
                .mention()
                .is_some_and(|own| filter.names(candidate, own) && filter.has_role(|| candidate.role().role)),
            Test::Mention { filter, within: Some(within) } => is_mentioned(candidate, filter, *within),
            Test::Text { regex, within } => scopes(candidate, *within)
                .any(|scope| regex.is_match(&candidate.readings[scope.document].text(scope.block)[scope.range])),
            Test::Period { longer_than, percent_of_term, near } => {
                nearest_period(candidate, *near).is_some_and(|period| {
                    longer_than.is_none_or(|days| period.days > f64::from(days))
                        && percent_of_term.is_none_or(|percent| {
                            let term = language::term_of(candidate.readings);
                            term.is_some_and(|term| period.days * 100.0 >= term.days * f64::from(percent))
                        })
                })
            }
            Test::TermReaches(days) => {
                language::term_of(candidate.readings).is_some_and(|term| term.days >= *days as f64)
            }
            Test::Settled(holds) => *holds,
            Test::Role(roles) => roles.contains(&candidate.role().role),
            Test::Equivalence(most) => candidate.equivalence().is_some_and(|reach| reach <= reach_of(*most)),
            Test::All(tests) => tests.iter().all(|test| test.holds(candidate)),
            Test::Any(tests) => tests.iter().any(|test| test.holds(candidate)),
            Test::Not(test) => !test.holds(candidate),
        }
    }
}

/// Bytes of a clause that are shown at most: more than a sentence of the usual kind.
const MOST_TOLD: usize = 160;

/// The words of a place's clause by which the tests hold, from the first to the last: "the publisher may at any time
/// count the users", where the place alone is "the publisher". Bytes of its block.
pub fn told_by(tests: &[Test], candidate: &Candidate<'_>) -> Range<usize> {
    let mut told = candidate.range.clone();
    for test in tests {
        let more = match test {
            Test::Phrase { cells, within: Within::Clause, near, side, .. } => {
                let standing = phrases_standing(candidate, cells, Within::Clause, *near, *side);
                standing
                    .filter(|scope| (scope.document, scope.block) == (candidate.document, candidate.block))
                    .map(|scope| scope.range)
                    .min_by_key(|range| range.start.abs_diff(candidate.range.start))
            }
            Test::Period { near, .. } => nearest_period(candidate, *near).map(|period| period.range),
            Test::All(tests) => Some(told_by(tests, candidate)),
            Test::Any(tests) => tests
                .iter()
                .find(|test| test.holds(candidate))
                .map(|test| told_by(std::slice::from_ref(test), candidate)),
            _ => None,
        };
        let Some(more) = more else { continue };
        let wider = told.start.min(more.start)..told.end.max(more.end);
        if wider.len() <= MOST_TOLD {
            told = wider;
        }
    }
    told
}

/// The period of a place's clause that stands nearest to it, as bytes of its block.
fn nearest_period(candidate: &Candidate<'_>, near: usize) -> Option<Period> {
    let clause = candidate.clause();
    let periods = language::periods(&candidate.text()[clause.clone()], candidate.reading().lang(candidate.block));
    let in_block = periods.into_iter().map(|period| Period {
        range: period.range.start + clause.start..period.range.end + clause.start,
        days: period.days,
    });
    let gap = |period: &Period| {
        let after = period.range.start.saturating_sub(candidate.range.end);
        after.max(candidate.range.start.saturating_sub(period.range.end))
    };
    in_block.min_by_key(gap).filter(|period| gap(period) <= near)
}

/// Whether one of the tests asks for the role of the place.
pub fn ask_for_role(tests: &[Test]) -> bool {
    tests.iter().any(|test| match test {
        Test::Role(_) => true,
        Test::All(tests) | Test::Any(tests) => ask_for_role(tests),
        _ => false,
    })
}

fn reach_of(reach: EquivalenceReach) -> Reach {
    match reach {
        EquivalenceReach::Clause => Reach::Clause,
        EquivalenceReach::LeadIn => Reach::LeadIn,
        EquivalenceReach::Section => Reach::Section,
        EquivalenceReach::Document => Reach::Document,
    }
}

fn is_kind(reading: &Reading<'_>, block: usize, kind: BlockTest) -> bool {
    let actual = reading.document.blocks[block].kind;
    match kind {
        BlockTest::Title => reading.is_title(block),
        BlockTest::Heading => matches!(actual, BlockKind::Heading { .. }),
        BlockTest::Paragraph => matches!(actual, BlockKind::Paragraph | BlockKind::TextBox),
        BlockTest::ListItem => matches!(actual, BlockKind::ListItem { .. }),
        BlockTest::TableCell => actual == BlockKind::TableCell,
        BlockTest::Note => matches!(actual, BlockKind::Footnote | BlockKind::Endnote | BlockKind::Comment),
    }
}

/// Tells the blocks of a bundle from their copies in later documents: the same text as DOCX and as PDF is no
/// more text than one of them.
#[derive(Default)]
struct Once<'t>(HashMap<&'t str, usize>);

impl<'t> Once<'t> {
    /// Whether a text stands in this document first.
    fn takes(&mut self, document: usize, text: &'t str) -> bool {
        *self.0.entry(text).or_insert(document) == document
    }
}

/// Mentions in a stretch from which on they are looked for by what they stand for, and no longer one by one.
const MANY: usize = 16;

/// Whether a mention that is meant stands within a reach of the candidate, beside its own.
fn is_mentioned(candidate: &Candidate<'_>, filter: &MentionFilter, within: Within) -> bool {
    let is_own = |document: usize, block: usize, mention: &Mention| {
        (document, block) == (candidate.document, candidate.block)
            && mention.start < candidate.range.end
            && candidate.range.start < mention.end
    };
    let among = |document: usize, places: Range<MentionPlace>| {
        let there = &candidate.readings[document];
        let meant = there.holding.groups().iter().filter(|group| filter.names(candidate, &group.mention));
        meant
            .flat_map(|group| there.places(group, &filter.roles, &places))
            .any(|(block, at)| !is_own(document, *block, &there.blocks[*block].mentions[*at]))
    };
    if let Some(mut spans) = spans(candidate, within) {
        return spans.any(|(document, blocks)| among(document, (blocks.start, 0)..(blocks.end, 0)));
    }
    scopes(candidate, within).any(|Scope { document, block, range }| {
        let there = &candidate.readings[document];
        let places = there.mention_places(block, &range);
        if places.len() > MANY {
            return among(document, (block, places.start)..(block, places.end));
        }
        places.into_iter().any(|at| {
            let mention = &there.blocks[block].mentions[at];
            !is_own(document, block, mention)
                && filter.names(candidate, mention)
                && filter.has_role(|| there.role_of(block, at).role)
        })
    })
}

/// The phrases of the cells that stand within a reach of the candidate, each with the block that it stands in.
fn phrases_standing<'c>(
    candidate: &'c Candidate<'_>,
    cells: &'c [Cell],
    within: Within,
    near: Option<u32>,
    side: Option<Side>,
) -> Box<dyn Iterator<Item = Scope> + 'c> {
    let stands = move |Scope { document, block, range: hit }: &Scope| {
        let own_block = (*document, *block) == (candidate.document, candidate.block);
        let before = hit.end <= candidate.range.start;
        let gap = match before {
            true => candidate.range.start - hit.end,
            false => hit.start.saturating_sub(candidate.range.end),
        };
        (!own_block || near.is_none_or(|most| gap <= most as usize))
            && match side {
                Some(Side::Before) => !own_block || before,
                Some(Side::After) => own_block && hit.start >= candidate.range.end,
                None => true,
            }
    };
    match spans(candidate, within) {
        Some(spans) => {
            let of_cells = spans.flat_map(move |(document, blocks)| {
                let reading = &candidate.readings[document];
                cells.iter().flat_map(move |cell| {
                    let blocks = reading.holding.phrases(*cell, &blocks).iter();
                    blocks.flat_map(move |&block| {
                        reading.hits(block, Some(*cell)).map(move |range| Scope { document, block, range })
                    })
                })
            });
            Box::new(of_cells.filter(stands))
        }
        None => {
            let of_scopes = scopes(candidate, within).flat_map(move |Scope { document, block, range }| {
                let reading = &candidate.readings[document];
                cells.iter().flat_map(move |cell| {
                    let hits = reading.hits_in(block, Some(*cell), &range);
                    hits.map(move |range| Scope { document, block, range })
                })
            });
            Box::new(of_scopes.filter(stands))
        }
    }
}

/// A stretch of a block that is looked at.
struct Scope {
    document: usize,
    block: usize,
    range: Range<usize>,
}

/// The documents with their blocks that a wide `within` names; `None` where it names [`scopes`] of a few blocks.
fn spans<'c>(
    candidate: &'c Candidate<'_>,
    within: Within,
) -> Option<impl Iterator<Item = (usize, Range<usize>)> + use<'c>> {
    let documents = match within {
        Within::Clause | Within::Item | Within::Heading => return None,
        Within::Section | Within::Document => candidate.document..candidate.document + 1,
        Within::Bundle => 0..candidate.readings.len(),
    };
    Some(documents.map(move |document| match within {
        Within::Section => (document, candidate.reading().section(candidate.block)),
        _ => (document, 0..candidate.readings[document].blocks.len()),
    }))
}

/// The stretches that a `within` names, around a candidate.
fn scopes<'c>(candidate: &'c Candidate<'_>, within: Within) -> Box<dyn Iterator<Item = Scope> + 'c> {
    let reading = candidate.reading();
    let whole = move |document: usize, block: usize| {
        let range = 0..candidate.readings[document].text(block).len();
        Scope { document, block, range }
    };
    let (document, block) = (candidate.document, candidate.block);
    if let Some(spans) = spans(candidate, within) {
        return Box::new(spans.flat_map(move |(document, blocks)| blocks.map(move |block| whole(document, block))));
    }
    match within {
        Within::Clause => Box::new(
            std::iter::once(Scope { document, block, range: candidate.clause() })
                .chain(reading.row(block).filter(move |cell| *cell != block).map(move |cell| whole(document, cell))),
        ),
        Within::Item => Box::new(
            std::iter::once(block)
                .chain(reading.heads(block))
                .chain(reading.row(block))
                .map(move |b| whole(document, b)),
        ),
        _ => {
            let own = matches!(reading.document.blocks[block].kind, BlockKind::Heading { .. } | BlockKind::Title);
            Box::new(
                own.then_some(block)
                    .into_iter()
                    .chain(reading.document.headings(block))
                    .map(move |b| whole(document, b)),
            )
        }
    }
}
