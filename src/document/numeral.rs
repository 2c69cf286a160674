//! Numbers as lists show them: letters and Roman numerals.

/// A number in one of the formats of ST_NumberFormat (ECMA-376 part 1, section 17.18.59); those that are not
/// known are shown as decimals.
pub(super) fn numeral(value: u32, format: &str) -> String {
    match format {
        "lowerLetter" => letters(value, 'a'),
        "upperLetter" => letters(value, 'A'),
        "lowerRoman" => roman(value).to_lowercase(),
        "upperRoman" => roman(value),
        "decimalZero" => format!("{value:02}"),
        "none" => String::new(),
        _ => value.to_string(),
    }
}

/// a … z, then aa, bb … as Word counts.
fn letters(value: u32, first: char) -> String {
    let Some(index) = value.checked_sub(1) else { return String::new() };
    let letter = char::from_u32(first as u32 + index % 26).unwrap_or(first);
    // The repeat is bounded: no list of people is numbered beyond this.
    std::iter::repeat_n(letter, (index / 26 + 1).min(30) as usize).collect()
}

fn roman(value: u32) -> String {
    const PARTS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if value > 3999 {
        return value.to_string();
    }
    let mut rest = value;
    let mut shown = String::new();
    for (part, numeral) in PARTS {
        while rest >= part {
            shown.push_str(numeral);
            rest -= part;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_count_as_word_does() {
        for (value, format, want) in [
            (28, "lowerLetter", "bb"),
            (3, "upperLetter", "C"),
            (14, "lowerRoman", "xiv"),
            (0, "lowerLetter", ""),
            (7, "decimalZero", "07"),
            (5000, "upperRoman", "5000"),
        ] {
            assert_eq!(numeral(value, format), want, "{value} {format}");
        }
    }
}
