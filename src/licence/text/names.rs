//! Texts that are no known licence: whether they call themselves by the name of one.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

use super::find::Text;
use super::index::Kind;
use super::{Lines, Region, Verdict, bytes};
use crate::licence::table::{self, Class};
use crate::licence::words;

use super::index::INDEX;

/// Least words for a text to be worth a region of its own.
const LEAST_WORDS: usize = 12;
/// Most words of a name.
const LONGEST_NAME: usize = 12;

/// Names by their first word: all their words, and the id.
type Names = HashMap<u32, Vec<(Vec<u32>, &'static str)>>;

/// Names of licences as runs of word keys.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names::new();
    for (name, id) in table::names() {
        let keys: Vec<u32> = words::words(name, &INDEX.equivalents).iter().map(|word| word.key).collect();
        if (2..=LONGEST_NAME).contains(&keys.len()) {
            names.entry(keys[0]).or_default().push((keys, id));
        }
    }
    for candidates in names.values_mut() {
        candidates.sort_by_key(|(keys, id)| (std::cmp::Reverse(keys.len()), *id));
    }
    names
});

/// Phrases of licences outside the SPDX list.
static MARKERS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    table::others()
        .filter(|other| !other.marker.is_empty())
        .filter_map(|other| {
            let regex = RegexBuilder::new(other.marker).case_insensitive(true).build().ok()?;
            Some((regex, other.facts.id))
        })
        .collect()
});

/// The region for a text in which no licence was found; `None` where it is too short to be one, or where notices
/// explain it.
pub fn unknown(text: &Text<'_>, lines: &Lines, regions: &[Region]) -> Option<Region> {
    if text.words.len() < LEAST_WORDS || !regions.is_empty() {
        return None;
    }
    let span = bytes(text, 0, text.words.len());
    let marked = MARKERS.iter().find(|(marker, _)| marker.is_match(text.source)).map(|(_, id)| *id);
    // Reserved rights say nothing where a licence is named.
    let named = named(text);
    let marked = marked.filter(|id| named.is_none() || table::class(id) != Class::Proprietary);
    let (ids, verdict) = match (marked, named) {
        (Some(id), _) => (vec![id], Verdict::Unmodified),
        (None, Some(id)) => (vec![id], Verdict::NamesOnly),
        (None, None) => (Vec::new(), Verdict::Unknown),
    };
    Some(Region {
        first_line: lines.of(span.start),
        last_line: lines.of(span.end.saturating_sub(1)),
        span,
        kind: Kind::Licence,
        ids,
        language: "",
        verdict,
    })
}

/// The first licence that a text names.
fn named(text: &Text<'_>) -> Option<&'static str> {
    (0..text.words.len()).find_map(|at| {
        let candidates = NAMES.get(&text.words[at].key)?;
        candidates
            .iter()
            .find(|(keys, _)| {
                text.words.len() >= at + keys.len()
                    && keys.iter().zip(&text.words[at..]).all(|(key, word)| *key == word.key)
            })
            .map(|(_, id)| *id)
    })
}
