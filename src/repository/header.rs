//! Where SPDX tags go in a file that has none: a comment at its top, in the manner of its language
//! (`rules/knowledge/comment-styles.tsv`), or a file of its own beside it (REUSE 3.3, “FILE.license”).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::file_type;
use crate::builtin;
use crate::finding::{Edit, FileChange, Region};

/// How comments are written. Trailing spaces of the table's fields do not survive, so that one is added.
struct Style {
    open: &'static str,
    line: &'static str,
    close: &'static str,
}

static STYLES: LazyLock<HashMap<&'static str, Style>> = LazyLock::new(|| {
    let rows = builtin::rows(builtin::file("knowledge/comment-styles.tsv").unwrap_or_default());
    let styles = rows.flat_map(|row| {
        let (open, line, close) = (row.get("open"), row.get("line"), row.get("close"));
        let keys: Vec<_> = row.list("extensions").chain(row.list("names")).collect();
        keys.into_iter().map(move |key| (key, Style { open, line, close }))
    });
    styles.collect()
});

/// First lines before which no comment may stand, by what they start with.
const FIRST_LINES: [&str; 8] = ["#!", "<?xml", "<?php", "<!doctype", "# -*-", "# coding", "@charset", "# syntax="];

/// The tags as an edit of the file or as a file beside it. `text` is none for a file that is not text.
pub fn tagged(path: &str, text: Option<&str>, tags: &[String], safe: bool) -> Result<Edit, FileChange> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let style = STYLES.get(name).or_else(|| STYLES.get(file_type::extension(path).as_str()));
    // Front matter has to stand first, and tags in it would be data.
    let in_file = text.zip(style).filter(|(text, _)| !text.starts_with("---") || !path.ends_with("md"));
    let Some((text, style)) = in_file else {
        let mut text = tags.join("\n");
        text.push('\n');
        return Err(FileChange::Create { uri: format!("{path}.license"), text, safe });
    };
    let first = text.lines().next().unwrap_or_default();
    let starts = |word: &&str| first.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let line = 1 + u32::from(FIRST_LINES.iter().any(starts));
    let mut comment = String::new();
    // A first line without a line break would run into the comment.
    if line == 2 && !text.contains('\n') {
        comment.push('\n');
    }
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
    let next = text.lines().nth(line as usize - 1).unwrap_or_default();
    if !next.trim().is_empty() {
        comment.push('\n');
    }
    let region = match line == 2 && !text.contains('\n') {
        true => Region { start_line: 1, start_column: end(first), end_line: 1, end_column: end(first) },
        false => Region::line(line),
    };
    Ok(Edit { uri: Some(path.to_owned()), region, text: comment, safe })
}

/// The column behind a line.
fn end(line: &str) -> u32 {
    u32::try_from(line.chars().count() + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_stand_where_the_language_allows_them() {
        let tags = ["T: a".to_owned(), "U: b".to_owned()];
        for (path, text, line, expected) in [
            ("a.py", "x = 1\n", 1, "# T: a\n# U: b\n\n"),
            ("a.py", "\nx = 1\n", 1, "# T: a\n# U: b\n"),
            ("bin/run.sh", "#!/bin/sh\necho\n", 2, "# T: a\n# U: b\n\n"),
            ("a.sh", "#!/bin/sh", 1, "\n# T: a\n# U: b\n"),
            ("a.css", "a {}\n", 1, "/*\n * T: a\n * U: b\n */\n\n"),
            ("a.xml", "<?xml version=\"1.0\"?>\n<a/>\n", 2, "<!--\nT: a\nU: b\n-->\n\n"),
            ("Dockerfile", "FROM x\n", 1, "# T: a\n# U: b\n\n"),
            ("a.php", "<?php\necho 1;\n", 2, "// T: a\n// U: b\n\n"),
        ] {
            let edit = tagged(path, Some(text), &tags, false).unwrap_or_else(|_| panic!("{path} has comments"));
            assert_eq!((edit.region.start_line, edit.text.as_str()), (line, expected), "{path}");
        }
        for (path, text) in [("a.json", Some("{}")), ("a.png", None), ("a.md", Some("---\ntitle: x\n---\n"))] {
            let beside =
                FileChange::Create { uri: format!("{path}.license"), text: "T: a\nU: b\n".to_owned(), safe: false };
            assert_eq!(tagged(path, text, &tags, false), Err(beside), "{path}");
        }
    }
}
