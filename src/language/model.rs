//! Models: what a maker's name with a figure behind it names. "Zebra TC52" and "HP LaserJet Pro 4002dn" are
//! products though no table can list every model; "HP, 24 units" and "Canon A4" are none.
//!
//! Which figures tell a unit, a size or a standard instead of a model is data (`no-models.tsv`).

use std::collections::HashSet;
use std::sync::OnceLock;

use regex::Regex;

use crate::builtin;

/// The end of the model that stands behind a maker's name ending at `at`; `None` where none does.
///
/// Up to three capitalised words of a series may stand between. A model holds letters and figures, or, behind a
/// series, figures alone that are no year and count nothing.
pub fn behind(text: &str, at: usize) -> Option<usize> {
    static SHAPE: OnceLock<Option<Regex>> = OnceLock::new();
    const SHAPE_OF_MODEL: &str = r"(?x)^
        (?P<series>(?:[\x20\u{a0}-](?:\p{Lu}[\p{L}]*|\p{Ll}{1,8}\p{Lu}[\p{L}]*)){0,3}?)
        [\x20\u{a0}-](?P<figure>[\p{L}]*(?:[\p{L}]-)?\d[\p{L}\d]*(?:[-/+.][\p{L}\d]+)*)";
    let shape = SHAPE.get_or_init(|| Regex::new(SHAPE_OF_MODEL).ok());
    let found = shape.as_ref()?.captures(&text[at..])?;
    let (series, figure) = (found.name("series")?, found.name("figure")?);
    let word = figure.as_str();
    let letters = word.chars().any(char::is_alphabetic);
    let end = at + figure.end();
    let is_model = match letters {
        true => word.chars().any(char::is_uppercase) || !series.is_empty(),
        false => !series.is_empty() && !is_year(word) && !counts(&text[end..], word),
    };
    (is_model && !is_measure(word)).then_some(end)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
}

/// Whether a figure counts what stands behind it: "24 ports", "5 years". Three figures and more are taken for a
/// model.
fn counts(after: &str, word: &str) -> bool {
    let next = after.trim_start_matches([' ', '\u{a0}']);
    word.len() < 2 || (word.len() < 3 && next.len() < after.len() && next.starts_with(char::is_alphabetic))
}

/// Whether a word of letters and figures tells a unit, a size or a standard.
fn is_measure(word: &str) -> bool {
    static WORDS: OnceLock<(HashSet<&'static str>, HashSet<&'static str>)> = OnceLock::new();
    let (behind, before) = WORDS.get_or_init(|| {
        let rows = || builtin::rows(builtin::file("lexicon/no-models.tsv").unwrap_or_default());
        let of = |kind: &'static str| {
            rows().filter(move |row| row.get("kind") == kind).flat_map(|row| row.list("words").collect::<Vec<_>>())
        };
        (of("behind figures").collect(), of("before figures").collect())
    });
    let figures = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '/');
    let (tail, head) = (word.trim_start_matches(figures), word.trim_end_matches(figures));
    // One letter is a size or a version with one figure (A4), a model with more (M404).
    let long_enough = head.len() > 1 || word.len() == 2;
    (tail.len() < word.len() && behind.contains(tail))
        || (head.len() < word.len() && long_enough && before.contains(head))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands behind the first word of the text.
    fn model(text: &str) -> &str {
        let at = text.find([' ', '-']).unwrap_or(text.len());
        &text[at..behind(text, at).unwrap_or(at)]
    }

    #[test]
    fn a_figure_behind_a_maker_is_a_model() {
        assert_eq!(model("Zebra TC53e, 5G"), " TC53e");
        assert_eq!(model("HP LaserJet Pro 4002dn or better"), " LaserJet Pro 4002dn");
        assert_eq!(model("Bibliotheca selfCheck 500."), " selfCheck 500");
        assert_eq!(model("Wacom STU-430"), " STU-430");
        assert_eq!(model("Cisco C9300-48P-E, 48 Port"), " C9300-48P-E");
        assert_eq!(model("Datalogic Memor 11 "), " Memor 11");
        assert_eq!(model("Kodak-S3100f"), "-S3100f");
    }

    #[test]
    fn units_sizes_years_and_counts_are_no_models() {
        for text in [
            "HP 24 units",
            "HP Displays 24 units",
            "Canon A4",
            "Dell 16GB",
            "Zebra IP67",
            "Epson Forum 2024",
            "HP",
            "Sharp 4K",
            "Lenovo and X1",
        ] {
            assert_eq!(model(text), "", "{text}");
        }
    }
}
