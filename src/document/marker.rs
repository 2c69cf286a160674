//! Numbers and bullets that were typed instead of set by a list style.
//!
//! Many real tenders number their headings and lists by hand. A marker is recognised by its shape alone; no
//! word of any language is looked at.

use super::line::Line;

/// A typed marker at the beginning of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    /// Bytes of the text that the marker takes, without the white space after it.
    pub bytes: usize,
    pub kind: MarkerKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MarkerKind {
    Bullet,
    /// `1.`, `1)`, `(1)`, `a)`, `iv.`: one part. The number as shown, without a final full stop.
    Single(String),
    /// `3.2`, `3.2.1.`, `A.1`: several parts, at most nine. The number and how many parts it has.
    Multiple(String, u8),
}

impl Marker {
    /// The number as shown; `None` for a bullet.
    pub fn number(&self) -> Option<&str> {
        match &self.kind {
            MarkerKind::Bullet => None,
            MarkerKind::Single(number) | MarkerKind::Multiple(number, _) => Some(number),
        }
    }

    /// How many parts the number has; 0 for a bullet.
    pub fn parts(&self) -> u8 {
        match self.kind {
            MarkerKind::Bullet => 0,
            MarkerKind::Single(_) => 1,
            MarkerKind::Multiple(_, parts) => parts,
        }
    }
}

/// Characters that stand for a bullet, with those of the Symbol and Wingdings fonts (private use area).
const BULLETS: &[char] = &[
    '•', '‣', '◦', '▪', '▫', '■', '□', '●', '○', '►', '➢', '➤', '✓', '✔', '·', '-', '–', '—', '*', '❖', '\u{F0B7}',
    '\u{F0A7}', '\u{F0D8}', '\u{F02D}', '\u{F076}', '\u{F0FC}', '\u{F06F}',
];

/// The marker with which `text` begins, if white space and then something else follow it.
pub(super) fn marker(text: &str) -> Option<Marker> {
    let token_end = text.find(char::is_whitespace)?;
    if text[token_end..].trim_start().is_empty() {
        return None;
    }
    let token = &text[..token_end];
    let mut characters = token.chars();
    if let (Some(first), None) = (characters.next(), characters.next())
        && BULLETS.contains(&first)
    {
        return Some(Marker { bytes: token_end, kind: MarkerKind::Bullet });
    }
    let kind = number(token)?;
    Some(Marker { bytes: token_end, kind })
}

/// Takes a typed number off a heading: one with its punctuation, or a bare one before a capital.
pub(super) fn cut_number(line: &mut Line) -> Option<String> {
    let (number, bytes) = match (marker(line.text()), bare_number(line.text())) {
        (Some(found), _) => (found.number()?.to_owned(), found.bytes),
        (None, Some((number, _))) => (number.to_owned(), number.len()),
        (None, None) => return None,
    };
    line.cut_front(bytes);
    Some(number)
}

/// A number of one to three digits before a capital, as headings have it, and what follows it.
pub(super) fn bare_number(text: &str) -> Option<(&str, &str)> {
    let (number, rest) = text.split_once(' ')?;
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && rest.starts_with(char::is_uppercase)).then_some((number, rest))
}

/// Reads `1.`, `(a)`, `iv)`, `3.2`, `A.1.2.`; a bare `3` or `A` is no marker, nor is a date or an amount.
fn number(token: &str) -> Option<MarkerKind> {
    if token.len() > 24 || !token.is_ascii() {
        return None;
    }
    let bare = token.strip_prefix('§').unwrap_or(token);
    let (inner, closed) = match (bare.strip_prefix('('), bare.strip_suffix([')', '.', ':'])) {
        (Some(inner), _) => (inner.strip_suffix(')')?, true),
        (None, Some(inner)) => (inner, true),
        (None, None) => (bare, false),
    };
    let parts: Vec<&str> = inner.split('.').collect();
    let shown = token.strip_suffix(['.', ':']).unwrap_or(token).to_owned();
    match parts.as_slice() {
        [only] if closed && is_part(only, true) => Some(MarkerKind::Single(shown)),
        [first, rest @ ..] if !rest.is_empty() && rest.len() < 9 => {
            // A part of four digits is a year: `24.12.2025` is a date.
            let shaped = is_part(first, true) && rest.iter().all(|part| is_digits(part, 3));
            shaped.then_some(MarkerKind::Multiple(shown, parts.len() as u8))
        }
        _ => None,
    }
}

fn is_digits(part: &str, most: usize) -> bool {
    !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit())
}

/// A number of at most three digits, or (where `letters` holds) one letter or a Roman numeral.
fn is_part(part: &str, letters: bool) -> bool {
    if is_digits(part, 3) {
        return true;
    }
    if !letters || part.is_empty() {
        return false;
    }
    let one_letter = part.len() == 1 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let same_case = part.bytes().all(|b| b.is_ascii_lowercase()) || part.bytes().all(|b| b.is_ascii_uppercase());
    let roman =
        part.len() <= 5 && same_case && part.bytes().all(|b| matches!(b.to_ascii_lowercase(), b'i' | b'v' | b'x'));
    one_letter || roman
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_known_by_their_shape() {
        for (text, want, parts) in [
            ("- hosting", Some(""), 0),
            ("• hosting", Some(""), 0),
            ("\u{F0B7} hosting", Some(""), 0),
            ("1. Scope", Some("1"), 1),
            ("12) Scope", Some("12)"), 1),
            ("(a) first", Some("(a)"), 1),
            ("iv) fourth", Some("iv)"), 1),
            ("3.2 Requirements", Some("3.2"), 2),
            ("3.2.1. Requirements", Some("3.2.1"), 3),
            ("A.1 Annex", Some("A.1"), 2),
            ("3 servers", None, 0),
            ("A server", None, 0),
            ("24.12.2025 last day", None, 0),
            ("2025. The year", None, 0),
            ("e.g. this", None, 0),
            ("-", None, 0),
            ("1.", None, 0),
            ("365-1 product", None, 0),
            ("mix) of letters", None, 0),
        ] {
            let found = marker(text);
            assert_eq!(found.as_ref().map(|m| m.number().unwrap_or("")), want, "{text}");
            assert_eq!(found.map_or(0, |m| m.parts()), parts, "{text}");
        }
    }
}
