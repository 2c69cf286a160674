//! Reader for TED_EXPORT, the format of the notices before eForms: R2.0.9 (forms F01 to F25) and R2.0.8
//! (defence and older forms).
//!
//! The namespace changed with nearly every release and is absent from some files, so the root is known by its
//! name alone. A file holds the form in its original language or languages and often translations; the codes
//! are taken from the first form, the texts from all.

use roxmltree::Node;

use super::NotReadable;
use super::assemble::{Cursor, Identity, Place, assemble};
use super::entry::{Entry, first};
use super::model::{Notice, NoticeKind};
use super::sections::{celex, country, kind_of, languages};
use super::terms::Terms;
use super::xml;
use super::xml_fields::{Inherited, Wanted, XmlFields, step};
use crate::document::{Format, Limits};
use crate::lang::Lang;
use crate::saying::say;

/// Reads one notice.
pub(super) fn read(place: &Place, limits: &Limits) -> Result<Notice, NotReadable> {
    let tree = xml::parse(&place.source, limits)?;
    let root = tree.root_element();
    if root.tag_name().name() != "TED_EXPORT" {
        return Err(NotReadable::at_line(1, say!("no-ted-root", name = root.tag_name().name())));
    }
    let mut fields = XmlFields {
        source: &place.source,
        terms: Terms::of(Format::TedExport),
        wanted: Wanted::All,
        paragraph: Some("P"),
        entries: Vec::new(),
    };
    let root_path = step("", root, None);
    let coded = root.children().filter(|child| child.tag_name().name() == "CODED_DATA_SECTION");
    let section = root.children().find(|child| child.tag_name().name() == "FORM_SECTION");
    let Some(section) = section else {
        return Err(NotReadable::at_line(1, say!("ted-without-form")));
    };
    for part in coded {
        fields.collect(part, &step(&root_path, part, None), &Inherited::default());
    }
    let forms = forms(section);
    let Some((form, _)) = forms.first().copied() else {
        return Err(NotReadable::at_line(1, say!("ted-without-form")));
    };
    let section_path = step(&root_path, section, None);
    for (form, number) in &forms {
        let language = form.attribute("LG").and_then(Lang::from_tag);
        fields.collect(*form, &step(&section_path, *form, *number), &Inherited { lot: None, language });
        fields.wanted = Wanted::TextsOnly;
    }
    let entries = fields.entries;
    let name = form.tag_name().name();
    let identity = Identity {
        id: root.attribute("DOC_ID").map(str::to_owned),
        kind: kind(&entries, name),
        subtype: Some(name.to_owned()),
        languages: languages(forms.iter().filter_map(|(form, _)| form.attribute("LG"))),
        legal_basis: legal_basis(&entries).map(celex),
        country: first(&entries, "BT-514").map(country),
        buyer: first(&entries, "BT-500").map(str::to_owned),
    };
    Ok(assemble(entries, identity, place, &mut Cursor::start(), limits))
}

/// The forms with their number among those of the same name, originals first.
fn forms<'a, 'i>(section: Node<'a, 'i>) -> Vec<(Node<'a, 'i>, Option<usize>)> {
    let all: Vec<Node<'a, 'i>> = section.children().filter(|form| form.attribute("LG").is_some()).collect();
    let numbered = all.iter().enumerate().map(|(index, form)| {
        let same = |other: &&Node<'_, '_>| other.tag_name().name() == form.tag_name().name();
        let number = 1 + all[..index].iter().filter(same).count();
        (*form, (all.iter().filter(same).count() > 1).then_some(number))
    });
    let mut forms: Vec<(Node<'a, 'i>, Option<usize>)> = numbered.collect();
    forms.sort_by_key(|(form, _)| form.attribute("CATEGORY") != Some("ORIGINAL"));
    forms
}

/// The kind: what the form says of itself, else the form's name, else the coded document type.
fn kind(entries: &[Entry], form: &str) -> NoticeKind {
    let of_form = first(entries, "BT-03").and_then(|notice| kind_of("ted", notice));
    of_form
        .or_else(|| kind_of("ted", form))
        .or_else(|| first(entries, "BT-02").and_then(|code| kind_of("ted", code)))
        .unwrap_or(NoticeKind::Call)
}

/// The act that the form names; the coded data above it names the same one by its number only.
fn legal_basis(entries: &[Entry]) -> Option<&str> {
    entries.iter().rfind(|entry| entry.row.term == "BT-01").map(|entry| entry.value.as_str())
}
