//! Validation of publiccode.yml, the description of public software that directories and crawlers read.
//!
//! The standard is read in its versions 0 to 0.7.0; where its text and its reference parser
//! (github.com/italia/publiccode-parser-go) differ, the parser decides, since the directories run it. Nothing is
//! asked of the network: whether an address answers is said by a caller that may ask ([`PubliccodeFile::ask`]).
//!
//! ```
//! use acquis::repository::publiccode;
//!
//! let problems = publiccode::check("publiccodeYmlVersion: \"0.2\"\nname: Medusa\n");
//! let version = problems.iter().find(|problem| problem.key == "publiccodeYmlVersion").unwrap();
//! assert_eq!((version.kind, version.line), ("old-version", 1));
//! ```
//!
//! - Levels: what the parser rejects is an error, what it warns about a warning. Notes are advice beyond it and
//!   never make a file that the parser accepts count as faulty.
//! - Unlike the parser, which stops at the first value of a wrong type and then takes the whole section for
//!   empty, every problem is reported. Mandatory keys that the parser overlooks for that reason get a note.
//! - Places: the key of what is wrong; for a value of a wrong type the value; for a missing key the first key
//!   of the section that lacks it.
//! - Bounds: [`MAX_BYTES`], [`MAX_NODES`], [`MAX_PROBLEMS`] and those of [`yaml`](super::yaml).

mod address;
mod checks;
mod edition;
mod file;
mod fix;
mod kinds;
mod language_tag;
mod licence_expression;
mod neighbours;
mod number;
mod schema;
#[cfg(test)]
mod tests;
mod uri;
mod validate;

use crate::finding::{Edit, Level, Region};

use super::yaml::{Place, Yaml};
pub use address::{Address, Answer, Ask, MOST_ASKED, MOST_REDIRECTS, Silence};
pub use file::PubliccodeFile;
pub use kinds::KINDS;
pub use neighbours::{Directory, Neighbour, Neighbours, Nowhere};

/// Name that the standard prescribes, at the root of the repository.
pub const FILE_NAME: &str = "publiccode.yml";

/// Largest file that is validated, in bytes. The largest good file can hold some hundred thousand.
pub const MAX_BYTES: usize = 4 << 20;

/// Most keys and values of a file that is validated, aliases written out. Good files have some hundred.
pub const MAX_NODES: u64 = 200_000;

/// Most problems of one file that are reported.
pub const MAX_PROBLEMS: usize = 1000;

/// One thing that is wrong, or could be better, in a publiccode.yml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Dotted path as the reference parser prints it: `description.en.shortDescription`,
    /// `maintenance.contacts[0].email`. Empty where the file as a whole is meant.
    pub key: String,
    pub level: Level,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    /// On the same line, exclusive.
    pub end_column: u32,
    /// What kind of problem, one of [`KINDS`]; the rules have a message for each.
    pub kind: &'static str,
    /// Values for the placeholders of that message, by name.
    pub values: Vec<(&'static str, String)>,
    /// Edits that remove the problem; none where only a person can.
    pub fix: Vec<Edit>,
}

impl Problem {
    /// With a value for the message.
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Problem {
        self.values.push((name, value.into()));
        self
    }

    fn fixed_by(self, fix: Vec<Edit>) -> Problem {
        Problem { fix, ..self }
    }

    /// The line and columns of the key, 1-based, half-open.
    pub fn region(&self) -> Region {
        Region { start_line: self.line, start_column: self.column, end_line: self.line, end_column: self.end_column }
    }
}

/// Checks the text of a file whose neighbours are not known: files that it names are taken to be there.
/// Sorted by line and column.
pub fn check(text: &str) -> Vec<Problem> {
    check_beside(text, &Nowhere)
}

/// Checks the text of a file and the files that it names (logos, screenshots).
pub fn check_beside(text: &str, neighbours: &dyn Neighbours) -> Vec<Problem> {
    content_of_text(text, neighbours).problems
}

/// Checks the bytes of a file, which must be UTF-8 (standard, "Encoding").
pub fn check_bytes(bytes: &[u8], neighbours: &dyn Neighbours) -> Vec<Problem> {
    content_of(bytes, neighbours).problems
}

/// What a file holds for the rules, both sorted by line and column.
#[derive(Debug, Default)]
struct Content {
    problems: Vec<Problem>,
    addresses: Vec<Address>,
}

impl From<Problem> for Content {
    /// A file of which no more is to be said.
    fn from(problem: Problem) -> Content {
        Content { problems: vec![problem], addresses: Vec::new() }
    }
}

fn content_of_text(text: &str, neighbours: &dyn Neighbours) -> Content {
    if text.len() > MAX_BYTES {
        return whole_file("", "too-large", 1, 1).with("limit", format!("{} MiB", MAX_BYTES >> 20)).into();
    }
    match Yaml::parse(text) {
        Ok(yaml) if yaml.expanded() > MAX_NODES => {
            whole_file("", "too-large", 1, 1).with("limit", format!("{MAX_NODES} YAML nodes")).into()
        }
        Ok(yaml) => validate::validate(text, &yaml, neighbours),
        Err(error) => whole_file("", "not-yaml", error.line, error.column).with("reason", error.reason).into(),
    }
}

fn content_of(bytes: &[u8], neighbours: &dyn Neighbours) -> Content {
    match std::str::from_utf8(bytes) {
        Ok(text) => content_of_text(text, neighbours),
        Err(error) => {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let line = good.matches('\n').count() + 1;
            let column = good.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let one_based = |number| u32::try_from(number).unwrap_or(u32::MAX);
            whole_file("", "not-utf-8", one_based(line), one_based(column)).into()
        }
    }
}

fn whole_file(key: &str, kind: &'static str, line: u32, column: u32) -> Problem {
    let end_column = column.saturating_add(1);
    let level = kinds::level(kind);
    let values = vec![("field", key.to_owned())];
    Problem { key: key.to_owned(), level, line, column, end_column, kind, values, fix: Vec::new() }
}

/// A problem at a place: its first line only, so that a long text is not flagged as a whole.
fn at(place: &Place, key: &str, kind: &'static str) -> Problem {
    Problem { end_column: end_column(place), ..whole_file(key, kind, place.line, place.column) }
}

/// Where the first line of a place ends, exclusive; one column at least.
fn end_column(place: &Place) -> u32 {
    let end = if place.end_line == place.line { place.end_column } else { place.column };
    end.max(place.column.saturating_add(1))
}
