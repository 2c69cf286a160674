//! From the parser's events to the tree.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag};

use super::{Comment, Content, Entry, MAX_BYTES, MAX_DEPTH, MAX_EXPANDED, MAX_NODES, Place, Yaml, YamlError};

pub(super) fn parse(text: &str) -> Result<Yaml<'_>, YamlError> {
    if text.len() > MAX_BYTES {
        return Err(over_limit(format!("larger than {} MiB", MAX_BYTES >> 20), 1, 1));
    }
    let options = granit_parser::options! {
        // The bound that counts is MAX_DEPTH on the finished tree; this one keeps the parser's own stack small.
        flow_nesting_limit: MAX_DEPTH as usize,
        block_nesting_limit: MAX_DEPTH as usize,
        max_buffered_comment_events: 100_000,
    };
    let mut builder = Builder { text, ..Builder::default() };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| syntax(&error))?;
        builder.take(event, &span)?;
    }
    Ok(builder.yaml)
}

fn syntax(error: &ScanError) -> YamlError {
    YamlError {
        reason: error.info(),
        over_limit: false,
        line: at_least_one(error.marker().line()),
        column: one_based(error.marker().col()),
    }
}

fn over_limit(reason: String, line: u32, column: u32) -> YamlError {
    YamlError { reason, over_limit: true, line, column }
}

fn at_least_one(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX).max(1)
}

fn one_based(column: usize) -> u32 {
    u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1)
}

fn place(start: &Marker, end: &Marker) -> Place {
    // A parser over a string always knows its byte offsets.
    let start_byte = start.byte_offset().unwrap_or_default();
    Place {
        bytes: start_byte..end.byte_offset().unwrap_or(start_byte).max(start_byte),
        line: at_least_one(start.line()),
        column: one_based(start.col()),
        end_line: at_least_one(end.line()),
        end_column: one_based(end.col()),
    }
}

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    yaml: Yaml<'t>,
    open: Vec<Open>,
    anchors: HashMap<usize, u32>,
    /// Expanded nodes of the documents read so far.
    expanded: u64,
}

/// A collection whose end has not come yet.
struct Open {
    id: u32,
    /// The key that waits for its value, in a mapping.
    key: Option<u32>,
}

impl<'t> Builder<'t> {
    fn take(&mut self, event: Event<'t>, span: &Span) -> Result<(), YamlError> {
        let place = place(&span.start, &span.end);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = matches!(style, ScalarStyle::Plain);
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let place = if block { self.without_next_indent(place) } else { place };
                // The parser writes `~` for a value that is not there.
                let text = if plain && span.is_empty() { Cow::Borrowed("") } else { text };
                let id = self.add(Content::Scalar { text, plain }, anchor, tag, place)?;
                self.close(id, 1, 1)
            }
            Event::SequenceStart(style, anchor, tag) => {
                let flow = style == StructureStyle::Flow;
                let id = self.add(Content::Sequence { items: Vec::new(), flow }, anchor, tag, place)?;
                self.open.push(Open { id, key: None });
                Ok(())
            }
            Event::MappingStart(style, anchor, tag) => {
                let flow = style == StructureStyle::Flow;
                let id = self.add(Content::Mapping { entries: Vec::new(), flow }, anchor, tag, place)?;
                self.open.push(Open { id, key: None });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.end_collection(place),
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::Comment(text, _) => {
                self.yaml.comments.push(Comment { text, place });
                Ok(())
            }
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            // Starts and ends of stream and document; what else there is must be asked for in the options.
            _ => Ok(()),
        }
    }

    /// A block scalar ends after its last line break, not after the indentation of what follows.
    fn without_next_indent(&self, mut place: Place) -> Place {
        let text = self.text.get(place.bytes.clone()).unwrap_or_default();
        let indent = text.len() - text.trim_end_matches(' ').len();
        if indent > 0 && text[..text.len() - indent].ends_with('\n') {
            place.bytes.end -= indent;
            place.end_column = 1;
        }
        place
    }

    fn add(
        &mut self,
        content: Content<'t>,
        anchor: usize,
        tag: Option<Cow<'t, Tag>>,
        place: Place,
    ) -> Result<u32, YamlError> {
        if self.yaml.nodes.len() >= MAX_NODES {
            return Err(over_limit(format!("more than {MAX_NODES} nodes"), place.line, place.column));
        }
        // Fits: MAX_NODES is far below 2^32.
        let id = self.yaml.nodes.len() as u32;
        let tag = tag.map(|tag| format!("{}{}", tag.handle(), tag.suffix()));
        self.yaml.nodes.push(Entry { content, tag, place, expanded: 0, height: 0, aliased: false });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        Ok(id)
    }

    fn alias(&mut self, anchor: usize, place: Place) -> Result<(), YamlError> {
        let target = self.anchors.get(&anchor).copied();
        let Some((target, entry)) = target.map(|id| (id, &self.yaml.nodes[id as usize])) else {
            return Err(YamlError {
                reason: "alias without its anchor".to_owned(),
                over_limit: false,
                line: place.line,
                column: place.column,
            });
        };
        if entry.expanded == 0 {
            return Err(over_limit("an alias stands inside what it refers to".to_owned(), place.line, place.column));
        }
        let (expanded, height) = (entry.expanded, entry.height);
        self.yaml.nodes[target as usize].aliased = true;
        let id = self.add(Content::Alias(target), 0, None, place)?;
        self.close(id, expanded.saturating_add(1), height)
    }

    fn end_collection(&mut self, end: Place) -> Result<(), YamlError> {
        // The parser balances its events, so there is always one open.
        let Some(Open { id, .. }) = self.open.pop() else { return Ok(()) };
        let entry = &self.yaml.nodes[id as usize];
        let (children, flow): (Vec<u32>, bool) = match &entry.content {
            Content::Sequence { items, flow } => (items.clone(), *flow),
            Content::Mapping { entries, flow } => {
                (entries.iter().flat_map(|&(key, value)| [key, value]).collect(), *flow)
            }
            Content::Scalar { .. } | Content::Alias(_) => (Vec::new(), true),
        };
        let (mut expanded, mut height) = (1u64, 1);
        for child in &children {
            let child = &self.yaml.nodes[*child as usize];
            expanded = expanded.saturating_add(child.expanded);
            height = height.max(child.height + 1);
        }
        // A block collection's end event stands at the token that follows; it ends with its last child.
        let last = children.last().map(|last| self.yaml.nodes[*last as usize].place.clone()).filter(|_| !flow);
        let end = last.unwrap_or(end);
        let place = &mut self.yaml.nodes[id as usize].place;
        place.bytes.end = end.bytes.end.max(place.bytes.start);
        (place.end_line, place.end_column) = (end.end_line, end.end_column);
        self.close(id, expanded, height)
    }

    /// A node is complete: measure it and hand it to its parent.
    fn close(&mut self, id: u32, expanded: u64, height: u32) -> Result<(), YamlError> {
        let entry = &mut self.yaml.nodes[id as usize];
        let (line, column) = (entry.place.line, entry.place.column);
        entry.expanded = expanded;
        entry.height = height;
        if height > MAX_DEPTH {
            return Err(over_limit(format!("nested deeper than {MAX_DEPTH} levels"), line, column));
        }
        if expanded.saturating_add(self.expanded) > MAX_EXPANDED {
            return Err(over_limit(
                format!("more than {MAX_EXPANDED} nodes with its aliases written out"),
                line,
                column,
            ));
        }
        let Some(parent) = self.open.last_mut() else {
            self.expanded = self.expanded.saturating_add(expanded);
            self.yaml.documents.push(id);
            return Ok(());
        };
        match (&mut self.yaml.nodes[parent.id as usize].content, parent.key.take()) {
            (Content::Sequence { items, .. }, _) => items.push(id),
            (Content::Mapping { entries, .. }, Some(key)) => entries.push((key, id)),
            (Content::Mapping { .. }, None) => parent.key = Some(id),
            // Only collections are ever open.
            (Content::Scalar { .. } | Content::Alias(_), _) => {}
        }
        Ok(())
    }
}
