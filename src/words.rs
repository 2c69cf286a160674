//! Tables of words by language: one line a key, then the words in the languages of the head line, tab-separated.

use crate::builtin;
use crate::lang::Lang;

/// A table of `rules/words`.
pub(crate) struct Table {
    pub languages: Vec<&'static str>,
    /// Sorted by key.
    pub rows: Vec<(&'static str, Vec<&'static str>)>,
}

impl Table {
    /// The built-in table of that path below `rules/`.
    pub fn read(path: &str) -> Table {
        let text = builtin::file(path).unwrap_or_default();
        let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let languages = lines.next().unwrap_or_default().split('\t').skip(1).collect();
        let mut rows: Vec<_> = lines
            .filter_map(|line| line.split_once('\t'))
            .map(|(key, words)| (key, words.split('\t').collect::<Vec<_>>()))
            .collect();
        rows.sort_unstable_by_key(|(key, _)| *key);
        Table { languages, rows }
    }

    /// The words for a key in a language, or in English where the language has none.
    pub fn find(&self, key: &str, lang: Lang) -> Option<&'static str> {
        let index = self.rows.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        let words = &self.rows[index].1;
        let column = self.languages.iter().position(|language| *language == lang.as_str()).unwrap_or(0);
        words.get(column).or_else(|| words.first()).copied()
    }
}
