//! Policy: from all that was found to what counts here, and the verdict.
//!
//! `acquis.yml` at the root of what is checked says whose law applies, how grave each rule is, and which
//! findings were accepted. [`Policy::load`] reads it, a [`Sieve`] applies it.

mod apply;
pub mod baseline;
mod file;
mod load;
mod packs;
mod waiver;

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobMatcher, GlobSet};

use crate::date::Date;
use crate::finding::Level;
use crate::knowledge::UNION;
use crate::lang::Lang;
use crate::rule::Profile;

pub use apply::Sieve;
pub use baseline::{Baseline, Known};
pub use file::{Buyer, FailOn, Jurisdiction, PathRules, PolicyFile, WaiverEntry};
pub use packs::{Base, Fetch, LOCK_NAME, RemotePack, builtin_names};
pub use waiver::Waiver;

/// Name of the policy file at the root of what is checked.
pub const FILE_NAME: &str = "acquis.yml";

/// What counts, put together from the policy file and those it extends.
#[derive(Debug, Default)]
pub struct Policy {
    /// In order, without repeats. Empty where the policy names none.
    pub jurisdictions: Vec<Jurisdiction>,
    pub buyer: Option<Buyer>,
    pub profile: Option<Profile>,
    pub lang: Option<Lang>,
    pub fail_on: Option<FailOn>,
    pub as_of: Option<Date>,
    /// Levels by rule.
    pub levels: BTreeMap<String, Level>,
    pub waivers: Vec<Waiver>,
    exclude: GlobSet,
    /// Of several that meet a file the last one wins.
    paths: Vec<(GlobMatcher, BTreeMap<String, Level>)>,
    /// The files that were read, for errors that are found later.
    sources: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    file: String,
    text: String,
}

impl Policy {
    /// The codes of the jurisdictions in force: those that the policy names, with the European Union where its
    /// law applies in one of them or none is named.
    pub fn in_force(&self) -> Vec<String> {
        let mut codes: Vec<String> = self.jurisdictions.iter().map(|code| code.as_str().to_owned()).collect();
        let union = codes.is_empty() || self.jurisdictions.iter().any(Jurisdiction::is_in_the_union);
        if union && !codes.iter().any(|code| code == UNION) {
            codes.push(UNION.to_owned());
        }
        codes
    }

    /// The ids of the rules that the policy gives a level: they run in whatever profile.
    pub fn asked(&self) -> BTreeSet<String> {
        let on = self.levels.iter().filter(|(_, level)| **level > Level::Off);
        on.map(|(rule, _)| rule.clone()).collect()
    }

    /// Sets the level of a rule, whatever the policy file says of it.
    pub fn set_level(&mut self, rule: &str, level: Level) {
        self.levels.insert(rule.to_owned(), level);
    }
}

/// JSON Schema (2020-12) of `acquis.yml`.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(PolicyFile)
}

#[cfg(test)]
mod tests;
