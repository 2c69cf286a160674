//! Word's styles, as far as they say what a paragraph is (ECMA-376 part 1, section 17.7).

use std::collections::HashMap;

use super::super::style_role::{StyleRole, named};
use super::super::xml::{Element, Node, Nodes, XmlFault};
use crate::lang::Lang;

/// How deep styles may be based on one another.
const DEEPEST_BASE: usize = 16;

/// What a paragraph style says, with all that it inherits.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    pub role: Option<StyleRole>,
    /// Outline level, 0-based.
    pub outline: Option<u8>,
    pub list: Option<String>,
    pub list_level: Option<u8>,
    pub run: RunLook,
}

/// How a run looks, as far as it matters. `None`: as inherited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RunLook {
    pub bold: Option<bool>,
    pub hidden: Option<bool>,
    pub highlighted: Option<bool>,
    /// Size in half points.
    pub size: Option<u32>,
    pub language: Option<Lang>,
    /// Character style.
    pub style: Option<String>,
}

impl RunLook {
    /// This look where it says something, else the other.
    pub fn over(self, below: &RunLook) -> RunLook {
        RunLook {
            bold: self.bold.or(below.bold),
            hidden: self.hidden.or(below.hidden),
            highlighted: self.highlighted.or(below.highlighted),
            size: self.size.or(below.size),
            language: self.language.or(below.language),
            style: self.style.or_else(|| below.style.clone()),
        }
    }
}

/// The styles of `styles.xml`, resolved.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    default_paragraph: Option<String>,
    /// The look of text that no style touches.
    pub base: RunLook,
}

#[derive(Debug, Default)]
struct RawStyle {
    based_on: Option<String>,
    style: Style,
}

impl Styles {
    pub fn read(text: &str, depth: usize) -> Result<Styles, XmlFault> {
        let mut nodes = Nodes::new(text, depth);
        let mut raw: HashMap<String, RawStyle> = HashMap::new();
        let mut styles = Styles::default();
        let mut current: Option<(String, RawStyle)> = None;
        loop {
            match nodes.next()? {
                Node::Open(element) => match element.name() {
                    "style" => {
                        let id = element.attribute("styleId").unwrap_or_default().into_owned();
                        let is_default = element.attribute("default").is_some_and(|v| v == "1" || v == "true");
                        if is_default && element.attribute("type").is_some_and(|t| t == "paragraph") {
                            styles.default_paragraph = Some(id.clone());
                        }
                        current = Some((id, RawStyle::default()));
                    }
                    "rPr" => {
                        drop(element);
                        let look = read_run_look(&mut nodes)?;
                        match &mut current {
                            Some((_, raw)) => raw.style.run = look,
                            None => styles.base = look,
                        }
                    }
                    "name" => {
                        if let (Some((_, raw)), Some(name)) = (&mut current, element.attribute("val")) {
                            let said = named(&name);
                            raw.style.role = said.role.or(raw.style.role);
                            raw.style.outline = raw.style.outline.or(said.outline);
                        }
                    }
                    "basedOn" => {
                        if let Some((_, raw)) = &mut current {
                            raw.based_on = element.attribute("val").map(|v| v.into_owned());
                        }
                    }
                    "outlineLvl" => {
                        if let Some((_, raw)) = &mut current {
                            raw.style.outline = level_value(&element);
                        }
                    }
                    "numId" => {
                        if let Some((_, raw)) = &mut current {
                            raw.style.list = element.attribute("val").map(|v| v.into_owned());
                        }
                    }
                    "ilvl" => {
                        if let Some((_, raw)) = &mut current {
                            raw.style.list_level = level_value(&element);
                        }
                    }
                    // Looks for parts of tables are no look of the style itself.
                    "tblStylePr" | "latentStyles" => {
                        drop(element);
                        nodes.skip()?;
                    }
                    _ => {}
                },
                Node::Close(end) if end.name() == "style" => raw.extend(current.take()),
                Node::End => break,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        styles.by_id = raw.keys().map(|id| (id.clone(), resolve(&raw, id))).collect();
        Ok(styles)
    }

    /// The style of that id, or the one that paragraphs have by default.
    pub fn paragraph(&self, id: Option<&str>) -> Option<&Style> {
        id.and_then(|id| self.by_id.get(id))
            .or_else(|| self.default_paragraph.as_deref().and_then(|id| self.by_id.get(id)))
    }

    pub fn character(&self, id: &str) -> Option<&Style> {
        self.by_id.get(id)
    }
}

fn resolve(raw: &HashMap<String, RawStyle>, id: &str) -> Style {
    let mut resolved = Style::default();
    let mut next = Some(id);
    for _ in 0..DEEPEST_BASE {
        let Some(own) = next.and_then(|id| raw.get(id)) else { break };
        resolved.role = resolved.role.or(own.style.role);
        resolved.outline = resolved.outline.or(own.style.outline);
        if resolved.list.is_none() {
            resolved.list.clone_from(&own.style.list);
        }
        resolved.list_level = resolved.list_level.or(own.style.list_level);
        resolved.run = resolved.run.over(&own.style.run);
        next = own.based_on.as_deref();
    }
    resolved
}

/// Whether an on/off property is on (ST_OnOff): there, and not said to be off.
pub(super) fn is_on(element: &Element<'_>) -> bool {
    !element.attribute("val").is_some_and(|v| matches!(v.as_ref(), "0" | "false" | "off" | "none"))
}

/// A level from 0 to 8; 9 means body text.
pub(super) fn level_value(element: &Element<'_>) -> Option<u8> {
    element.attribute("val").and_then(|v| v.parse().ok())
}

/// Reads a run's properties; the opening tag was read.
pub(super) fn read_run_look(nodes: &mut Nodes<'_>) -> Result<RunLook, XmlFault> {
    let mut look = RunLook::default();
    let mut depth = 1_u32;
    while depth > 0 {
        match nodes.next()? {
            Node::Open(element) => {
                depth += 1;
                match element.name() {
                    "b" => look.bold = Some(is_on(&element)),
                    "vanish" | "specVanish" => look.hidden = Some(is_on(&element)),
                    "highlight" => look.highlighted = Some(is_on(&element)),
                    "sz" => look.size = element.attribute("val").and_then(|v| v.parse().ok()),
                    "lang" => look.language = element.attribute("val").and_then(|v| Lang::from_tag(&v)),
                    "rStyle" => look.style = element.attribute("val").map(|v| v.into_owned()),
                    // The look that a tracked change replaced.
                    "rPrChange" => {
                        drop(element);
                        nodes.skip()?;
                        depth -= 1;
                    }
                    _ => {}
                }
            }
            Node::Close(_) => depth -= 1,
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    Ok(look)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_inherit_and_built_in_names_speak() {
        let styles = Styles::read(
            r#"<w:styles>
              <w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault></w:docDefaults>
              <w:style w:type="paragraph" w:styleId="Titre1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
              <w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="Titre1"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
              <w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>
              <w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
            </w:styles>"#,
            64,
        )
        .expect("the fixture is well-formed");
        let mine = styles.paragraph(Some("Mine")).expect("the style is there");
        assert_eq!((mine.outline, mine.list.as_deref(), mine.list_level), (Some(0), Some("3"), Some(1)));
        assert_eq!(mine.run.bold, Some(true));
        assert_eq!(styles.base.language, Some("fr".parse().expect("a code")));
        assert_eq!(styles.paragraph(Some("T")).and_then(|s| s.role), Some(StyleRole::Title));
        assert!(styles.paragraph(Some("Loop")).is_some());
    }
}
