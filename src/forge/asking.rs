//! Asks the addresses that a publiccode.yml names whether something is there.
//!
//! The files come from strangers, so an address is asked as little as possible: its headers first (HEAD), the page
//! only where a server refuses that or says that nothing is there, and then no byte of it is kept. No token, no cookie,
//! no user name or password is sent; what a connection may go to, [`Guard`] decides for each. One attempt, in bounded
//! time; each address once in a run, at most [`MOST_ASKED`] of them.
//!
//! - 2xx after at most [`MOST_REDIRECTS`] redirects is an answer like every other status that is none of a redirect.
//! - A redirect without a usable address (`Location`) is an answer with its status.
//! - A fragment (`#…`) is not sent; addresses that differ in it alone are asked once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use http::header::{ACCEPT, LOCATION, USER_AGENT};
use http::{Method, Request, Response};
use http_body_util::Empty;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time;
use url::Url;

use super::guard::{Guard, NoConnection, Reach};
use crate::repository::publiccode::{Answer, MOST_ASKED, MOST_REDIRECTS, Silence};

/// Time for an address, redirects included.
const MOST_TIME: Duration = Duration::from_secs(10);

/// Addresses that are asked at the same time.
const AT_ONCE: usize = 8;

/// Answers to HEAD that the page itself may not give: forbidden, not found, not allowed, gone, not implemented
/// (RFC 9110 § 15.5 and 15.6). Some servers know pages by GET only.
const ASKED_AGAIN: [u16; 5] = [403, 404, 405, 410, 501];

/// What acquis calls itself.
const NAME: &str = concat!("acquis/", env!("CARGO_PKG_VERSION"));

type Client = legacy::Client<HttpsConnector<Guard>, Empty<&'static [u8]>>;

/// Asks addresses, and remembers the answers as long as it lives.
pub struct Asking {
    reach: Reach,
    most_time: Duration,
    /// By address without its fragment.
    answers: RefCell<BTreeMap<String, Answer>>,
}

impl Default for Asking {
    /// Asks servers of the public internet.
    fn default() -> Asking {
        Asking { reach: Reach::Public, most_time: MOST_TIME, answers: RefCell::default() }
    }
}

impl Asking {
    /// Asks servers on this machine besides, and waits no longer than this for an address: for tests that play the
    /// server. The program has no option that leads here.
    pub fn on_this_machine(most_time: Duration) -> Asking {
        Asking { reach: Reach::Loopback, most_time, answers: RefCell::default() }
    }

    /// One answer for each address, in their order.
    pub fn ask(&self, addresses: &[&str]) -> Vec<Answer> {
        let read: Vec<Result<Url, Silence>> =
            addresses.iter().map(|address| web_address(Url::parse(address))).collect();
        let mut answers = self.answers.borrow_mut();
        // In the order of the file, so that what goes beyond the limit is what comes last.
        let mut new: Vec<Url> = Vec::new();
        for url in read.iter().flatten() {
            let is_within = answers.len() + new.len() < MOST_ASKED;
            if is_within && !answers.contains_key(url.as_str()) && !new.contains(url) {
                new.push(url.clone());
            }
        }
        if !new.is_empty() {
            answers.extend(self.answers_of(new));
        }
        let answer = |url: Url| answers.get(url.as_str()).copied().unwrap_or(Answer::None(Silence::Beyond));
        read.into_iter().map(|url| url.map_or_else(Answer::None, answer)).collect()
    }

    /// Asks each of these, some at the same time.
    fn answers_of(&self, urls: Vec<Url>) -> BTreeMap<String, Answer> {
        let all = |silence| urls.iter().map(|url| (url.as_str().to_owned(), Answer::None(silence))).collect();
        let Ok(connector) = HttpsConnectorBuilder::new().with_native_roots() else {
            return all(Silence::NoAuthorities);
        };
        let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return all(Silence::Unreachable) };
        let connector = connector.https_or_http().enable_http1().wrap_connector(Guard(self.reach));
        let client: Client = legacy::Client::builder(TokioExecutor::new()).build(connector);
        let most_time = self.most_time;
        let answers = runtime.block_on(async {
            let mut waiting = urls.into_iter();
            let mut under_way = JoinSet::new();
            let mut answers = BTreeMap::new();
            let ask = |url: Url| {
                let client = client.clone();
                async move {
                    let status = time::timeout(most_time, status_of(&client, url.clone())).await;
                    let status = status.unwrap_or(Err(Silence::TimeOut));
                    (url, status.map_or_else(Answer::None, Answer::Status))
                }
            };
            waiting.by_ref().take(AT_ONCE).for_each(|url| {
                under_way.spawn(ask(url));
            });
            while let Some(ended) = under_way.join_next().await {
                if let Ok((url, answer)) = ended {
                    answers.insert(url.into(), answer);
                }
                waiting.next().into_iter().for_each(|url| {
                    under_way.spawn(ask(url));
                });
            }
            answers
        });
        // Names that are still looked up are not waited for.
        runtime.shutdown_background();
        answers
    }
}

/// The status with which an address answers in the end.
async fn status_of(client: &Client, mut url: Url) -> Result<u16, Silence> {
    let mut method = Method::HEAD;
    for _ in 0..=MOST_REDIRECTS {
        let mut head = reply(client, &method, &url).await?;
        if method == Method::HEAD && ASKED_AGAIN.contains(&head.status().as_u16()) {
            method = Method::GET;
            head = reply(client, &method, &url).await?;
        }
        match target(&head) {
            Some(target) => url = web_address(url.join(target))?,
            None => return Ok(head.status().as_u16()),
        }
    }
    Err(Silence::Redirects)
}

/// The head of the reply to one request.
async fn reply(client: &Client, method: &Method, url: &Url) -> Result<Response<()>, Silence> {
    let request = Request::builder().method(method).uri(url.as_str()).header(USER_AGENT, NAME).header(ACCEPT, "*/*");
    let request = request.body(Empty::new()).map_err(|_| Silence::Unreadable)?;
    // With the body, which is dropped unread, ends the connection of a GET.
    client.request(request).await.map(|reply| reply.map(drop)).map_err(|error| silence(&error))
}

/// Where a redirect leads (RFC 9110 § 15.4).
fn target(reply: &Response<()>) -> Option<&str> {
    let redirects = matches!(reply.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = reply.headers().get(LOCATION).filter(|_| redirects)?;
    std::str::from_utf8(location.as_bytes()).ok()
}

/// An address as it may be asked: of the web, with nothing secret, without its fragment.
fn web_address(url: Result<Url, url::ParseError>) -> Result<Url, Silence> {
    let mut url = url.map_err(|_| Silence::Unreadable)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Silence::NotWeb);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Silence::Credentials);
    }
    url.set_fragment(None);
    Ok(url)
}

/// Why no reply came.
fn silence(error: &legacy::Error) -> Silence {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(NoConnection(silence)) = error.downcast_ref() {
            return *silence;
        }
        cause = error.source();
    }
    // What the guard did not refuse, and still could not be connected, failed at TLS.
    if error.is_connect() { Silence::Tls } else { Silence::Unreachable }
}
