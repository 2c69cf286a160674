//! The only way out for addresses that a file names: a connection is made to public internet addresses alone.
//!
//! What is judged is the internet address that is then connected to, not the name: a name that leads to one place when
//! it is judged and to another when it is used (DNS rebinding) has no second chance, an address written as a number
//! passes here as well, and so does each one that a server redirects to. That is why this is a connector and no resolver
//! given to a client such as reqwest's: those are not asked about addresses that are numbers.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tokio::time;
use tower_service::Service;

use super::public::is_public;
use crate::repository::publiccode::Silence;

/// Time for one of the internet addresses of a server; the next may still answer within that of the whole.
const MOST_CONNECT: Duration = Duration::from_secs(4);

/// What may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Public,
    /// And this machine: a test plays the server.
    Loopback,
}

impl Reach {
    fn allows(self, address: IpAddr) -> bool {
        is_public(address) || (self == Reach::Loopback && address.is_loopback())
    }
}

/// Connects to what its reach allows.
#[derive(Debug, Clone, Copy)]
pub struct Guard(pub Reach);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.as_str())]
pub struct NoConnection(pub Silence);

impl Service<Uri> for Guard {
    type Response = TokioIo<TcpStream>;
    type Error = NoConnection;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let reach = self.0;
        Box::pin(async move { connect(&uri, reach).await.map(TokioIo::new).map_err(NoConnection) })
    }
}

async fn connect(uri: &Uri, reach: Reach) -> Result<TcpStream, Silence> {
    let host = uri.host().ok_or(Silence::Unreadable)?.trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let found: Vec<SocketAddr> = lookup_host((host, port)).await.map_err(|_| Silence::NoHost)?.collect();
    if found.is_empty() {
        return Err(Silence::NoHost);
    }
    let mut silence = Silence::NotPublic;
    for address in found.into_iter().filter(|address| reach.allows(address.ip())) {
        silence = match time::timeout(MOST_CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) if error.kind() != io::ErrorKind::TimedOut => Silence::Unreachable,
            _ => Silence::TimeOut,
        };
    }
    Err(silence)
}
