//! One file, read once and as far as its name and class call for.

use std::borrow::Cow;
use std::path::Path;

use super::file_type::{self, FileKind};
use super::manifest::{self, Found, Known, Source};
use super::model::{LicenceText, PathClass};
use super::place::Places;
use super::tree::{self, Entry, RepositoryLimits};
use super::{declared, facts, readme, signal};
use crate::document::NotRead;
use crate::licence;
use crate::saying::{Saying, say};

/// A file that the walk found, with what its path says.
pub struct File<'f> {
    pub root: &'f Path,
    pub entry: &'f Entry,
    pub class: PathClass,
    /// Ids of `repository-files.tsv`.
    pub ids: &'f [&'static str],
    /// What reads it, if it is a manifest.
    pub manifest: Option<&'static Known>,
}

/// What one file gives.
#[derive(Default)]
pub struct Reading {
    pub found: Found,
    pub licence_text: Option<LicenceText>,
    pub signs: signal::Signs,
    /// Whether there is a copyright notice.
    pub has_copyright: bool,
    pub not_read: Option<NotRead>,
}

/// How far a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    Not,
    /// Its head: tags and notices about licence and copyright stand there.
    Head,
    /// All of it, for signs in its text.
    Text,
    /// All of it, for what its name says that it is.
    Whole,
}

/// Bytes of the head of a file.
const HEAD: u64 = 8 << 10;

/// Files of these ids are read for what they are.
const NAMED: &[&str] =
    &["readme", "publiccode", "publiccode-misnamed", "reuse", "contributing", "contributor-agreement-text"];

impl File<'_> {
    fn path(&self) -> &str {
        &self.entry.path
    }

    fn is(&self, id: &str) -> bool {
        self.ids.contains(&id)
    }

    fn depth(&self) -> Depth {
        let is_licence = facts::is_licence_text(self.path(), self.ids);
        if self.entry.size == 0 || !(is_licence || self.class.is_own()) {
            return Depth::Not;
        }
        if is_licence || self.manifest.is_some() || NAMED.iter().any(|id| self.is(id)) {
            return Depth::Whole;
        }
        let kind = file_type::of(self.path()).map(|file_type| file_type.kind);
        if kind.is_some_and(|kind| !kind.is_text()) {
            return Depth::Not;
        }
        match self.class {
            PathClass::Source | PathClass::Example | PathClass::DevTooling if kind != Some(FileKind::Prose) => {
                Depth::Text
            }
            PathClass::Ci => Depth::Text,
            _ => Depth::Head,
        }
    }

    /// Reads the file; `text` is given where it was read already.
    pub fn look_into(&self, text: Option<&str>, limits: &RepositoryLimits) -> Reading {
        let mut reading = Reading::default();
        let depth = self.depth();
        let most = match depth {
            Depth::Not => return reading,
            Depth::Head => HEAD,
            Depth::Text => limits.scanned,
            Depth::Whole => limits.parsed,
        };
        // What is broken in tests and examples may be so on purpose.
        let is_serious = depth == Depth::Whole && matches!(self.class, PathClass::Source | PathClass::Docs);
        if self.entry.size > most && (is_serious || (depth == Depth::Text && self.is_code())) {
            let reason = say!("too-large", bytes = most);
            reading.not_read = Some(NotRead::new(self.path(), None, reason, say!("do-mark-generated")));
            return reading;
        }
        let text = match text {
            Some(text) => Cow::Borrowed(text),
            None => match tree::read(&self.root.join(self.path()), most) {
                Ok(bytes) => match tree::decode(bytes) {
                    Some(text) => Cow::Owned(text),
                    None => return reading,
                },
                Err(error) => {
                    let (reason, remedy) = (Saying::of_io(&error), say!("do-get-right"));
                    reading.not_read = Some(NotRead::new(self.path(), None, reason, remedy));
                    return reading;
                }
            },
        };
        let places = Places::new(&text);
        let source = Source { path: self.path(), class: self.class, text: &text, places: &places };
        let fault = self.read(&source, depth, &mut reading);
        reading.not_read = fault
            .filter(|_| is_serious)
            .map(|fault| NotRead::new(self.path(), None, say!("faulty-file", detail = fault), say!("do-correct")));
        reading
    }

    fn is_code(&self) -> bool {
        self.class == PathClass::Source
            && file_type::of(self.path()).is_some_and(|file_type| file_type.kind == FileKind::Code)
    }

    /// Fills the reading from the text; gives what is wrong with a manifest.
    fn read(&self, source: &Source, depth: Depth, reading: &mut Reading) -> Option<manifest::Fault> {
        let notices = ["Copyright", "SPDX-FileCopyrightText", "©"];
        reading.has_copyright = notices.iter().any(|notice| source.text.contains(notice));
        // `rename-licence` may be a script.
        if facts::is_licence_text(self.path(), self.ids) && !source.text.starts_with("#!") {
            let identification = licence::identify(source.text.as_bytes());
            reading.licence_text =
                Some(LicenceText { path: self.path().to_owned(), class: self.class, identification });
            reading.signs = signal::scan(source, self.ids);
            return None;
        }
        let known = self.manifest;
        let mut fault = known.and_then(|known| known.read(source, &mut reading.found).err());
        // Lockfiles and bills of materials are written by programs, and long.
        if known.is_some_and(|known| known.role != "manifest") {
            return fault;
        }
        declared::tags(source, &mut reading.found);
        if self.is("reuse") {
            if self.path().ends_with("dep5") {
                declared::dep5(source, &mut reading.found);
            } else {
                fault = declared::reuse_toml(source, &mut reading.found).err();
            }
        }
        if self.is("publiccode") || self.is("publiccode-misnamed") {
            declared::publiccode(source, &mut reading.found);
        }
        if self.is("readme") {
            readme::read(source, &mut reading.found);
        }
        if depth != Depth::Head {
            reading.signs = signal::scan(source, self.ids);
        }
        fault
    }
}
