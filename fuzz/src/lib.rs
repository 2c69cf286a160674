//! What the fuzz targets have in common. `.ci/fuzz` builds and runs them.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Once};
use std::time::Duration;

use acquis::document::{Document, Format, Limits, NotRead};
use acquis::input::{Bundle, Content, FileRef};
use acquis::lang::Lang;
use zip::write::SimpleFileOptions;

/// What stands between the parts of a packed file in a seed.
const BETWEEN_PARTS: &[u8] = b"\n%%\n";

/// The parts of a DOCX in the order of the seeds; so for the others.
pub const DOCX: &[&str] = &[
    "word/document.xml",
    "word/styles.xml",
    "word/numbering.xml",
    "word/footnotes.xml",
    "word/comments.xml",
    "word/header1.xml",
    "word/_rels/document.xml.rels",
    "docProps/core.xml",
];
pub const ODF: &[&str] = &["content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"];
pub const XLSX: &[&str] = &[
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/comments1.xml",
    "xl/worksheets/_rels/sheet1.xml.rels",
];
pub const PPTX: &[&str] = &[
    "ppt/slides/slide1.xml",
    "ppt/presentation.xml",
    "ppt/_rels/presentation.xml.rels",
    "ppt/slides/_rels/slide1.xml.rels",
    "ppt/notesSlides/notesSlide1.xml",
];

/// Small bounds, so that a run tries many files and memory tells.
fn limits() -> Limits {
    // Files are read on the thread that made them: handing each over to another would take most of the time.
    static ALONE: Once = Once::new();
    ALONE.call_once(|| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
        pool.build_global().expect("no pool was there before");
    });
    Limits { time: Duration::from_secs(5), blocks: 20_000, ..Limits::default() }
}

/// Reads a file as a document and looks whether what came out holds together.
pub fn document(data: &[u8], format: Format) {
    if let Ok(document) = acquis::document::read(data, "a", None, format, &limits()) {
        whole(&document);
    }
}

/// Packs the parts and reads the file as a document.
pub fn packed(data: &[u8], names: &[&str], format: Format) {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut rest = data;
    for name in names {
        let end = rest.windows(BETWEEN_PARTS.len()).position(|window| window == BETWEEN_PARTS);
        let (part, after) = match end {
            Some(end) => (&rest[..end], Some(&rest[end + BETWEEN_PARTS.len()..])),
            None => (rest, None),
        };
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(*name, options).expect("a fresh archive takes files");
        writer.write_all(part).expect("a vector takes bytes");
        match after {
            Some(after) => rest = after,
            None => break,
        }
    }
    document(&writer.finish().expect("a fresh archive ends").into_inner(), format);
}

/// Every index leads to a block and every range to text.
fn whole(document: &Document) {
    for (index, block) in document.blocks.iter().enumerate() {
        for link in [block.parent, block.lead_in, block.row_head, block.column_head].into_iter().flatten() {
            assert!(link < document.blocks.len() && link != index);
        }
        assert!(document.headings(index).count() < 16);
        assert!(!block.text.is_empty() && !block.text.contains(['\n', '\r']));
        for mark in &block.marks {
            assert!(mark.start < mark.end && block.text.get(mark.start..mark.end).is_some());
        }
        if let Some(source) = &document.source {
            for (offset, _) in block.text.char_indices() {
                let there = block.map.source_offset(offset);
                assert!(there.is_none_or(|there| source.is_char_boundary(there)));
            }
        }
        let _ = document.place(index, Lang::EN);
    }
}

/// Opens a file as a user does: something is read, or a record says what was not.
pub fn bundle(data: &[u8], name: &str) {
    let files = vec![FileRef { uri: name.to_owned(), content: Content::Bytes(Arc::from(data)) }];
    let bundle = Bundle { uri: String::new(), kind: None, named: true, files, not_read: Vec::new() };
    let opened = bundle.open(&limits());
    opened.documents.iter().for_each(whole);
    let silent = opened.documents.iter().all(|document| document.blocks.is_empty())
        && opened.not_read.is_empty()
        && opened.notices.is_empty()
        && opened.skipped.is_empty();
    assert!(!silent, "nothing was read and nothing said");
}

/// Reads a notice: in the format that its content tells, and in the one that the first byte chooses.
pub fn notice(data: &[u8]) {
    let formats = [Format::Eforms, Format::TedExport, Format::Ocds, Format::Decp];
    let chosen = data.first().map(|byte| formats[usize::from(*byte) % formats.len()]);
    for format in acquis::notice::format_of(data).into_iter().chain(chosen) {
        let reading = acquis::notice::read(data, "a", None, format, &limits());
        let silent = reading.notices.is_empty() && reading.not_read.is_empty();
        // A list without an entry is read, and holds no notice.
        assert!(!silent || matches!(format, Format::Ocds | Format::Decp));
        let _: Vec<String> = reading.not_read.iter().map(NotRead::to_string).collect();
    }
}

/// Checks a publiccode.yml.
pub fn publiccode(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        for problem in acquis::repository::publiccode::check(text) {
            let region = problem.region();
            assert!(region.start_line > 0 && region.start_column > 0);
        }
    }
}

/// Names of files that a repository may hold, those of its manifests among them.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let manifests = include_str!("../../rules/knowledge/manifests.tsv").lines().filter(|line| !line.starts_with('#'));
    let manifests = manifests.skip(1).filter_map(|line| line.split('\t').next()).map(|name| name.replace('*', "x"));
    let others = ["LICENSE", "README.md", "main.tf", "Dockerfile", ".gitlab-ci.yml", "index.html", "REUSE.toml", "a.c"];
    manifests.chain(others.map(str::to_owned)).collect()
});

/// Reads a repository of one file, whose name the first byte chooses.
pub fn repository(data: &[u8]) {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let root = std::env::temp_dir().join(format!("acquis-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&root).expect("the folder for temporary files takes one more");
        root
    });
    let Some((choice, text)) = data.split_first() else { return };
    let name = &NAMES[usize::from(*choice) % NAMES.len()];
    let file = ROOT.join(name);
    write(&file, text);
    let _ = limits();
    let _ = acquis::repository::Repository::read(&ROOT, &Default::default());
    let _ = std::fs::remove_file(file);
}

fn write(file: &Path, text: &[u8]) {
    if let Some(folder) = file.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    std::fs::write(file, text).expect("the folder takes a file");
}

/// Identifies a licence text and reads its tags and expressions.
pub fn licence(data: &[u8]) {
    let _ = acquis::licence::identify(data);
    let _ = acquis::licence::identify_within(data);
    let _ = acquis::licence::headers(data);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = acquis::licence::tags(text);
        let _ = acquis::licence::openness(&acquis::licence::expression(text));
    }
}

/// Reads a policy file and a rule file.
pub fn policy(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = acquis::policy::Policy::parse(text, "acquis.yml");
    if let Ok(rule) = acquis::rule::parse(text, "a.yaml") {
        let options = acquis::engine::Options::default();
        let _ = acquis::engine::Engine::new([&rule], options).map(|engine| engine.cards());
    }
}
