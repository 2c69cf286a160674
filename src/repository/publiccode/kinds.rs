//! The kinds of problems: what the rules have messages for.

use crate::finding::Level;

/// Each kind with its level: errors are what the reference parser rejects, warnings what it warns about, notes
/// are advice.
pub const KINDS: &[(&str, Level)] = &[
    ("too-large", Level::Error),
    ("not-yaml", Level::Error),
    ("not-utf-8", Level::Error),
    ("several-documents", Level::Error),
    ("version-not-quoted", Level::Error),
    ("unknown-version", Level::Error),
    ("section-twice", Level::Error),
    ("unknown-key", Level::Error),
    ("unknown-key-like", Level::Error),
    ("repeated-key", Level::Error),
    ("missing", Level::Error),
    ("no-items", Level::Error),
    ("missing-if", Level::Error),
    ("not-allowed-unless", Level::Error),
    ("yaml-1-1-truth", Level::Error),
    ("not-a-truth", Level::Error),
    ("not-a-text", Level::Error),
    ("not-a-list", Level::Error),
    ("not-a-text-or-list", Level::Error),
    ("not-a-section", Level::Error),
    ("not-a-url", Level::Error),
    ("not-an-http-url", Level::Error),
    ("not-one-of", Level::Error),
    ("not-a-category", Level::Error),
    ("not-a-scope", Level::Error),
    ("not-a-date", Level::Error),
    ("not-an-email", Level::Error),
    ("not-a-media-type", Level::Error),
    ("not-a-language", Level::Error),
    ("not-a-country", Level::Error),
    ("not-a-licence", Level::Error),
    ("not-a-uri", Level::Error),
    ("not-an-italian-body", Level::Error),
    ("unknown-alias", Level::Error),
    ("not-a-support", Level::Error),
    ("too-long", Level::Error),
    ("too-short", Level::Error),
    ("not-a-video", Level::Error),
    ("absolute-path", Level::Error),
    ("file-address", Level::Error),
    ("wrong-extension", Level::Error),
    ("missing-file", Level::Error),
    ("not-a-png", Level::Error),
    ("old-version", Level::Warning),
    ("lowercase-section", Level::Warning),
    ("deprecated", Level::Warning),
    ("deprecated-use", Level::Warning),
    ("lowercase-country", Level::Warning),
    ("country-section", Level::Note),
    ("national-key", Level::Note),
    ("overlooked", Level::Note),
    ("number-not-quoted", Level::Note),
    ("licence-spelling", Level::Note),
    ("phone-prefix", Level::Note),
    ("outside-repository", Level::Note),
];

/// The level of a kind.
pub(super) fn level(kind: &str) -> Level {
    KINDS.iter().find(|(known, _)| *known == kind).map_or(Level::Error, |(_, level)| *level)
}
