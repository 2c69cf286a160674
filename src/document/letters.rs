//! The letters of a paragraph by how they look and by the language that they declare.

use crate::lang::Lang;

/// Counts of the letters and digits of one paragraph.
#[derive(Debug, Default)]
pub(super) struct Letters {
    pub all: u32,
    pub bold: u32,
    languages: Vec<(Lang, u32)>,
}

impl Letters {
    /// Counts the letters of a run; gives whether there were any.
    pub fn count(&mut self, text: &str, bold: bool, language: Option<Lang>) -> bool {
        let letters = u32::try_from(text.chars().filter(|c| c.is_alphanumeric()).count()).unwrap_or(u32::MAX);
        if letters == 0 {
            return false;
        }
        self.all = self.all.saturating_add(letters);
        if bold {
            self.bold = self.bold.saturating_add(letters);
        }
        if let Some(language) = language {
            match self.languages.iter_mut().find(|(known, _)| *known == language) {
                Some((_, count)) => *count = count.saturating_add(letters),
                None => self.languages.push((language, letters)),
            }
        }
        true
    }

    /// Adds those of another paragraph of the same cell, without their languages.
    pub fn add(&mut self, other: &Letters) {
        self.all = self.all.saturating_add(other.all);
        self.bold = self.bold.saturating_add(other.bold);
    }

    /// Whether there are letters and all of them are bold.
    pub fn are_bold(&self) -> bool {
        self.all > 0 && self.bold == self.all
    }

    /// The language that nine letters of ten declare.
    pub fn language(&self) -> Option<Lang> {
        let (language, count) = self.languages.iter().max_by_key(|(_, count)| *count)?;
        (u64::from(*count) * 10 >= u64::from(self.all) * 9).then_some(*language)
    }
}
