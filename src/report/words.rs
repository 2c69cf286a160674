//! The reports' own words, by language.

use std::sync::LazyLock;

use crate::builtin;
use crate::lang::Lang;

/// One line a key: the key, then the words in the languages of the head line, tab-separated.
const WORDS: &str = "words/report.tsv";

struct Table {
    languages: Vec<&'static str>,
    rows: Vec<(&'static str, Vec<&'static str>)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut lines =
        builtin::file(WORDS).unwrap_or_default().lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let languages = lines.next().unwrap_or_default().split('\t').skip(1).collect();
    let mut rows: Vec<_> = lines
        .filter_map(|line| line.split_once('\t'))
        .map(|(key, words)| (key, words.split('\t').collect::<Vec<_>>()))
        .collect();
    rows.sort_unstable_by_key(|(key, _)| *key);
    Table { languages, rows }
});

/// The word for a key in a language; in English where the language has none; the key itself where nobody
/// does.
pub fn word(key: &'static str, lang: Lang) -> &'static str {
    find(key, lang).unwrap_or(key)
}

/// As [`word`], for a key that is computed.
pub fn word_of(key: &str, lang: Lang) -> String {
    find(key, lang).unwrap_or(key).to_owned()
}

fn find(key: &str, lang: Lang) -> Option<&'static str> {
    let words = row(key)?;
    let column = TABLE.languages.iter().position(|language| *language == lang.as_str()).unwrap_or(0);
    words.get(column).or_else(|| words.first()).copied()
}

fn row(key: &str) -> Option<&'static [&'static str]> {
    let index = TABLE.rows.binary_search_by_key(&key, |(key, _)| *key).ok()?;
    Some(&TABLE.rows[index].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_in_every_language() {
        assert_eq!(TABLE.languages, ["en", "fr", "de", "nl", "da", "el"]);
        for (key, words) in &TABLE.rows {
            assert_eq!(words.len(), 6, "{key}");
            assert!(words.iter().all(|word| !word.trim().is_empty()), "{key}");
        }
    }

    #[test]
    fn every_key_in_the_code_has_its_words() {
        let sources = [
            include_str!("summary.rs"),
            include_str!("terminal.rs"),
            include_str!("markdown.rs"),
            include_str!("html.rs"),
            include_str!("html/report.html"),
            include_str!("sarif.rs"),
            include_str!("github.rs"),
            include_str!("junit.rs"),
        ];
        let mut found = 0;
        for source in sources {
            for call in source.split("word(\"").skip(1) {
                let key = call.split('"').next().unwrap_or_default();
                assert!(row(key).is_some(), "{key}");
                found += 1;
            }
        }
        assert!(found > 10, "the calls are written otherwise now: only {found} found");
    }

    #[test]
    fn an_unknown_language_gets_english() {
        assert_eq!(word("errors", "fr".parse().unwrap()), "Erreurs");
        assert_eq!(word("errors", "mt".parse().unwrap()), "Errors");
    }
}
