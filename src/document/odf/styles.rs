//! OpenDocument styles and list styles, as far as they say what a paragraph is (ODF 1.3 part 3, sections 16
//! and 19).

use std::collections::HashMap;

use super::super::numeral::numeral;
use super::super::xml::{Element, Node, Nodes, XmlFault};
use crate::lang::Lang;

/// How deep styles may be based on one another.
const DEEPEST_PARENT: usize = 16;
/// Levels of a list style.
const LEVELS: usize = 10;

/// How text looks. `None`: as inherited.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Look {
    pub bold: Option<bool>,
    pub hidden: Option<bool>,
    pub highlighted: Option<bool>,
    /// Size in half points.
    pub size: Option<u32>,
    pub language: Option<Lang>,
}

impl Look {
    pub fn over(self, below: Look) -> Look {
        Look {
            bold: self.bold.or(below.bold),
            hidden: self.hidden.or(below.hidden),
            highlighted: self.highlighted.or(below.highlighted),
            size: self.size.or(below.size),
            language: self.language.or(below.language),
        }
    }
}

/// Built-in paragraph styles that say what a paragraph is. Their names are English in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Contents,
    Caption,
    Code,
}

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    role: Option<Role>,
    look: Look,
    shaded: bool,
    /// The section, sheet, row or column is not shown.
    invisible: bool,
}

/// One level of a list style.
#[derive(Debug, Clone, Default)]
struct Level {
    bullet: bool,
    format: String,
    prefix: String,
    suffix: String,
    start: u32,
    /// How many levels the number shows.
    shown_levels: usize,
}

/// The styles of `styles.xml` and `content.xml` together.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// By family and name.
    styles: HashMap<(String, String), Style>,
    lists: HashMap<String, [Level; LEVELS]>,
    outline: [Level; LEVELS],
    pub base: Look,
}

impl Styles {
    /// Reads the styles of a part, passing over its text.
    pub fn read(&mut self, text: &str, depth: usize) -> Result<(), XmlFault> {
        let mut nodes = Nodes::new(text, depth);
        let mut current: Option<((String, String), Style)> = None;
        let mut list: Option<(Option<String>, [Level; LEVELS])> = None;
        let mut in_default = false;
        loop {
            match nodes.next()? {
                Node::Open(element) => match element.name() {
                    "body" | "master-styles" => nodes_skip(&mut nodes, element)?,
                    "default-style" => in_default = element.attribute("family").is_some_and(|f| f == "paragraph"),
                    "style" => current = Some(read_style(&element)),
                    "text-properties" => {
                        let look = read_look(&element);
                        match &mut current {
                            Some((_, style)) => style.look = look.over(style.look),
                            None if in_default => self.base = look.over(self.base),
                            None => {}
                        }
                    }
                    "table-cell-properties" | "paragraph-properties" => {
                        if let Some((_, style)) = &mut current {
                            style.shaded |= has_colour(&element);
                        }
                    }
                    "table-properties" | "section-properties" => {
                        if let Some((_, style)) = &mut current {
                            style.invisible |=
                                element.attribute("display").is_some_and(|d| d == "false" || d == "none");
                        }
                    }
                    "list-style" => {
                        list = Some((element.attribute("name").map(|n| n.into_owned()), Default::default()));
                    }
                    "outline-style" => list = Some((None, Default::default())),
                    "list-level-style-number"
                    | "list-level-style-bullet"
                    | "list-level-style-image"
                    | "outline-level-style" => {
                        if let Some((_, levels)) = &mut list {
                            read_level(&element, levels);
                        }
                    }
                    _ => {}
                },
                Node::Close(end) => match end.name() {
                    "style" => self.styles.extend(current.take()),
                    "default-style" => in_default = false,
                    "list-style" | "outline-style" => match list.take() {
                        Some((Some(name), levels)) => {
                            self.lists.insert(name, levels);
                        }
                        Some((None, levels)) => self.outline = levels,
                        None => {}
                    },
                    _ => {}
                },
                Node::Text(_) => {}
                Node::End => return Ok(()),
            }
        }
    }

    fn chain<'a>(&'a self, family: &'a str, name: Option<&str>) -> impl Iterator<Item = &'a Style> {
        let first = name.and_then(|name| self.styles.get(&(family.to_owned(), name.to_owned())));
        std::iter::successors(first, move |style| {
            let parent = style.parent.as_deref()?;
            self.styles.get(&(family.to_owned(), parent.to_owned()))
        })
        .take(DEEPEST_PARENT)
    }

    /// How text of a style looks, with all that the style inherits, but without the defaults.
    pub fn look(&self, family: &str, name: Option<&str>) -> Look {
        self.chain(family, name).fold(Look::default(), |look, style| look.over(style.look))
    }

    pub fn role(&self, name: Option<&str>) -> Option<Role> {
        // A built-in style need not be defined where it is used.
        name.and_then(role_of).or_else(|| {
            self.chain("paragraph", name)
                .find_map(|style| style.role.or_else(|| style.parent.as_deref().and_then(role_of)))
        })
    }

    pub fn is_shaded(&self, family: &str, name: Option<&str>) -> bool {
        self.chain(family, name).any(|style| style.shaded)
    }

    pub fn is_invisible(&self, family: &str, name: Option<&str>) -> bool {
        self.chain(family, name).any(|style| style.invisible)
    }

    /// The number of the item at `level` (0-based) of a list, as shown without a final full stop; `None` for a
    /// bullet. `None` as the list means the numbering of headings.
    pub fn number(&self, list: Option<&str>, level: usize, values: &[u32]) -> Option<String> {
        let levels = match list {
            Some(name) => self.lists.get(name)?,
            None => &self.outline,
        };
        let level = level.min(LEVELS - 1);
        let own = levels.get(level)?;
        if own.bullet || own.format.is_empty() {
            return None;
        }
        let first = (level + 1).saturating_sub(own.shown_levels.max(1));
        let parts: Vec<String> = (first..=level)
            .filter_map(|index| {
                let part = levels.get(index)?;
                let value = values.get(index).copied().unwrap_or(1);
                (!part.format.is_empty() && !part.bullet).then(|| numeral(value, &part.format))
            })
            .collect();
        let shown = format!("{}{}{}", own.prefix, parts.join("."), own.suffix);
        let shown = shown.trim().trim_end_matches('.').trim_end().to_owned();
        (!shown.is_empty()).then_some(shown)
    }

    /// The number with which a level of a list starts.
    pub fn start(&self, list: Option<&str>, level: usize) -> u32 {
        let levels = match list {
            Some(name) => self.lists.get(name),
            None => Some(&self.outline),
        };
        levels.and_then(|levels| levels.get(level)).map_or(1, |level| level.start.max(1))
    }
}

fn nodes_skip(nodes: &mut Nodes<'_>, element: Element<'_>) -> Result<(), XmlFault> {
    drop(element);
    nodes.skip()
}

fn read_style(element: &Element<'_>) -> ((String, String), Style) {
    let own = |name: &str| element.attribute(name).map(|v| v.into_owned());
    let name = own("name").unwrap_or_default();
    let style = Style { parent: own("parent-style-name"), role: role_of(&name), ..Style::default() };
    ((own("family").unwrap_or_default(), name), style)
}

fn role_of(name: &str) -> Option<Role> {
    Some(match name {
        "Title" => Role::Title,
        "Preformatted_20_Text" | "Source_20_Code" => Role::Code,
        "Caption" | "Illustration" | "Table" | "Figure" | "Drawing" => Role::Caption,
        _ if name.starts_with("Contents_20_") || name.starts_with("Index_20_") => Role::Contents,
        _ => return None,
    })
}

fn has_colour(element: &Element<'_>) -> bool {
    element.attribute("background-color").is_some_and(|c| c != "transparent" && !c.eq_ignore_ascii_case("#ffffff"))
}

fn read_look(element: &Element<'_>) -> Look {
    Look {
        bold: element.attribute("font-weight").map(|w| w == "bold" || w.parse::<u32>().is_ok_and(|w| w >= 600)),
        hidden: element.attribute("display").map(|d| d == "none"),
        highlighted: element.attribute("background-color").map(|c| c != "transparent"),
        size: element
            .attribute("font-size")
            .and_then(|size| size.strip_suffix("pt").and_then(|points| points.parse::<f32>().ok()))
            .map(|points| (points * 2.0) as u32),
        language: element.attribute("language").and_then(|l| Lang::from_tag(&l)),
    }
}

fn read_level(element: &Element<'_>, levels: &mut [Level; LEVELS]) {
    let own = |name: &str| element.attribute(name).map(|v| v.into_owned());
    let index = own("level").and_then(|level| level.parse::<usize>().ok()).and_then(|level| level.checked_sub(1));
    let Some(level) = index.and_then(|index| levels.get_mut(index)) else { return };
    let format = match own("num-format").as_deref() {
        Some("1") => "decimal",
        Some("a") => "lowerLetter",
        Some("A") => "upperLetter",
        Some("i") => "lowerRoman",
        Some("I") => "upperRoman",
        _ => "",
    };
    *level = Level {
        bullet: matches!(element.name(), "list-level-style-bullet" | "list-level-style-image"),
        format: format.to_owned(),
        prefix: own("num-prefix").unwrap_or_default(),
        suffix: own("num-suffix").unwrap_or_default(),
        start: own("start-value").and_then(|start| start.parse().ok()).unwrap_or(1),
        shown_levels: own("display-levels").and_then(|levels| levels.parse().ok()).unwrap_or(1),
    };
}
