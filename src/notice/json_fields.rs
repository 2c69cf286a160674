//! Finds the fields of a notice in a JSON value, by the table of terms.

use super::entry::Entry;
use super::json::{Json, Value};
use super::terms::{Kind, Row, Terms};
use super::text::paragraphs;
use super::xml_fields::joined;
use crate::lang::Lang;

/// Collects the fields of one notice.
pub(super) struct JsonFields<'a> {
    pub source: &'a str,
    pub terms: &'static Terms,
    pub language: Option<Lang>,
    pub entries: Vec<Entry>,
}

impl JsonFields<'_> {
    /// Collects the fields below a value. `pointer` is its JSON pointer in the file.
    pub fn collect(&mut self, notice: &Json, pointer: &str) {
        self.walk(notice, pointer, &mut Vec::new(), None);
    }

    fn walk(&mut self, value: &Json, pointer: &str, keys: &mut Vec<String>, lot: Option<&str>) {
        let rows: &'static [Row] = keys.last().map_or(&[], |key| self.terms.rows(key));
        let rows: Vec<&'static Row> = rows.iter().filter(|row| meets(row, keys)).collect();
        match &value.value {
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.walk(element, &format!("{pointer}/{index}"), keys, lot);
                }
            }
            Value::Object(members) => {
                let of_lot = rows.iter().filter(|row| row.kind == Kind::Lot);
                let id = of_lot.filter_map(|row| value.get(row.value)?.text(self.source)).next();
                let lot = id.as_deref().or(lot);
                // A versioned release (OCDS) holds each value with the release it stems from.
                if let (Some(held), Some(_)) = (value.get("value"), value.get("releaseID")) {
                    return self.walk(held, &format!("{pointer}/value"), keys, lot);
                }
                for (key, member) in members {
                    keys.push(key.clone());
                    self.walk(member, &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), keys, lot);
                    keys.pop();
                }
            }
            Value::Null => {}
            Value::String | Value::Literal => {
                let entries = rows.into_iter().filter_map(|row| self.entry(row, value, pointer, lot));
                let entries: Vec<Entry> = entries.collect();
                self.entries.extend(entries);
            }
        }
    }

    fn entry(&self, row: &'static Row, value: &Json, pointer: &str, lot: Option<&str>) -> Option<Entry> {
        let is_text = matches!(row.kind, Kind::Title | Kind::Text);
        let paragraphs = if is_text { paragraphs(value.characters(self.source)) } else { Vec::new() };
        let text = match is_text {
            true => joined(&paragraphs),
            false => value.text(self.source)?.trim().to_owned(),
        };
        (!text.is_empty()).then(|| Entry {
            row,
            value: text,
            unit: (row.kind == Kind::Measure).then(|| row.value.to_owned()),
            code: None,
            lot: lot.map(str::to_owned),
            language: self.language.filter(|_| is_text),
            path: pointer.to_owned(),
            span: value.span.clone(),
            paragraphs,
        })
    }
}

/// Whether the keys that lead to a value, without array indices, end in the row's path.
fn meets(row: &Row, keys: &[String]) -> bool {
    let meets =
        row.steps.len() <= keys.len() && row.steps.iter().zip(keys.iter().rev()).all(|(step, key)| step.name == key);
    meets && (!row.anchored || row.steps.len() == keys.len())
}
