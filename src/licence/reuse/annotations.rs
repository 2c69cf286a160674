//! Information on many files at once: REUSE.toml (REUSE 3.3) and the older `.reuse/dep5` (Debian copyright
//! format 1.0).

use std::fs;
use std::path::Path;

use regex::Regex;

/// Largest REUSE.toml or dep5 that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// What is known of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Information {
    pub expressions: Vec<String>,
    /// Whether a copyright holder is named.
    pub copyright: bool,
}

impl Information {
    pub fn add(&mut self, other: &Information) {
        self.expressions.extend(other.expressions.iter().cloned());
        self.copyright |= other.copyright;
    }
}

/// Which of a file's own information and that of a REUSE.toml counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precedence {
    /// The file's own, and what it does not say from the closest REUSE.toml.
    Closest,
    /// Both.
    Aggregate,
    /// Only that of the topmost REUSE.toml that says so.
    Override,
}

/// One `[[annotations]]` table, or one `Files:` paragraph.
#[derive(Debug)]
struct Annotation {
    paths: Regex,
    precedence: Precedence,
    information: Information,
}

/// The annotations of one file, and the folder it stands in, with a final `/`, empty for the root.
#[derive(Debug)]
struct Source {
    folder: String,
    annotations: Vec<Annotation>,
}

/// All annotations of a repository, those of outer folders first.
#[derive(Debug, Default)]
pub struct Annotations {
    sources: Vec<Source>,
}

/// A file that is wrong, and why.
type Fault = (String, String);

impl Annotations {
    /// Reads `.reuse/dep5` or the REUSE.toml files at the given paths.
    ///
    /// # Errors
    /// The path of a file that is wrong, and what is wrong: both kinds at once, no TOML, a wrong type.
    pub fn read(root: &Path, reuse_tomls: &[String]) -> Result<Annotations, Fault> {
        let mut annotations = Annotations::default();
        if let Some(text) = text(root, ".reuse/dep5")? {
            if let Some(other) = reuse_tomls.first() {
                return Err((
                    other.clone(),
                    "there is a .reuse/dep5 as well; only one of the two may be used".to_owned(),
                ));
            }
            annotations.sources.push(Source { folder: String::new(), annotations: dep5(&text) });
        }
        for path in reuse_tomls {
            let Some(text) = text(root, path)? else { continue };
            let folder = path.strip_suffix("REUSE.toml").unwrap_or_default().to_owned();
            let read = reuse_toml(&text).map_err(|reason| (path.clone(), reason))?;
            annotations.sources.push(Source { folder, annotations: read });
        }
        annotations.sources.sort_by_key(|source| source.folder.matches('/').count());
        Ok(annotations)
    }

    /// What the annotations say of a file: at most one entry of `Closest` with the innermost statement of each
    /// kind, entries of `Aggregate`, and one of `Override`, after which nothing counts.
    pub fn of(&self, path: &str) -> Vec<(Precedence, Information)> {
        let mut found = Vec::new();
        let mut closest = Information::default();
        for source in &self.sources {
            let Some(inner) = path.strip_prefix(source.folder.as_str()) else { continue };
            // The last annotation that has the path counts.
            let Some(annotation) = source.annotations.iter().rev().find(|one| one.paths.is_match(inner)) else {
                continue;
            };
            let information = annotation.information.clone();
            match annotation.precedence {
                Precedence::Closest => {
                    if !information.expressions.is_empty() {
                        closest.expressions = information.expressions;
                    }
                    closest.copyright |= information.copyright;
                }
                precedence => found.push((precedence, information)),
            }
            if annotation.precedence == Precedence::Override {
                break;
            }
        }
        if closest != Information::default() {
            found.push((Precedence::Closest, closest));
        }
        found
    }
}

fn text(root: &Path, path: &str) -> Result<Option<String>, Fault> {
    let file = root.join(path);
    match fs::metadata(&file) {
        Err(_) => Ok(None),
        Ok(metadata) if metadata.len() > LARGEST => Err((path.to_owned(), "it is too large".to_owned())),
        Ok(_) => fs::read_to_string(&file).map(Some).map_err(|error| (path.to_owned(), error.to_string())),
    }
}

fn reuse_toml(text: &str) -> Result<Vec<Annotation>, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    if !table.get("version").is_some_and(toml::Value::is_integer) {
        return Err("`version` must be a number".to_owned());
    }
    let annotations = match table.get("annotations") {
        None => return Ok(Vec::new()),
        Some(annotations) => annotations.as_array().ok_or("`annotations` must be tables")?,
    };
    annotations
        .iter()
        .map(|annotation| {
            let annotation = annotation.as_table().ok_or("`annotations` must be tables")?;
            let paths = strings(annotation.get("path"), "path")?;
            if paths.is_empty() {
                return Err("`path` is missing".to_owned());
            }
            let precedence = match annotation.get("precedence").map(toml::Value::as_str) {
                None | Some(Some("closest")) => Precedence::Closest,
                Some(Some("aggregate")) => Precedence::Aggregate,
                Some(Some("override")) => Precedence::Override,
                Some(_) => return Err("`precedence` must be closest, aggregate or override".to_owned()),
            };
            let copyright = strings(annotation.get("SPDX-FileCopyrightText"), "SPDX-FileCopyrightText")?;
            let expressions = strings(annotation.get("SPDX-License-Identifier"), "SPDX-License-Identifier")?;
            let patterns: Vec<_> = paths.iter().map(|path| glob(path)).collect();
            let paths = Regex::new(&format!("^(?:{})$", patterns.join("|"))).map_err(|error| error.to_string())?;
            Ok(Annotation {
                paths,
                precedence,
                information: Information { expressions, copyright: !copyright.is_empty() },
            })
        })
        .collect()
}

/// A string or a list of strings.
fn strings(value: Option<&toml::Value>, key: &str) -> Result<Vec<String>, String> {
    match value {
        None => Ok(Vec::new()),
        Some(toml::Value::String(one)) => Ok(vec![one.clone()]),
        Some(toml::Value::Array(many)) => many
            .iter()
            .map(|one| one.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or(format!("`{key}` must be text")),
        Some(_) => Err(format!("`{key}` must be text")),
    }
}

/// A path of REUSE.toml as a regular expression: `*` is anything but `/`, `**` is anything, `\` takes the next
/// `*` or `\` as it is.
fn glob(path: &str) -> String {
    let mut pattern = String::new();
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                if let Some(next) = characters.next_if(|next| matches!(next, '*' | '\\')) {
                    pattern.push_str(&regex::escape(&next.to_string()));
                }
            }
            '*' => {
                let mut double = false;
                while characters.next_if_eq(&'*').is_some() {
                    double = true;
                }
                pattern.push_str(if double { ".*" } else { "[^/]*" });
            }
            other => pattern.push_str(&regex::escape(&other.to_string())),
        }
    }
    pattern
}

/// The `Files:` paragraphs of a Debian copyright file. Their patterns are those of the format: `*` and `?` match
/// `/` as well.
fn dep5(text: &str) -> Vec<Annotation> {
    text.replace("\r\n", "\n").split("\n\n").filter_map(paragraph).collect()
}

fn paragraph(text: &str) -> Option<Annotation> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with([' ', '\t']) {
            let (_, value) = fields.last_mut()?;
            value.push('\n');
            value.push_str(line.trim());
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let field = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let patterns: Vec<String> = field("files")?
        .split_whitespace()
        .map(|pattern| regex::escape(pattern).replace(r"\*", ".*").replace(r"\?", "."))
        .collect();
    let licence = field("license")?.lines().next().unwrap_or_default().trim();
    Some(Annotation {
        paths: Regex::new(&format!("(?s)^(?:{})$", patterns.join("|"))).ok()?,
        precedence: Precedence::Aggregate,
        information: Information {
            expressions: if licence.is_empty() { Vec::new() } else { vec![licence.to_owned()] },
            copyright: field("copyright").is_some_and(|holder| !holder.is_empty()),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_as_reuse_has_it() {
        for (path, file, matches) in [
            ("src/*.rs", "src/main.rs", true),
            ("src/*.rs", "src/a/main.rs", false),
            ("src/**", "src/a/main.rs", true),
            ("**", "a/b", true),
            (r"a\*b", "a*b", true),
            (r"a\*b", "axb", false),
            ("a.b", "axb", false),
        ] {
            let pattern = Regex::new(&format!("^(?:{})$", glob(path))).expect("globs give valid patterns");
            assert_eq!(pattern.is_match(file), matches, "{path} {file}");
        }
    }

    #[test]
    fn a_wrong_reuse_toml_says_why() {
        for (text, reason) in [
            ("x", ""),
            ("annotations = []", "`version` must be a number"),
            ("version = 1\n[[annotations]]\nprecedence = \"closest\"", "`path` is missing"),
            (
                "version = 1\n[[annotations]]\npath = \"a\"\nprecedence = \"x\"",
                "`precedence` must be closest, aggregate or override",
            ),
        ] {
            let error = reuse_toml(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn dep5_paragraphs_are_read() {
        let text = "Format: x\n\nFiles: img/* doc/*.md\nCopyright: 2020 Example\n 2021 Other\nLicense: CC0-1.0\n";
        let annotations = Annotations { sources: vec![Source { folder: String::new(), annotations: dep5(text) }] };
        let expected = Information { expressions: vec!["CC0-1.0".to_owned()], copyright: true };
        assert_eq!(annotations.of("img/a/b.png"), [(Precedence::Aggregate, expected)]);
        assert_eq!(annotations.of("src/a"), []);
    }
}
