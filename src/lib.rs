//! acquis: the linter for what a public body buys and what it publishes.
//!
//! One straight road: [`input`] finds and opens what is to be read, the readers ([`document`], [`notice`],
//! [`repository`] with [`licence`]) turn bytes into subjects, the [`engine`] meets them with the [`rule`]s
//! through [`language`] and [`knowledge`], the [`policy`] makes a verdict, a [`report`] prints it. No module
//! looks back up the road. See ARCHITECTURE.md.

mod builtin;
#[cfg(test)]
mod committed;
pub mod date;
pub mod document;
pub mod engine;
pub mod examples;
pub mod finding;
pub mod fingerprint;
pub mod fix;
#[cfg(feature = "forge")]
pub mod forge;
pub mod input;
pub mod knowledge;
pub mod lang;
pub mod language;
pub mod licence;
pub mod notice;
pub mod policy;
pub mod report;
pub mod repository;
pub mod rule;
pub mod saying;
pub mod standards;
mod words;
pub mod yaml;
