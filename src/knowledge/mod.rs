//! Knowledge: products, standards, formats and law from `rules/knowledge` and `rules/jurisdictions`.
//!
//! Every row has a source and a `verified` mark. Tables are read when first asked for.

mod law;
mod names;

pub use law::{Jurisdiction, Law, Verified, jurisdictions, law, laws};
pub use names::{Guard, Named, NamedKind, Names, Openness, named};
