//! Fingerprints: by what a finding is known again after the text around it has moved.
//!
//! [`line_hashes`] gives GitHub code scanning's `primaryLocationLineHash`: a rolling hash over a window of
//! 100 characters from the start of a line. The algorithm is that of codeql-action, `src/fingerprints.ts`: a
//! file that passes through its `upload-sarif` keeps the values computed here. For documents it runs over the
//! reading text, one line a block. It changes when the lines that follow change, so the baseline has its own:
//! [`context`].

use std::fmt::{self, Write as _};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::finding::Finding;

/// Characters in the window, blanks not counted.
const WINDOW: usize = 100;

/// Base of the polynomial hash.
const BASE: u64 = 37;

/// What stands for the end of the text.
const END: u16 = u16::MAX;

/// Characters that are held before their lines are hashed: much more than a window, much less than a large file.
const HELD: usize = 1 << 14;

/// The hash of a line, and how often this value has occurred up to this line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineHash {
    hash: u64,
    count: u32,
}

impl LineHash {
    /// Bytes of a hash in words, at most.
    pub const LONGEST: usize = 27;
}

/// 1 to 16 lower-case hex digits, `:` and the count.
impl fmt::Display for LineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}:{}", self.hash, self.count)
    }
}

/// The `primaryLocationLineHash` of every line of a text; the hash of line *n* (1-based) is at *n* − 1.
///
/// A line ends at LF, CR or CR LF; a text that ends with a line break has one more, empty, line.
pub fn line_hashes(text: &str) -> Vec<LineHash> {
    let bytes = text.as_bytes();
    let mut windows = Windows::default();
    let mut at_line_start = true;
    let mut at = 0;
    while at < bytes.len() {
        if windows.room == 0 && !at_line_start {
            // The rest of the line stands in no window.
            at += memchr::memchr2(b'\r', b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
        }
        match bytes.get(at).copied().unwrap_or(b' ') {
            b' ' | b'\t' => at += 1,
            b'\r' | b'\n' => {
                at += if bytes[at..].starts_with(b"\r\n") { 2 } else { 1 };
                windows.push(u16::from(b'\n'), at_line_start);
                at_line_start = true;
            }
            byte if byte.is_ascii() => {
                at += 1;
                windows.push(u16::from(byte), std::mem::take(&mut at_line_start));
            }
            _ => {
                let Some(character) = text[at..].chars().next() else { break };
                at += character.len_utf8();
                for unit in character.encode_utf16(&mut [0; 2]) {
                    windows.push(*unit, std::mem::take(&mut at_line_start));
                }
            }
        }
    }
    windows.push(END, at_line_start);
    windows.held.resize(windows.held.len() + WINDOW, 0);
    windows.hash();
    windows.hashes
}

/// What a finding is about, whatever file and line it stands in: 32 hex digits of a SHA-256 over the rule, the
/// flagged words and the passage that holds them, white space folded.
///
/// Two findings of one rule on equal words in equal passages have the same value; who needs to tell them
/// apart counts them.
pub fn context(finding: &Finding) -> String {
    let texts = [&finding.rule, &finding.location.snippet, &finding.location.context];
    let mut told = Vec::with_capacity(texts.iter().map(|text| text.len() + 2).sum());
    for text in texts {
        for word in text.split_whitespace() {
            told.extend_from_slice(word.as_bytes());
            told.push(b' ');
        }
        // No text holds this byte, so words can't pass from one text to the next unseen.
        told.push(0);
    }
    let mut digits = String::with_capacity(32);
    for byte in Sha256::digest(&told).iter().take(16) {
        // A text takes everything.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// The windows at the starts of lines. Lines are long and windows short: each is hashed by itself, and most
/// characters stand in none.
#[derive(Default)]
struct Windows {
    /// The characters in windows, as far as their lines are not hashed.
    held: Vec<u16>,
    /// The places in `held` at which lines start.
    starts: Vec<usize>,
    /// Characters that still stand in a window, unless a line starts with one.
    room: usize,
    seen: FxHashMap<u64, u32>,
    hashes: Vec<LineHash>,
}

impl Windows {
    /// Takes in a character that counts.
    fn push(&mut self, unit: u16, first_of_line: bool) {
        if first_of_line {
            if self.held.len() >= HELD {
                self.hash();
            }
            self.starts.push(self.held.len());
            self.room = WINDOW;
        }
        if self.room > 0 {
            self.room -= 1;
            self.held.push(unit);
        }
    }

    /// Hashes the lines whose windows are full, and lets go of their characters.
    fn hash(&mut self) {
        let mut hashed = 0;
        for start in &self.starts {
            let Some(window) = self.held.get(*start..start + WINDOW) else { break };
            let hash = window.iter().fold(0, |hash: u64, unit| BASE.wrapping_mul(hash).wrapping_add(u64::from(*unit)));
            let count = self.seen.entry(hash).or_default();
            *count += 1;
            self.hashes.push(LineHash { hash, count: *count });
            hashed += 1;
        }
        self.starts.drain(..hashed);
        let done = self.starts.first().copied().unwrap_or(self.held.len());
        self.held.drain(..done);
        self.starts.iter_mut().for_each(|start| *start -= done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        line_hashes(text).iter().map(LineHash::to_string).collect()
    }

    /// The expected values are those of `Sarif.Multitool rewrite --insert RollingHashPartialFingerprints`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(shown(text), expected, "{text:?}");
    }

    #[test]
    fn hashes_are_those_of_github() {
        check("x", &["638816509450efbf:1"]);
        check(
            &format!("Été à Liège 😀\nΣχέδιο\n{}\nlast", "long ".repeat(60)),
            &["41500116ba3e32c7:1", "9bcaaf3ca53cf055:1", "bde0fb9ae592ce20:1", "58429ecce5a8d0db:1"],
        );
    }

    #[test]
    fn any_line_break_gives_the_same_hashes() {
        for text in ["a\nb\n", "a\r\nb\r\n", "a\rb\n", " a \n\tb\n"] {
            check(text, &["81b8d8db678b2bbe:1", "ade70578248be16f:1", "c129715d7a2bc9a3:1"]);
        }
        check("a\r \nb", &["67c066a59e652f5e:1", "cc4c43d77869440f:1", "8ee5a81e681643c1:1"]);
    }

    #[test]
    fn empty_lines_have_hashes() {
        let want = ["5ec444e4e9630609:1", "bffbc44f7fda3c82:1", "c74339777b6a2c60:1", "8ee5a81e681643c1:1"];
        check("  a\n\n\ta\nb", &want);
        check(" \n \n", &["5b5d4caf73a13177:1", "3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"]);
    }

    /// Lines on either side of what is held at once have the hashes that they have alone.
    #[test]
    fn long_texts_are_hashed_in_parts() {
        let line = format!("{}\n", "x".repeat(WINDOW - 1));
        let lines = 5 * HELD / WINDOW;
        let hashes = line_hashes(&line.repeat(lines));
        assert_eq!(hashes.len(), lines + 1);
        for (number, hash) in hashes[..lines].iter().enumerate() {
            assert_eq!((hash.hash, hash.count), (hashes[0].hash, number as u32 + 1));
        }
    }

    #[test]
    fn equal_lines_are_counted() {
        let hashes = shown(&"same\n".repeat(60));
        assert_eq!(hashes[0], "6468d5768bad9560:1");
        assert_eq!(hashes[40], "6468d5768bad9560:41");
        assert_eq!(hashes[41], "6468d593175bf9e7:1");
        assert_eq!(hashes.len(), 61);
    }
}
