//! Packages of notices: ZIP, TAR and gzipped TAR with thousands of members, as TED and national portals
//! publish them by day or month.
//!
//! A package is streamed: one member is in memory at a time, so memory does not grow with the package.

use std::io::{Cursor, Read, Seek};

use flate2::read::GzDecoder;

use super::{Notice, format_of, read_each};
use crate::document::{Format, Limits, NotRead};
use crate::saying::{Saying, say};

/// How a package holds its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Package {
    Zip,
    Tar,
    TarGz,
}

/// Members of one package: a year of TED has fewer.
const MOST_MEMBERS: usize = 2_000_000;

/// Bytes of a member that tell whether it is a notice.
const HEAD: u64 = 64 << 10;

/// Bytes of a gzipped package that are unpacked to find its first member.
const MOST_AHEAD: u64 = 1 << 20;

impl Package {
    /// The package that bytes begin with, if any: at least 262 bytes tell a TAR.
    pub fn of(head: &[u8]) -> Option<Package> {
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Some(Package::Zip)
        } else if head.starts_with(&[0x1f, 0x8b]) {
            Some(Package::TarGz)
        } else if head.get(257..262) == Some(b"ustar") {
            Some(Package::Tar)
        } else {
            None
        }
    }
}

/// A member of a package that is a notice, not yet read.
#[derive(Debug)]
pub struct Member {
    /// Path inside the package; paths inside inner packages are joined by `!`.
    pub name: String,
    pub format: Format,
    pub bytes: Vec<u8>,
}

/// Whether a package holds notices and nothing else, by its first members and the names of the rest. A tender's
/// archive may hold its notice too, but among documents.
pub fn is_package_of_notices<R: Read + Seek>(mut reader: R, package: Package) -> bool {
    let is_notice = |member: &mut dyn Read| {
        let mut head = Vec::new();
        member.take(HEAD).read_to_end(&mut head).is_ok() && format_of(&head).is_some()
    };
    let first = match package {
        Package::Zip => {
            let Ok(mut archive) = zip::ZipArchive::new(reader) else { return false };
            let name = |at: usize| archive.name_for_index(at)?.ok().map(|name| name.to_ascii_lowercase());
            let files: Vec<usize> = (0..archive.len().min(MOST_MEMBERS))
                .filter(|at| name(*at).is_none_or(|name| !name.ends_with('/')))
                .collect();
            let is_data = |name: String| [".xml", ".json", ".jsonl"].iter().any(|end| name.ends_with(end));
            let all = files.iter().all(|at| name(*at).is_some_and(is_data));
            let first = files.first().filter(|_| all).and_then(|at| archive.by_index(*at).ok());
            first.map(|mut member| is_notice(&mut member))
        }
        Package::Tar => first_of_tar(reader, is_notice),
        Package::TarGz => match reader.rewind() {
            Ok(()) => first_of_tar(GzDecoder::new(reader).take(MOST_AHEAD), is_notice),
            Err(_) => None,
        },
    };
    first == Some(true)
}

fn first_of_tar<R: Read>(reader: R, is_notice: impl Fn(&mut dyn Read) -> bool) -> Option<bool> {
    let mut archive = tar::Archive::new(reader);
    let mut files =
        archive.entries().ok()?.filter_map(Result::ok).filter(|entry| entry.header().entry_type().is_file());
    files.next().map(|mut member| is_notice(&mut member))
}

/// Reads every notice of a package, in the order of its members, and hands each over as soon as it is read; see
/// [`for_each_member`].
pub fn read_package<R: Read + Seek>(
    reader: R,
    package: Package,
    uri: &str,
    limits: &Limits,
    each: &mut dyn FnMut(Result<Notice, NotRead>),
) {
    for_each_member(reader, package, uri, limits, &mut |member| match member {
        Ok(member) => read_each(&member.bytes, uri, Some(&member.name), member.format, limits, each),
        Err(not_read) => each(Err(not_read)),
    });
}

/// Hands over every member of a package, in order. Members that are packages themselves are opened likewise,
/// down to [`Limits::nesting`]. A member that is no notice, is too large, or cannot be unpacked is a
/// [`NotRead`].
pub fn for_each_member<R: Read + Seek>(
    reader: R,
    package: Package,
    uri: &str,
    limits: &Limits,
    each: &mut dyn FnMut(Result<Member, NotRead>),
) {
    let mut walk = Walk { uri, limits, each };
    walk.package(reader, package, None, 1);
}

struct Walk<'a> {
    uri: &'a str,
    limits: &'a Limits,
    each: &'a mut dyn FnMut(Result<Member, NotRead>),
}

impl Walk<'_> {
    fn package<R: Read + Seek>(&mut self, mut reader: R, package: Package, outer: Option<&str>, nesting: usize) {
        match package {
            Package::Zip => self.zip(reader, outer, nesting),
            Package::Tar => self.tar(reader, outer, nesting),
            Package::TarGz => {
                let size = reader.seek(std::io::SeekFrom::End(0)).unwrap_or(0);
                if let Err(error) = reader.rewind() {
                    return self.fail(outer, say!("open-failed", detail = error.to_string()));
                }
                // A stream that grows past the ratio is a bomb, whatever its members claim to be.
                let most = size.saturating_mul(self.limits.ratio).max(Limits::RATIO_FLOOR);
                self.tar(GzDecoder::new(reader).take(most), outer, nesting);
            }
        }
    }

    fn zip<R: Read + Seek>(&mut self, reader: R, outer: Option<&str>, nesting: usize) {
        let mut archive = match zip::ZipArchive::new(reader) {
            Ok(archive) => archive,
            Err(error) => return self.fail(outer, say!("archive-broken", detail = error.to_string())),
        };
        for index in 0..archive.len().min(MOST_MEMBERS) {
            let mut member = match archive.by_index(index) {
                Ok(member) => member,
                Err(error) => {
                    self.fail(outer, say!("archive-member-broken", n = index + 1, detail = error.to_string()));
                    continue;
                }
            };
            if member.is_dir() {
                continue;
            }
            let name = joined(outer, &String::from_utf8_lossy(member.name_raw()));
            let packed = member.compressed_size();
            let most = self.limits.bytes.min(packed.saturating_mul(self.limits.ratio).max(Limits::RATIO_FLOOR));
            self.member(&mut member, &name, most, nesting);
        }
    }

    fn tar<R: Read>(&mut self, reader: R, outer: Option<&str>, nesting: usize) {
        let mut archive = tar::Archive::new(reader);
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.fail(outer, say!("archive-broken", detail = error.to_string())),
        };
        for entry in entries.take(MOST_MEMBERS) {
            let mut entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.fail(outer, say!("archive-broken", detail = error.to_string())),
            };
            if entry.header().entry_type().is_file() {
                let name = joined(outer, &String::from_utf8_lossy(&entry.path_bytes()));
                self.member(&mut entry, &name, self.limits.bytes, nesting);
            }
        }
    }

    fn member(&mut self, member: &mut dyn Read, name: &str, most: u64, nesting: usize) {
        let mut bytes = Vec::new();
        if let Err(error) = member.take(most.saturating_add(1)).read_to_end(&mut bytes) {
            return self.fail(Some(name), say!("archive-broken", detail = error.to_string()));
        }
        if bytes.len() as u64 > most {
            return self.fail(Some(name), say!("part-too-large", bytes = most));
        }
        match (Package::of(&bytes), format_of(&bytes)) {
            (Some(inner), _) if nesting < self.limits.nesting => {
                self.package(Cursor::new(bytes), inner, Some(name), nesting + 1);
            }
            (Some(_), _) => self.fail(Some(name), say!("archives-too-deep", n = self.limits.nesting)),
            (None, Some(format)) => (self.each)(Ok(Member { name: name.to_owned(), format, bytes })),
            (None, None) => self.fail(Some(name), say!("no-notice")),
        }
    }

    fn fail(&mut self, member: Option<&str>, reason: Saying) {
        (self.each)(Err(NotRead::new(self.uri, member, reason, say!("do-unpack"))));
    }
}

fn joined(outer: Option<&str>, name: &str) -> String {
    outer.map_or_else(|| name.to_owned(), |outer| format!("{outer}!{name}"))
}
