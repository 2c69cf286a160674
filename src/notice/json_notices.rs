//! Readers for JSON notices: OCDS 1.1 release and record packages, and French DECP.
//!
//! A file may be one package, one release, JSON Lines, or several JSON texts one after another; each text is
//! read for itself, so that one broken line loses one line.

use super::NotReadable;
use super::assemble::{Cursor, Identity, Place, assemble};
use super::entry::{Entry, first};
use super::json::{self, Json};
use super::json_fields::JsonFields;
use super::model::{Notice, NoticeKind};
use super::sections::{celex, country, kind_of, languages};
use super::terms::Terms;
use crate::document::{Format, Limits};
use crate::lang::Lang;
use crate::saying::say;

/// OCDS uses no more than a dozen levels; packages nest two more.
const DEPTH: usize = 64;

/// Reads every notice of the file, in its order.
pub(super) fn read(place: &Place, limits: &Limits, each: &mut dyn FnMut(Result<Notice, NotReadable>)) {
    let source = &*place.source;
    let mut cursor = Cursor::start();
    let mut at = json::after_blanks(source, 0);
    let mut found = 0usize;
    while at < source.len() {
        let (text, after) = match json::read(source, at, DEPTH.min(limits.depth)) {
            Ok(read) => read,
            Err(error) => {
                each(Err(error));
                // Only a broken line of JSON Lines leaves a next text to read.
                match next_line_with_object(source, at) {
                    Some(next) => {
                        at = next;
                        continue;
                    }
                    None => return,
                }
            }
        };
        notices_of(&text, place.format, &mut |notice, pointer| {
            found += 1;
            each(Ok(read_notice(notice, pointer, place, &mut cursor, limits)));
        });
        at = json::after_blanks(source, after);
    }
    if found == 0 {
        each(Err(NotReadable::at_line(1, say!("json-without-notice"))));
    }
}

fn next_line_with_object(source: &str, at: usize) -> Option<usize> {
    let next = at + source[at..].find('\n')? + 1;
    let start = json::after_blanks(source, next);
    source[start..].starts_with('{').then_some(start)
}

/// The notices of one JSON text with their JSON pointers.
fn notices_of(text: &Json, format: Format, each: &mut dyn FnMut(&Json, &str)) {
    let mut list = |items: &[Json], pointer: &str| {
        for (index, item) in items.iter().enumerate() {
            each(item, &format!("{pointer}/{index}"));
        }
    };
    if format == Format::Decp {
        let contracts = text.get("marches");
        for (key, value) in contracts.map_or(&[][..], Json::members) {
            list(value.elements(), &format!("/marches/{key}"));
        }
        list(contracts.map_or(text.elements(), Json::elements), if contracts.is_some() { "/marches" } else { "" });
        if text.get("objet").is_some() {
            each(text, "");
        }
        return;
    }
    for (number, release) in text.get("releases").map_or(&[][..], Json::elements).iter().enumerate() {
        each(release, &format!("/releases/{number}"));
    }
    for (number, record) in text.get("records").map_or(&[][..], Json::elements).iter().enumerate() {
        record_releases(record, &format!("/records/{number}"), each);
    }
    if text.get("releases").is_none() && text.get("records").is_none() {
        for (number, release) in text.elements().iter().enumerate() {
            record_releases(release, &format!("/{number}"), each);
        }
        if text.get("ocid").is_some() || text.get("tender").is_some() {
            record_releases(text, "", each);
        }
    }
}

/// A record's compiled release, else its versioned one, else the releases it holds in full; a release itself.
fn record_releases(record: &Json, pointer: &str, each: &mut dyn FnMut(&Json, &str)) {
    for key in ["compiledRelease", "versionedRelease"] {
        if let Some(release) = record.get(key) {
            return each(release, &format!("{pointer}/{key}"));
        }
    }
    match record.get("releases") {
        Some(releases) => {
            for (number, release) in releases.elements().iter().enumerate() {
                if release.get("url").is_none() {
                    each(release, &format!("{pointer}/releases/{number}"));
                }
            }
        }
        None => each(record, pointer),
    }
}

fn read_notice(notice: &Json, pointer: &str, place: &Place, cursor: &mut Cursor, limits: &Limits) -> Notice {
    let source = &*place.source;
    let declared = notice.get("language").and_then(|language| language.text(source));
    let language = match place.format {
        Format::Decp => "fr".parse().ok(),
        _ => declared.as_deref().and_then(Lang::from_tag),
    };
    let mut fields = JsonFields { source, terms: Terms::of(place.format), language, entries: Vec::new() };
    fields.collect(notice, pointer);
    let mut entries = fields.entries;
    normalise(&mut entries);
    let identity = Identity {
        id: first(&entries, "OPP-010").or_else(|| first(&entries, "BT-701")).map(str::to_owned),
        kind: kind(&entries, place.format),
        subtype: first(&entries, "BT-02").map(str::to_owned),
        languages: languages(language.iter().map(Lang::as_str)),
        legal_basis: first(&entries, "BT-01").map(celex),
        country: match place.format {
            Format::Decp => Some("FR".to_owned()),
            _ => first(&entries, "BT-514").map(country),
        },
        buyer: notice
            .get("buyer")
            .and_then(|buyer| buyer.get("name")?.text(source))
            .or_else(|| first(&entries, "BT-500").or_else(|| first(&entries, "OPT-200")).map(str::to_owned)),
    };
    assemble(entries, identity, place, cursor, limits)
}

/// The codes of TED that OCDS profiles keep (`D_TECHNICAL`) become those of eForms.
fn normalise(entries: &mut [Entry]) {
    for entry in entries {
        let flag = Terms::of(Format::TedExport).rows(&entry.value).iter().find(|row| row.term == entry.row.term);
        if let Some(row) = flag {
            entry.code = Some(std::mem::replace(&mut entry.value, row.value.to_owned()));
        }
    }
}

fn kind(entries: &[Entry], format: Format) -> NoticeKind {
    if format == Format::Decp {
        let modified = entries.iter().any(|entry| entry.row.term == "BT-202");
        return if modified { NoticeKind::Modification } else { NoticeKind::Award };
    }
    // A release carries several tags where stages fall together; the furthest stage decides.
    let tags = entries.iter().filter(|entry| entry.row.term == "BT-02");
    let stages = tags.filter_map(|entry| kind_of("ocds", &entry.value));
    stages.max().unwrap_or_else(|| {
        let has = |stage: &str| entries.iter().any(|entry| entry.path.contains(stage));
        if has("/contracts/") || has("/awards/") { NoticeKind::Award } else { NoticeKind::Call }
    })
}
