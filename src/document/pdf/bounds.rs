//! What a PDF may cost before it is read: streams that unpack beyond the bound are found by counting, and
//! fonts that would fill memory from a few bytes are refused.
//!
//! The parser beneath unpacks a stream in one go, so a stream has to be measured before it is handed over.
//! DEFLATE expands at most 1032 times and LZW with 12-bit codes at most 2560 times, so short streams need no
//! measuring.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Object, Stream};
use memchr::memmem;

/// Greatest expansion of DEFLATE: 258 bytes from two bits (RFC 1951 §3.2.5).
const DEFLATE_EXPANSION: u64 = 1032;
/// Greatest expansion of LZW in PDF: 3,838 bytes from a 12-bit code (ISO 32000-1 §7.4.4).
const LZW_EXPANSION: u64 = 2560;
/// Greatest expansion of the run-length filter: 128 bytes from two (ISO 32000-1 §7.4.5).
const RUN_LENGTH_EXPANSION: u64 = 64;

/// Character codes that a font's width table may name: two-byte codes are the most that fonts use.
const MOST_WIDTHS: u64 = 70_000;

/// Whether some stream anywhere in the file would unpack to more than `most` bytes.
///
/// Looks at the raw bytes, since the parser unpacks object and cross-reference streams while it opens the
/// file. Streams of an encrypted file can't be seen through here; those that hold objects are refused when
/// they are long enough to be a bomb.
pub(super) fn has_oversized_stream(bytes: &[u8], most: u64) -> bool {
    let shortest = most / DEFLATE_EXPANSION;
    let encrypted = memmem::find(bytes, b"/Encrypt").is_some();
    let end_of_stream = memmem::Finder::new(b"endstream");
    let mut position = 0;
    for found in memmem::find_iter(bytes, b"stream") {
        if found < position || bytes[..found].ends_with(b"end") {
            continue;
        }
        let data = &bytes[found + b"stream".len()..];
        let data = data.strip_prefix(b"\r\n").or(data.strip_prefix(b"\n")).or(data.strip_prefix(b"\r")).unwrap_or(data);
        let length = end_of_stream.find(data).unwrap_or(data.len());
        let head = &bytes[position..found];
        position = bytes.len() - data.len() + length;
        let data = &data[..length];
        if (length as u64) < shortest {
            continue;
        }
        if encrypted && memmem::find(head, b"/ObjStm").is_some() {
            return true;
        }
        if inflates_beyond(data, most) {
            return true;
        }
    }
    false
}

/// Whether the stream may be unpacked: its size stays under `most` bytes.
pub(super) fn fits(stream: &Stream<'_>, most: u64) -> bool {
    let filters = stream.filters();
    let packed = stream.raw_data().len() as u64;
    let mut worst = packed;
    for filter in &filters {
        worst = worst.saturating_mul(match filter {
            Filter::FlateDecode => DEFLATE_EXPANSION,
            Filter::LzwDecode => LZW_EXPANSION,
            Filter::RunLengthDecode => RUN_LENGTH_EXPANSION,
            _ => 1,
        });
    }
    if worst <= most {
        return true;
    }
    match filters.as_slice() {
        [Filter::FlateDecode] => !inflates_beyond(&stream.raw_data(), most),
        [Filter::AsciiHexDecode | Filter::Ascii85Decode, Filter::FlateDecode] => {
            packed.saturating_mul(DEFLATE_EXPANSION / 8) <= most
        }
        [Filter::LzwDecode] | [Filter::Ascii85Decode, Filter::LzwDecode] => {
            packed.saturating_mul(LZW_EXPANSION / 8) <= most
        }
        _ => false,
    }
}

/// A stream without its filters.
pub(super) enum Unpacked {
    Whole(Vec<u8>),
    /// As far as it could be unpacked.
    Broken(Vec<u8>),
    TooLarge,
}

/// Unpacks a stream to at most `most` bytes. Content is nearly always plain DEFLATE: that is done here, so that
/// a stream that breaks off is noticed, which the parser passes over.
pub(super) fn unpack(stream: &Stream<'_>, most: u64) -> Unpacked {
    let is_plain = stream.filters().as_slice() == [Filter::FlateDecode]
        && !["DecodeParms", "DP"].iter().any(|key| stream.dict().contains_key(key));
    if is_plain {
        let mut data = Vec::new();
        let read = ZlibDecoder::new(&*stream.raw_data()).take(most + 1).read_to_end(&mut data);
        if data.len() as u64 > most {
            return Unpacked::TooLarge;
        }
        if read.is_ok() && !data.is_empty() {
            return Unpacked::Whole(data);
        }
    }
    if !fits(stream, most) {
        return Unpacked::TooLarge;
    }
    match stream.decoded_data() {
        Ok(data) if is_plain => Unpacked::Broken(data.into_owned()),
        Ok(data) => Unpacked::Whole(data.into_owned()),
        Err(_) => Unpacked::Broken(Vec::new()),
    }
}

/// Whether the bytes are DEFLATE, with or without zlib's frame (RFC 1950), and unpack to more than `most`.
fn inflates_beyond(data: &[u8], most: u64) -> bool {
    let framed = matches!(data, [head, flags, ..]
        if head & 0x0f == 8 && (u16::from(*head) << 8 | u16::from(*flags)) % 31 == 0);
    if framed { count(ZlibDecoder::new(data), most) } else { count(DeflateDecoder::new(data), most) }
}

fn count(mut unpacked: impl Read, most: u64) -> bool {
    let mut buffer = vec![0; 1 << 16];
    let mut total = 0;
    while let Ok(read @ 1..) = unpacked.read(&mut buffer) {
        total += read as u64;
        if total > most {
            return true;
        }
    }
    false
}

/// Whether the parts of a font that are unpacked on loading stay in bounds: the width tables name no more
/// codes than fonts have, and no program or map is larger than `most` bytes.
pub(super) fn font_fits(font: &Dict<'_>, most: u64) -> bool {
    let mut dicts = vec![font.clone()];
    if let Some(descendants) = font.get::<Array<'_>>("DescendantFonts") {
        dicts.extend(descendants.iter::<Dict<'_>>().take(1));
    }
    dicts.iter().all(|dict| {
        let descriptor = dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let streams_fit = ["ToUnicode", "Encoding", "CIDToGIDMap"]
            .iter()
            .filter_map(|key| dict.get::<Stream<'_>>(key))
            .chain(["FontFile", "FontFile2", "FontFile3"].iter().filter_map(|key| descriptor.get::<Stream<'_>>(key)))
            .all(|stream| fits(&stream, most));
        streams_fit && widths_fit(dict, "W", 3) && widths_fit(dict, "W2", 5)
    })
}

/// A width table is a list of `first [w w …]` and `first last w` (ISO 32000-1 §9.7.4.3); only the second form
/// can name many codes in few bytes.
fn widths_fit(font: &Dict<'_>, key: &str, range_arity: usize) -> bool {
    let Some(table) = font.get::<Array<'_>>(key) else { return true };
    let mut named = 0;
    let mut numbers = Vec::new();
    for entry in table.iter::<Object<'_>>() {
        match entry {
            Object::Number(number) => numbers.push(number.as_f64()),
            _ => numbers.clear(),
        }
        if numbers.len() == range_arity {
            named += (numbers[1] - numbers[0]).max(0.0) as u64;
            numbers.clear();
        }
        if named > MOST_WIDTHS {
            return false;
        }
    }
    true
}
