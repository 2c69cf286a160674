//! Words that no licence text has: whether they are a copyright line or a known introduction, or may set a
//! condition of their own.
//!
//! The vocabulary is data: `rules/knowledge/licence-conditions.tsv` and `licence-harmless.tsv`.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::find::Text;
use super::index::UNKNOWN;
use crate::licence::table::rows;

/// Words of conditions.
#[derive(Default)]
struct Vocabulary {
    exact: HashSet<&'static str>,
    stems: HashSet<&'static str>,
    /// Two words in a row.
    pairs: Vec<(&'static str, &'static str)>,
}

/// Shortest stem, in characters.
const SHORTEST_STEM: usize = 2;

impl Vocabulary {
    fn read(column: &str) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for row in rows("knowledge/licence-conditions.tsv") {
            for item in row.list(column) {
                if let Some(pair) = item.split_once(' ') {
                    vocabulary.pairs.push(pair);
                } else if let Some(stem) = item.strip_suffix('*') {
                    vocabulary.stems.insert(stem);
                } else {
                    vocabulary.exact.insert(item);
                }
            }
        }
        vocabulary
    }

    fn has(&self, word: &str) -> bool {
        self.exact.contains(word)
            || word.char_indices().skip(SHORTEST_STEM).any(|(end, _)| self.stems.contains(&word[..end]))
            || self.stems.contains(word)
    }

    /// Whether any word, or two in a row, of `text` (lower case) is in the vocabulary.
    fn any(&self, text: &str) -> bool {
        let mut last = "";
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let pair = self.pairs.iter().any(|(first, second)| {
                *first == last && second.strip_suffix('*').map_or(word == *second, |stem| word.starts_with(stem))
            });
            if pair || self.has(word) {
                return true;
            }
            last = word;
        }
        false
    }
}

static CONDITIONS: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::read("words"));
static STRONG: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::read("strong"));

/// Bound of the compiled patterns, in bytes.
const MOST_REGEX: usize = 32 << 20;
/// Longest stretch, in bytes, that a pattern may explain.
const LONGEST_NOTE: usize = 260;

/// Known introductions, notes and endings.
struct Harmless {
    set: RegexSet,
    /// With whether the phrase has no room for other words.
    each: Vec<(Regex, bool)>,
}

static HARMLESS: LazyLock<Harmless> = LazyLock::new(|| {
    // The patterns are compiled by a test, so that one that does not compile never gets here.
    let rows: Vec<_> =
        rows("knowledge/licence-harmless.tsv").map(|row| (row.get("pattern"), row.get("kind") == "fixed")).collect();
    let patterns: Vec<&str> = rows.iter().map(|(pattern, _)| *pattern).collect();
    let set = RegexSetBuilder::new(&patterns).size_limit(MOST_REGEX).build().unwrap_or_else(|_| RegexSet::empty());
    let each = rows
        .iter()
        .filter_map(|(pattern, fixed)| Some((RegexBuilder::new(pattern).size_limit(MOST_REGEX).build().ok()?, *fixed)))
        .collect();
    Harmless { set, each }
});

/// Whether a text could be a name or a list of names: short, and no strong word of a condition in it.
pub fn is_name(text: &str) -> bool {
    text.len() <= 400 && !STRONG.any(&text.to_lowercase())
}

/// Whether every line of words `start..end` is a copyright statement or belongs to one.
pub fn is_copyright(text: &Text<'_>, start: usize, end: usize) -> bool {
    // From the beginning of the line: the word `Copyright` itself may belong to the template.
    let Some(first) = text.words.get(start).filter(|_| start < end) else { return false };
    let line = text.source[..first.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
    let stretch = &text.source[line..text.words[end - 1].end as usize];
    if stretch.is_empty() || stretch.len() > 20_000 {
        return false;
    }
    let mut in_statement = false;
    for line in stretch.lines().filter(|line| line.chars().any(char::is_alphanumeric)) {
        let lower = line.to_lowercase();
        let begins = COPYRIGHT.is_match(&lower);
        // The name may go on in the next line, but a statement is no paragraph.
        if !(begins || in_statement && line.len() <= 120) || line.len() > 300 || STRONG.any(&without_rights(&lower)) {
            return false;
        }
        in_statement = true;
    }
    in_statement
}

static COPYRIGHT: LazyLock<Regex> = LazyLock::new(|| {
    // Signs and words of a copyright statement in the languages of the bundled texts; a bare year or address
    // begins the continuation of a list of holders.
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled by the tests")]
    Regex::new(
        r"copyright|copyleft|\(c\)|©|&copy;|all rights reserved|^\W*(?:portions|parts)\b|^\W*(?:19|20)\d\d\b|@\w|^\W*(?:by|and)\b|urheber|droits? d.auteur|auteursrecht|diritt[oi] d.autore",
    )
    .unwrap()
});

/// A lower-case line without the set phrases on reserved rights.
fn without_rights(line: &str) -> String {
    line.replace("all rights not expressly granted", "").replace("not for profit", "").replace("non-profit", "")
}

/// What words beside a licence text are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// Nothing that could change the licence.
    Harmless,
    /// May set a condition: the words from the first to the last sentence that may.
    Condition { start: usize, end: usize },
}

/// Judges words `start..end`, which stand before, between or after licence texts.
pub fn judge(text: &Text<'_>, start: usize, end: usize) -> Beside {
    let mut first = None;
    let mut last = end;
    for (from, to) in sentences(text, start, end) {
        if !sentence_is_harmless(text, from, to) {
            first.get_or_insert(from);
            last = to;
        }
    }
    first.map_or(Beside::Harmless, |start| Beside::Condition { start, end: last })
}

fn sentence_is_harmless(text: &Text<'_>, start: usize, end: usize) -> bool {
    if is_copyright(text, start, end) {
        return true;
    }
    let lower = without_addresses(&plain(text.slice(start, end)).to_lowercase());
    let mut rest = lower.clone();
    for pattern in HARMLESS.set.matches(&lower) {
        let Some((pattern, fixed)) = HARMLESS.each.get(pattern) else { continue };
        let found: Vec<_> = pattern.find_iter(&rest).map(|found| found.range()).collect();
        for range in found.into_iter().rev() {
            if range.len() <= LONGEST_NOTE && (*fixed || !STRONG.any(&rest[range.clone()])) {
                rest.replace_range(range, " ");
            }
        }
    }
    let words = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    // A heading or a name is no condition, whatever it is called.
    if words == 0 {
        return true;
    }
    if CONDITIONS.any(&rest) {
        // A short heading such as “Conditions” or “Permission notice” stands alone on its line.
        return words <= 3 && !STRONG.any(&rest) && rest.len() == lower.len();
    }
    // A sentence in a language that the tables do not have may say anything.
    words < 8 || known_share(text, start, end) >= 0.3
}

/// The text without web and mail addresses, paths and names of files, which say nothing.
fn without_addresses(text: &str) -> String {
    let is_address = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.contains("://")
            || word.contains('@')
            || word.starts_with("www.")
            || word.contains('/') && word.contains(['.', '_'])
            || word.rsplit_once('.').is_some_and(|(stem, end)| {
                !stem.is_empty() && (2..=4).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
    };
    text.split(' ').filter(|word| !is_address(word)).collect::<Vec<_>>().join(" ")
}

/// Share of the words that some licence text has.
fn known_share(text: &Text<'_>, start: usize, end: usize) -> f32 {
    let known = text.ids[start..end].iter().filter(|id| **id != UNKNOWN).count();
    known as f32 / (end - start).max(1) as f32
}

/// The text on one line: comment leaders and rulers gone, white space folded.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let trimmed = word.trim_start_matches(['*', '#', '/', '>', '|', '=', '-', '_', '~', ';']);
        if trimmed.is_empty() {
            continue;
        }
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(trimmed);
    }
    plain
}

/// Splits words into sentences: at a full stop, question or exclamation mark or semicolon before white space, and at empty
/// lines.
pub fn sentences(text: &Text<'_>, start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut sentences = Vec::new();
    let mut from = start;
    for word in start + 1..end {
        let gap = &text.source[text.words[word - 1].end as usize..text.words[word].start as usize];
        let stop =
            gap.contains(['.', '!', '?', ';']) && gap.contains(char::is_whitespace) || gap.matches('\n').count() >= 2;
        // An abbreviation or initial ends no sentence.
        let previous = text.words[word - 1];
        let initial =
            previous.end - previous.start <= 2 && gap.matches('\n').count() < 2 && !gap.contains(['!', '?', ';']);
        // Nor does one before a small letter: `Example, Inc. are not …`.
        let goes_on = !gap.contains(['!', '?', ';', '\n'])
            && text.source[text.words[word].start as usize..].starts_with(char::is_lowercase);
        if stop && !initial && !goes_on {
            sentences.push((from, word));
            from = word;
        }
    }
    if from < end {
        sentences.push((from, end));
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        let rows = rows("knowledge/licence-harmless.tsv").count();
        assert_eq!(HARMLESS.each.len(), rows);
        assert_eq!(HARMLESS.set.len(), rows);
    }

    #[test]
    fn conditions_are_told_from_notes() {
        for (source, harmless) in [
            ("Copyright (c) 2020 The Example Authors", true),
            ("Copyright (c) 2020, 2021 Example Ltd.\n  Contributor: Anna <anna@example.org>", true),
            ("All rights reserved.", true),
            ("The MIT License (MIT)", true),
            ("Example project\n===============", true),
            ("This project is licensed under the terms of the MIT license:", true),
            ("Third-party notices are listed in NOTICE.md.", true),
            ("Public bodies must buy a subscription.", false),
            ("Copyright (c) 2020 Example. Use by public authorities requires a contract.", false),
            ("The software may not be used commercially.", false),
            ("Toute utilisation commerciale est interdite.", false),
            ("Behörden dürfen die Software nur nach Erwerb einer Lizenz nutzen.", false),
            ("Overheden mogen de software niet zonder abonnement gebruiken.", false),
            ("This software includes a module that public bodies must pay for.", false),
            ("Az ügynökségek és hivatalok előfizetést vesznek, mielőtt használják a programot ott.", false),
        ] {
            let text = Text::new(source);
            let judged = judge(&text, 0, text.words.len());
            assert_eq!(judged == Beside::Harmless, harmless, "{source}");
        }
    }
}
