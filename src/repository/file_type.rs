//! What kind of file an extension names (`rules/knowledge/file-types.tsv`).

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::builtin;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Code,
    Markup,
    Style,
    Template,
    Config,
    Data,
    Prose,
    Image,
    Media,
    Font,
    Office,
    Design,
    Geodata,
    /// A format that no supported program plays any more.
    Dead,
    Binary,
    Archive,
}

impl FileKind {
    /// The kind of that name in the tables.
    pub fn from_name(name: &str) -> Option<FileKind> {
        Some(match name {
            "code" => FileKind::Code,
            "markup" => FileKind::Markup,
            "style" => FileKind::Style,
            "template" => FileKind::Template,
            "config" => FileKind::Config,
            "data" => FileKind::Data,
            "prose" => FileKind::Prose,
            "image" => FileKind::Image,
            "media" => FileKind::Media,
            "font" => FileKind::Font,
            "office" => FileKind::Office,
            "design" => FileKind::Design,
            "geodata" => FileKind::Geodata,
            "dead" => FileKind::Dead,
            "binary" => FileKind::Binary,
            "archive" => FileKind::Archive,
            _ => return None,
        })
    }

    /// Whether files of this kind are text that people write.
    pub fn is_text(self) -> bool {
        matches!(
            self,
            FileKind::Code
                | FileKind::Markup
                | FileKind::Style
                | FileKind::Template
                | FileKind::Config
                | FileKind::Data
                | FileKind::Prose
        )
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct FileType {
    pub name: &'static str,
    pub kind: FileKind,
    /// `open`, `closed`, `ooxml`, `documented`, or empty.
    pub openness: &'static str,
    /// EuroCommons domain of a closed format.
    pub domain: &'static str,
    /// What to use instead of a closed format.
    pub instead: &'static str,
}

static TYPES: LazyLock<HashMap<&'static str, FileType>> = LazyLock::new(|| {
    let mut types = HashMap::new();
    for row in builtin::rows(builtin::file("knowledge/file-types.tsv").unwrap_or_default()) {
        if let Some(kind) = FileKind::from_name(row.get("kind")) {
            let (openness, domain, instead) = (row.get("openness"), row.get("domain"), row.get("instead"));
            let file_type = FileType { name: row.get("type"), kind, openness, domain, instead };
            types.extend(row.list("extensions").map(|extension| (extension, file_type)));
        }
    }
    types
});

/// The lower-case extension of a path; empty where it has none.
pub fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .filter(|(stem, _)| !stem.is_empty())
        .map(|(_, end)| end.to_ascii_lowercase())
        .unwrap_or_default()
}

/// The type of a file by its last two extensions, else by the last.
pub fn of(path: &str) -> Option<FileType> {
    let last = extension(path);
    let stem = path.get(..path.len().saturating_sub(last.len() + 1)).filter(|_| !last.is_empty());
    let both = stem.map(|stem| format!("{}.{last}", extension(stem)));
    both.and_then(|both| TYPES.get(both.as_str())).or_else(|| TYPES.get(last.as_str())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_kind() {
        for row in builtin::rows(builtin::file("knowledge/file-types.tsv").unwrap_or_default()) {
            assert!(FileKind::from_name(row.get("kind")).is_some(), "{}", row.get("type"));
        }
        assert_eq!(of("a/b.PSD").map(|t| t.kind), Some(FileKind::Design));
        for (path, expected) in [("a/index.html.md.erb", FileKind::Prose), ("a.html.erb", FileKind::Template)] {
            assert_eq!(of(path).map(|t| t.kind), Some(expected), "{path}");
        }
        assert!(of(".gitignore").is_none() && of("a.b/Makefile").is_none());
    }
}
