//! What stands before a heading or a list item: a number, a letter, a bullet.

use super::words::is_unreadable;

/// The marker at the start of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Marker {
    Bullet,
    /// `3.2`, `IV.`: parts between full stops.
    Number {
        label: String,
        parts: usize,
    },
    /// `a)`, `(2)`, `1)`.
    Item {
        label: String,
    },
}

/// The marker and what follows it; `None` where nothing follows or the line begins with words.
pub(super) fn marker(text: &str) -> Option<(Marker, &str)> {
    let (first, rest) = text.split_once(' ')?;
    let rest = rest.trim_start();
    if rest.is_empty() {
        return None;
    }
    if is_bullet(first) {
        return Some((Marker::Bullet, rest));
    }
    let first_letter = rest.chars().find(|char| !char.is_whitespace())?;
    let bare = first.trim_end_matches('.');
    let closed = bare.strip_suffix(')').map(|inner| inner.trim_start_matches('('));
    if let Some(inner) = closed {
        let short = inner.chars().count() <= 2 && inner.chars().all(char::is_alphanumeric) && !inner.is_empty();
        let roman = inner.len() <= 4 && !inner.is_empty() && inner.chars().all(|char| "ivx".contains(char));
        return (short || roman).then(|| (Marker::Item { label: first.to_owned() }, rest));
    }
    let parts: Vec<&str> = bare.split('.').collect();
    let decimal = parts.iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    if decimal && parts.len() <= 6 {
        // `12 months` is no number of a heading; `12. Months` and `1.2 Months` may be.
        let is_number = first.ends_with('.') || parts.len() > 1 || first_letter.is_uppercase();
        return is_number.then(|| (Marker::Number { label: bare.to_owned(), parts: parts.len() }, rest));
    }
    let lettered = parts.len() > 1
        && parts[0].len() == 1
        && parts[0].bytes().all(|b| b.is_ascii_uppercase())
        && parts[1..].iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    if lettered {
        return Some((Marker::Number { label: bare.to_owned(), parts: parts.len() }, rest));
    }
    if first.ends_with('.') {
        let roman = !bare.is_empty() && bare.len() <= 5 && bare.bytes().all(|b| b"IVX".contains(&b));
        let letter = bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_uppercase());
        if roman || letter {
            return Some((Marker::Number { label: bare.to_owned(), parts: 1 }, rest));
        }
        if bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_lowercase()) {
            return Some((Marker::Item { label: first.to_owned() }, rest));
        }
    }
    None
}

/// One sign that opens a list item: a bullet, a dash, a box, an arrow, or a glyph of a symbol font.
fn is_bullet(word: &str) -> bool {
    let mut chars = word.chars();
    let (Some(char), None) = (chars.next(), chars.next()) else { return false };
    is_unreadable(char)
        || matches!(
            char,
            '•' | '‣'
                | '⁃'
                | '·'
                | '∙'
                | '◦'
                | '●'
                | '○'
                | '■'
                | '□'
                | '▪'
                | '▫'
                | '◆'
                | '◇'
                | '❖'
                | '►'
                | '▶'
                | '➢'
                | '➤'
                | '➔'
                | '→'
                | '⇒'
                | '✓'
                | '✔'
                | '☐'
                | '☑'
                | '☒'
                | '✗'
                | '★'
                | '*'
                | '-'
                | '–'
                | '—'
                | '\u{2212}'
        )
        || char == 'o'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_told_from_words() {
        let number = |label: &str, parts| Some(Marker::Number { label: label.to_owned(), parts });
        let item = |label: &str| Some(Marker::Item { label: label.to_owned() });
        for (text, expected) in [
            ("3.2 Anforderungen", number("3.2", 2)),
            ("3.2. Anforderungen", number("3.2", 2)),
            ("4 Objet du marché", number("4", 1)),
            ("A.1 Scope", number("A.1", 2)),
            ("IV. Conditions", number("IV", 1)),
            ("12 months after", None),
            ("2025 Budget", None),
            ("a) the source code", item("a)")),
            ("(2) the licence", item("(2)")),
            ("iii) the exit plan", item("iii)")),
            ("• open formats", Some(Marker::Bullet)),
            ("- open formats", Some(Marker::Bullet)),
            ("-", None),
            ("Le titulaire", None),
        ] {
            assert_eq!(marker(text).map(|(marker, _)| marker), expected, "{text}");
        }
    }
}
