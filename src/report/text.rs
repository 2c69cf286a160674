//! Text from the input, made safe to show: no control characters, no reordering, no overlong lines.

use std::borrow::Cow;

use crate::finding::{Finding, Location, Outcome};
use crate::saying::Saying;

/// The text without characters that a terminal or a reader would obey instead of showing.
///
/// C0 and C1 controls go (a tab or a line break becomes a space), and so do the characters that reorder or
/// hide text: bidirectional embeddings, overrides, isolates and marks, the byte order mark, interlinear
/// annotations and tags (Unicode Technical Standard #55 on source code spoofing).
pub fn without_controls(text: &str) -> Cow<'_, str> {
    // No byte of the other characters begins one that is obeyed.
    let may_begin = |byte: u8| matches!(byte, ..0x20 | 0x7F | 0xC2 | 0xD8 | 0xE2 | 0xEF | 0xF3);
    // Without a way out in the middle, the bytes of a chunk are looked at together.
    let may_hold = |chunk: &[u8]| chunk.iter().fold(false, |any, byte| any | may_begin(*byte));
    let begins = |(at, byte): (usize, u8)| may_begin(byte) && text[at..].starts_with(is_obeyed);
    if !text.as_bytes().chunks(64).any(may_hold) || !text.bytes().enumerate().any(begins) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .filter_map(|c| match c {
                '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
                c if is_obeyed(c) => None,
                c => Some(c),
            })
            .collect(),
    )
}

fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61C}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2066}'..='\u{2069}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

/// Takes the control characters out of every text of an outcome. File names keep theirs, since they must
/// still name the file: a format that shows a name calls [`without_controls`].
pub fn strip_controls(outcome: &mut Outcome) {
    outcome.findings.iter_mut().for_each(strip_finding);
    for part in &mut outcome.coverage.not_read {
        part.place.iter_mut().for_each(strip);
        part.reason.texts_mut().into_iter().for_each(strip);
        part.remedy.texts_mut().into_iter().for_each(strip);
    }
    for file in &mut outcome.coverage.read {
        file.member.iter_mut().for_each(strip);
        file.remarks.iter_mut().flat_map(Saying::texts_mut).for_each(strip);
    }
    outcome.licences.values_mut().for_each(strip);
    if let Some(origin) = &mut outcome.origin {
        strip(&mut origin.url);
        strip(&mut origin.revision);
        origin.reference.iter_mut().for_each(strip);
    }
    outcome.held_back.remarks.iter_mut().for_each(strip);
}

/// Takes the control characters out of every text of a finding, as [`strip_controls`] does.
pub fn strip_finding(finding: &mut Finding) {
    strip(&mut finding.message);
    finding.evidence.iter_mut().for_each(strip);
    finding.suggestion.iter_mut().for_each(strip);
    strip_location(&mut finding.location);
    for related in &mut finding.related {
        strip(&mut related.message);
        strip_location(&mut related.location);
    }
    finding.properties.values_mut().for_each(strip_value);
}

fn strip_location(location: &mut Location) {
    location.member.iter_mut().for_each(strip);
    strip(&mut location.snippet);
    strip(&mut location.context);
    strip(&mut location.place);
    let anchor = &mut location.anchor;
    for text in [&mut anchor.number, &mut anchor.sheet, &mut anchor.cell, &mut anchor.path, &mut anchor.field] {
        text.iter_mut().for_each(strip);
    }
}

fn strip(text: &mut String) {
    if let Cow::Owned(stripped) = without_controls(text) {
        *text = stripped;
    }
}

fn strip_value(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => strip(text),
        serde_json::Value::Array(values) => values.iter_mut().for_each(strip_value),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(strip_value),
        _ => {}
    }
}

/// The text cut to at most `most` characters, an ellipsis included where something was cut.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.char_indices().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let end = text.char_indices().nth(most.saturating_sub(1)).map_or(0, |(end, _)| end);
    Cow::Owned(format!("{}…", text[..end].trim_end()))
}

/// The text cut at its front to at most `most` characters, an ellipsis included where something was cut.
pub fn cut_front(text: &str, most: usize) -> Cow<'_, str> {
    let count = text.chars().count();
    if count <= most {
        return Cow::Borrowed(text);
    }
    let start = text.char_indices().nth(count + 1 - most).map_or(text.len(), |(start, _)| start);
    Cow::Owned(format!("…{}", text[start..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_gone() {
        for (text, want) in [
            ("plain “Größe” Ωμέγα 😀", "plain “Größe” Ωμέγα 😀"),
            ("\u{1b}[31mred\u{1b}[0m", "[31mred[0m"),
            ("\u{9b}31mred", "31mred"),
            ("a\tb\r\nc", "a b  c"),
            ("bell\u{7}\u{7f}", "bell"),
            ("user\u{202e}txt.exe", "usertxt.exe"),
            ("\u{feff}start", "start"),
        ] {
            assert_eq!(without_controls(text), want, "{text:?}");
        }
    }

    #[test]
    fn cutting_keeps_whole_characters() {
        assert_eq!(cut("Größe", 5), "Größe");
        assert_eq!(cut("Größe", 4), "Grö…");
        assert_eq!(cut_front("Größe", 5), "Größe");
        assert_eq!(cut_front("Größe", 4), "…öße");
        assert_eq!(cut("", 0), "");
        assert_eq!(cut("abc", 0), "…");
    }
}
