//! Addresses as the reference parser reads them: Go's `net/url` (RFC 3986 with its liberties) and URNs (RFC 2141).

/// The parts of an address that decide whether it is good.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Uri {
    /// Lower case, empty for a relative reference.
    pub scheme: String,
    /// Host with its port.
    pub host: String,
    /// What follows the scheme where no slash does: `x-italian-pa:c_h501`.
    pub opaque: String,
    path: String,
    has_fragment: bool,
}

/// Reads an address; `None` where it is none.
pub(super) fn parse(text: &str) -> Option<Uri> {
    let (text, fragment) = match text.split_once('#') {
        Some((text, fragment)) => (text, Some(fragment)),
        None => (text, None),
    };
    if text.bytes().any(|b| b.is_ascii_control()) || !fragment.is_none_or(escapes_are_whole) {
        return None;
    }
    let (scheme, rest) = split_scheme(text)?;
    let rest = rest.split_once('?').map_or(rest, |(path, _)| path);
    let mut uri = Uri { scheme: scheme.to_ascii_lowercase(), ..Uri::default() };
    uri.has_fragment = fragment.is_some_and(|fragment| !fragment.is_empty());
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            uri.opaque = rest.to_owned();
            return Some(uri);
        }
        if rest.split('/').next().is_some_and(|first| first.contains(':')) {
            return None;
        }
    }
    let path = match rest.strip_prefix("//") {
        Some(authority) if !scheme.is_empty() || !rest.starts_with("///") => {
            let end = authority.find('/').unwrap_or(authority.len());
            uri.host = host(&authority[..end])?.to_owned();
            &authority[end..]
        }
        _ => rest,
    };
    uri.path = path.to_owned();
    escapes_are_whole(path).then_some(uri)
}

/// Reads an address that must not be relative, unless it begins with a slash (Go's `ParseRequestURI`).
pub(super) fn parse_absolute(text: &str) -> Option<Uri> {
    // Such an address has no fragment: `#` is one more character of it.
    let uri = parse(&text.replace('#', "%23"))?;
    (!uri.scheme.is_empty() || text.starts_with('/')).then_some(uri)
}

/// An address with a scheme and something to find there.
pub(super) fn is_url(text: &str) -> bool {
    parse(&text.to_lowercase()).is_some_and(|uri| match uri.scheme.as_str() {
        "" => false,
        "file" => !matches!(uri.path.as_str(), "" | "/"),
        _ => !(uri.host.is_empty() && uri.opaque.is_empty() && !uri.has_fragment),
    })
}

/// An address of the web with a host.
pub(super) fn is_http_url(text: &str) -> bool {
    parse(&text.to_lowercase())
        .is_some_and(|uri| matches!(uri.scheme.as_str(), "http" | "https") && !uri.host.is_empty())
}

/// `urn:` NID `:` NSS (RFC 2141 § 2).
pub(super) fn is_urn(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let (Some(urn), Some(nid), Some(nss)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let nid_fits = (2..=32).contains(&nid.len())
        && nid.starts_with(|c: char| c.is_ascii_alphanumeric())
        && nid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !nid.eq_ignore_ascii_case("urn");
    let nss_fits = !nss.is_empty()
        && escapes_are_whole(nss)
        && nss.bytes().all(|b| b.is_ascii_alphanumeric() || b"()+,-.:=@;$_!*'%".contains(&b));
    urn.eq_ignore_ascii_case("urn") && nid_fits && nss_fits
}

/// The scheme, empty where there is none, and the rest. `None` for a text that begins with a colon.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return None,
            b':' => return Some((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Some(("", text))
}

/// The host and port of an authority, if they are well formed.
fn host(authority: &str) -> Option<&str> {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let port_fits =
        |port: &str| port.is_empty() || port.strip_prefix(':').is_some_and(|p| p.bytes().all(|b| b.is_ascii_digit()));
    let (name, port) = match host.rfind(']') {
        Some(end) if host.starts_with('[') => (&host[1..end], &host[end + 1..]),
        Some(_) => return None,
        None if host.starts_with('[') => return None,
        None => host.split_at(host.rfind(':').unwrap_or(host.len())),
    };
    let character_fits = |b: u8| !b.is_ascii() || b.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"%".contains(&b);
    (port_fits(port) && escapes_are_whole(name) && name.bytes().all(character_fits)).then_some(host)
}

/// Whether each `%` is followed by two hexadecimal digits.
fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_web_need_scheme_and_host() {
        for (text, expected) in [
            ("https://example.org", true),
            ("HTTPS://EXAMPLE.ORG/a?b=c#d", true),
            ("http://user@example.org:8080/", true),
            ("https://[::1]:80/x", true),
            ("https://exämple.org/", true),
            ("ftp://example.org", false),
            ("https:///path", false),
            ("https:example.org", false),
            ("example.org", false),
            ("???", false),
            ("", false),
            ("http://a b.org", false),
            ("http://a.org:port/", false),
            ("http://a.org/%zz", false),
            ("http://[::1", false),
            ("://a", false),
        ] {
            assert_eq!(is_http_url(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_of_repositories_need_a_scheme() {
        for (text, expected) in [
            ("https://example.org/a.git", true),
            ("ssh://git@example.org/a.git", true),
            ("mailto:a@example.org", true),
            ("file:///srv/a", true),
            ("file:///", false),
            ("git@example.org:a/b.git", false),
            ("foobar", false),
            ("https://", false),
        ] {
            assert_eq!(is_url(text), expected, "{text}");
        }
    }

    #[test]
    fn urns_follow_rfc_2141() {
        for (text, expected) in [
            ("urn:x-italian-pa:pcm", true),
            ("URN:isbn:0451450523", true),
            ("urn:ex:a%2Fb", true),
            ("urn:x", false),
            ("urn:x:y", false),
            ("urn:urn:y", false),
            ("urn:ex:", false),
            ("urn:ex:a/b", false),
            ("urn:ex:a%2", false),
        ] {
            assert_eq!(is_urn(text), expected, "{text}");
        }
    }
}
