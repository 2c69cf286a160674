//! Names beyond the list: what stands like a name right behind a noun that announces a product ("licences for
//! Xyntra 7"). A list of known names finds only half of the products that tenders name.
//!
//! Which nouns announce, which small words may stand between, and which capitalised words are no names, is data
//! (cells `name-announcer` and `name-connective`, table `no-names.tsv`).

use std::collections::HashSet;
use std::sync::OnceLock;

use regex::Regex;

use super::lexicon::{PhraseHit, cell};
use super::names::Mention;
use crate::builtin;
use crate::knowledge::unlisted;
use crate::lang::Lang;

/// Small words that may stand between the noun and the name.
const BETWEEN: usize = 3;

/// Adds to the mentions of a block the names that no table lists.
pub fn scan(text: &str, lang: Lang, phrases: &[PhraseHit], mentions: &mut Vec<Mention>) {
    let (announcer, connective) = (cell!("name-announcer"), cell!("name-connective"));
    let hits = |cell| phrases.iter().filter(move |hit| Some(hit.cell) == cell);
    let mut nouns = hits(announcer).peekable();
    if nouns.peek().is_none() {
        return;
    }
    let mut connectives: Vec<&PhraseHit> = hits(connective).collect();
    connectives.sort_by_key(|word| word.start);
    let mut found = Vec::new();
    for noun in nouns {
        let mut at = name_start(text, noun.end);
        for _ in 0..BETWEEN {
            let from_here = &connectives[connectives.partition_point(|word| word.start < at)..];
            match from_here.first().filter(|word| word.start == at) {
                Some(word) => at = name_start(text, word.end),
                None => break,
            }
        }
        let Some(end) = name_end(text, at, lang) else { continue };
        let known = |other: &Mention| other.start < end && at < other.end;
        let next = mentions.get(mentions.partition_point(|other| other.end <= at));
        if !next.into_iter().chain(&found).any(known) {
            found.push(Mention { start: at, end, things: unlisted() });
        }
    }
    if !found.is_empty() {
        mentions.extend(found);
        mentions.sort_by_key(|mention| mention.start);
    }
}

/// Where a name may begin: behind spaces and an opening quote.
fn name_start(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let trimmed = rest.trim_start_matches([' ', '\u{a0}']).trim_start_matches(['"', '„', '“', '«', '‘', '\u{a0}', ' ']);
    at + (rest.len() - trimmed.len())
}

/// The end of the name that begins at `at`; `None` where none does.
fn name_end(text: &str, at: usize, lang: Lang) -> Option<usize> {
    // In German every noun has a capital: a name there shows itself by a capital or figure inside it.
    static MARKED: OnceLock<Option<Regex>> = OnceLock::new();
    static ANY: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern =
        |word: &str| Regex::new(&format!(r"^{word}(?:[ -](?:\p{{Lu}}[\p{{L}}\p{{N}}.+]*|\p{{N}}[\p{{N}}.]*))*")).ok();
    const INNER: &str = r"(?:\p{Ll}{1,3}\p{Lu}[\p{L}\p{N}]+|\p{Lu}[\p{L}.+]*\p{N}[\p{L}\p{N}.]*|\p{L}\p{Ll}+\p{Lu}[\p{L}\p{N}]*|\p{Lu}{4,}[\p{L}\p{N}]*)";
    const WORD: &str = r"(?:\p{Lu}[\p{L}\p{N}+.]{2,}|\p{Ll}{1,3}\p{Lu}\p{L}{2,})";
    let regex = match lang.as_str() {
        "de" => MARKED.get_or_init(|| pattern(INNER)),
        _ => ANY.get_or_init(|| pattern(WORD)),
    };
    let name = regex.as_ref()?.find(&text[at..])?.as_str().trim_end_matches('.');
    let first = name.split([' ', '-']).next().unwrap_or(name);
    (!is_no_name(first)).then_some(at + name.len())
}

fn is_no_name(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let table = builtin::file("lexicon/no-names.tsv").unwrap_or_default();
        builtin::rows(table).flat_map(|row| row.list("words").collect::<Vec<_>>()).collect()
    });
    words.contains(word) || word.chars().all(|c| c.is_numeric() || c == '.')
}

#[cfg(test)]
mod tests {
    use crate::document::{self, Format, Limits};
    use crate::knowledge::NamedKind;
    use crate::lang::Lang;

    #[track_caller]
    fn check(lang: &str, text: &str, want: &[&str]) {
        let lang: Lang = lang.parse().expect("a language code");
        let mut document =
            document::read(text.as_bytes(), "", None, Format::PlainText, &Limits::default()).expect("text");
        document.blocks.iter_mut().for_each(|block| block.language = Some(lang));
        let reading = super::super::reading::read(&document, None);
        let names = reading.blocks[0].mentions.iter().filter(|m| m.of_kind(NamedKind::Unlisted).is_some());
        let got: Vec<_> = names.map(|name| &reading.text(0)[name.start..name.end]).collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn a_name_behind_an_announcing_noun_is_found() {
        check("en", "Renewal of licences for Xyntra 7 for two years", &["Xyntra 7"]);
        check("fr", "Maintenance du logiciel Zelvio et des postes", &["Zelvio"]);
        check("de", "Pflege der Software xDomus4 für drei Jahre", &["xDomus4"]);
        check("nl", "Onderhoud van het softwarepakket Brunovia", &["Brunovia"]);
        check("da", "Licenser til Kvasir Pro i tre år", &["Kvasir Pro"]);
        check("el", "Συντήρηση του λογισμικού Zelvio", &["Zelvio"]);
    }

    #[test]
    fn ordinary_capitals_and_listed_names_are_none() {
        check("en", "Licences for Microsoft 365 and software in English", &[]);
        check("de", "Pflege der Software und der Schnittstellen", &[]);
        check("fr", "Maintenance du logiciel SIG de la Ville", &[]);
        check("en", "Software as a service, maintenance for ICT", &[]);
    }
}
