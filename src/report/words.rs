//! The reports' own words, by language.

use std::sync::LazyLock;

use crate::lang::Lang;
use crate::words::Table;

/// One line a key: the key, then the words in the languages of the head line, tab-separated.
static REPORT: LazyLock<Table> = LazyLock::new(|| Table::read("words/report.tsv"));

/// The words about waivers, in the same shape.
static WAIVERS: LazyLock<Table> = LazyLock::new(|| Table::read("words/waivers.tsv"));

/// The words about standards, in the same shape.
static STANDARDS: LazyLock<Table> = LazyLock::new(|| Table::read("words/standards.tsv"));

/// The word for a key of the reports in a language; in English where the language has none; the key itself
/// where nobody does.
pub fn word(key: &'static str, lang: Lang) -> &'static str {
    REPORT.find(key, lang).unwrap_or(key)
}

/// As [`word`], for a key that is computed.
pub fn word_of(key: &str, lang: Lang) -> String {
    REPORT.find(key, lang).unwrap_or(key).to_owned()
}

/// As [`word`], for what is said about waivers.
pub fn waiver_word(key: &'static str, lang: Lang) -> &'static str {
    WAIVERS.find(key, lang).unwrap_or(key)
}

/// As [`word_of`], for what is said about standards.
pub fn standards_word(key: &str, lang: Lang) -> String {
    STANDARDS.find(key, lang).unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_in_every_language() {
        for table in [&REPORT, &WAIVERS, &STANDARDS] {
            assert_eq!(table.languages, ["en", "fr", "de", "nl", "da", "el", "it", "es"]);
            for (key, words) in &table.rows {
                assert_eq!(words.len(), 8, "{key}");
                assert!(words.iter().all(|word| !word.trim().is_empty()), "{key}");
            }
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
            include_str!("rates.rs"),
        ];
        let mut found = 0;
        for source in sources {
            for call in ["word(\"", "label(\"", "detail(out, \""].iter().flat_map(|call| source.split(call).skip(1)) {
                let key = call.split('"').next().unwrap_or_default();
                assert!(REPORT.find(key, Lang::EN).is_some(), "{key}");
                found += 1;
            }
        }
        assert!(found > 10, "the calls are written otherwise now: only {found} found");
    }

    #[test]
    fn every_topic_has_its_words() {
        for topic in crate::language::Topic::names().iter().filter(|name| **name != crate::language::OPEN_STANDARDS) {
            assert!(STANDARDS.find(&format!("topic-{topic}"), Lang::EN).is_some(), "{topic}");
        }
    }

    #[test]
    fn an_unknown_language_gets_english() {
        assert_eq!(word("errors", "fr".parse().unwrap()), "Erreurs");
        assert_eq!(word("errors", "mt".parse().unwrap()), "Errors");
    }
}
