//! Messages by kind and language, from `rules/knowledge/publiccode-messages.tsv`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::lang::Lang;

use super::schema;

const TABLE: &str = include_str!("../../../rules/knowledge/publiccode-messages.tsv");

/// Kind, then language, to the message's template.
type Templates = BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>;

pub(super) fn templates() -> &'static Templates {
    static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
        let mut rows = schema::rows(TABLE).map(|row| row.split('\t').collect::<Vec<_>>());
        let languages = rows.next().unwrap_or_default();
        rows.filter_map(|row| {
            let (kind, texts) = row.split_first()?;
            Some((*kind, languages.iter().skip(1).copied().zip(texts.iter().copied()).collect()))
        })
        .collect()
    });
    &TEMPLATES
}

/// Fills the template's `{name}` placeholders. One pass, so that a value with braces stays as it is.
pub(super) fn render(kind: &str, values: &[(&'static str, String)], language: Lang) -> String {
    let by_language = templates().get(kind);
    let template = by_language.and_then(|texts| texts.get(language.as_str()).or_else(|| texts.get(Lang::EN.as_str())));
    let mut rest = template.copied().unwrap_or(kind);
    let mut message = String::with_capacity(rest.len() + 64);
    while let Some((before, after)) = rest.split_once('{') {
        message.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        match values.iter().find(|(placeholder, _)| *placeholder == name) {
            Some((_, value)) => message.push_str(value),
            None => message.push_str(name),
        }
        rest = after;
    }
    message.push_str(rest);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_there_in_six_languages_with_the_same_placeholders() {
        for (kind, texts) in templates() {
            assert_eq!(texts.keys().copied().collect::<Vec<_>>(), ["da", "de", "el", "en", "fr", "nl"], "{kind}");
            let placeholders = |text: &str| {
                let mut names: Vec<_> =
                    text.split('{').skip(1).filter_map(|p| p.split_once('}').map(|(n, _)| n.to_owned())).collect();
                names.sort();
                names
            };
            for (language, text) in texts {
                assert!(!text.is_empty(), "{kind} {language}");
                assert_eq!(placeholders(text), placeholders(texts["en"]), "{kind} {language}");
            }
        }
    }

    #[test]
    fn values_are_put_in_as_they_are() {
        let values = [("field", "{value}".to_owned()), ("value", "x".to_owned())];
        assert!(render("not-a-url", &values, Lang::EN).starts_with("{value} "));
    }
}
