//! YAML files that the user writes (rules, policy, waivers), read into types, with errors that point at the
//! place.
//!
//! Unknown keys and wrong values are errors; the message says what is allowed there.

use std::path::Path;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use serde::de::DeserializeOwned;

/// Why a file that the user wrote can't be used: what is wrong, where, and what would be right.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct FileError {
    /// The file as the user named it.
    pub file: String,
    /// 1-based; 1:1 where the file as a whole is meant.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Boxed to keep `Result`s small.
    source_text: Box<NamedSource<String>>,
    /// Byte offset of the place in the text.
    offset: usize,
}

impl FileError {
    /// An error at a byte offset of the text.
    pub fn at(file: &str, text: &str, offset: usize, message: impl Into<String>, help: Option<String>) -> FileError {
        let offset = (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        FileError {
            file: file.to_owned(),
            line: before.matches('\n').count() as u32 + 1,
            column: before[line_start..].chars().count() as u32 + 1,
            message: shown(&message.into()),
            help,
            source_text: Box::new(NamedSource::new(file, shown(text)).with_language("yaml")),
            offset,
        }
    }

    /// An error at the first place where `needle` stands in the text (a value, a key); at the start of the
    /// file where it does not.
    pub fn at_text(
        file: &str,
        text: &str,
        needle: &str,
        message: impl Into<String>,
        help: Option<String>,
    ) -> FileError {
        FileError::at(file, text, text.find(needle).unwrap_or(0), message, help)
    }

    /// The file can't be read at all.
    pub fn unreadable(file: &Path, error: &std::io::Error) -> FileError {
        let help = "check the path and the right to read it".to_owned();
        FileError::at(&file.display().to_string(), "", 0, format!("can't be read: {error}"), Some(help))
    }
}

impl Diagnostic for FileError {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.source_text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let text = self.source_text.inner();
        let length = text[self.offset..].find(|c: char| c.is_whitespace() || c == ':').unwrap_or(0);
        Some(Box::new(std::iter::once(LabeledSpan::new(Some("here".to_owned()), self.offset, length))))
    }
}

/// The text with a `?` a byte in place of what a terminal would obey, so that offsets stay.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && !matches!(c, '\n' | '\r' | '\t') {
            out.extend(std::iter::repeat_n('?', c.len_utf8()));
        } else {
            out.push(c);
        }
    }
    out
}

/// Reads a YAML text into a type. `file` is only named in errors.
pub fn from_str<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, FileError> {
    serde_yaml::from_str(text).map_err(|error| {
        let offset = error.location().map_or(0, |place| offset_of(text, place.line(), place.column()));
        let plain = error.without_snippet().to_string();
        let mut message = plain.split(" at line ").next().unwrap_or(&plain).trim_start_matches("error: ").to_owned();
        if message.starts_with("invalid ") {
            let found = text[offset..].split(['\n', ',']).next().unwrap_or_default().trim();
            message = format!("{message}, found `{found}`");
        }
        FileError::at(file, text, offset, message, None)
    })
}

/// Reads a YAML file into a type.
pub fn from_file<T: DeserializeOwned>(file: &Path) -> Result<T, FileError> {
    let text = std::fs::read_to_string(file).map_err(|error| FileError::unreadable(file, &error))?;
    from_str(&text, &file.display().to_string())
}

/// Byte offset of a 1-based line and column (in characters).
fn offset_of(text: &str, line: u64, column: u64) -> usize {
    let line_start = match line {
        0 | 1 => 0,
        _ => text.match_indices('\n').nth(line as usize - 2).map_or(text.len(), |(at, _)| at + 1),
    };
    let rest = &text[line_start..];
    line_start + rest.char_indices().nth(column.saturating_sub(1) as usize).map_or(rest.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Sample {
        id: String,
        #[serde(default)]
        level: Option<Level>,
        #[serde(default)]
        count: u32,
    }

    #[track_caller]
    fn check(text: &str, place: (u32, u32), says: &str) {
        let error = from_str::<Sample>(text, "sample.yaml").expect_err("the sample is wrong");
        assert_eq!((error.line, error.column), place, "{error}");
        assert!(error.message.contains(says), "{error}");
    }

    #[test]
    fn wrong_files_are_refused_with_the_place() {
        check("id: a\nlevl: note\n", (2, 1), "unknown field `levl`, expected one of");
        check("id: a\nlevel: grave\n", (2, 8), "expected one of");
        check("id: a\ncount: many\n", (2, 8), "many");
        check("id: a\nid: b\n", (2, 1), "duplicate");
        check("level: note\n", (1, 1), "missing field `id`");
        check("id: [a\n", (1, 5), "expected string");
    }

    #[test]
    fn what_a_terminal_obeys_is_not_shown() {
        let error = FileError::at("f", "a: \u{1b}[2J\u{9b}x", 3, "found `\u{1b}[2J`", None);
        assert_eq!((error.source_text.inner().as_str(), error.message.as_str()), ("a: ?[2J??x", "found `?[2J`"));
    }
}
