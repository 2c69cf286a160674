//! Topics: what a contract is about, as far as lists of standards ask (`rules/knowledge/standard-topics.tsv`).

use std::sync::OnceLock;

use crate::builtin;
use crate::lang::Lang;

/// A topic that calls for standards: `mail`, `web`, `geo` …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic(u8);

/// A topic named in a text. Byte offsets of the original text, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicHit {
    pub topic: Topic,
    pub start: usize,
    pub end: usize,
}

/// No topic of a contract: the demand for open standards in general.
pub const OPEN_STANDARDS: &str = "open-standards";

impl Topic {
    /// The topic of a name; `None` where the table has no such topic.
    pub fn named(name: &str) -> Option<Topic> {
        Topic::names().iter().position(|known| *known == name).map(|at| Topic(at as u8))
    }

    /// Names of all topics, in the order of the table.
    pub fn names() -> &'static [&'static str] {
        static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
        NAMES.get_or_init(|| {
            let mut names: Vec<&'static str> = table().map(|row| row.get("topic")).collect();
            names.dedup();
            names
        })
    }

    /// The topic's name.
    pub fn name(self) -> &'static str {
        Topic::names().get(self.0 as usize).copied().unwrap_or_default()
    }

    /// The phrases of a language that name topics, as the table writes them.
    pub fn phrases(lang: Lang) -> impl Iterator<Item = (Topic, &'static str)> {
        let rows = table().filter(move |row| row.get("language") == lang.as_str());
        rows.filter_map(|row| Some((Topic::named(row.get("topic"))?, row)))
            .flat_map(|(topic, row)| row.list("phrases").map(move |phrase| (topic, phrase)).collect::<Vec<_>>())
    }
}

fn table() -> impl Iterator<Item = builtin::Row> {
    builtin::rows(builtin::file("knowledge/standard-topics.tsv").unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::known_languages;

    #[test]
    fn the_table_of_topics_can_be_used() {
        assert!(Topic::names().len() < 256);
        assert!(Topic::named(OPEN_STANDARDS).is_some());
        let mut names = Topic::names().to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Topic::names().len(), "the rows of a topic stand together");
        let languages: Vec<Lang> = known_languages().collect();
        for row in table() {
            let lang: Lang = row.get("language").parse().unwrap_or_else(|_| panic!("{}", row.get("language")));
            assert!(languages.contains(&lang), "{lang} has no lexicon, so its topics are never looked for");
            assert!(row.list("phrases").next().is_some(), "{} {lang}", row.get("topic"));
        }
    }
}
