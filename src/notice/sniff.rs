//! Tells a notice by the beginning of its bytes.

use crate::document::Format;

/// How far into a file its keys or its root are looked for.
const HEAD: usize = 64 << 10;

/// The format of a notice, by its root element or its first JSON keys; `None` for anything else. The first
/// 64 KiB are enough.
pub fn format_of(bytes: &[u8]) -> Option<Format> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let encoding = encoding_rs::Encoding::for_bom(head).map_or(encoding_rs::UTF_8, |(encoding, _)| encoding);
    let text = encoding.decode(head).0;
    let text = text.trim_start_matches(['\u{feff}', '\u{1e}']).trim_start();
    match text.chars().next()? {
        '<' => of_root(text),
        '{' | '[' => of_keys(text),
        _ => None,
    }
}

fn of_root(text: &str) -> Option<Format> {
    let mut rest = text;
    loop {
        rest = rest[rest.find('<')?..].strip_prefix('<')?;
        rest = match rest.chars().next()? {
            '?' => &rest[rest.find("?>")?..],
            '!' if rest.starts_with("!--") => &rest[rest.find("-->")?..],
            '!' => &rest[rest.find('>')?..],
            _ => break,
        };
    }
    let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
    let name = tag.split(|c: char| c.is_whitespace() || c == '/').next()?;
    match name.rsplit(':').next()? {
        "TED_EXPORT" => Some(Format::TedExport),
        "PriorInformationNotice" | "ContractNotice" | "ContractAwardNotice" if tag.contains("urn:oasis:names:") => {
            Some(Format::Eforms)
        }
        "BusinessRegistrationInformationNotice" => Some(Format::Eforms),
        _ => None,
    }
}

fn of_keys(text: &str) -> Option<Format> {
    let has = |key: &str| text.contains(key);
    if has("\"marches\"") || (has("\"objet\"") && has("\"codeCPV\"")) {
        Some(Format::Decp)
    } else if has("\"ocid\"") || has("\"releases\"") || (has("\"tender\"") && has("\"buyer\"")) {
        Some(Format::Ocds)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_told_by_its_beginning() {
        let ubl = "xmlns:u=\"urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2\"";
        for (text, want) in [
            ("<?xml version='1.0'?><!-- x --><TED_EXPORT VERSION='R2.0.9'>", Some(Format::TedExport)),
            (&*format!("\u{feff}<u:ContractNotice {ubl}>"), Some(Format::Eforms)),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><TED_EXPORT/>", Some(Format::TedExport)),
            ("<ContractNotice>", None),
            ("<html>", None),
            ("<", None),
            ("{\"uri\": \"x\", \"releases\": []}", Some(Format::Ocds)),
            ("[{\"ocid\": \"x\"}]", Some(Format::Ocds)),
            ("{\"marches\": []}", Some(Format::Decp)),
            ("{\"name\": \"package.json\"}", None),
            ("text", None),
            ("", None),
        ] {
            assert_eq!(format_of(text.as_bytes()), want, "{text}");
        }
    }
}
