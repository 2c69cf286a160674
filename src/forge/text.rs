//! One text at an address: a policy that others publish.

use super::connection::{Address, Connection, Error, Patience, Request};

/// The text at an address. No token is sent, no redirect followed.
///
/// # Errors
/// An address that can't be one, a server that can't be reached or answers with an error.
pub fn fetch_text(url: &str) -> Result<String, Error> {
    let (scheme, rest) = url.split_once("://").ok_or_else(|| Error::Address(url.to_owned()))?;
    let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let connection = Connection::new(&Address { url: &format!("{scheme}://{host}"), token: "" }, Patience::default())?;
    connection.text(&Request::Get, path)
}
