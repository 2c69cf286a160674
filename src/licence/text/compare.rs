//! What a text does to a template: words added, words removed, words that may differ.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use regex::{Regex, RegexBuilder};

use super::align::Pairs;
use super::beside;
use super::find::Text;
use super::index::{INDEX, Template, UNKNOWN};

/// One difference. Offsets are words, half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Words of the text that the template does not have.
    Added { start: usize, end: usize },
    /// Words of the template that the text does not have, before word `at` of the text.
    Removed { start: usize, end: usize, at: usize },
}

/// A comparison of a text with a template.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// First word of the text that belongs to the template, and one past the last.
    pub start: usize,
    pub end: usize,
    /// In the order of the text; the cut head and tail are not among them.
    pub differences: Vec<Difference>,
    /// Required words that the text has.
    pub matched: usize,
    /// All words that the text has.
    pub matched_all: usize,
    /// Required words missing at the beginning, at the end, and in between.
    pub missing_head: usize,
    pub missing_tail: usize,
    pub missing_between: usize,
    /// Words added that nothing allows.
    pub added: usize,
    /// Those of them that stand where any name may.
    pub added_to_names: usize,
    /// Words that are let pass: a slip of the pen, another name.
    pub tolerated: usize,
}

impl Comparison {
    /// How well the template explains the text; the best of several templates has the highest.
    pub fn score(&self) -> f32 {
        let cut = self.missing_head + self.missing_tail;
        // A text is cut somewhere in the middle; where little is missing, it is another licence.
        let cut_weight = if self.coverage() > 0.85 { 1.0 } else { 0.1 };
        self.matched_all as f32
            - 3.0 * (self.missing_between + self.added - self.added_to_names) as f32
            - 0.3 * (self.added_to_names + self.tolerated) as f32
            - cut_weight * cut as f32
    }

    /// Whether the template is there word for word.
    pub fn is_exact(&self) -> bool {
        self.differences.is_empty() && self.missing_head + self.missing_tail + self.tolerated == 0
    }

    /// Whether all of the template is there, and nothing else.
    pub fn is_whole(&self) -> bool {
        self.differences.is_empty() && self.missing_head + self.missing_tail == 0
    }

    /// Share of the required words that the text has, between 0 and 1.
    pub fn coverage(&self) -> f32 {
        let required = self.matched + self.missing_head + self.missing_tail + self.missing_between;
        self.matched as f32 / required.max(1) as f32
    }
}

/// Compares by the pairs of equal words, which must not be empty.
pub fn compare(template: &Template, text: &Text<'_>, pairs: &Pairs) -> Option<Comparison> {
    let (first, last) = (*pairs.first()?, *pairs.last()?);
    let mut in_slot = vec![false; template.words.len()];
    for (start, end, _) in &template.slots {
        in_slot[*start..*end].fill(true);
    }
    let mut allowed = vec![false; last.1 + 1 - first.1];
    for (start, end, pattern) in &template.slots {
        let Some(slot) = slot_text(pairs, *start, *end) else { continue };
        // Where required words beside the slot are missing, what stands there may stand for them.
        let beside = slot.places.0..slot.places.1;
        if beside.clone().any(|place| !template.optional[place] && !template.markers[place] && !in_slot[place]) {
            continue;
        }
        // What the template itself has there is allowed, without asking the pattern.
        if slot.places == (*start, *end) && slot.words.1 - slot.words.0 == end - start {
            let own = pairs[pairs.partition_point(|(place, _)| place < start)..].iter().take(end - start).enumerate();
            let same = own.filter(|(at, pair)| **pair == (start + at, slot.words.0 + at)).count();
            if same == end - start {
                allowed[slot.words.0 - pairs[0].1..slot.words.1 - pairs[0].1].fill(true);
                continue;
            }
        }
        let (mut from, to) = slot.words;
        while from < to && text.words[from].marker {
            from += 1;
        }
        if slot_allows(text, from, to, *pattern) {
            allowed[from - first.1..to.max(from) - first.1].fill(true);
        } else if lets_anything_stand(*pattern) {
            for (from, to) in beside::sentences(text, from, to) {
                allowed[from - first.1..to - first.1].fill(beside::is_copyright(text, from, to));
            }
        }
    }
    let mut tolerated = 0;
    let mut any_name = vec![false; allowed.len()];
    for (start, end, pattern) in &template.slots {
        if let Some(slot) = slot_text(pairs, *start, *end).filter(|_| lets_anything_stand(*pattern)) {
            any_name[slot.words.0 - first.1..slot.words.1 - first.1].fill(true);
        }
    }
    let required = |place: usize| !template.optional[place] && !template.markers[place] && !in_slot[place];
    let mut comparison = Comparison {
        start: first.1,
        end: last.1 + 1,
        differences: Vec::new(),
        matched: pairs.iter().filter(|(place, _)| required(*place)).count(),
        matched_all: pairs.len(),
        missing_head: (0..first.0).filter(|place| required(*place)).count(),
        missing_tail: (last.0 + 1..template.words.len()).filter(|place| required(*place)).count(),
        missing_between: 0,
        added: 0,
        added_to_names: 0,
        tolerated: 0,
    };
    for step in pairs.windows(2) {
        let ((place, word), (next_place, next_word)) = (step[0], step[1]);
        if next_place == place + 1 && next_word == word + 1 {
            continue;
        }
        let removed: Vec<_> = (place + 1..next_place).filter(|place| required(*place)).collect();
        let is_added = |word: &usize| !allowed[*word - first.1] && !text.words[*word].marker;
        let added: Vec<_> = (word + 1..next_word).filter(is_added).collect();
        if removed.is_empty() && added.is_empty() {
            continue;
        }
        let gap = Gap { places: (place + 1, next_place), words: (word + 1, next_word) };
        if tolerable(template, text, &gap, &removed, &added) {
            tolerated += removed.len().max(added.len());
            continue;
        }
        comparison.missing_between += removed.len();
        comparison.added += added.len();
        comparison.added_to_names += added.iter().filter(|word| any_name[**word - first.1]).count();
        if let (Some(start), Some(end)) = (added.first(), added.last()) {
            let (start, end) = if removed.is_empty() { to_sentence(text, *start, end + 1) } else { (*start, end + 1) };
            comparison.differences.push(Difference::Added { start, end });
        }
        if let (Some(start), Some(end)) = (removed.first(), removed.last()) {
            comparison.differences.push(Difference::Removed { start: *start, end: end + 1, at: word + 1 });
        }
    }
    comparison.tolerated = tolerated;
    Some(comparison)
}

/// Most words by which an addition is moved.
const FARTHEST_MOVE: usize = 8;

/// An addition can often be cut out in several ways (`[The fee is due.] The` or `The [fee is due. The]`): the one
/// that begins a sentence or a line.
fn to_sentence(text: &Text<'_>, start: usize, end: usize) -> (usize, usize) {
    let begins = |word: usize| {
        word == 0 || {
            let gap = &text.source[text.words[word - 1].end as usize..text.words[word].start as usize];
            gap.contains(['.', '\n', ';', ':'])
        }
    };
    if begins(start) {
        return (start, end);
    }
    for by in 1..=FARTHEST_MOVE.min(start) {
        if text.ids[start - by] != text.ids[end - by] {
            break;
        }
        if begins(start - by) {
            return (start - by, end - by);
        }
    }
    for by in 1..=FARTHEST_MOVE {
        if end + by > text.ids.len() || text.ids[start + by - 1] != text.ids[end + by - 1] {
            break;
        }
        if begins(start + by) {
            return (start + by, end + by);
        }
    }
    (start, end)
}

/// What lies between two pairs: places of the template, words of the text.
struct Gap {
    places: (usize, usize),
    words: (usize, usize),
}

/// Where a slot is between two pairs.
struct SlotText {
    /// Places of the template between the pairs, the slot's among them.
    places: (usize, usize),
    /// Words of the text between the pairs, and those of the slot that are equal.
    words: (usize, usize),
}

/// The words of the text that stand where a slot is: from after the last pair before it to the first pair
/// behind it; at either end of the alignment, the words of the slot itself. `None` where no word of the text can
/// stand there.
fn slot_text(pairs: &Pairs, start: usize, end: usize) -> Option<SlotText> {
    let before = pairs.partition_point(|(place, _)| *place < start);
    let behind = pairs.partition_point(|(place, _)| *place < end);
    let from = match before.checked_sub(1) {
        Some(before) => (pairs[before].0 + 1, pairs[before].1 + 1),
        None if before < behind => (start, pairs[before].1),
        None => return None,
    };
    let to = match pairs.get(behind) {
        Some(pair) => *pair,
        None if before < behind => (end, pairs[behind - 1].1 + 1),
        None => return None,
    };
    Some(SlotText { places: (from.0, to.0), words: (from.1, to.1) })
}

/// Most words of a name in a slot for any text, if it is no copyright statement.
const LONGEST_NAME: usize = 12;

/// Whether a slot's pattern allows what stands in it. Where the pattern lets anything stand, it must read like
/// a name or a copyright statement: a condition is not let in through the place of a name.
fn slot_allows(text: &Text<'_>, from: usize, to: usize, pattern: usize) -> bool {
    if from >= to {
        return true;
    }
    let stretch = text.slice(from, to);
    if lets_anything_stand(pattern) {
        return beside::is_copyright(text, from, to) || to - from <= LONGEST_NAME && beside::is_name(stretch);
    }
    let pattern = INDEX.patterns.get(pattern).copied().unwrap_or_default();
    let open = [".+", ".*", ".{", "[^"].iter().any(|any| pattern.contains(any));
    // The words of the pattern itself are no condition.
    let lower = stretch.to_lowercase();
    let without_own = if pattern.contains("not") { lower.replace("may not", "may") } else { lower };
    if open && !beside::is_name(&without_own) {
        return false;
    }
    matches(pattern, &beside::plain(stretch))
}

/// Whether a pattern allows any text.
fn lets_anything_stand(pattern: usize) -> bool {
    INDEX.patterns.get(pattern).is_some_and(|pattern| ANYTHING.contains(pattern))
}

/// Patterns that allow any text.
const ANYTHING: [&str; 4] = [".+", ".*", ".{0,5000}", ".{1,5000}"];

/// Whether a pattern of the SPDX list matches a text as a whole. A pattern that is no Rust regular expression
/// matches nothing.
fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: LazyLock<Mutex<HashMap<&'static str, Option<Regex>>>> = LazyLock::new(Mutex::default);
    let Ok(mut compiled) = COMPILED.lock() else { return false };
    let regex = compiled.entry(pattern).or_insert_with(|| {
        RegexBuilder::new(&format!(r"^(?:\W*(?:{pattern})\W*)$"))
            .case_insensitive(true)
            .size_limit(1 << 22)
            .build()
            .ok()
    });
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// Differences that do not change a licence: another copyright line, a slip of the pen, a hyphen at the end of a
/// line, an article.
fn tolerable(template: &Template, text: &Text<'_>, gap: &Gap, removed: &[usize], added: &[usize]) -> bool {
    if removed.is_empty() {
        if beside::is_copyright(text, gap.words.0, gap.words.1) || is_address(text, gap) {
            return true;
        }
        // In an appendix that may be left out, names take the place of the sample's.
        let optional = |place: Option<&bool>| place.copied().unwrap_or(false);
        let in_optional = optional(template.optional.get(gap.places.0.wrapping_sub(1)))
            && optional(template.optional.get(gap.places.1));
        if in_optional && added.len() <= 12 && beside::is_name(text.slice(gap.words.0, gap.words.1)) {
            return true;
        }
        return added.iter().all(|word| is_trifle(INDEX.spelling(text.ids[*word])))
            || same_letters(template, text, gap);
    }
    if added.is_empty() {
        return removed.iter().all(|place| is_trifle(INDEX.spelling(template.words[*place])));
    }
    if same_letters(template, text, gap) {
        return true;
    }
    removed.len() == added.len()
        && removed.iter().zip(added).all(|(place, word)| {
            let wanted = INDEX.spelling(template.words[*place]);
            let found = text.slice(*word, word + 1).to_lowercase();
            is_same_but_for_number(wanted, &found) || text.ids[*word] == UNKNOWN && is_slip(wanted, &found)
        })
}

/// Whether two words differ in number only: `names` and `name`, `disclaim` and `disclaims`.
fn is_same_but_for_number(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.len() >= 4 && long.strip_suffix('s') == Some(short)
}

/// Whether the words of a gap belong to a web address of which the template has a part, or are a mail address.
fn is_address(text: &Text<'_>, gap: &Gap) -> bool {
    let (Some(first), Some(last)) = (text.words.get(gap.words.0), text.words.get(gap.words.1.wrapping_sub(1))) else {
        return false;
    };
    let (first, last) = (first.start as usize, last.end as usize);
    if first > last || text.source[first..last].contains(char::is_whitespace) {
        return false;
    }
    let start = text.source[..first].rfind([' ', '\t', '\n', '\r']).map_or(0, |space| space + 1);
    let end = text.source[last..].find(char::is_whitespace).map_or(text.source.len(), |space| last + space);
    let whole = &text.source[start..end];
    let matched_part = text.source[start..first].contains(char::is_alphanumeric)
        || text.source[last..end].contains(char::is_alphanumeric);
    whole.contains("://") && matched_part || whole.contains('@')
}

/// Words whose presence changes nothing.
fn is_trifle(word: &str) -> bool {
    matches!(word, "the" | "a" | "an" | "s")
}

/// Whether both sides of a gap have the same letters, however they are divided into words.
fn same_letters(template: &Template, text: &Text<'_>, gap: &Gap) -> bool {
    let wanted: String = template.words[gap.places.0..gap.places.1].iter().map(|word| INDEX.spelling(*word)).collect();
    let found: String = text
        .slice(gap.words.0, gap.words.1)
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    !wanted.is_empty() && wanted == found
}

/// Whether `found` is `wanted` with one slip of the pen, two in a long word. Numbers allow none.
fn is_slip(wanted: &str, found: &str) -> bool {
    // `œ` is one letter, and the first to be lost between encodings.
    let wanted: Vec<char> = wanted.replace("oe", "œ").chars().collect();
    let found: Vec<char> = found.replace("oe", "œ").chars().collect();
    if wanted.iter().chain(&found).any(char::is_ascii_digit) || wanted.len() < 3 {
        return false;
    }
    distance(&wanted, &found) <= if wanted.len() >= 7 { 2 } else { 1 }
}

/// Damerau–Levenshtein distance (optimal string alignment).
fn distance(one: &[char], other: &[char]) -> usize {
    if one.len().abs_diff(other.len()) > 2 {
        return usize::MAX;
    }
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for (at, row) in rows.iter_mut().enumerate() {
        row[0] = at;
    }
    rows[0] = (0..=other.len()).collect();
    for left in 1..=one.len() {
        for right in 1..=other.len() {
            let change = usize::from(one[left - 1] != other[right - 1]);
            let mut least =
                (rows[left - 1][right] + 1).min(rows[left][right - 1] + 1).min(rows[left - 1][right - 1] + change);
            if left > 1 && right > 1 && one[left - 1] == other[right - 2] && one[left - 2] == other[right - 1] {
                least = least.min(rows[left - 2][right - 2] + 1);
            }
            rows[left][right] = least;
        }
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_words() {
        for (wanted, found, slip) in [
            ("permission", "permision", true),
            ("permission", "pemrission", true),
            ("the", "teh", true),
            ("software", "softwares", true),
            ("without", "with", false),
            ("2004", "2005", false),
            ("of", "off", false),
            ("oeuvre", "uvre", true),
        ] {
            assert_eq!(is_slip(wanted, found), slip, "{wanted} {found}");
        }
    }

    #[test]
    fn number_is_told_from_other_words() {
        for (one, other, same) in
            [("names", "name", true), ("disclaim", "disclaims", true), ("a", "as", false), ("need", "needless", false)]
        {
            assert_eq!(is_same_but_for_number(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn every_pattern_of_the_list_compiles() {
        let broken: Vec<_> = INDEX
            .patterns
            .iter()
            .filter(|pattern| RegexBuilder::new(pattern).case_insensitive(true).build().is_err())
            .collect();
        assert!(broken.is_empty(), "{broken:?}");
    }
}
