//! HTML, and HTML inside Markdown.

use std::convert::Infallible;
use std::sync::Arc;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Spanned, StartTag, State, Token, Tokenizer};

use super::compose::Composer;
use super::encoding;
use super::flow::{Attributes, Flow};
use super::limits::Limits;
use super::model::{Document, Format, HealthKind, NotRead};
use crate::saying::say;

/// The longest name of an entity, with `&` and `;`.
const ENTITY_BYTES: usize = 40;

/// Reads an HTML file.
pub(super) fn read(bytes: &[u8], uri: &str, member: Option<&str>, limits: &Limits) -> Result<Document, NotRead> {
    let decoded = encoding::decode(bytes, encoding::html_charset(bytes))
        .map_err(|error| NotRead::new(uri, member, error.said(), say!("do-save-as-html")))?;
    let source: Arc<str> = decoded.text.into();
    let mut composer = Composer::new(limits);
    if let Some(encoding) = decoded.guessed {
        composer.remark(HealthKind::Encoding, 1, say!("encoding", encoding = encoding));
    }
    let mut flow = Flow::new(&mut composer);
    feed(&mut flow, &source, 0);
    flow.finish();
    composer.title_from_only_heading();
    Ok(composer.finish(uri, member, Format::Html, Some(source)))
}

/// Feeds a stretch of HTML that begins at byte `base` of the file.
pub(super) fn feed(flow: &mut Flow<'_>, html: &str, base: usize) {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // `<script>` and the like hold no tags.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        if flow.is_over() {
            return;
        }
        let Ok(token): Result<Token<usize>, Infallible> = token;
        match token {
            Token::StartTag(tag) => open(flow, &tag, base),
            Token::EndTag(tag) => flow.close(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => feed_text(flow, html, &text, base),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
}

fn open(flow: &mut Flow<'_>, tag: &StartTag<usize>, base: usize) {
    let attributes = tag
        .attributes
        .iter()
        .map(|(name, value)| {
            (String::from_utf8_lossy(name).into_owned(), String::from_utf8_lossy(&value.value).into_owned())
        })
        .collect();
    flow.open(&String::from_utf8_lossy(&tag.name), &Attributes(attributes), base + tag.span.start);
}

/// Text goes in as it stands in the file, entities apart, so that each byte leads back to its place.
fn feed_text(flow: &mut Flow<'_>, html: &str, text: &Spanned<html5gum::HtmlString>, base: usize) {
    let (start, end) = (text.span.start, text.span.end);
    let Some(raw) = html.get(start..end) else {
        flow.text_for(&String::from_utf8_lossy(&text.value), base + start.min(html.len()));
        return;
    };
    if flow.is_skipping() {
        return;
    }
    let mut at = 0;
    while let Some(found) = raw.get(at..).and_then(|rest| rest.find('&')) {
        let ampersand = at + found;
        flow.text(raw.get(at..ampersand).unwrap_or_default(), base + start + at);
        let rest = raw.get(ampersand..).unwrap_or_default();
        let length = entity_bytes(rest);
        let entity = rest.get(..length).unwrap_or("&");
        flow.text_for(&decode_entity(entity), base + start + ampersand);
        at = ampersand + entity.len();
    }
    flow.text(raw.get(at..).unwrap_or_default(), base + start + at);
}

/// Bytes of the entity with which `text` begins; 1 where the `&` stands for itself.
fn entity_bytes(text: &str) -> usize {
    let name = text.bytes().skip(1).take(ENTITY_BYTES).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    match text.as_bytes().get(1 + name) {
        _ if name == 0 => 1,
        Some(b';') => name + 2,
        _ => name + 1,
    }
}

/// What an entity stands for, by the tokenizer's own table; itself where it is none.
fn decode_entity(entity: &str) -> String {
    if entity.len() < 2 {
        return entity.to_owned();
    }
    let mut tokenizer = Tokenizer::new(entity);
    tokenizer.set_state(State::Data);
    tokenizer
        .filter_map(|token| match token {
            Ok(Token::String(text)) => Some(String::from_utf8_lossy(&text.value).into_owned()),
            Ok(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::shown::{check, check_marks, check_source};
    use super::super::{Format, Limits};
    use super::*;

    fn html(text: &str) -> Document {
        read(text.as_bytes(), "t.html", None, &Limits::default()).expect("the fixture can be read")
    }

    #[test]
    fn blocks_stand_under_their_headings() {
        check(
            &html(
                "<html lang=fr><head><title>Appel</title><style>p{}</style><script>let p='<p>no</p>'</script></head><body><h1>1. Objet</h1>Nu<p>Un<div>Deux</div><h2>1.1 Lot</h2><p>Trois",
            ),
            &[
                "Title Appel",
                "h1 1 Objet",
                "p Nu [<Objet]",
                "p Un [<Objet]",
                "p Deux [<Objet]",
                "h2 1.1 Lot [<Objet]",
                "p Trois [<Lot]",
            ],
        );
        assert_eq!(html("<html lang=fr><p>x").language, "fr".parse().ok());
    }

    #[test]
    fn lists_count_and_know_their_lead_in() {
        check(
            &html(
                "<p>Must have:<ol start=3><li>one<li><p>two</p><p>more</p><ul><li>inner</ul><li>three</ol><dl><dt>Term<dd>meaning</dl>",
            ),
            &[
                "p Must have:",
                "li0 3 one [lead Must]",
                "li0 4 two [lead Must]",
                "li0 more [lead Must]",
                "li1 inner [lead more]",
                "li0 5 three [lead Must]",
                "p Term",
                "li0 meaning [lead Term]",
            ],
        );
    }

    #[test]
    fn tables_have_heads_and_spans() {
        check(
            &html("<table><thead><tr><th>Item<th>Need</thead><tr><td rowspan=2>Disk<td>must<tr><td>may</table><p>end"),
            &[
                "td Item",
                "td Need",
                "td Disk [col Item]",
                "td must [row Disk] [col Need]",
                "td may [row Disk] [col Need]",
                "p end",
            ],
        );
        check(
            &html(
                "<table><tr><th scope=row>Name<td>a</tr><tr><th scope=row>Kind<td>b<table><tr><td>in</table></table>",
            ),
            &["td Name", "td a [row Name]", "td Kind", "td b [row Kind]", "td in [row Kind]"],
        );
    }

    #[test]
    fn what_stands_out_is_marked() {
        check_marks(
            &html(
                "<p>see <a href='http://x/'>the <code>api</code></a> <mark>todo</mark><del>gone</del><span hidden>secret</span><div style='display: none'>also</div>",
            ),
            &[
                ("the api", "link http://x/"),
                ("api", "code"),
                ("todo", "highlighted"),
                ("secret", "hidden"),
                ("also", "hidden"),
            ],
        );
    }

    #[test]
    fn text_leads_back_to_the_file() {
        let text = "<p>Caf&eacute; &amp; th\u{e9} &nbsp; Software&shy;pflege &unknown; R&D <b>fett</b>&lt;";
        let document = html(text);
        assert_eq!(document.blocks[0].text, "Café & thé Softwarepflege &unknown; R&D fett<");
        check_source(
            &document,
            &[
                ("Caf", "Caf&"),
                ("é & ", "&eacute;"),
                ("thé", "th\u{e9}"),
                ("pflege", "pflege"),
                ("fett", "fett<"),
                ("<", "&lt;"),
            ],
        );
        assert_eq!(document.format, Format::Html);
    }
}
