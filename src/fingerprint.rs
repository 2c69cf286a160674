//! Fingerprints: by what a finding is known again after the text around it has moved.
//!
//! [`line_hashes`] gives GitHub code scanning's `primaryLocationLineHash`: a rolling hash over a window of
//! 100 characters from the start of a line. The algorithm is that of codeql-action, `src/fingerprints.ts`: a
//! file that passes through its `upload-sarif` keeps the values computed here. For documents it runs over the
//! reading text, one line a block. It changes when the lines that follow change, so the baseline has its own:
//! [`context`].

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::finding::Finding;

/// Characters in the window, blanks not counted.
const WINDOW: usize = 100;

/// Base of the polynomial hash.
const BASE: u64 = 37;

/// What stands for the end of the text.
const END: u16 = u16::MAX;

/// The `primaryLocationLineHash` of every line of a text; the hash of line *n* (1-based) is at *n* − 1.
///
/// A line ends at LF, CR or CR LF; a text that ends with a line break has one more, empty, line. A hash is 1
/// to 16 lower-case hex digits, `:` and how often this value has occurred up to this line.
pub fn line_hashes(text: &str) -> Vec<String> {
    let mut roller = Roller::new();
    for unit in text.encode_utf16() {
        roller.read(unit);
    }
    roller.push(END);
    for _ in 0..WINDOW {
        roller.slide(0);
    }
    roller.hashes
}

/// What a finding is about, whatever file and line it stands in: 32 hex digits of a SHA-256 over the rule, the
/// flagged words and the passage that holds them, white space folded.
///
/// Two findings of one rule on equal words in equal passages have the same value; who needs to tell them
/// apart counts them.
pub fn context(finding: &Finding) -> String {
    let mut digest = Sha256::new();
    for text in [&finding.rule, &finding.location.snippet, &finding.location.context] {
        for word in text.split_whitespace() {
            digest.update(word);
            digest.update(b" ");
        }
        // No text holds this byte, so words can't pass from one text to the next unseen.
        digest.update(b"\0");
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

struct Roller {
    /// The last [`WINDOW`] characters, as a ring.
    window: [u16; WINDOW],
    /// Whether the character at the same place of `window` is the first of a line.
    first_of_line: [bool; WINDOW],
    /// Where the next character goes.
    next: usize,
    hash: u64,
    /// [`BASE`] to the power of [`WINDOW`], modulo 2^64: the weight of the character that leaves the window.
    leaving_weight: u64,
    at_line_start: bool,
    after_cr: bool,
    seen: HashMap<u64, u32>,
    hashes: Vec<String>,
}

impl Roller {
    fn new() -> Roller {
        Roller {
            window: [0; WINDOW],
            first_of_line: [false; WINDOW],
            next: 0,
            hash: 0,
            leaving_weight: (0..WINDOW).fold(1, |weight, _| BASE.wrapping_mul(weight)),
            at_line_start: true,
            after_cr: false,
            seen: HashMap::new(),
            hashes: Vec::new(),
        }
    }

    fn read(&mut self, unit: u16) {
        const TAB: u16 = b'\t' as u16;
        const LF: u16 = b'\n' as u16;
        const CR: u16 = b'\r' as u16;
        const SPACE: u16 = b' ' as u16;

        let after_cr = std::mem::replace(&mut self.after_cr, unit == CR);
        match unit {
            SPACE | TAB => {}
            LF if after_cr => {}
            CR | LF => {
                self.push(LF);
                self.at_line_start = true;
            }
            _ => self.push(unit),
        }
    }

    /// Takes in a character that counts.
    fn push(&mut self, unit: u16) {
        let first = std::mem::take(&mut self.at_line_start);
        let place = self.next;
        self.slide(unit);
        self.first_of_line[place] = first;
    }

    /// Moves the window by one character. Where the one that leaves is the first of a line, the window holds
    /// exactly that line and what follows it, so the hash is the line's.
    fn slide(&mut self, unit: u16) {
        if std::mem::take(&mut self.first_of_line[self.next]) {
            let count = self.seen.entry(self.hash).or_default();
            *count += 1;
            self.hashes.push(format!("{:x}:{count}", self.hash));
        }
        let leaving = u64::from(std::mem::replace(&mut self.window[self.next], unit));
        self.hash = BASE
            .wrapping_mul(self.hash)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.leaving_weight.wrapping_mul(leaving));
        self.next = (self.next + 1) % WINDOW;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected values are those of `Sarif.Multitool rewrite --insert RollingHashPartialFingerprints`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(line_hashes(text), expected, "{text:?}");
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

    #[test]
    fn equal_lines_are_counted() {
        let hashes = line_hashes(&"same\n".repeat(60));
        assert_eq!(hashes[0], "6468d5768bad9560:1");
        assert_eq!(hashes[40], "6468d5768bad9560:41");
        assert_eq!(hashes[41], "6468d593175bf9e7:1");
        assert_eq!(hashes.len(), 61);
    }
}
