//! What a file says about its own licence: SPDX tags, copyright notices and notices in words.
//!
//! Tags are read as REUSE 3.3 has them (`SPDX-License-Identifier`, `SPDX-FileCopyrightText`,
//! `SPDX-SnippetBegin` …, lines with `Copyright` or `©`, and nothing between `REUSE-IgnoreStart` and
//! `REUSE-IgnoreEnd`). Notices in words are those of the SPDX list and sentences that name a licence.

use std::ops::Range;

use super::grant;
use super::text::decode;

/// One statement of a file about its licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub kind: TagKind,
    /// The value's bytes in the decoded text.
    pub span: Range<usize>,
    /// Line of the value, 1-based.
    pub line: usize,
    /// The expression as written, the copyright statement, or, for a notice in words, the SPDX expression that
    /// it amounts to.
    pub value: String,
}

/// The kinds of tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagKind {
    /// `SPDX-License-Identifier`.
    Identifier,
    /// `SPDX-FileCopyrightText`, `SPDX-SnippetCopyrightText`, `Copyright …`, `© …`.
    Copyright,
    SnippetBegin,
    SnippetEnd,
    /// A notice in words, without a tag.
    Notice,
}

/// Bytes at each end of a file that [`headers`] looks at.
pub const HEADER: usize = 8 << 10;

/// Every statement in the first and last kilobytes of a file. Notices in words are looked for only where no tag
/// gives the licence.
pub fn headers(bytes: &[u8]) -> Vec<Tag> {
    let text = decode(bytes);
    let head = cut(&text, HEADER.min(text.len()));
    let tail = if text.len() > 2 * HEADER { cut(&text, text.len() - HEADER) } else { head };
    let mut tags: Vec<Tag> =
        tags(&text).into_iter().filter(|tag| tag.span.start < head || tag.span.start >= tail).collect();
    if !tags.iter().any(|tag| tag.kind == TagKind::Identifier) {
        tags.extend(grant::notices(&text[..head]));
        tags.sort_by_key(|tag| tag.span.start);
    }
    tags
}

/// The nearest character boundary at or before `at`.
fn cut(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

// Written in two parts, so that this file does not tag itself.
const IDENTIFIER: &str = concat!("SPDX-License", "-Identifier:");
const FILE_COPYRIGHT: &str = concat!("SPDX-File", "CopyrightText:");
const SNIPPET_COPYRIGHT: &str = concat!("SPDX-Snippet", "CopyrightText:");
const SNIPPET_BEGIN: &str = concat!("SPDX-", "SnippetBegin");
const SNIPPET_END: &str = concat!("SPDX-", "SnippetEnd");
const IGNORE_START: &str = concat!("REUSE-", "IgnoreStart");
const IGNORE_END: &str = concat!("REUSE-", "IgnoreEnd");

/// The SPDX tags and copyright notices of a text, in order.
pub fn tags(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut ignored = false;
    let mut start = 0;
    for (number, line) in text.split('\n').enumerate() {
        let from = start;
        start += line.len() + 1;
        // Most lines have none of it, and looking for one byte is fast.
        if !ignored && !line.contains(['S', 'C', '©', 'R']) {
            continue;
        }
        let mut visible = line;
        let mut offset = from;
        while !visible.is_empty() {
            if ignored {
                let Some(end) = visible.find(IGNORE_END) else { break };
                ignored = false;
                offset += end + IGNORE_END.len();
                visible = &visible[end + IGNORE_END.len()..];
                continue;
            }
            let part = match visible.find(IGNORE_START) {
                Some(end) => {
                    ignored = true;
                    &visible[..end]
                }
                None => visible,
            };
            if let Some((kind, value)) = statement(part) {
                let span = offset + value.start..offset + value.end;
                tags.push(Tag { kind, line: number + 1, value: text[span.clone()].to_owned(), span });
            }
            offset += part.len();
            visible = &visible[part.len()..];
        }
    }
    tags
}

/// What a line states: a copyright notice before a licence, as REUSE reads it.
fn statement(line: &str) -> Option<(TagKind, Range<usize>)> {
    if let Some(start) = copyright(line) {
        let end = value_end(line, start);
        return Some((TagKind::Copyright, start..end));
    }
    if let Some(at) = line.find(IDENTIFIER) {
        let after = at + IDENTIFIER.len();
        let start = after + line[after..].len() - line[after..].trim_start().len();
        return Some((TagKind::Identifier, start..value_end(line, start).max(start)));
    }
    for (word, kind) in [(SNIPPET_BEGIN, TagKind::SnippetBegin), (SNIPPET_END, TagKind::SnippetEnd)] {
        if let Some(at) = line.find(word) {
            return Some((kind, at..at + word.len()));
        }
    }
    None
}

/// Where a copyright notice begins: at its tag's value, at `Copyright` followed by white space or a sign, or at `©`.
fn copyright(line: &str) -> Option<usize> {
    let tag = [FILE_COPYRIGHT, SNIPPET_COPYRIGHT]
        .iter()
        .filter_map(|tag| line.find(tag).map(|at| (at, at + tag.len())))
        .min();
    let word = line.match_indices("Copyright").map(|(at, word)| (at, at + word.len())).find(|(_, end)| {
        let after = &line[*end..];
        let sign = after.trim_start();
        after.starts_with(char::is_whitespace) || ["©", "(c)", "(C)"].iter().any(|mark| sign.starts_with(mark))
    });
    let sign = line.find('©').map(|at| (at, at));
    let (at, end) = [tag, word.map(|(at, _)| (at, at)), sign].into_iter().flatten().min()?;
    let start = end.max(at);
    Some(start + line[start..].len() - line[start..].trim_start().len())
}

/// Ends of comments and of markup around a tag.
const ENDS: [&str; 18] = [
    "*/", "-->", "--%>", "%>", "#}", "%}", "*}", "*)", "-}", "--}}", "}}", "]]", "\"\"\"", "'''", "\"/>", "\">", "'/>",
    "'>",
];

/// The end of a value that starts at `start`: without white space, the end of the comment, and the mirror image
/// of what stands before the statement (`** … **`).
fn value_end(line: &str, start: usize) -> usize {
    let mut value = line[start.min(line.len())..].trim_end();
    if let Some(inner) = value.strip_suffix("::").map(str::trim_end).and_then(|value| value.strip_suffix(']')) {
        value = inner.trim_end();
    }
    let leader: String =
        line.chars().take_while(|c| !c.is_alphanumeric()).collect::<String>().trim().chars().rev().collect();
    if let Some(inner) = value.strip_suffix(&leader).filter(|_| !leader.is_empty() && leader != ".") {
        value = inner.trim_end();
    }
    while let Some(inner) = ENDS.iter().find_map(|end| value.strip_suffix(end)) {
        value = inner.trim_end();
    }
    start + value.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(TagKind, &str)]) {
        // The signs stand for the words, so that this file does not tag itself.
        let text = text.replace('§', IDENTIFIER).replace('¤', FILE_COPYRIGHT).replace('¶', SNIPPET_BEGIN);
        let tags = tags(&text);
        let found: Vec<_> = tags.iter().map(|tag| (tag.kind, tag.value.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn tags_are_read_in_any_comment() {
        use TagKind::*;
        check("// § MIT", &[(Identifier, "MIT")]);
        check("/* § MIT OR Apache-2.0 */", &[(Identifier, "MIT OR Apache-2.0")]);
        check("<!-- § EUPL-1.2 -->", &[(Identifier, "EUPL-1.2")]);
        check("** § CC0-1.0 **", &[(Identifier, "CC0-1.0")]);
        check("[§ CC0-1.0] ::", &[(Identifier, "CC0-1.0")]);
        check("# ¤ 2020 Example Ltd <mail@example.org>", &[(Copyright, "2020 Example Ltd <mail@example.org>")]);
        check("{# Copyright (c) 2020 Example #}", &[(Copyright, "Copyright (c) 2020 Example")]);
        check("copyright law", &[]);
        check("Copyrighted by us", &[]);
        check("# ¶\n# § ISC", &[(SnippetBegin, SNIPPET_BEGIN), (Identifier, "ISC")]);
    }

    #[test]
    fn what_is_to_be_ignored_is() {
        let text = format!("{IGNORE_START}\n{IDENTIFIER} MIT\n{IGNORE_END} {IDENTIFIER} ISC\n{IDENTIFIER} 0BSD");
        assert_eq!(tags(&text).iter().map(|tag| tag.value.as_str()).collect::<Vec<_>>(), ["ISC", "0BSD"]);
    }

    #[test]
    fn lines_and_places_are_those_of_the_text() {
        let text = format!("x\ny\n// {IDENTIFIER} MIT\n");
        let tag = &tags(&text)[0];
        assert_eq!((tag.line, &text[tag.span.clone()]), (3, "MIT"));
    }
}
