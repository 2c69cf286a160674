//! A publiccode.yml as a subject of rules: its text, what is wrong with it and the addresses that it names.

use super::{Address, Ask, Content, Directory, Neighbours, Problem, content_of};
use crate::repository::Repository;

/// A file that was read and checked.
#[derive(Debug, Clone)]
pub struct PubliccodeFile {
    /// Relative to the root of what is checked, `/` between parts, not percent-encoded.
    pub uri: String,
    /// Without a byte order mark; bytes that are no UTF-8 replaced by U+FFFD.
    pub text: String,
    /// Sorted by line and column.
    pub problems: Vec<Problem>,
    /// Addresses of the web, sorted by line and column; those with a problem of their own are left out.
    pub addresses: Vec<Address>,
}

impl PubliccodeFile {
    /// Checks the bytes of a file and the files that it names.
    pub fn read(uri: &str, bytes: &[u8], neighbours: &dyn Neighbours) -> PubliccodeFile {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let Content { problems, addresses } = content_of(bytes, neighbours);
        PubliccodeFile { uri: uri.to_owned(), text: String::from_utf8_lossy(bytes).into_owned(), problems, addresses }
    }

    /// The file of a repository, under whatever name.
    pub(in crate::repository) fn of(repository: &Repository) -> Option<PubliccodeFile> {
        let path = repository.facts.publiccode().or_else(|| repository.facts.publiccode_misnamed())?;
        // A file beyond what is read by itself is reported by the repository as not read.
        let bytes = repository.bytes(path)?;
        Some(PubliccodeFile::read(path, &bytes, &Directory::new(repository.root())))
    }

    /// Has the addresses asked and keeps their answers.
    pub fn ask(&mut self, ask: &Ask) {
        let urls: Vec<&str> = self.addresses.iter().map(|address| address.url.as_str()).collect();
        let answers = ask(&urls);
        for (address, answer) in self.addresses.iter_mut().zip(answers) {
            address.answer = Some(answer);
        }
    }
}
