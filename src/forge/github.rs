//! GitHub: code scanning, check runs, the comment on a pull request.
//!
//! Requests follow GitHub's OpenAPI description (`tests/forge/github.openapi.json` holds the part used), API
//! version 2022-11-28.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use serde_json::{Value, json};

use super::comment;
use super::connection::{Address, Connection, Error, Patience, Request};

/// Annotations that GitHub takes in one request.
const ANNOTATIONS_A_REQUEST: usize = 50;
/// Annotations of one check run: twenty requests, more than anybody reads.
const MOST_ANNOTATIONS: usize = 1_000;
/// Times that the status of an upload is asked for.
const MOST_POLLS: u32 = 8;
const COMMENTS_A_PAGE: usize = 100;
/// Pages of comments that are searched for our own.
const MOST_PAGES: usize = 20;

/// A repository on GitHub or on GitHub Enterprise.
pub struct GitHub {
    connection: Connection,
    repository: String,
}

/// What a check run needs of the report that `acquis check --output json=FILE` writes.
#[derive(Deserialize)]
pub struct CheckReport {
    exit_status: u8,
    summary: Counts,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Counts {
    errors: usize,
    warnings: usize,
    notes: usize,
    not_read: usize,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
    level: String,
    message: String,
    location: Location,
    #[serde(default)]
    suggestion: Option<String>,
}

#[derive(Deserialize)]
struct Location {
    uri: String,
    #[serde(default)]
    place: String,
    region: Region,
}

#[derive(Deserialize)]
struct Region {
    start_line: u32,
    end_line: u32,
}

impl CheckReport {
    /// Reads the JSON report.
    ///
    /// # Errors
    /// What is no such report.
    pub fn parse(json: &str) -> Result<CheckReport, Error> {
        Ok(serde_json::from_str(json)?)
    }

    fn annotations(&self) -> Vec<Value> {
        self.findings.iter().take(MOST_ANNOTATIONS).map(annotation).collect()
    }

    fn title(&self) -> String {
        let Counts { errors, warnings, notes, not_read } = self.summary;
        format!("errors: {errors}, warnings: {warnings}, notes: {notes}, not read: {not_read}")
    }
}

fn annotation(finding: &Finding) -> Value {
    let Location { uri, place, region } = &finding.location;
    let mut message = match place.as_str() {
        "" => finding.message.clone(),
        place => format!("{place}: {}", finding.message),
    };
    if let Some(suggestion) = &finding.suggestion {
        message.push_str("\n\n");
        message.push_str(suggestion);
    }
    json!({
        "path": uri,
        "start_line": region.start_line,
        "end_line": region.end_line,
        "annotation_level": match finding.level.as_str() {
            "error" => "failure",
            "warning" => "warning",
            _ => "notice",
        },
        "title": finding.rule,
        "message": message,
    })
}

impl GitHub {
    /// The repository `OWNER/NAME` at an address.
    ///
    /// # Errors
    /// An address or repository that can't be one.
    pub fn new(address: &Address, repository: &str, patience: Patience) -> Result<GitHub, Error> {
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        if !repository.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name)) {
            return Err(Error::Repository(repository.to_owned()));
        }
        Ok(GitHub { connection: Connection::new(address, patience)?, repository: repository.to_owned() })
    }

    fn send(&self, request: Request, path: &str) -> Result<Value, Error> {
        self.connection.send(request, &format!("/repos/{}/{path}", self.repository))
    }

    /// Uploads a SARIF report to code scanning and waits until GitHub has accepted it. `reference` is a full
    /// ref: `refs/heads/main`, `refs/pull/7/merge`.
    ///
    /// # Errors
    /// Besides those of every request, [`Error::Rejected`] and [`Error::Pending`].
    pub fn upload_sarif(&self, commit: &str, reference: &str, sarif: &[u8]) -> Result<(), Error> {
        let body = json!({ "commit_sha": commit, "ref": reference, "sarif": packed(sarif), "tool_name": "acquis" });
        let reply = self.send(Request::Post(&body), "code-scanning/sarifs")?;
        let id = text(&reply, "id")?;
        for poll in 0..MOST_POLLS {
            let status = match self.send(Request::Get, &format!("code-scanning/sarifs/{id}")) {
                // GitHub knows the upload only a moment later.
                Err(Error::NotFound(_)) => Value::Null,
                status => status?,
            };
            match status.get("processing_status").and_then(Value::as_str) {
                Some("complete") => return Ok(()),
                Some("failed") => return Err(Error::Rejected(errors_of(&status))),
                _ => self.connection.pause(self.connection.patience.wait(poll)),
            }
        }
        Err(Error::Pending)
    }

    /// Makes a check run with an annotation a finding, fifty a request.
    ///
    /// # Errors
    /// Those of every request.
    pub fn check_run(&self, commit: &str, report: &CheckReport) -> Result<(), Error> {
        let annotations = report.annotations();
        let mut batches = annotations.chunks(ANNOTATIONS_A_REQUEST);
        let title = report.title();
        let output = |batch: &[Value]| json!({ "title": title, "summary": title, "annotations": batch });
        let body = json!({
            "name": "acquis",
            "head_sha": commit,
            "status": "completed",
            "conclusion": if report.exit_status == 0 { "success" } else { "failure" },
            "output": output(batches.next().unwrap_or_default()),
        });
        let reply = self.send(Request::Post(&body), "check-runs")?;
        let id = number(&reply, "id")?;
        for batch in batches {
            self.send(Request::Patch(&json!({ "output": output(batch) })), &format!("check-runs/{id}"))?;
        }
        Ok(())
    }

    /// The commit at the head of a pull request, to which its check runs belong.
    ///
    /// # Errors
    /// Those of every request.
    pub fn head_of(&self, pull: u64) -> Result<String, Error> {
        let reply = self.send(Request::Get, &format!("pulls/{pull}"))?;
        text(reply.get("head").unwrap_or(&Value::Null), "sha")
    }

    /// Writes the report as a comment on a pull request, in place of the last one.
    ///
    /// # Errors
    /// Those of every request.
    pub fn comment(&self, pull: u64, markdown: &str) -> Result<(), Error> {
        let body = json!({ "body": comment::body_of(markdown) });
        match self.own_comment(pull)? {
            Some(id) => self.send(Request::Patch(&body), &format!("issues/comments/{id}"))?,
            None => self.send(Request::Post(&body), &format!("issues/{pull}/comments"))?,
        };
        Ok(())
    }

    fn own_comment(&self, pull: u64) -> Result<Option<u64>, Error> {
        // The token of a workflow may not ask who it is; it is that of a bot then.
        let login = match self.connection.send(Request::Get, "/user") {
            Err(error) if error.is_unavailable() => None,
            user => Some(text(&user?, "login")?),
        };
        let is_author = |user: &Value| match &login {
            Some(login) => user.get("login").and_then(Value::as_str) == Some(login),
            None => user.get("type").and_then(Value::as_str) == Some("Bot"),
        };
        for page in 1..=MOST_PAGES {
            let path = format!("issues/{pull}/comments?per_page={COMMENTS_A_PAGE}&page={page}");
            let reply = self.send(Request::Get, &path)?;
            let comments = reply.as_array().map(Vec::as_slice).unwrap_or_default();
            let ours = comments.iter().find(|comment| {
                comment.get("user").is_some_and(is_author)
                    && comment.get("body").and_then(Value::as_str).is_some_and(comment::is_ours)
            });
            if let Some(ours) = ours {
                return number(ours, "id").map(Some);
            }
            if comments.len() < COMMENTS_A_PAGE {
                break;
            }
        }
        Ok(None)
    }
}

/// GitHub takes SARIF as Base64 of gzip. Writing to memory can't fail.
fn packed(sarif: &[u8]) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let bytes = encoder.write_all(sarif).and_then(|()| encoder.finish()).unwrap_or_default();
    STANDARD.encode(bytes)
}

fn errors_of(status: &Value) -> String {
    let errors = status.get("errors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let errors: Vec<_> = errors.iter().filter_map(Value::as_str).map(crate::report::without_controls).collect();
    errors.join("; ")
}

fn text(reply: &Value, key: &str) -> Result<String, Error> {
    let text = reply.get(key).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| Error::Reply(format!("there is no `{key}`")))
}

pub(super) fn number(reply: &Value, key: &str) -> Result<u64, Error> {
    reply.get(key).and_then(Value::as_u64).ok_or_else(|| Error::Reply(format!("there is no `{key}`")))
}
