//! What a scalar means: the core schema of YAML 1.2.2 (§ 10.3.2).

/// A scalar's value. Numbers stay text: whoever needs one parses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'y> {
    Null,
    Bool(bool),
    /// `12`, `-3`, `0o17`, `0xff`.
    Integer(&'y str),
    /// `1.5`, `2e3`, `.inf`, `.nan`.
    Float(&'y str),
    Text(&'y str),
}

/// Resolves a scalar. Quoted and block scalars are text; a tag of the core schema wins over the form, any
/// other tag makes text.
pub(super) fn value<'y>(text: &'y str, plain: bool, tag: Option<&str>) -> Value<'y> {
    match tag.map(|tag| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or("str")) {
        None if plain => by_form(text),
        Some("int" | "float" | "bool" | "null") => by_form(text),
        _ => Value::Text(text),
    }
}

fn by_form(text: &str) -> Value<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Value::Float(text),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || is_float(unsigned) {
        Value::Float(text)
    } else if is_integer(text, unsigned) {
        Value::Integer(text)
    } else {
        Value::Text(text)
    }
}

fn is_integer(text: &str, unsigned: &str) -> bool {
    let digits = |rest: &str, is_digit: fn(u8) -> bool| !rest.is_empty() && rest.bytes().all(is_digit);
    digits(unsigned, |b| b.is_ascii_digit())
        || text.strip_prefix("0o").is_some_and(|rest| digits(rest, |b| (b'0'..=b'7').contains(&b)))
        || text.strip_prefix("0x").is_some_and(|rest| digits(rest, |b| b.is_ascii_hexdigit()))
}

/// `[0-9]+ . [0-9]*` or `. [0-9]+`, with an exponent; without a point only with an exponent.
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty()),
        None => exponent.is_some() && !mantissa.is_empty() && digits(mantissa),
    };
    exponent_fits && mantissa_fits
}
