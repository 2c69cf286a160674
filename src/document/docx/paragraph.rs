//! What a Word paragraph is: title, heading, list item, caption, code or plain text.

use super::super::compose::Composer;
use super::super::letters::Letters;
use super::super::line::Line;
use super::super::look::Headings;
use super::super::marker::{self, Marker};
use super::super::model::{Anchor, BlockKind};
use super::super::style_role::StyleRole;
use super::Parts;
use super::numbering::{Counters, Number};
use super::styles::{RunLook, Style};

/// A styled heading longer than this (bytes) is a numbered clause that someone styled as a heading.
const CLAUSE_BYTES: usize = 240;

/// A paragraph while it is read.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub line: Line,
    pub style: Option<String>,
    pub list: Option<String>,
    pub list_level: Option<u8>,
    /// Outline level set on the paragraph itself, 0-based.
    pub outline: Option<u8>,
    /// The paragraph's end is deleted: it goes on in the next one.
    pub joined_to_next: bool,
    pub letters: Letters,
    /// Largest size in half points.
    pub size: u32,
    pub footnotes: Vec<String>,
    pub endnotes: Vec<String>,
    pub comments: Vec<String>,
    /// Paragraphs of text boxes that are anchored here.
    pub boxes: Vec<Line>,
}

impl Paragraph {
    /// Counts the letters of a run by how it looks.
    pub fn count(&mut self, text: &str, look: &RunLook) {
        if self.letters.count(text, look.bold == Some(true), look.language) {
            self.size = self.size.max(look.size.unwrap_or(0));
        }
    }
}

/// What is remembered from one paragraph to the next.
#[derive(Debug, Default)]
pub(super) struct Trail {
    pub counters: Counters,
    /// The list of the last item.
    last_list: Option<String>,
    headings: Headings,
}

/// A paragraph's kind with its number, its text cut of a typed number.
#[derive(Debug)]
pub(super) struct Judged {
    pub kind: BlockKind,
    pub number: Option<String>,
    pub line: Line,
    /// An item that goes on with the list before.
    pub goes_on: bool,
    /// A heading without a style.
    pub by_look: bool,
}

impl Trail {
    /// Says what a paragraph of the body is, and counts its list up.
    pub fn judge(&mut self, paragraph: &mut Paragraph, parts: &Parts, composer: &Composer) -> Judged {
        let style = parts.styles.paragraph(paragraph.style.as_deref());
        let number = self.count_list(paragraph, style, parts);
        let line = std::mem::take(&mut paragraph.line);
        let mut judged = Judged { kind: BlockKind::Paragraph, number: None, line, goes_on: false, by_look: false };
        if judged.line.is_empty() {
            return judged;
        }
        let role = style.and_then(|style| style.role);
        let outline = paragraph.outline.or(style.and_then(|style| style.outline)).filter(|level| *level < 9);
        match (role, outline) {
            (Some(StyleRole::Contents), _) => {}
            (Some(StyleRole::Title), _) => judged.kind = BlockKind::Title,
            (Some(StyleRole::Caption), _) => judged.kind = BlockKind::Caption,
            (_, Some(level)) if judged.line.text().len() <= CLAUSE_BYTES => {
                judged.kind = BlockKind::Heading { level: level + 1 };
                judged.number = number.and_then(|number| number.shown).or_else(|| marker::cut_number(&mut judged.line));
                self.headings.styled(level + 1);
            }
            (Some(StyleRole::Code), _) => judged.kind = BlockKind::Code,
            _ => self.judge_by_look(paragraph, number, &mut judged, composer),
        }
        judged
    }

    fn judge_by_look(
        &mut self,
        paragraph: &Paragraph,
        number: Option<Number>,
        judged: &mut Judged,
        composer: &Composer,
    ) {
        let typed = match &number {
            Some(_) => None,
            None => marker::marker(judged.line.text()),
        };
        let shown = match &number {
            Some(number) => number.shown.clone(),
            None => typed.as_ref().and_then(|m| m.number().map(str::to_owned)),
        };
        let is_bullet = shown.is_none() && (number.is_some() || typed.is_some());
        let level = match paragraph.letters.are_bold() && !is_bullet {
            true => self.headings.level_of_bold_line(judged.line.text(), shown.as_deref(), composer),
            false => None,
        };
        if let Some(level) = level {
            judged.by_look = true;
            judged.kind = BlockKind::Heading { level };
        } else if let Some(number) = &number {
            let depth = paragraph.list_level.unwrap_or(0).min(8);
            judged.kind = BlockKind::ListItem { depth };
            judged.goes_on = !number.first && self.last_list == paragraph.list;
            self.last_list.clone_from(&paragraph.list);
        } else if let Some(typed) = &typed {
            judged.kind = BlockKind::ListItem { depth: typed.parts().saturating_sub(1) };
        }
        judged.number = shown;
        if let Some(Marker { bytes, .. }) = typed {
            judged.line.cut_front(bytes);
        }
    }

    fn count_list(&mut self, paragraph: &mut Paragraph, style: Option<&Style>, parts: &Parts) -> Option<Number> {
        let own = paragraph.list.clone();
        let list = own.clone().or_else(|| style.and_then(|style| style.list.clone())).filter(|list| list != "0")?;
        let level = paragraph.list_level.or_else(|| match own {
            Some(_) => None,
            None => style
                .and_then(|style| style.list_level)
                .or_else(|| paragraph.style.as_deref().and_then(|id| parts.numbering.level_of_style(&list, id))),
        });
        paragraph.list_level = Some(level.unwrap_or(0));
        let number = parts.numbering.next(&mut self.counters, &list, level.unwrap_or(0));
        paragraph.list = Some(list);
        number
    }
}

/// Pushes the notes, comments and text boxes that are anchored in a paragraph.
pub(super) fn push_attached(paragraph: &mut Paragraph, parts: &Parts, composer: &mut Composer) {
    for line in std::mem::take(&mut paragraph.boxes) {
        composer.push(BlockKind::TextBox, line, Anchor::default());
    }
    let notes = [
        (&paragraph.footnotes, &parts.footnotes, BlockKind::Footnote),
        (&paragraph.endnotes, &parts.endnotes, BlockKind::Endnote),
        (&paragraph.comments, &parts.comments, BlockKind::Comment),
    ];
    for (ids, texts, kind) in notes {
        for line in ids.iter().filter_map(|id| texts.get(id)).flatten() {
            composer.push(kind, line.clone(), Anchor::default());
        }
    }
}
