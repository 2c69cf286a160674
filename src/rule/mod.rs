//! Rules: their file format, loading, compiling and examples.

mod card;

pub use card::{LawCard, RuleCard};
