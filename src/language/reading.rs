//! A document as the engine reads it: languages, mentions and phrases by block.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::equivalence::{self, Reach};
use super::fold::fold;
use super::holding::{Group, Holding, MentionPlace, part};
use super::legend::{self, Mark};
use super::lexicon::{Cell, Lexicon, PhraseHit, cell};
use super::names::{self, Mention};
use super::period::Term;
use super::role::{self, Role, RoleReading};
use super::topic::TopicHit;
use super::{detect, sentence, unlisted};
use crate::document::{BlockKind, Document};
use crate::lang::Lang;
use crate::notice::Notice;

/// Blocks of a front page: the name of a document stands there, between coats of arms and dates.
const FRONT_PAGE: usize = 12;

/// Blocks among which a title stands where none is marked as one.
const FIRST_LINES: usize = 3;

/// Bytes of a line on a front page that can be the name of the document.
const SHORT_LINE: usize = 90;

/// Bytes of a title that names the purchase before the document.
const LONG_TITLE: usize = 300;

/// A document with what its words tell.
pub struct Reading<'d> {
    pub document: &'d Document,
    /// The notice, where the document holds the texts of one.
    pub notice: Option<&'d Notice>,
    /// Language of the document as a whole.
    pub lang: Lang,
    /// By block of the document.
    pub blocks: Vec<BlockReading>,
    /// Which blocks hold what.
    pub holding: Holding,
    /// By block: index of the last block of its section, for headings; of itself otherwise.
    section_end: Vec<usize>,
    /// The first block that stands under a heading; how many there are where none does.
    first_below: usize,
    legend: OnceCell<Vec<Mark>>,
    /// The terms of the contract that it tells.
    pub(super) terms: OnceCell<Vec<Term>>,
}

/// What the words of one block tell.
#[derive(Default)]
pub struct BlockReading {
    pub lang: Option<Lang>,
    /// In order of their start, without overlaps.
    pub mentions: Vec<Mention>,
    /// In order of the end of their first words.
    pub phrases: Vec<PhraseHit>,
    /// Where the block names a topic, likewise.
    pub topics: Vec<TopicHit>,
    /// The cells that occur, as bits.
    cells: u128,
    sentences: OnceCell<Vec<Range<usize>>>,
    /// By mention.
    told: OnceCell<Vec<Told>>,
}

/// What is told of a mention when it is asked for: many rules ask for the same.
#[derive(Default)]
struct Told {
    role: OnceCell<RoleReading>,
    equivalence: OnceCell<Option<Reach>>,
}

/// Reads a document; `notice` is the one whose texts it holds.
pub fn read<'d>(document: &'d Document, notice: Option<&'d Notice>) -> Reading<'d> {
    let detection = detect::Detection::of(document);
    let lang = detection.lang;
    let blocks: Vec<BlockReading> = document
        .blocks
        .iter()
        .enumerate()
        .map(|(at, block)| {
            // A default that the document's own words contradict was never set by its author. The language of a
            // notice is no default: its author has to give it.
            let is_false_default = |own: &Lang| notice.is_none() && document.language == Some(*own) && *own != lang;
            let declared = block.language.filter(|own| !is_false_default(own));
            let lang = detection.of_block(at, &block.text, declared);
            let lexicon = Lexicon::of(lang);
            let folded = fold(&block.text);
            let mut reading = BlockReading { lang: Some(lang), ..BlockReading::default() };
            lexicon.scan(&folded, &mut reading.phrases, &mut reading.topics);
            reading.cells = reading.phrases.iter().fold(0, |cells, hit| cells | hit.cell.bit());
            let sentences = &reading.sentences;
            names::scan(
                &block.text,
                &folded,
                lang,
                |at| &block.text[around(sentences.get_or_init(|| sentence::sentences(&block.text, lexicon)), at)],
                &mut reading.mentions,
            );
            unlisted::scan(&block.text, lang, &reading.phrases, &mut reading.mentions);
            reading
        })
        .collect();
    let mut section_end: Vec<usize> = (0..document.blocks.len()).collect();
    for at in (0..document.blocks.len()).rev() {
        if let Some(parent) = document.blocks[at].parent {
            section_end[parent] = section_end[parent].max(section_end[at]);
        }
    }
    let holding = Holding::of(&blocks);
    let first_below = document.blocks.iter().position(|block| block.parent.is_some()).unwrap_or(blocks.len());
    Reading {
        document,
        notice,
        lang,
        blocks,
        holding,
        section_end,
        first_below,
        legend: OnceCell::new(),
        terms: OnceCell::new(),
    }
}

/// The range that holds the offset, among ranges in order.
fn around(ranges: &[Range<usize>], at: usize) -> Range<usize> {
    let holding = ranges.partition_point(|range| range.end <= at);
    ranges.get(holding).or(ranges.last()).cloned().unwrap_or(0..0)
}

/// The byte ranges of those phrases that are of a cell.
fn of_cell(cell: Option<Cell>, phrases: &[PhraseHit]) -> impl Iterator<Item = Range<usize>> + '_ {
    phrases.iter().filter(move |hit| Some(hit.cell) == cell).map(|hit| hit.start..hit.end)
}

impl<'d> Reading<'d> {
    /// The text of a block.
    pub fn text(&self, block: usize) -> &'d str {
        &self.document.blocks[block].text
    }

    /// The language of a block.
    pub fn lang(&self, block: usize) -> Lang {
        self.blocks[block].lang.unwrap_or(self.lang)
    }

    fn sentences(&self, block: usize) -> &[Range<usize>] {
        self.blocks[block]
            .sentences
            .get_or_init(|| sentence::sentences(self.text(block), Lexicon::of(self.lang(block))))
    }

    /// The role of a mention, by its place among those of its block.
    pub fn role_of(&self, block: usize, mention: usize) -> &RoleReading {
        let role = || role::of_mention(self, block, &self.range_of(block, mention));
        self.told(block, mention).role.get_or_init(role)
    }

    /// Where the nearest "or equivalent" stands that frees a mention, by its place among those of its block.
    pub fn equivalence_of(&self, block: usize, mention: usize) -> Option<Reach> {
        let reach = || equivalence::of_mention(self, block, self.range_of(block, mention));
        *self.told(block, mention).equivalence.get_or_init(reach)
    }

    /// The places of a range at which the mentions of a group stand, those that have one of some roles or, without
    /// any, all.
    pub fn places<'r>(
        &'r self,
        group: &'r Group,
        roles: &'r [Role],
        within: &Range<MentionPlace>,
    ) -> impl Iterator<Item = &'r MentionPlace> + use<'r, 'd> {
        let of_roles = roles.iter().filter_map(|role| self.by_role(group).get(role));
        let all = roles.is_empty().then_some(&group.places);
        let within = within.clone();
        all.into_iter().chain(of_roles).flat_map(move |places| part(places, &within))
    }

    fn by_role<'r>(&self, group: &'r Group) -> &'r BTreeMap<Role, Vec<MentionPlace>> {
        group.by_role.get_or_init(|| {
            let mut by_role: BTreeMap<Role, Vec<MentionPlace>> = BTreeMap::new();
            for (block, at) in &group.places {
                by_role.entry(self.role_of(*block, *at).role).or_default().push((*block, *at));
            }
            by_role
        })
    }

    /// The mentions that stand in a byte range of a block, as a range among those of the block.
    pub fn mention_places(&self, block: usize, range: &Range<usize>) -> Range<usize> {
        let mentions = &self.blocks[block].mentions;
        let first = mentions.partition_point(|mention| mention.start < range.start);
        first..first + mentions[first..].partition_point(|mention| mention.end <= range.end)
    }

    /// The mentions that stand in a byte range of a block.
    pub fn mentions_in(&self, block: usize, range: &Range<usize>) -> &[Mention] {
        &self.blocks[block].mentions[self.mention_places(block, range)]
    }

    fn range_of(&self, block: usize, mention: usize) -> Range<usize> {
        let Mention { start, end, .. } = self.blocks[block].mentions[mention];
        start..end
    }

    fn told(&self, block: usize, mention: usize) -> &Told {
        let BlockReading { mentions, told, .. } = &self.blocks[block];
        &told.get_or_init(|| mentions.iter().map(|_| Told::default()).collect())[mention]
    }

    /// The sentence around a byte offset of a block.
    pub fn clause(&self, block: usize, at: usize) -> Range<usize> {
        around(self.sentences(block), at)
    }

    /// The sentence that begins at a byte offset of a block.
    pub fn sentence_after(&self, block: usize, at: usize) -> Option<Range<usize>> {
        let sentences = self.sentences(block);
        sentences.get(sentences.partition_point(|range| range.start < at)).filter(|range| range.start == at).cloned()
    }

    /// Whether the block holds a phrase of the cell.
    pub fn has(&self, block: usize, cell: Cell) -> bool {
        self.blocks[block].cells & cell.bit() != 0
    }

    /// The phrases of a cell in a block, as byte ranges.
    pub fn hits(&self, block: usize, cell: Option<Cell>) -> impl Iterator<Item = Range<usize>> + '_ {
        let cell = cell.filter(|cell| self.has(block, *cell));
        of_cell(cell, if cell.is_some() { &self.blocks[block].phrases } else { &[] })
    }

    /// The phrases of a cell that stand in a byte range of a block.
    pub fn hits_in<'r>(
        &'r self,
        block: usize,
        cell: Option<Cell>,
        range: &Range<usize>,
    ) -> impl Iterator<Item = Range<usize>> + use<'r, 'd> {
        let cell = cell.filter(|cell| self.has(block, *cell));
        let phrases = if cell.is_some() { self.phrases_in(block, range) } else { &[] };
        let Range { start, end } = *range;
        of_cell(cell, phrases).filter(move |hit| hit.start >= start && hit.end <= end)
    }

    /// The phrases whose first words end in a byte range of a block: all that stand in it, and few more.
    pub(super) fn phrases_in(&self, block: usize, range: &Range<usize>) -> &[PhraseHit] {
        let phrases = &self.blocks[block].phrases;
        let behind = phrases.partition_point(|hit| hit.first_end <= range.end);
        let before = phrases[..behind].partition_point(|hit| hit.first_end < range.start);
        &phrases[before..behind]
    }

    /// The cells of a table row, the given one included; nothing for other blocks.
    pub fn row(&self, block: usize) -> impl Iterator<Item = usize> + '_ {
        let place = self.document.blocks[block].anchor.table;
        let near = block.saturating_sub(60)..(block + 60).min(self.document.blocks.len());
        place.into_iter().flat_map(move |place| {
            near.clone().filter(move |other| {
                self.document.blocks[*other].anchor.table.is_some_and(|t| t.table == place.table && t.row == place.row)
            })
        })
    }

    /// The mark of the document's legend that stands in a cell of the block's row, or in parentheses in a text before
    /// `end`.
    pub fn mark(&self, block: usize, end: usize) -> Option<&Mark> {
        let legend = self.legend.get_or_init(|| legend::of_document(self));
        legend.iter().find(|mark| {
            self.row(block).any(|cell| self.text(cell).trim() == mark.text)
                || self.text(block)[..end].contains(&format!("({})", mark.text))
        })
    }

    /// What governs a block besides its headings: the lead-in of its list, the heads of its row and column.
    pub fn heads(&self, block: usize) -> impl Iterator<Item = usize> + '_ {
        let block = &self.document.blocks[block];
        [block.lead_in, block.row_head, block.column_head].into_iter().flatten()
    }

    /// The blocks of the section in which a block stands, without the heading.
    pub fn section(&self, block: usize) -> Range<usize> {
        match self.document.blocks[block].parent {
            Some(parent) => parent + 1..self.section_end[parent] + 1,
            None => 0..self.first_below,
        }
    }

    /// Whether the document holds neither a specification nor clauses of a contract, as its name says:
    /// instructions to tenderers, an invitation, a price list, a market consultation. Nothing is bought in it.
    pub fn is_procedure(&self) -> bool {
        let (name, demands) = (cell!("procedure-document"), cell!("heading-requirements"));
        let has = |block: usize, cell: Option<Cell>| cell.is_some_and(|cell| self.has(block, cell));
        let blocks = &self.document.blocks;
        name.is_some_and(|name| self.is_announced_as(name))
            // An invitation that holds the specification as well is more than a procedure.
            && !(0..blocks.len())
                .any(|block| matches!(blocks[block].kind, BlockKind::Heading { .. }) && has(block, demands))
    }

    /// Whether a short line of the front page says what the document is, with a phrase of a cell.
    pub fn is_announced_as(&self, cell: Cell) -> bool {
        let front = 0..self.document.blocks.len().min(FRONT_PAGE);
        front.into_iter().any(|block| self.has(block, cell) && self.is_short_line(block))
    }

    /// Whether its title, or one of its first lines, says with a phrase of a cell what the document is.
    pub fn is_titled(&self, cell: Cell) -> bool {
        let first = 0..self.document.blocks.len().min(FIRST_LINES);
        let front = 0..self.document.blocks.len().min(FRONT_PAGE);
        first
            .chain(front.filter(|block| self.is_title(*block)))
            .any(|block| self.has(block, cell) && self.is_short_line(block))
    }

    /// A line of a front page: a title, or a heading or cell of few words.
    fn is_short_line(&self, block: usize) -> bool {
        let most = if self.is_title(block) || block == 0 { LONG_TITLE } else { SHORT_LINE };
        let kind = self.document.blocks[block].kind;
        !matches!(kind, BlockKind::Header | BlockKind::Footer | BlockKind::Comment) && self.text(block).len() <= most
    }

    /// Whether the block is the title of the document or stands as its first heading.
    pub fn is_title(&self, block: usize) -> bool {
        match self.document.blocks[block].kind {
            BlockKind::Title => true,
            BlockKind::Heading { level: 1 } => {
                block < 8
                    && self.document.blocks[..block]
                        .iter()
                        .all(|before| !matches!(before.kind, BlockKind::Heading { .. } | BlockKind::Title))
            }
            _ => false,
        }
    }
}
