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

/// A template with the hits that lie on one line through the text, in order.
pub struct Candidate {
    pub template: usize,
    pub chain: Vec<Hit>,
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
        hits.extend(INDEX.run(key).iter().map(|(template, place)| Hit {
            template: *template,
            text: first,
            place: *place,
        }));
        if hits.len() > MOST_HITS {
            break;
        }
    }
    hits.sort_unstable();
    hits
}

/// The most likely templates, best first. `hits` are sorted.
pub fn candidates(hits: &[Hit]) -> Vec<Candidate> {
    let mut promising: Vec<(usize, usize, &[Hit])> = hits
        .chunk_by(|one, next| one.template == next.template)
        .filter_map(|group| {
            let runs = INDEX.templates[group[0].template as usize].runs;
            // Repeated copies must not make up for missing parts.
            let distinct = distinct_places(group);
            let missing = runs.saturating_sub(distinct);
            (distinct * 4 > missing).then_some((distinct, missing, group))
        })
        .collect();
    // The longest, of which a part may be missing, and the most complete, of which there may be several.
    let complete = best_by(&mut promising, 1.5);
    let longest = best_by(&mut promising, 0.25);
    let mut chosen: Vec<&[Hit]> = longest;
    chosen.extend(
        complete
            .into_iter()
            .filter(|group| !promising[..SHORT_LIST.min(promising.len())].iter().any(|one| one.2[0] == group[0])),
    );
    chosen.into_iter().map(|group| Candidate { template: group[0].template as usize, chain: chain(group) }).collect()
}

/// The groups with the most hits, less `weight` for each run that is missing.
fn best_by<'a>(promising: &mut [(usize, usize, &'a [Hit])], weight: f32) -> Vec<&'a [Hit]> {
    let promise = |one: &(usize, usize, &[Hit])| one.0 as f32 - weight * one.1 as f32;
    promising.sort_by(|one, other| promise(other).total_cmp(&promise(one)).then(one.2[0].cmp(&other.2[0])));
    promising.iter().take(SHORT_LIST).map(|(_, _, group)| *group).collect()
}

fn distinct_places(group: &[Hit]) -> usize {
    let mut places: Vec<u32> = group.iter().map(|hit| hit.place).collect();
    places.sort_unstable();
    places.dedup();
    places.len()
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
