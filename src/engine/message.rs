//! Messages: texts of rules with their placeholders filled in.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::builtin;
use crate::lang::Lang;
use crate::language::Evidence;

/// What the placeholders of a message stand for: `product` → "Microsoft Excel".
pub type Values = BTreeMap<&'static str, String>;

/// Fills `{placeholders}` of a text in a language. One without a value is filled from the table of usual words
/// ("an open standard"); one that the table does not know stays as it is, for the eye to find.
pub fn fill(template: &str, values: &Values, lang: Lang) -> String {
    let mut text = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
        text.push_str(&rest[..open]);
        let name = &rest[open + 1..close];
        let given = values.get(name).map(String::as_str);
        let said = given.filter(|value| !value.is_empty()).or_else(|| usual(name, lang)).or(given);
        text.push_str(said.unwrap_or(&rest[open..=close]));
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    text
}

/// The sentence that says how many more places there are.
pub fn and_more(count: usize, lang: Lang) -> String {
    let sentence = usual("and-more", lang).unwrap_or_default();
    format!(" {}", fill(sentence, &Values::from([("n", count.to_string())]), lang))
}

/// What a placeholder says where nothing more exact is known.
fn usual(name: &str, lang: Lang) -> Option<&'static str> {
    let mut rows = builtin::rows(builtin::file("words/placeholders.tsv")?);
    let row = rows.find(|row| row.get("placeholder") == name)?;
    Some(in_language(&row, lang))
}

/// The words of a row in a language; in English where the row has none.
fn in_language(row: &builtin::Row, lang: Lang) -> &'static str {
    Some(row.get(lang.as_str())).filter(|text| !text.is_empty()).unwrap_or(row.get("en"))
}

/// The evidence of a role, in words.
pub fn evidence(evidence: &Evidence, lang: Lang) -> String {
    static WORDINGS: OnceLock<BTreeMap<&'static str, builtin::Row>> = OnceLock::new();
    let wordings = WORDINGS.get_or_init(|| {
        let table = builtin::file("lexicon/evidence.tsv").unwrap_or_default();
        builtin::rows(table).map(|row| (row.get("kind"), row)).collect()
    });
    let Some(row) = wordings.get(evidence.kind) else { return evidence.words.clone() };
    fill(in_language(row, lang), &Values::from([("words", evidence.words.clone())]), lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled() {
        let values = Values::from([("product", "Excel".to_owned())]);
        assert_eq!(fill("Use {product}, not {other} or {", &values, Lang::EN), "Use Excel, not {other} or {");
    }

    #[test]
    fn a_placeholder_without_a_value_says_something_usual() {
        let values = Values::from([("ask", String::new())]);
        assert_eq!(fill("Use {ask}.", &values, Lang::EN), "Use an open standard.");
        assert_eq!(fill("Par {ask}.", &values, "fr".parse().unwrap_or(Lang::EN)), "Par un standard ouvert.");
    }

    #[test]
    fn evidence_speaks_the_readers_language() {
        let verb = Evidence { kind: "verb", words: "devra".to_owned() };
        assert_eq!(evidence(&verb, Lang::EN), "words of duty: “devra”");
        assert_eq!(evidence(&verb, "de".parse().unwrap_or(Lang::EN)), "Pflichtwort: „devra“");
    }
}
