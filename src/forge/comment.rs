//! The one comment that acquis keeps up to date on a pull request or merge request.

/// First line of the comment, invisible to readers: by it the comment is found again.
const MARK: &str = "<!-- acquis -->\n";

/// Bytes of a comment; GitHub takes 65,536 characters, GitLab more.
const MOST_BYTES: usize = 60_000;

/// The body of a comment with this report, cut at a line where it is too long.
pub fn body_of(markdown: &str) -> String {
    let end = markdown.floor_char_boundary(MOST_BYTES);
    if end == markdown.len() {
        return format!("{MARK}{markdown}");
    }
    let kept = &markdown[..end];
    let kept = kept.rfind('\n').map_or(kept, |line| &kept[..line]);
    format!("{MARK}{kept}\n\n…\n")
}

/// Whether acquis has written this body. Who has written it must be looked at, too: everybody can copy it.
pub fn is_ours(body: &str) -> bool {
    // Forges may turn line ends round.
    body.starts_with(MARK.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_report_is_cut_at_a_line() {
        let body = body_of(&"äöü line\n".repeat(10_000));
        assert!(body.len() < 65_536 && body.ends_with("äöü line\n\n…\n"));
        assert!(is_ours(&body));
        assert!(!is_ours("> <!-- acquis -->"));
        assert_eq!(body_of("## acquis\n"), "<!-- acquis -->\n## acquis\n");
    }
}
