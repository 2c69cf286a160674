//! Which licence texts may stand in a file, and roughly where: runs of words that text and template share,
//! chained in order.

use super::index::{INDEX, RUN, UNKNOWN};
use crate::licence::words::{self, Word};

/// A file's text as words.
pub struct Text<'a> {
    pub source: &'a str,
    pub words: Vec<Word>,
    /// The words' ids in the index, [`UNKNOWN`] where no licence text has the word.
    pub ids: Vec<u16>,
}

impl<'a> Text<'a> {
    pub fn new(source: &'a str) -> Text<'a> {
        let words = words::words(source, &INDEX.equivalents);
        let ids = words.iter().map(|word| INDEX.word(word.key)).collect();
        Text { source, words, ids }
    }

    /// The source of a stretch of words.
    pub fn slice(&self, start: usize, end: usize) -> &'a str {
        match (self.words.get(start), self.words.get(end.wrapping_sub(1))) {
            (Some(first), Some(last)) if start < end => &self.source[first.start as usize..last.end as usize],
            _ => "",
        }
    }
}

/// A run that text and template share: its first word in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    pub template: u32,
    /// Word of the text.
    pub text: u32,
    /// Word of the template.
    pub place: u32,
}

/// A template that may stand in the text, with all its hits.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    pub template: usize,
    /// How many of the template's runs the text has.
    pub found: usize,
    /// How many it does not have.
    missing: usize,
    hits: &'a [Hit],
}

/// Most hits that are looked at; a text beyond that repeats itself.
const MOST_HITS: usize = 2_000_000;
/// Templates of each kind of promise that are compared word by word in one place.
const SHORT_LIST: usize = 10;
/// Hits that a chain looks back.
const LOOK_BACK: usize = 40;
/// What a word costs that only one side has, in hits.
const DRIFT: f32 = 0.06;
/// Most words that may be added or left out between two hits of a chain.
const FARTHEST: i64 = 1200;

/// All runs that the text shares with any template, by template and place in the text.
pub fn hits(text: &Text<'_>) -> Vec<Hit> {
    let places: Vec<usize> = (0..text.words.len()).filter(|word| !text.words[*word].marker).collect();
    let mut hits = Vec::new();
    for run in places.windows(RUN) {
        if run.iter().any(|word| text.ids[*word] == UNKNOWN) {
            continue;
        }
        let key = words::run_key(run.iter().map(|word| text.words[*word].key));
        let first = run[0] as u32;
        hits.extend(INDEX.run(key).map(|(template, place)| Hit { template, text: first, place }));
        if hits.len() > MOST_HITS {
            break;
        }
    }
    by_template(&hits)
}

/// Orders hits by template. They come in the order of the text, and for one word of it in that of the places, so that
/// counting does what sorting would.
fn by_template(hits: &[Hit]) -> Vec<Hit> {
    let Some(most) = hits.iter().map(|hit| hit.template).max() else { return Vec::new() };
    let mut next = vec![0usize; most as usize + 2];
    for hit in hits {
        next[hit.template as usize + 1] += 1;
    }
    for at in 1..next.len() {
        next[at] += next[at - 1];
    }
    let mut ordered = hits.to_vec();
    for hit in hits {
        let place = &mut next[hit.template as usize];
        ordered[*place] = *hit;
        *place += 1;
    }
    ordered
}

/// The most likely templates: the longest, of which a part may be missing, then the most complete, of which there
/// may be several. `hits` are sorted.
pub fn candidates(hits: &[Hit]) -> Vec<Candidate<'_>> {
    let promising: Vec<Candidate<'_>> = hits
        .chunk_by(|one, next| one.template == next.template)
        .filter_map(|hits| {
            let template = hits[0].template as usize;
            if hits.len() * 5 <= INDEX.runs(template) {
                // Not even if each hit were another run.
                return None;
            }
            // Repeated copies must not make up for missing parts.
            let found = distinct_places(hits);
            let missing = INDEX.runs(template).saturating_sub(found);
            (found * 4 > missing).then_some(Candidate { template, found, missing, hits })
        })
        .collect();
    let mut chosen = best_by(&promising, 0.25);
    let complete = best_by(&promising, 1.5);
    let more: Vec<_> =
        complete.into_iter().filter(|one| chosen.iter().all(|other| other.template != one.template)).collect();
    chosen.extend(more);
    chosen
}

/// The templates with the most runs found, less `weight` for each that is missing; [`SHORT_LIST`] of them.
fn best_by<'a>(promising: &[Candidate<'a>], weight: f32) -> Vec<Candidate<'a>> {
    let promise = |one: &Candidate<'_>| one.found as f32 - weight * one.missing as f32;
    let mut sorted = promising.to_vec();
    sorted.sort_by(|one, other| promise(other).total_cmp(&promise(one)).then(one.template.cmp(&other.template)));
    sorted.truncate(SHORT_LIST);
    sorted
}

fn distinct_places(group: &[Hit]) -> usize {
    let mut places: Vec<u32> = group.iter().map(|hit| hit.place).collect();
    places.sort_unstable();
    places.dedup();
    places.len()
}

impl Candidate<'_> {
    /// The hits that lie on one line through the text, in order.
    pub fn chain(&self) -> Vec<Hit> {
        chain(self.hits)
    }
}

/// The heaviest chain of hits that go forward in text and template, less what stands between them.
fn chain(hits: &[Hit]) -> Vec<Hit> {
    let mut best: Vec<(f32, Option<usize>)> = Vec::with_capacity(hits.len());
    for (at, hit) in hits.iter().enumerate() {
        let mut here = (1.0, None);
        for before in (at.saturating_sub(LOOK_BACK)..at).rev() {
            let earlier = hits[before];
            if earlier.text >= hit.text || earlier.place >= hit.place {
                continue;
            }
            let (in_text, in_place) = (hit.text - earlier.text, hit.place - earlier.place);
            let drift = (i64::from(in_text) - i64::from(in_place)).abs();
            if drift > FARTHEST {
                continue;
            }
            let weight = best[before].0 + 1.0 - drift as f32 * DRIFT;
            if weight > here.0 {
                here = (weight, Some(before));
            }
        }
        best.push(here);
    }
    let mut chain = Vec::new();
    let mut next = (0..best.len()).max_by(|one, other| best[*one].0.total_cmp(&best[*other].0).then(other.cmp(one)));
    while let Some(at) = next {
        chain.push(hits[at]);
        next = best[at].1;
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_in_the_order_of_template_text_and_place() {
        let text =
            Text::new(spdx::text::LICENSE_TEXTS.iter().find(|(id, _)| *id == "BSD-3-Clause").map_or("", |t| t.1));
        let found = hits(&text);
        let mut sorted = found.clone();
        sorted.sort_unstable();
        assert!(found.len() > 100 && found == sorted);
    }
}
