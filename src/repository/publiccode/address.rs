//! The addresses of the web that a file names, and what came of asking them.
//!
//! The file says which addresses there are; who may open a connection asks them and gives back the answers
//! ([`PubliccodeFile::ask`](super::PubliccodeFile::ask)). Without answers no rule says anything about them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most addresses that are asked in one run. Good files name five to thirty; ten thousand of them must not make of
/// acquis a tool against somebody's server.
pub const MOST_ASKED: usize = 256;

/// Most redirects that are followed from one address.
pub const MOST_REDIRECTS: usize = 5;

/// An address of the web and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Dotted path of the key: `description.en.videos[0]`.
    pub key: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    /// On the same line, exclusive.
    pub end_column: u32,
    /// As it is written: `http` or `https` with a host.
    pub url: String,
    /// `None` where it was not asked.
    pub answer: Option<Answer>,
}

/// What came of asking an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "a status such as 404 is expected, or why there is none: time-out, no-host, unreachable, tls, \
                 no-authorities, not-public, not-web, redirects, credentials, unreadable, beyond"
)]
pub enum Answer {
    /// The HTTP status of the last reply, redirects followed.
    Status(u16),
    /// There is none, and why.
    None(Silence),
}

impl Answer {
    /// Whether something is there: 2xx (RFC 9110 § 15.3).
    pub fn is_alive(self) -> bool {
        matches!(self, Answer::Status(200..=299))
    }

    /// The status that says for certain that nothing is there: 404 Not Found or 410 Gone (RFC 9110 § 15.5.5 and
    /// 15.5.11). All others may be meant for the program that asks, or pass.
    pub fn gone(self) -> Option<u16> {
        match self {
            Answer::Status(status @ (404 | 410)) => Some(status),
            _ => None,
        }
    }
}

/// Why an address gave no answer, or was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// No answer in time.
    TimeOut,
    /// The name of the server has no address.
    NoHost,
    /// No connection, or one that broke.
    Unreachable,
    /// The server's certificate or TLS is not accepted.
    Tls,
    /// This machine has no certificate authorities to judge a server by.
    NoAuthorities,
    /// The server stands in a network that is not public.
    NotPublic,
    /// It leads to something other than `http` and `https`.
    NotWeb,
    /// It redirects more often than is followed.
    Redirects,
    /// It holds a user name or a password, which are not sent.
    Credentials,
    /// It can't be read as an address.
    Unreadable,
    /// As many as are asked in one run came before it.
    Beyond,
}

impl Silence {
    pub const ALL: [Silence; 11] = [
        Silence::TimeOut,
        Silence::NoHost,
        Silence::Unreachable,
        Silence::Tls,
        Silence::NoAuthorities,
        Silence::NotPublic,
        Silence::NotWeb,
        Silence::Redirects,
        Silence::Credentials,
        Silence::Unreadable,
        Silence::Beyond,
    ];

    /// The name used in rules: `time-out`.
    pub fn as_str(self) -> &'static str {
        match self {
            Silence::TimeOut => "time-out",
            Silence::NoHost => "no-host",
            Silence::Unreachable => "unreachable",
            Silence::Tls => "tls",
            Silence::NoAuthorities => "no-authorities",
            Silence::NotPublic => "not-public",
            Silence::NotWeb => "not-web",
            Silence::Redirects => "redirects",
            Silence::Credentials => "credentials",
            Silence::Unreadable => "unreadable",
            Silence::Beyond => "beyond",
        }
    }
}

/// Asks addresses; gives one answer for each, in their order.
pub type Ask<'a> = dyn Fn(&[&str]) -> Vec<Answer> + 'a;
