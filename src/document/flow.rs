//! The flow of HTML elements: blocks, lists, tables and what stands inside a line.
//!
//! HTML and Markdown feed the same flow, so that HTML inside Markdown is no special case. Tags need not
//! match: an end tag without its start is passed over, and whatever is open at the end is closed.

use super::compose::{CellShape, Composer};
use super::line::Line;
use super::model::{Anchor, BlockKind, HealthKind, MarkKind};
use super::numeral::numeral;
use crate::lang::Lang;
use crate::saying::say;

/// Elements that may be open at once; what is opened beyond is read as if its tag were not there.
const MOST_OPEN: usize = 512;

/// Attributes of a tag, names in lower case.
#[derive(Debug, Default)]
pub(super) struct Attributes(pub Vec<(String, String)>);

impl Attributes {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.get(name).and_then(|value| value.trim().parse().ok())
    }
}

/// Reads elements and text into a composer.
pub(super) struct Flow<'c> {
    composer: &'c mut Composer,
    line: Line,
    open: Vec<Open>,
    lists: Vec<List>,
    tables: Vec<OuterOfTable>,
    /// Letters and bold letters of the cell that is open.
    cell: (u32, u32),
    cell_open: bool,
    deletions: u32,
    hidden: u32,
}

#[derive(Debug)]
struct Open {
    name: String,
    /// Where its text begins in the line.
    start: usize,
    mark: Option<MarkKind>,
    language: Option<Lang>,
    /// Its content is not read.
    skipped: bool,
}

#[derive(Debug)]
struct List {
    /// Format and next number of an ordered list.
    ordered: Option<(String, u32)>,
    /// The number of the item that is open, until its first line is composed.
    fresh: Option<Option<String>>,
    in_item: bool,
}

/// What was open where a table began.
#[derive(Debug)]
struct OuterOfTable {
    lists: Vec<List>,
    cell: (u32, u32),
    cell_open: bool,
    has_row: bool,
    in_head: bool,
}

impl<'c> Flow<'c> {
    pub fn new(composer: &'c mut Composer) -> Flow<'c> {
        Flow {
            composer,
            line: Line::default(),
            open: Vec::new(),
            lists: Vec::new(),
            tables: Vec::new(),
            cell: (0, 0),
            cell_open: false,
            deletions: 0,
            hidden: 0,
        }
    }

    /// Whether a bound was met and the rest need not be fed.
    pub fn is_over(&self) -> bool {
        self.composer.bound().is_some()
    }

    /// Whether text that is fed now is not read.
    pub fn is_skipping(&self) -> bool {
        self.open.last().is_some_and(|open| open.skipped)
    }

    pub fn composer(&mut self) -> &mut Composer {
        self.composer
    }

    /// A start tag; `source` is its byte offset in the file.
    pub fn open(&mut self, name: &str, attributes: &Attributes, source: usize) {
        self.close_implied(name);
        if is_block(name) {
            self.flush();
        }
        if self.is_skipping() {
            self.push_open(name, None, None, true);
            return;
        }
        let language = attributes.get("lang").or_else(|| attributes.get("xml:lang")).and_then(Lang::from_tag);
        match name {
            "html" | "body" => self.composer.declare_language(language),
            "br" => self.line.gap(),
            "img" => {
                if let Some(alt) = attributes.get("alt") {
                    self.line.push_for(alt, source);
                }
            }
            "ul" | "ol" | "menu" | "dl" => {
                let format = match attributes.get("type") {
                    Some("a") => "lowerLetter",
                    Some("A") => "upperLetter",
                    Some("i") => "lowerRoman",
                    Some("I") => "upperRoman",
                    _ => "decimal",
                };
                let start = attributes.number("start").unwrap_or(1);
                let ordered = (name == "ol").then(|| (format.to_owned(), start));
                if self.lists.len() < MOST_OPEN {
                    self.lists.push(List { ordered, fresh: None, in_item: false });
                }
            }
            "li" | "dd" => self.open_item(attributes),
            "table" => self.open_table(),
            "thead" => self.set_head(true),
            "tbody" | "tfoot" => self.set_head(false),
            "tr" => self.open_row(),
            "td" | "th" => self.open_cell(name, attributes),
            _ => {}
        }
        if is_void(name) {
            return;
        }
        let hidden = attributes.get("hidden").is_some() || attributes.get("style").is_some_and(hides);
        let mark = match name {
            _ if hidden => Some(MarkKind::Hidden),
            "a" => {
                attributes.get("href").filter(|href| !href.starts_with('#')).map(|href| MarkKind::Link(href.to_owned()))
            }
            "code" | "kbd" | "samp" | "tt" => Some(MarkKind::Code),
            "mark" => Some(MarkKind::Highlighted),
            "ins" => Some(MarkKind::Inserted),
            _ => None,
        };
        let skipped = matches!(name, "script" | "style" | "template" | "iframe" | "object" | "svg" | "del");
        self.deletions += u32::from(name == "del");
        self.push_open(name, mark, language, skipped);
    }

    fn push_open(&mut self, name: &str, mark: Option<MarkKind>, language: Option<Lang>, skipped: bool) {
        if !is_void(name) && self.open.len() < MOST_OPEN {
            self.open.push(Open { name: name.to_owned(), start: self.line.here(), mark, language, skipped });
        }
    }

    /// An end tag.
    pub fn close(&mut self, name: &str) {
        let skipping = self.is_skipping();
        if !self.open.iter().any(|open| open.name == name) {
            // `</p>` and `</br>` alone are breaks.
            if matches!(name, "p" | "br") && !skipping {
                self.flush();
            }
            return;
        }
        // The end of a formatting element does not end the blocks that were opened inside it.
        if !is_block(name)
            && self.open.iter().rev().take_while(|open| open.name != name).any(|open| is_block(&open.name))
        {
            if let Some(at) = self.open.iter().rposition(|open| open.name == name) {
                self.open.remove(at);
            }
            return;
        }
        while let Some(last) = self.open.last() {
            let found = last.name == name;
            self.close_last();
            if found {
                break;
            }
        }
    }

    fn close_last(&mut self) {
        let Some(last) = self.open.last() else { return };
        let (name, skipped) = (last.name.clone(), last.skipped);
        if is_block(&name) && !skipped {
            self.flush();
        }
        let Some(last) = self.open.pop() else { return };
        if let Some(mark) = last.mark {
            self.mark(last.start, mark);
        }
        if skipped {
            return;
        }
        match name.as_str() {
            "ul" | "ol" | "menu" | "dl" => {
                self.lists.pop();
                let depth = self.lists.len();
                self.composer.end_lists(u8::try_from(depth).unwrap_or(u8::MAX));
            }
            "li" | "dd" => {
                if let Some(list) = self.lists.last_mut() {
                    list.in_item = false;
                }
            }
            "td" | "th" => self.close_cell(),
            "thead" => self.set_head(false),
            "table" => self.close_table(),
            _ => {}
        }
    }

    fn mark(&mut self, start: usize, mark: MarkKind) {
        let before = self.line.here();
        self.hidden += u32::from(mark == MarkKind::Hidden && before > start);
        self.line.mark_from(start, mark);
    }

    /// Text that stands in the file as it is, from byte `source` on.
    pub fn text(&mut self, text: &str, source: usize) {
        if self.is_skipping() {
            return;
        }
        self.count_letters(text);
        self.line.push_at(text, source);
    }

    /// Text that stands for something else in the file, an entity or an escape.
    pub fn text_for(&mut self, text: &str, source: usize) {
        if self.is_skipping() {
            return;
        }
        self.count_letters(text);
        self.line.push_for(text, source);
    }

    fn count_letters(&mut self, text: &str) {
        if !self.cell_open {
            return;
        }
        let letters = u32::try_from(text.chars().filter(|c| c.is_alphanumeric()).count()).unwrap_or(u32::MAX);
        let bold = self.open.iter().any(|open| matches!(open.name.as_str(), "b" | "strong"));
        self.cell.0 = self.cell.0.saturating_add(letters);
        if bold {
            self.cell.1 = self.cell.1.saturating_add(letters);
        }
    }

    /// Composes the line that was collected; the element around it says what it is.
    pub fn flush(&mut self) {
        // Whatever is open then begins where the line does.
        if self.line.is_empty() {
            return;
        }
        // A mark that runs over several blocks is one in each.
        let mut marks = Vec::new();
        for open in &mut self.open {
            if let Some(mark) = &open.mark {
                marks.push((open.start, mark.clone()));
            }
            open.start = 0;
        }
        for (start, mark) in marks {
            self.mark(start, mark);
        }
        let line = std::mem::take(&mut self.line);
        let language = self.open.iter().rev().find_map(|open| open.language);
        let index = self.compose(line);
        if let Some(block) = index.and_then(|index| self.composer.block_mut(index)) {
            block.language = language;
        }
    }

    fn compose(&mut self, line: Line) -> Option<usize> {
        let kind = self.open.iter().rev().find_map(|open| block_kind(&open.name));
        if let Some(kind) = kind {
            let mut anchor = Anchor::default();
            let mut line = line;
            if let BlockKind::Heading { .. } = kind {
                anchor.number = super::marker::cut_number(&mut line);
            }
            return self.composer.push(kind, line, anchor);
        }
        let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
        match self.lists.last_mut().filter(|list| list.in_item) {
            Some(list) => match list.fresh.take() {
                Some(number) => {
                    self.composer.push(BlockKind::ListItem { depth }, line, Anchor { number, ..Anchor::default() })
                }
                None => self.composer.push_continuation(depth, line),
            },
            None => self.compose_paragraph(line),
        }
    }

    /// A paragraph, or a list item or heading number that was typed.
    fn compose_paragraph(&mut self, mut line: Line) -> Option<usize> {
        let Some(found) = super::marker::marker(line.text()) else {
            return self.composer.push(BlockKind::Paragraph, line, Anchor::default());
        };
        let number = found.number().map(str::to_owned);
        let depth = found.parts().saturating_sub(1);
        line.cut_front(found.bytes);
        self.composer.push(BlockKind::ListItem { depth }, line, Anchor { number, ..Anchor::default() })
    }

    fn open_item(&mut self, attributes: &Attributes) {
        if self.lists.is_empty() {
            self.lists.push(List { ordered: None, fresh: None, in_item: false });
        }
        let value = attributes.number("value");
        if let Some(list) = self.lists.last_mut() {
            let number = list.ordered.as_mut().map(|(format, next)| {
                let own = value.unwrap_or(*next);
                *next = own.saturating_add(1);
                numeral(own, format)
            });
            list.fresh = Some(number);
            list.in_item = true;
        }
    }

    fn open_table(&mut self) {
        self.composer.begin_table();
        self.tables.push(OuterOfTable {
            lists: std::mem::take(&mut self.lists),
            cell: std::mem::take(&mut self.cell),
            cell_open: std::mem::take(&mut self.cell_open),
            has_row: false,
            in_head: false,
        });
    }

    fn set_head(&mut self, in_head: bool) {
        if let Some(table) = self.tables.last_mut() {
            table.in_head = in_head;
        }
    }

    fn open_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.has_row = true;
            self.composer.begin_row();
        }
    }

    fn open_cell(&mut self, name: &str, attributes: &Attributes) {
        let Some(table) = self.tables.last_mut() else { return };
        if !std::mem::replace(&mut table.has_row, true) {
            self.composer.begin_row();
        }
        let heads_row = attributes.get("scope").is_some_and(|scope| scope.eq_ignore_ascii_case("row"));
        let head = (name == "th" && !heads_row) || table.in_head;
        let rows = attributes.number("rowspan").unwrap_or(1);
        let columns = attributes.number("colspan").unwrap_or(1);
        self.composer.begin_cell(CellShape { rows, columns, head });
        self.cell = (0, 0);
        self.cell_open = true;
        self.lists.clear();
    }

    fn close_cell(&mut self) {
        let (letters, bold) = std::mem::take(&mut self.cell);
        if letters > 0 && letters == bold {
            self.composer.cell_is_strong();
        }
        self.cell_open = false;
        self.lists.clear();
    }

    fn close_table(&mut self) {
        let Some(outer) = self.tables.pop() else { return };
        self.composer.end_table();
        self.lists = outer.lists;
        self.cell = outer.cell;
        self.cell_open = outer.cell_open;
    }

    /// Closes what a start tag ends without saying so (HTML, section 13.1.2.4).
    fn close_implied(&mut self, name: &str) {
        let (ended, scope): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu", "table"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl", "table"]),
            "td" | "th" => (&["td", "th"], &["table"]),
            "tr" => (&["tr", "td", "th"], &["table"]),
            "tbody" | "tfoot" | "thead" => (&["tbody", "thead", "tfoot", "tr", "td", "th"], &["table"]),
            "option" => (&["option"], &["select"]),
            name if is_block(name) => (&["p"], &["table", "td", "th", "li", "button"]),
            _ => return,
        };
        let within = self.open.iter().rev().take_while(|open| !scope.contains(&open.name.as_str())).count();
        let from = self.open.len() - within;
        let Some(outermost) = self.open.iter().skip(from).position(|open| ended.contains(&open.name.as_str())) else {
            return;
        };
        while self.open.len() > from + outermost {
            self.close_last();
        }
    }

    /// Closes all that is open.
    pub fn finish(mut self) {
        self.flush();
        while !self.open.is_empty() {
            self.close_last();
        }
        self.flush();
        self.composer.remark(HealthKind::TrackedDeletions, self.deletions, say!("deletions"));
        self.composer.remark(HealthKind::HiddenText, self.hidden, say!("hidden-runs"));
    }
}

/// What the text directly inside an element is; `None` where the element does not say.
fn block_kind(name: &str) -> Option<BlockKind> {
    Some(match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            BlockKind::Heading { level: name.bytes().last().map_or(1, |digit| digit - b'0') }
        }
        "title" => BlockKind::Title,
        "caption" | "figcaption" => BlockKind::Caption,
        "pre" => BlockKind::Code,
        "footnote" => BlockKind::Footnote,
        "footer" => BlockKind::Footer,
        _ => return None,
    })
}

/// Whether an element begins and ends a line of its own.
fn is_block(name: &str) -> bool {
    block_kind(name).is_some()
        || matches!(
            name,
            "address"
                | "article"
                | "aside"
                | "blockquote"
                | "body"
                | "center"
                | "dd"
                | "details"
                | "dialog"
                | "dir"
                | "div"
                | "dl"
                | "dt"
                | "fieldset"
                | "figure"
                | "form"
                | "head"
                | "header"
                | "hgroup"
                | "hr"
                | "html"
                | "legend"
                | "li"
                | "main"
                | "menu"
                | "nav"
                | "ol"
                | "option"
                | "p"
                | "search"
                | "section"
                | "select"
                | "summary"
                | "table"
                | "tbody"
                | "td"
                | "textarea"
                | "tfoot"
                | "th"
                | "thead"
                | "tr"
                | "ul"
        )
}

/// Elements without content (HTML, section 13.1.2).
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Whether a style attribute hides its element.
fn hides(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}
