//! Checks that need an algorithm, by the name under which a rule file asks for them (`check: no-licence`).
//!
//! A check says where something is and with which values; level, law, messages and suggestions stand in the
//! rule's file.

mod licence;

use super::found::Found;
use crate::notice::Notice;
use crate::repository::Repository;

/// Checks by name.
pub type Checks<T> = [(&'static str, fn(&T) -> Vec<Found>)];

/// Checks on a repository.
pub const REPOSITORY: &Checks<Repository> = &[
    ("no-licence", licence::missing),
    ("licence-not-open", licence::not_open),
    ("licences-contradict", licence::contradictions),
];

/// Checks on the coded fields of a notice.
pub const NOTICE: &Checks<Notice> = &[];

/// Whether a rule may name this check.
pub fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}

/// The names of all checks.
pub fn names() -> impl Iterator<Item = &'static str> {
    REPOSITORY.iter().map(|(name, _)| *name).chain(NOTICE.iter().map(|(name, _)| *name))
}
