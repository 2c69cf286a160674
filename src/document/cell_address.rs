//! Addresses of spreadsheet cells: `C12`.

/// The letters of a column, 1-based: 1 is `A`, 27 is `AA`.
pub(super) fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Column and row of an address, 1-based; `None` where it is none. `$` signs are passed over.
pub(super) fn parse(address: &str) -> Option<(u32, u32)> {
    let bare: String = address.chars().filter(|c| *c != '$').collect();
    let digits = bare.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = bare.split_at(digits);
    if letters.is_empty() || letters.len() > 4 {
        return None;
    }
    let mut column: u32 = 0;
    for letter in letters.bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        column = column * 26 + u32::from(letter.to_ascii_uppercase() - b'A' + 1);
    }
    Some((column, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        for (column, name) in [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")] {
            assert_eq!(column_name(column), name);
            assert_eq!(parse(&format!("${name}$7")), Some((column, 7)));
        }
        for wrong in ["7", "A", "ABCDE1", "é1"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
