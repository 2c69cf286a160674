//! The files of a work tree: one walk, and the bytes of a file as text.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use ignore::WalkBuilder;

use crate::document::NotRead;
use crate::saying::say;

/// Bounds on reading one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryLimits {
    /// Most files; what is beyond is reported as not read.
    pub files: usize,
    /// Deepest folder.
    pub depth: usize,
    /// Bytes of a manifest, lockfile, licence text or README.
    pub parsed: u64,
    /// Bytes of any other text file that is looked into.
    pub scanned: u64,
}

impl Default for RepositoryLimits {
    fn default() -> Self {
        RepositoryLimits { files: 300_000, depth: 100, parsed: 32 << 20, scanned: 4 << 20 }
    }
}

/// A file that the walk found: its path from the root, `/` between parts, and its size in bytes.
pub struct Entry {
    pub path: String,
    pub size: u64,
}

/// What a walk found.
#[derive(Default)]
pub struct Tree {
    /// All regular files, sorted by path.
    pub entries: Vec<Entry>,
    /// Folders that are work trees of other repositories (submodules, clones), `/` at the end.
    pub nested: Vec<String>,
}

/// Walks over all below `root`. `.gitignore` files are honoured, hidden files are kept, `.git` is skipped, links are
/// not followed.
pub fn walk(root: &Path, limits: &RepositoryLimits, not_read: &mut Vec<NotRead>) -> Tree {
    let mut tree = Tree::default();
    let Tree { entries, nested } = &mut tree;
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .ignore(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .max_depth(Some(limits.depth))
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                if entries.len() >= limits.files {
                    let reason = say!("repository-too-large", n = limits.files);
                    not_read.push(NotRead::new(".", None, reason, say!("do-check-subfolders")));
                    break;
                }
                let size = entry.metadata().map_or(0, |metadata| metadata.len());
                match relative(root, entry.path()) {
                    Some(path) => entries.push(Entry { path, size }),
                    None => not_read.push(NotRead::new(
                        &entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy(),
                        None,
                        say!("name-not-utf-8"),
                        say!("do-rename"),
                    )),
                }
            }
            Ok(entry) => {
                let is_nested = entry.depth() > 0 && entry.path().join(".git").exists();
                nested.extend(relative(root, entry.path()).filter(|_| is_nested).map(|folder| format!("{folder}/")));
            }
            Err(error) => {
                let reason = say!("folder-part", detail = error.to_string());
                not_read.push(NotRead::new(".", None, reason, say!("do-get-right")));
            }
        }
    }
    entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    tree
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let mut relative = String::new();
    for part in path.strip_prefix(root).ok()?.components() {
        if !relative.is_empty() {
            relative.push('/');
        }
        relative.push_str(part.as_os_str().to_str()?);
    }
    Some(relative)
}

/// At most `most` bytes from the start of a file.
pub fn read(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a file's bytes; `None` where they are not text (a NUL byte in the first 8,000, as git has it).
/// UTF-8 or UTF-16 by its mark, which is no part of the text, else UTF-8, else windows-1252, in which every byte
/// is a character.
pub fn decode(mut bytes: Vec<u8>) -> Option<String> {
    match encoding_rs::Encoding::for_bom(&bytes) {
        Some((encoding, mark)) if encoding == encoding_rs::UTF_8 => drop(bytes.drain(..mark)),
        Some((encoding, _)) => return Some(encoding.decode(&bytes).0.into_owned()),
        None => {}
    }
    if bytes.iter().take(8_000).any(|byte| *byte == 0) {
        return None;
    }
    Some(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            // A character cut off at the end of a partial reading is no sign of another encoding.
            let cut = error.utf8_error();
            let bytes = error.into_bytes();
            if cut.error_len().is_none() {
                String::from_utf8_lossy(&bytes[..cut.valid_up_to()]).into_owned()
            } else {
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned()
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_text() {
        for (bytes, text) in [
            (b"abc".as_slice(), Some("abc")),
            (b"\xff\xfea\0b\0", Some("ab")),
            (b"\xef\xbb\xbfab", Some("ab")),
            (b"a\0b", None),
            (b"caf\xe9 noir", Some("café noir")),
            (b"caf\xc3", Some("caf")),
            (b"", Some("")),
        ] {
            assert_eq!(decode(bytes.to_vec()).as_deref(), text, "{bytes:?}");
        }
    }
}
