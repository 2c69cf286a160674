//! Requests to a forge: retries, and errors that say what to do.

use std::future::Future;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use octocrab::Octocrab;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokio::time;

use crate::report::without_controls;

/// Time after which a request without a reply has failed.
const MOST_TIME: Duration = Duration::from_secs(60);
/// Bytes of a reply; none that is understood here is longer.
const MOST_REPLY: usize = 16 << 20;
/// Characters of the forge's own message that are shown.
const MOST_MESSAGE: usize = 300;

/// Where a forge's API is, and the token that opens it.
pub struct Address<'a> {
    /// `https://api.github.com`, `https://github.example/api/v3`, `https://gitlab.example/api/v4`.
    pub url: &'a str,
    pub token: &'a str,
}

/// How often and how long to try.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Requests in all, at least one.
    pub attempts: u32,
    /// Wait before the second attempt; it doubles for each further one. What the forge asks for comes first.
    pub first_wait: Duration,
    /// No wait is longer.
    pub most_wait: Duration,
}

impl Default for Patience {
    /// Five attempts in half a minute, or in a few minutes where the forge asks to wait.
    fn default() -> Patience {
        Patience { attempts: 5, first_wait: Duration::from_secs(2), most_wait: Duration::from_secs(120) }
    }
}

impl Patience {
    /// The wait after attempt `attempt`, counted from 0.
    pub(super) fn wait(&self, attempt: u32) -> Duration {
        self.first_wait.saturating_mul(2_u32.saturating_pow(attempt)).min(self.most_wait)
    }
}

/// Why a report was not sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("`{0}` is no address of an API")]
    Address(String),
    #[error("`{0}` is no repository: OWNER/NAME is expected")]
    Repository(String),
    #[error("{0} can't be reached: {1}")]
    Unreachable(String, String),
    #[error("{0} does not accept the token (401): is it valid, and made for this server?")]
    Unauthorized(String),
    #[error("the token may not do this, or the feature is not switched on (403): {0}")]
    Forbidden(String),
    #[error("{0} does not exist, or the token may not see it (404)")]
    NotFound(String),
    #[error("{0} asks for fewer requests ({1}): try again later")]
    Limited(String, u16),
    #[error("{0} has an error of its own ({1}): try again later")]
    Server(String, u16),
    #[error("the request was refused ({0}): {1}")]
    Refused(u16, String),
    #[error("the reply is not understood: {0}")]
    Reply(String),
    #[error("the SARIF report was not accepted: {0}")]
    Rejected(String),
    #[error("the SARIF report was sent; whether it is accepted is not yet known")]
    Pending,
    #[error("the report is not one of `acquis check --output json=FILE`: {0}")]
    Report(#[from] serde_json::Error),
}

impl Error {
    /// Whether the forge doesn't offer this to the token: code scanning that is not switched on, a token of
    /// a pull request from a fork.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Error::Forbidden(_) | Error::NotFound(_))
    }
}

pub(super) enum Request<'a> {
    Get,
    Post(&'a Value),
    Patch(&'a Value),
    Put(&'a Value),
}

/// A client of one forge. Both forges accept the token as `Authorization: Bearer`.
pub(super) struct Connection {
    runtime: Runtime,
    client: Octocrab,
    url: String,
    token: String,
    pub(super) patience: Patience,
}

/// What came of one attempt.
enum Attempt {
    /// The text of the reply.
    Done(String),
    Failed(Error),
    /// Another attempt may succeed, after the wait that the forge asks for.
    Again(Error, Option<Duration>),
}

impl Connection {
    pub fn new(address: &Address, patience: Patience) -> Result<Connection, Error> {
        let url = address.url.trim_end_matches('/').to_owned();
        let wrong = || Error::Address(url.clone());
        let unreachable = |cause: String| Error::Unreachable(url.clone(), cause);
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err(wrong());
        }
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|e| unreachable(e.to_string()))?;
        // The client starts a task of its own, on the runtime that is entered.
        let entered = runtime.enter();
        let client = Octocrab::builder().base_uri(url.as_str()).map_err(|_| wrong())?;
        let client = if address.token.is_empty() { client } else { client.personal_token(address.token.to_owned()) };
        let client = client.set_connect_timeout(Some(MOST_TIME)).build().map_err(|e| unreachable(e.to_string()))?;
        drop(entered);
        Ok(Connection { runtime, client, url, token: address.token.to_owned(), patience })
    }

    pub fn pause(&self, wait: Duration) {
        // Only inside the runtime is there a clock.
        self.run(async { time::sleep(wait).await });
    }

    fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Sends a request to `path`, which begins with `/`, until it succeeds or there is no hope. An empty
    /// reply is `null`.
    ///
    /// # Errors
    /// The last one.
    pub fn send(&self, request: Request, path: &str) -> Result<Value, Error> {
        let reply = self.text(&request, path)?;
        match reply.trim() {
            "" => Ok(Value::Null),
            reply => serde_json::from_str(reply).map_err(|error| Error::Reply(error.to_string())),
        }
    }

    /// As [`Connection::send`], for a reply of any text.
    pub fn text(&self, request: &Request, path: &str) -> Result<String, Error> {
        self.run(async {
            let mut attempt = 0;
            loop {
                match self.attempt(request, path).await {
                    Attempt::Done(reply) => return Ok(reply),
                    Attempt::Failed(error) => return Err(error),
                    Attempt::Again(error, _) if attempt + 1 >= self.patience.attempts => return Err(error),
                    Attempt::Again(_, asked) => {
                        let wait = asked.unwrap_or_else(|| self.patience.wait(attempt));
                        time::sleep(wait.min(self.patience.most_wait)).await;
                        attempt += 1;
                    }
                }
            }
        })
    }

    async fn attempt(&self, request: &Request<'_>, path: &str) -> Attempt {
        let exchange = async {
            let response = match request {
                Request::Get => self.client._get(path).await,
                Request::Post(body) => self.client._post(path, Some(body)).await,
                Request::Patch(body) => self.client._patch(path, Some(body)).await,
                Request::Put(body) => self.client._put(path, Some(body)).await,
            }?;
            let status = response.status().as_u16();
            let header = |name| response.headers().get(name)?.to_str().ok()?.parse::<u64>().ok();
            let asked = header("retry-after").map(Duration::from_secs);
            let limited = asked.is_some() || header("x-ratelimit-remaining") == Some(0);
            let body = Limited::new(response.into_body(), MOST_REPLY).collect().await;
            Ok::<_, octocrab::Error>((status, asked, limited, body.map(|body| body.to_bytes())))
        };
        let (status, asked, limited, body) = match time::timeout(MOST_TIME, exchange).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(error)) => return self.lost(request, causes(&error)),
            Err(_) => return self.lost(request, format!("no reply in {} s", MOST_TIME.as_secs())),
        };
        let body = match body {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => return self.lost(request, causes(error.as_ref())),
        };
        let url = self.url.clone();
        match status {
            200..=299 => Attempt::Done(body),
            401 => Attempt::Failed(Error::Unauthorized(url)),
            // GitHub's secondary limits come with or without a header.
            403 if limited || body.contains("rate limit") => Attempt::Again(Error::Limited(url, status), asked),
            403 => Attempt::Failed(Error::Forbidden(self.message(&body))),
            404 => Attempt::Failed(Error::NotFound(format!("{url}{path}"))),
            429 => Attempt::Again(Error::Limited(url, status), asked),
            500..=599 => Attempt::Again(Error::Server(url, status), asked),
            _ => Attempt::Failed(Error::Refused(status, self.message(&body))),
        }
    }

    /// No reply came. Whether what was posted has arrived is not known then, so only that is not sent twice.
    fn lost(&self, request: &Request, cause: String) -> Attempt {
        let error = Error::Unreachable(self.url.clone(), self.clean(&cause));
        match request {
            Request::Post(_) => Attempt::Failed(error),
            Request::Get | Request::Patch(_) | Request::Put(_) => Attempt::Again(error, None),
        }
    }

    /// What the forge says in a reply: its `message` (GitHub, GitLab) or the text.
    fn message(&self, body: &str) -> String {
        let reply: Value = serde_json::from_str(body).unwrap_or_default();
        match reply.get("message") {
            Some(Value::String(text)) => self.clean(text),
            Some(other) => self.clean(&other.to_string()),
            None => self.clean(body),
        }
    }

    /// A text from the other side, fit for a terminal; should it ever hold the token, then without it.
    fn clean(&self, text: &str) -> String {
        let text = if self.token.is_empty() { text.to_owned() } else { text.replace(&self.token, "***") };
        without_controls(&text).chars().take(MOST_MESSAGE).collect()
    }
}

/// An error with what caused it: the client's own first line says little.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = cause.to_string();
        source = cause.source();
    }
    text
}
