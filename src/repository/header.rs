//! Where SPDX tags go in a file that has none: a comment at its top, in the manner of its language
//! (`rules/knowledge/comment-styles.tsv`), behind what has to stand first (`rules/knowledge/first-lines.tsv`), or a
//! file of its own beside it (REUSE 3.3, “FILE.license”).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::file_type;
use crate::builtin;
use crate::finding::{Edit, FileChange, Region};
use crate::licence::{self, TagKind};

/// How comments are written. Trailing spaces of the table's fields do not survive, so that one is added.
struct Style {
    open: &'static str,
    line: &'static str,
    close: &'static str,
    /// The row of first-lines.tsv that has to stand before the comment; empty where none has.
    behind: &'static str,
}

static STYLES: LazyLock<HashMap<&'static str, Style>> = LazyLock::new(|| {
    let rows = builtin::rows(builtin::file("knowledge/comment-styles.tsv").unwrap_or_default());
    let styles = rows.flat_map(|row| {
        let (open, line, close, behind) = (row.get("open"), row.get("line"), row.get("close"), row.get("behind"));
        let keys: Vec<_> = row.list("extensions").chain(row.list("names")).collect();
        keys.into_iter().map(move |key| (key, Style { open, line, close, behind }))
    });
    styles.collect()
});

/// What has to stand at the top of a file.
struct FirstLine {
    start: &'static str,
    until: &'static str,
    never: Vec<&'static str>,
}

static FIRST_LINES: LazyLock<Vec<FirstLine>> = LazyLock::new(|| {
    let rows = builtin::rows(builtin::file("knowledge/first-lines.tsv").unwrap_or_default());
    let lines = rows.map(|row| FirstLine {
        start: row.get("start"),
        until: row.get("until"),
        never: row.list("never").collect(),
    });
    lines.collect()
});

/// Front matter has to stand first, and tags in it would be data.
const FRONT_MATTER: [&str; 2] = ["---", "+++"];

/// The tags as an edit of the file or as a file beside it. `text` is none for a file that is not text, or whose
/// bytes can't take a comment.
pub fn tagged(path: &str, text: Option<&str>, tags: &[String], safe: bool) -> Result<Edit, FileChange> {
    let in_file = text.and_then(|text| in_comment(path, text, tags));
    let (region, text) = in_file.ok_or_else(|| {
        let text: String = tags.iter().map(|tag| format!("{tag}\n")).collect();
        FileChange::Create { uri: format!("{path}.license"), text, safe }
    })?;
    Ok(Edit { uri: Some(path.to_owned()), region, text, safe })
}

/// The place of the tags in a text, and the comment that holds them.
fn in_comment(path: &str, text: &str, tags: &[String]) -> Option<(Region, String)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let style = STYLES.get(name).or_else(|| STYLES.get(file_type::extension(path).as_str()))?;
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.first().copied().unwrap_or_default();
    // Front matter is no comment's place, a YAML document's start is. A lone carriage return ends no line here.
    let is_front_matter = FRONT_MATTER.contains(&first.trim_end()) && style.line != "#";
    if is_front_matter || first.trim_end_matches('\r').contains('\r') {
        return None;
    }
    if let Some(place) = beside_a_tag(text, &lines, style, tags) {
        return Some(place);
    }
    let top = Top::of(&lines);
    if !style.behind.is_empty() && !top.holds.contains(&style.behind) {
        return None;
    }
    let rest = match top.column {
        Some(column) => lines[top.lines - 1].chars().skip(column as usize - 1).collect(),
        None => lines.get(top.lines).copied().unwrap_or_default().to_owned(),
    };
    let mut comment = comment(style, tags);
    if !rest.trim().is_empty() {
        comment.push('\n');
    }
    let line = u32::try_from(top.lines).unwrap_or(u32::MAX);
    // A first line that the comment follows on the same line, or that has no line break, would run into it.
    let column = top.column.or_else(|| (top.lines > 0 && !text.contains('\n')).then(|| end(first)));
    Some(match column {
        Some(column) => {
            let region = Region { start_line: line, start_column: column, end_line: line, end_column: column };
            (region, format!("\n{comment}"))
        }
        None => (Region::line(line + 1), comment),
    })
}

/// What stands at the top of a file and has to stay there.
#[derive(Default)]
struct Top {
    /// How many lines it takes.
    lines: usize,
    /// Where it ends on its last line, if something follows there.
    column: Option<u32>,
    /// The starts of the rows that were found.
    holds: Vec<&'static str>,
}

impl Top {
    fn of(lines: &[&str]) -> Top {
        let mut top = Top::default();
        while let Some(line) = lines.get(top.lines) {
            let plain: String = line.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
            let row = FIRST_LINES.iter().find(|row| plain.starts_with(row.start));
            let Some(row) = row.filter(|row| !row.never.iter().any(|word| line.contains(word))) else { break };
            if !row.until.is_empty() {
                let ends = |line: &&str| line.contains(row.until);
                let Some(more) = lines[top.lines..].iter().position(ends) else { break };
                top.lines += more;
            }
            top.holds.push(row.start);
            let last = lines[top.lines];
            top.lines += 1;
            let at = if row.until.is_empty() { None } else { last.find(row.until).map(|at| at + row.until.len()) };
            if let Some(at) = at.filter(|at| !last[*at..].trim().is_empty()) {
                top.column = Some(end(&last[..at]));
                break;
            }
        }
        top
    }
}

/// The tags as a comment on lines of its own.
fn comment(style: &Style, tags: &[String]) -> String {
    let mut comment = String::new();
    let mut push = |line: &str| {
        comment.push_str(line);
        comment.push('\n');
    };
    if !style.open.is_empty() {
        push(style.open);
    }
    for tag in tags {
        let space = if style.line.is_empty() { "" } else { " " };
        let indent = if style.line == "*" { " " } else { "" };
        push(&format!("{indent}{}{space}{tag}", style.line));
    }
    if !style.close.is_empty() {
        push(&if style.close == "*/" { format!(" {}", style.close) } else { style.close.to_owned() });
    }
    comment
}

/// In the comment that holds a tag already, where each of its lines is marked as one: before the first licence, else
/// behind the first holders.
fn beside_a_tag(text: &str, lines: &[&str], style: &Style, tags: &[String]) -> Option<(Region, String)> {
    let said = licence::tags(text);
    let lines_of = |kind: TagKind| said.iter().filter(move |tag| tag.kind == kind).map(|tag| tag.line);
    if said.iter().any(|tag| tag.kind == TagKind::SnippetBegin) {
        return None;
    }
    let licence = lines_of(TagKind::Identifier).next();
    let holder = lines_of(TagKind::Copyright).next();
    let line = licence.or(holder)?;
    let marked = lines.get(line - 1)?;
    let mark = &marked[..marked.find(|c: char| c.is_alphanumeric() || c == '©')?];
    if ![style.line, "*"].contains(&mark.trim()) || mark.trim().is_empty() {
        return None;
    }
    let holders = lines_of(TagKind::Copyright).zip(line..).take_while(|(holder, expected)| holder == expected).count();
    let before = if licence.is_some() { line } else { line + holders };
    // Behind a last line that may have no line break nothing is put.
    (before <= lines.len()).then(|| {
        (
            Region::line(u32::try_from(before).unwrap_or(u32::MAX)),
            tags.iter().map(|tag| format!("{mark}{tag}\n")).collect(),
        )
    })
}

/// The column behind a line.
fn end(line: &str) -> u32 {
    u32::try_from(line.chars().count() + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file with its tags, or nothing where they stand beside it.
    fn with_tags(path: &str, text: &str) -> Option<String> {
        let tags = ["T: a".to_owned(), "U: b".to_owned()];
        let Edit { region, text: new, .. } = tagged(path, Some(text), &tags, false).ok()?;
        let start: usize = text.split_inclusive('\n').take(region.start_line as usize - 1).map(str::len).sum();
        let rest = &text[start..];
        let at =
            start + rest.char_indices().map(|(at, _)| at).nth(region.start_column as usize - 1).unwrap_or(rest.len());
        Some(format!("{}{new}{}", &text[..at], &text[at..]))
    }

    #[test]
    fn tags_stand_where_the_language_allows_them() {
        for (path, text, expected) in [
            ("a.py", "x = 1\n", "# T: a\n# U: b\n\nx = 1\n"),
            ("a.py", "\nx = 1\n", "# T: a\n# U: b\n\nx = 1\n"),
            ("bin/run.sh", "#!/bin/sh\necho\n", "#!/bin/sh\n# T: a\n# U: b\n\necho\n"),
            ("a.sh", "#!/bin/sh", "#!/bin/sh\n# T: a\n# U: b\n"),
            (
                "a.py",
                "#!/usr/bin/python\n# -*- coding: utf-8 -*-\nx\n",
                "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n# T: a\n# U: b\n\nx\n",
            ),
            ("a.py", "# vim: set fileencoding=utf-8 :\nx\n", "# vim: set fileencoding=utf-8 :\n# T: a\n# U: b\n\nx\n"),
            ("a.rb", "# encoding: utf-8\nx\n", "# encoding: utf-8\n# T: a\n# U: b\n\nx\n"),
            ("a.css", "a {}\n", "/*\n * T: a\n * U: b\n */\n\na {}\n"),
            ("a.css", "@charset \"UTF-8\";a{}\n", "@charset \"UTF-8\";\n/*\n * T: a\n * U: b\n */\n\na{}\n"),
            ("a.xml", "<?xml version=\"1.0\"?>\n<a/>\n", "<?xml version=\"1.0\"?>\n<!--\nT: a\nU: b\n-->\n\n<a/>\n"),
            ("a.xml", "<?xml version=\"1.0\"?><a\n/>\n", "<?xml version=\"1.0\"?>\n<!--\nT: a\nU: b\n-->\n\n<a\n/>\n"),
            ("a.xml", "<?xml\nversion=\"1.0\"?>\n<a/>\n", "<?xml\nversion=\"1.0\"?>\n<!--\nT: a\nU: b\n-->\n\n<a/>\n"),
            ("a.html", "<!DOCTYPE html\n\"x\">\n<p>\n", "<!DOCTYPE html\n\"x\">\n<!--\nT: a\nU: b\n-->\n\n<p>\n"),
            ("a.svg", "<svg/>", "<!--\nT: a\nU: b\n-->\n\n<svg/>"),
            ("Dockerfile", "FROM x\n", "# T: a\n# U: b\n\nFROM x\n"),
            (
                "Dockerfile",
                "# syntax = docker/dockerfile:1\n# escape=`\n\nFROM x\n",
                "# syntax = docker/dockerfile:1\n# escape=`\n# T: a\n# U: b\n\nFROM x\n",
            ),
            ("a.yml", "---\na: 1\n", "# T: a\n# U: b\n\n---\na: 1\n"),
            ("a.php", "<?php\necho 1;\n", "<?php\n// T: a\n// U: b\n\necho 1;\n"),
            ("a.php", "#!/usr/bin/env php\n<?php\nx\n", "#!/usr/bin/env php\n<?php\n// T: a\n// U: b\n\nx\n"),
        ] {
            assert_eq!(with_tags(path, text).as_deref(), Some(expected), "{path}: {text:?}");
        }
    }

    #[test]
    fn tags_stand_beside_a_file_that_can_not_take_them() {
        for (path, text) in [
            ("a.json", "{}"),
            ("a.md", "---\ntitle: x\n---\n"),
            ("a.html", "---\n---\n<p>\n"),
            ("a.markdown", "+++\n+++\n"),
            ("a.php", "<html>\n<?php x ?>\n"),
            ("a.php", "<?php x ?>\n<p>\n"),
            ("a.php", "<?php /** a\n */\n"),
            ("a.py", "x=1\ry=2\r"),
        ] {
            assert_eq!(with_tags(path, text), None, "{path}: {text:?}");
        }
        let tags = ["T: a".to_owned()];
        let beside = FileChange::Create { uri: "a.png.license".to_owned(), text: "T: a\n".to_owned(), safe: false };
        assert_eq!(tagged("a.png", None, &tags, false), Err(beside));
    }

    #[test]
    fn a_tag_that_is_alone_gets_company() {
        // In two parts, so that this file does not tag itself.
        let licence = concat!("SPDX-License", "-Identifier: MIT");
        let holder = concat!("SPDX-File", "CopyrightText: 2026 X");
        let tags = "T: a\n# U: b\n";
        for (text, expected) in [
            (format!("# {licence}\nx\n"), format!("# {tags}# {licence}\nx\n")),
            (
                format!("#!/bin/sh\n# {holder}\n# {holder}\nx\n"),
                format!("#!/bin/sh\n# {holder}\n# {holder}\n# {tags}x\n"),
            ),
            (format!("x = \"{licence}\"\n"), format!("# {tags}\nx = \"{licence}\"\n")),
        ] {
            assert_eq!(with_tags("a.py", &text), Some(expected), "{text}");
        }
    }
}
