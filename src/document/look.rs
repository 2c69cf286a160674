//! Headings without a heading style: short lines that are bold throughout.
//!
//! Many real tenders number and embolden their headings by hand. A numbered one has the level of its number;
//! one without a number stands below the last heading that is styled or numbered.

use super::compose::{Composer, HEADING_BYTES};

/// More words than this make no heading out of a bold line.
const HEADING_WORDS: usize = 18;

/// The headings so far, as far as the level of the next bold line depends on them.
#[derive(Debug, Default)]
pub(super) struct Headings {
    /// Level of the last heading that is styled or numbered.
    firm_level: u8,
}

impl Headings {
    /// A heading with a style was read.
    pub fn styled(&mut self, level: u8) {
        self.firm_level = level;
    }

    /// The level of a bold line, 1 to 9, if it is short and open-ended enough to be a heading. `number` is
    /// its number as shown.
    pub fn level_of_bold_line(&mut self, text: &str, number: Option<&str>, composer: &Composer) -> Option<u8> {
        if composer.in_table() || !is_short(text, number.is_some()) {
            return None;
        }
        let level = match number {
            Some(number) => self.numbered_level(number, composer),
            None => self.firm_level + 1,
        };
        let level = level.clamp(1, 9);
        if number.is_some() {
            self.firm_level = level;
        }
        Some(level)
    }

    /// From the number and the numbered heading that is open.
    fn numbered_level(&self, number: &str, composer: &Composer) -> u8 {
        let parts = parts_of(number);
        match composer.numbered_heading() {
            Some((level, open)) => (level + parts).saturating_sub(parts_of(open)).max(1),
            None => self.firm_level + parts,
        }
    }
}

/// How many parts a number has: `3.2` has two.
fn parts_of(number: &str) -> u8 {
    let parts = number.split('.').filter(|part| !part.trim().is_empty()).count();
    u8::try_from(parts.clamp(1, 9)).unwrap_or(9)
}

fn is_short(text: &str, numbered: bool) -> bool {
    text.len() <= HEADING_BYTES
        && text.split(' ').count() <= HEADING_WORDS
        && !text.ends_with(['.', ';', ',', '!'])
        && (numbered || !text.ends_with(':'))
        && text.chars().any(char::is_alphabetic)
}
