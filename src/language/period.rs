//! Periods: "six (6) months", "48 Monate", "tweejarige" as a number of days, and the term of a contract.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use super::fold::{fold, fold_words};
use super::lexicon::cell;
use super::reading::Reading;
use crate::builtin;
use crate::lang::Lang;

/// Words of a number at most: "cuarenta y ocho".
const NUMBER_WORDS: usize = 3;

/// Digits of a number at most: more are a year's or a sum's.
const DIGITS: usize = 3;

/// Bytes between the words that announce the term of a contract and the term.
const NEAR: usize = 80;

/// A period that a text names.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// A month counts as 30.4375 days, a year as 365.25.
    pub days: f64,
    /// Bytes of the text.
    pub range: Range<usize>,
}

/// The words of a language, folded: rows of `rules/lexicon/periods.tsv`.
#[derive(Default)]
struct Words {
    numbers: HashMap<String, f64>,
    units: HashMap<String, f64>,
    /// Units that end a word which begins with its number.
    joined: Vec<(String, f64)>,
    between: Vec<String>,
}

fn words_of(lang: Lang) -> Option<&'static Words> {
    static WORDS: OnceLock<HashMap<&'static str, Words>> = OnceLock::new();
    let all = WORDS.get_or_init(|| {
        let mut all: HashMap<&'static str, Words> = HashMap::new();
        for row in builtin::rows(builtin::file("lexicon/periods.tsv").unwrap_or_default()) {
            let words = all.entry(row.get("lang")).or_default();
            let value: f64 = row.get("value").parse().unwrap_or_default();
            let folded = row.list("words").map(|word| fold_words(word).replace('-', " "));
            match row.get("kind") {
                "number" => words.numbers.extend(folded.map(|word| (word, value))),
                "unit" => words.units.extend(folded.map(|word| (word, value))),
                "joined" => words.joined.extend(folded.map(|word| (word, value))),
                _ => words.between.extend(folded),
            }
        }
        all
    });
    all.get(lang.as_str())
}

/// The periods that a text in a language names, in its order; none in a language without words for them.
pub fn periods(text: &str, lang: Lang) -> Vec<Period> {
    let Some(words) = words_of(lang) else { return Vec::new() };
    let folded = fold(text);
    let tokens = Tokens { text: &folded.text, at: tokens(&folded.text), words };
    let found = (0..tokens.at.len()).filter_map(|at| tokens.period(at));
    found
        .map(|(days, range)| Period { days, range: folded.original(range.start)..folded.original(range.end) })
        .collect()
}

/// The runs of letters and digits of a text, as byte ranges.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        match tokens.last_mut() {
            Some(last) if last.end == at => last.end += c.len_utf8(),
            _ => tokens.push(at..at + c.len_utf8()),
        }
    }
    tokens
}

/// A folded text by its words.
struct Tokens<'t> {
    text: &'t str,
    at: Vec<Range<usize>>,
    words: &'t Words,
}

impl Tokens<'_> {
    fn word(&self, token: usize) -> &str {
        &self.text[self.at[token].clone()]
    }

    /// The period whose unit is this token: its days and bytes.
    fn period(&self, token: usize) -> Option<(f64, Range<usize>)> {
        let word = self.word(token);
        let end = self.at[token].end;
        if let Some(unit) = self.words.units.get(word) {
            let last = self.before(token)?;
            let last = match self.words.between.iter().any(|between| between == self.word(last)) {
                true => self.before(last)?,
                false => last,
            };
            let (number, first) = self.number(last)?;
            return Some((number * unit, self.at[first].start..end));
        }
        let (start, unit) =
            self.words.joined.iter().find_map(|(ending, unit)| Some((word.strip_suffix(&**ending)?, unit)))?;
        let (number, first) = match start {
            "" => self.number(self.before(token)?)?,
            digits if digits.bytes().all(|b| b.is_ascii_digit()) => (digits.parse().ok()?, token),
            number => (*self.words.numbers.get(number)?, token),
        };
        Some((number * unit, self.at[first].start..end))
    }

    /// The token before one, where nothing but space, a hyphen, an apostrophe or parentheses stands between.
    fn before(&self, token: usize) -> Option<usize> {
        let before = token.checked_sub(1)?;
        let between = &self.text[self.at[before].end..self.at[token].start];
        between.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '(' | ')' | '\'' | '’')).then_some(before)
    }

    /// The number whose last word is this token, and its first token: "48", "forty-eight", "six (6)".
    fn number(&self, last: usize) -> Option<(f64, usize)> {
        if self.word(last).bytes().all(|b| b.is_ascii_digit()) {
            let start = self.at[last].start;
            let is_decimal = self.text[..start].ends_with(['.', ',']) && {
                let whole = self.text[..start - 1].chars().next_back();
                whole.is_some_and(|c| c.is_ascii_digit())
            };
            let number = self.word(last).parse().ok().filter(|_| !is_decimal && self.word(last).len() <= DIGITS)?;
            // The same number in words before it: "six (6)".
            let repeated = self.text[..start].ends_with('(').then(|| self.before(last)).flatten();
            let in_words = repeated.and_then(|before| self.in_words(before)).filter(|(words, _)| *words == number);
            return Some((number, in_words.map_or(last, |(_, first)| first)));
        }
        self.in_words(last)
    }

    fn in_words(&self, last: usize) -> Option<(f64, usize)> {
        (0..NUMBER_WORDS).rev().find_map(|more| {
            let first = last.checked_sub(more)?;
            let words: Vec<_> = (first..=last).map(|token| self.word(token)).collect();
            Some((*self.words.numbers.get(&words.join(" "))?, first))
        })
    }
}

/// How long the contract runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    pub days: f64,
    /// As the document or the notice says it: "48 months".
    pub words: String,
}

/// The longest term that the documents of a procurement tell; where none does, the longest of its notices.
pub fn term_of(readings: &[Reading<'_>]) -> Option<Term> {
    let told = readings.iter().flat_map(|reading| reading.terms.get_or_init(|| told_in(reading)));
    let in_texts = told.max_by(|a, b| a.days.total_cmp(&b.days)).cloned();
    let in_notices = readings.iter().filter_map(|reading| reading.notice?.longest_term());
    in_texts.or_else(|| in_notices.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(days, words)| Term { days, words }))
}

/// The terms that a document announces as those of the contract.
fn told_in(reading: &Reading<'_>) -> Vec<Term> {
    let Some(cell) = cell!("contract-term") else { return Vec::new() };
    let mut terms = Vec::new();
    for &block in reading.holding.phrases(cell, &(0..reading.blocks.len())) {
        let text = reading.text(block);
        for hit in reading.hits(block, Some(cell)) {
            let rest = &text[hit.end..reading.clause(block, hit.start).end.max(hit.end)];
            let next = periods(rest, reading.lang(block)).into_iter().next();
            terms.extend(next.filter(|next| next.range.start <= NEAR).map(|next| {
                let words = rest[next.range].to_owned();
                Term { days: next.days, words }
            }));
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{self, Format, Limits};
    use crate::language;

    fn told(lang: &str, text: &str) -> Vec<(f64, String)> {
        let periods = periods(text, lang.parse().unwrap());
        periods.into_iter().map(|period| (period.days, text[period.range].to_owned())).collect()
    }

    #[test]
    fn periods_are_read_in_figures_and_words() {
        for (lang, text, days, words) in [
            ("en", "on six (6) months’ notice", 182.625, "six (6) months"),
            ("en", "for thirty-six calendar months", 1095.75, "thirty-six calendar months"),
            ("en", "a 48-month term", 1461.0, "48-month"),
            ("fr", "pour une durée de quatre ans", 1461.0, "quatre ans"),
            ("fr", "un préavis de 3 mois", 91.3125, "3 mois"),
            ("de", "eine zweijährige Laufzeit", 730.5, "zweijährige"),
            ("de", "Frist von zwölf vollen Monaten", 365.25, "zwölf vollen Monaten"),
            ("nl", "een 4-jarige overeenkomst", 1461.0, "4-jarige"),
            ("nl", "48 maanden", 1461.0, "48 maanden"),
            ("da", "seks måneders varsel", 182.625, "seks måneders"),
            ("el", "προειδοποίηση έξι (6) μηνών", 182.625, "έξι (6) μηνών"),
            ("el", "σαράντα οκτώ μήνες", 1461.0, "σαράντα οκτώ μήνες"),
            ("it", "preavviso di sei mesi", 182.625, "sei mesi"),
            ("es", "duración de cuarenta y ocho meses", 1461.0, "cuarenta y ocho meses"),
            ("sv", "tre månaders uppsägningstid", 91.3125, "tre månaders"),
            ("fi", "kuuden kuukauden irtisanomisaika", 182.625, "kuuden kuukauden"),
        ] {
            let want = if words.is_empty() { vec![] } else { vec![(days, words.to_owned())] };
            assert_eq!(told(lang, text), want, "{lang}: {text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_period_is_none() {
        for (lang, text) in [
            ("en", "since 2024 years of work"),
            ("en", "within 1.5 years"),
            ("en", "in the year 12. Months later"),
            ("de", "im Jahr 2026"),
            ("pl", "48 miesięcy"),
        ] {
            assert_eq!(told(lang, text), [], "{lang}: {text}");
        }
    }

    #[test]
    fn the_term_is_the_longest_that_is_announced_as_one() {
        for (text, want) in [
            (
                "The warranty runs for 12 months.\n\nThe contract period is 4 years, with two options of 12 months.",
                Some((1461.0, "4 years")),
            ),
            ("Die Vertragslaufzeit beträgt 48 Monate.", Some((1461.0, "48 Monate"))),
            ("Le marché est conclu pour une durée de trois ans.", Some((1095.75, "trois ans"))),
            ("Answers are expected within 10 days.", None),
        ] {
            let document =
                document::read(text.as_bytes(), "text.txt", None, Format::PlainText, &Limits::default()).unwrap();
            let term = term_of(&[language::read(&document, None)]);
            assert_eq!(term, want.map(|(days, words)| Term { days, words: words.to_owned() }), "{text}");
        }
    }
}
