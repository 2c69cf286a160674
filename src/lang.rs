//! Languages by their ISO 639-1 code.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A language as its two-letter ISO 639-1 code, lower case (`fr`, `de`, `el`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang([u8; 2]);

/// The text is no two-letter language code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no language code: two ASCII letters are expected, such as `fr` or `de` (ISO 639-1)")]
pub struct NotALanguage(pub String);

impl Lang {
    /// English: the language in which a message is given when none fits better.
    pub const EN: Lang = Lang(*b"en");

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("en")
    }

    /// Reads the language of a longer tag: `fr`, `fr-BE`, `fr_BE.UTF-8`, `FRA`, `deu` (ISO 639-2 as in
    /// eForms and TED). `None` where the tag names no language known here.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let primary = tag.split(['-', '_', '.', '@']).next()?.to_ascii_lowercase();
        match primary.len() {
            2 => primary.parse().ok(),
            3 => ISO_639_2.iter().find(|(three, _)| *three == primary).and_then(|(_, two)| two.parse().ok()),
            _ => None,
        }
    }
}

/// ISO 639-2 (terminological and bibliographic) codes of the official languages of the EU and of Norway,
/// with their ISO 639-1 code.
const ISO_639_2: &[(&str, &str)] = &[
    ("bul", "bg"),
    ("ces", "cs"),
    ("cze", "cs"),
    ("dan", "da"),
    ("deu", "de"),
    ("ger", "de"),
    ("ell", "el"),
    ("gre", "el"),
    ("eng", "en"),
    ("spa", "es"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("gle", "ga"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("ita", "it"),
    ("lit", "lt"),
    ("lav", "lv"),
    ("mlt", "mt"),
    ("nld", "nl"),
    ("dut", "nl"),
    ("nor", "no"),
    ("nob", "no"),
    ("nno", "no"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rum", "ro"),
    ("slk", "sk"),
    ("slo", "sk"),
    ("slv", "sl"),
    ("swe", "sv"),
];

impl FromStr for Lang {
    type Err = NotALanguage;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        match code.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Lang([a.to_ascii_lowercase(), b.to_ascii_lowercase()]))
            }
            _ => Err(NotALanguage(code.to_owned())),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Lang {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Lang".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[a-z]{2}$", "description": "ISO 639-1 code" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_gives_its_language() {
        for (tag, want) in [("fr-BE", "fr"), ("da_DK.UTF-8", "da"), ("ELL", "el"), ("dut", "nl"), ("en", "en")] {
            assert_eq!(Lang::from_tag(tag).map(|l| l.to_string()), Some(want.to_owned()), "{tag}");
        }
        assert_eq!(Lang::from_tag("C"), None);
        assert_eq!(Lang::from_tag("zzz"), None);
        assert!("fra".parse::<Lang>().is_err());
    }
}
