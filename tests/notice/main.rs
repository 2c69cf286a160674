//! Notices in every dialect become one model of business terms, each with its place in the file.

mod hostile;
mod json;
mod languages;
mod package;
mod xml;

use acquis::document::{Format, Limits};
use acquis::notice::{self, Notice};

/// Reads the one notice of a text that is read without loss.
fn one(text: &str, format: Format) -> Notice {
    let mut reading = notice::read(text.as_bytes(), "notice", None, format, &Limits::default());
    assert_eq!(reading.not_read, []);
    assert_eq!(reading.notices.len(), 1);
    reading.notices.remove(0)
}

/// `term value` of each field that is one of `terms`, with unit, own code and lot where it has them.
fn fields(notice: &Notice, terms: &[&str]) -> Vec<String> {
    let wanted = notice.fields.iter().filter(|field| terms.contains(&field.term));
    let shown = wanted.map(|field| {
        let unit = field.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
        let code = field.code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
        let lot = field.lot.as_deref().map(|lot| format!(" [{lot}]")).unwrap_or_default();
        format!("{} {}{unit}{code}{lot}", field.term, field.value)
    });
    shown.collect()
}

/// One line a block: kind, term, language, text and the first heading above it.
fn outline(notice: &Notice) -> String {
    let document = &notice.document;
    let line = |(index, block): (usize, &acquis::document::Block)| {
        let kind = serde_json::to_value(block.kind).unwrap();
        let kind = kind.as_str().map_or_else(|| kind.to_string(), str::to_owned);
        let above = document.headings(index).next().map(|head| document.blocks[head].text.as_str()).unwrap_or("-");
        let language = block.language.map(|l| l.to_string()).unwrap_or_default();
        format!("{kind} {} {language}: {} < {above}\n", block.anchor.field.as_deref().unwrap_or("-"), block.text)
    };
    document.blocks.iter().enumerate().map(line).collect()
}

/// The file's own characters at the place of each word of each block.
fn assert_blocks_stand_in_the_file(notice: &Notice) {
    let source = notice.document.source.as_deref().unwrap();
    for block in notice.document.blocks.iter().filter(|block| block.anchor.path.is_some()) {
        for (at, character) in block.text.char_indices().filter(|(_, c)| *c != ' ') {
            let place = &source[block.map.source_offset(at).unwrap()..];
            assert!(place.starts_with(character) || place.starts_with(['&', '\\']), "{character} in {:?}", block.text);
        }
    }
    for field in &notice.fields {
        let before = &source[..field.span.start];
        assert_eq!(field.line as usize, 1 + before.matches('\n').count(), "{field:?}");
        assert_eq!(field.column as usize, 1 + before.rsplit('\n').next().unwrap().chars().count(), "{field:?}");
    }
}
