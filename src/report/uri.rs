//! Paths as relative URI references (RFC 3986).

use std::fmt::Write;

/// A path with `/` between its parts as a relative URI reference: everything outside `unreserved`,
/// `sub-delims`, `@` and `/` is percent-encoded (RFC 3986 §2.2, §2.3). A colon too, so that no first part
/// passes for a scheme (§4.2).
pub fn relative(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        for (path, want) in [
            ("docs/cctp.docx", "docs/cctp.docx"),
            ("Pièce n° 2 (lot 1).docx", "Pi%C3%A8ce%20n%C2%B0%202%20(lot%201).docx"),
            ("a:b#c?d%e", "a%3Ab%23c%3Fd%25e"),
            ("\u{1b}[31m", "%1B%5B31m"),
        ] {
            assert_eq!(relative(path), want);
        }
    }
}
