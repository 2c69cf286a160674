//! Reader for eForms: UBL 2.3 notices in the EU's profile, every SDK version and national tailoring.
//!
//! Elements are known by the URI of their namespace, never by prefix. Source of the paths: eForms SDK
//! `fields.json`, by way of `rules/knowledge/notice-fields.tsv`.

use super::NotReadable;
use super::assemble::{Cursor, Identity, Place, assemble};
use super::entry::{Entry, first};
use super::model::{Notice, NoticeKind};
use super::sections::{celex, country, kind_of, languages};
use super::terms::Terms;
use super::xml;
use super::xml_fields::{Inherited, Wanted, XmlFields, step};
use crate::document::{Format, Limits};
use crate::saying::say;

/// Roots of eForms notices: name and the beginning of their namespace.
const ROOTS: &[(&str, &str)] = &[
    ("PriorInformationNotice", "urn:oasis:names:specification:ubl:schema:xsd:PriorInformationNotice-2"),
    ("ContractNotice", "urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2"),
    ("ContractAwardNotice", "urn:oasis:names:specification:ubl:schema:xsd:ContractAwardNotice-2"),
    (
        "BusinessRegistrationInformationNotice",
        "http://data.europa.eu/p27/eforms-business-registration-information-notice/1",
    ),
];

/// Reads one notice.
pub(super) fn read(place: &Place, limits: &Limits) -> Result<Notice, NotReadable> {
    let tree = xml::parse(&place.source, limits)?;
    let root = tree.root_element();
    let name = root.tag_name().name();
    let namespace = root.tag_name().namespace().unwrap_or_default();
    if !ROOTS.iter().any(|(known, uri)| *known == name && *uri == namespace) {
        return Err(NotReadable::at_line(1, say!("no-eforms-root", name = name, namespace = namespace)));
    }
    let mut fields = XmlFields {
        source: &place.source,
        terms: Terms::of(Format::Eforms),
        wanted: Wanted::All,
        paragraph: None,
        entries: Vec::new(),
    };
    fields.collect(root, &step("", root, None), &Inherited::default());
    let entries = fields.entries;
    let (buyer, buyer_country) = buyer(&entries);
    let identity = Identity {
        id: first(&entries, "OPP-010").or_else(|| first(&entries, "BT-701")).map(str::to_owned),
        kind: first(&entries, "BT-03")
            .and_then(|form| kind_of("eforms", form))
            .or_else(|| kind_of("eforms", name))
            .unwrap_or(NoticeKind::Call),
        subtype: first(&entries, "OPP-070").map(str::to_owned),
        languages: languages(
            entries.iter().filter(|entry| entry.row.term == "BT-702").map(|entry| entry.value.as_str()),
        ),
        legal_basis: first(&entries, "BT-01").map(celex),
        country: buyer_country,
        buyer,
    };
    Ok(assemble(entries, identity, place, &mut Cursor::start(), limits))
}

/// Name and country of the first buyer: the organisation to which the contracting party refers.
fn buyer(entries: &[Entry]) -> (Option<String>, Option<String>) {
    let id = first(entries, "OPT-300");
    let (mut current, mut name, mut nation) = (None, None, None);
    for entry in entries {
        match entry.row.term {
            "OPT-200" => current = Some(entry.value.as_str()),
            "BT-500" if current == id => name = name.or_else(|| Some(entry.value.clone())),
            "BT-514" if current == id => nation = nation.or_else(|| Some(country(&entry.value))),
            _ => {}
        }
    }
    (name, nation)
}
