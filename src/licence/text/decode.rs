//! Bytes of a licence file to text.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Longest licence file that is read, in bytes; what follows is left out. A NOTICE file of a large product has a few
/// hundred kilobytes.
pub const LONGEST: usize = 4 << 20;

/// The text of a file: by its byte order mark, as UTF-8 if it is, as UTF-16 without a mark if every other byte is
/// zero, else as Windows-1252, of which Latin-1 is a part.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = &bytes[..bytes.len().min(LONGEST)];
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8_lossy(rest);
    }
    if bytes.starts_with(b"\xff\xfe") || zero_at(bytes, 1) {
        return UTF_16LE.decode(bytes).0;
    }
    if bytes.starts_with(b"\xfe\xff") || zero_at(bytes, 0) {
        return UTF_16BE.decode(bytes).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // Only the cut at the end is broken.
        Err(error) if error.error_len().is_none() && bytes.len() == LONGEST => {
            String::from_utf8_lossy(&bytes[..error.valid_up_to()])
        }
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Whether the first letters of the file have a zero byte at `at` of each pair.
fn zero_at(bytes: &[u8], at: usize) -> bool {
    bytes.len() >= 8 && bytes[..8].chunks_exact(2).all(|pair| pair[at] == 0 && pair[1 - at] != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let utf16: Vec<u8> = "Libert\u{e9}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, text) in [
            ("Liberté".as_bytes(), "Liberté"),
            (b"\xef\xbb\xbfLibert\xc3\xa9", "Liberté"),
            (b"Libert\xe9", "Liberté"),
            (&utf16, "Liberté"),
            (b"", ""),
        ] {
            assert_eq!(decode(bytes), text);
        }
    }
}
