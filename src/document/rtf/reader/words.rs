//! Control words: destinations, properties, characters.

use super::super::header;
use super::super::paragraph::ParagraphLook;
use super::super::table::RowDefinition;
use super::{Destination, Field, Look, Reader};
use crate::document::model::BlockKind;

/// Tables inside each other beyond this are read as one.
const MOST_TABLES: i32 = 16;

impl Reader<'_> {
    /// A control word in the group that is open.
    pub(super) fn word(&mut self, word: &str, number: Option<i32>) {
        if self.group.destination == Destination::Nowhere {
            return;
        }
        self.end_bytes();
        if word == "u" {
            self.unicode(number.unwrap_or(0));
            return;
        }
        if self.passing > 0 {
            self.passing -= 1;
            return;
        }
        let may_skip = std::mem::take(&mut self.group.may_skip);
        if self.destination(word) {
            return;
        }
        if may_skip && !(self.group.destination == Destination::Styles && matches!(word, "cs" | "ds" | "ts")) {
            self.group.destination = Destination::Nowhere;
            return;
        }
        let value = number.unwrap_or(0);
        match self.group.destination {
            Destination::Fonts => self.header.font_word(word, value),
            Destination::Colours => self.header.colour_word(word, value),
            Destination::Styles => self.header.style_word(word, value),
            _ => self.property(word, number),
        }
    }

    /// `\u`: a UTF-16 unit as a signed number, with characters after it for programs that know no Unicode.
    fn unicode(&mut self, number: i32) {
        self.passing = self.group.fallback;
        let unit = match u16::try_from(number).or_else(|_| i16::try_from(number).map(|n| n as u16)) {
            Ok(unit) => unit,
            // Some programs write characters beyond the units as they are.
            Err(_) => {
                if let Some(character) = u32::try_from(number).ok().and_then(char::from_u32) {
                    self.text(character.encode_utf8(&mut [0; 4]));
                }
                return;
            }
        };
        if (0xD800..0xDC00).contains(&unit) {
            self.high_surrogate = Some(unit);
            return;
        }
        let units = self.high_surrogate.take().into_iter().chain([unit]);
        let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect();
        self.text(&text);
    }

    /// Whether the word begins a destination.
    fn destination(&mut self, word: &str) -> bool {
        use Destination::{
            Colours, Container, Fonts, Info, InnerRow, Instruction, ListMarker, Nowhere, Styles, Text, Title,
        };
        let in_info = self.group.destination == Info;
        self.group.destination = match word {
            "fonttbl" => Fonts,
            "colortbl" => Colours,
            "stylesheet" => Styles,
            "info" => Info,
            "title" if in_info => Title,
            "author" | "operator" | "subject" | "keywords" | "doccomm" | "company" | "manager" | "category"
            | "comment" | "hlinkbase"
                if in_info =>
            {
                Nowhere
            }
            "field" => {
                self.fields.push(Field {
                    depth: self.outer.len().saturating_sub(1),
                    instruction: String::new(),
                    start: None,
                });
                Container
            }
            "fldinst" => Instruction,
            "fldrslt" => {
                let start = (self.paragraph.line.here(), self.paragraphs);
                if let Some(field) = self.fields.last_mut() {
                    field.start = Some(start);
                }
                Text
            }
            // Older programs read the second of each pair; it repeats the first.
            "shp" | "shpinst" | "shpgrp" | "do" | "object" | "upr" => Container,
            "ud" => Text,
            "result" if self.group.destination == Container => Text,
            "shptxt" | "dptxbxtext" => {
                self.begin_aside(BlockKind::TextBox);
                return true;
            }
            "footnote" => {
                self.begin_aside(BlockKind::Footnote);
                return true;
            }
            "annotation" => {
                self.begin_aside(BlockKind::Comment);
                return true;
            }
            "header" | "headerl" | "headerr" | "headerf" => {
                self.begin_aside(BlockKind::Header);
                return true;
            }
            "footer" | "footerl" | "footerr" | "footerf" => {
                self.begin_aside(BlockKind::Footer);
                return true;
            }
            "ftnalt" => {
                if let Some(aside) = self.asides.last_mut() {
                    aside.kind = BlockKind::Endnote;
                }
                return true;
            }
            "listtext" | "pntext" => {
                self.list_marker.clear();
                ListMarker
            }
            "nesttableprops" => InnerRow,
            "nonesttables" | "pict" | "nonshppict" | "shprslt" | "objdata" | "filetbl" | "listtable" | "revtbl"
            | "xe" | "tc" | "rxe" | "txe" | "template" | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc"
            | "aftncn" | "bkmkstart" | "bkmkend" | "mmathPict" | "private" => Nowhere,
            _ => return false,
        };
        true
    }

    fn property(&mut self, word: &str, number: Option<i32>) {
        let value = number.unwrap_or(0);
        // A toggle without a number is on.
        let on = number != Some(0);
        let level = u8::try_from(value.clamp(0, 9)).unwrap_or(0);
        let look = &mut self.group.look;
        let paragraph = &mut self.group.paragraph;
        match word {
            "ansicpg" => self.header.code_page = header::of_code_page(value),
            "mac" => self.header.code_page = header::of_code_page(10000),
            "pc" => self.header.code_page = header::of_code_page(437),
            "pca" => self.header.code_page = header::of_code_page(850),
            "deff" => self.header.default_font = value,
            "deflang" => self.flow.composer.declare_language(header::language(value)),
            "uc" => self.group.fallback = u32::try_from(value.clamp(0, 16)).unwrap_or(1),
            "f" => look.font = Some(value),
            "fs" => look.size = u32::try_from(value).unwrap_or(0),
            "b" => look.bold = on,
            "v" => look.hidden = on,
            "highlight" => look.highlighted = value > 0,
            "deleted" => look.deleted = on,
            "revised" => look.inserted = on,
            "lang" => look.language = header::language(value),
            "plain" => *look = Look { deleted: look.deleted, inserted: look.inserted, ..Look::default() },
            "pard" => *paragraph = ParagraphLook::default(),
            "s" => paragraph.style = value,
            "outlinelevel" => paragraph.outline = Some(level),
            "ls" => paragraph.list = value,
            "ilvl" => paragraph.list_level = level,
            "intbl" => paragraph.tables = paragraph.tables.max(1),
            "itap" => paragraph.tables = usize::try_from(value.clamp(0, MOST_TABLES)).unwrap_or(0),
            "trowd" | "trhdr" | "trleft" | "clmgf" | "clmrg" | "clvmgf" | "clvmrg" | "clcbpat" | "cellx" => {
                self.row_property(word, value);
            }
            "cell" => self.end_cell(1),
            "row" => self.end_row(1),
            "nestcell" => {
                let depth = paragraph.tables.max(2);
                self.end_cell(depth);
            }
            "nestrow" => self.end_row(self.outer.last().map_or(2, |outer| outer.paragraph.tables.max(2))),
            _ => self.character(word),
        }
    }

    fn row_property(&mut self, word: &str, value: i32) {
        let row = match self.group.destination {
            Destination::InnerRow => &mut self.inner_row,
            _ => &mut self.row,
        };
        match word {
            "trowd" => *row = RowDefinition::default(),
            "trhdr" => row.head = true,
            "trleft" => row.left = value,
            "clmrg" => row.next.continues_left = true,
            "clvmrg" => row.next.continues_above = true,
            "clcbpat" => row.next.shaded = self.header.is_shade(value),
            "cellx" => row.end_cell(value),
            // The first cell of merged ones needs no mark.
            _ => {}
        }
    }

    /// Words that stand for a character or a break.
    fn character(&mut self, word: &str) {
        match word {
            // A paragraph whose end was deleted goes on in the next one.
            "par" | "sect" if self.group.destination == Destination::Text && !self.group.look.deleted => {
                self.end_paragraph();
            }
            "tab" | "line" | "softline" | "page" | "softpage" | "column" | "emspace" | "enspace" | "qmspace" => {
                self.gap();
            }
            "emdash" => self.text("—"),
            "endash" => self.text("–"),
            "bullet" => self.text("•"),
            "lquote" => self.text("‘"),
            "rquote" => self.text("’"),
            "ldblquote" => self.text("“"),
            "rdblquote" => self.text("”"),
            _ => {}
        }
    }
}
