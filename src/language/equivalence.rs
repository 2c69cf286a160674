//! "Or equivalent", bound to a mention: whether the words free the product, and how near they stand.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use super::lexicon::cell;
use super::reading::Reading;
use crate::builtin;
use crate::document::BlockKind;
use crate::lang::Lang;

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
fn in_text(text: &str, lang: Lang) -> impl Iterator<Item = Range<usize>> {
    let pattern = words(lang).and_then(|words| words.pattern.as_ref());
    pattern.into_iter().flat_map(move |pattern| pattern.find_iter(text)).map(|found| found.range())
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
    if general(reading, reading.section(block)).any(|other| other != block) {
        return Some(Reach::Section);
    }
    general(reading, 0..reading.blocks.len()).next().map(|_| Reach::Document)
}

/// Whether "or equivalent" stands in the range of a block and its head noun is a product.
fn frees(reading: &Reading<'_>, block: usize, range: Range<usize>, mention: Option<&Range<usize>>) -> bool {
    let text = &reading.text(block)[range.clone()];
    let in_text = in_text(text, reading.lang(block)).map(|words| words.start + range.start..words.end + range.start);
    in_text.chain(reading.hits_in(block, cell!("or-equivalent"), &range)).any(|words| {
        let between = match mention {
            Some(at) if at.end <= words.start => at.end..words.start,
            // Words before the mention qualify something else; "equivalent to X" is another cell.
            Some(_) => return false,
            None => range.start..words.start,
        };
        // A noun of certificates or persons right before the words takes them away from the product.
        let near = between.end.saturating_sub(40).max(between.start);
        let around = near..between.end + 30;
        reading.hits_in(block, cell!("equivalence-false-head"), &around).next().is_none()
    })
}

/// Whether the mention is only what others are measured by: "a mail server equivalent to X".
fn is_measure(reading: &Reading<'_>, block: usize, at: &Range<usize>) -> bool {
    // Other names and the words that join them may stand between: "equivalent to X or Y".
    let joining =
        |words: &Range<usize>| (at.start - words.end).saturating_sub(names_in(reading, block, &(words.end..at.start)));
    reading.hits(block, cell!("equivalent-to")).any(|words| words.end <= at.start && joining(&words) < ARTICLE)
}

/// Bytes of the names in a range of a block.
fn names_in(reading: &Reading<'_>, block: usize, range: &Range<usize>) -> usize {
    reading.mentions_in(block, range).iter().map(|name| name.end - name.start).sum()
}

/// Bytes in which an article finds room.
const ARTICLE: usize = 15;

/// Whether the mention is one of several examples behind a generic noun: "a chat tool such as X or Y". Where
/// the noun is itself a make ("Microsoft services such as SharePoint") the example opens nothing.
fn is_example(reading: &Reading<'_>, block: usize, clause: &Range<usize>, at: &Range<usize>) -> bool {
    reading.hits_in(block, cell!("example-opens"), &(clause.start..at.start)).any(|marker| {
        // Between the marker and the mention only other names, commas and "or".
        let between = names_in(reading, block, &(marker.end..at.start));
        let other_words = at.start - marker.end - between;
        let before = reading.mentions_in(block, &(clause.start..marker.start));
        other_words <= 12 + 8 * usize::from(between > 0)
            && before.last().is_none_or(|other| marker.start - other.end >= MAKE_BEFORE)
    })
}

/// Bytes within which a make before an example marker is taken as its head noun.
const MAKE_BEFORE: usize = 40;

/// A sentence that begins by pointing back, or repeats no noun at all, refers to the one before.
fn refers_back(sentence: &str) -> bool {
    sentence.chars().count() < 160
}

/// The blocks of a range that say for the whole document that equivalents are accepted: the words stand with the
/// generic nouns for products, names and brands.
fn general<'r>(reading: &'r Reading<'_>, within: Range<usize>) -> impl Iterator<Item = usize> + 'r {
    let blocks = cell!("equivalence-general").map_or(&[][..], |cell| reading.holding.phrases(cell, &within));
    let is_heading = |block: usize| matches!(reading.document.blocks[block].kind, BlockKind::Heading { .. });
    blocks.iter().copied().filter(move |block| !is_heading(*block))
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
