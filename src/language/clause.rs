//! What the words around a mention tell of it: those of its sentence, its list, its row and column.
//!
//! Each method answers one question and gives the words that answer it; what follows from them is said in
//! [`super::role`].

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use super::legend::Mark;
use super::lexicon::{Cell, PhraseHit, cell};
use super::reading::Reading;
use super::role::Role;
use super::section::{begins_with_lot, begins_with_number};
use crate::builtin;
use crate::document::BlockKind;
use crate::lang::Lang;

/// Bytes within which a negation or exclusion is taken to be about the mention, and the words that may stand
/// between them: farther away it mostly denies something else.
const REACH: usize = 40;
const WORDS_BETWEEN: usize = 4;

/// Words between a verb and what it demands at most: a number, a unit, "of".
const WORDS_TO_OBJECT: usize = 3;

/// Words of a label before a colon at most.
const LABEL: usize = 5;

/// What ends a clause within a sentence: a semicolon, the raised dot of Greek.
const CLAUSE_ENDS: [char; 3] = [';', '·', '\u{387}'];

/// Bytes in which what is announced as the object of the contract is named: room for the buyer and the law.
const ANNOUNCED: usize = 110;

/// What leads from a heading in a table of contents to its page.
const LEADERS: &str = ".....";

/// Whether what stands between two names makes a list of them: a comma, a slash, a conjunction of
/// `rules/lexicon/conjunctions.tsv`.
fn is_in_list(between: &str, lang: Lang) -> bool {
    static WORDS: OnceLock<HashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let rows = builtin::rows(builtin::file("lexicon/conjunctions.tsv").unwrap_or_default());
        rows.map(|row| (row.get("lang"), row.list("words").collect())).collect()
    });
    let between = between.trim().trim_start_matches(',').trim_start();
    matches!(between, "" | "/") || words.get(lang.as_str()).is_some_and(|words| words.contains(&between))
}

/// Bytes in which an article and an adjective find room: "migration to the new X".
pub(super) const ARTICLE: usize = 15;

/// A mention in its sentence.
pub(super) struct Clause<'r, 'd> {
    pub(super) reading: &'r Reading<'d>,
    pub(super) block: usize,
    /// Bytes of the block: the sentence, and the mention in it.
    pub(super) range: Range<usize>,
    at: Range<usize>,
    /// What may stand in the sentence, and the cells of it, as bits.
    phrases: &'r [PhraseHit],
    cells: u128,
}

impl<'r, 'd> Clause<'r, 'd> {
    pub(super) fn around(reading: &'r Reading<'d>, block: usize, at: &Range<usize>) -> Clause<'r, 'd> {
        let range = reading.clause(block, at.start);
        let phrases = reading.phrases_in(block, &range);
        let cells = phrases.iter().fold(0, |cells, hit| cells | hit.cell.bit());
        Clause { reading, block, range, at: at.clone(), phrases, cells }
    }

    /// Phrases of a cell in the sentence of the mention, as byte ranges of the block.
    fn hits(&self, cell: Option<Cell>) -> impl Iterator<Item = Range<usize>> + '_ {
        let present = cell.filter(|cell| self.cells & cell.bit() != 0);
        let phrases = if present.is_some() { self.phrases } else { &[] };
        phrases
            .iter()
            .filter(move |hit| Some(hit.cell) == present)
            .map(|hit| hit.start..hit.end)
            .filter(|hit| hit.start >= self.range.start && hit.end <= self.range.end)
            .filter(|hit| hit.end <= self.at.start || hit.start >= self.at.end)
    }

    pub(super) fn first(&self, cell: Option<Cell>) -> Option<&str> {
        self.hits(cell).next().map(|hit| &self.reading.text(self.block)[hit])
    }

    /// The words that tell of what exists. Inside a longer phrase the same words tell how things shall be: "is
    /// built on X", but "shall be built on X". A verb in the present ("runs on X") tells what exists where nothing
    /// else is told; among requirements it specifies, unless the buyer is its subject.
    pub(super) fn existing(&self, section_role: Option<Role>) -> Option<&str> {
        let to_be = |hit: &Range<usize>| {
            self.hits(cell!("to-be")).any(|phrase| phrase.start < hit.end && hit.start < phrase.end)
        };
        let specifies = section_role == Some(Role::Requirement)
            && self.first(cell!("buyer-subject")).is_none()
            && !self.hits(cell!("obligation")).any(|duty| self.is_of_another(&duty));
        let specifying = |hit: &Range<usize>| specifies && self.hits(cell!("present-verb")).any(|verb| verb == *hit);
        self.hits(cell!("existing-env"))
            .find(|hit| !to_be(hit) && !specifying(hit))
            .or_else(|| self.before(cell!("existing-next")).filter(|hit| !to_be(hit)))
            .or_else(|| self.hits(cell!("existing-behind")).find(|hit| hit.start == self.at.end + 1))
            .map(|hit| &self.reading.text(self.block)[hit])
    }

    /// The words that make the mention the place that data come from: "fetches the records from X".
    pub(super) fn data_source(&self) -> Option<&str> {
        let from = self.before(cell!("data-from"))?;
        self.hits(cell!("data-flow")).find(|hit| *hit != from).map(|hit| &self.reading.text(self.block)[hit])
    }

    /// The words before the mention that announce what is bought: "invites tenders for X".
    pub(super) fn announced(&self) -> Option<&str> {
        let before = |hit: &Range<usize>| hit.end <= self.at.start && self.at.start - hit.end < ANNOUNCED;
        self.hits(cell!("object-announced")).find(before).map(|hit| &self.reading.text(self.block)[hit])
    }

    /// The words that admit only offers of what is named: "only solutions based on X are considered".
    pub(super) fn admitted_alone(&self) -> Option<&str> {
        let before = |words: &Range<usize>| words.end <= self.at.start && self.at.start - words.end < REACH;
        let around = |words: &Range<usize>| words.start < self.at.start && self.at.end < words.end;
        let mut words = self.reading.hits(self.block, cell!("exclusive-demand"));
        words.find(|words| before(words) || around(words)).map(|words| &self.reading.text(self.block)[words])
    }

    /// The partner, dealer or reseller of what is named, where nobody else is admitted: "only from X resellers".
    pub(super) fn partner_admitted(&self) -> Option<&str> {
        let beside = |hit: &Range<usize>| {
            (hit.end <= self.at.start && self.at.start - hit.end < REACH)
                // "X-Resellern": a compound is one word with the name.
                || (hit.start >= self.at.start && hit.start < self.at.end + ARTICLE)
        };
        self.first(cell!("only-word"))?;
        self.hits(cell!("partner-word")).find(beside).map(|hit| &self.reading.text(self.block)[hit])
    }

    /// The words by which licences or subscriptions of what is named are handed over: "delivers 200 licences of X",
    /// "supply of X subscriptions". The buyer as the one who hands over puts no duty.
    pub(super) fn supplied(&self) -> Option<&str> {
        if self.first(cell!("buyer-supplies")).is_some() {
            return None;
        }
        let nouns: Vec<_> = self.reading.hits(self.block, cell!("licence-noun")).collect();
        let verb = self.hits(cell!("provide-verb")).filter(|verb| verb.end <= self.at.start).find(|verb| {
            let between = |noun: &Range<usize>| verb.start <= noun.start && noun.end <= self.at.start;
            let next = self.reading.text(self.block)[verb.end..self.at.start].trim_start();
            let number = next.starts_with(|c: char| c.is_ascii_digit());
            let behind = |noun: &Range<usize>| noun.end > self.at.end && noun.start < self.at.end + ARTICLE;
            let buyer = self.hits(cell!("buyer-subject")).any(|buyer| buyer.end <= verb.start);
            !buyer
                && self.at.start - verb.end < REACH
                && (number || nouns.iter().any(|noun| between(noun) || behind(noun)))
        })?;
        Some(&self.reading.text(self.block)[verb])
    }

    /// The words before the mention that say that it isn't needed or does not matter, with no duty between.
    pub(super) fn not_needed(&self) -> Option<&str> {
        let words = self.hits(cell!("not-needed")).filter(|hit| hit.end <= self.at.start).last()?;
        let duty_between =
            self.hits(cell!("obligation")).any(|duty| words.end <= duty.start && duty.end <= self.at.start);
        (!duty_between).then(|| &self.reading.text(self.block)[words])
    }

    /// The words that put a duty on the mention: a verb of the sentence, of the lead-in, of a row or column
    /// head. A word of duty inside a longer phrase that takes it back ("not mandatory") puts none.
    pub(super) fn duty(&self) -> Option<(&'static str, &str)> {
        let taken_back = |duty: &Range<usize>| {
            [cell!("preference"), cell!("excluded-after")].into_iter().any(|cell| {
                self.hits(cell).any(|hit| hit.start <= duty.start && duty.end <= hit.end && hit.len() > duty.len())
            })
        };
        let verb = self
            .hits(cell!("obligation"))
            .chain(self.hits(cell!("weak-requirement")))
            .find(|duty| !taken_back(duty) && !self.is_of_another(duty));
        if let Some(verb) = verb {
            return Some(("verb", &self.reading.text(self.block)[verb]));
        }
        if let Some(verb) = self.demanded_next() {
            return Some(("verb", verb));
        }
        let block = &self.reading.document.blocks[self.block];
        for head in self.reading.heads(self.block) {
            if let Some(words) = self.in_head(head, cell!("obligation")) {
                let kind = match block.lead_in == Some(head) {
                    true => "lead-in",
                    false => "table-head",
                };
                return Some((kind, words));
            }
        }
        if let Some(mark) = self.mark().filter(|mark| mark.demands) {
            return Some(("mark", &mark.words));
        }
        let own = block.column_head?;
        if [cell!("heading-existing"), cell!("existing-env")].into_iter().any(|cell| self.in_head(own, cell).is_some())
        {
            return None;
        }
        // A column of demanded values makes a table of requirements, and the whole row specifies.
        let columns = self.reading.row(self.block).filter_map(|cell| self.reading.document.blocks[cell].column_head);
        std::iter::once(own)
            .chain(columns)
            .find_map(|head| self.in_head(head, cell!("head-requirement")))
            .map(|words| ("table-head", words))
    }

    /// The verb whose object the mention is: "the firewall will be a X", "we need 40 seats of X", "the supplier installs
    /// X"; not "we need a list of what we have of X".
    fn demanded_next(&self) -> Option<&str> {
        let text = self.reading.text(self.block);
        let next = |verb: &Range<usize>| {
            verb.end <= self.at.start
                && text[verb.end..self.at.start].split_whitespace().count() <= WORDS_TO_OBJECT
                && !text[verb.end..self.at.start].contains(CLAUSE_ENDS)
        };
        self.hits(cell!("demand-next")).find(next).map(|verb| &text[verb])
    }

    /// Whether a word of duty stands in a later clause: "All servers run under X; the supplier must state …".
    fn is_of_another(&self, duty: &Range<usize>) -> bool {
        let text = self.reading.text(self.block);
        duty.start > self.at.end && text[self.at.end..duty.start].contains(CLAUSE_ENDS)
    }

    /// The mark of the document's legend beside the mention.
    fn mark(&self) -> Option<&Mark> {
        self.reading.mark(self.block, self.at.start)
    }

    /// The head of the column that counts what is bought, in a table with prices: a list of items with their
    /// quantities and prices is what the contract is about. Without prices it may as well be an inventory.
    pub(super) fn counted(&self) -> Option<&str> {
        let heads = || {
            let cells = self.reading.row(self.block);
            cells.filter_map(|cell| self.reading.document.blocks[cell].column_head)
        };
        let quantity = heads().find_map(|head| self.in_head(head, cell!("head-quantity")))?;
        let priced = heads().any(|head| self.in_head(head, cell!("head-price")).is_some())
            || self
                .reading
                .document
                .headings(self.block)
                .any(|heading| self.in_head(heading, cell!("heading-price")).is_some());
        priced.then_some(quantity)
    }

    /// The number of pieces beside what is named, in an item of a list or table: "Scanners: X, 12 units" orders them.
    /// The buyer's own number is what exists, and what stands in a price list is judged as such.
    pub(super) fn quantified(&self) -> Option<&str> {
        let prices = |heading| self.in_head(heading, cell!("heading-price")).is_some();
        if !self.is_item()
            || self.first(cell!("buyer-subject")).is_some()
            || self.reading.document.headings(self.block).any(prices)
        {
            return None;
        }
        let text = self.reading.text(self.block);
        let near = |unit: &Range<usize>| unit.start < self.at.end + REACH && self.at.start < unit.end + REACH;
        let counted = |unit: &Range<usize>| text[..unit.start].trim_end().ends_with(|c: char| c.is_ascii_digit());
        self.hits(cell!("quantity-unit")).find(|unit| near(unit) && counted(unit)).map(|unit| &text[unit])
    }

    /// The points that the sentence gives: "X: 8 points".
    pub(super) fn points(&self) -> Option<&str> {
        let text = self.reading.text(self.block);
        let given = |points: &Range<usize>| {
            text[points.clone()].contains(' ')
                || (text[..points.start].trim_end().ends_with(|c: char| c.is_ascii_digit())
                    // "24 points d'accès" are things.
                    && !text[points.end..].trim_start().starts_with(char::is_lowercase))
        };
        self.hits(cell!("points-word")).find(given).map(|points| &text[points])
    }

    /// Whether the block is the heading of a lot: "Lot 2: X".
    pub(super) fn names_lot(&self) -> bool {
        matches!(self.reading.document.blocks[self.block].kind, BlockKind::Heading { .. })
            && self.hits(cell!("lot")).any(|lot| lot.end <= self.at.start)
            && begins_with_lot(self.reading, self.block)
    }

    /// The words of a cell in what governs the block: of a lead-in only its last sentence, which introduces
    /// the list.
    fn in_head(&self, head: usize, cell: Option<Cell>) -> Option<&str> {
        let text = self.reading.text(head);
        let from = match self.reading.document.blocks[head].kind {
            BlockKind::TableCell => 0,
            _ => self.reading.clause(head, text.len()).start,
        };
        self.reading.hits(head, cell).find(|hit| hit.start >= from).map(|hit| &text[hit])
    }

    /// The words of a cell in the sentence, or else in what governs the block.
    pub(super) fn governed(&self, cell: Option<Cell>) -> Option<&str> {
        self.first(cell).or_else(|| self.reading.heads(self.block).find_map(|head| self.in_head(head, cell)))
    }

    /// The words of a wish in the sentence or its lead-in.
    pub(super) fn wish(&self) -> Option<&str> {
        let marked = || self.mark().filter(|mark| !mark.demands).map(|mark| mark.words.as_str());
        self.governed(cell!("preference")).or_else(marked)
    }

    /// The words that exclude the mention: a negation shortly before it, with no verb of duty between, or an
    /// exclusion shortly after it.
    pub(super) fn excluded(&self) -> Option<&str> {
        let text = self.reading.text(self.block);
        let after = |hit: &Range<usize>| hit.start >= self.at.end && hit.start - self.at.end < REACH;
        if let Some(exclusion) = self.hits(cell!("excluded-after")).find(after) {
            return Some(&text[exclusion]);
        }
        let negation = self
            .hits(cell!("negation"))
            .filter(|hit| hit.end <= self.at.start && self.at.start - hit.end < REACH)
            .last()?;
        let between = &text[negation.end..self.at.start];
        let words_between = between.split_whitespace().count();
        (words_between <= WORDS_BETWEEN && !between.contains([',', ';', ':'])).then_some(&text[negation])
    }

    /// What one migrates *to* is demanded; what one migrates from exists.
    pub(super) fn is_target(&self) -> bool {
        self.before(cell!("migration-target")).is_some()
    }

    /// A phrase of a cell right before the mention, or before the list of names that it stands in: an article and an
    /// adjective may stand between.
    fn before(&self, cell: Option<Cell>) -> Option<Range<usize>> {
        let mut hits = self.hits(cell).peekable();
        hits.peek()?;
        let starts = self.list_starts();
        hits.find(|hit| starts.iter().any(|start| hit.end <= *start && start - hit.end < ARTICLE))
    }

    /// Where the mention starts, and those that stand before it in a list: "X, Y and Z".
    fn list_starts(&self) -> Vec<usize> {
        let text = self.reading.text(self.block);
        let mut starts = vec![self.at.start];
        let before = self.range.start..self.at.start;
        for mention in self.reading.mentions_in(self.block, &before).iter().rev() {
            let next = *starts.last().unwrap_or(&self.at.start);
            if is_in_list(&text[mention.end..next], self.reading.lang(self.block)) {
                starts.push(mention.start);
            }
        }
        starts
    }

    /// Whether the sentence is about what is handed over: a deliverable that must be compatible with one
    /// product is a demand for that product.
    pub(super) fn is_of_deliverable(&self) -> bool {
        self.hits(cell!("deliverable")).next().is_some_and(|thing| {
            thing.end <= self.at.start && self.hits(cell!("interface-word")).all(|word| thing.end <= word.start)
        })
    }

    /// Whether the name stands right behind a label of few words: "Virus scanner: X on each device".
    fn is_labelled(&self) -> bool {
        let before = self.reading.text(self.block)[self.range.start..self.at.start].trim_end();
        before.strip_suffix(':').is_some_and(|label| {
            !label.trim().is_empty() && !label.contains([':', '.', ',']) && label.split_whitespace().count() <= LABEL
        })
    }

    /// A list item, a table cell or a paragraph with a number of its own ("K-03", "(4)", "5.2"): needs no verb under a
    /// heading of requirements.
    pub(super) fn is_item(&self) -> bool {
        let block = &self.reading.document.blocks[self.block];
        // A line of a table of contents.
        if block.text.contains(LEADERS) {
            return false;
        }
        match block.kind {
            BlockKind::ListItem { .. } | BlockKind::TableCell => true,
            BlockKind::Paragraph => {
                block.anchor.number.is_some() || begins_with_number(&block.text) || self.is_labelled()
            }
            _ => false,
        }
    }

    /// Whether the sentence begins with what is supplied, or a verb in the present stands right before the mention: among
    /// requirements "The database is X" and "loans are handled by X" demand X. What is denied or given as an example demands nothing without a verb of duty.
    pub(super) fn tells_of_thing(&self) -> bool {
        let begins = |thing: &Range<usize>| thing.start <= self.range.start + ARTICLE && thing.end <= self.at.start;
        (self.hits(cell!("specified-thing")).any(|thing| begins(&thing))
            || self.before(cell!("present-verb")).is_some())
            && [cell!("negation"), cell!("example-marker")].into_iter().all(|cell| self.first(cell).is_none())
    }

    /// The first block under its heading: where the object of a contract is said.
    pub(super) fn opens_section(&self) -> bool {
        let block = &self.reading.document.blocks[self.block];
        matches!(block.kind, BlockKind::Heading { .. }) || block.parent.is_some_and(|heading| heading + 1 == self.block)
    }
}
