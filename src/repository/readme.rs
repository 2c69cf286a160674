//! Licences that a README names: a badge, or a sentence in a section about the licence.
//!
//! Only names that `rules/knowledge/licence-names.tsv` or the SPDX list knows count, and only where the text
//! around says that it is about this project's licence: a badge whose label is a word for licence, a line
//! under a heading that is such a word, or a line that opens with one.

use std::sync::LazyLock;

use regex::Regex;

use super::manifest::{Found, Source};
use super::model::DeclarationKind;
use crate::builtin;

/// Words for "licence" of the languages of the Union, as they head a section.
static HEADING: LazyLock<Option<Regex>> =
    LazyLock::new(|| words(r"(?i)^\s*(?:#+|=+)?\s*[^\w\s]*\s*(?:{})\b[^.]{0,40}$"));

/// `Licence: …`, `This project is licensed under …`.
static OPENING: LazyLock<Option<Regex>> = LazyLock::new(|| words(r"(?i)^[\s>*_-]*(?:{})[\s*_]*:|(?:{})"));

/// A licence name with its version: an SPDX id or a well-known name.
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let table = builtin::rows(builtin::file("knowledge/readme-licence.tsv").unwrap_or_default());
    let names: Vec<&str> = table.filter(|row| row.get("kind") == "name").map(|row| row.get("pattern")).collect();
    Regex::new(&format!(r"(?i)(?:^|[^\w.-])({})(?:$|[^\w+-])", names.join("|"))).ok()
});

/// `img.shields.io/badge/license-MIT-blue`, `badge.svg?license=…`: label and value of a static badge.
static BADGE: LazyLock<Option<Regex>> = LazyLock::new(|| words(r"(?i)/badge/(?:{})[-_:%20]*-((?:[^-)\s\]?]|--)+)-"));

/// A pattern with `{}` replaced by the words of the table: headings first, sentences second.
fn words(pattern: &str) -> Option<Regex> {
    let table = builtin::rows(builtin::file("knowledge/readme-licence.tsv").unwrap_or_default());
    let (mut headings, mut sentences) = (Vec::new(), Vec::new());
    for row in table {
        match row.get("kind") {
            "heading" => headings.push(row.get("pattern")),
            "sentence" => sentences.push(row.get("pattern")),
            _ => {}
        }
    }
    let filled = pattern.replacen("{}", &headings.join("|"), 1).replacen("{}", &sentences.join("|"), 1);
    Regex::new(&filled).ok()
}

/// Adds what the README declares. A section about the licence ends at the next heading.
pub fn read(source: &Source, found: &mut Found) {
    let (Some(heading), Some(opening), Some(name), Some(badge)) =
        (HEADING.as_ref(), OPENING.as_ref(), NAME.as_ref(), BADGE.as_ref())
    else {
        return;
    };
    let mut in_section = false;
    let mut at = 0;
    let mut lines = source.text.split_inclusive('\n').peekable();
    while let Some(raw) = lines.next() {
        let (start, line) = (at, raw.trim_end());
        at += raw.len();
        if let Some(value) = badge.captures(line).and_then(|parts| parts.get(1)) {
            // shields.io writes `--` for a hyphen, `__` for an underscore and `_` or `%20` for a space.
            let text = value.as_str().replace("--", "-").replace("__", "_").replace("%20", " ").replace("%2B", "+");
            if name.is_match(&text) {
                found.declaration(source, DeclarationKind::Readme, &text, start + value.start(), start + value.end());
                continue;
            }
        }
        let is_underlined = lines.peek().is_some_and(|next| {
            let next = next.trim_end();
            next.len() > 2 && (next.bytes().all(|b| b == b'=') || next.bytes().all(|b| b == b'-'))
        });
        if line.starts_with('#') || is_underlined || line.starts_with("== ") {
            in_section = heading.is_match(line);
            continue;
        }
        if (in_section || opening.is_match(line))
            && let Some(value) = name.captures(line).and_then(|parts| parts.get(1))
        {
            found.declaration(
                source,
                DeclarationKind::Readme,
                value.as_str(),
                start + value.start(),
                start + value.end(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::PathClass;
    use super::super::place::Places;
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let places = Places::new(text);
        let mut found = Found::default();
        read(&Source { path: "README.md", class: PathClass::Docs, text, places: &places }, &mut found);
        let seen: Vec<_> = found.declarations.iter().map(|d| format!("{}:{} {}", d.line, d.column, d.value)).collect();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn licences_named_in_a_readme() {
        check(
            "# X\n\nUses React (MIT).\n\n## Licence\n\nPublished under the [EUPL-1.2](LICENSE).\n\n## More\nMIT\n",
            &["7:22 EUPL-1.2"],
        );
        check(
            "Lizenz\n======\n\nGNU Affero General Public License v3.0\n",
            &["4:1 GNU Affero General Public License v3.0"],
        );
        check("![x](https://img.shields.io/badge/license-EUPL--1.2-blue.svg)\n", &["1:43 EUPL-1.2"]);
        check("[![License: MIT](https://img.shields.io/badge/License-MIT-yellow.svg)](x)\n", &["1:55 MIT"]);
        check("Ce logiciel est distribué sous licence MIT.\n", &["1:32 licence MIT"]);
        check("This project is licensed under the Apache License 2.0 or so\n", &["1:36 Apache License 2.0"]);
        check("LICENCE: released under the GPL v3 or later\n", &["1:29 GPL v3 or later"]);
        check("We compared MIT and Apache-2.0 with each other.\nPermit it, summit.\n", &[]);
        check("A licence is needed for this device.\n", &[]);
    }
}
