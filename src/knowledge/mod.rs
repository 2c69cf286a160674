//! Knowledge: products, standards, formats and law from `rules/knowledge` and `rules/jurisdictions`.
//!
//! Every row has a source and a `verified` mark. Tables are read when first asked for.

mod expected;
mod law;
mod names;

pub use expected::{Expected, Force, StandardList, Status, expected_standards, standard_list, topics_of_cpv};
pub use law::{Jurisdiction, Law, UNION, Verified, jurisdictions, law, laws, procurement_laws};
pub use names::{Guard, Named, NamedKind, Names, Openness, named, unlisted, unlisted_model};
