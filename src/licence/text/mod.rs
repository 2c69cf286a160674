//! Licence texts: which licence a file holds, and what was changed in it.
//!
//! The answer is no degree of likeness but a comparison word by word: the text is decoded and read as words
//! ([`super::words`]), the most likely texts of the SPDX list and of other collections are found by the runs of
//! words they share with it (`find`), aligned with it (`align`), and the differences are weighed by the marks of
//! the SPDX templates, which say what may be left out and what may be replaced (`compare`). What stands beside
//! the licence is read too (`beside`): a sentence that may set a condition is a change, wherever it stands.

mod align;
mod beside;
mod compare;
mod decode;
mod find;
mod index;
mod names;

use std::ops::Range;

pub use decode::decode;
pub use index::Kind;

use compare::{Comparison, Difference};
use find::{Hit, Text};
use index::{INDEX, Template};

use super::table::Class;
use super::tag::{self, TagKind};
use super::{expression, grant, table};

/// What a file's text was found to be.
#[derive(Debug, Clone, Default)]
pub struct Identification {
    /// The decoded text; all offsets are bytes of it. For UTF-8 files they are those of the file, less a byte
    /// order mark.
    pub text: String,
    /// In the order of the text, not overlapping.
    pub regions: Vec<Region>,
    /// SPDX expressions that the file puts itself under without giving a licence's text: tags and notices in
    /// words. Empty where a licence text is there, or where a condition stands beside the notice.
    pub notices: Vec<String>,
}

/// A stretch of a file that holds one licence, exception or notice, or a longer text that is none of them.
#[derive(Debug, Clone)]
pub struct Region {
    /// Bytes of the decoded text, half-open.
    pub span: Range<usize>,
    /// Lines, 1-based, the last inclusive.
    pub first_line: usize,
    pub last_line: usize,
    pub kind: Kind,
    /// SPDX ids that the text can be: one, or the `-only` and `-or-later` of a family, which share their text.
    /// Empty for an unknown text.
    pub ids: Vec<&'static str>,
    /// ISO 639-1, of the text that was recognised.
    pub language: &'static str,
    pub verdict: Verdict,
}

/// What was found about a region's text.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The licence, word for word, as far as words count.
    Unmodified,
    /// The licence with words added, removed or exchanged.
    Changed(Vec<Change>),
    /// The licence without its beginning or end. `coverage`: share of the words that are there, 0 to 1.
    Incomplete { coverage: f32, changes: Vec<Change> },
    /// The text calls itself by the licence's name but is another text.
    NamesOnly,
    /// No licence that is known.
    Unknown,
}

/// Words that were added to a licence or removed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub kind: ChangeKind,
    /// Bytes of the decoded text; empty where words were removed, and then the place where they are missing.
    pub span: Range<usize>,
    /// Line of the beginning, 1-based.
    pub line: usize,
    /// The words: those of the file where added, those of the licence, in lower case, where removed.
    pub text: String,
}

/// Whether words were added or taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Added,
    Removed,
}

/// Most regions of one file; a longer list of notices is cut.
const MOST_REGIONS: usize = 200;
/// Least share of a text's required words for it to be that text with changes.
const LEAST_CHANGED: f32 = 0.6;
/// Least share of the required words for a text that only lacks its end or beginning.
const LEAST_INCOMPLETE: f32 = 0.25;
/// Least words of an incomplete text.
const LEAST_WORDS: usize = 25;
/// Most changes, per word that is there, for a text to be that licence at all.
const MOST_CHANGED: f32 = 0.5;

/// Identifies the licences of a file.
pub fn identify(bytes: &[u8]) -> Identification {
    let source = decode(bytes);
    let text = Text::new(&source);
    let mut found = find_all(&text);
    found.sort_by_key(|found| found.comparison.start);
    let mut regions = judge_all(&text, found);
    let notices = notices(&text, &regions);
    if !notices.is_empty() {
        regions.retain(|region| region.verdict != Verdict::NamesOnly && region.verdict != Verdict::Unknown);
    }
    Identification { text: source.into_owned(), regions, notices }
}

/// Identifies the licences in a file whose purpose is another one, such as a source file: what stands beside them
/// is not judged.
pub fn identify_within(bytes: &[u8]) -> Identification {
    let source = decode(bytes);
    let text = Text::new(&source);
    let lines = Lines::new(&source);
    let mut found = find_all(&text);
    found.sort_by_key(|found| found.comparison.start);
    let mut regions: Vec<_> =
        found.into_iter().map(|found| region(&text, &lines, found.template, &found.comparison)).collect();
    for notice in regions.iter_mut().filter(|region| region.kind == Kind::Header) {
        notice.verdict = Verdict::Unmodified;
    }
    Identification { text: source.into_owned(), regions, notices: Vec::new() }
}

/// The licences that a file without a licence text says it is under.
fn notices(text: &Text<'_>, regions: &[Region]) -> Vec<String> {
    let texts = regions.iter().any(|region| {
        let reserved = region.ids.first().is_some_and(|id| table::class(id) == Class::Proprietary);
        region.verdict != Verdict::NamesOnly && region.verdict != Verdict::Unknown && !reserved
    });
    if texts || matches!(beside::judge(text, 0, text.words.len()), beside::Beside::Condition { .. }) {
        return Vec::new();
    }
    let tags = tag::tags(text.source).into_iter().filter(|tag| tag.kind == TagKind::Identifier);
    let mut values: Vec<String> = tags.map(|tag| tag.value).collect();
    if values.is_empty() {
        values.extend(grant::notices(text.source).into_iter().map(|tag| tag.value));
    }
    let expressions = values.iter().map(|value| expression::parse(value));
    let mut expressions: Vec<String> =
        expressions.filter(|expression| expression.node.is_some()).map(|expression| expression.to_string()).collect();
    expressions.sort();
    expressions.dedup();
    expressions
}

/// A template found in the text.
struct Found {
    template: &'static Template,
    comparison: Comparison,
}

/// Finds the best template, then the best in what is left, until nothing is left that is like a licence.
fn find_all(text: &Text<'_>) -> Vec<Found> {
    let mut hits = find::hits(text);
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let mut all = Vec::new();
    while all.len() < MOST_REGIONS && !hits.is_empty() {
        let Some(found) = best(text, &hits, &taken) else { break };
        let (start, end) = (found.comparison.start, found.comparison.end);
        taken.push((start, end));
        taken.sort_unstable();
        hits.retain(|hit| (hit.text as usize) < start || hit.text as usize >= end);
        all.push(found);
    }
    all
}

/// The template that explains most of what is left of the text.
fn best(text: &Text<'_>, hits: &[Hit], taken: &[(usize, usize)]) -> Option<Found> {
    let mut best: Option<(f32, Found)> = None;
    let mut whole: Option<(f32, Found)> = None;
    // Runs of a template that is there word for word: one that shares far fewer can't explain more.
    let mut enough = 0;
    for candidate in find::candidates(hits) {
        if candidate.found * 10 < enough * 9 {
            continue;
        }
        let template = INDEX.template(candidate.template);
        let chain = candidate.chain();
        let Some(first) = chain.first().map(|hit| hit.text as usize) else { continue };
        // A chain must not lead across a stretch that is another licence.
        let (from, to) = free_around(first, taken, text.words.len());
        let chain: Vec<Hit> = chain.into_iter().filter(|hit| (hit.text as usize) < to).collect();
        let pairs = align::align(template, text, &chain, from, to);
        let Some(comparison) = compare::compare(template, text, &pairs) else { continue };
        if !is_that_text(template, &comparison) {
            continue;
        }
        if comparison.is_exact() {
            enough = enough.max(candidate.found);
        }
        let score = comparison.score();
        // Of two texts that explain as much, the one with the plainer id.
        let plainer = |found: &Found| (template.id.len(), template.id) < (found.template.id.len(), found.template.id);
        let better = |best: &Option<(f32, Found)>| {
            best.as_ref().is_none_or(|(highest, found)| score > *highest || score == *highest && plainer(found))
        };
        if template.kind == Kind::Licence && comparison.is_whole() && better(&whole) {
            whole = Some((score, Found { template, comparison: comparison.clone() }));
        }
        if better(&best) {
            best = Some((score, Found { template, comparison }));
        }
    }
    // Two short licences one after the other are not the half of a long one.
    let (_, best) = best?;
    match whole.filter(|(_, whole)| best.is_half() && whole.comparison.matched * 5 > best.comparison.matched) {
        Some((_, whole)) => Some(whole),
        None => Some(best),
    }
}

impl Found {
    /// Whether a large part of the template lacks, and the rest does not fit either.
    fn is_half(&self) -> bool {
        self.comparison.coverage() < 0.85 && !self.comparison.differences.is_empty()
    }
}

/// The stretch around a word that no licence has taken.
fn free_around(word: usize, taken: &[(usize, usize)], words: usize) -> (usize, usize) {
    let from = taken.iter().filter(|(_, end)| *end <= word).map(|(_, end)| *end).max().unwrap_or(0);
    let to = taken.iter().filter(|(start, _)| *start > word).map(|(start, _)| *start).min().unwrap_or(words);
    (from, to)
}

/// Whether enough of the template is there to speak of that licence.
fn is_that_text(template: &Template, comparison: &Comparison) -> bool {
    let coverage = comparison.coverage();
    let changed = (comparison.missing_between + comparison.added) as f32 / comparison.matched_all.max(1) as f32;
    if template.kind != Kind::Licence {
        // Notices and exceptions are short and say the same in few words: most of them must be there.
        return coverage >= 0.75 && changed <= 0.3;
    }
    let cut = coverage >= LEAST_INCOMPLETE && comparison.matched >= LEAST_WORDS && changed <= 0.15;
    (coverage >= LEAST_CHANGED && changed <= MOST_CHANGED) || cut
}

/// Verdicts for all that was found, and for what stands between.
fn judge_all(text: &Text<'_>, found: Vec<Found>) -> Vec<Region> {
    let lines = Lines::new(text.source);
    let mut regions: Vec<Region> = Vec::new();
    // Changes that stand before the first licence belong to it.
    let mut pending = Vec::new();
    let mut at = 0;
    for Found { template, comparison } in found {
        let changes = changes_beside(text, &lines, at, comparison.start);
        match regions.iter_mut().rev().find(|region| region.kind == Kind::Licence) {
            Some(last) => add_changes(&mut last.verdict, changes),
            None => pending.extend(changes),
        }
        at = comparison.end;
        let mut region = region(text, &lines, template, &comparison);
        if region.kind == Kind::Licence && !pending.is_empty() {
            let mut before = std::mem::take(&mut pending);
            match &mut region.verdict {
                Verdict::Changed(changes) | Verdict::Incomplete { changes, .. } => {
                    before.append(changes);
                    *changes = before;
                }
                verdict => add_changes(verdict, before),
            }
        }
        regions.push(region);
    }
    let rest = changes_beside(text, &lines, at, text.words.len());
    // A file that only holds a notice stands for its licence, unless a condition stands beside it.
    let bearer = regions.iter().rposition(|region| region.kind == Kind::Licence);
    if let Some(last) = bearer.or_else(|| regions.len().checked_sub(1)) {
        pending.extend(rest);
        add_changes(&mut regions[last].verdict, pending);
    } else if let Some(unknown) = names::unknown(text, &lines, &regions) {
        regions.push(unknown);
        regions.sort_by_key(|region| region.span.start);
    }
    regions
}

fn add_changes(verdict: &mut Verdict, more: Vec<Change>) {
    if more.is_empty() {
        return;
    }
    match verdict {
        Verdict::Changed(changes) | Verdict::Incomplete { changes, .. } => changes.extend(more),
        verdict => *verdict = Verdict::Changed(more),
    }
}

/// What stands beside the licences and may be a condition.
fn changes_beside(text: &Text<'_>, lines: &Lines, start: usize, end: usize) -> Vec<Change> {
    if start >= end {
        return Vec::new();
    }
    match beside::judge(text, start, end) {
        beside::Beside::Harmless => Vec::new(),
        beside::Beside::Condition { start, end } => vec![added(text, lines, start, end)],
    }
}

fn added(text: &Text<'_>, lines: &Lines, start: usize, end: usize) -> Change {
    let span = bytes(text, start, end);
    let line = lines.of(span.start);
    Change { kind: ChangeKind::Added, text: beside::plain(&text.source[span.clone()]), line, span }
}

/// The verdict on a template that was found.
fn region(text: &Text<'_>, lines: &Lines, template: &'static Template, comparison: &Comparison) -> Region {
    let mut changes: Vec<Change> = Vec::new();
    for difference in &comparison.differences {
        match difference {
            // A notice names the program; only a condition changes it.
            Difference::Added { start, end }
                if template.kind == Kind::Header && beside::judge(text, *start, *end) == beside::Beside::Harmless => {}
            Difference::Removed { .. } if template.kind == Kind::Header => {}
            Difference::Added { start, end } => {
                // What was torn apart by a few equal words is one change.
                if let Some(last) = changes.last_mut().filter(|last| last.kind == ChangeKind::Added) {
                    let gap = text.words[*start].start as usize - last.span.end.min(text.words[*start].start as usize);
                    if gap <= 24 {
                        let span = last.span.start..text.words[end - 1].end as usize;
                        last.text = beside::plain(&text.source[span.clone()]);
                        last.span = span;
                        continue;
                    }
                }
                changes.push(added(text, lines, *start, *end));
            }
            Difference::Removed { start, end, at } => {
                let place = text.words.get(*at).map_or(text.source.len(), |word| word.start as usize);
                let words: Vec<_> = template.words[*start..*end].iter().map(|word| INDEX.spelling(*word)).collect();
                changes.push(Change {
                    kind: ChangeKind::Removed,
                    span: place..place,
                    line: lines.of(place),
                    text: words.join(" "),
                });
            }
        }
    }
    let missing = comparison.missing_head + comparison.missing_tail;
    let verdict = if missing > tolerated_cut(template) {
        Verdict::Incomplete { coverage: comparison.coverage(), changes }
    } else if changes.is_empty() {
        Verdict::Unmodified
    } else {
        Verdict::Changed(changes)
    };
    let span = bytes(text, comparison.start, comparison.end);
    Region {
        first_line: lines.of(span.start),
        last_line: lines.of(span.end.saturating_sub(1)),
        span,
        kind: template.kind,
        ids: family(template),
        language: template.language,
        verdict,
    }
}

/// Words that may lack at either end before a text counts as cut: a title or a closing line.
fn tolerated_cut(template: &Template) -> usize {
    (template.required / 100).min(12) + 2
}

/// The ids that share a template's text. A notice says whether later versions are allowed, a licence does not.
fn family(template: &Template) -> Vec<&'static str> {
    let mut ids = vec![template.id];
    if let (Kind::Licence, Some(base)) = (template.kind, template.id.strip_suffix("-only")) {
        ids.extend(table::canonical_id(&format!("{base}-or-later")));
    }
    ids
}

fn bytes(text: &Text<'_>, start: usize, end: usize) -> Range<usize> {
    let first = text.words.get(start).map_or(0, |word| word.start as usize);
    let last = end.checked_sub(1).and_then(|last| text.words.get(last)).map_or(first, |word| word.end as usize);
    first..last.max(first)
}

/// Line numbers by byte.
struct Lines(Vec<usize>);

impl Lines {
    fn new(source: &str) -> Lines {
        Lines(source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    /// The line of a byte, 1-based.
    fn of(&self, byte: usize) -> usize {
        self.0.partition_point(|end| *end < byte) + 1
    }
}
