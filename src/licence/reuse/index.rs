//! The paths that git tracks, from `.git/index` (gitformat-index, versions 2 to 4).

use std::fs;
use std::path::Path;

/// Largest index that is read, in bytes.
const LARGEST: u64 = 256 << 20;
/// Fixed bytes of an entry before its flags: times, device, inode, mode, owner, size and object name.
const FIXED: usize = 60;

/// The tracked files, relative to the root. Empty where there is no index, or one that can't be read: then the
/// walk of the work tree stands alone.
pub fn tracked(root: &Path) -> Vec<String> {
    let path = root.join(".git/index");
    if !fs::metadata(&path).is_ok_and(|metadata| metadata.len() <= LARGEST) {
        return Vec::new();
    }
    fs::read(path).ok().and_then(|bytes| paths(&bytes)).unwrap_or_default()
}

fn paths(bytes: &[u8]) -> Option<Vec<String>> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.get(..4)? != b"DIRC" {
        return None;
    }
    let version = number(4)?;
    let count = number(8)? as usize;
    let mut paths = Vec::new();
    let mut last: Vec<u8> = Vec::new();
    let mut at = 12;
    for _ in 0..count {
        let start = at;
        let flags = u16::from_be_bytes(bytes.get(at + FIXED..at + FIXED + 2)?.try_into().ok()?);
        at += FIXED + 2;
        if version >= 3 && flags & 0x4000 != 0 {
            at += 2;
        }
        if version == 4 {
            let (drop, read) = variable_number(bytes.get(at..)?)?;
            at += read;
            last.truncate(last.len().checked_sub(drop)?);
        } else {
            last.clear();
        }
        let rest = bytes.get(at..)?;
        let length = rest.iter().position(|byte| *byte == 0)?;
        last.extend_from_slice(&rest[..length]);
        at += length + 1;
        if version < 4 {
            // Entries are padded to eight bytes, with at least one zero.
            at = start + (at - start).div_ceil(8) * 8;
        }
        paths.extend(String::from_utf8(last.clone()));
    }
    Some(paths)
}

/// The offset encoding of pack files: its value and how many bytes it took.
fn variable_number(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0usize;
    for (at, byte) in bytes.iter().take(8).enumerate() {
        value = value << 7 | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
        value += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: u32, prefix: &[u8], name: &str) -> Vec<u8> {
        let mut entry = vec![0; FIXED];
        entry.extend([0, name.len() as u8]);
        entry.extend(prefix);
        entry.extend(name.as_bytes());
        entry.push(0);
        while version < 4 && !entry.len().is_multiple_of(8) {
            entry.push(0);
        }
        entry
    }

    #[test]
    fn paths_of_both_layouts_are_read() {
        for (version, second) in [(2, entry(2, &[], "src/main.rs")), (4, entry(4, &[6], "main.rs"))] {
            let mut bytes = b"DIRC".to_vec();
            bytes.extend(u32::to_be_bytes(version));
            bytes.extend(2u32.to_be_bytes());
            bytes.extend(entry(version, if version == 4 { &[0] } else { &[] }, "src/lib.rs"));
            bytes.extend(&second);
            assert_eq!(paths(&bytes).as_deref(), Some(["src/lib.rs".to_owned(), "src/main.rs".to_owned()].as_slice()));
            assert_eq!(paths(&bytes[..30]), None);
        }
    }
}
