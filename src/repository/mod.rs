//! Repositories: one walk of the work tree gives the facts that rules ask about.

pub mod yaml;
