//! A publiccode.yml as a subject of rules: its text and what is wrong with it.

use super::{Neighbours, Problem, check_bytes};

/// A file that was read and checked.
#[derive(Debug, Clone)]
pub struct PubliccodeFile {
    /// Relative to the root of what is checked, `/` between parts, not percent-encoded.
    pub uri: String,
    /// Without a byte order mark; bytes that are no UTF-8 replaced by U+FFFD.
    pub text: String,
    /// Sorted by line and column.
    pub problems: Vec<Problem>,
}

impl PubliccodeFile {
    /// Checks the bytes of a file and the files that it names.
    pub fn read(uri: &str, bytes: &[u8], neighbours: &dyn Neighbours) -> PubliccodeFile {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let problems = check_bytes(bytes, neighbours);
        PubliccodeFile { uri: uri.to_owned(), text: String::from_utf8_lossy(bytes).into_owned(), problems }
    }
}
