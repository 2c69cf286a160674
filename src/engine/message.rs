//! Messages: texts of rules with their placeholders filled in.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::builtin;
use crate::lang::Lang;
use crate::language::Evidence;

/// What the placeholders of a message stand for: `product` → "Microsoft Excel".
pub type Values = BTreeMap<&'static str, String>;

/// Fills `{placeholders}`; an unknown one stays as it is, for the eye to find.
pub fn fill(template: &str, values: &Values) -> String {
    let mut text = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
        text.push_str(&rest[..open]);
        match values.get(&rest[open + 1..close]) {
            Some(value) => text.push_str(value),
            None => text.push_str(&rest[open..=close]),
        }
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    text
}

/// The evidence of a role, in words.
pub fn evidence(evidence: &Evidence, lang: Lang) -> String {
    static WORDINGS: OnceLock<BTreeMap<&'static str, builtin::Row>> = OnceLock::new();
    let wordings = WORDINGS.get_or_init(|| {
        let table = builtin::file("lexicon/evidence.tsv").unwrap_or_default();
        builtin::rows(table).map(|row| (row.get("kind"), row)).collect()
    });
    let Some(row) = wordings.get(evidence.kind) else { return evidence.words.clone() };
    let template = Some(row.get(lang.as_str())).filter(|text| !text.is_empty()).unwrap_or(row.get("en"));
    fill(template, &Values::from([("words", evidence.words.clone())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled() {
        let values = Values::from([("product", "Excel".to_owned())]);
        assert_eq!(fill("Use {product}, not {other} or {", &values), "Use Excel, not {other} or {");
    }

    #[test]
    fn evidence_speaks_the_readers_language() {
        let verb = Evidence { kind: "verb", words: "devra".to_owned() };
        assert_eq!(evidence(&verb, Lang::EN), "words of duty: “devra”");
        assert_eq!(evidence(&verb, "de".parse().unwrap_or(Lang::EN)), "Pflichtwort: „devra“");
    }
}
