//! The notice model: what eForms, TED_EXPORT, OCDS and DECP all come down to.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::document::{Document, Format, NotRead};
use crate::finding::Location;
use crate::lang::Lang;
use crate::saying::say;

/// One procurement notice: its texts as a document and its business terms as typed fields.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The texts, one block a paragraph, ordered by lot and section. [`Anchor::field`](crate::document::Anchor)
    /// is the business term, [`Anchor::path`](crate::document::Anchor) the XPath or JSON pointer. Titles of the
    /// procedure, of lots and of contracts are of kind `Title`; the heading path of a text is its section
    /// (`Selection criteria`), the title of its lot and the title of the procedure.
    pub document: Document,
    /// Publication number, or the notice's own id where it is not yet published.
    pub id: Option<String>,
    pub kind: NoticeKind,
    /// Whether the notice changes an earlier one (eForms `efac:Changes`); the kind is then that of the notice
    /// which is changed.
    pub change: bool,
    /// The form in the dialect's own words: eForms subtype (`16`, `E3`), TED form (`F02_2014`), OCDS tag.
    pub subtype: Option<String>,
    /// Languages of the notice as it declares them, the original first.
    pub languages: Vec<Lang>,
    /// CELEX number of the act under which the notice stands: `32014L0024`.
    pub legal_basis: Option<String>,
    /// Country of the buyer, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    pub buyer: Option<String>,
    pub cpv: Vec<Cpv>,
    pub lots: Vec<Lot>,
    /// Every field of `rules/knowledge/notice-fields.tsv` that the notice holds, in file order.
    pub fields: Vec<Field>,
}

/// What a notice does; it decides how much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Prior information, buyer profile, market consultation: nothing is asked of tenderers yet.
    Planning,
    /// Call for competition.
    Call,
    /// Announcement of a direct award before it is made (voluntary ex-ante transparency).
    ExAnte,
    Award,
    Modification,
    Completion,
    /// A corrigendum that is a form of its own (TED F14).
    Change,
}

impl NoticeKind {
    /// All kinds with the word that data files and reports use for them.
    pub const ALL: [(NoticeKind, &'static str); 7] = [
        (NoticeKind::Planning, "planning"),
        (NoticeKind::Call, "call"),
        (NoticeKind::ExAnte, "ex-ante"),
        (NoticeKind::Award, "award"),
        (NoticeKind::Modification, "modification"),
        (NoticeKind::Completion, "completion"),
        (NoticeKind::Change, "change"),
    ];
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = NoticeKind::ALL.iter().find(|(kind, _)| kind == self).map_or("", |(_, word)| word);
        f.write_str(word)
    }
}

impl FromStr for NoticeKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = NoticeKind::ALL.iter().find(|(_, known)| *known == word);
        known.map(|(kind, _)| *kind).ok_or_else(|| format!("`{word}` is no kind of notice"))
    }
}

/// A code of the Common Procurement Vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cpv {
    /// Eight digits, without the check digit.
    pub code: String,
    /// Whether it is the main code of the procedure or of its lot.
    pub main: bool,
    /// Id of the lot; `None` for the whole procedure.
    pub lot: Option<String>,
}

/// A lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// `LOT-0001`, `1`.
    pub id: String,
    /// In the notice's first language.
    pub title: Option<String>,
}

/// The value of one business term at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Business term of the EU notice model (Implementing Regulation (EU) 2019/1780): `BT-136`.
    pub term: &'static str,
    /// The value in eForms codes, whatever the dialect: `technical` for TED's `D_TECHNICAL`. For texts the
    /// whole text on one line.
    pub value: String,
    /// Unit of a measure as the file gives it: `MONTH`, `DAY`, `CALENDAR_DAY`.
    pub unit: Option<String>,
    /// The value in the dialect's own words, where it differs: `D_TECHNICAL`.
    pub code: Option<String>,
    /// Id of the lot; `None` for the whole procedure.
    pub lot: Option<String>,
    /// Language of a text, if declared.
    pub language: Option<Lang>,
    /// The first block of a text in [`Notice::document`].
    pub block: Option<usize>,
    /// XPath or JSON pointer.
    pub path: String,
    /// Byte range of the element, attribute value or JSON value in the file's decoded text.
    pub span: Range<usize>,
    /// Line in the file, 1-based.
    pub line: u32,
    /// Column in Unicode code points, 1-based.
    pub column: u32,
}

impl Notice {
    /// What of the notice was left unread.
    pub fn unread(&self) -> impl Iterator<Item = NotRead> + '_ {
        let document = &self.document;
        document.health.notes.iter().filter(|note| note.kind.is_unread()).map(|note| {
            let remedy = say!("do-look-at-notice");
            NotRead::new(&document.uri, document.member.as_deref(), note.detail.clone(), remedy)
        })
    }

    /// Whether a place lies in this notice and in no other of the same file. JSON files hold several: their values
    /// have a line and a pointer of their own; an XML file holds one.
    pub fn is_of(&self, location: &Location) -> bool {
        let document = &self.document;
        let is_xml = matches!(document.format, Format::Eforms | Format::TedExport);
        location.uri == document.uri
            && location.member == document.member
            && location.anchor.field.is_some()
            && (is_xml
                || self.fields.iter().any(|field| {
                    field.line == location.region.start_line && Some(&field.path) == location.anchor.path.as_ref()
                }))
    }

    /// The fields of one business term, in file order.
    pub fn terms<'a>(&'a self, term: &'a str) -> impl Iterator<Item = &'a Field> + 'a {
        self.fields.iter().filter(move |field| field.term == term)
    }

    /// The fields of one business term that hold for a lot: its own, else those of the whole procedure.
    pub fn terms_of<'a>(&'a self, term: &'a str, lot: Option<&'a str>) -> Vec<&'a Field> {
        let own: Vec<&Field> = self.terms(term).filter(|field| field.lot.as_deref() == lot).collect();
        match own.is_empty() && lot.is_some() {
            true => self.terms(term).filter(|field| field.lot.is_none()).collect(),
            false => own,
        }
    }
}
