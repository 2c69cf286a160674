//! Input: what is to be checked, found and told apart.
//!
//! ```no_run
//! use acquis::document::Limits;
//! use acquis::input::{Options, Unit, collect};
//!
//! for unit in collect(&["tender/".into()], &Options::default())? {
//!     match unit {
//!         Unit::Bundle(bundle) => println!("{} documents", bundle.open(&Limits::default()).documents.len()),
//!         Unit::Repository(repository) => println!("{}", repository.root.display()),
//!         Unit::Publiccode(file) => println!("{}", file.uri),
//!     }
//! }
//! # Ok::<(), acquis::input::InputError>(())
//! ```
//!
//! - A folder with a repository's marks at its root is a repository. Another folder that holds documents
//!   directly is one bundle with all its subfolders, except for those that are repositories themselves. A
//!   folder that holds folders only gives each its own units.
//! - Files that are named together form one bundle; a publiccode.yml among them is a unit of its own.
//! - `-` is standard input.
//! - `.gitignore`, `.ignore` and `.acquisignore` below the folder are honoured; hidden files are left out;
//!   symbolic links are followed as long as they stay in the folder.
//! - Nothing is opened here beyond what it takes to tell files apart: [`Bundle::open`] reads.

mod bundle;
mod classify;
mod folder;
mod marks;

use std::io::Read;
use std::path::{Path, PathBuf};

pub use bundle::{Bundle, Content, FileRef, NoticeFile, OpenBundle, Skipped};
use classify::{Class, classify};

use crate::document::Limits;

/// What the user says about the input.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Overrides what the content says (`--as`).
    pub kind: Option<Kind>,
    /// URIs are relative to this folder; without it to the folder given, or for a file its name.
    pub root: Option<PathBuf>,
    pub limits: Limits,
}

/// What a path is to be taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Repository,
    Tender,
    Notice,
    Publiccode,
}

/// One thing to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    Bundle(Bundle),
    Repository(RepositoryRef),
    Publiccode(FileRef),
}

/// A repository's work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryRef {
    pub root: PathBuf,
    /// What stands before the path of each of its files in a URI: empty, or a path that ends in `/`.
    pub prefix: String,
}

/// The input can't be used at all: wrong usage, exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    #[error("{}: there is no such file or folder", .0.display())]
    NoSuchPath(PathBuf),
    #[error("{}: it can't be opened ({})", .0.display(), .1)]
    Unreadable(PathBuf, std::io::Error),
    #[error("{}: only a folder can be checked as a repository", .0.display())]
    NoFolder(PathBuf),
    #[error("{}: there is no publiccode.yml in this folder", .0.display())]
    NoPubliccode(PathBuf),
    #[error("standard input can't be read ({0})")]
    StandardInput(std::io::Error),
}

/// The name that standard input has in reports.
const STANDARD_INPUT: &str = "stdin";

/// Finds out what the paths hold. Units come in the order of the paths; all files that are named form one
/// bundle, at the place of the first.
///
/// # Errors
/// Where a path does not exist or can't be what the options say. A file that can't be read is no error: it
/// stands in the bundle, and opening it gives a `NotRead`.
pub fn collect(paths: &[PathBuf], options: &Options) -> Result<Vec<Unit>, InputError> {
    let mut units = Vec::new();
    let mut named: Vec<FileRef> = Vec::new();
    let mut place_of_named = None;
    for path in paths {
        if path.as_os_str() == "-" {
            let content = read_standard_input(&options.limits)?;
            let is_publiccode = classify(&content, STANDARD_INPUT, &options.limits).class == Class::Publiccode;
            let file = FileRef { uri: STANDARD_INPUT.to_owned(), content: Content::Bytes(content.into()) };
            if options.kind == Some(Kind::Publiccode) || options.kind.is_none() && is_publiccode {
                units.push(Unit::Publiccode(file));
            } else {
                place_of_named.get_or_insert(units.len());
                named.push(file);
            }
            continue;
        }
        let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => InputError::NoSuchPath(path.clone()),
            _ => InputError::Unreadable(path.clone(), error),
        })?;
        if metadata.is_dir() {
            folder::collect(path, options, &mut units)?;
            continue;
        }
        if options.kind == Some(Kind::Repository) {
            return Err(InputError::NoFolder(path.clone()));
        }
        let file = FileRef { uri: uri_of_file(path, options), content: Content::Path(path.clone()) };
        if is_publiccode(path, options) {
            units.push(Unit::Publiccode(file));
        } else {
            place_of_named.get_or_insert(units.len());
            named.push(file);
        }
    }
    if let Some(place) = place_of_named {
        distinct_uris(&mut named, options);
        let bundle = Bundle { uri: String::new(), kind: options.kind, named: true, files: named, not_read: Vec::new() };
        units.insert(place.min(units.len()), Unit::Bundle(bundle));
    }
    Ok(units)
}

fn is_publiccode(path: &Path, options: &Options) -> bool {
    match options.kind {
        Some(kind) => kind == Kind::Publiccode,
        None => {
            let head = read_bounded(path, 4096).unwrap_or_default();
            classify(&head, &path.to_string_lossy(), &options.limits).class == Class::Publiccode
        }
    }
}

/// At most `most` bytes of a regular file.
fn read_bounded(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Standard input, one byte beyond the limit at most: opening it then tells that it is too large.
fn read_standard_input(limits: &Limits) -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::new();
    let most = limits.bytes.saturating_add(1);
    std::io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(InputError::StandardInput)?;
    Ok(bytes)
}

/// The URI of a file that is named by itself: relative to the root where it lies below it, else its name.
fn uri_of_file(path: &Path, options: &Options) -> String {
    if let Some(relative) = options.root.as_deref().and_then(|root| relative_to(path, root)) {
        return relative;
    }
    path.file_name().map_or_else(|| slashed(path), |name| name.to_string_lossy().into_owned())
}

/// Files of one name in several folders are told apart by the path that was given.
fn distinct_uris(files: &mut [FileRef], options: &Options) {
    if options.root.is_some() {
        return;
    }
    let uris: Vec<String> = files.iter().map(|file| file.uri.clone()).collect();
    for file in files {
        if uris.iter().filter(|uri| **uri == file.uri).count() > 1
            && let Content::Path(path) = &file.content
        {
            file.uri = slashed(path);
        }
    }
}

/// The path below a root, `/` between its parts.
fn relative_to(path: &Path, root: &Path) -> Option<String> {
    if let Ok(relative) = path.strip_prefix(root) {
        return Some(slashed(relative));
    }
    let (path, root) = (path.canonicalize().ok()?, root.canonicalize().ok()?);
    path.strip_prefix(&root).ok().map(slashed)
}

/// A path with `/` between its parts, without `.` and without a slash at its beginning.
fn slashed(path: &Path) -> String {
    use std::path::Component;
    let parts: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            Component::ParentDir => Some("..".to_owned()),
            Component::Prefix(_) | Component::RootDir | Component::CurDir => None,
        })
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests;
