//! Files that are signals by themselves: closed and dead formats, fonts that are not open, binaries without
//! their source.

use std::sync::LazyLock;

use super::super::file_type::{self, FileKind, FileType};
use super::super::model::{PathClass, RepoFile};
use super::{Hit, Subject, WHOLE_FILE};
use crate::builtin;

/// The signals of `file-types.tsv`: for each closed type a subject, by the type's name.
static FORMATS: LazyLock<Vec<Subject>> = LazyLock::new(|| {
    builtin::rows(builtin::file("knowledge/file-types.tsv").unwrap_or_default())
        .filter_map(|row| {
            let id = match (row.get("kind"), row.get("openness")) {
                ("dead", _) => "format-dead",
                ("binary", _) => "binary-artefact",
                ("office", "ooxml") => "format-ooxml",
                ("office", "closed") => "format-office",
                ("design", "closed") => "format-design",
                ("geodata", "closed") => "format-geodata",
                ("geodata", "documented") => "format-geodata-documented",
                _ => return None,
            };
            Some(Subject { id, category: "format", name: row.get("type"), ..Subject::of(&row) })
        })
        .collect()
});

/// A row of `fonts.tsv`.
struct Font {
    names: Vec<&'static str>,
    subject: Subject,
}

/// The fonts, and the words for styles that may follow their name.
static FONTS: LazyLock<(Vec<Font>, Vec<&'static str>)> = LazyLock::new(|| {
    let (mut fonts, mut styles) = (Vec::new(), Vec::new());
    for row in builtin::rows(builtin::file("knowledge/fonts.tsv").unwrap_or_default()) {
        if row.get("family") == "*" {
            styles.extend(row.list("names"));
            continue;
        }
        let subject = Subject {
            id: "font-not-open",
            category: "font",
            name: row.get("family"),
            vendor: row.get("owner"),
            domain: "workplace",
            instead: row.get("instead"),
            eased: Vec::new(),
            until: None,
        };
        fonts.push(Font { names: row.list("names").collect(), subject });
    }
    // The longest first, so that `extralight` is not read as `extra` and a rest.
    styles.sort_by_key(|style| std::cmp::Reverse(style.len()));
    (fonts, styles)
});

/// The signals among the files that the project delivers or documents itself with.
pub fn hits(files: &[RepoFile]) -> impl Iterator<Item = Hit> + '_ {
    let kept = files.iter().filter(|file| file.size > 0 && matches!(file.class, PathClass::Source | PathClass::Docs));
    kept.filter_map(|file| {
        let file_type = file_type::of(&file.path)?;
        let subject = match file_type.kind {
            FileKind::Font => font(&file.path)?,
            // A document in a closed format in docs/ still has to be opened; a program there is a download.
            FileKind::Binary if file.class != PathClass::Source => return None,
            _ => format(file_type)?,
        };
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        Some(Hit { subject, path: file.path.clone(), class: file.class, place: WHOLE_FILE, snippet: name.to_owned() })
    })
}

fn format(file_type: FileType) -> Option<&'static Subject> {
    FORMATS.iter().find(|subject| subject.name == file_type.name)
}

/// The subject of a font file by its name: the family, then nothing but words for styles and digits.
fn font(path: &str) -> Option<&'static Subject> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let letters: String = stem.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let (fonts, styles) = &*FONTS;
    let is_style = |mut rest: &str| {
        while !rest.is_empty() {
            let shorter = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            let next = styles.iter().find_map(|style| shorter.strip_prefix(style));
            match next {
                Some(next) => rest = next,
                None => return shorter.is_empty(),
            }
        }
        true
    };
    let is_family = |family: &&str| letters.strip_prefix(*family).is_some_and(is_style);
    fonts.iter().find(|font| font.names.iter().any(&is_family)).map(|font| &font.subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_signals() {
        for (path, class, expected) in [
            ("a/story.swf", PathClass::Source, Some("format-dead Flash and Silverlight")),
            (
                "docs/plan.vsdx",
                PathClass::Docs,
                Some("format-office Microsoft Visio, Project, Access, Publisher, OneNote"),
            ),
            ("docs/plan.odt", PathClass::Docs, None),
            ("docs/graph.dot", PathClass::Docs, None),
            ("locale/app.pot", PathClass::Source, None),
            ("libs/x.aar", PathClass::Source, Some("binary-artefact Library or program")),
            ("tests/x.xlsx", PathClass::Test, None),
            ("f/Marianne-Bold_Italic.woff2", PathClass::Source, Some("font-not-open Marianne")),
            ("f/Marianne-ExtraLight.woff", PathClass::Source, Some("font-not-open Marianne")),
            ("f/dingbats.ttf", PathClass::Source, None),
            ("f/RobotoMono-Regular.ttf", PathClass::Source, None),
            ("f/DINPro.otf", PathClass::Source, Some("font-not-open Foundry faces")),
            ("map.gpkg", PathClass::Source, None),
        ] {
            let files = [RepoFile { path: path.to_owned(), class, size: 1 }];
            let seen: Vec<_> = hits(&files).map(|hit| format!("{} {}", hit.subject.id, hit.subject.name)).collect();
            assert_eq!(seen, expected.into_iter().map(str::to_owned).collect::<Vec<_>>(), "{path}");
        }
    }
}
