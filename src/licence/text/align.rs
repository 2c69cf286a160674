//! Word for word: which words of a text are which words of a template.

use super::find::{Hit, Text};
use super::index::Template;

/// Word of the template and word of the text that are the same, in order.
pub type Pairs = Vec<(usize, usize)>;

/// Most cells of one comparison table; a larger gap counts as exchanged altogether.
const MOST_CELLS: usize = 1_500_000;

/// Aligns a template with the text around a chain of hits, within words `from..to` of the text.
pub fn align(template: &Template, text: &Text<'_>, chain: &[Hit], from: usize, to: usize) -> Pairs {
    let mut pairs: Pairs = Vec::with_capacity(template.words.len());
    for hit in chain {
        let (place, word) = (hit.place as usize, hit.text as usize);
        let (next_place, next_word) = pairs.last().map_or((0, from), |(place, word)| (place + 1, word + 1));
        if place < next_place || word < next_word {
            continue;
        }
        if !pairs.is_empty() {
            between(template, text, (next_place, place), (next_word, word), &mut pairs);
        }
        extend(template, text, place, word, to, &mut pairs);
    }
    head(template, text, from, &mut pairs);
    tail(template, text, to, &mut pairs);
    drop_strays(template, &mut pairs);
    pairs
}

/// Least equal words in a row at either end, if something else stands between them and the rest.
const LEAST_AT_END: usize = 3;

/// Drops words at either end that are equal by chance: few, and torn from the rest by words of the text, or of the
/// template where they may be left out.
fn drop_strays(template: &Template, pairs: &mut Pairs) {
    let torn = |one: (usize, usize), next: (usize, usize), end: usize| {
        next.1 > one.1 + 1 || next.0 > one.0 + 1 && template.optional[end]
    };
    while let Some(at) = (1..pairs.len()).rev().find(|at| torn(pairs[at - 1], pairs[*at], pairs[pairs.len() - 1].0)) {
        if pairs.len() - at >= LEAST_AT_END {
            break;
        }
        pairs.truncate(at);
    }
    while let Some(at) = (1..pairs.len()).find(|at| torn(pairs[at - 1], pairs[*at], pairs[0].0)) {
        if at >= LEAST_AT_END {
            break;
        }
        pairs.drain(..at);
    }
}

/// Takes over equal words from a place on; list markers on either side are passed over.
fn extend(template: &Template, text: &Text<'_>, place: usize, word: usize, to: usize, pairs: &mut Pairs) {
    let (mut place, mut word) = (place, word);
    while place < template.words.len() && word < to {
        if template.words[place] == text.ids[word] {
            pairs.push((place, word));
            place += 1;
            word += 1;
        } else if template.markers[place] {
            place += 1;
        } else if text.words[word].marker {
            word += 1;
        } else {
            break;
        }
    }
}

/// Aligns what lies between two stretches that are aligned: the longest common subsequence.
fn between(template: &Template, text: &Text<'_>, places: (usize, usize), words: (usize, usize), pairs: &mut Pairs) {
    let left = &template.words[places.0..places.1];
    let right = &text.ids[words.0..words.1];
    if left.is_empty() || right.is_empty() {
        return;
    }
    if left.len() == right.len() && left == right {
        pairs.extend((places.0..places.1).zip(words.0..words.1));
        return;
    }
    let width = right.len() + 1;
    if (left.len() + 1) * width > MOST_CELLS {
        return;
    }
    let mut longest = vec![0u16; (left.len() + 1) * width];
    for row in (0..left.len()).rev() {
        for column in (0..right.len()).rev() {
            longest[row * width + column] = if left[row] == right[column] {
                longest[(row + 1) * width + column + 1] + 1
            } else {
                longest[(row + 1) * width + column].max(longest[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < left.len() && column < right.len() {
        if left[row] == right[column] {
            pairs.push((places.0 + row, words.0 + column));
            row += 1;
            column += 1;
        } else if longest[(row + 1) * width + column] >= longest[row * width + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
}

/// Extends the alignment to the beginning of the template, as far as the words before it bear that out.
fn head(template: &Template, text: &Text<'_>, from: usize, pairs: &mut Pairs) {
    let Some((place, word)) = pairs.first().copied() else { return };
    let mut places: Vec<_> = (0..place).rev().collect();
    places.truncate(900);
    let reach = (places.len() * 3 / 2 + 40).min(word - from);
    let words: Vec<_> = (word - reach..word).rev().collect();
    let mut found = extension(template, text, &places, &words);
    found.reverse();
    found.append(pairs);
    *pairs = found;
}

/// Extends the alignment to the end of the template.
fn tail(template: &Template, text: &Text<'_>, to: usize, pairs: &mut Pairs) {
    let Some((place, word)) = pairs.last().copied() else { return };
    let mut places: Vec<_> = (place + 1..template.words.len()).collect();
    places.truncate(900);
    let reach = (places.len() * 3 / 2 + 40).min(to - word - 1);
    let words: Vec<_> = (word + 1..word + 1 + reach).collect();
    pairs.extend(extension(template, text, &places, &words));
}

/// What a pair of equal words weighs against a word that only one side has.
const EQUAL: i32 = 3;

/// The best way on from an aligned place: places and words in the order of going away from it. Ends where
/// going on costs more than it brings.
fn extension(template: &Template, text: &Text<'_>, places: &[usize], words: &[usize]) -> Pairs {
    // Equal words first, without a table.
    let mut found = Pairs::new();
    let (mut left, mut right) = (0, 0);
    while left < places.len() && right < words.len() {
        if template.words[places[left]] == text.ids[words[right]] {
            found.push((places[left], words[right]));
            left += 1;
            right += 1;
        } else if template.markers[places[left]] {
            left += 1;
        } else if text.words[words[right]].marker {
            right += 1;
        } else {
            break;
        }
    }
    let (places, words) = (&places[left..], &words[right..]);
    let width = words.len() + 1;
    if places.is_empty() || words.is_empty() || (places.len() + 1) * width > MOST_CELLS {
        return found;
    }
    let mut weights = vec![0i32; (places.len() + 1) * width];
    for column in 1..width {
        weights[column] = weights[column - 1] - 1;
    }
    let mut best = (0, 0, 0);
    for row in 1..=places.len() {
        let place = places[row - 1];
        let skipped = if free(template, place) { 0 } else { -1 };
        weights[row * width] = weights[(row - 1) * width] + skipped;
        for column in 1..width {
            let equal = template.words[place] == text.ids[words[column - 1]];
            let pair = if equal { weights[(row - 1) * width + column - 1] + EQUAL } else { i32::MIN };
            let weight =
                pair.max(weights[(row - 1) * width + column] + skipped).max(weights[row * width + column - 1] - 1);
            weights[row * width + column] = weight;
            if weight > best.0 {
                best = (weight, row, column);
            }
        }
    }
    let (_, mut row, mut column) = best;
    let mut back = Pairs::new();
    while row > 0 && column > 0 {
        let place = places[row - 1];
        let here = weights[row * width + column];
        let equal = template.words[place] == text.ids[words[column - 1]];
        if equal && here == weights[(row - 1) * width + column - 1] + EQUAL {
            back.push((place, words[column - 1]));
            row -= 1;
            column -= 1;
        } else if here == weights[(row - 1) * width + column] + if free(template, place) { 0 } else { -1 } {
            row -= 1;
        } else {
            column -= 1;
        }
    }
    back.reverse();
    found.extend(back);
    found
}

/// Whether a template's word costs nothing when it is left out.
fn free(template: &Template, place: usize) -> bool {
    template.optional[place] || template.markers[place]
}
