//! What the names of built-in paragraph styles say. Word and RTF store them in English in every language.

/// Styles that say what a paragraph is, other than a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StyleRole {
    Title,
    Contents,
    Caption,
    Code,
}

/// What a style's name says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub role: Option<StyleRole>,
    /// Outline level, 0-based.
    pub outline: Option<u8>,
}

/// What the name of a style says; nothing for one that an author made.
pub(super) fn named(name: &str) -> Named {
    let name = name.to_ascii_lowercase();
    let level = |prefix: &str| {
        name.strip_prefix(prefix)
            .and_then(|rest| rest.trim().parse::<u8>().ok())
            .filter(|level| (1..=9).contains(level))
    };
    if let Some(level) = level("heading ") {
        return Named { role: None, outline: Some(level - 1) };
    }
    let role = match name.as_str() {
        "title" => Some(StyleRole::Title),
        "caption" => Some(StyleRole::Caption),
        "html preformatted" | "plain text" | "source code" => Some(StyleRole::Code),
        "table of figures" | "toc heading" | "contents heading" => Some(StyleRole::Contents),
        // LibreOffice keeps its own name when it writes RTF.
        _ if level("toc ").or(level("contents ")).is_some() => Some(StyleRole::Contents),
        _ => None,
    };
    Named { role, outline: None }
}
