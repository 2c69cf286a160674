//! What stands before the text of an RTF file: code page, fonts, colours, styles.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::super::style_role::{Named, named};
use crate::lang::Lang;

/// Fonts, colours and styles beyond this are not kept.
const MOST_ENTRIES: usize = 10_000;

/// The code page of a font.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum CodePage {
    Known(&'static Encoding),
    /// A symbol font: its bytes are pictures.
    Symbols,
    /// A code page that no one knows here, read as Windows-1252.
    Unknown,
}

/// The tables of the header.
#[derive(Debug)]
pub(super) struct Header {
    /// The code page of text whose font names none.
    pub code_page: CodePage,
    pub default_font: i32,
    fonts: HashMap<i32, CodePage>,
    /// The font whose entry is read.
    font: i32,
    /// Whether a colour is white or left to the program.
    pale: Vec<bool>,
    colour: [Option<u8>; 3],
    styles: HashMap<i32, Named>,
    style: Style,
    pub title: String,
}

/// The entry of the style table that is read.
#[derive(Debug, Default)]
struct Style {
    number: i32,
    name: String,
    outline: Option<u8>,
    based_on: Option<i32>,
    /// A style of characters, sections or tables.
    of_other_kind: bool,
}

impl Default for Header {
    fn default() -> Self {
        Header {
            code_page: CodePage::Known(encoding_rs::WINDOWS_1252),
            default_font: 0,
            fonts: HashMap::new(),
            font: 0,
            pale: Vec::new(),
            colour: [None; 3],
            styles: HashMap::new(),
            style: Style::default(),
            title: String::new(),
        }
    }
}

impl Header {
    /// The code page of text in a font.
    pub fn code_page_of(&self, font: i32) -> CodePage {
        self.fonts.get(&font).copied().unwrap_or(self.code_page)
    }

    /// A control word inside the font table.
    pub fn font_word(&mut self, word: &str, number: i32) {
        let page = match word {
            "f" => {
                self.font = number;
                return;
            }
            "fcharset" => of_charset(number),
            "cpg" => Some(of_code_page(number)),
            _ => None,
        };
        if let Some(page) = page
            && self.fonts.len() < MOST_ENTRIES
        {
            self.fonts.insert(self.font, page);
        }
    }

    /// A control word inside the colour table.
    pub fn colour_word(&mut self, word: &str, number: i32) {
        let part = match word {
            "red" => 0,
            "green" => 1,
            "blue" => 2,
            _ => return,
        };
        self.colour[part] = u8::try_from(number).ok();
    }

    /// Text inside the colour table: a semicolon ends an entry.
    pub fn colour_text(&mut self, text: &str) {
        for _ in text.matches(';').take(MOST_ENTRIES.saturating_sub(self.pale.len())) {
            let colour = std::mem::take(&mut self.colour);
            self.pale.push(colour.iter().all(|part| part.is_none_or(|value| value == 255)));
        }
    }

    /// Whether a cell of that background stands out.
    pub fn is_shade(&self, colour: i32) -> bool {
        usize::try_from(colour).ok().and_then(|index| self.pale.get(index)).is_some_and(|pale| !pale)
    }

    /// A control word inside an entry of the style table.
    pub fn style_word(&mut self, word: &str, number: i32) {
        match word {
            "s" => self.style.number = number,
            "outlinelevel" => self.style.outline = u8::try_from(number).ok(),
            "sbasedon" => self.style.based_on = Some(number),
            "cs" | "ds" | "ts" => self.style.of_other_kind = true,
            _ => {}
        }
    }

    /// Text inside an entry of the style table: its name, then a semicolon.
    pub fn style_text(&mut self, text: &str) {
        match text.split_once(';') {
            None => self.style.name.push_str(text),
            Some((name, _)) => {
                self.style.name.push_str(name);
                self.end_style();
            }
        }
    }

    /// The entry is at its end.
    pub fn end_style(&mut self) {
        let style = std::mem::take(&mut self.style);
        if style.of_other_kind || style.name.is_empty() || self.styles.len() >= MOST_ENTRIES {
            return;
        }
        let mut said = named(style.name.trim());
        said.outline = said.outline.or(style.outline);
        if let Some(base) = style.based_on.and_then(|base| self.styles.get(&base)) {
            said.role = said.role.or(base.role);
            said.outline = said.outline.or(base.outline);
        }
        self.styles.insert(style.number, said);
    }

    /// What the style of a paragraph says.
    pub fn style(&self, number: i32) -> Named {
        self.styles.get(&number).copied().unwrap_or_default()
    }
}

/// The code page of a Windows code page number.
pub(super) fn of_code_page(number: i32) -> CodePage {
    let label = match number {
        874 => "windows-874",
        932 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        866 => "ibm866",
        10000 => "macintosh",
        10007 => "x-mac-cyrillic",
        65001 => "utf-8",
        28591..=28606 => return known(&format!("iso-8859-{}", number - 28590)),
        _ => return known(&format!("windows-{number}")),
    };
    known(label)
}

fn known(label: &str) -> CodePage {
    Encoding::for_label(label.as_bytes()).map_or(CodePage::Unknown, CodePage::Known)
}

/// The code page of a font's character set; `None` where it is that of the file (RTF 1.9.1, "Font table").
fn of_charset(charset: i32) -> Option<CodePage> {
    Some(match charset {
        0 => of_code_page(1252),
        2 => CodePage::Symbols,
        77 => of_code_page(10000),
        128 => of_code_page(932),
        129 => of_code_page(949),
        134 => of_code_page(936),
        136 => of_code_page(950),
        161 => of_code_page(1253),
        162 => of_code_page(1254),
        163 => of_code_page(1258),
        177 => of_code_page(1255),
        178 => of_code_page(1256),
        186 => of_code_page(1257),
        204 => of_code_page(1251),
        222 => of_code_page(874),
        238 => of_code_page(1250),
        // 1 is the charset of the system, the others are never seen.
        _ => return None,
    })
}

/// The language of a Windows language identifier ([MS-LCID]): its lower ten bits.
pub(super) fn language(lcid: i32) -> Option<Lang> {
    let code = match lcid & 0x3FF {
        0x02 => "bg",
        0x03 => "ca",
        0x05 => "cs",
        0x06 => "da",
        0x07 => "de",
        0x08 => "el",
        0x09 => "en",
        0x0A => "es",
        0x0B => "fi",
        0x0C => "fr",
        0x0E => "hu",
        0x0F => "is",
        0x10 => "it",
        0x13 => "nl",
        0x14 => "no",
        0x15 => "pl",
        0x16 => "pt",
        0x17 => "rm",
        0x18 => "ro",
        // Croatian and Serbian share their lower bits.
        0x1A if matches!(lcid, 0x041A | 0x101A) => "hr",
        0x1B => "sk",
        0x1D => "sv",
        0x24 => "sl",
        0x25 => "et",
        0x26 => "lv",
        0x27 => "lt",
        0x3A => "mt",
        0x3C => "ga",
        _ => return None,
    };
    code.parse().ok()
}
