//! What the place of a block tells: the section it stands in, and the number it begins with.

use super::clause::ARTICLE;
use super::lexicon::{Cell, cell};
use super::reading::Reading;
use super::role::Role;
use crate::document::BlockKind;

/// Section roles by the lexicon cell of the heading that gives them.
fn sections() -> [(Option<Cell>, Role); 9] {
    [
        (cell!("heading-existing"), Role::Background),
        (cell!("heading-selection"), Role::Bidder),
        (cell!("heading-procedure"), Role::Background),
        (cell!("heading-award"), Role::Criterion),
        (cell!("heading-contact"), Role::Structural),
        (cell!("heading-interface"), Role::Interface),
        (cell!("heading-requirements"), Role::Requirement),
        (cell!("heading-object"), Role::Object),
        (cell!("heading-context"), Role::Background),
    ]
}

/// Letters before the number of a requirement, and bytes of the number: `MON-06`.
const PREFIX: usize = 6;

/// Whether a text begins with what numbers requirements: `K-03`, `RF-04.`, `5.2`, `(4)`, `E13:`.
pub fn begins_with_number(text: &str) -> bool {
    let Some(token) = text.split_whitespace().next().filter(|token| token.len() < text.len()) else { return false };
    let token = token.trim_matches(['(', ')', '.', ':', '[', ']']);
    let letters = token.chars().take_while(|c| c.is_uppercase()).count();
    let rest: String = token.chars().skip(letters).collect();
    letters <= PREFIX
        && rest.ends_with(|c: char| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_digit() || ['.', '-', '_'].contains(&c))
        && rest.len() <= PREFIX
}

/// The section in which a block stands, as its heading tells it.
#[derive(Clone, Copy)]
pub struct Section {
    pub role: Role,
    heading: usize,
    /// The heading of a lot tells it by its text alone.
    is_lot: bool,
}

impl Section {
    /// The heading that gives the role.
    pub fn words(self, reading: &Reading<'_>) -> String {
        let text = reading.text(self.heading);
        let number = &reading.document.blocks[self.heading].anchor.number;
        match number.as_deref().filter(|_| !self.is_lot) {
            Some(number) => format!("{number} {text}").trim().to_owned(),
            None if self.is_lot => text.to_owned(),
            None => text.trim().to_owned(),
        }
    }
}

/// The section in which a block stands; `None` where no heading gives it a role.
pub fn section(reading: &Reading<'_>, block: usize) -> Option<Section> {
    let own = matches!(reading.document.blocks[block].kind, BlockKind::Heading { .. }).then_some(block);
    for heading in own.into_iter().chain(reading.document.headings(block)) {
        for (cell, role) in sections() {
            if cell.is_some_and(|cell| reading.has(heading, cell)) {
                return Some(Section { role, heading, is_lot: false });
            }
        }
    }
    // What stands under the heading of a lot is bought in it.
    let heading = reading.document.headings(block).find(|heading| begins_with_lot(reading, *heading))?;
    Some(Section { role: Role::Requirement, heading, is_lot: true })
}

/// Whether a heading names a lot: "Lot 2: X", "B. Lot 1 – X".
pub fn begins_with_lot(reading: &Reading<'_>, heading: usize) -> bool {
    let text = reading.text(heading);
    reading.hits(heading, cell!("lot")).any(|lot| {
        let number = text[lot.end..].trim_start().chars().next();
        lot.start <= ARTICLE && number.is_some_and(|c| c.is_alphanumeric())
    })
}
