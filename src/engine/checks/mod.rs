//! Checks that need an algorithm, by the name under which a rule file asks for them (`check: no-licence`).
//!
//! A check says where something is and with which values; level, law, messages and suggestions stand in the
//! rule's file.

mod address;
mod dependency;
mod interface;
mod licence;
mod licence_id;
mod licence_text;
mod publication;
mod publiccode;
mod reuse;
mod standards;

use super::found::Found;
use super::standards::Purchase;
use crate::notice::Notice;
use crate::repository::Repository;
use crate::repository::publiccode::PubliccodeFile;

/// Checks by name.
pub type Checks<T> = [(&'static str, fn(&T) -> Vec<Found>)];

/// Checks on a repository.
pub const REPOSITORY: &Checks<Repository> = &[
    ("no-licence", licence::missing),
    ("licence-not-open", licence::not_open),
    ("licences-contradict", licence::contradictions),
    ("licence-id", licence_id::in_manifests),
    ("licence-tag", licence_id::in_tags),
    ("dependency-not-open", dependency::not_open),
    ("dependency-incompatible", dependency::incompatible),
    ("licence-text-unknown", licence::text),
    ("licence-text-changed", licence_text::changed),
    ("licence-text-incomplete", licence_text::incomplete),
    ("licence-text-in-name-only", licence_text::in_name_only),
    ("reuse", reuse::gaps),
    ("publiccode-misnamed", publiccode::misnamed),
    ("api-description", interface::incomplete),
    ("readme-missing", publication::without_readme),
    ("documentation-language", publication::documentation_language),
    ("pdf-archival", publication::not_archival),
];

/// Checks on a publiccode.yml.
pub const PUBLICCODE: &Checks<PubliccodeFile> = &[
    ("publiccode-invalid", publiccode::invalid),
    ("publiccode-deprecated", publiccode::deprecated),
    ("publiccode-advice", publiccode::advice),
    ("publiccode-address-dead", address::dead),
    ("publiccode-address-unchecked", address::unchecked),
];

/// Checks on the coded fields of a notice.
pub const NOTICE: &Checks<Notice> = &[];

/// A check on all documents of a purchase together.
pub type BundleCheck = fn(&Purchase<'_>) -> Vec<Found>;

/// Checks on all documents of a purchase together.
pub const BUNDLE: &[(&str, BundleCheck)] = &[("mandatory-standard-missing", standards::missing)];

/// Whether a rule may name this check.
pub fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}

/// The names of all checks.
pub fn names() -> impl Iterator<Item = &'static str> {
    let repository = REPOSITORY.iter().map(|(name, _)| *name).chain([super::genre::CHECK]);
    let bundle = BUNDLE.iter().map(|(name, _)| *name);
    repository.chain(bundle).chain(NOTICE.iter().map(|(name, _)| *name)).chain(PUBLICCODE.iter().map(|(name, _)| *name))
}
