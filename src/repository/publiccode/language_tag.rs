//! Language tags: the grammar of RFC 5646 (BCP 47) § 2.1, each subtag registered with IANA.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::schema;

/// Whether the tag is well formed and each subtag is registered. Case does not matter.
pub(super) fn is_valid(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    if is_registered("grandfathered", &tag) {
        return true;
    }
    let subtags: Vec<&str> = tag.split('-').collect();
    if subtags.iter().any(|s| s.is_empty() || s.len() > 8 || !s.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return false;
    }
    match subtags.split_first() {
        Some((&"x", private)) => !private.is_empty(),
        Some((language, rest)) => is_registered("language", language) && rest_is_valid(language, rest),
        None => false,
    }
}

/// What follows the language: extended language, script, region, variants, extensions, private use.
fn rest_is_valid(language: &str, mut rest: &[&str]) -> bool {
    let alphabetic = |subtag: &str| subtag.bytes().all(|b| b.is_ascii_alphabetic());
    if let [extended, after @ ..] = rest
        && extended.len() == 3
        && alphabetic(extended)
    {
        if !is_registered("extlang", &format!("{extended}={language}")) {
            return false;
        }
        rest = after;
    }
    if let [script, after @ ..] = rest
        && script.len() == 4
        && alphabetic(script)
    {
        if !is_registered("script", script) {
            return false;
        }
        rest = after;
    }
    if let [region, after @ ..] = rest
        && ((region.len() == 2 && alphabetic(region))
            || (region.len() == 3 && region.bytes().all(|b| b.is_ascii_digit())))
    {
        if !is_registered("region", region) {
            return false;
        }
        rest = after;
    }
    while let [variant, after @ ..] = rest
        && (variant.len() >= 5 || (variant.len() == 4 && variant.starts_with(|c: char| c.is_ascii_digit())))
    {
        if !is_registered("variant", variant) {
            return false;
        }
        rest = after;
    }
    // A singleton is followed by at least one subtag that is none; private use takes all that is left.
    while let [singleton, after @ ..] = rest
        && singleton.len() == 1
    {
        let length =
            if *singleton == "x" { after.len() } else { after.iter().take_while(|subtag| subtag.len() > 1).count() };
        if length == 0 {
            return false;
        }
        rest = &after[length..];
    }
    rest.is_empty()
}

/// Whether the registry has this subtag, alone or in a range (`qaa..qtz`).
fn is_registered(kind: &str, subtag: &str) -> bool {
    static REGISTRY: LazyLock<BTreeMap<&str, &str>> =
        LazyLock::new(|| schema::table("language-subtags").map(|row| (row.get("kind"), row.get("subtags"))).collect());
    REGISTRY.get(kind).is_some_and(|known| {
        known.split(' ').any(|entry| match entry.split_once("..") {
            Some((first, last)) => first.len() == subtag.len() && (first..=last).contains(&subtag),
            None => entry == subtag,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_checked_against_grammar_and_registry() {
        for (tag, expected) in [
            ("en", true),
            ("EN", true),
            ("sl-IT-nedis", true),
            ("zh-Hant-TW", true),
            ("zh-yue", true),
            ("es-419", true),
            ("de-1996", true),
            ("i-klingon", true),
            ("x-own", true),
            ("qaa", true),
            ("en-u-co-phonebk-x-own", true),
            ("", false),
            ("eng", false),
            ("ita", false),
            ("english", false),
            ("en_GB", false),
            ("en-", false),
            ("en-XZQ", false),
            ("en-yue", false),
            ("en-Zzzq", false),
            ("en-999", false),
            ("en-u", false),
            ("zz", false),
            ("x", false),
        ] {
            assert_eq!(is_valid(tag), expected, "{tag}");
        }
    }
}
