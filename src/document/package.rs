//! ZIP archives, bounded: the container of OOXML and OpenDocument files and of bundles.
//!
//! The `zip` crate has no bomb protection by itself. Here the number of members is looked up before the
//! archive's directory is built, every member is read through a limit, and the sum and the ratio of all that
//! was unpacked are watched.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::limits::Limits;
use super::model::NotRead;
use crate::saying::{Saying, say};

/// An archive that is open for reading.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    unpacked: u64,
    limits: &'a Limits,
}

/// Why an archive or one of its members can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PackageFault {
    /// In the words of the library.
    Broken(String),
    /// The most members that are read.
    TooManyMembers(usize),
    /// The most bytes that one part may unpack to.
    TooLarge(u64),
    /// The most bytes that all parts may unpack to together.
    TooLargeTogether(u64),
    /// The most times that a part may grow.
    Bomb(u64),
    Encrypted,
    Method,
}

impl PackageFault {
    /// The record of a file that this fault keeps from being read.
    pub fn not_read(&self, uri: &str, member: Option<&str>) -> NotRead {
        NotRead::new(uri, member, self.said(), self.remedy())
    }

    /// The fault in words.
    pub fn said(&self) -> Saying {
        match self {
            PackageFault::Broken(detail) => say!("archive-broken", detail = detail),
            PackageFault::TooManyMembers(most) => say!("archive-members", n = *most),
            PackageFault::TooLarge(most) => say!("part-too-large", bytes = *most),
            PackageFault::TooLargeTogether(most) => say!("archive-too-large", bytes = *most),
            PackageFault::Bomb(most) => say!("part-grows", n = *most),
            PackageFault::Encrypted => say!("encrypted"),
            PackageFault::Method => say!("packed-otherwise"),
        }
    }

    /// What the user can do about it.
    pub fn remedy(&self) -> Saying {
        match self {
            PackageFault::Broken(_) => say!("do-save-or-pack-again"),
            PackageFault::TooManyMembers(_) | PackageFault::TooLarge(_) | PackageFault::TooLargeTogether(_) => {
                say!("do-unpack-parts")
            }
            PackageFault::Bomb(_) => say!("do-unpack-with-care"),
            PackageFault::Encrypted => say!("do-remove-password"),
            PackageFault::Method => say!("do-pack-with-deflate"),
        }
    }
}

impl From<ZipError> for PackageFault {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => PackageFault::Encrypted,
            ZipError::UnsupportedArchive(_) => PackageFault::Method,
            other => PackageFault::Broken(other.to_string()),
        }
    }
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Package<'a>, PackageFault> {
        if declared_members(bytes) > limits.entries as u64 {
            return Err(PackageFault::TooManyMembers(limits.entries));
        }
        let archive = ZipArchive::new(Cursor::new(bytes))?;
        if archive.len() > limits.entries {
            return Err(PackageFault::TooManyMembers(limits.entries));
        }
        let names = archive
            .file_names()
            .zip(archive.file_names_raw())
            .map(|(name, raw)| match name {
                Ok(name) => name.replace('\\', "/"),
                Err(_) => String::from_utf8_lossy(raw).replace('\\', "/"),
            })
            .collect();
        Ok(Package { archive, names, unpacked: 0, limits })
    }

    /// Names of the members in the archive's order, `/` between their parts.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether the member is a folder or a symbolic link, neither of which has content of its own.
    pub fn is_without_content(&mut self, index: usize) -> bool {
        self.archive.by_index_raw(index).is_ok_and(|member| member.is_dir() || member.is_symlink())
    }

    /// Index of the member of that name; Office programs look names up without regard to case.
    pub fn find(&self, name: &str) -> Option<usize> {
        let name = name.strip_prefix('/').unwrap_or(name);
        self.names
            .iter()
            .position(|own| own == name)
            .or_else(|| self.names.iter().position(|own| own.eq_ignore_ascii_case(name)))
    }

    /// The bytes of the member of that name; `None` where there is none.
    pub fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, PackageFault> {
        self.find(name).map(|index| self.read(index)).transpose()
    }

    /// The bytes of a member.
    pub fn read(&mut self, index: usize) -> Result<Vec<u8>, PackageFault> {
        let limits = self.limits;
        let member = self.archive.by_index(index)?;
        if member.encrypted() {
            return Err(PackageFault::Encrypted);
        }
        let packed = member.compressed_size().max(1);
        let together = limits.unpacked.saturating_sub(self.unpacked);
        let by_ratio = packed.saturating_mul(limits.ratio).max(Limits::RATIO_FLOOR);
        let most = limits.bytes.min(together).min(by_ratio);
        // The declared size is a promise of the file: it is not trusted for the allocation.
        let mut bytes = Vec::with_capacity(usize::try_from(member.size().min(1 << 20)).unwrap_or(0));
        let got = member.take(most.saturating_add(1)).read_to_end(&mut bytes);
        self.unpacked = self.unpacked.saturating_add(bytes.len() as u64);
        if bytes.len() as u64 > most {
            return Err(if most == limits.bytes {
                PackageFault::TooLarge(limits.bytes)
            } else if most == together {
                PackageFault::TooLargeTogether(limits.unpacked)
            } else {
                PackageFault::Bomb(limits.ratio)
            });
        }
        got.map_err(|error| PackageFault::Broken(error.to_string()))?;
        Ok(bytes)
    }
}

/// How many members the archive's end record declares (APPNOTE 4.3.14 and 4.3.16); 0 where there is none.
fn declared_members(bytes: &[u8]) -> u64 {
    let at = |start: usize, size: usize| bytes.get(start..start.checked_add(size)?);
    let small = find_last(bytes, b"PK\x05\x06")
        .and_then(|end| at(end + 10, 2))
        .map_or(0, |count| u64::from(u16::from_le_bytes([count[0], count[1]])));
    if small < u64::from(u16::MAX) {
        return small;
    }
    find_last(bytes, b"PK\x06\x06")
        .and_then(|end| at(end + 32, 8))
        .and_then(|count| count.try_into().ok())
        .map_or(small, u64::from_le_bytes)
}

fn find_last(bytes: &[u8], signature: &[u8; 4]) -> Option<usize> {
    bytes.windows(4).rposition(|window| window == signature)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).expect("a fresh archive takes files");
            writer.write_all(bytes).expect("a vector takes bytes");
        }
        writer.finish().expect("a fresh archive ends").into_inner()
    }

    #[test]
    fn parts_are_found_without_regard_to_case() {
        let bytes = archive(&[("Word/Document.xml", b"<a/>")]);
        let limits = Limits::default();
        let mut package = Package::open(&bytes, &limits).expect("a good archive opens");
        assert_eq!(package.part("/word/document.xml"), Ok(Some(b"<a/>".to_vec())));
        assert_eq!(package.part("word/styles.xml"), Ok(None));
    }

    #[test]
    fn bounds_end_in_a_fault() {
        let bomb = archive(&[("a", &vec![b' '; 6 << 20]), ("b", &vec![b' '; 6 << 20])]);
        for (limits, want) in [
            (Limits { bytes: 100, ..Limits::default() }, PackageFault::TooLarge(100)),
            (Limits { unpacked: 100, ..Limits::default() }, PackageFault::TooLargeTogether(100)),
            (Limits { ratio: 10, ..Limits::default() }, PackageFault::Bomb(10)),
        ] {
            let mut package = Package::open(&bomb, &limits).expect("a good archive opens");
            assert_eq!(package.part("a"), Err(want));
        }
        let few = Limits { entries: 1, ..Limits::default() };
        assert_eq!(Package::open(&bomb, &few).err(), Some(PackageFault::TooManyMembers(1)));
        assert!(matches!(Package::open(b"PK\x03\x04 and no more", &few), Err(PackageFault::Broken(_))));
    }
}
