//! What the project's licence texts are: changed, cut, or a licence in name only.

use std::ops::Range;

use super::super::found::{Found, Lines, whole_file};
use super::super::message::Values;
use crate::finding::{Level, Location, Related};
use crate::licence::{Change, ChangeKind, Kind, Openness, Region, Verdict, facts};
use crate::repository::{LicenceText, Repository};

/// Most characters of a change that a message quotes.
const LONGEST_QUOTE: usize = 200;

/// Licences to which words were added or from which words were removed: one finding a licence, at the longest
/// addition (else at the first removal), with the other changes as further places.
pub fn changed(repository: &Repository) -> Vec<Found> {
    let regions = of_project(repository).flat_map(|text| text.licences().map(move |region| (text, region)));
    regions.filter_map(|(text, region)| of_changes(text, region, changes(region))).collect()
}

fn of_changes(text: &LicenceText, region: &Region, changes: &[Change]) -> Option<Found> {
    let added = changes.iter().filter(|change| change.kind == ChangeKind::Added);
    let worst = added.rev().max_by_key(|change| change.text.len()).or(changes.first())?;
    let lines = Lines::new(&text.path, text.text());
    let place = |change: &Change| at(&lines, text.text(), change.span.start..change.span.end);
    let values = Values::from([("licence", id(region)), ("quote", shortened(&worst.text))]);
    let mut found = Found::at(place(worst), values);
    if worst.kind == ChangeKind::Removed {
        found.variant = Some("removed");
        found.level = Some(Level::Warning);
        found.absence = true;
    }
    found.related = changes
        .iter()
        .filter(|change| *change != worst)
        .map(|change| Related { location: place(change), message: shortened(&change.text) })
        .collect();
    Some(found)
}

/// Licences without their end or beginning.
pub fn incomplete(repository: &Repository) -> Vec<Found> {
    let regions = of_project(repository).flat_map(|text| text.licences().map(move |region| (text, region)));
    regions
        .filter_map(|(text, region)| match &region.verdict {
            Verdict::Incomplete { coverage, .. } => {
                let percent = format!("{:.0}", coverage * 100.0);
                let values = Values::from([("licence", id(region)), ("share", percent)]);
                Some(Found::at(
                    at(&Lines::new(&text.path, text.text()), text.text(), region.span.start..region.span.start),
                    values,
                ))
            }
            _ => None,
        })
        .collect()
}

/// Texts that bear a licence's name but are another text.
pub fn in_name_only(repository: &Repository) -> Vec<Found> {
    of_project(repository)
        .filter(|text| !text.is_list())
        .filter_map(|text| {
            let region = in_name_only_region(text)?;
            let location = whole_file(&text.path, text.text());
            Some(Found::at(location, Values::from([("licence", id(region)), ("quote", text.path.clone())])))
        })
        .collect()
}

/// The region of a text that only bears a licence's name, if it is long enough to pass for the licence itself.
pub fn in_name_only_region(text: &LicenceText) -> Option<&Region> {
    let long = text.text().split_whitespace().count() >= super::licence::NOTICE_WORDS;
    text.identification.regions.iter().find(|region| long && region.verdict == Verdict::NamesOnly)
}

fn of_project(repository: &Repository) -> impl Iterator<Item = &LicenceText> {
    repository.licence_texts.iter().filter(|text| text.is_of_project())
}

fn changes(region: &Region) -> &[Change] {
    match &region.verdict {
        // A licence that is not open has a rule of its own, and often terms to fill in.
        _ if region.ids.iter().any(|id| facts(id).is_some_and(|facts| facts.openness == Openness::NotOpen)) => &[],
        Verdict::Changed(changes) | Verdict::Incomplete { changes, .. } if region.kind != Kind::Exception => changes,
        _ => &[],
    }
}

fn id(region: &Region) -> String {
    region.ids.join(" / ")
}

/// The place of bytes of the text. A change of several lines is shown by its first.
fn at(lines: &Lines<'_>, source: &str, span: Range<usize>) -> Location {
    let before = source.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before[line_start..].chars().count() + 1;
    let first_line = source.get(span).unwrap_or_default().lines().next().unwrap_or_default();
    let end = column + first_line.chars().count();
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    lines.place(number(line), number(column), number(end))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
