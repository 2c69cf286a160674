//! Licences: SPDX expressions, facts about licences, licence lists of policies, licence texts and tags.

mod compatibility;
mod expression;
mod grant;
mod list;
pub mod reuse;
mod summary;
mod table;
mod tag;
mod text;
mod words;

pub use compatibility::are_compatible;
pub use expression::{
    Expression, Licence, Node, Problem, ProblemKind, Verdict as Judgement, evaluate, openness, parse as expression,
};
pub use list::{LicenceList, ListKind, Verified};
pub use summary::expression_of;
pub use table::{Class, Facts, Openness, OtherLicence, by_name, canonical_id, class, facts, ids, others};
pub use tag::{Tag, TagKind, headers, tags};
pub use text::{Change, ChangeKind, Identification, Kind, Region, Verdict, decode, identify, identify_within};
