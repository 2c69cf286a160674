//! "Or equivalent", bound to a mention: whether the words free the product, and how near they stand.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use super::reading::Reading;
use crate::builtin;
use crate::document::BlockKind;
use crate::lang::Lang;
use crate::language::Cell;

/// How near to a mention the words "or equivalent" stand. The order is that of strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// In the clause, list item or table row of the mention, or in the sentence after it that refers back.
    Clause,
    /// In the list's lead-in or in the head of the row or column.
    LeadIn,
    /// Elsewhere in the section.
    Section,
    /// Said once for the whole document.
    Document,
}

/// The words of a language.
struct Words {
    /// Those of its law and their inflections, and the weaker ones that open the door in fact.
    pattern: Option<Regex>,
}

fn words(lang: Lang) -> Option<&'static Words> {
    static ALL: OnceLock<BTreeMap<Lang, (builtin::Row, OnceLock<Words>)>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let table = builtin::file("lexicon/equivalence.tsv").unwrap_or_default();
        builtin::rows(table)
            .filter_map(|row| Some((row.get("language").parse().ok()?, (row, OnceLock::new()))))
            .collect()
    });
    let (row, words) = all.get(&lang)?;
    Some(words.get_or_init(|| {
        let weaker = row.list("weaker").map(|phrase| format!(r"|\b{}\w*", regex::escape(phrase)));
        let pattern = format!("(?i)(?:{}{})", row.get("pattern"), weaker.collect::<String>());
        Words { pattern: Regex::new(&pattern).ok() }
    }))
}

/// Byte ranges of the words "or equivalent" in a text of a language.
fn in_text(text: &str, lang: Lang) -> Vec<Range<usize>> {
    words(lang)
        .and_then(|words| words.pattern.as_ref())
        .map(|pattern| pattern.find_iter(text).map(|found| found.range()).collect())
        .unwrap_or_default()
}

/// Where the nearest "or equivalent" that frees the mention stands; `None` where none does.
///
/// The head noun counts: behind a certificate, an experience or a person the words free no product
/// (cell `equivalence-false-head`), unless they follow the mention at once.
pub fn of_mention(reading: &Reading<'_>, block: usize, at: Range<usize>) -> Option<Reach> {
    let clause = reading.clause(block, at.start);
    if frees(reading, block, clause.clone(), Some(&at))
        || is_measure(reading, block, &at)
        || is_example(reading, block, &clause, &at)
    {
        return Some(Reach::Clause);
    }
    // A table row is one clause.
    if reading.row(block).any(|cell| cell != block && frees(reading, cell, 0..reading.text(cell).len(), None)) {
        return Some(Reach::Clause);
    }
    // The next sentence counts where it refers back.
    if let Some(next) = reading.sentence_after(block, clause.end)
        && frees(reading, block, next.clone(), None)
        && refers_back(&reading.text(block)[next])
    {
        return Some(Reach::Clause);
    }
    for head in reading.heads(block) {
        if frees(reading, head, 0..reading.text(head).len(), None) {
            return Some(Reach::LeadIn);
        }
    }
    if reading.section(block).any(|other| other != block && general(reading, other)) {
        return Some(Reach::Section);
    }
    (0..reading.document.blocks.len()).any(|other| general(reading, other)).then_some(Reach::Document)
}

/// Whether "or equivalent" stands in the range of a block and its head noun is a product.
fn frees(reading: &Reading<'_>, block: usize, range: Range<usize>, mention: Option<&Range<usize>>) -> bool {
    let text = &reading.text(block)[range.clone()];
    let cell = |name| Cell::named(name);
    let mut places: Vec<Range<usize>> =
        in_text(text, reading.lang(block)).into_iter().map(|r| r.start + range.start..r.end + range.start).collect();
    places.extend(reading.hits(block, cell("or-equivalent")).filter(|r| r.start >= range.start && r.end <= range.end));
    places.into_iter().any(|words| {
        let between = match mention {
            Some(at) if at.end <= words.start => at.end..words.start,
            // Words before the mention qualify something else; "equivalent to X" is another cell.
            Some(_) => return false,
            None => range.start..words.start,
        };
        // A noun of certificates or persons right before the words takes them away from the product.
        let near = between.end.saturating_sub(40).max(between.start);
        let false_head = reading
            .hits(block, cell("equivalence-false-head"))
            .any(|noun| noun.start >= near && noun.end <= between.end + 30 && noun.start >= between.start);
        !false_head
    })
}

/// Whether the mention is only what others are measured by: "a mail server equivalent to X".
fn is_measure(reading: &Reading<'_>, block: usize, at: &Range<usize>) -> bool {
    // Other names and the words that join them may stand between: "equivalent to X or Y".
    let joining = |words: &Range<usize>| {
        let mentions = reading.blocks[block].mentions.iter();
        let names: usize = mentions
            .filter(|name| words.end <= name.start && name.end <= at.start)
            .map(|name| name.end - name.start)
            .sum();
        (at.start - words.end).saturating_sub(names)
    };
    reading.hits(block, Cell::named("equivalent-to")).any(|words| words.end <= at.start && joining(&words) < ARTICLE)
}

/// Bytes in which an article finds room.
const ARTICLE: usize = 15;

/// Whether the mention is one of several examples behind a generic noun: "a chat tool such as X or Y". Where
/// the noun is itself a make ("Microsoft services such as SharePoint") the example opens nothing.
fn is_example(reading: &Reading<'_>, block: usize, clause: &Range<usize>, at: &Range<usize>) -> bool {
    let text = reading.text(block);
    reading.hits(block, Cell::named("example-opens")).any(|marker| {
        if marker.start < clause.start || marker.end > at.start {
            return false;
        }
        // Between the marker and the mention only other names, commas and "or".
        let mentions = &reading.blocks[block].mentions;
        let between: usize = mentions
            .iter()
            .filter(|other| other.start >= marker.end && other.end <= at.start)
            .map(|other| other.end - other.start)
            .sum();
        let other_words = text[marker.end..at.start].len() - between;
        let make_before = mentions.iter().any(|other| {
            other.end <= marker.start && marker.start - other.end < MAKE_BEFORE && other.start >= clause.start
        });
        other_words <= 12 + 8 * usize::from(between > 0) && !make_before
    })
}

/// Bytes within which a make before an example marker is taken as its head noun.
const MAKE_BEFORE: usize = 40;

/// A sentence that begins by pointing back, or repeats no noun at all, refers to the one before.
fn refers_back(sentence: &str) -> bool {
    sentence.chars().count() < 160
}

/// Whether a block says for the whole document that equivalents are accepted: the words stand with the
/// generic nouns for products, names and brands.
fn general(reading: &Reading<'_>, block: usize) -> bool {
    !matches!(reading.document.blocks[block].kind, BlockKind::Heading { .. })
        && Cell::named("equivalence-general").is_some_and(|cell| reading.has(block, cell))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{self, Format, Limits};

    /// The sentences of the table, each as the text of a document in its language.
    #[test]
    fn the_words_free_the_product_in_every_language() {
        let table = include_str!("../../tests/judgement/equivalence.tsv");
        let mut wrong = Vec::new();
        for row in builtin::rows(table) {
            let lang: Lang = row.get("language").parse().expect("a language code");
            let text = row.get("text").as_bytes();
            let mut document = document::read(text, "", None, Format::PlainText, &Limits::default()).expect("text");
            document.blocks.iter_mut().for_each(|block| block.language = Some(lang));
            let reading = super::super::reading::read(&document, None);
            let mention = reading.blocks[0].mentions.iter().find(|m| m.things().any(|t| t.name.contains("Exchange")));
            let Some(mention) = mention else {
                wrong.push(format!("{lang}: no mention in “{}”", row.get("text")));
                continue;
            };
            let freed = of_mention(&reading, 0, mention.start..mention.end).is_some();
            if freed != (row.get("frees") == "yes") {
                wrong.push(format!("{lang}: freed is {freed} in “{}”", row.get("text")));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_language_has_a_sentence() {
        let languages = |table: &'static str| -> std::collections::BTreeSet<&str> {
            builtin::rows(table).map(|row| row.get("language")).collect()
        };
        let tried = languages(include_str!("../../tests/judgement/equivalence.tsv"));
        assert_eq!(tried, languages(builtin::file("lexicon/equivalence.tsv").unwrap_or_default()));
    }
}
