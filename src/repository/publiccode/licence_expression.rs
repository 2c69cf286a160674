//! SPDX licence expressions, with what the reference parser lets pass: ids in any case, deprecated ids, and
//! `-only` or `-or-later` behind any licence.

use spdx::{Expression, ParseMode};

/// Longest expression that is read, in bytes: the parser's work grows with it.
const MAX_BYTES: usize = 4096;

/// The expression in the spelling of the SPDX list, or `None` where it is no expression of known licences.
pub(super) fn canonical(text: &str) -> Option<String> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let mut canonical = String::with_capacity(text.len());
    let is_id_character = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_id_character(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        // Operators are in capitals only (SPDX 2.3, annex D).
        if ["and", "or", "with"].contains(&word.to_ascii_lowercase().as_str()) && word != word.to_ascii_uppercase() {
            return None;
        }
        canonical.push_str(&canonical_id(word));
        let after = rest[end..].find(is_id_character).unwrap_or(rest.len() - end);
        canonical.push_str(&rest[end..end + after]);
        rest = &rest[end + after..];
    }
    let mode = ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };
    Expression::parse_mode(&canonical, mode).is_ok().then_some(canonical)
}

fn canonical_id(id: &str) -> String {
    let known = |id: &str| {
        let licences = spdx::identifiers::LICENSES.iter().map(|licence| licence.name);
        let exceptions = spdx::identifiers::EXCEPTIONS.iter().map(|exception| exception.name);
        licences.chain(exceptions).find(|name| name.eq_ignore_ascii_case(id))
    };
    if let Some(name) = known(id) {
        return name.to_owned();
    }
    let stem = |suffix: &str| id.strip_suffix(suffix).and_then(known);
    match (stem("-only"), stem("-or-later")) {
        (Some(name), _) => name.to_owned(),
        (_, Some(name)) => format!("{name}+"),
        _ => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_the_reference_parser_reads_them() {
        for (text, expected) in [
            ("EUPL-1.2", Some("EUPL-1.2")),
            ("eupl-1.2", Some("EUPL-1.2")),
            ("EUPL-1.2-or-later", Some("EUPL-1.2+")),
            ("GPL-3.0", Some("GPL-3.0")),
            ("GPL-2.0+", Some("GPL-2.0+")),
            ("(MIT OR Apache-2.0) AND EUPL-1.2", Some("(MIT OR Apache-2.0) AND EUPL-1.2")),
            ("GPL-2.0-only WITH Classpath-exception-2.0", Some("GPL-2.0-only WITH Classpath-exception-2.0")),
            ("LicenseRef-Own", Some("LicenseRef-Own")),
            ("EUPL 1.2", None),
            ("MIT/Apache-2.0", None),
            ("MIT OR", None),
            ("MIT or Apache-2.0", None),
            ("Foo-1.0", None),
            ("", None),
        ] {
            assert_eq!(canonical(text).as_deref(), expected, "{text}");
        }
    }
}
