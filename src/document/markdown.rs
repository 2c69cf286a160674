//! Markdown (CommonMark with GitHub's tables, footnotes and strikethrough), with HTML inside it.

use std::sync::Arc;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::compose::Composer;
use super::encoding;
use super::flow::{Attributes, Flow};
use super::html;
use super::limits::Limits;
use super::line::Line;
use super::model::{Anchor, BlockKind, Document, Format, HealthKind, NotRead};
use crate::lang::Lang;
use crate::saying::say;

/// Reads a Markdown file.
pub(super) fn read(bytes: &[u8], uri: &str, member: Option<&str>, limits: &Limits) -> Result<Document, NotRead> {
    let decoded = encoding::decode(bytes, None)
        .map_err(|error| NotRead::new(uri, member, error.said(), say!("do-save-as-text")))?;
    let source: Arc<str> = decoded.text.into();
    let mut composer = Composer::new(limits);
    if let Some(encoding) = decoded.guessed {
        composer.remark(HealthKind::Encoding, 1, say!("encoding", encoding = encoding));
    }
    feed(&mut composer, &source);
    composer.title_from_only_heading();
    Ok(composer.finish(uri, member, Format::Markdown, Some(source)))
}

fn feed(composer: &mut Composer, source: &str) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    let mut flow = Flow::new(composer);
    let none = Attributes::default();
    let mut in_html_block = false;
    let mut in_metadata = false;
    let mut in_table_head = false;
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        if flow.is_over() {
            break;
        }
        let start = range.start;
        match event {
            Event::Start(Tag::HtmlBlock) => {
                in_html_block = true;
                flow.flush();
                html::feed(&mut flow, source.get(range).unwrap_or_default(), start);
            }
            Event::End(TagEnd::HtmlBlock) => in_html_block = false,
            Event::Html(_) if in_html_block => {}
            Event::Html(_) | Event::InlineHtml(_) => {
                html::feed(&mut flow, source.get(range).unwrap_or_default(), start);
            }
            Event::Start(Tag::MetadataBlock(_)) => {
                in_metadata = true;
                front_matter(flow.composer(), source.get(range).unwrap_or_default(), start);
            }
            Event::End(TagEnd::MetadataBlock(_)) => in_metadata = false,
            Event::Text(_) if in_metadata => {}
            Event::Start(tag) => {
                if matches!(tag, Tag::TableHead) {
                    in_table_head = true;
                    flow.open("tr", &none, start);
                }
                if let Some((name, attributes)) = element(&tag, in_table_head) {
                    flow.open(name, &attributes, start);
                }
            }
            Event::End(end) => {
                if let Some(name) = end_element(end, in_table_head) {
                    flow.close(name);
                }
                if end == TagEnd::TableHead {
                    in_table_head = false;
                    flow.close("tr");
                }
            }
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                text_event(&mut flow, source, &text, start);
            }
            Event::Code(text) => {
                flow.open("code", &none, start);
                // The text stands inside the backticks.
                let inside = source.get(range.clone()).and_then(|raw| raw.find(text.as_ref())).unwrap_or(0);
                text_event(&mut flow, source, &text, start + inside);
                flow.close("code");
            }
            Event::SoftBreak => flow.text_for(" ", start),
            Event::HardBreak => flow.open("br", &none, start),
            Event::Rule => flow.open("hr", &none, start),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }
    flow.finish();
}

/// Text is fed as it stands in the file where it stands there so.
fn text_event(flow: &mut Flow<'_>, source: &str, text: &str, start: usize) {
    if source.get(start..start + text.len()) == Some(text) {
        flow.text(text, start);
    } else {
        flow.text_for(text, start);
    }
}

/// The HTML element that a Markdown construct stands for.
fn element(tag: &Tag<'_>, in_table_head: bool) -> Option<(&'static str, Attributes)> {
    let with = |name: &str, value: &str| Attributes(vec![(name.to_owned(), value.to_owned())]);
    let plain = Attributes::default;
    Some(match tag {
        Tag::Paragraph => ("p", plain()),
        Tag::Heading { level, .. } => (heading(*level as usize), plain()),
        Tag::BlockQuote(_) => ("blockquote", plain()),
        Tag::CodeBlock(_) => ("pre", plain()),
        Tag::List(None) => ("ul", plain()),
        Tag::List(Some(first)) => ("ol", with("start", &first.to_string())),
        Tag::Item => ("li", plain()),
        Tag::FootnoteDefinition(_) => ("footnote", plain()),
        Tag::DefinitionList => ("dl", plain()),
        Tag::DefinitionListTitle => ("dt", plain()),
        Tag::DefinitionListDefinition => ("dd", plain()),
        Tag::Table(_) => ("table", plain()),
        Tag::TableRow => ("tr", plain()),
        Tag::TableCell if in_table_head => ("th", plain()),
        Tag::TableCell => ("td", plain()),
        Tag::Strong => ("strong", plain()),
        Tag::Strikethrough => ("del", plain()),
        Tag::Link { dest_url, .. } => ("a", with("href", dest_url)),
        Tag::Emphasis | Tag::Superscript | Tag::Subscript | Tag::Image { .. } => return None,
        Tag::TableHead | Tag::HtmlBlock | Tag::MetadataBlock(_) => return None,
    })
}

fn end_element(end: TagEnd, in_table_head: bool) -> Option<&'static str> {
    Some(match end {
        TagEnd::Paragraph => "p",
        TagEnd::Heading(level) => heading(level as usize),
        TagEnd::BlockQuote(_) => "blockquote",
        TagEnd::CodeBlock => "pre",
        TagEnd::List(false) => "ul",
        TagEnd::List(true) => "ol",
        TagEnd::Item => "li",
        TagEnd::FootnoteDefinition => "footnote",
        TagEnd::DefinitionList => "dl",
        TagEnd::DefinitionListTitle => "dt",
        TagEnd::DefinitionListDefinition => "dd",
        TagEnd::Table => "table",
        TagEnd::TableRow => "tr",
        TagEnd::TableCell if in_table_head => "th",
        TagEnd::TableCell => "td",
        TagEnd::Strong => "strong",
        TagEnd::Strikethrough => "del",
        TagEnd::Link => "a",
        TagEnd::Emphasis | TagEnd::Superscript | TagEnd::Subscript | TagEnd::Image => return None,
        TagEnd::TableHead | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => return None,
    })
}

fn heading(level: usize) -> &'static str {
    ["h1", "h2", "h3", "h4", "h5", "h6"].get(level.saturating_sub(1)).copied().unwrap_or("h6")
}

/// The title and language of YAML or TOML front matter; the rest of it is no text of the document.
fn front_matter(composer: &mut Composer, text: &str, base: usize) {
    let mut offset = base;
    for raw in text.split_inclusive('\n') {
        let line_start = offset;
        offset += raw.len();
        let Some((key, value)) = raw.split_once([':', '=']) else { continue };
        let trimmed = value.trim().trim_matches(['"', '\'']);
        match key.trim() {
            "title" if !trimmed.is_empty() => {
                let at = value.find(trimmed).unwrap_or(0);
                let mut line = Line::default();
                line.push_at(trimmed, line_start + key.len() + 1 + at);
                composer.push(BlockKind::Title, line, Anchor::default());
            }
            "lang" | "language" => composer.declare_language(Lang::from_tag(trimmed)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shown::{check, check_marks, check_source};
    use super::*;

    fn markdown(text: &str) -> Document {
        read(text.as_bytes(), "t.md", None, &Limits::default()).expect("the fixture can be read")
    }

    #[test]
    fn headings_lists_and_code_become_blocks() {
        check(
            &markdown(
                "# Tender\n\nIntro\nwraps.\n\n## 2.1 Needs\n\nIt must:\n\n1. run\n   - fast\n2. stop\n\n```\nmake\n```\n\n> quoted\n",
            ),
            &[
                "Title Tender",
                "p Intro wraps.",
                "h2 2.1 Needs",
                "p It must: [<Needs]",
                "li0 1 run [<Needs] [lead It]",
                "li1 fast [<Needs] [lead run]",
                "li0 2 stop [<Needs] [lead It]",
                "Code make [<Needs]",
                "p quoted [<Needs]",
            ],
        );
    }

    #[test]
    fn tables_of_both_kinds_have_heads() {
        let want = ["td Item", "td Need", "td Disk [col Item]", "td must [row Disk] [col Need]"];
        check(&markdown("| Item | Need |\n|---|---|\n| Disk | must |\n"), &want);
        check(
            &markdown(
                "<table>\n<tr><th>Item</th>\n\n<th>Need</th></tr>\n<tr><td>Disk</td><td>must</td></tr>\n</table>\n",
            ),
            &want,
        );
    }

    #[test]
    fn inline_constructs_are_marked_and_lead_back() {
        let text = "---\ntitle: \"The deal\"\nlang: nl\n---\nUse `acquis check` or [this *site*](http://x/) &amp; ~~old~~ \\*<b>bold</b>[^1]\n\n[^1]: A note.\n";
        let document = markdown(text);
        check(&document, &["Title The deal", "p Use acquis check or this site & *bold", "Footnote A note."]);
        check_marks(&document, &[("acquis check", "code"), ("this site", "link http://x/")]);
        check_source(
            &document,
            &[
                ("The deal", "The deal\""),
                ("acquis", "acquis check`"),
                ("site", "site*"),
                ("bold", "bold</b>"),
                ("A note", "A note"),
            ],
        );
        assert_eq!(document.language, "nl".parse().ok());
    }
}
