//! Procurement notices: eForms, TED_EXPORT, OCDS and DECP as one model of business terms.
//!
//! ```
//! use acquis::document::{Format, Limits};
//! use acquis::notice;
//!
//! let release = br#"{"ocid": "ocds-1", "language": "en", "tender": {"title": "Office software"}}"#;
//! let reading = notice::read(release, "release.json", None, Format::Ocds, &Limits::default());
//! assert_eq!(reading.notices[0].document.blocks[0].text, "Office software");
//! ```
//!
//! Which path holds which term is data (`rules/knowledge/notice-fields.tsv`). A reader knows no rules; what it
//! cannot read is a [`NotRead`], and the notices beside it are read.

mod assemble;
mod eforms;
mod entry;
mod json;
mod json_fields;
mod json_notices;
mod model;
mod package;
mod scope;
mod sections;
mod sniff;
mod tally;
mod ted;
mod term;
mod terms;
mod text;
mod xml;
mod xml_fields;

use std::sync::Arc;

pub use model::{Cpv, Field, Lot, Notice, NoticeKind};
pub use package::{Member, Package, for_each_member, is_package_of_notices, read_package};
pub use scope::{Scope, remarks};
pub use sections::{LEGAL_BASES, LegalBasis};
pub use sniff::format_of;
pub use tally::{MEASURES, Measure, NoticeGroup, PUBLISHED_RATES, PublishedRate, Tally};
pub use terms::is_term;

use crate::document::{Format, Limits, NotRead};
use crate::saying::{Saying, say};

/// What one file gave.
#[derive(Debug, Default)]
pub struct Reading {
    /// In file order.
    pub notices: Vec<Notice>,
    pub not_read: Vec<NotRead>,
}

/// Why a notice, or the rest of a file of notices, is not read.
#[derive(Debug)]
struct NotReadable {
    /// 1-based.
    line: Option<u32>,
    reason: Saying,
}

impl NotReadable {
    fn at_line(line: u32, reason: Saying) -> NotReadable {
        NotReadable { line: Some(line), reason }
    }
}

/// Reads the notices of one file or archive member. `format` is one of the notice formats; any other gives a
/// `NotRead`.
pub fn read(bytes: &[u8], uri: &str, member: Option<&str>, format: Format, limits: &Limits) -> Reading {
    let mut reading = Reading::default();
    read_each(bytes, uri, member, format, limits, &mut |result| match result {
        Ok(notice) => reading.notices.push(notice),
        Err(not_read) => reading.not_read.push(not_read),
    });
    reading
}

/// As [`read`], handing each notice over as soon as it is read: a package of thousands is never held at once.
pub fn read_each(
    bytes: &[u8],
    uri: &str,
    member: Option<&str>,
    format: Format,
    limits: &Limits,
    each: &mut dyn FnMut(Result<Notice, NotRead>),
) {
    let mut report = |result: Result<Notice, NotReadable>| {
        each(result.map_err(|error| {
            let reason = match error.line {
                Some(line) => say!("part-fault", part = say!("line", n = line), fault = error.reason.clone()),
                None => error.reason.clone(),
            };
            NotRead { cause: error.reason.key(), ..NotRead::new(uri, member, reason, say!("do-download-again")) }
        }));
    };
    if bytes.len() as u64 > limits.bytes {
        let reason = say!("too-large", bytes = limits.bytes);
        return report(Err(NotReadable { line: None, reason }));
    }
    let source = match format {
        Format::Eforms | Format::TedExport => xml::decode(bytes),
        _ => Ok(decode_json(bytes)),
    };
    let source: Arc<str> = match source {
        Ok(text) => text.into(),
        Err(error) => return report(Err(error)),
    };
    let place = assemble::Place { uri: uri.to_owned(), member: member.map(str::to_owned), format, source };
    match format {
        Format::Eforms => report(eforms::read(&place, limits)),
        Format::TedExport => report(ted::read(&place, limits)),
        Format::Ocds | Format::Decp => json_notices::read(&place, limits, &mut report),
        _ => report(Err(NotReadable { line: None, reason: say!("no-notice") })),
    }
}

/// JSON is UTF-8 (RFC 8259 §8.1); some publishers send Windows-1252 all the same.
fn decode_json(bytes: &[u8]) -> String {
    let (text, encoding, broken) = encoding_rs::UTF_8.decode(bytes);
    match broken && encoding == encoding_rs::UTF_8 {
        true => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
        false => text.into_owned(),
    }
}
