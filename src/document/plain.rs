//! Plain text: paragraphs, headings and lists recognised from the layout.
//!
//! A blank line ends a paragraph, and so does a line after which the next word would still have fitted.
//! Numbered short lines that stand alone, lines in capitals and underlined lines are headings.

use std::sync::Arc;

use super::compose::{Composer, HEADING_BYTES};
use super::encoding;
use super::limits::Limits;
use super::line::Line;
use super::marker::{self, MarkerKind};
use super::model::{Anchor, BlockKind, Document, Format, HealthKind, NotRead};
use crate::saying::say;

/// Lines longer than this are paragraphs that no one wrapped.
const WIDEST: usize = 160;
/// Room left on a line, beyond the next word, that shows that it was ended on purpose.
const ROOM: usize = 12;

/// Reads a plain text file.
pub(super) fn read(bytes: &[u8], uri: &str, member: Option<&str>, limits: &Limits) -> Result<Document, NotRead> {
    let decoded = encoding::decode(bytes, None)
        .map_err(|error| NotRead::new(uri, member, error.said(), say!("do-save-as-text")))?;
    let source: Arc<str> = decoded.text.into();
    let mut composer = Composer::new(limits);
    if let Some(encoding) = decoded.guessed {
        composer.remark(HealthKind::Encoding, 1, say!("encoding", encoding = encoding));
    }
    compose(&mut composer, &source);
    composer.title_from_only_heading();
    Ok(composer.finish(uri, member, Format::PlainText, Some(source)))
}

/// Some lines that make one paragraph, with where each begins.
struct Paragraph<'a> {
    lines: Vec<(usize, &'a str)>,
    /// A blank line, or the file's edge, before and after it.
    alone: bool,
}

pub(super) fn compose(composer: &mut Composer, source: &str) {
    let paragraphs = paragraphs(source);
    let mut firm_level = 0;
    let mut in_list = false;
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if composer.bound().is_some() {
            return;
        }
        let mut line = Line::default();
        let underline = underlined(paragraph).is_some();
        for (offset, text) in paragraph.lines.iter().take(if underline { 1 } else { usize::MAX }) {
            line.push_at(text, *offset);
            line.gap();
        }
        if line.is_empty() {
            continue;
        }
        let next =
            paragraphs.get(index + 1).and_then(|next| next.lines.first()).map_or("", |(_, text)| text.trim_start());
        let found = marker::marker(line.text());
        let number = found.as_ref().and_then(|m| m.number().map(str::to_owned));
        let parts = found.as_ref().map_or(0, marker::Marker::parts);
        let heading = heading_level(paragraph, line.text(), found.as_ref(), next, firm_level, in_list);
        if let Some(found) = &found {
            line.cut_front(found.bytes);
        }
        let anchor = Anchor { number, ..Anchor::default() };
        let kind = match (heading, found) {
            (Some(level), _) => {
                if parts > 0 {
                    firm_level = level;
                }
                BlockKind::Heading { level }
            }
            (None, Some(_)) => BlockKind::ListItem { depth: list_depth(paragraph, parts) },
            (None, None) => BlockKind::Paragraph,
        };
        in_list = matches!(kind, BlockKind::ListItem { .. }) && parts == 1;
        composer.push(kind, line, anchor);
    }
}

/// Depth by the number's parts, or by how far the item is set in.
fn list_depth(paragraph: &Paragraph<'_>, parts: u8) -> u8 {
    let indent = paragraph.lines.first().map_or(0, |(_, text)| text.len() - text.trim_start().len());
    let by_indent = u8::try_from(indent / 4).unwrap_or(8).min(8);
    if parts > 1 { parts - 1 } else { by_indent }
}

fn heading_level(
    paragraph: &Paragraph<'_>,
    text: &str,
    found: Option<&marker::Marker>,
    next: &str,
    firm_level: u8,
    in_list: bool,
) -> Option<u8> {
    if let Some(level) = underlined(paragraph) {
        return Some(level);
    }
    let short = text.len() <= HEADING_BYTES / 2 && !text.ends_with(['.', ';', ',', ':', '!', '?']);
    if !short || !paragraph.alone || paragraph.lines.len() > 2 || !text.chars().any(char::is_alphabetic) {
        return None;
    }
    match found.map(|found| &found.kind) {
        Some(MarkerKind::Bullet) => None,
        Some(MarkerKind::Multiple(_, parts)) => Some(*parts),
        // A list with blank lines between its items looks the same, but for the next number.
        Some(MarkerKind::Single(number)) => {
            let numbered = number.chars().any(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
            let listed = in_list || marker::marker(next).is_some_and(|next| next.parts() == 1);
            (numbered && !listed).then_some(1)
        }
        None => {
            let capitals = text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
            (capitals && text.chars().filter(|c| c.is_alphabetic()).count() > 3).then(|| (firm_level + 1).min(9))
        }
    }
}

/// The level of a heading of one line with an underline.
fn underlined(paragraph: &Paragraph<'_>) -> Option<u8> {
    match paragraph.lines.as_slice() {
        [_, (_, underline)] => underline_level(underline),
        _ => None,
    }
}

/// `====` underlines level 1, `----` level 2.
fn underline_level(line: &str) -> Option<u8> {
    let line = line.trim();
    let all = |mark: char| line.len() >= 3 && line.chars().all(|c| c == mark);
    if all('=') {
        Some(1)
    } else if all('-') {
        Some(2)
    } else {
        None
    }
}

fn paragraphs(source: &str) -> Vec<Paragraph<'_>> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut offset = 0;
    for raw in source.split_inclusive(['\n', '\u{c}']) {
        lines.push((offset, raw.trim_end()));
        offset += raw.len();
    }
    let width = lines.iter().map(|(_, line)| line.chars().count()).max().unwrap_or(0);
    let mut paragraphs: Vec<Paragraph<'_>> = Vec::new();
    let mut current: Vec<(usize, &str)> = Vec::new();
    let mut after_blank = true;
    for (offset, text) in lines {
        if text.trim().is_empty() {
            end_paragraph(&mut paragraphs, &mut current, after_blank);
            after_blank = true;
            continue;
        }
        let breaks =
            !hangs(&current, text) && current.last().is_some_and(|(_, before)| ends_on_purpose(before, text, width));
        if breaks
            || (!current.is_empty() && marker::marker(text.trim_start()).is_some_and(|m| begins_item(&m, &current)))
        {
            end_paragraph(&mut paragraphs, &mut current, after_blank);
            if let Some(last) = paragraphs.last_mut() {
                last.alone = false;
            }
            after_blank = false;
        }
        current.push((offset, text));
    }
    end_paragraph(&mut paragraphs, &mut current, after_blank);
    paragraphs
}

/// Whether a line is set in deeper than the item that is open: it belongs to it.
fn hangs(current: &[(usize, &str)], text: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    current
        .first()
        .is_some_and(|(_, first)| marker::marker(first.trim_start()).is_some() && indent(text) > indent(first))
}

fn end_paragraph<'a>(paragraphs: &mut Vec<Paragraph<'a>>, current: &mut Vec<(usize, &'a str)>, after_blank: bool) {
    if !current.is_empty() {
        paragraphs.push(Paragraph { lines: std::mem::take(current), alone: after_blank });
    }
}

/// A marker in the middle of a paragraph begins an item, unless the line before was left open so that the
/// number may belong to its sentence.
fn begins_item(found: &marker::Marker, current: &[(usize, &str)]) -> bool {
    match found.kind {
        MarkerKind::Bullet => true,
        MarkerKind::Single(_) | MarkerKind::Multiple(..) => current.last().is_some_and(|(_, before)| {
            before.trim_end().ends_with([':', '.', ';', ',']) || marker::marker(before.trim_start()).is_some()
        }),
    }
}

/// Whether a line was ended although the next word would have fitted.
fn ends_on_purpose(line: &str, next: &str, width: usize) -> bool {
    let used = line.chars().count();
    if width > WIDEST {
        return used > WIDEST || next.chars().count() > WIDEST;
    }
    // An underline belongs to the line above.
    if underline_level(next).is_some() {
        return false;
    }
    let word = next.trim_start().split(char::is_whitespace).next().map_or(0, |word| word.chars().count());
    underline_level(line).is_some() || used + 1 + word + ROOM < width
}

#[cfg(test)]
mod tests {
    use super::super::shown::{check, check_source};
    use super::*;

    fn plain(text: &str) -> Document {
        read(text.as_bytes(), "t.txt", None, &Limits::default()).expect("the fixture can be read")
    }

    #[test]
    fn layout_gives_headings_lists_and_paragraphs() {
        check(
            &plain(
                "Hosting of the portal\n=====================\n\n1. Scope\n\nThe contractor hosts the portal and all of its\nparts for four years.\n\n1.1 Needs\n\nIt must:\n- run on Linux and on\n  other systems;\n- stop.\n\nPRICES\n\nNone.\nShort line.\n",
            ),
            &[
                "h1 Hosting of the portal",
                "h1 1 Scope",
                "p The contractor hosts the portal and all of its parts for four years. [<Scope]",
                "h2 1.1 Needs [<Scope]",
                "p It must: [<Needs]",
                "li0 run on Linux and on other systems; [<Needs] [lead It]",
                "li0 stop. [<Needs] [lead It]",
                "h3 PRICES [<Needs]",
                "p None. [<PRICES]",
                "p Short line. [<PRICES]",
            ],
        );
    }

    #[test]
    fn lists_with_blank_lines_are_lists() {
        check(
            &plain("Deliver:\n\n1. the source\n\n2. the manual\n\n3. the keys\n"),
            &[
                "p Deliver:",
                "li0 1 the source [lead Deliver:]",
                "li0 2 the manual [lead Deliver:]",
                "li0 3 the keys [lead Deliver:]",
            ],
        );
    }

    #[test]
    fn text_leads_back_to_the_file() {
        check_source(&plain("a b\r\n\r\n1. première  ligne\r\n"), &[("première", "première  "), ("ligne", "ligne\r")]);
    }
}
