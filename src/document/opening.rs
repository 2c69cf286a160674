//! The title of a document whose styles name none.

use super::compose::Composer;
use super::line::Line;
use super::model::BlockKind;

/// Paragraphs at the beginning among which the title is looked for.
const TITLE_PARAGRAPHS: usize = 30;
/// How much larger than the text around it a title is set, in half points.
const TITLE_STEP: u32 = 6;

/// The first paragraphs of a document.
#[derive(Debug, Default)]
pub(super) struct Opening(Vec<Paragraph>);

#[derive(Debug)]
struct Paragraph {
    block: usize,
    /// In half points; 0 where it is not known.
    size: u32,
    /// A heading by its look alone.
    by_look: bool,
}

impl Opening {
    /// Takes in the paragraph that was pushed last.
    pub fn push(&mut self, block: usize, size: u32, by_look: bool) {
        if self.0.len() < TITLE_PARAGRAPHS {
            self.0.push(Paragraph { block, size, by_look });
        }
    }

    /// Makes a title of the paragraph that the file's properties call so, or else of the largest before the
    /// first styled heading where it stands out from text of size `plain`.
    pub fn find_title(&self, properties: Option<&str>, plain: u32, composer: &mut Composer) {
        let mut wanted = Line::default();
        wanted.push(properties.unwrap_or_default());
        let wanted = wanted.text().to_lowercase();
        let blocks = composer.blocks();
        let by_properties = self
            .0
            .iter()
            .find(|own| !wanted.is_empty() && blocks.get(own.block).is_some_and(|b| b.text.to_lowercase() == wanted));
        let by_size = || {
            let before_first_heading = self.0.iter().take_while(|own| {
                let is_heading = blocks.get(own.block).is_some_and(|b| matches!(b.kind, BlockKind::Heading { .. }));
                own.by_look || !is_heading
            });
            let largest = before_first_heading.max_by_key(|own| (own.size, std::cmp::Reverse(own.block)));
            largest.filter(|own| own.size >= plain + TITLE_STEP)
        };
        let Some(title) = by_properties.or_else(by_size).map(|own| own.block) else { return };
        let Some(block) = blocks.get(title) else { return };
        if matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading { .. }) && block.anchor.number.is_none() {
            composer.make_title(title);
        }
    }
}
