//! From lines of text to the blocks of a document: headings, list lead-ins, row and column heads.
//!
//! Every reader feeds a [`Composer`] in reading order. What a block stands under, what introduces it and
//! which cells head it is worked out here, once, for all formats.

use std::sync::Arc;

use super::limits::{Deadline, Limits};
use super::line::Line;
use super::model::{Anchor, Block, BlockKind, Document, Format, Health, HealthKind, HealthNote, SourceMap, TablePlace};
use super::table::{self, Cell};
use crate::lang::Lang;
use crate::saying::{Saying, say};

/// A title, heading or introducing line longer than this (bytes) is a paragraph.
pub(super) const HEADING_BYTES: usize = 160;

/// A paragraph longer than this (bytes) introduces a list only where it ends in a colon.
const LEAD_IN_BYTES: usize = 300;

/// Columns beyond this are counted no further: no table for people is wider.
const MOST_COLUMNS: u32 = 1 << 20;

/// Why a reader has to stop before the end of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Blocks,
    Time,
}

/// Collects the blocks of one document.
#[derive(Debug)]
pub(super) struct Composer {
    blocks: Vec<Block>,
    /// Headings that are open, outermost first, with their level.
    headings: Vec<(u8, usize)>,
    lists: Lists,
    tables: Vec<Table>,
    tables_begun: u32,
    paragraphs: u32,
    health: Health,
    language: Option<Lang>,
    most_blocks: usize,
    /// Bytes that the blocks take so far.
    held: usize,
    most_held: usize,
    deadline: Deadline,
    bound: Option<Bound>,
}

/// The lists that are open at this point of the text.
#[derive(Debug, Default, Clone)]
struct Lists {
    /// For each depth the last item and what introduced its list.
    open: Vec<(usize, Option<usize>)>,
    /// The last block in the flow, if a list could follow it.
    before: Option<usize>,
    /// A paragraph stood since the last item.
    interrupted: bool,
    /// `before` is a whole sentence: it introduces a new list, but does not part one that goes on.
    before_is_sentence: bool,
}

#[derive(Debug)]
struct Table {
    number: u32,
    /// 1-based; 0 before the first row.
    row: u32,
    /// Grid column that the next cell takes, 1-based.
    column: u32,
    /// Rows in which a grid column is still taken by a cell above: `taken[column - 1]` is the last such row.
    taken: Vec<u32>,
    cells: Vec<Cell>,
    /// What was open outside the table.
    outer_lists: Lists,
    outer_headings: Vec<(u8, usize)>,
}

impl Lists {
    /// Takes a list item in and gives the block that introduces its list.
    fn item(&mut self, depth: u8, index: usize) -> Option<usize> {
        let depth = depth as usize;
        if self.interrupted {
            self.open.clear();
        }
        let lead_in = match (self.before, self.open.get(depth), self.open.last()) {
            (Some(before), _, _) => Some(before),
            (None, Some((_, lead_in)), _) => *lead_in,
            (None, None, Some((item, _))) => Some(*item),
            (None, None, None) => None,
        };
        self.open.truncate(depth);
        // A list that begins at depth 2 stands under items that are not there.
        self.open.resize(depth + 1, (index, lead_in));
        self.before = None;
        self.interrupted = false;
        lead_in
    }

    /// A paragraph stands between two items, or before the first.
    fn interrupt(&mut self, index: usize, text: &str) {
        self.before = introduces(text).then_some(index);
        self.before_is_sentence = text.ends_with(['.', '!', '?']);
        self.interrupted = true;
    }

    /// The list goes on in spite of the paragraphs in between; a line that is left open ("Also, such as")
    /// introduces what follows all the same.
    fn resume(&mut self) {
        self.interrupted = false;
        if !self.open.is_empty() && self.before_is_sentence {
            self.before = None;
        }
    }
}

/// Whether a paragraph can introduce the list that follows it: it ends in a colon or is left open, or is one
/// sentence ("The following formats are accepted.").
fn introduces(text: &str) -> bool {
    if text.ends_with([':', '：']) {
        return true;
    }
    if text.len() > LEAD_IN_BYTES {
        return false;
    }
    !text.ends_with(['.', '!', '?', '…']) || !text.contains(". ")
}

/// How a cell lies in its table and looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellShape {
    /// Grid rows and columns that the cell takes, at least 1.
    pub rows: u32,
    pub columns: u32,
    /// Declared as a head cell (`<th>`, a repeated head row).
    pub head: bool,
}

impl Default for CellShape {
    fn default() -> Self {
        CellShape { rows: 1, columns: 1, head: false }
    }
}

impl Composer {
    pub fn new(limits: &Limits) -> Composer {
        Composer {
            blocks: Vec::new(),
            headings: Vec::new(),
            lists: Lists::default(),
            tables: Vec::new(),
            tables_begun: 0,
            paragraphs: 0,
            health: Health::default(),
            language: None,
            most_blocks: limits.blocks,
            held: 0,
            most_held: limits.held,
            deadline: limits.deadline(),
            bound: None,
        }
    }

    /// The bound that was met, if any; a reader stops then and keeps what it has.
    pub fn bound(&self) -> Option<Bound> {
        self.bound
    }

    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// A block that was pushed before.
    pub fn block_mut(&mut self, index: usize) -> Option<&mut Block> {
        self.blocks.get_mut(index)
    }

    /// Where nothing is the title: a first block that is the only heading of level 1 is.
    pub fn title_from_only_heading(&mut self) {
        let is_first_level = |block: &Block| block.kind == BlockKind::Heading { level: 1 };
        let has_title = self.blocks.iter().any(|block| block.kind == BlockKind::Title);
        let Some(first) = self.blocks.first() else { return };
        if !has_title
            && is_first_level(first)
            && first.anchor.number.is_none()
            && !self.blocks.iter().skip(1).any(is_first_level)
        {
            self.make_title(0);
        }
    }

    /// Makes a title of a paragraph or heading that was pushed before; it heads no section then.
    pub fn make_title(&mut self, index: usize) {
        let Some(block) = self.blocks.get_mut(index) else { return };
        block.kind = BlockKind::Title;
        let outer = block.parent.take();
        for block in &mut self.blocks {
            if block.parent == Some(index) {
                block.parent = outer;
            }
        }
        self.headings.retain(|(_, heading)| *heading != index);
    }

    /// The typed or computed number of the innermost open heading that has one, with its level.
    pub fn numbered_heading(&self) -> Option<(u8, &str)> {
        self.headings.iter().rev().find_map(|(level, index)| {
            self.blocks.get(*index).and_then(|b| b.anchor.number.as_deref()).map(|number| (*level, number))
        })
    }

    pub fn in_table(&self) -> bool {
        !self.tables.is_empty()
    }

    pub fn declare_language(&mut self, language: Option<Lang>) {
        self.language = self.language.or(language);
    }

    /// Adds a remark on the reading, or counts up one of the same words.
    pub fn remark(&mut self, kind: HealthKind, count: u32, detail: Saying) {
        self.note(kind, count, detail, None);
    }

    /// Adds a record of something that was left unread, with what the user can do about it.
    pub fn unread(&mut self, kind: HealthKind, detail: Saying, remedy: Saying) {
        self.note(kind, 1, detail, Some(remedy));
    }

    /// Adds a note, or counts up one of the same words; none where `count` is zero.
    pub fn note(&mut self, kind: HealthKind, count: u32, detail: Saying, remedy: Option<Saying>) {
        if count == 0 {
            return;
        }
        match self.health.notes.iter_mut().find(|note| note.kind == kind && note.detail == detail) {
            Some(note) => note.count = note.count.saturating_add(count),
            None => self.health.notes.push(HealthNote { kind, count, detail, remedy }),
        }
    }

    /// Drops the maps to the file, where the text that was fed is not the file's own.
    pub fn forget_sources(&mut self) {
        for block in &mut self.blocks {
            block.map = SourceMap::default();
        }
    }

    pub fn set_pages(&mut self, pages: u32) {
        self.health.pages = Some(pages);
    }

    /// Adds a block of text; an empty line adds nothing. Inside a table a paragraph becomes a
    /// [`BlockKind::TableCell`] with its place.
    pub fn push(&mut self, kind: BlockKind, line: Line, mut anchor: Anchor) -> Option<usize> {
        if line.is_empty() || self.bound.is_some() {
            return None;
        }
        if self.blocks.len() >= self.most_blocks {
            self.bound = Some(Bound::Blocks);
            return None;
        }
        let index = self.blocks.len();
        if index.is_multiple_of(256) && self.deadline.has_passed() {
            self.bound = Some(Bound::Time);
            return None;
        }
        let (text, marks, map) = line.finish();
        let kind = match kind {
            BlockKind::Paragraph if !self.tables.is_empty() => BlockKind::TableCell,
            kind => kind,
        };
        let in_flow = !matches!(
            kind,
            BlockKind::Header | BlockKind::Footer | BlockKind::Footnote | BlockKind::Endnote | BlockKind::Comment
        );
        match self.tables.last() {
            Some(table) if anchor.table.is_none() => {
                anchor.table = Some(TablePlace {
                    table: table.number,
                    row: table.row.max(1),
                    column: table.cells.last().map_or(1, |cell| cell.column),
                });
            }
            _ if in_flow && anchor.paragraph.is_none() && anchor.sheet.is_none() => {
                self.paragraphs += 1;
                anchor.paragraph = Some(self.paragraphs);
            }
            _ => {}
        }
        let mut block = Block { kind, text, anchor, marks, map, ..Block::default() };
        self.held = self.held.saturating_add(block.weight());
        if self.held > self.most_held {
            self.bound = Some(Bound::Blocks);
            return None;
        }
        match kind {
            BlockKind::Heading { level } => {
                let level = level.clamp(1, 9);
                block.kind = BlockKind::Heading { level };
                self.headings.retain(|(open, _)| *open < level);
                block.parent = self.headings.last().map(|(_, heading)| *heading);
                self.headings.push((level, index));
                self.lists = Lists::default();
            }
            BlockKind::Title => {
                self.headings.clear();
                self.lists = Lists::default();
            }
            BlockKind::Header | BlockKind::Footer => {}
            _ => block.parent = self.headings.last().map(|(_, heading)| *heading),
        }
        match kind {
            BlockKind::ListItem { depth } => block.lead_in = self.lists.item(depth, index),
            BlockKind::Paragraph | BlockKind::TableCell | BlockKind::TextBox | BlockKind::Caption => {
                self.lists.interrupt(index, &block.text);
            }
            _ => {}
        }
        self.blocks.push(block);
        Some(index)
    }

    /// Adds a list item that goes on with the list before, though other paragraphs stood in between.
    pub fn push_next_item(&mut self, depth: u8, line: Line, anchor: Anchor) -> Option<usize> {
        self.lists.resume();
        self.push(BlockKind::ListItem { depth }, line, anchor)
    }

    /// A further paragraph of the list item before: same depth, same lead-in, no number.
    pub fn push_continuation(&mut self, depth: u8, line: Line) -> Option<usize> {
        let lead_in = self.lists.open.get(depth as usize).and_then(|(_, lead_in)| *lead_in);
        let kept = self.lists.clone();
        let index = self.push(BlockKind::ListItem { depth }, line, Anchor::default())?;
        self.lists = kept;
        // A list inside the item may be introduced by this paragraph as well as by the item's first.
        if let Some(open) = self.lists.open.get_mut(depth as usize) {
            open.0 = index;
        }
        if let Some(block) = self.blocks.get_mut(index) {
            block.lead_in = lead_in;
        }
        Some(index)
    }

    /// The list is at its end: what follows belongs to another one.
    pub fn end_lists(&mut self, depth: u8) {
        self.lists.open.truncate(depth as usize);
    }

    pub fn begin_table(&mut self) {
        self.tables_begun += 1;
        self.tables.push(Table {
            number: self.tables_begun,
            row: 0,
            column: 1,
            taken: Vec::new(),
            cells: Vec::new(),
            outer_lists: std::mem::take(&mut self.lists),
            outer_headings: self.headings.clone(),
        });
    }

    pub fn begin_row(&mut self) {
        self.close_cell();
        if let Some(table) = self.tables.last_mut() {
            // A heading in a row of several cells governs its cell only; one in a row of its own governs
            // what follows.
            let in_row = table.cells.iter().rev().take_while(|cell| cell.row == table.row).count();
            if in_row > 1 {
                self.headings.clone_from(&table.outer_headings);
            } else {
                table.outer_headings.clone_from(&self.headings);
            }
            table.row += 1;
            table.column = 1;
        }
    }

    /// Leaves grid columns free at the row's beginning or between cells.
    pub fn skip_columns(&mut self, columns: u32) {
        if let Some(table) = self.tables.last_mut() {
            table.column = table.column.saturating_add(columns).min(MOST_COLUMNS);
        }
    }

    pub fn begin_cell(&mut self, shape: CellShape) {
        self.close_cell();
        let first_block = self.blocks.len();
        let Some(table) = self.tables.last_mut() else { return };
        while table.taken.get(table.column as usize - 1).is_some_and(|last| *last >= table.row) {
            table.column += 1;
        }
        let column = table.column;
        if column > 1 {
            self.headings.clone_from(&table.outer_headings);
        }
        self.lists = Lists::default();
        // A span is a promise of the file: a table wider than this is no table for people.
        let columns = shape.columns.clamp(1, 1024);
        let rows = shape.rows.clamp(1, 65_536);
        if rows > 1 && column < 4096 {
            let end = (column + columns - 1) as usize;
            if table.taken.len() < end {
                table.taken.resize(end, 0);
            }
            for taken in &mut table.taken[column as usize - 1..end] {
                *taken = table.row + rows - 1;
            }
        }
        table.cells.push(Cell {
            row: table.row,
            column,
            rows,
            columns,
            head: shape.head,
            strong: false,
            blocks: first_block..first_block,
        });
        table.column = column.saturating_add(columns).min(MOST_COLUMNS);
    }

    /// Says that the cell that is open looks like a head cell: bold or shaded.
    pub fn cell_is_strong(&mut self) {
        if let Some(cell) = self.tables.last_mut().and_then(|table| table.cells.last_mut()) {
            cell.strong = true;
        }
    }

    /// The cell above goes on in this row (Word's vertical merge): it is one row taller.
    pub fn continue_cell_above(&mut self, columns: u32) {
        self.close_cell();
        let Some(table) = self.tables.last_mut() else { return };
        let (row, column) = (table.row, table.column);
        if let Some(above) = table
            .cells
            .iter_mut()
            .rev()
            .find(|cell| cell.column <= column && column < cell.column + cell.columns && cell.row < row)
        {
            above.rows = row + 1 - above.row;
        }
        table.column = column.saturating_add(columns.max(1)).min(MOST_COLUMNS);
    }

    fn close_cell(&mut self) {
        let end = self.blocks.len();
        if let Some(table) = self.tables.last_mut()
            && let Some(cell) = table.cells.last_mut()
            && cell.blocks.end == cell.blocks.start
        {
            cell.blocks.end = end;
        }
    }

    pub fn end_table(&mut self) {
        self.close_cell();
        let Some(table) = self.tables.pop() else { return };
        let in_last_row = table.cells.iter().rev().take_while(|cell| cell.row == table.row).count();
        if in_last_row > 1 {
            self.headings.clone_from(&table.outer_headings);
        }
        table::link_heads(&mut self.blocks, &table.cells);
        self.lists = table.outer_lists;
        self.lists.before = None;
    }

    /// The document with all its blocks.
    pub fn finish(mut self, uri: &str, member: Option<&str>, format: Format, source: Option<Arc<str>>) -> Document {
        while !self.tables.is_empty() {
            self.end_table();
        }
        match self.bound {
            Some(Bound::Blocks) => {
                let detail = say!("document-too-large", n = self.blocks.len());
                self.unread(HealthKind::PartNotRead, detail, say!("do-split"));
            }
            Some(Bound::Time) => {
                let detail = say!("took-too-long", n = self.blocks.len());
                self.unread(HealthKind::PartNotRead, detail, say!("do-split"));
            }
            None => {}
        }
        for note in &mut self.health.notes {
            note.detail.fill("count", note.count);
        }
        Document {
            uri: uri.to_owned(),
            member: member.map(str::to_owned),
            format,
            blocks: self.blocks,
            health: self.health,
            source,
            language: self.language,
        }
    }
}
