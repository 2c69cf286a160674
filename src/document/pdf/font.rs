//! Fonts: from character codes to text and advance, each code looked up once.

use std::collections::HashMap;
use std::sync::Arc;

use hayro_font::hayro_cmap::{self, BfString};
use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn, StandardFont};
use hayro_syntax::object::{Array, Dict, Name};
use kurbo::Vec2;

use super::bounds;

/// Bit of a font descriptor's flags that asks for bold (ISO 32000-1 table 123).
const FORCE_BOLD: u32 = 1 << 18;
const FIXED_PITCH: u32 = 1;

/// The fonts of one file.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    font_resolver: FontResolverFn,
    cmap_resolver: CMapResolverFn,
    faces: Vec<Face<'a>>,
    /// Where a font's dictionary stands in the file, and its index in `faces`.
    by_place: HashMap<(usize, usize), usize>,
    fallback: Option<usize>,
    /// Bytes that a font program or map may unpack to.
    most: u64,
}

/// One font as this reader needs it.
pub(super) struct Face<'a> {
    font: Option<Font<'a>>,
    /// Only ASCII can be trusted: the font was missing and a standard one stands in for it.
    ascii_only: bool,
    pub(super) bold: bool,
    pub(super) fixed_pitch: bool,
    pub(super) horizontal: bool,
    /// Height of the letters in font sizes: 1 but for Type 3 fonts, which choose their own units.
    pub(super) em: f64,
    low: Vec<Option<Code>>,
    high: HashMap<u32, Code>,
}

/// What one character code stands for.
#[derive(Clone)]
pub(super) struct Code {
    /// `None` where the font has no way from the code to Unicode.
    pub(super) text: Option<Arc<str>>,
    /// How far the next glyph is, in ems.
    pub(super) advance: Vec2,
    /// Where the glyph's origin is drawn (vertical writing), in ems.
    pub(super) displacement: Vec2,
}

impl<'a> Fonts<'a> {
    pub(super) fn new(most: u64) -> Self {
        Fonts {
            cache: FontCache::new(),
            font_resolver: Arc::new(|query| match query {
                FontQuery::Standard(standard) => Some(standard.get_font_data()),
                FontQuery::Fallback(wanted) => Some(wanted.pick_standard_font().get_font_data()),
            }),
            cmap_resolver: Arc::new(hayro_cmap::load_embedded),
            faces: Vec::new(),
            by_place: HashMap::new(),
            fallback: None,
            most,
        }
    }

    /// The face of a font dictionary, as an index for [`Fonts::face`].
    pub(super) fn load(&mut self, dict: &Dict<'a>) -> usize {
        let data = dict.data();
        let place = (data.as_ptr() as usize, data.len());
        if let Some(&face) = self.by_place.get(&place) {
            return face;
        }
        let font = bounds::font_fits(dict, self.most)
            .then(|| self.cache.font(dict, &self.font_resolver, &self.cmap_resolver))
            .flatten();
        let face = match font {
            Some(font) => {
                let descriptor = descriptor(dict);
                let flags = descriptor.get::<u32>("Flags").unwrap_or(0);
                let name = dict.get::<Name<'_>>("BaseFont").map(|name| name.as_str().to_owned()).unwrap_or_default();
                let bold = is_bold_name(&name)
                    || flags & FORCE_BOLD != 0
                    || descriptor.get::<f32>("FontWeight").is_some_and(|weight| weight >= 600.0);
                let horizontal = font.is_horizontal();
                let em = if dict.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_str() == "Type3") {
                    type_3_em(&font)
                } else {
                    1.0
                };
                let face = Face {
                    font: Some(font),
                    ascii_only: false,
                    bold,
                    fixed_pitch: flags & FIXED_PITCH != 0,
                    horizontal,
                    em,
                    low: Vec::new(),
                    high: HashMap::new(),
                };
                self.faces.push(face);
                self.faces.len() - 1
            }
            None => self.fallback(),
        };
        self.by_place.insert(place, face);
        face
    }

    /// The face that stands in where a font is missing or broken.
    pub(super) fn fallback(&mut self) -> usize {
        *self.fallback.get_or_insert_with(|| {
            self.faces.push(Face {
                font: self.cache.standard_font(StandardFont::Helvetica, &self.font_resolver),
                ascii_only: true,
                bold: false,
                fixed_pitch: false,
                horizontal: true,
                em: 1.0,
                low: Vec::new(),
                high: HashMap::new(),
            });
            self.faces.len() - 1
        })
    }

    pub(super) fn face(&mut self, index: usize) -> &mut Face<'a> {
        &mut self.faces[index]
    }

    pub(super) fn is_bold(&self, index: usize) -> bool {
        self.faces.get(index).is_some_and(|face| face.bold)
    }

    pub(super) fn is_fixed_pitch(&self, index: usize) -> bool {
        self.faces.get(index).is_some_and(|face| face.fixed_pitch)
    }
}

impl Face<'_> {
    /// The code at `offset` of a shown string, and its length in bytes; `None` at the end.
    pub(super) fn next(&mut self, bytes: &[u8], offset: usize) -> Option<(u32, usize, Code)> {
        let first = *bytes.get(offset)?;
        let Some(font) = &self.font else {
            return Some((u32::from(first), 1, Code { text: None, advance: Vec2::ZERO, displacement: Vec2::ZERO }));
        };
        let (code, length) = font.read_code(bytes, offset);
        let known = match usize::try_from(code) {
            Ok(low @ 0..256) => {
                if self.low.is_empty() {
                    self.low = vec![None; 256];
                }
                self.low[low].get_or_insert_with(|| look_up(font, code, self.ascii_only)).clone()
            }
            _ => self.high.entry(code).or_insert_with(|| look_up(font, code, self.ascii_only)).clone(),
        };
        Some((code, length.max(1), known))
    }
}

fn look_up(font: &Font<'_>, code: u32, ascii_only: bool) -> Code {
    let unicode = match font.glyph(font.map_code(code), code) {
        FontGlyph::Outline(glyph) => glyph.as_unicode(),
        FontGlyph::Type3(glyph) => glyph.as_unicode(),
    };
    let text = match unicode {
        Some(BfString::Char(char)) => Some(char.to_string()),
        Some(BfString::String(text)) => Some(text),
        None => None,
    };
    let text = text.filter(|text| !text.is_empty() && (!ascii_only || text.is_ascii()));
    Code {
        text: text.map(Arc::from),
        advance: font.code_advance(code) / 1000.0,
        displacement: font.origin_displacement(code) / 1000.0,
    }
}

/// A Type 3 font says nothing about its height; letters are about half as wide as high.
fn type_3_em(font: &Font<'_>) -> f64 {
    let widths: Vec<f64> =
        (0..256).map(|code| font.code_advance(code).x.abs() / 1000.0).filter(|width| *width > 0.0).collect();
    let mean = widths.iter().sum::<f64>() / widths.len().max(1) as f64;
    if mean > 0.0 { mean * 2.0 } else { 1.0 }
}

fn descriptor<'a>(font: &Dict<'a>) -> Dict<'a> {
    font.get::<Dict<'_>>("FontDescriptor")
        .or_else(|| {
            let descendant = font.get::<Array<'_>>("DescendantFonts")?.iter::<Dict<'_>>().next()?;
            descendant.get::<Dict<'_>>("FontDescriptor")
        })
        .unwrap_or_default()
}

/// Weights from semi-bold up, as font names spell them.
fn is_bold_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["bold", "black", "heavy", "demi", "cmbx", "sfbx"].iter().any(|weight| name.contains(weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bold_is_read_from_the_name() {
        for (name, bold) in [
            ("ABCDEF+Arial-BoldMT", true),
            ("Calibri,Bold", true),
            ("OpenSans-Semibold", true),
            ("CMBX10", true),
            ("Times-Roman", false),
            ("DejaVuSans", false),
        ] {
            assert_eq!(is_bold_name(name), bold, "{name}");
        }
    }
}
