//! The flow of an OpenDocument file: paragraphs, headings, lists, sections and slides.

use std::collections::{HashMap, HashSet};

use super::super::compose::Composer;
use super::super::letters::Letters;
use super::super::line::Line;
use super::super::look::Headings;
use super::super::marker;
use super::super::model::{Anchor, BlockKind, Format, HealthKind};
use super::super::opening::Opening;
use super::super::xml::{Element, Node, Nodes, XmlFault};
use super::inline::{Counts, Paragraph};
use super::styles::{Role, Styles};
use crate::saying::say;

/// A styled heading longer than this (bytes) is a clause that someone styled as a heading.
const CLAUSE_BYTES: usize = 240;

/// Reads the body into a composer.
pub(super) struct Flow<'s, 'c> {
    pub(super) styles: &'s Styles,
    pub(super) composer: &'c mut Composer,
    pub(super) format: Format,
    pub(super) counts: Counts,
    headings: Headings,
    heading_values: Vec<u32>,
    /// Where each list style stands.
    list_values: HashMap<String, Vec<u32>>,
    /// Lists that are open, outermost first.
    lists: Vec<List>,
    /// How many notes, comments or text boxes we are in: their paragraphs are collected, not composed.
    pub(super) collecting: u32,
    pub(super) collected: Vec<Line>,
    /// How many hidden sections, sheets or rows we are in.
    pub(super) invisible: u32,
    /// Tracked insertions by their id, and how many are open here.
    insertions: HashSet<String>,
    pub(super) inserting: u32,
    /// What the frame is whose text is read (`presentation:class`).
    frame_class: Option<String>,
    slide: u32,
    in_slide_notes: bool,
    has_title: bool,
    opening: Opening,
    /// The letters of the cells that are open.
    pub(super) cell_letters: Vec<Letters>,
    /// Sheet and address of the cell that is open, in spreadsheets.
    pub(super) cell_address: Option<(String, String)>,
}

#[derive(Debug)]
struct List {
    style: Option<String>,
    /// The item that is open waits for its first paragraph, with this number.
    fresh: Option<Option<String>>,
}

impl<'s, 'c> Flow<'s, 'c> {
    pub fn new(styles: &'s Styles, composer: &'c mut Composer, format: Format) -> Flow<'s, 'c> {
        Flow {
            styles,
            composer,
            format,
            counts: Counts::default(),
            headings: Headings::default(),
            heading_values: Vec::new(),
            list_values: HashMap::new(),
            lists: Vec::new(),
            collecting: 0,
            collected: Vec::new(),
            invisible: 0,
            insertions: HashSet::new(),
            inserting: 0,
            frame_class: None,
            slide: 0,
            in_slide_notes: false,
            has_title: false,
            opening: Opening::default(),
            cell_letters: Vec::new(),
            cell_address: None,
        }
    }

    /// Reads a whole part; only its body is text.
    pub fn read(&mut self, nodes: &mut Nodes<'_>) -> Result<(), XmlFault> {
        loop {
            match nodes.next()? {
                Node::Open(element) if element.name() == "body" => {
                    drop(element);
                    return self.blocks(nodes);
                }
                Node::End => return Ok(()),
                Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            }
        }
    }

    /// The paragraphs of the element that was opened last, as lines.
    pub fn lines(&mut self, nodes: &mut Nodes<'_>) -> Result<Vec<Line>, XmlFault> {
        let outer = std::mem::take(&mut self.collected);
        self.collecting += 1;
        let outcome = self.blocks(nodes);
        self.collecting -= 1;
        let mut lines = std::mem::replace(&mut self.collected, outer);
        lines.retain(|line| !line.is_empty());
        outcome.map(|()| lines)
    }

    /// Reads the block content of the element that was opened last.
    pub(super) fn blocks(&mut self, nodes: &mut Nodes<'_>) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        while nodes.depth() > outside && self.composer.bound().is_none() {
            match nodes.next()? {
                Node::Open(element) => self.block(nodes, element)?,
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }

    fn block(&mut self, nodes: &mut Nodes<'_>, element: Element<'_>) -> Result<(), XmlFault> {
        let own = |name: &str| element.attribute(name).map(|v| v.into_owned());
        match element.name() {
            "p" => {
                let style = own("style-name");
                drop(element);
                self.paragraph(nodes, style, None)
            }
            "h" => {
                let style = own("style-name");
                let level = own("outline-level").and_then(|level| level.parse().ok()).unwrap_or(1);
                let counts = own("is-list-header").is_none_or(|v| v != "true");
                let restart = own("start-value").filter(|_| own("restart-numbering").is_some_and(|v| v == "true"));
                drop(element);
                let heading = Heading { level, counts, restart: restart.and_then(|v| v.parse().ok()) };
                self.paragraph(nodes, style, Some(heading))
            }
            "list" => {
                let style = own("style-name");
                let continues =
                    own("continue-numbering").is_some_and(|v| v == "true") || own("continue-list").is_some();
                drop(element);
                self.list(nodes, style, continues)
            }
            "table" => {
                let (name, style) = (own("name"), own("style-name"));
                drop(element);
                self.table(nodes, name.unwrap_or_default(), style.as_deref())
            }
            "section" => {
                let hidden = own("display").is_some_and(|d| d == "none" || d == "condition")
                    || self.styles.is_invisible("section", own("style-name").as_deref());
                drop(element);
                self.invisible += u32::from(hidden);
                let outcome = self.blocks(nodes);
                self.invisible -= u32::from(hidden);
                outcome
            }
            "page" => {
                drop(element);
                self.slide(nodes)
            }
            "notes" => {
                drop(element);
                self.in_slide_notes = true;
                let outcome = self.blocks(nodes);
                self.in_slide_notes = false;
                outcome
            }
            "frame" => {
                let class = own("class");
                drop(element);
                let outer = std::mem::replace(&mut self.frame_class, class);
                let outcome = self.blocks(nodes);
                self.frame_class = outer;
                outcome
            }
            "annotation" => {
                drop(element);
                let lines = self.lines(nodes)?;
                for line in lines {
                    let anchor = self.anchor();
                    self.composer.push(BlockKind::Comment, line, anchor);
                }
                Ok(())
            }
            "tracked-changes" => {
                drop(element);
                self.tracked_changes(nodes)
            }
            "change-start" | "change-end" => {
                self.change(&element);
                Ok(())
            }
            // What generates an index, forms, declarations, pictures' descriptions, objects.
            "table-of-content-source"
            | "illustration-index-source"
            | "table-index-source"
            | "object-index-source"
            | "user-index-source"
            | "alphabetical-index-source"
            | "bibliography-source"
            | "forms"
            | "sequence-decls"
            | "variable-decls"
            | "user-field-decls"
            | "event-listeners"
            | "title"
            | "desc"
            | "object"
            | "object-ole"
            | "image"
            | "plugin"
            | "creator"
            | "date"
            | "shapes"
            | "calculation-settings"
            | "named-expressions"
            | "database-ranges"
            | "scripts" => {
                drop(element);
                nodes.skip()
            }
            // Everything else only holds more of the same: indexes, shapes, groups.
            _ => {
                drop(element);
                self.blocks(nodes)
            }
        }
    }

    fn paragraph(
        &mut self,
        nodes: &mut Nodes<'_>,
        style: Option<String>,
        heading: Option<Heading>,
    ) -> Result<(), XmlFault> {
        let look = self.styles.look("paragraph", style.as_deref()).over(self.styles.base);
        let mut paragraph = Paragraph { style, ..Paragraph::default() };
        let outcome = self.inline(nodes, &mut paragraph, look);
        if self.collecting > 0 {
            self.collected.push(std::mem::take(&mut paragraph.line));
            self.collected.append(&mut paragraph.boxes);
            return outcome;
        }
        self.compose(paragraph, heading);
        outcome
    }

    /// Where a person finds what is read now: slide, or sheet and cell.
    fn anchor(&self) -> Anchor {
        let mut anchor = Anchor { page: (self.slide > 0).then_some(self.slide), ..Anchor::default() };
        if let Some((sheet, cell)) = &self.cell_address {
            anchor.sheet = Some(sheet.clone());
            anchor.cell = Some(cell.clone());
        }
        anchor
    }

    fn compose(&mut self, mut paragraph: Paragraph, heading: Option<Heading>) {
        if let Some(letters) = self.cell_letters.last_mut() {
            letters.add(&paragraph.letters);
        }
        let line = std::mem::take(&mut paragraph.line);
        let anchor = self.anchor();
        let index = match heading {
            Some(heading) => self.compose_heading(line, heading, anchor),
            None => self.compose_text(line, &paragraph, anchor),
        };
        if let Some(index) = index {
            self.opening.push(index, 0, false);
            if let Some(block) = self.composer.block_mut(index) {
                block.language = paragraph.letters.language();
            }
        }
        for (kind, lines) in [(BlockKind::TextBox, paragraph.boxes)].into_iter().chain(paragraph.notes) {
            for line in lines {
                let anchor = self.anchor();
                self.composer.push(kind, line, anchor);
            }
        }
    }

    fn compose_heading(&mut self, mut line: Line, heading: Heading, mut anchor: Anchor) -> Option<usize> {
        if line.is_empty() {
            return None;
        }
        let level = heading.level.clamp(1, 9);
        let index = level as usize - 1;
        let listed = self.lists.last_mut().and_then(|list| list.fresh.take()).flatten();
        let computed = match (listed, heading.counts) {
            (Some(number), _) => Some(number),
            (None, false) => None,
            (None, true) => {
                let start = heading.restart.unwrap_or_else(|| self.styles.start(None, index));
                count(&mut self.heading_values, index, start, heading.restart.is_some());
                self.styles.number(None, index, &self.heading_values)
            }
        };
        anchor.number = computed.or_else(|| marker::cut_number(&mut line));
        self.headings.styled(level);
        if line.text().len() > CLAUSE_BYTES {
            return self.composer.push(BlockKind::Paragraph, line, anchor);
        }
        self.composer.push(BlockKind::Heading { level }, line, anchor)
    }

    fn compose_text(&mut self, mut line: Line, paragraph: &Paragraph, mut anchor: Anchor) -> Option<usize> {
        if line.is_empty() {
            return None;
        }
        if self.in_slide_notes {
            return self.composer.push(BlockKind::SpeakerNote, line, anchor);
        }
        match self.styles.role(paragraph.style.as_deref()) {
            Some(Role::Title) if !self.has_title => {
                self.has_title = true;
                return self.composer.push(BlockKind::Title, line, anchor);
            }
            Some(Role::Title) => return self.composer.push(BlockKind::Heading { level: 1 }, line, anchor),
            Some(Role::Caption) => return self.composer.push(BlockKind::Caption, line, anchor),
            Some(Role::Code) => return self.composer.push(BlockKind::Code, line, anchor),
            Some(Role::Contents) => return self.composer.push(BlockKind::Paragraph, line, anchor),
            None => {}
        }
        if self.format == Format::Odp && self.frame_class.as_deref() == Some("title") {
            return self.composer.push(BlockKind::Heading { level: 1 }, line, anchor);
        }
        let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX).min(9);
        if let Some(list) = self.lists.last_mut() {
            let Some(number) = list.fresh.take() else { return self.composer.push_continuation(depth, line) };
            // A numbered list whose items are short and bold is a set of headings.
            let level = match (&number, paragraph.letters.are_bold()) {
                (Some(number), true) => self.headings.level_of_bold_line(line.text(), Some(number), self.composer),
                _ => None,
            };
            anchor.number = number;
            let kind = level.map_or(BlockKind::ListItem { depth }, |level| BlockKind::Heading { level });
            return self.composer.push(kind, line, anchor);
        }
        let typed = marker::marker(line.text());
        let number = typed.as_ref().and_then(|m| m.number().map(str::to_owned));
        let is_bullet = typed.is_some() && number.is_none();
        let level = match paragraph.letters.are_bold() && !is_bullet {
            true => self.headings.level_of_bold_line(line.text(), number.as_deref(), self.composer),
            false => None,
        };
        let kind = match (level, &typed) {
            (Some(level), _) => BlockKind::Heading { level },
            (None, Some(typed)) => BlockKind::ListItem { depth: typed.parts().saturating_sub(1) },
            (None, None) => BlockKind::Paragraph,
        };
        if let Some(typed) = typed {
            line.cut_front(typed.bytes);
        }
        anchor.number = number;
        self.composer.push(kind, line, anchor)
    }

    fn list(&mut self, nodes: &mut Nodes<'_>, style: Option<String>, continues: bool) -> Result<(), XmlFault> {
        let style = style.or_else(|| self.lists.last().and_then(|list| list.style.clone()));
        let level = self.lists.len();
        if level == 0
            && !continues
            && let Some(style) = &style
        {
            self.list_values.remove(style);
        }
        self.lists.push(List { style, fresh: None });
        let outcome = self.items(nodes, level);
        self.lists.pop();
        if level == 0 && self.collecting == 0 && self.format != Format::Odt {
            self.composer.end_lists(0);
        }
        outcome
    }

    fn items(&mut self, nodes: &mut Nodes<'_>, level: usize) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        while nodes.depth() > outside && self.composer.bound().is_none() {
            match nodes.next()? {
                Node::Open(element) if matches!(element.name(), "list-item" | "list-header") => {
                    let counts = element.name() == "list-item";
                    let restart = element.attribute("start-value").and_then(|v| v.parse::<u32>().ok());
                    drop(element);
                    self.open_item(level, counts, restart);
                    self.blocks(nodes)?;
                }
                Node::Open(element) => {
                    drop(element);
                    nodes.skip()?;
                }
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }

    /// An item that only holds a list of its own is not counted: it is there to reach the next level.
    fn open_item(&mut self, level: usize, counts: bool, restart: Option<u32>) {
        let Some(list) = self.lists.last_mut() else { return };
        let Some(style) = list.style.clone().filter(|_| counts) else {
            list.fresh = Some(None);
            return;
        };
        let start = restart.unwrap_or_else(|| self.styles.start(Some(&style), level));
        let values = self.list_values.entry(style.clone()).or_default();
        count(values, level, start, restart.is_some());
        list.fresh = Some(self.styles.number(Some(&style), level, values));
    }

    fn slide(&mut self, nodes: &mut Nodes<'_>) -> Result<(), XmlFault> {
        self.slide += 1;
        self.composer.set_pages(self.slide);
        self.blocks(nodes)
    }

    fn tracked_changes(&mut self, nodes: &mut Nodes<'_>) -> Result<(), XmlFault> {
        let outside = nodes.depth() - 1;
        let mut region = String::new();
        while nodes.depth() > outside {
            match nodes.next()? {
                Node::Open(element) => match element.name() {
                    "changed-region" => {
                        region = element.attribute("id").map(|v| v.into_owned()).unwrap_or_default();
                    }
                    "insertion" => {
                        self.counts.insertions += 1;
                        self.insertions.insert(std::mem::take(&mut region));
                    }
                    "deletion" => {
                        self.counts.deletions += 1;
                        drop(element);
                        nodes.skip()?;
                    }
                    _ => {}
                },
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }

    /// The beginning or end of a tracked change.
    pub(super) fn change(&mut self, element: &Element<'_>) {
        if !element.attribute("change-id").is_some_and(|id| self.insertions.contains(id.as_ref())) {
            return;
        }
        match element.name() {
            "change-start" => self.inserting += 1,
            _ => self.inserting = self.inserting.saturating_sub(1),
        }
    }

    /// Ends the reading: the title where no style names it, and the last remarks.
    pub fn finish(self, title: Option<&str>) {
        if !self.has_title {
            self.opening.find_title(title, 0, self.composer);
        }
        if self.format == Format::Odt {
            self.composer.title_from_only_heading();
        }
        for (kind, count, detail) in [
            (HealthKind::TrackedDeletions, self.counts.deletions, say!("deletions")),
            (HealthKind::TrackedInsertions, self.counts.insertions, say!("insertions")),
            (HealthKind::HiddenText, self.counts.hidden, say!("hidden-runs")),
            (HealthKind::Placeholder, self.counts.placeholders, say!("placeholders")),
        ] {
            self.composer.remark(kind, count, detail);
        }
    }
}

/// What a `text:h` says about itself.
#[derive(Debug, Clone, Copy)]
struct Heading {
    level: u8,
    counts: bool,
    restart: Option<u32>,
}

/// Counts one level up; the levels below start again.
fn count(values: &mut Vec<u32>, level: usize, start: u32, restart: bool) {
    let level = level.min(15);
    if values.len() <= level {
        // Levels that were passed over stand at their first number.
        values.resize(level, 1);
        values.push(start);
        return;
    }
    values.truncate(level + 1);
    if let Some(value) = values.last_mut() {
        *value = if restart { start } else { value.saturating_add(1) };
    }
}
