//! What no program can judge of a repository (`rules/knowledge/checklist.tsv`).

use crate::builtin;
use crate::finding::ChecklistItem;
use crate::lang::Lang;

/// The criteria for people to check, in a language; in English where it has none.
pub fn items(lang: Lang) -> Vec<ChecklistItem> {
    let rows = builtin::rows(builtin::file("knowledge/checklist.tsv").unwrap_or_default());
    let item = |row: builtin::Row| {
        let text = Some(row.get(lang.as_str())).filter(|text| !text.is_empty()).unwrap_or(row.get("en"));
        ChecklistItem { id: row.get("id").to_owned(), text: text.to_owned(), source: row.get("source").to_owned() }
    };
    rows.map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_speaks_every_language() {
        let english = items(Lang::EN);
        for code in ["fr", "de", "nl", "da", "el", "it", "es"] {
            let other = items(code.parse().unwrap());
            assert_eq!(other.len(), english.len());
            assert!(other.iter().zip(&english).all(|(other, english)| other.text != english.text), "{code}");
        }
    }
}
