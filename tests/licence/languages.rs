//! The EUPL is the EUPL in each of its languages, alone or beside another one.

use acquis::licence::{Verdict, identify};

use super::expression;

/// The published texts in the languages that are bundled.
const EUPL: [(&str, &str); 5] = [
    ("en", include_str!("../../rules/texts/official/EUPL-1.2.txt")),
    ("de", include_str!("../../rules/texts/official/EUPL-1.2.de.txt")),
    ("fr", include_str!("../../rules/texts/official/EUPL-1.2.fr.txt")),
    ("it", include_str!("../../rules/texts/official/EUPL-1.2.it.txt")),
    ("nl", include_str!("../../rules/texts/official/EUPL-1.2.nl.txt")),
];

/// A bundled text without its marks.
fn published(text: &str) -> String {
    text.replace("<<beginOptional>>", "").replace("<<endOptional>>", "")
}

#[test]
fn each_language_is_the_licence() {
    for (language, text) in EUPL {
        let found = identify(published(text).as_bytes());
        assert_eq!(expression(&found), "EUPL-1.2", "{language}");
        assert_eq!(found.regions.len(), 1, "the licences that the appendix names are none: {language}");
        assert_eq!((found.regions[0].language, &found.regions[0].verdict), (language, &Verdict::Unmodified));
    }
}

#[test]
fn two_languages_in_a_file_are_one_licence() {
    for pair in EUPL.windows(2) {
        let both = format!("{}\n\n---\n\n{}", published(pair[0].1), published(pair[1].1));
        let found = identify(both.as_bytes());
        let languages: Vec<_> = found.regions.iter().map(|region| region.language).collect();
        assert_eq!((expression(&found).as_str(), languages), ("EUPL-1.2", vec![pair[0].0, pair[1].0]));
    }
}

#[test]
fn a_condition_in_a_translation_is_found() {
    for (language, text) in EUPL {
        let paragraphs: Vec<_> = text.split('\n').collect();
        let at = paragraphs.len() / 2;
        let changed = [&paragraphs[..at], &["Public bodies must pay a fee."], &paragraphs[at..]].concat().join("\n");
        assert_eq!(expression(&identify(published(&changed).as_bytes())), "LicenseRef-EUPL-1.2-changed", "{language}");
    }
}
