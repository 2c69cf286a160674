//! PDF: from glyphs at positions back to text in reading order.
//!
//! A PDF says where each glyph stands, not what is a word, a line, a column or a heading. Parsing files,
//! unpacking streams and decoding fonts is the work of `hayro-syntax` and `hayro-font`, pinned behind this
//! module; everything on top of them is here, one step a file:
//!
//! | step | file |
//! |---|---|
//! | content streams → glyphs at places, ruled lines | `content`, `font` |
//! | glyphs → words | `words` |
//! | running headers and footers taken out | `running` |
//! | drawn lines → tables | `ruled` |
//! | words → regions in reading order, tables without lines | `regions`, `aligned` |
//! | words of a region → lines | `lines` |
//! | lines → paragraphs, hyphens undone | `paragraphs`, `hyphens` |
//! | outline and tags of the file | `tree` |
//! | paragraphs → title, headings, list items, tables | `structure` |
//! | what is too large is refused | `bounds` |

mod aligned;
mod bounds;
mod content;
mod font;
mod hyphens;
mod ink;
mod lines;
mod paragraphs;
mod regions;
mod ruled;
mod running;
mod structure;
mod tree;
mod words;

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use hayro_syntax::object::Dict;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use kurbo::Rect;

use self::content::Reader;
use self::hyphens::Vocabulary;
use self::ink::{Extent, Ink};
use self::paragraphs::{Item, PlacedCell, PlacedLine, PlacedTable};
use self::regions::Region;
use self::running::{PageWords, take_running_rows};
use self::tree::Tags;
use self::words::Word;
use super::compose::Composer;
use super::line::Line;
use super::{Anchor, BlockKind, Deadline, Document, Format, HealthKind, HealthNote, Limits, NotRead};
use crate::lang::Lang;
use crate::saying::{Saying, say};

/// Stack of the reading thread. The parser nests at most some hundred calls; the rest is reserve.
const STACK: usize = 32 << 20;
/// What the reading may take beyond its deadline: it looks at the clock only between operators.
const GRACE: Duration = Duration::from_secs(2);
/// Pages that are laid out together. Running headers are searched in each batch, and memory is bounded by it.
const BATCH: usize = 256;
/// Words held at most before they are laid out, a page more at the end: pages may hold a thousand times the usual.
const MOST_HELD: usize = 300_000;
/// Share of glyphs without Unicode from which a page counts as not read.
const MOST_UNMAPPED: f64 = 0.3;
/// Bytes of text below which the pages of a file with an XFA form are taken to say only that it must be opened with
/// another program.
const STAND_IN: usize = 1_000;
/// Share of words with holes in them from which a page counts as not read.
const MOST_BROKEN: f64 = 0.03;

/// Why a file was not read, and what to do about it.
struct Refusal {
    reason: Saying,
    remedy: Saying,
}

/// Reads a PDF.
///
/// The reading runs on a thread of its own, for three reasons: its stack has a size that is known; a panic in
/// the parser beneath (none is known) ends the thread and not the program; and a parser that does not come
/// back, which no deadline inside this module could stop, is left behind.
///
/// # Errors
/// No PDF, encrypted with a password, too large in some respect, damaged beyond repair, or without any text.
pub(super) fn read(bytes: &[u8], uri: &str, member: Option<&str>, limits: &Limits) -> Result<Document, NotRead> {
    let not_read = |refusal: Refusal| NotRead::new(uri, member, refusal.reason, refusal.remedy);
    let (sender, receiver) = mpsc::channel();
    let job = Job { uri: uri.to_owned(), member: member.map(str::to_owned), limits: limits.clone() };
    let input = bytes.to_vec();
    let spawned = thread::Builder::new().name("pdf".to_owned()).stack_size(STACK).spawn(move || {
        // The receiver may have given up waiting; then nobody wants the result.
        let _ = sender.send(read_here(input, &job));
    });
    if spawned.is_err() {
        return Err(not_read(Refusal { reason: say!("no-thread"), remedy: say!("do-free-memory") }));
    }
    match receiver.recv_timeout(limits.time.saturating_add(GRACE)) {
        Ok(read) => read.map_err(not_read),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(not_read(too_slow())),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(not_read(damaged())),
    }
}

/// What the reading thread needs besides the bytes.
struct Job {
    uri: String,
    member: Option<String>,
    limits: Limits,
}

fn too_slow() -> Refusal {
    Refusal { reason: say!("pdf-too-slow"), remedy: say!("do-split-or-print") }
}

fn damaged() -> Refusal {
    Refusal { reason: say!("pdf-damaged"), remedy: say!("do-print") }
}

fn too_large() -> Refusal {
    Refusal { reason: say!("pdf-stream-too-large"), remedy: say!("do-split-or-print") }
}

fn no_text() -> Refusal {
    Refusal { reason: say!("pdf-no-text"), remedy: say!("do-recognise-file") }
}

fn no_letters() -> Refusal {
    Refusal { reason: say!("pdf-no-letters"), remedy: say!("do-print-or-recognise") }
}

fn read_here(bytes: Vec<u8>, job: &Job) -> Result<Document, Refusal> {
    let limits = &job.limits;
    let deadline = limits.deadline();
    let start = &bytes[..bytes.len().min(1024)];
    if memchr::memmem::find(start, b"%PDF-").is_none() {
        return Err(Refusal { reason: say!("no-pdf"), remedy: say!("do-look-what-it-is") });
    }
    if bounds::has_oversized_stream(&bytes, limits.bytes) {
        return Err(too_large());
    }
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            Refusal { reason: say!("pdf-password"), remedy: say!("do-save-unprotected") }
        }
        LoadPdfError::Decryption(_) => Refusal { reason: say!("pdf-cipher"), remedy: say!("do-save-unprotected") },
        LoadPdfError::Invalid => damaged(),
    })?;
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).unwrap_or_default();
    let mut reading = Reading::new(deadline);
    reading.pages(&pdf, &catalog, limits);
    reading.finish(&catalog, job)
}

/// What has been found so far.
struct Reading {
    deadline: Deadline,
    items: Vec<Item>,
    vocabulary: Vocabulary,
    running: Vec<(String, bool)>,
    regions: u32,
    pages: u32,
    without_text: Vec<u32>,
    broken_fonts: Vec<u32>,
    cut_short: Vec<u32>,
    damaged: Vec<u32>,
    has_unmapped: bool,
    has_text: bool,
    /// Bytes of memory that the lines take so far.
    held: usize,
}

impl Reading {
    fn new(deadline: Deadline) -> Self {
        Reading {
            deadline,
            items: Vec::new(),
            vocabulary: Vocabulary::default(),
            running: Vec::new(),
            regions: 0,
            pages: 0,
            without_text: Vec::new(),
            broken_fonts: Vec::new(),
            cut_short: Vec::new(),
            damaged: Vec::new(),
            has_unmapped: false,
            has_text: false,
            held: 0,
        }
    }

    fn pages(&mut self, pdf: &Pdf, catalog: &Dict<'_>, limits: &Limits) {
        let pages = pdf.pages();
        self.pages = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        let mut reader = Reader::new(catalog, limits, self.deadline);
        let tags = Tags::read(catalog);
        let mut number = 0;
        let mut pages = pages.iter().peekable();
        while pages.peek().is_some() {
            let first = number + 1;
            let (mut upright, mut rest) = (Vec::new(), Vec::new());
            let mut held = 0;
            while upright.len() < BATCH && held < MOST_HELD {
                let Some(page) = pages.next() else { break };
                number += 1;
                if number as usize > limits.pages || self.held > limits.held || self.deadline.has_passed() {
                    self.cut_short.push(number);
                    continue;
                }
                let ink = reader.read(page);
                let mut words = words::words(&ink, &reader.fonts);
                let id = page.raw().obj_id().map(|id| id.obj_number);
                for word in words.upright.iter_mut().chain(words.turned.iter_mut().flatten()) {
                    word.role = tags.role(id, word.content);
                }
                self.note_health(number, &ink, &words);
                held += words.upright.len() + words.turned.iter().map(Vec::len).sum::<usize>();
                upright.push(PageWords { height: ink.height, words: words.upright });
                rest.push((words.turned, if words.is_turned { Vec::new() } else { ink.rules }));
            }
            for running in take_running_rows(&mut upright) {
                if !self.running.contains(&running) {
                    self.running.push(running);
                }
            }
            for (page, (upright, (turned, rules))) in (first..).zip(upright.into_iter().zip(rest)) {
                self.lay_out(page, upright.words, &rules);
                for words in turned {
                    self.lay_out(page, words, &[]);
                }
            }
        }
    }

    fn note_health(&mut self, page: u32, ink: &Ink, words: &words::Words) {
        match ink.extent {
            Extent::Whole => {}
            Extent::Damaged => self.damaged.push(page),
            Extent::CutShort => self.cut_short.push(page),
        }
        self.has_unmapped |= words.unmapped > 0;
        let glyphs = words.mapped + words.unmapped;
        if words.mapped > 0 {
            self.has_text = true;
        }
        let count = words.upright.len() + words.turned.iter().map(Vec::len).sum::<usize>();
        let unmapped = words.unmapped >= 10 && f64::from(words.unmapped) > MOST_UNMAPPED * f64::from(glyphs);
        let broken = words.broken >= 5 && f64::from(words.broken) > MOST_BROKEN * count as f64;
        if unmapped || broken {
            self.broken_fonts.push(page);
        } else if glyphs == 0 && (ink.drawn || !ink.rules.is_empty()) {
            self.without_text.push(page);
        }
    }

    /// Puts a page's words into reading order. A ruled table takes part as a solid block.
    fn lay_out(&mut self, page: u32, mut words: Vec<Word>, rules: &[Rect]) {
        let tables = ruled::tables(rules, &words);
        let mut in_table = vec![false; words.len()];
        for table in &tables {
            for &word in table.cells.iter().flat_map(|cell| &cell.words) {
                in_table[word] = true;
            }
        }
        let mut flow: Vec<usize> = (0..words.len()).filter(|&word| !in_table[word]).collect();
        for (index, table) in tables.iter().enumerate() {
            let blanks = Word::blanks(index, table.frame);
            flow.extend(words.len()..words.len() + blanks.len());
            words.extend(blanks);
        }
        let mut emitted = vec![false; tables.len()];
        for region in regions::regions(&words, &flow) {
            match region {
                Region::Text(text) => {
                    let (blanks, text): (Vec<usize>, Vec<usize>) =
                        text.into_iter().partition(|&word| words[word].table.is_some());
                    let mut rows = lines::rows(&words, &text).into_iter().peekable();
                    // Tables in between, by where they begin.
                    for blank in blanks {
                        let Some(index) = words[blank].table.filter(|&index| !emitted[index]) else { continue };
                        emitted[index] = true;
                        let top = tables[index].frame.y0;
                        let mut above = Vec::new();
                        while let Some(row) = rows.next_if(|row| words[row[0]].baseline < top + 2.0) {
                            above.push(row);
                        }
                        self.add_text(page, &words, above);
                        self.add_ruled_table(page, &words, &tables[index]);
                    }
                    self.add_text(page, &words, rows.collect());
                }
                Region::Table(rows) => {
                    let cells = rows.into_iter().enumerate().flat_map(|(row, cells)| {
                        let cells = cells.into_iter().enumerate().filter(|(_, words)| !words.is_empty());
                        cells.map(move |(column, words)| ruled::Cell { row, column, rows: 1, columns: 1, words })
                    });
                    let cells: Vec<ruled::Cell> = cells.collect();
                    let of = |side: &dyn Fn(&Word) -> f64| {
                        cells.iter().flat_map(|cell| &cell.words).map(|&word| side(&words[word])).collect::<Vec<_>>()
                    };
                    let left = of(&|word| word.left).into_iter().fold(f64::INFINITY, f64::min);
                    let right = of(&|word| word.right).into_iter().fold(f64::NEG_INFINITY, f64::max);
                    self.add_table(page, &words, &cells, (left, right));
                }
            }
        }
    }

    fn add_text(&mut self, page: u32, words: &[Word], rows: Vec<Vec<usize>>) {
        let lines = self.placed_lines(page, words, &rows);
        self.items.extend(lines.into_iter().map(Item::Line));
    }

    fn add_ruled_table(&mut self, page: u32, words: &[Word], table: &ruled::Table) {
        self.add_table(page, words, &table.cells, (table.frame.x0, table.frame.x1));
    }

    fn add_table(&mut self, page: u32, words: &[Word], cells: &[ruled::Cell], edges: (f64, f64)) {
        let cells = cells
            .iter()
            .map(|cell| PlacedCell {
                row: cell.row,
                column: cell.column,
                rows: cell.rows,
                columns: cell.columns,
                content: self.cell_lines(page, words, &cell.words),
            })
            .collect();
        self.items.push(Item::Table(PlacedTable { page, last_page: page, edges, cells }));
    }

    /// The lines of a cell, in which there may be columns again.
    fn cell_lines(&mut self, page: u32, words: &[Word], cell: &[usize]) -> Vec<PlacedLine> {
        let mut found = Vec::new();
        for region in regions::regions(words, cell) {
            match region {
                Region::Text(text) => found.extend(self.placed_lines(page, words, &lines::rows(words, &text))),
                Region::Table(rows) => {
                    for inner in rows.into_iter().flatten() {
                        found.extend(self.placed_lines(page, words, &lines::rows(words, &inner)));
                    }
                }
            }
        }
        found
    }

    /// The lines of one region.
    fn placed_lines(&mut self, page: u32, words: &[Word], rows: &[Vec<usize>]) -> Vec<PlacedLine> {
        self.regions += 1;
        let lines: Vec<_> = rows.iter().filter_map(|row| lines::line(words, row)).collect();
        let region_left = lines.iter().map(|line| line.left).fold(f64::INFINITY, f64::min);
        let region_right = lines.iter().map(|line| line.right).fold(f64::NEG_INFINITY, f64::max);
        for line in &lines {
            self.vocabulary.add_line(&line.text);
        }
        let region = self.regions;
        self.held += lines.iter().map(|line| size_of::<PlacedLine>() + line.text.len()).sum::<usize>();
        lines.into_iter().map(|line| PlacedLine { line, page, region, region_left, region_right }).collect()
    }

    fn finish(self, catalog: &Dict<'_>, job: &Job) -> Result<Document, Refusal> {
        if !self.has_text {
            return Err(if !self.cut_short.is_empty() {
                too_slow()
            } else if !self.damaged.is_empty() {
                damaged()
            } else if self.has_unmapped {
                no_letters()
            } else {
                no_text()
            });
        }
        let mut composer = Composer::new(&job.limits);
        let language = catalog
            .get::<hayro_syntax::object::String<'_>>("Lang")
            .and_then(|tag| Lang::from_tag(&pdf_string(tag.as_bytes())));
        composer.declare_language(language);
        let passages = paragraphs::passages(self.items, &self.vocabulary);
        structure::compose(&passages, &tree::outline(catalog), &mut composer);
        for (text, at_top) in self.running {
            let mut line = Line::default();
            line.push(&text);
            let kind = if at_top { BlockKind::Header } else { BlockKind::Footer };
            composer.push(kind, line, Anchor::default());
        }
        let without_text = page_list(&self.without_text);
        let broken_fonts = page_list(&self.broken_fonts);
        let (damaged, cut_short) = (page_list(&self.damaged), page_list(&self.cut_short));
        for (kind, pages, detail, remedy) in [
            (
                HealthKind::PageWithoutText,
                &self.without_text,
                without_text.map(|pages| say!("pages-without-text", pages = pages)),
                say!("do-recognise-pages"),
            ),
            (
                HealthKind::BrokenFontMap,
                &self.broken_fonts,
                broken_fonts.map(|pages| say!("pages-without-letters", pages = pages)),
                say!("do-print-or-recognise"),
            ),
            (
                HealthKind::PartNotRead,
                &self.damaged,
                damaged.map(|pages| say!("pages-damaged", pages = pages)),
                say!("do-print"),
            ),
            (
                HealthKind::PartNotRead,
                &self.cut_short,
                cut_short.map(|pages| say!("pages-cut-short", pages = pages)),
                say!("do-split-or-print"),
            ),
        ] {
            if let Some(detail) = detail {
                let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
                composer.note(kind, count, detail, Some(remedy));
            }
        }
        let missing = tree::declared_pages(catalog).unwrap_or(0).saturating_sub(self.pages);
        composer.note(HealthKind::PartNotRead, missing, say!("pages-missing", n = missing), Some(say!("do-print")));
        let mut document = composer.finish(&job.uri, job.member.as_deref(), Format::Pdf, None);
        document.health.pages = Some(self.pages);
        if tree::has_xfa_form(catalog) && document.text_len() < STAND_IN {
            let (detail, remedy) = (say!("pdf-form-not-shown"), Some(say!("do-print-form")));
            document.health.notes.push(HealthNote { kind: HealthKind::PartNotRead, count: 1, detail, remedy });
        }
        Ok(document)
    }
}

/// `page 7`, `pages 2, 5–9`; `None` for no pages.
fn page_list(pages: &[u32]) -> Option<Saying> {
    let runs: Vec<String> = pages
        .chunk_by(|a, b| a + 1 == *b)
        .filter_map(|run| match run {
            [] => None,
            [page] => Some(page.to_string()),
            [first, .., last] => Some(format!("{first}–{last}")),
        })
        .collect();
    match pages.len() {
        0 => None,
        1 => Some(say!("page", n = runs.join(", "))),
        _ => Some(say!("pages", n = runs.join(", "))),
    }
}

/// A text string: UTF-16 or UTF-8 with a byte order mark, else PDFDocEncoding, which is read as Windows-1252
/// (ISO 32000-1 §7.9.2.2; they differ in some accents and dashes).
fn pdf_string(bytes: &[u8]) -> String {
    let encoding = match bytes {
        [0xFE, 0xFF, ..] => encoding_rs::UTF_16BE,
        [0xFF, 0xFE, ..] => encoding_rs::UTF_16LE,
        [0xEF, 0xBB, 0xBF, ..] => encoding_rs::UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    };
    encoding.decode(bytes).0.into_owned()
}

#[cfg(test)]
mod tests;
