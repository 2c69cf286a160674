//! From the bytes of a text file to text.

use std::borrow::Cow;

use crate::saying::{Saying, say};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A text file's text.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    /// Without a byte order mark.
    pub text: Cow<'a, str>,
    /// Name of the encoding where neither the file says it nor the bytes prove it.
    pub guessed: Option<&'static str>,
}

/// The bytes are no text in any encoding that text files come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotText;

impl NotText {
    /// The fault in words.
    pub fn said(&self) -> Saying {
        say!("zero-bytes")
    }
}

/// Bytes in which an encoding is looked for.
const SAMPLE: usize = 1 << 20;

/// Decodes by byte order mark, by what `declared` says (`<meta charset>`), as UTF-8 where the bytes are UTF-8,
/// or by a guess.
pub(super) fn decode<'a>(bytes: &'a [u8], declared: Option<&'static Encoding>) -> Result<Decoded<'a>, NotText> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0;
        return Ok(Decoded { text, guessed: None });
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
    {
        return Ok(Decoded { text: Cow::Borrowed(text), guessed: None });
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return Ok(Decoded { text: encoding.decode_without_bom_handling(bytes).0, guessed: Some(encoding.name()) });
    }
    let sample = bytes.get(..bytes.len().min(SAMPLE)).unwrap_or_default();
    if sample.contains(&0) {
        return Err(NotText);
    }
    if let Some(encoding) = declared.filter(|encoding| *encoding != UTF_8) {
        return Ok(Decoded { text: encoding.decode_without_bom_handling(bytes).0, guessed: None });
    }
    // A UTF-8 file with a few broken bytes is still a UTF-8 file.
    let lossy = UTF_8.decode_without_bom_handling(sample).0;
    let broken = lossy.matches('\u{FFFD}').count();
    let beyond_ascii = lossy.chars().filter(|c| !c.is_ascii()).count();
    if broken * 10 <= beyond_ascii - broken.min(beyond_ascii) {
        return Ok(Decoded { text: UTF_8.decode_without_bom_handling(bytes).0, guessed: Some(UTF_8.name()) });
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    Ok(Decoded { text: encoding.decode_without_bom_handling(bytes).0, guessed: Some(encoding.name()) })
}

/// UTF-16 in which nearly every second byte is zero, as it is in European text.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(4096))?;
    if sample.len() < 4 {
        return None;
    }
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let half = sample.len() / 2;
    match (zeros(0), zeros(1)) {
        (even, odd) if odd * 10 > half * 7 && even * 10 < half => Some(UTF_16LE),
        (even, odd) if even * 10 > half * 7 && odd * 10 < half => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding that an HTML file declares in its first kilobyte (`<meta charset=…>`).
pub(super) fn html_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024))?.to_ascii_lowercase();
    let at = head.windows(8).position(|window| window == b"charset=")?;
    let label: Vec<u8> = head
        .get(at + 8..)?
        .iter()
        .skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.'))
        .copied()
        .collect();
    Encoding::for_label(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_tender_files_is_decoded() {
        let french = "Le système doit être compatible : clé, forêt, où ça, année";
        let greek = "Ο ανάδοχος οφείλει να παραδώσει τον πηγαίο κώδικα";
        let latin = encoding_rs::WINDOWS_1252.encode(french).0.into_owned();
        let cp1253 = encoding_rs::WINDOWS_1253.encode(greek).0.into_owned();
        let utf_16: Vec<u8> = french.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf_16_marked: Vec<u8> =
            [0xFEFF].into_iter().chain(greek.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        for (bytes, want, guessed) in [
            (french.as_bytes(), french, None),
            (&[b"\xEF\xBB\xBF", french.as_bytes()].concat()[..], french, None),
            (&latin[..], french, Some("windows-1252")),
            (&cp1253[..], greek, Some("windows-1253")),
            (&utf_16[..], french, Some("UTF-16LE")),
            (&utf_16_marked[..], greek, None),
        ] {
            let decoded = decode(bytes, None).expect("it is text");
            assert_eq!((decoded.text.as_ref(), decoded.guessed), (want, guessed));
        }
        assert_eq!(decode(b"GIF\0\0\x01\xff\xfe\0", None).err(), Some(NotText));
        assert_eq!(
            html_charset(b"<meta http-equiv=x content='text/html; charset=iso-8859-7'>"),
            Encoding::for_label(b"iso-8859-7")
        );
    }
}
