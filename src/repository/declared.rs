//! Licence declarations outside manifests: publiccode.yml, REUSE.toml, dep5, and SPDX tags in files.

use std::sync::LazyLock;

use regex::Regex;
use toml::de::DeValue;

use super::manifest::{Found, Source, cargo};
use super::model::DeclarationKind;
use super::yaml::Yaml;

/// `legal.license` of a publiccode.yml. That the file is valid is another check's business.
pub fn publiccode(source: &Source, found: &mut Found) {
    let Ok(yaml) = Yaml::parse(source.text) else { return };
    if let Some(node) = yaml.root().and_then(|root| root.get("legal")).and_then(|legal| legal.get("license"))
        && let Some(value) = node.text()
    {
        let bytes = &node.place().bytes;
        let quote = usize::from(!node.is_plain());
        found.declaration(source, DeclarationKind::Publiccode, value, bytes.start + quote, bytes.end - quote);
    }
}

/// The `SPDX-License-Identifier` of each annotation of a REUSE.toml (REUSE 3.3).
pub fn reuse_toml(source: &Source, found: &mut Found) -> Result<(), String> {
    let root = cargo::toml(source.text)?;
    let Some(DeValue::Array(annotations)) = root.get("annotations").map(|list| list.get_ref()) else { return Ok(()) };
    for annotation in annotations.iter() {
        let DeValue::Table(annotation) = annotation.get_ref() else { continue };
        let Some(licence) = annotation.get("SPDX-License-Identifier") else { continue };
        let single = std::slice::from_ref(licence);
        let values = if let DeValue::Array(several) = licence.get_ref() { &several[..] } else { single };
        for value in values {
            if let Some(text) = value.get_ref().as_str() {
                let span = value.span();
                found.declaration(source, DeclarationKind::ReuseToml, text, span.start + 1, span.end.saturating_sub(1));
            }
        }
    }
    Ok(())
}

/// The `License:` lines of the Debian copyright format 1.0, which `.reuse/dep5` has.
pub fn dep5(source: &Source, found: &mut Found) {
    let mut at = 0;
    for line in source.text.split_inclusive('\n') {
        if let Some(value) = line.strip_prefix("License:") {
            let value = value.trim();
            let start = at + line.find(value).unwrap_or_default();
            found.declaration(source, DeclarationKind::ReuseToml, value, start, start + value.len());
        }
        at += line.len();
    }
}

/// The tag at the start of a comment line; its value up to the end of the line. REUSE 3.3 allows any comment
/// leader. What follows as the end of a comment is no part of the value.
static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?m)^(?:[^\w\n]{0,40}|[^\w\n]*(?:REM|comment|dnl|rem)[^\w\n]*)SPDX-License-Identifier:[ \t]*([^\n]*)")
        .ok()
});

/// Ends of comments in the languages of the web, of programs and of templates.
const COMMENT_ENDS: &[&str] = &[
    "*/",
    "-->",
    "--%>",
    "%>",
    "#}",
    "{% endcomment %}",
    "{%endcomment%}",
    "*}",
    "*)",
    "-}",
    "\"\"\"",
    "'''",
    "-}}",
    "}}",
    "]]",
];

/// The SPDX tags of any text file.
pub fn tags(source: &Source, found: &mut Found) {
    for value in TAG.iter().flat_map(|tag| tag.captures_iter(source.text)).filter_map(|parts| parts.get(1)) {
        let mut text = value.as_str().trim_end();
        while let Some(end) = COMMENT_ENDS.iter().find(|end| text.ends_with(**end)) {
            text = text[..text.len() - end.len()].trim_end();
        }
        found.declaration(source, DeclarationKind::Header, text, value.start(), value.start() + text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::PathClass;
    use super::super::place::Places;
    use super::*;

    fn check(path: &str, text: &str, read: impl Fn(&Source, &mut Found), expected: &[&str]) {
        let places = Places::new(text);
        let mut found = Found::default();
        read(&Source { path, class: PathClass::Source, text, places: &places }, &mut found);
        let seen: Vec<_> = found
            .declarations
            .iter()
            .map(|d| format!("{}:{}-{} {}", d.line, d.column, d.end_column, d.value))
            .collect();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn declarations_outside_manifests() {
        check("publiccode.yml", "name: x\nlegal:\n  license: \"EUPL-1.2\"\n", publiccode, &["3:13-21 EUPL-1.2"]);
        check("publiccode.yml", "a: [", publiccode, &[]);
        let reuse = "version = 1\n[[annotations]]\npath = \"a\"\nSPDX-License-Identifier = [\"MIT\", \"CC0-1.0\"]\n";
        check("REUSE.toml", reuse, |s, f| reuse_toml(s, f).unwrap_or_default(), &["4:29-32 MIT", "4:36-43 CC0-1.0"]);
        check(".reuse/dep5", "Files: *\nLicense: MIT\n", dep5, &["2:10-13 MIT"]);
    }

    #[test]
    fn tags_in_comments() {
        // The tag is put together so that tools which look for it don't take this file's for its own.
        let tag = concat!("SPDX-License", "-Identifier:");
        for (line, expected) in [
            (format!("// {tag} MIT"), vec!["1:29-32 MIT"]),
            (format!("{{% comment %}} {tag} EUPL-1.2 {{% endcomment %}}"), vec!["1:40-48 EUPL-1.2"]),
            (format!("/* {tag} MIT OR X */"), vec!["1:29-37 MIT OR X"]),
            (format!("print(\"{tag} MIT\")"), vec![]),
            (format!("<!-- {tag} MIT -->"), vec!["1:31-34 MIT"]),
        ] {
            check("x", &line, tags, &expected);
        }
    }
}
