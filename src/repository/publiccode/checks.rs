//! Checks of single values, by the name under which `publiccode-fields.tsv` asks for them.

use unicode_segmentation::UnicodeSegmentation;

use super::neighbours::{Neighbour, Neighbours};
use super::{language_tag, licence_expression, schema, uri};

/// What a check found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    pub kind: &'static str,
    pub values: Vec<(&'static str, String)>,
    /// What the value should be, where that is certain.
    pub better: Option<String>,
}

fn found(kind: &'static str) -> Option<Complaint> {
    Some(Complaint { kind, values: Vec::new(), better: None })
}

fn unless(good: bool, kind: &'static str) -> Option<Complaint> {
    if good { None } else { found(kind) }
}

impl Complaint {
    fn with_allowed(mut self, list: &str) -> Complaint {
        self.values.push(("allowed", schema::values(list).join(", ")));
        self
    }
}

/// Runs one check on a value; `None` if the value is good.
pub(super) fn run(check: &str, parameter: &str, value: &str, files: &dyn Neighbours) -> Option<Complaint> {
    match check {
        "url" => unless(uri::is_url(value), "not-a-url"),
        "http-url" => unless(uri::is_http_url(value), "not-an-http-url"),
        "one-of" => {
            unless(schema::values(parameter).contains(&value), "not-one-of").map(|found| found.with_allowed(parameter))
        }
        "category" => unless(schema::values("category").contains(&value), "not-a-category"),
        "scope" => unless(schema::values("scope").contains(&value), "not-a-scope"),
        "date" => unless(is_date(value), "not-a-date"),
        "email" => unless(value.is_empty() || is_email(value), "not-an-email"),
        "media-type" => unless(is_media_type(value), "not-a-media-type"),
        "language" => unless(language_tag::is_valid(value), "not-a-language"),
        "country" => country(value),
        "licence" => licence(value),
        "organisation" => organisation(value),
        "support" => support(value),
        "italian-body" => unless(value.is_empty() || schema::is_italian_body(value), "not-an-italian-body"),
        "phone" => phone(value),
        "max" | "min" => length(check, parameter, value),
        "video" => unless(!uri::is_http_url(value) || schema::is_video_address(value), "not-a-video"),
        "logo" => image("logo-extension", value, files),
        "screenshot" => image("screenshot-extension", value, files),
        "file" => file(value, files).1,
        _ => None,
    }
}

/// Length in grapheme clusters (UAX #29): what a reader takes for characters.
fn length(check: &str, parameter: &str, value: &str) -> Option<Complaint> {
    let limit: usize = parameter.parse().ok()?;
    let count = value.graphemes(true).count();
    let kind = match check {
        "max" if count > limit => "too-long",
        "min" if count < limit => "too-short",
        _ => return None,
    };
    let values = vec![("limit", limit.to_string()), ("count", count.to_string())];
    found(kind).map(|found| Complaint { values, ..found })
}

/// `YYYY-MM-DD`, a day that exists in the Gregorian calendar.
fn is_date(value: &str) -> bool {
    let bytes = value.as_bytes();
    let digits_fit = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if !digits_fit {
        return false;
    }
    let number = |range: std::ops::Range<usize>| value.get(range).and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// `local@domain` with at least one dot in the domain, as in HTML forms; letters beyond ASCII are allowed.
fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let letter = |c: char| c.is_ascii_alphabetic() || (!c.is_ascii() && c >= '\u{a0}');
    let local_fits = local.split('.').all(|atom| {
        !atom.is_empty() && atom.chars().all(|c| letter(c) || c.is_ascii_digit() || "!#$%&'*+-/=?^_`{|}~".contains(c))
    });
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let Some((rest, top)) = domain.rsplit_once('.') else { return false };
    let label_fits = |label: &str| {
        let edge = |c: Option<char>| c.is_some_and(|c| letter(c) || c.is_ascii_digit());
        edge(label.chars().next())
            && edge(label.chars().next_back())
            && label.chars().all(|c| letter(c) || c.is_ascii_digit() || c == '-')
    };
    local_fits
        && rest.split('.').all(label_fits)
        && label_fits(top)
        && top.chars().next().is_some_and(letter)
        && top.chars().next_back().is_some_and(letter)
}

/// `type/subtype` (RFC 6838 § 4.2), without parameters.
fn is_media_type(value: &str) -> bool {
    let part_fits = |part: &str, further: &str| {
        part.len() <= 127
            && part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&^_-".contains(c) || further.contains(c))
    };
    value.trim_matches(' ').split_once('/').is_some_and(|(kind, sub)| part_fits(kind, "") && part_fits(sub, ".+"))
}

/// ISO 3166-1 alpha-2. Lower case is deprecated since 0.5.0.
fn country(value: &str) -> Option<Complaint> {
    let upper = value.to_uppercase();
    let one_case = value == upper || value == value.to_lowercase();
    if !one_case || !schema::values("country").contains(&upper.as_str()) {
        return found("not-a-country");
    }
    (value != upper).then(|| Complaint { kind: "lowercase-country", values: Vec::new(), better: Some(upper) })
}

fn licence(value: &str) -> Option<Complaint> {
    let Some(canonical) = licence_expression::canonical(value) else { return found("not-a-licence") };
    (canonical != value).then(|| Complaint { kind: "licence-spelling", values: Vec::new(), better: Some(canonical) })
}

/// A URL with a host, or a URN; an Italian URN must name a body of the public register.
fn organisation(value: &str) -> Option<Complaint> {
    let Some(address) = uri::parse_absolute(value) else { return found("not-a-uri") };
    if address.scheme != "urn" {
        return unless(!address.scheme.is_empty() && !address.host.is_empty(), "not-a-uri");
    }
    if !uri::is_urn(value) {
        return found("not-a-uri");
    }
    let italian = address.opaque.to_lowercase();
    let code = italian.strip_prefix("x-italian-pa:")?;
    unless(schema::is_italian_body(code), "not-an-italian-body")
}

/// `alias:NAME` from the list of aliases, a URL with a host, or a URN.
fn support(value: &str) -> Option<Complaint> {
    if let Some(alias) = value.strip_prefix("alias:") {
        return unless(schema::values("alias").contains(&alias), "unknown-alias")
            .map(|found| found.with_allowed("alias"));
    }
    let fits = match uri::parse_absolute(value) {
        Some(address) if address.scheme == "urn" => uri::is_urn(value),
        Some(address) => !address.scheme.is_empty() && !address.host.is_empty(),
        None => false,
    };
    unless(fits, "not-a-support")
}

/// The standard asks for the international prefix; the reference parser does not look.
fn phone(value: &str) -> Option<Complaint> {
    let international = value.trim_start().starts_with(['+', '(']) || value.trim_start().starts_with("00");
    (!value.is_empty() && !international).then(|| Complaint { kind: "phone-prefix", values: Vec::new(), better: None })
}

/// An image: an address of the web, or a file of the repository of one of the allowed types.
fn image(extensions: &str, value: &str, files: &dyn Neighbours) -> Option<Complaint> {
    let (place, complaint) = place_of(value);
    if complaint.is_some() || place != NamedFile::Beside || value.is_empty() {
        return complaint;
    }
    let name = value.rsplit('/').next().unwrap_or(value);
    let extension = name.rfind('.').map(|dot| name[dot..].to_lowercase()).unwrap_or_default();
    if !schema::values(extensions).contains(&extension.as_str()) {
        return found("wrong-extension").map(|found| found.with_allowed(extensions));
    }
    let (neighbour, complaint) = file(value, files);
    let is_broken = |head: &[u8]| extension == ".png" && extensions == "logo-extension" && !is_png(head);
    match neighbour {
        Neighbour::File(head) if is_broken(&head) => found("not-a-png"),
        _ => complaint,
    }
}

/// A file of the repository: what stands there, and what is wrong with it.
fn file(value: &str, files: &dyn Neighbours) -> (Neighbour, Option<Complaint>) {
    let (place, complaint) = place_of(value);
    if complaint.is_some() || place != NamedFile::Beside {
        return (Neighbour::Unknown, complaint);
    }
    let neighbour = files.look(value);
    let complaint = unless(neighbour != Neighbour::Absent, "missing-file");
    (neighbour, complaint)
}

#[derive(Debug, PartialEq, Eq)]
enum NamedFile {
    Beside,
    /// On the web, or not to be looked at.
    Elsewhere,
}

fn place_of(value: &str) -> (NamedFile, Option<Complaint>) {
    if value.starts_with('/') {
        return (NamedFile::Elsewhere, found("absolute-path"));
    }
    if value.starts_with("file:") {
        return (NamedFile::Elsewhere, found("file-address"));
    }
    if uri::parse_absolute(value).is_some() {
        return (NamedFile::Elsewhere, None);
    }
    if value.split('/').any(|part| part == "..") {
        let outside = Complaint { kind: "outside-repository", values: Vec::new(), better: None };
        return (NamedFile::Elsewhere, Some(outside));
    }
    (NamedFile::Beside, None)
}

/// Whether the bytes begin a PNG: signature and an IHDR chunk with a size (PNG, third edition, § 5.2 and 11.2.1).
fn is_png(head: &[u8]) -> bool {
    head.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        && head.get(16..20).is_some_and(|width| width.iter().any(|&b| b != 0))
        && head.get(20..24).is_some_and(|height| height.iter().any(|&b| b != 0))
        && head.len() >= 29
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::publiccode::Nowhere;

    /// A folder that holds what it is given.
    struct Folder<'a>(&'a [(&'a str, &'a [u8])]);

    impl Neighbours for Folder<'_> {
        fn look(&self, path: &str) -> Neighbour {
            let found = self.0.iter().find(|(name, _)| *name == path);
            found.map_or(Neighbour::Absent, |(_, bytes)| Neighbour::File(bytes.to_vec()))
        }
    }

    fn kind(check: &str, parameter: &str, value: &str, files: &dyn Neighbours) -> &'static str {
        run(check, parameter, value, files).map_or("", |complaint| complaint.kind)
    }

    #[test]
    fn values_are_checked() {
        for (check, value, expected) in [
            ("date", "2024-02-29", ""),
            ("date", "2023-02-29", "not-a-date"),
            ("date", "2023-13-01", "not-a-date"),
            ("date", "2023-1-1", "not-a-date"),
            ("date", "2023-01-01T00:00:00", "not-a-date"),
            ("date", "", "not-a-date"),
            ("email", "anna.müller@stadt.example.eu", ""),
            ("email", "", ""),
            ("email", "anna@localhost", "not-an-email"),
            ("email", "anna.example.eu", "not-an-email"),
            ("email", "Anna <anna@example.eu>", "not-an-email"),
            ("email", "a..b@example.eu", "not-an-email"),
            ("email", "a@-example.eu", "not-an-email"),
            ("media-type", "application/vnd.oasis.opendocument.text", ""),
            ("media-type", "text", "not-a-media-type"),
            ("media-type", "text/plain; charset=utf-8", "not-a-media-type"),
            ("country", "FR", ""),
            ("country", "fr", "lowercase-country"),
            ("country", "Fr", "not-a-country"),
            ("country", "UK", "not-a-country"),
            ("country", "FRA", "not-a-country"),
            ("licence", "EUPL-1.2", ""),
            ("licence", "eupl-1.2", "licence-spelling"),
            ("licence", "EUPL", "not-a-licence"),
            ("organisation", "https://stadt.example.eu", ""),
            ("organisation", "urn:x-example:stadt", ""),
            ("organisation", "urn:x-italian-pa:PCM", ""),
            ("organisation", "urn:x-italian-pa:nobody-at-all", "not-an-italian-body"),
            ("organisation", "pcm", "not-a-uri"),
            ("organisation", "/pcm", "not-a-uri"),
            ("organisation", "urn:x", "not-a-uri"),
            ("support", "alias:gdpr", ""),
            ("support", "alias:none", "unknown-alias"),
            ("support", "gdpr", "not-a-support"),
            ("support", "urn:iso:std:iso:27001", ""),
            ("phone", "+32 2 555 55 55", ""),
            ("phone", "02 555 55 55", "phone-prefix"),
            ("italian-body", "c_h501", ""),
            ("italian-body", "nobody-at-all", "not-an-italian-body"),
            ("video", "https://www.youtube.com/watch?v=x", ""),
            ("video", "https://stadt.example.eu/film", "not-a-video"),
            ("logo", "https://stadt.example.eu/logo", ""),
            ("logo", "", ""),
            ("logo", "/logo.svg", "absolute-path"),
            ("logo", "file:logo.svg", "file-address"),
            ("logo", "img/logo.SVG", ""),
            ("logo", "img/logo.jpg", "wrong-extension"),
            ("logo", "../logo.svg", "outside-repository"),
            ("screenshot", "img/one.jpg", ""),
            ("screenshot", "img/one.svg", "wrong-extension"),
        ] {
            assert_eq!(kind(check, "", value, &Nowhere), expected, "{check} {value}");
        }
    }

    #[test]
    fn lengths_count_what_a_reader_sees() {
        let family = "👩‍👩‍👧‍👦";
        for (check, value, expected) in [
            ("max", family.repeat(3), ""),
            ("max", family.repeat(4), "too-long"),
            ("min", "e\u{301}".repeat(2), "too-short"),
            ("min", "abc".to_owned(), ""),
        ] {
            assert_eq!(kind(check, "3", &value, &Nowhere), expected, "{check} {value}");
        }
    }

    #[test]
    fn named_files_must_be_there() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\0\0\0\0";
        let files = Folder(&[("good.png", png), ("bad.png", b"text"), ("AUTHORS", b"")]);
        for (check, value, expected) in [
            ("logo", "good.png", ""),
            ("logo", "bad.png", "not-a-png"),
            ("logo", "none.png", "missing-file"),
            ("logo", "none.svg", "missing-file"),
            ("screenshot", "bad.png", ""),
            ("screenshot", "none.jpg", "missing-file"),
            ("file", "AUTHORS", ""),
            ("file", "NOBODY", "missing-file"),
        ] {
            assert_eq!(kind(check, "", value, &files), expected, "{check} {value}");
        }
    }
}
