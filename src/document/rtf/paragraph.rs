//! What an RTF paragraph is, and the blocks that tables and paragraphs become.

use std::collections::HashMap;

use super::super::compose::{CellShape, Composer};
use super::super::letters::Letters;
use super::super::line::Line;
use super::super::look::Headings;
use super::super::marker;
use super::super::model::{Anchor, BlockKind};
use super::super::opening::Opening;
use super::super::style_role::StyleRole;
use super::header::Header;
use super::table::{Piece, Row, columns_between, grid};

/// A styled heading longer than this (bytes) is a clause that someone styled as a heading.
const CLAUSE_BYTES: usize = 240;

/// A paragraph while it is read, and until its table is at its end.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub line: Line,
    pub letters: Letters,
    /// Largest size in half points.
    pub size: u32,
    pub look: ParagraphLook,
    /// The number or bullet of a list item, as the file shows it.
    pub marker: Option<String>,
    /// Notes, comments and text boxes that are anchored here.
    pub attached: Vec<(BlockKind, Line)>,
}

/// The properties of a paragraph.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ParagraphLook {
    pub style: i32,
    /// Outline level set on the paragraph itself, 0-based; 9 is body text.
    pub outline: Option<u8>,
    /// The list (`\ls`) and the level in it.
    pub list: i32,
    pub list_level: u8,
    /// Tables that the paragraph stands in.
    pub tables: usize,
}

/// Makes blocks of paragraphs and tables.
#[derive(Debug)]
pub(super) struct Flow<'c> {
    pub composer: &'c mut Composer,
    headings: Headings,
    opening: Opening,
    has_title: bool,
    /// The list of the last item.
    last_list: i32,
    /// The levels of each list that were begun.
    begun: HashMap<i32, [bool; 9]>,
}

/// A paragraph's kind with its number.
struct Judged {
    kind: BlockKind,
    number: Option<String>,
    /// An item that goes on with the list before.
    goes_on: bool,
    /// A heading without a style.
    by_look: bool,
}

impl<'c> Flow<'c> {
    pub fn new(composer: &'c mut Composer) -> Flow<'c> {
        Flow {
            composer,
            headings: Headings::default(),
            opening: Opening::default(),
            has_title: false,
            last_list: 0,
            begun: HashMap::new(),
        }
    }

    pub fn paragraph(&mut self, mut paragraph: Paragraph, header: &Header) {
        if !paragraph.line.is_empty() {
            let judged = self.judge(&mut paragraph, header);
            let anchor = Anchor { number: judged.number, ..Anchor::default() };
            let line = std::mem::take(&mut paragraph.line);
            let index = match judged.kind {
                // A second title is a heading that someone styled as a title.
                BlockKind::Title if self.has_title => self.composer.push(BlockKind::Heading { level: 1 }, line, anchor),
                BlockKind::ListItem { depth } if judged.goes_on => self.composer.push_next_item(depth, line, anchor),
                kind => self.composer.push(kind, line, anchor),
            };
            if let Some(index) = index {
                self.has_title |= judged.kind == BlockKind::Title;
                if !self.composer.in_table() {
                    self.opening.push(index, paragraph.size, judged.by_look);
                }
                if let Some(block) = self.composer.block_mut(index) {
                    block.language = paragraph.letters.language();
                }
            }
        }
        for (kind, line) in paragraph.attached {
            self.composer.push(kind, line, Anchor::default());
        }
    }

    fn judge(&mut self, paragraph: &mut Paragraph, header: &Header) -> Judged {
        let mut judged = Judged { kind: BlockKind::Paragraph, number: None, goes_on: false, by_look: false };
        let style = header.style(paragraph.look.style);
        let listed = paragraph.marker.take().map(|shown| number_of(&shown));
        let outline = paragraph.look.outline.or(style.outline).filter(|level| *level < 9);
        match (style.role, outline) {
            (Some(StyleRole::Contents), _) => {}
            (Some(StyleRole::Title), _) => judged.kind = BlockKind::Title,
            (Some(StyleRole::Caption), _) => judged.kind = BlockKind::Caption,
            (_, Some(level)) if paragraph.line.text().len() <= CLAUSE_BYTES => {
                judged.kind = BlockKind::Heading { level: level + 1 };
                judged.number = listed.flatten().or_else(|| marker::cut_number(&mut paragraph.line));
                self.headings.styled(level + 1);
            }
            (Some(StyleRole::Code), _) => judged.kind = BlockKind::Code,
            _ => self.judge_by_look(paragraph, listed, &mut judged),
        }
        judged
    }

    fn judge_by_look(&mut self, paragraph: &mut Paragraph, listed: Option<Option<String>>, judged: &mut Judged) {
        let typed = match &listed {
            Some(_) => None,
            None => marker::marker(paragraph.line.text()),
        };
        judged.number = match &listed {
            Some(number) => number.clone(),
            None => typed.as_ref().and_then(|found| found.number().map(str::to_owned)),
        };
        let is_bullet = judged.number.is_none() && (listed.is_some() || typed.is_some());
        let level = match paragraph.letters.are_bold() && !is_bullet {
            true => self.headings.level_of_bold_line(paragraph.line.text(), judged.number.as_deref(), self.composer),
            false => None,
        };
        if let Some(level) = level {
            judged.by_look = true;
            judged.kind = BlockKind::Heading { level };
        } else if listed.is_some() {
            judged.kind = BlockKind::ListItem { depth: paragraph.look.list_level.min(8) };
            judged.goes_on = self.count_list(paragraph.look);
        } else if let Some(typed) = &typed {
            judged.kind = BlockKind::ListItem { depth: typed.parts().saturating_sub(1) };
        }
        if let Some(typed) = typed {
            paragraph.line.cut_front(typed.bytes);
        }
    }

    /// Counts an item of a list and says whether the list goes on with it.
    fn count_list(&mut self, look: ParagraphLook) -> bool {
        let level = usize::from(look.list_level.min(8));
        let goes_on = match self.begun.len() < 10_000 || self.begun.contains_key(&look.list) {
            true => {
                let levels = self.begun.entry(look.list).or_default();
                let began = std::mem::replace(&mut levels[level], true);
                levels[level + 1..].fill(false);
                began
            }
            false => true,
        };
        std::mem::replace(&mut self.last_list, look.list) == look.list && goes_on
    }

    /// Composes a table that is at its end.
    pub fn table(&mut self, rows: Vec<Row>, header: &Header) {
        let grid = grid(&rows);
        self.composer.begin_table();
        for row in rows {
            if self.composer.bound().is_some() {
                break;
            }
            self.composer.begin_row();
            self.row(row, &grid, header);
        }
        self.composer.end_table();
    }

    fn row(&mut self, row: Row, grid: &[i32], header: &Header) {
        let definition = row.definition;
        let mut left = definition.left;
        if let (Some(edge), false) = (grid.first(), definition.cells.is_empty()) {
            self.composer.skip_columns(columns_between(grid, *edge, left));
        }
        let mut defined = definition.cells.iter().peekable();
        for pieces in row.cells {
            let cell = defined.next().copied();
            let mut columns = 1;
            if let Some(cell) = cell {
                // The cells that are joined to this one follow with cells of their own, which are empty.
                let joined = defined.clone().take_while(|next| next.continues_left).last();
                let edge = joined.map_or(cell.edge, |last| last.edge);
                columns = columns_between(grid, left, edge).max(1);
                if cell.continues_left {
                    // Its columns were counted with the first; text that stands here all the same is kept there.
                    self.pieces(pieces, header);
                    continue;
                }
                left = edge;
            }
            if cell.is_some_and(|cell| cell.continues_above) && pieces.iter().all(Piece::is_empty) {
                self.composer.continue_cell_above(columns);
                continue;
            }
            self.composer.begin_cell(CellShape { rows: 1, columns, head: definition.head });
            let mut letters = Letters::default();
            for piece in &pieces {
                if let Piece::Paragraph(paragraph) = piece {
                    letters.add(&paragraph.letters);
                }
            }
            if letters.are_bold() || cell.is_some_and(|cell| cell.shaded) {
                self.composer.cell_is_strong();
            }
            self.pieces(pieces, header);
        }
    }

    fn pieces(&mut self, pieces: Vec<Piece>, header: &Header) {
        for piece in pieces {
            match piece {
                Piece::Paragraph(paragraph) => self.paragraph(paragraph, header),
                Piece::Table(rows) => self.table(rows, header),
            }
        }
    }

    /// Ends the reading: the title where no style names it.
    pub fn finish(self, header: &Header) {
        if !self.has_title {
            self.opening.find_title(Some(&header.title), DEFAULT_SIZE, self.composer);
        }
        self.composer.title_from_only_heading();
    }
}

/// The size of text that sets none, in half points.
const DEFAULT_SIZE: u32 = 24;

impl Piece {
    fn is_empty(&self) -> bool {
        match self {
            Piece::Paragraph(paragraph) => paragraph.line.is_empty() && paragraph.attached.is_empty(),
            Piece::Table(_) => false,
        }
    }
}

/// The number in the text of a list item's marker; `None` for a bullet.
fn number_of(shown: &str) -> Option<String> {
    let shown = shown.trim();
    // The letter o of a text font is the bullet of Word's second level.
    let is_bullet = shown == "o" || !shown.chars().any(char::is_alphanumeric);
    (!is_bullet).then(|| shown.trim_end_matches('.').trim_end().to_owned())
}
