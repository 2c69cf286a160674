//! Mandatory standards that the subject of a purchase calls for and no document asks.

use std::collections::BTreeMap;

use crate::engine::found::Found;
use crate::engine::message::Values;
use crate::engine::standards::{Purchase, of_purchase};
use crate::finding::{Level, Related};
use crate::knowledge::{Force, Status, expected_standards};
use crate::standards::Row;

/// Words of the documents from which on an absence means something.
const FEWEST_WORDS: usize = 300;

/// One place a topic: where the subject calls for standards that are not asked.
///
/// Only what the subject calls for surely, by entries that no other rule reports; an entry that law demands and
/// that was read at its source weighs as an error.
pub fn missing(purchase: &Purchase<'_>) -> Vec<Found> {
    if !purchase.says_enough(FEWEST_WORDS) {
        return Vec::new();
    }
    let mut by_topic: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in of_purchase(purchase).rows.into_iter().filter(|row| row.is_a_gap() && is_reported_here(row)) {
        by_topic.entry(row.topic.clone()).or_default().push(row);
    }
    let lang = purchase.lang();
    by_topic.into_values().filter_map(|rows| Some(Found { suggestion_lang: lang, ..found(&rows)? })).collect()
}

/// Whether no other rule reports the gap.
fn is_reported_here(row: &Row) -> bool {
    expected_standards().iter().any(|entry| {
        entry.standard == row.standard
            && entry.rule.is_empty()
            && row.jurisdictions().any(|code| code == entry.jurisdiction)
    })
}

fn found(rows: &[Row]) -> Option<Found> {
    let first = rows.first()?;
    let names: Vec<String> = rows
        .iter()
        .map(|row| if row.verified == "yes" { row.name.clone() } else { format!("{} (?)", row.name) })
        .collect();
    let mut laws: Vec<&str> = Vec::new();
    for row in rows {
        let others = row.also_on.iter().filter(|list| list.status == Status::Mandatory).map(|list| list.law.as_str());
        for law in std::iter::once(row.law.as_str()).chain(others) {
            if !laws.contains(&law) {
                laws.push(law);
            }
        }
    }
    let values = Values::from([
        ("quote", first.trigger.snippet.clone()),
        ("standards", names.join(", ")),
        ("list", laws.join("; ")),
    ]);
    let by_law = rows.iter().any(|row| row.force == Force::Law && row.verified == "yes");
    let mut found = Found::at(first.trigger.clone(), values);
    found.absence = true;
    found.level = by_law.then_some(Level::Error);
    found.related = rows
        .iter()
        .filter(|row| row.trigger != first.trigger)
        .map(|row| Related { location: row.trigger.clone(), message: row.name.clone() })
        .collect();
    let ids: Vec<&str> = rows.iter().map(|row| row.standard.as_str()).collect();
    found.properties =
        BTreeMap::from([("standard".to_owned(), ids.into()), ("topic".to_owned(), first.topic.as_str().into())]);
    Some(found)
}
