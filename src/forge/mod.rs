//! Sends a finished report to GitHub or GitLab, fetches policies, asks the addresses of a publiccode.yml, and fetches
//! repositories by `git`: the only module that opens a connection. It exists only with the Cargo feature `forge`.
//!
//! What is sent are files that `acquis check` has written; nothing is read from the documents again. The
//! token goes into one header of requests to the address that was asked for, never into a message; redirects
//! are not followed. Addresses that a file names come from strangers: what stands in `asking` and `guard` sends no
//! token and connects to the public internet alone.

mod asking;
mod clone;
mod comment;
mod connection;
mod github;
mod gitlab;
mod guard;
mod public;
mod text;

pub use asking::Asking;
pub use clone::{Bounds, Clone, CloneError, Remote};
pub use connection::{Address, Error, Patience};
pub use github::{CheckReport, GitHub};
pub use gitlab::GitLab;
pub use text::fetch_text;
