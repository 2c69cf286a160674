//! What is said about the reading: why something was not read, what can be done about it, what was remarked.
//!
//! Code names a sentence by its key and gives what fills its placeholders; the words are rows of
//! `rules/words/reading.tsv`. A saying is English until a report gives it its reader's language.

use std::fmt;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::lang::Lang;
use crate::words::Table;

static READING: LazyLock<Table> = LazyLock::new(|| Table::read("words/reading.tsv"));

/// A sentence, or a part of one, by its key. Shown and serialised as text in its language, lower case (but for
/// names and where the language wants it otherwise), without a final stop.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Saying(Box<Words>);

/// Boxed, so that an error that holds sayings stays small.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Words {
    key: &'static str,
    fills: Vec<(&'static str, Fill)>,
    lang: Lang,
}

/// What stands for a placeholder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fill {
    /// A name, a number, or the words of a library: the same in every language.
    Text(String),
    Saying(Saying),
}

impl Saying {
    /// The saying of a key, in English. [`say!`] writes it shorter.
    pub fn new(key: &'static str, fills: Vec<(&'static str, Fill)>) -> Saying {
        Saying(Box::new(Words { key, fills, lang: Lang::EN }))
    }

    /// A name that is the same in every language.
    pub fn verbatim(text: &str) -> Saying {
        say!("as-it-is", text = text)
    }

    /// The key, the same in every language.
    pub fn key(&self) -> &'static str {
        self.0.key
    }

    /// The language that it speaks.
    pub fn lang(&self) -> Lang {
        self.0.lang
    }

    /// Fills one placeholder.
    pub fn fill(&mut self, name: &'static str, fill: impl Into<Fill>) {
        self.0.fills.push((name, fill.into()));
    }

    /// Speaks a language from now on; English where the table does not have it.
    pub fn speak(&mut self, lang: Lang) {
        self.0.lang = lang;
        for (_, fill) in &mut self.0.fills {
            if let Fill::Saying(saying) = fill {
                saying.speak(lang);
            }
        }
    }

    /// The same in another language.
    pub fn spoken(&self, lang: Lang) -> Saying {
        let mut saying = self.clone();
        saying.speak(lang);
        saying
    }

    /// Every text that came from outside, for those who must clean it.
    pub fn texts_mut(&mut self) -> Vec<&mut String> {
        let inner = self.0.fills.iter_mut().map(|(_, fill)| match fill {
            Fill::Text(text) => vec![text],
            Fill::Saying(saying) => saying.texts_mut(),
        });
        inner.flatten().collect()
    }

    /// Why a file or folder can't be opened.
    pub fn of_io(error: &std::io::Error) -> Saying {
        match error.kind() {
            std::io::ErrorKind::NotFound => say!("open-missing"),
            std::io::ErrorKind::PermissionDenied => say!("open-forbidden"),
            _ => say!("open-failed", detail = error.to_string()),
        }
    }
}

impl fmt::Display for Saying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = READING.find(self.0.key, self.0.lang).unwrap_or(self.0.key);
        while let Some((before, after)) = rest.split_once('{') {
            f.write_str(before)?;
            let Some((name, after)) = after.split_once('}') else { break };
            match self.0.fills.iter().find(|(own, _)| *own == name) {
                Some((_, Fill::Text(text))) => f.write_str(text)?,
                Some((_, Fill::Saying(saying))) => saying.fmt(f)?,
                None => write!(f, "{{{name}}}")?,
            }
            rest = after;
        }
        f.write_str(rest)
    }
}

impl Serialize for Saying {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Saying {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Saying".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

impl From<Saying> for Fill {
    fn from(saying: Saying) -> Fill {
        Fill::Saying(saying)
    }
}

macro_rules! fill_from {
    ($($type:ty),*) => { $(impl From<$type> for Fill {
        fn from(text: $type) -> Fill {
            Fill::Text(text.to_string())
        }
    })* };
}
fill_from!(&str, &String, String, u32, u64, usize);

/// `say!("sheets-beyond", n = 5)`: the [`Saying`] of a key with what fills its placeholders.
macro_rules! say {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::saying::Saying::new(
            $key,
            vec![$((stringify!($name), $crate::saying::Fill::from($value))),*],
        )
    };
}
pub(crate) use say;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    /// Every `say!` of the sources: its key and the names that it fills.
    fn said(folder: &Path, found: &mut BTreeMap<String, BTreeSet<String>>) {
        for entry in std::fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("the sources can be listed").path();
            if path.is_dir() {
                said(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source can be read");
                for call in text.split("say!(").skip(1) {
                    let mut depth = 1;
                    let end = call.find(|c| {
                        depth += match c {
                            '(' => 1,
                            ')' => -1,
                            _ => 0,
                        };
                        depth == 0
                    });
                    let call = &call[..end.unwrap_or(call.len())];
                    let Some(key) = call
                        .trim_start()
                        .strip_prefix('"')
                        .and_then(|rest| rest.split('"').next())
                        .filter(|key| !key.is_empty())
                    else {
                        continue;
                    };
                    let names =
                        call.split([',', '(']).filter_map(|part| part.split_once(" = ")).filter_map(|(name, _)| {
                            let name = name.trim();
                            name.chars().all(|c| c.is_ascii_lowercase() || c == '_').then(|| name.to_owned())
                        });
                    found.entry(key.to_owned()).or_default().extend(names);
                }
            }
        }
    }

    #[test]
    fn every_saying_is_there_in_every_language_with_the_same_placeholders() {
        assert_eq!(READING.languages, ["en", "fr", "de", "nl", "da", "el", "it", "es"]);
        for pair in READING.rows.windows(2) {
            assert_ne!(pair[0].0, pair[1].0, "a key stands twice");
        }
        for (key, words) in &READING.rows {
            assert_eq!(words.len(), READING.languages.len(), "{key}");
            for text in words {
                assert!(!text.trim().is_empty(), "{key}");
                assert!(!text.ends_with('.'), "{key}: a final stop");
                assert_eq!(placeholders(text), placeholders(words[0]), "{key}: {text}");
            }
        }
    }

    #[test]
    fn the_code_and_the_table_name_the_same_keys_and_placeholders() {
        let mut found = BTreeMap::new();
        said(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        let table: BTreeMap<_, _> = READING.rows.iter().map(|(key, words)| (*key, placeholders(words[0]))).collect();
        let used: BTreeSet<&str> = found.keys().map(String::as_str).collect();
        let rows: BTreeSet<&str> = table.keys().copied().collect();
        assert_eq!(used.difference(&rows).collect::<Vec<_>>(), Vec::<&&str>::new(), "keys without a row");
        assert_eq!(rows.difference(&used).collect::<Vec<_>>(), Vec::<&&str>::new(), "rows that nobody says");
        for (key, names) in &found {
            // `count` is filled in where the remarks of one kind are counted together.
            let wanted: BTreeSet<&str> = table[key.as_str()].iter().copied().filter(|name| *name != "count").collect();
            let given: BTreeSet<&str> = names.iter().map(String::as_str).collect();
            assert!(wanted.is_subset(&given), "{key}: {wanted:?} wanted, {given:?} given");
        }
    }

    #[test]
    fn a_saying_speaks_its_readers_language_with_all_its_parts() {
        let saying = say!("part-fault", part = say!("slide", n = 3_u32), fault = say!("part-missing"));
        assert_eq!(saying.to_string(), "slide 3: it is missing");
        let german = saying.spoken("de".parse().expect("a code"));
        assert_eq!(german.to_string(), "Folie 3: fehlt");
        assert_eq!(german.key(), saying.key());
        assert_eq!(saying.spoken("mt".parse().expect("a code")).to_string(), saying.to_string());
    }
}
