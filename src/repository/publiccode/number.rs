//! Numbers where text is meant, as the reference parser reads and prints them.
//!
//! Its YAML library takes more for numbers than YAML 1.2 does (a leading `0` for octal, `_` between digits) and
//! less (`1e3` is text), and a number in the place of a text is printed anew: `1.10` becomes `1.1`.

use crate::repository::yaml::{Node, Value};

/// The text that the reference parser makes of a scalar; empty for null.
pub(super) fn as_text(value: Node<'_>) -> String {
    match value.value() {
        None | Some(Value::Null) => String::new(),
        Some(Value::Bool(truth)) => truth.to_string(),
        Some(Value::Integer(text) | Value::Float(text) | Value::Text(text)) => {
            reprinted(value).unwrap_or_else(|| text.to_owned())
        }
    }
}

/// The number that a plain scalar is, printed anew; `None` where it is text.
pub(super) fn reprinted(value: Node<'_>) -> Option<String> {
    let text = value.text().filter(|_| value.is_plain() && value.tag().is_none())?;
    if text.is_empty() || text.starts_with('_') {
        return None;
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let (sign, unsigned) = unsigned.strip_prefix('-').map_or(("", unsigned), |rest| ("-", rest));
    let digits = unsigned.replace('_', "");
    match text.matches('.').count() {
        0 => {}
        1 => {
            let looks_like_one = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
            let number: f64 = format!("{sign}{digits}").parse().ok().filter(|_| looks_like_one)?;
            return number.is_finite().then(|| number.to_string());
        }
        _ => return None,
    }
    let (digits, base) = if let Some(digits) = digits.strip_prefix("0x") {
        (digits, 16)
    } else if let Some(digits) = digits.strip_prefix("0o") {
        (digits, 8)
    } else if let Some(digits) = digits.strip_prefix("0b") {
        (digits, 2)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (digits.as_str(), 8)
    } else {
        (digits.as_str(), 10)
    };
    // Beyond 64 bits it is text again.
    let number = u64::from_str_radix(digits, base).ok().filter(|_| !digits.starts_with('+'))?;
    match sign {
        "" => Some(number.to_string()),
        _ => 0i64.checked_sub_unsigned(number).map(|number| number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::yaml::Yaml;

    #[test]
    fn numbers_are_printed_anew() {
        for (written, read) in [
            ("1.10", "1.1"),
            ("1.0", "1"),
            ("1.0.0", "1.0.0"),
            ("017", "15"),
            ("0123456789", "0123456789"),
            ("+32255555555", "32255555555"),
            ("-7", "-7"),
            ("1_000", "1000"),
            ("0x1f", "31"),
            ("1e3", "1e3"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("'1.10'", "1.10"),
            ("v1.0", "v1.0"),
            ("TRUE", "true"),
            ("~", ""),
            (".inf", ".inf"),
        ] {
            assert_eq!(as_text(Yaml::parse(written).unwrap().root().unwrap()), read, "{written}");
        }
    }
}
