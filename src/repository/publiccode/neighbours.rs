//! The files that a publiccode.yml names: logos and screenshots beside it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// How much of a file is read: enough for the header of a PNG.
const HEAD: u64 = 64;

/// What stands at a path beside the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Neighbour {
    Absent,
    /// Its first bytes, at most 64.
    File(Vec<u8>),
    /// It can't be told, or it is not to be looked at.
    Unknown,
}

/// Where named files are looked for.
pub trait Neighbours {
    /// What stands at a path relative to the file's folder: `/` between its parts, no `..` among them.
    fn look(&self, path: &str) -> Neighbour;
}

/// No folder is known: nothing can be told.
pub struct Nowhere;

impl Neighbours for Nowhere {
    fn look(&self, _: &str) -> Neighbour {
        Neighbour::Unknown
    }
}

/// A folder on disk. What a symbolic link puts outside of it is not looked at.
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// `root` may be empty for the present folder.
    pub fn new(root: &Path) -> Directory {
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        Directory { root: root.to_owned() }
    }
}

impl Neighbours for Directory {
    fn look(&self, path: &str) -> Neighbour {
        let Ok(root) = self.root.canonicalize() else { return Neighbour::Unknown };
        let target = match root.join(path).canonicalize() {
            Ok(target) => target,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Neighbour::Absent,
            Err(_) => return Neighbour::Unknown,
        };
        if !target.starts_with(&root) {
            return Neighbour::Unknown;
        }
        // Opening a pipe or a device would block: only plain files are read.
        if !target.is_file() {
            return if target.is_dir() { Neighbour::File(Vec::new()) } else { Neighbour::Unknown };
        }
        let mut head = Vec::new();
        match File::open(&target).and_then(|file| file.take(HEAD).read_to_end(&mut head)) {
            Ok(_) => Neighbour::File(head),
            Err(_) => Neighbour::Unknown,
        }
    }
}
