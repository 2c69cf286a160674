//! Mentions: the products, standards and formats that a text names, found in one pass.
//!
//! Names are matched by their case. All capitals (`SHAREPOINT`), a lost inner capital (`Sharepoint`), joined
//! spellings (`PowerBI`), hyphen compounds (`Excel-Export`) and, for longer names, compounds and inflections
//! (`Excelexport`) are accepted; what follows an apostrophe, a file name, an address or a URL is not.

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::fold::{Folded, fold_words};
use super::model;
use super::trie::Trie;
use crate::knowledge::{Guard, Named, NamedKind, named, unlisted_model};
use crate::lang::Lang;

/// A name found in a text. Byte offsets of the original text, half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub start: usize,
    pub end: usize,
    /// Indices into [`named`]`().all`: what the name may stand for (Word: the product and the format).
    pub things: &'static [u32],
}

/// The kinds of things that are mentioned.
pub type MentionKind = NamedKind;

impl Mention {
    /// What the name may stand for.
    pub fn things(&self) -> impl Iterator<Item = &'static Named> + use<> {
        self.things.iter().map(|at| &named().all[*at as usize])
    }

    /// The first of the things of a kind.
    pub fn of_kind(&self, kind: MentionKind) -> Option<&'static Named> {
        self.things().find(|thing| thing.kind == kind)
    }
}

struct Table {
    /// The folded spellings, by place in `spellings`.
    folded: Trie,
    /// The ways in which a folded spelling is written.
    spellings: Vec<Vec<Spelling>>,
}

struct Spelling {
    written: &'static str,
    /// Written without its spaces or hyphens: `PowerBI`.
    joined: Option<String>,
    things: Vec<u32>,
    guard: Option<&'static Guard>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let names = named();
        let mut index: FxHashMap<String, usize> = FxHashMap::default();
        let mut spellings: Vec<Vec<Spelling>> = Vec::new();
        for (at, thing) in names.all.iter().enumerate() {
            for written in thing.names.iter().copied() {
                let joined =
                    (written.len() >= 6 && written.contains([' ', '-']) && written.split([' ', '-']).count() == 2)
                        .then(|| written.replace([' ', '-'], ""));
                for spelling in [Some(written.to_owned()), joined].into_iter().flatten() {
                    let folded = fold_words(&spelling);
                    let slot = *index.entry(folded).or_insert_with(|| {
                        spellings.push(Vec::new());
                        spellings.len() - 1
                    });
                    match spellings[slot].iter_mut().find(|known| known.written == written) {
                        Some(known) => known.things.push(at as u32),
                        None => spellings[slot].push(Spelling {
                            written,
                            joined: (spelling != written).then_some(spelling),
                            things: vec![at as u32],
                            guard: names.guards.get(written),
                        }),
                    }
                }
            }
        }
        let folded = Trie::new(index.iter().map(|(folded, slot)| (*slot as u32, folded.as_str())));
        Table { folded, spellings }
    })
}

/// All mentions in a text, leftmost and longest first, without overlaps. `sentence` gives the sentence around
/// a byte offset of the original text: guards look for company there.
pub fn scan<'t>(
    text: &'t str,
    folded: &Folded,
    lang: Lang,
    mut sentence: impl FnMut(usize) -> &'t str,
    mentions: &mut Vec<Mention>,
) {
    let table = table();
    let mut found: Vec<(Mention, Option<&'static Guard>)> = Vec::new();
    for opening in folded.openings() {
        table.folded.seldom_at(folded.text.as_bytes(), opening, |slot, end| {
            let (start, end) = (folded.original(opening), folded.original(end));
            found.extend(spelled(&table.spellings[slot as usize], text, start..end, lang));
        });
    }
    found.sort_by_key(|(mention, _)| (mention.start, std::cmp::Reverse(mention.end)));
    let mut covered = 0;
    for at in 0..found.len() {
        let (mention, guard) = found[at].clone();
        if mention.start < covered {
            continue;
        }
        // "Zebra TC52": a maker and a model that no table lists.
        if mention.things().any(|thing| matches!(thing.kind, NamedKind::Vendor | NamedKind::Maker))
            && let Some(end) = model::behind(text, mention.end)
            && found[at + 1..]
                .iter()
                .take_while(|(other, _)| other.start < end)
                .all(|(other, _)| other.start < mention.end)
        {
            covered = end;
            mentions.push(Mention { end, things: unlisted_model(), ..mention });
            continue;
        }
        if mention.things().all(|thing| thing.kind == NamedKind::Maker) {
            continue;
        }
        covered = mention.end;
        // "Microsoft Dynamics 365": the maker before its product is one name with it.
        if let Some(maker) = mentions.last_mut().filter(|maker| {
            maker.end + 1 == mention.start
                && maker.things().all(|thing| thing.kind == NamedKind::Vendor)
                && mention.things().any(|thing| thing.kind != NamedKind::Vendor)
        }) {
            *maker = Mention { start: maker.start, ..mention };
            continue;
        }
        if guard.is_none_or(|guard| in_company(guard, &mention, text, lang, sentence(mention.start))) {
            mentions.push(mention);
        }
    }
}

/// The name that stands at a range of the text, spelled in one of these ways, with its guard; letters that make a
/// compound of it are added.
fn spelled(
    spellings: &'static [Spelling],
    text: &str,
    at: Range<usize>,
    lang: Lang,
) -> Option<(Mention, Option<&'static Guard>)> {
    let Range { start, end } = at;
    let slice = &text[at];
    for spelling in spellings {
        if !as_written(slice, spelling) || !stands_alone(text, start, end, spelling.written, lang) {
            continue;
        }
        let mut letters = 0;
        if spelling.guard.is_none() && spelling.written.len() >= 5 {
            letters = compound(&text[end..]);
            // "Hypervisor" is no compound of Hyper-V: letters are added to a name as it is written.
            if letters > 0 && slice != spelling.joined.as_deref().unwrap_or(spelling.written) {
                continue;
            }
        }
        return Some((Mention { start, end: end + letters, things: &spelling.things }, spelling.guard));
    }
    None
}

/// Whether the slice of text is the name as one writes it.
fn as_written(slice: &str, spelling: &Spelling) -> bool {
    let written = spelling.joined.as_deref().unwrap_or(spelling.written);
    if slice == written {
        return true;
    }
    let letters = written.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = slice.chars().any(char::is_alphabetic) && !slice.chars().any(char::is_lowercase);
    let inner_capital = written.chars().skip(1).any(char::is_uppercase);
    let same_start = slice.chars().next() == written.chars().next();
    (capitals && letters >= 5)
        || (inner_capital && letters >= 6 && same_start && slice.starts_with(char::is_uppercase))
        // Dashes and spaces of another kind.
        || (slice.len() != written.len() && fold_dashes(slice) == written)
}

fn fold_dashes(text: &str) -> String {
    text.replace(['–', '—', '‑', '‐'], "-").replace('\u{a0}', " ")
}

/// Whether no letters touch the name and it is no part of an address or file name.
fn stands_alone(text: &str, start: usize, end: usize, written: &str, lang: Lang) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let extension = written.starts_with('.');
    if before.is_some_and(|c| {
        if extension { c == '.' || c == '/' } else { c.is_alphanumeric() || matches!(c, '.' | '@' | '_') }
    }) {
        return false;
    }
    // The extension of a file name is no mention; `*.doc` and `(.doc)` are.
    if extension && before.is_some_and(|c| c.is_alphanumeric() || c == ')') {
        return false;
    }
    // In a URL or path.
    let word_start = text[..start]
        .rfind([' ', '(', '"', '«', '“', '<'])
        .map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
    if text[word_start..start].contains("://") || text[word_start..start].starts_with("www.") {
        return false;
    }
    match after {
        // `Dell'Aquila` is no Dell; `SharePoint's` is one.
        Some(apostrophe @ ('\'' | '’')) => {
            let mut rest = text[end + apostrophe.len_utf8()..].chars();
            let (first, second) = (rest.next(), rest.next());
            !first.is_some_and(char::is_alphabetic)
                || (first == Some('s') && !second.is_some_and(char::is_alphanumeric))
        }
        Some('.') => !text[end + 1..].starts_with(|c: char| c.is_ascii_lowercase()) || written.len() < 3,
        Some('@' | '_') => false,
        Some(c) if c.is_alphanumeric() => {
            let named = written.starts_with(char::is_uppercase) && written.len() >= 5;
            c.is_lowercase() && named && compounds(lang) && written.is_ascii()
        }
        _ => true,
    }
}

/// Whether the language writes compounds and cases onto a name.
fn compounds(lang: Lang) -> bool {
    matches!(lang.as_str(), "de" | "nl" | "da" | "sv" | "no" | "fi" | "hu" | "et")
}

/// Bytes of the letters that follow a name in a compound.
fn compound(after: &str) -> usize {
    after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len())
}

/// Whether the sentence holds what the guard asks for, outside of the name itself.
fn in_company(guard: &Guard, mention: &Mention, text: &str, lang: Lang, sentence: &str) -> bool {
    if guard.never.contains(&lang) && !guard.needs.iter().any(|word| holds_beside(sentence, word, text, mention)) {
        return false;
    }
    guard.needs.is_empty() || guard.needs.iter().any(|word| holds_beside(sentence, word, text, mention))
}

fn holds_beside(sentence: &str, word: &str, text: &str, mention: &Mention) -> bool {
    let (stem, open) = (word.trim_end_matches('*'), word.ends_with('*'));
    let offset = sentence.as_ptr() as usize - text.as_ptr() as usize;
    sentence.match_indices(stem).any(|(at, _)| {
        let (start, end) = (offset + at, offset + at + stem.len());
        let outside = end <= mention.start || start >= mention.end;
        let starts = !sentence[..at].ends_with(char::is_alphanumeric) || stem.starts_with('.');
        let ends = open || !sentence[at + stem.len()..].starts_with(|c: char| c.is_alphabetic());
        outside && starts && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::fold;

    fn names(lang: &str, text: &str) -> Vec<String> {
        let mut mentions = Vec::new();
        scan(text, &fold(text), lang.parse().unwrap_or(Lang::EN), |_| text, &mut mentions);
        mentions.iter().map(|mention| text[mention.start..mention.end].to_owned()).collect()
    }

    #[track_caller]
    fn check(lang: &str, text: &str, want: &[&str]) {
        assert_eq!(names(lang, text), want, "{text}");
    }

    #[test]
    fn products_are_found_by_their_names() {
        check("en", "The system runs on SharePoint and PowerBI.", &["SharePoint", "PowerBI"]);
        check("en", "SHAREPOINT and Sharepoint", &["SHAREPOINT", "Sharepoint"]);
        check("de", "Der Excelexport und Excel-Export", &["Excelexport", "Excel"]);
        check("fr", "export au format Word et PDF", &["format Word", "PDF"]);
        check("fr", "remis au format .docx.", &[".docx"]);
        check("nl", "Microsoft- en SharePoint-licenties", &["Microsoft", "SharePoint"]);
    }

    #[test]
    fn ordinary_words_are_no_products() {
        check("en", "The teams have access to the project office.", &[]);
        check("en", "Teams of three will work in the Office of the Mayor.", &[]);
        check("fr", "Tableau 1 : liste des lots", &[]);
        check("fr", "la société DUPONT SAS", &[]);
        check("it", "dell'amministrazione Dell'Aquila", &[]);
        check("en", "see https://example.org/sharepoint/SharePoint and a@SharePoint.com", &[]);
        check("en", "plan.docx", &[]);
        check("de", "In der Rubrik Kontakt", &[]);
        check("nl", "een genuanceerd beeld", &[]);
    }

    #[test]
    fn company_makes_a_word_a_name() {
        check("en", "Meetings are held in Microsoft Teams or Teams by video meeting.", &["Microsoft Teams", "Teams"]);
        check("fr", "Tableau Server", &["Tableau Server"]);
        check("de", "Word- und Excel-Vorlagen", &["Word", "Excel"]);
    }
}
