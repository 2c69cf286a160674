//! Reports: one file a format, each turning an [`Outcome`](crate::finding::Outcome) into text.

pub mod fingerprint;
