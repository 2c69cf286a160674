//! Language: folding, sentences, the lexicon, mentions and the roles they play.
//!
//! [`read`] makes a [`Reading`] of a document: for each block its language, the products and standards that it
//! mentions and the phrases of the lexicon that it holds. Roles and equivalence are asked for mention by
//! mention, since few mentions matter.

mod clause;
mod detect;
mod equivalence;
mod fold;
mod genre;
mod holding;
mod legend;
mod lexicon;
mod model;
mod named_law;
mod names;
mod period;
mod phrase;
mod reading;
mod role;
mod section;
mod sentence;
mod topic;
mod trie;
mod unlisted;

pub use detect::of_text as language_of;
pub use equivalence::{Reach, of_mention as equivalence_of};
pub use fold::{Folded, fold, fold_words};
pub use genre::{Genre, genre_of};
pub use holding::MentionPlace;
pub(crate) use lexicon::cell;
pub use lexicon::{Cell, Lexicon, PhraseHit, known_languages};
pub use named_law::{NamedLaw, in_document as laws_named_in};
pub use names::{Mention, MentionKind};
pub use period::{Period, Term, periods, term_of};
pub use reading::{BlockReading, Reading, read};
pub use role::{Evidence, Role, RoleReading, of_mention as role_of};
pub use topic::{OPEN_STANDARDS, Topic, TopicHit};
