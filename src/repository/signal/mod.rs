//! Signals: what in the repository binds it to one vendor, one closed format or one closed service.
//!
//! Everything that is looked for is a row of a table in `rules/knowledge`: `packages.tsv`, `identifiers.tsv`,
//! `infrastructure.tsv`, `file-types.tsv`, `fonts.tsv`. A row may name ways out (`ways-out.tsv`): where the
//! repository shows one, the signal carries it as [`Signal::eased_by`] and rules lower it to a note.
//!
//! Packages are matched by ecosystem and name, never by words; text is matched only in the files that a row
//! is about, and not in comments.

mod committed;
mod infrastructure;
mod package;
mod text;
mod way_out;

use std::collections::BTreeMap;

use super::model::{Evidence, Facts, Package, PathClass, RepoFile, Signal};
use super::place::Place;
use crate::builtin::Row;
use crate::date::Date;

pub use package::glob as package_glob;
pub use text::{Signs, scan};

/// What a row of a table says about its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub id: &'static str,
    pub category: &'static str,
    pub name: &'static str,
    pub vendor: &'static str,
    pub domain: &'static str,
    pub instead: &'static str,
    /// Ids of ways out, any of which eases.
    pub eased: Vec<&'static str>,
    /// The last day before it counts, where it is about an end.
    pub until: Option<Date>,
}

impl Subject {
    fn of(row: &Row) -> Subject {
        Subject {
            id: row.get("id"),
            category: row.get("category"),
            name: row.get("subject"),
            vendor: row.get("vendor"),
            domain: row.get("domain"),
            instead: row.get("instead"),
            eased: row.list("eased").collect(),
            until: row.get("until").parse().ok(),
        }
    }
}

/// A place where a row's sign was met.
#[derive(Debug, Clone)]
pub struct Hit {
    pub subject: &'static Subject,
    pub path: String,
    pub class: PathClass,
    pub place: Place,
    /// The words there.
    pub snippet: String,
}

/// The first place of a file, for signs that are the file itself.
const WHOLE_FILE: Place = Place { line: 1, column: 1, end_column: 1 };

/// All signals of a repository, by path and line of their first place. `signs` are those of the files' texts,
/// in the order of the paths.
pub fn signals(files: &[RepoFile], facts: &Facts, packages: &[Package], signs: Vec<Signs>) -> Vec<Signal> {
    let mut ways = way_out::WaysOut::new(files, facts, packages);
    let mut hits = Vec::new();
    for signs in signs {
        ways.extend(signs.ways);
        hits.extend(signs.hits);
    }
    hits.extend(package::hits(packages));
    hits.extend(committed::hits(files));
    hits.extend(infrastructure::hits(files, facts));
    hits.sort_by(|a, b| (&a.path, a.place.line, a.place.column).cmp(&(&b.path, b.place.line, b.place.column)));
    group(hits, &ways)
}

/// One signal for all places of a subject in files of one class that are eased alike.
fn group(hits: Vec<Hit>, ways: &way_out::WaysOut) -> Vec<Signal> {
    let mut signals: Vec<Signal> = Vec::new();
    let mut known: BTreeMap<(&str, &str, PathClass, bool), usize> = BTreeMap::new();
    for hit in hits {
        let eased_by = ways.of(hit.subject, &hit.path);
        let key = (hit.subject.id, hit.subject.name, hit.class, eased_by.is_some());
        if let Some(signal) = known.get(&key).and_then(|at| signals.get_mut(*at)) {
            if signal.also.len() < Signal::MOST_PLACES {
                signal.also.push(Evidence { path: hit.path, line: hit.place.line, what: hit.snippet });
            }
            continue;
        }
        known.insert(key, signals.len());
        signals.push(Signal {
            kind: hit.subject.id.to_owned(),
            category: hit.subject.category.to_owned(),
            path: hit.path,
            class: hit.class,
            line: hit.place.line,
            column: hit.place.column,
            end_column: hit.place.end_column,
            snippet: hit.snippet,
            subject: hit.subject.name.to_owned(),
            vendor: hit.subject.vendor.to_owned(),
            domain: hit.subject.domain.to_owned(),
            instead: hit.subject.instead.to_owned(),
            until: hit.subject.until,
            eased_by,
            also: Vec::new(),
        });
    }
    signals
}

/// At most this many characters of a match are kept.
const MOST_SNIPPET: usize = 160;

fn snippet(words: &str) -> String {
    let line = words.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    line.char_indices().nth(MOST_SNIPPET).map_or(line, |(end, _)| &line[..end]).to_owned()
}
