//! Word's list numbers, computed as Word shows them (ECMA-376 part 1, section 17.9).

use std::collections::{HashMap, HashSet};

use super::super::numeral::numeral;
use super::super::xml::{Node, Nodes, XmlFault};

/// Levels of a list definition.
const LEVELS: usize = 9;

/// The list definitions of `numbering.xml`.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: HashMap<String, [Level; LEVELS]>,
    instances: HashMap<String, Instance>,
}

#[derive(Debug, Default)]
struct Instance {
    definition: String,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Level>; LEVELS],
}

#[derive(Debug, Clone, Default)]
struct Level {
    start: Option<u32>,
    format: String,
    text: String,
    /// Style of the paragraphs that take this level.
    style: Option<String>,
    /// All parts are shown as decimal numbers.
    legal: bool,
    /// The level never starts again after a higher one.
    never_restarts: bool,
}

/// Where the lists stand while the document is read.
#[derive(Debug, Default)]
pub(super) struct Counters {
    values: HashMap<String, [Option<u32>; LEVELS]>,
    started: HashSet<String>,
}

/// The number of one paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// As shown, without a final full stop; `None` for a bullet or a number that is not shown.
    pub shown: Option<String>,
    /// Whether the list counts upwards before it.
    pub first: bool,
}

impl Numbering {
    pub fn read(text: &str, depth: usize) -> Result<Numbering, XmlFault> {
        let mut nodes = Nodes::new(text, depth);
        let mut numbering = Numbering::default();
        let mut style_links: Vec<(String, String)> = Vec::new();
        let mut link_targets: HashMap<String, String> = HashMap::new();
        let mut definition: Option<(String, [Level; LEVELS])> = None;
        let mut instance: Option<(String, Instance)> = None;
        let mut overridden: Option<usize> = None;
        loop {
            match nodes.next()? {
                Node::Open(element) => {
                    let value = || element.attribute("val").map(|v| v.into_owned());
                    match element.name() {
                        "abstractNum" => {
                            let id = element.attribute("abstractNumId").unwrap_or_default().into_owned();
                            definition = Some((id, Default::default()));
                        }
                        "numStyleLink" => {
                            if let (Some((id, _)), Some(style)) = (&definition, value()) {
                                style_links.push((id.clone(), style));
                            }
                        }
                        "styleLink" => {
                            if let (Some((id, _)), Some(style)) = (&definition, value()) {
                                link_targets.insert(style, id.clone());
                            }
                        }
                        "num" => {
                            let id = element.attribute("numId").unwrap_or_default().into_owned();
                            instance = Some((id, Instance::default()));
                        }
                        "abstractNumId" => {
                            if let (Some((_, instance)), Some(id)) = (&mut instance, value()) {
                                instance.definition = id;
                            }
                        }
                        "lvlOverride" => overridden = element.attribute("ilvl").and_then(|l| l.parse().ok()),
                        "startOverride" => {
                            if let (Some((_, instance)), Some(level)) = (&mut instance, overridden)
                                && let Some(start) = instance.starts.get_mut(level)
                            {
                                *start = value().and_then(|v| v.parse().ok());
                            }
                        }
                        "lvl" => {
                            let index = element.attribute("ilvl").and_then(|l| l.parse::<usize>().ok());
                            drop(element);
                            let level = read_level(&mut nodes)?;
                            let Some(index) = index.filter(|index| *index < LEVELS) else { continue };
                            match (&mut definition, &mut instance) {
                                (_, Some((_, instance))) => instance.levels[index] = Some(level),
                                (Some((_, levels)), None) => levels[index] = level,
                                (None, None) => {}
                            }
                        }
                        _ => {}
                    }
                }
                Node::Close(end) => match end.name() {
                    "abstractNum" => numbering.definitions.extend(definition.take()),
                    "num" => numbering.instances.extend(instance.take()),
                    "lvlOverride" => overridden = None,
                    _ => {}
                },
                Node::Text(_) => {}
                Node::End => break,
            }
        }
        // A definition that only names a list style takes its levels from the one that defines the style.
        for (id, style) in style_links {
            if let Some(levels) = link_targets.get(&style).and_then(|target| numbering.definitions.get(target)) {
                let levels = levels.clone();
                numbering.definitions.insert(id, levels);
            }
        }
        Ok(numbering)
    }

    fn level(&self, instance: &str, level: usize) -> Option<&Level> {
        let instance = self.instances.get(instance)?;
        let own = instance.levels.get(level).and_then(Option::as_ref);
        own.or_else(|| self.definitions.get(&instance.definition).and_then(|levels| levels.get(level)))
    }

    /// The level of the list that paragraphs of this style take.
    pub fn level_of_style(&self, instance: &str, style: &str) -> Option<u8> {
        (0..LEVELS)
            .find(|level| self.level(instance, *level).is_some_and(|l| l.style.as_deref() == Some(style)))
            .map(|l| l as u8)
    }

    /// Counts one paragraph of the list up and gives its number; `None` where the list is not defined.
    pub fn next(&self, counters: &mut Counters, instance: &str, level: u8) -> Option<Number> {
        let level = (level as usize).min(LEVELS - 1);
        let definition = &self.instances.get(instance)?.definition;
        let starts = &self.instances.get(instance)?.starts;
        let values = counters.values.entry(definition.clone()).or_default();
        // A list that starts anew does so at its first paragraph only.
        if counters.started.insert(instance.to_owned()) {
            for (value, start) in values.iter_mut().zip(starts) {
                if start.is_some() {
                    *value = None;
                }
            }
        }
        let start = |level: usize| {
            starts.get(level).copied().flatten().or(self.level(instance, level).and_then(|l| l.start)).unwrap_or(1)
        };
        let first = values[level].is_none();
        values[level] = Some(values[level].map_or_else(|| start(level), |value| value.saturating_add(1)));
        for (upper, value) in values.iter_mut().enumerate().take(level) {
            value.get_or_insert_with(|| start(upper));
        }
        for (lower, value) in values.iter_mut().enumerate().skip(level + 1) {
            if !self.level(instance, lower).is_some_and(|l| l.never_restarts) {
                *value = None;
            }
        }
        let own = self.level(instance, level)?;
        if own.format == "bullet" || own.format == "none" && !own.text.contains('%') {
            return Some(Number { shown: None, first });
        }
        let mut shown = String::new();
        let mut characters = own.text.chars();
        while let Some(character) = characters.next() {
            if character != '%' {
                shown.push(character);
                continue;
            }
            let part = characters.next().and_then(|digit| digit.to_digit(10)).unwrap_or(0) as usize;
            let Some(index) = part.checked_sub(1).filter(|index| *index < LEVELS) else { continue };
            let value = values[index].unwrap_or_else(|| start(index));
            let format = self.level(instance, index).map_or("decimal", |l| l.format.as_str());
            shown.push_str(&numeral(value, if own.legal { "decimal" } else { format }));
        }
        let shown = shown.trim().trim_end_matches('.').trim_end().to_owned();
        Some(Number { shown: Some(shown).filter(|shown| !shown.is_empty()), first })
    }
}

fn read_level(nodes: &mut Nodes<'_>) -> Result<Level, XmlFault> {
    let mut level = Level { format: "decimal".to_owned(), ..Level::default() };
    let mut depth = 1_u32;
    while depth > 0 {
        match nodes.next()? {
            Node::Open(element) => {
                depth += 1;
                let value = || element.attribute("val").unwrap_or_default().into_owned();
                match element.name() {
                    "start" => level.start = value().parse().ok(),
                    "numFmt" => level.format = value(),
                    "lvlText" => level.text = value(),
                    "pStyle" => level.style = Some(value()),
                    "isLgl" => level.legal = !matches!(value().as_str(), "0" | "false"),
                    "lvlRestart" => level.never_restarts = value() == "0",
                    _ => {}
                }
            }
            Node::Close(_) => depth -= 1,
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    Ok(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: &str = r#"<w:numbering>
        <w:abstractNum w:abstractNumId="0">
          <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
          <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="H2"/><w:lvlText w:val="%1.%2"/></w:lvl>
          <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
        </w:abstractNum>
        <w:abstractNum w:abstractNumId="1">
          <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="x"/></w:lvl>
          <w:lvl w:ilvl="1"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Lot %2"/></w:lvl>
        </w:abstractNum>
        <w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>
        <w:num w:numId="6"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
        <w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>
      </w:numbering>"#;

    #[test]
    fn numbers_are_those_that_word_shows() {
        let numbering = Numbering::read(LISTS, 64).expect("the fixture is well-formed");
        let mut counters = Counters::default();
        for (list, level, want) in [
            ("5", 0, "1"),
            ("5", 1, "1.1"),
            ("5", 2, "a)"),
            ("5", 2, "b)"),
            ("5", 1, "1.2"),
            ("5", 2, "a)"),
            ("5", 0, "2"),
            ("5", 1, "2.1"),
            ("6", 0, "7"),
            ("6", 0, "8"),
            ("5", 0, "9"),
            ("7", 0, ""),
            ("7", 1, "Lot IV"),
        ] {
            let number = numbering.next(&mut counters, list, level).expect("the list is defined");
            assert_eq!(number.shown.unwrap_or_default(), want, "list {list} level {level}");
        }
        assert_eq!(numbering.next(&mut counters, "99", 0), None);
        assert_eq!(numbering.level_of_style("5", "H2"), Some(1));
    }
}
