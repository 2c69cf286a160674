//! Packs the licence texts of `rules/texts/` into one index: words as numbers, what of a text is optional or may
//! be replaced, and the runs of words by which a text is found again.
//!
//! Layout of the index (`src/licence/text/index.rs` reads it; all numbers little-endian): a head of eleven `u32`
//! section lengths in bytes, then the sections
//! 0 keys of all words, `u32`, sorted · 1 their spellings, a line each · 2 names of the texts, a line each:
//! kind, id, language · 3 per text: first word, words, first optional, optionals, first slot, slots, runs, `u32` each ·
//! 4 words of all texts, `u16` · 5 list markers among them, one bit a word · 6 optional stretches: start, end,
//! `u32` · 7 slots: start, end, pattern, `u32` · 8 patterns, a line each · 9 keys of the runs, `u32`, sorted ·
//! 10 per run: text and place, `u32` each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../src/licence/words.rs"]
#[allow(dead_code, reason = "the build uses a part of the module")]
mod words;

use words::{Equivalents, Word};

/// Words in a run that is looked up. Must be that of the reader.
const RUN: usize = 5;
/// Of this many runs in a row the one with the smallest key is kept.
const WINDOW: usize = 4;

/// One text with its structure, offsets in words.
struct Template {
    name: String,
    words: Vec<Word>,
    spellings: Vec<String>,
    optional: Vec<(usize, usize)>,
    slots: Vec<(usize, usize, String)>,
}

/// Writes `licences.bin` into `out`, unless it is already made from the same files.
pub fn pack(rules: &Path, out: &Path) {
    let mut files = Vec::new();
    for (folder, kind) in [
        ("spdx/licences", "licence"),
        ("spdx/variants", "licence"),
        ("spdx/exceptions", "exception"),
        ("spdx/headers", "header"),
        ("official", "licence"),
        ("official/editions", "licence"),
        ("other", "licence"),
        ("headers", "header"),
    ] {
        files.extend(texts_in(&rules.join("texts").join(folder)).into_iter().map(|file| (file, kind)));
    }
    let equivalents_file = rules.join("knowledge/licence-equivalents.tsv");
    let sources: Vec<_> = files.iter().map(|(file, _)| file).chain([&equivalents_file]).collect();
    let stamp = stamp(&sources);
    let index = out.join("licences.bin");
    let stamp_file = out.join("licences.stamp");
    if index.exists() && fs::read_to_string(&stamp_file).is_ok_and(|last| last == stamp) {
        return;
    }
    let equivalents = Equivalents::parse(&fs::read_to_string(&equivalents_file).expect("the table is readable"));
    let templates: Vec<_> = files.iter().map(|(file, kind)| template(file, kind, &equivalents)).collect();
    fs::write(index, serialise(&templates)).expect("OUT_DIR is writable");
    fs::write(stamp_file, stamp).expect("OUT_DIR is writable");
}

fn texts_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.expect("rules/texts is readable").path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "txt"));
    files.sort();
    files
}

/// Names, sizes and times of the sources, and the format's version.
fn stamp(sources: &[&PathBuf]) -> String {
    let mut stamp = format!("6 {RUN} {WINDOW} {}\n", include_str!("../src/licence/words.rs").len());
    for file in sources {
        let data = fs::metadata(file).expect("rules/ is readable");
        stamp.push_str(&format!("{} {} {:?}\n", file.display(), data.len(), data.modified().ok()));
    }
    stamp
}

/// Reads a text. Its file is named by its id, and by its language where that is not English: `EUPL-1.2.de.txt`.
fn template(file: &Path, kind: &str, equivalents: &Equivalents) -> Template {
    let stem = file.file_stem().and_then(|stem| stem.to_str()).expect("texts have names in ASCII");
    let (id, language) = match stem.rsplit_once('.') {
        Some((id, language)) if language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            (id, language)
        }
        _ => (stem, "en"),
    };
    let source = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let parsed = parse(source.trim_start_matches('\u{feff}'), file);
    let mut words = words::words(&parsed.text, equivalents);
    for (start, end) in &parsed.bullets {
        for word in words.iter_mut().filter(|word| (*start..*end).contains(&(word.start as usize))) {
            word.marker = true;
        }
    }
    let spellings =
        words.iter().map(|word| parsed.text[word.start as usize..word.end as usize].to_lowercase()).collect();
    let word_at = |byte: usize| words.partition_point(|word| (word.start as usize) < byte);
    let optional =
        parsed.optional.iter().map(|(start, end)| (word_at(*start), word_at(*end))).filter(|(s, e)| s < e).collect();
    let slots =
        parsed.slots.iter().map(|(start, end, pattern)| (word_at(*start), word_at(*end), pattern.clone())).collect();
    Template { name: format!("{kind}\t{id}\t{language}"), words, spellings, optional, slots }
}

/// A text without its marks, and where they stood, in bytes.
#[derive(Default)]
struct Parsed {
    text: String,
    optional: Vec<(usize, usize)>,
    slots: Vec<(usize, usize, String)>,
    /// Numbers of list items, `Article 1` among them.
    bullets: Vec<(usize, usize)>,
}

/// Reads the marks of an SPDX licence template (SPDX 2.3, annex C): `<<beginOptional>>`, `<<endOptional>>`,
/// `<<var;name="…";original="…";match="…">>`. A mark may stand inside a word, which is then read as two: the
/// comparison joins them again where need be.
fn parse(source: &str, file: &Path) -> Parsed {
    let mut parsed = Parsed { text: String::with_capacity(source.len()), ..Parsed::default() };
    let mut open = Vec::new();
    let mut rest = source;
    while let Some(mark) = find_mark(rest) {
        parsed.text.push_str(&rest[..mark]);
        rest = &rest[mark + 2..];
        if let Some(after) = rest.strip_prefix("beginOptional>>") {
            parsed.text.push(' ');
            open.push(parsed.text.len());
            rest = after;
        } else if let Some(after) = rest.strip_prefix("endOptional>>") {
            let start = open.pop().unwrap_or_else(|| panic!("{}: endOptional without a begin", file.display()));
            parsed.optional.push((start, parsed.text.len()));
            parsed.text.push(' ');
            rest = after;
        } else {
            let end = rest.find("\">>").unwrap_or_else(|| panic!("{}: a mark does not end", file.display()));
            let mark = &rest[..=end];
            parsed.text.push(' ');
            let start = parsed.text.len();
            parsed.text.push_str(&field(mark, "original"));
            parsed.slots.push((start, parsed.text.len(), field(mark, "match").replace('\n', " ")));
            if field(mark, "name") == "bullet" {
                parsed.bullets.push((start, parsed.text.len()));
            }
            parsed.text.push(' ');
            rest = &rest[end + 3..];
        }
    }
    parsed.text.push_str(rest);
    parsed.optional.sort_unstable();
    parsed
}

fn find_mark(text: &str) -> Option<usize> {
    ["<<beginOptional>>", "<<endOptional>>", "<<var;"].iter().filter_map(|mark| text.find(mark)).min()
}

/// The value of `key="…"` in a mark; values hold no unescaped quotation mark followed by `;`.
fn field(mark: &str, key: &str) -> String {
    let Some(start) = mark.find(&format!("{key}=\"")).map(|at| at + key.len() + 2) else { return String::new() };
    let value = &mark[start..];
    let end = value.find("\";").unwrap_or_else(|| value.rfind('"').unwrap_or(value.len()));
    value[..end].to_owned()
}

fn serialise(templates: &[Template]) -> Vec<u8> {
    let mut spellings: BTreeMap<u32, BTreeMap<&str, usize>> = BTreeMap::new();
    for template in templates {
        for (word, spelling) in template.words.iter().zip(&template.spellings) {
            *spellings.entry(word.key).or_default().entry(spelling).or_default() += 1;
        }
    }
    // Of several spellings the most frequent.
    let vocabulary: BTreeMap<u32, &str> = spellings
        .into_iter()
        .map(|(key, counts)| (key, counts.into_iter().max_by_key(|(_, count)| *count).map_or("", |(word, _)| word)))
        .collect();
    assert!(vocabulary.len() < usize::from(u16::MAX), "the words no longer fit into two bytes");
    let id_of: BTreeMap<u32, u16> = vocabulary.keys().zip(0..).map(|(key, id)| (*key, id)).collect();
    let mut sections: [Vec<u8>; 11] = Default::default();
    let mut patterns: Vec<&str> = Vec::new();
    let mut runs = Vec::new();
    let mut marker_bits = Vec::new();
    for (key, spelling) in &vocabulary {
        put(&mut sections[0], *key as usize);
        sections[1].extend_from_slice(spelling.as_bytes());
        sections[1].push(b'\n');
    }
    for (number, template) in templates.iter().enumerate() {
        sections[2].extend_from_slice(template.name.as_bytes());
        sections[2].push(b'\n');
        let kept = kept_runs(&template.words);
        for value in [
            sections[4].len() / 2,
            template.words.len(),
            sections[6].len() / 8,
            template.optional.len(),
            sections[7].len() / 12,
            template.slots.len(),
            kept.len(),
        ] {
            put(&mut sections[3], value);
        }
        for word in &template.words {
            sections[4].extend_from_slice(&id_of[&word.key].to_le_bytes());
            marker_bits.push(word.marker);
        }
        for (start, end) in &template.optional {
            put(&mut sections[6], *start);
            put(&mut sections[6], *end);
        }
        for (start, end, pattern) in &template.slots {
            let known = patterns.iter().position(|one| one == pattern).unwrap_or_else(|| {
                patterns.push(pattern);
                patterns.len() - 1
            });
            for value in [*start, *end, known] {
                put(&mut sections[7], value);
            }
        }
        runs.extend(kept.into_iter().map(|(key, place)| (key, number, place)));
    }
    runs.sort_unstable();
    for bits in marker_bits.chunks(8) {
        sections[5].push(bits.iter().enumerate().fold(0, |byte, (bit, set)| byte | u8::from(*set) << bit));
    }
    sections[8].extend_from_slice(patterns.join("\n").as_bytes());
    for (key, text, place) in runs {
        put(&mut sections[9], key as usize);
        put(&mut sections[10], text);
        put(&mut sections[10], place);
    }
    let mut index = Vec::new();
    for section in &sections {
        put(&mut index, section.len());
    }
    index.extend(sections.concat());
    index
}

/// The runs by which a text is found: of each window the one with the smallest key.
fn kept_runs(words: &[Word]) -> Vec<(u32, usize)> {
    let places: Vec<_> = (0..words.len()).filter(|place| !words[*place].marker).collect();
    let runs: Vec<_> =
        places.windows(RUN).map(|run| (words::run_key(run.iter().map(|place| words[*place].key)), run[0])).collect();
    let mut kept: Vec<_> = if runs.len() < WINDOW {
        runs
    } else {
        runs.windows(WINDOW).filter_map(|window| window.iter().min().copied()).collect()
    };
    kept.sort_by_key(|(_, place)| *place);
    kept.dedup();
    kept
}

fn put(bytes: &mut Vec<u8>, value: usize) {
    bytes.extend_from_slice(&u32::try_from(value).expect("texts are far below four gigabytes").to_le_bytes());
}
