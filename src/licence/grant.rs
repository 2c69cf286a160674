//! Notices in words: “licensed under the EUPL, version 1.2”.
//!
//! How languages put it and how licences are called is data: `rules/knowledge/licence-grants.tsv` and
//! `licence-families.tsv`. The notices of the SPDX list are found by their text.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Regex, RegexSet, RegexSetBuilder};

use super::table::{self, rows};
use super::tag::{Tag, TagKind};

/// A licence family and how it is called.
struct Family {
    pattern: Regex,
    id: &'static str,
    kind: FamilyKind,
    default: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FamilyKind {
    /// Version and `-only` or `-or-later` make the id.
    Gnu,
    Versioned,
    Fixed,
}

static FAMILIES: LazyLock<(RegexSet, Vec<Family>)> = LazyLock::new(|| {
    let families: Vec<Family> = rows("knowledge/licence-families.tsv")
        .filter_map(|row| {
            let kind = match row.get("kind") {
                "gnu" => FamilyKind::Gnu,
                "versioned" => FamilyKind::Versioned,
                _ => FamilyKind::Fixed,
            };
            let pattern = Regex::new(row.get("pattern")).ok()?;
            Some(Family { pattern, id: row.get("id"), kind, default: row.get("default") })
        })
        .collect();
    let set = RegexSetBuilder::new(families.iter().map(|family| family.pattern.as_str())).build();
    (set.unwrap_or_else(|_| RegexSet::empty()), families)
});

static GRANTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let patterns: Vec<_> = rows("knowledge/licence-grants.tsv").map(|row| row.get("pattern")).collect();
    Regex::new(&patterns.join("|")).ok()
});

/// A version after the name of a licence, or before it (`version 2 of the`).
static VERSION_AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[\W_]{0,6}(?:\([\w .\x22-]{1,20}\)[\W_]{0,4})?v?[ .]{0,2}(\d(?:\.\d+){0,2})|\bv(?:ersion|ersie)?\W{0,3}(\d(?:\.\d+){0,2})",
    )
    .ok()
});
static VERSION_BEFORE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"v(?:ersion|ersie)? ?(\d(?:\.\d)?)[^.]{0,40}$").ok());
static LATER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"or,? \(?at your (?:option|choice)\)?,? any later|or any (?:later|newer)|or later|or newer|and later|any later version|ou \(?[^)]{0,40}\)?,? ?(?:toute )?(?:autre )?version (?:ultérieure|postérieure)|oder \(?[^)]{0,40}\)? ?(?:jeder|einer)? ?späteren?|of \(?[^)]{0,40}\)? ?(?:een |elke )?latere|(?:cualquier )?versión posterior|\d ?\+|o (?:qualsiasi )?versione successiva",
    )
    .ok()
});

/// Longest way from the words of a grant to the name of the licence, in bytes.
const REACH: usize = 220;
/// Longest way from a licence's name to its version, and to the words on later versions.
const VERSION_REACH: usize = 110;
const LATER_REACH: usize = 260;

/// Text on one line in lower case, with its places in the source.
struct Folded {
    text: String,
    /// Per word: its place here and in the source.
    places: Vec<(usize, usize)>,
}

impl Folded {
    fn new(source: &str) -> Folded {
        let mut folded = Folded { text: String::with_capacity(source.len()), places: Vec::new() };
        let mut at = 0;
        for piece in source.split(char::is_whitespace) {
            let start = at;
            at += piece.len() + source[at + piece.len()..].chars().next().map_or(0, char::len_utf8);
            let word = piece.trim_start_matches(['*', '#', '/', ';', '%', '!', '|', '>', '-']);
            if word.is_empty() {
                continue;
            }
            if !folded.text.is_empty() {
                folded.text.push(' ');
            }
            folded.places.push((folded.text.len(), start + piece.len() - word.len()));
            folded.text.extend(word.chars().flat_map(char::to_lowercase));
        }
        folded
    }

    /// The place in the source of a place here; exact at the start of a word.
    fn source(&self, at: usize) -> usize {
        let word = self.places.partition_point(|(place, _)| *place <= at).checked_sub(1);
        word.map_or(0, |word| self.places[word].1)
    }
}

/// The licences that a text puts itself under in words, one tag a sentence.
pub fn notices(source: &str) -> Vec<Tag> {
    let folded = Folded::new(source);
    let Some(grants) = GRANTS.as_ref() else { return Vec::new() };
    let mut tags: Vec<Tag> = Vec::new();
    let mut end = 0;
    for grant in grants.find_iter(&folded.text) {
        if grant.start() < end {
            continue;
        }
        let window = boundary(&folded.text, grant.start(), REACH);
        let named = named(&folded.text, grant.start()..window);
        let (Some(first), Some(last)) = (named.first(), named.last()) else { continue };
        end = last.0.end;
        let between = &folded.text[grant.start()..last.0.end];
        let choice =
            named.len() > 1 && (between.contains(" or ") || between.contains("either") || between.contains("/"));
        let mut ids: Vec<String> = named.iter().map(|(_, id)| id.clone()).collect();
        ids.dedup();
        let value = ids.join(if choice { " OR " } else { " AND " });
        if tags.iter().any(|tag| tag.value == value) {
            continue;
        }
        let start = folded.source(first.0.start);
        let span = start..folded.source(last.0.end.saturating_sub(1)).max(start);
        let line = source[..start].matches('\n').count() + 1;
        tags.push(Tag { kind: TagKind::Notice, span, line, value });
    }
    tags
}

/// The first sentence end, or `reach` bytes, after `start`.
fn boundary(text: &str, start: usize, reach: usize) -> usize {
    let end = (start + reach).min(text.len());
    let end = (0..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    text[start..end].find(". ").map_or(end, |stop| start + stop + 1)
}

/// The licences named in a range, in order, with their place.
fn named(text: &str, range: Range<usize>) -> Vec<(Range<usize>, String)> {
    let (set, families) = &*FAMILIES;
    let window = &text[range.clone()];
    let mut found: Vec<(Range<usize>, &Family)> = set
        .matches(window)
        .into_iter()
        .filter_map(|at| families.get(at))
        .flat_map(|family| {
            family
                .pattern
                .find_iter(window)
                .map(move |name| (range.start + name.start()..range.start + name.end(), family))
        })
        .collect();
    found.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
    let mut named: Vec<(Range<usize>, String)> = Vec::new();
    let mut end = 0;
    for (place, family) in found {
        if place.start < end {
            continue;
        }
        end = place.end;
        if let Some(id) = family.id_at(text, &place)
            && named.last().is_none_or(|(_, last)| *last != id)
        {
            named.push((place, id));
        }
    }
    named
}

impl Family {
    /// The id by the version and the words around a name; `None` where the name alone does not make one.
    fn id_at(&self, text: &str, name: &Range<usize>) -> Option<String> {
        if self.kind == FamilyKind::Fixed {
            return Some(self.id.to_owned());
        }
        let after = &text[name.end..until(text, name.end, VERSION_REACH)];
        let before_start = (0..=name.start.saturating_sub(60)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let before = &text[before_start..name.start];
        let version = VERSION_AFTER
            .as_ref()
            .and_then(|pattern| {
                let parts = pattern.captures(after)?;
                parts.get(1).or(parts.get(2)).map(|version| version.as_str())
            })
            .or_else(|| {
                VERSION_BEFORE
                    .as_ref()
                    .and_then(|pattern| pattern.captures(before)?.get(1).map(|version| version.as_str()))
            })
            .unwrap_or(self.default);
        if version.is_empty() {
            return None;
        }
        let full = if version.contains('.') { version.to_owned() } else { format!("{version}.0") };
        let id = match self.kind {
            FamilyKind::Gnu => {
                let around = &text[before_start..until(text, name.end, LATER_REACH)];
                let later = LATER.as_ref().is_some_and(|pattern| pattern.is_match(around));
                format!("{}-{full}-{}", self.id, if later { "or-later" } else { "only" })
            }
            _ => format!("{}-{full}", self.id),
        };
        table::canonical_id(&id).map(str::to_owned)
    }
}

/// `reach` bytes after `start`, at a character boundary.
fn until(text: &str, start: usize, reach: usize) -> usize {
    let end = (start + reach).min(text.len());
    (start..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(FAMILIES.1.len(), rows("knowledge/licence-families.tsv").count());
        assert_eq!(FAMILIES.0.len(), FAMILIES.1.len());
        assert!(GRANTS.is_some() && VERSION_AFTER.is_some() && VERSION_BEFORE.is_some() && LATER.is_some());
    }

    #[test]
    fn notices_in_words_name_the_licence() {
        for (text, expected) in [
            (
                " * This program is free software: you can redistribute it and/or modify\n * it under the terms of the GNU Affero General Public License as\n * published by the Free Software Foundation, either version 3 of the\n * License, or (at your option) any later version.",
                "AGPL-3.0-or-later",
            ),
            ("it under the terms of the GNU General Public License version 2 as published by the FSF.", "GPL-2.0-only"),
            (
                "# modify it under the terms of version 2.1 of the GNU Lesser General Public\n# License as published by the Free Software Foundation.",
                "LGPL-2.1-only",
            ),
            ("Licensed under the Apache License, Version 2.0 (the \"License\");", "Apache-2.0"),
            ("subject to the terms of the Mozilla Public\n// License, v. 2.0. If a copy", "MPL-2.0"),
            ("Licensed under the EUPL, Version 1.2 or – as soon they will be approved", "EUPL-1.2"),
            ("This project is licensed under the European Union Public Licence v. 1.2.", "EUPL-1.2"),
            ("Use of this source code is governed by a BSD-style license that can be", "BSD-3-Clause"),
            (
                "Licensed under either of Apache License, Version 2.0 or MIT license at your option.",
                "Apache-2.0 OR MIT",
            ),
            ("Ce logiciel est distribué sous licence CeCILL version 2.1.", "CECILL-2.1"),
            (
                "Dieses Programm steht unter der GNU General Public License v3 oder einer späteren Version.",
                "GPL-3.0-or-later",
            ),
            ("Deze software is beschikbaar onder de EUPL 1.2", "EUPL-1.2"),
            ("This text mentions the GNU General Public License version 3 only in passing", ""),
        ] {
            let found = notices(text);
            let values: Vec<_> = found.iter().map(|tag| tag.value.as_str()).collect();
            assert_eq!(values.join("; "), expected, "{text}");
        }
    }
}
