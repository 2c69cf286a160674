//! How the tests of all readers show and check a document.

use super::model::{BlockKind, Document, MarkKind};

/// One line a block: its kind, number and text, and in brackets the first words of what it stands under, is
/// introduced by, and of the heads of its row and column.
pub(super) fn shown(document: &Document) -> Vec<String> {
    let first_word = |index: usize| document.blocks[index].text.split(' ').next().unwrap_or_default().to_owned();
    document
        .blocks
        .iter()
        .map(|b| {
            let kind = match b.kind {
                BlockKind::Heading { level } => format!("h{level}"),
                BlockKind::ListItem { depth } => format!("li{depth}"),
                BlockKind::Paragraph => "p".to_owned(),
                BlockKind::TableCell => "td".to_owned(),
                other => format!("{other:?}"),
            };
            let number = b.anchor.number.as_deref().map(|n| format!(" {n}")).unwrap_or_default();
            let links = [("<", b.parent), ("lead ", b.lead_in), ("row ", b.row_head), ("col ", b.column_head)]
                .into_iter()
                .filter_map(|(name, index)| index.map(|index| format!(" [{name}{}]", first_word(index))));
            format!("{kind}{number} {}{}", b.text, links.collect::<String>())
        })
        .collect()
}

pub(super) fn check(document: &Document, want: &[&str]) {
    assert_eq!(shown(document), want);
}

/// The marks of all blocks, with the words that they mark.
pub(super) fn check_marks(document: &Document, want: &[(&str, &str)]) {
    let marks: Vec<(String, String)> = document
        .blocks
        .iter()
        .flat_map(|block| {
            block.marks.iter().map(|mark| {
                let kind = match &mark.kind {
                    MarkKind::Link(target) => format!("link {target}"),
                    other => format!("{other:?}").to_lowercase(),
                };
                (block.text[mark.start..mark.end].to_owned(), kind)
            })
        })
        .collect();
    let want: Vec<(String, String)> = want.iter().map(|(text, kind)| (text.to_string(), kind.to_string())).collect();
    assert_eq!(marks, want);
}

/// Each word is found in some block and leads to a place in the file that begins with the second text.
pub(super) fn check_source(document: &Document, want: &[(&str, &str)]) {
    let source = document.source.as_deref().unwrap_or_default();
    for (word, there) in want {
        let place = document
            .blocks
            .iter()
            .find_map(|block| block.text.find(word).and_then(|offset| block.map.source_offset(offset)));
        let found = place.and_then(|place| source.get(place..)).unwrap_or_default();
        assert!(found.starts_with(there), "`{word}` leads to `{}`", found.chars().take(30).collect::<String>());
    }
}
