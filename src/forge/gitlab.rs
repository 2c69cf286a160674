//! GitLab: the note on a merge request (<https://docs.gitlab.com/api/notes/#merge-requests>). All else reaches
//! GitLab as artifacts of a job.

use serde_json::{Value, json};

use super::comment;
use super::connection::{Address, Connection, Error, Patience, Request};
use super::github::number;

const NOTES_A_PAGE: usize = 100;
/// Pages of notes that are searched for our own.
const MOST_PAGES: usize = 20;

/// A project on a GitLab.
pub struct GitLab {
    connection: Connection,
    /// Its number, or its path with `%2F` for `/`.
    project: String,
}

impl GitLab {
    /// The project of this number or path at an address.
    ///
    /// # Errors
    /// An address or project that can't be one.
    pub fn new(address: &Address, project: &str, patience: Patience) -> Result<GitLab, Error> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
        if project.is_empty() || !project.bytes().all(is_plain) {
            return Err(Error::Repository(project.to_owned()));
        }
        Ok(GitLab { connection: Connection::new(address, patience)?, project: project.replace('/', "%2F") })
    }

    /// Writes the report as a note on a merge request, in place of the last one.
    ///
    /// # Errors
    /// Those of every request.
    pub fn note(&self, merge_request: u64, markdown: &str) -> Result<(), Error> {
        let notes = format!("/projects/{}/merge_requests/{merge_request}/notes", self.project);
        let body = json!({ "body": comment::body_of(markdown) });
        match self.own_note(&notes)? {
            Some(id) => self.connection.send(Request::Put(&body), &format!("{notes}/{id}"))?,
            None => self.connection.send(Request::Post(&body), &notes)?,
        };
        Ok(())
    }

    fn own_note(&self, notes: &str) -> Result<Option<u64>, Error> {
        let user = number(&self.connection.send(Request::Get, "/user")?, "id")?;
        for page in 1..=MOST_PAGES {
            let path = format!("{notes}?per_page={NOTES_A_PAGE}&page={page}");
            let reply = self.connection.send(Request::Get, &path)?;
            let found = reply.as_array().map(Vec::as_slice).unwrap_or_default();
            let ours = found.iter().find(|note| {
                note.pointer("/author/id").and_then(Value::as_u64) == Some(user)
                    && note.get("body").and_then(Value::as_str).is_some_and(comment::is_ours)
            });
            if let Some(ours) = ours {
                return number(ours, "id").map(Some);
            }
            if found.len() < NOTES_A_PAGE {
                break;
            }
        }
        Ok(None)
    }
}
