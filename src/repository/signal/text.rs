//! Signs in the text of files: one pass for the literals of all rows, then the expressions of the rows whose
//! literal was met.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::Regex;

use super::super::file_type::{self, FileKind};
use super::super::manifest::Source;
use super::super::model::PathClass;
use super::way_out::{self, Way};
use super::{Hit, Subject, infrastructure, snippet};
use crate::builtin;

/// A row of `identifiers.tsv`.
struct Identifier {
    subject: Subject,
    literals: Vec<&'static str>,
    pattern: Regex,
    /// The sign does not count on a line that this matches.
    unless: Option<Regex>,
    kinds: Vec<FileKind>,
    names: GlobSet,
    /// Ids of `repository-files.tsv`; if there are any, the sign counts only in these files.
    within: Vec<&'static str>,
    in_comments: bool,
}

struct Table {
    identifiers: Vec<Identifier>,
    literals: Option<AhoCorasick>,
    /// For each literal the row that it belongs to: identifiers first, then ways out.
    owners: Vec<usize>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut identifiers = Vec::new();
    for row in builtin::rows(builtin::file("knowledge/identifiers.tsv").unwrap_or_default()) {
        let Ok(pattern) = Regex::new(&format!("(?m){}", row.get("pattern"))) else { continue };
        let mut names = GlobSetBuilder::new();
        for glob in row.list("names").filter_map(|name| GlobBuilder::new(name).case_insensitive(true).build().ok()) {
            names.add(glob);
        }
        identifiers.push(Identifier {
            subject: Subject::of(&row),
            literals: row.list("literals").collect(),
            pattern,
            unless: Some(row.get("unless"))
                .filter(|unless| !unless.is_empty())
                .and_then(|unless| Regex::new(unless).ok()),
            kinds: row.list("kinds").filter_map(FileKind::from_name).collect(),
            names: names.build().unwrap_or_default(),
            within: row.list("in").collect(),
            in_comments: row.get("comments") == "yes",
        });
    }
    let rows = identifiers.iter().map(|row| &row.literals).chain(way_out::texts().iter().map(|way| &way.literals));
    let (mut literals, mut owners): (Vec<&str>, Vec<usize>) = (Vec::new(), Vec::new());
    for (owner, row) in rows.enumerate() {
        literals.extend(row);
        owners.extend(row.iter().map(|_| owner));
    }
    let literals = AhoCorasick::builder().match_kind(MatchKind::Standard).build(literals).ok();
    Table { identifiers, literals, owners }
});

/// The signs of one file.
#[derive(Debug, Default)]
pub struct Signs {
    pub hits: Vec<Hit>,
    pub ways: Vec<Way>,
}

/// Most hits of one row in one file.
const MOST_HITS: usize = 20;

/// Looks for signs in the text of a file that is known by these ids.
pub fn scan(source: &Source, ids: &[&str]) -> Signs {
    let mut signs = Signs::default();
    let table = &*TABLE;
    let kind = file_type::of(source.path).map(|file_type| file_type.kind);
    let Some(literals) = table.literals.as_ref().filter(|_| !is_minified(source.text, kind)) else { return signs };
    let mut met = vec![false; table.identifiers.len() + way_out::texts().len()];
    for found in literals.find_overlapping_iter(source.text) {
        if let Some(flag) = table.owners.get(found.pattern().as_usize()).and_then(|owner| met.get_mut(*owner)) {
            *flag = true;
        }
    }
    let (identifiers, ways) = met.split_at(table.identifiers.len());
    for (row, _) in
        table.identifiers.iter().zip(identifiers).filter(|(row, met)| **met && row.is_about(source, ids, kind))
    {
        row.find(source, kind, &mut signs.hits);
    }
    let may_ease = !matches!(kind, Some(FileKind::Markup | FileKind::Template | FileKind::Style));
    if may_ease {
        let is_setting = matches!(source.class, PathClass::Source | PathClass::Example | PathClass::DevTooling);
        let met = way_out::texts().iter().enumerate().filter(|(at, _)| ways.get(*at) == Some(&true));
        for (at, way) in met.filter(|(_, way)| is_setting || way.within_file) {
            if let Some(found) = way.pattern.find(source.text) {
                let line = source.places.range(found.start(), found.end()).line;
                signs.ways.push(Way { way: at, path: source.path.to_owned(), line });
            }
        }
    }
    infrastructure::scan(source, ids, &mut signs.hits);
    signs
}

/// Programs and styles with lines longer than this are no source that people write.
const MOST_LINE: usize = 5_000;

fn is_minified(text: &str, kind: Option<FileKind>) -> bool {
    matches!(kind, Some(FileKind::Code | FileKind::Style)) && text.split('\n').any(|line| line.len() > MOST_LINE)
}

impl Identifier {
    fn is_about(&self, source: &Source, ids: &[&str], kind: Option<FileKind>) -> bool {
        if !self.within.is_empty() {
            return source.class.is_own() && self.within.iter().any(|id| ids.contains(id));
        }
        source.class == PathClass::Source
            && (kind.is_some_and(|kind| self.kinds.contains(&kind)) || self.names.is_match(source.path))
    }

    fn find(&'static self, source: &Source, kind: Option<FileKind>, hits: &mut Vec<Hit>) {
        let skips_comments = !self.in_comments && self.within.is_empty() && kind != Some(FileKind::Prose);
        let found = self.pattern.captures_iter(source.text).filter_map(|parts| parts.get(1).or_else(|| parts.get(0)));
        let kept = found.filter(|found| {
            let is_no_source =
                self.subject.category == "private-registry" && is_publish_target(source.text, found.start());
            let is_excepted =
                self.unless.as_ref().is_some_and(|unless| unless.is_match(line(source.text, found.start())));
            !(is_no_source || is_excepted || skips_comments && is_comment(source.text, found.start()))
        });
        for found in kept.take(MOST_HITS) {
            let trimmed = found.as_str().trim_start();
            let start = found.end() - trimmed.len();
            hits.push(Hit {
                subject: &self.subject,
                path: source.path.to_owned(),
                class: source.class,
                place: source.places.range(start, found.end()),
                snippet: snippet(trimmed),
            });
        }
    }
}

/// Starts of lines that are comments in the languages of programs, settings and pages.
const COMMENTS: &[&str] = &["//", "#", "*", "/*", "--", "<!--", ";", "{#", "{% comment", "<%#", "<%--", "%"];

/// The line around a byte offset.
fn line(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[start..].lines().next().unwrap_or_default()
}

fn is_comment(text: &str, at: usize) -> bool {
    let line = line(text, at).trim_start();
    COMMENTS.iter().any(|mark| line.starts_with(mark))
}

/// Whether the place is inside a block that says where packages are published to, not taken from: `publishing
/// { … }` of Gradle, `<distributionManagement>` of Maven, `publishConfig` of npm.
fn is_publish_target(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let opened = |open: &str, close: &str| {
        before.rfind(open).is_some_and(|start| before.rfind(close).is_none_or(|end| end < start))
    };
    if opened("<distributionManagement>", "</distributionManagement>") {
        return true;
    }
    // The names of the blocks around the place, outermost first.
    let mut blocks: Vec<&str> = Vec::new();
    for (offset, byte) in before.bytes().enumerate() {
        match byte {
            b'{' => {
                let head = before[..offset].trim_end().trim_end_matches([':', '"', '(', ')']);
                blocks.push(head.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default());
            }
            b'}' => {
                blocks.pop();
            }
            _ => {}
        }
    }
    blocks.iter().any(|block| matches!(*block, "publishing" | "publications" | "publishConfig" | "uploadArchives"))
}

#[cfg(test)]
mod tests {
    use super::super::super::place::Places;
    use super::*;

    fn check(path: &str, text: &str, expected: &[&str]) {
        let places = Places::new(text);
        let class = super::super::super::path_class::Classifier::default().class(path);
        let ids = super::super::super::facts::ids(path);
        let signs = scan(&Source { path, class, text, places: &places }, &ids);
        let seen: Vec<_> = signs
            .hits
            .iter()
            .map(|hit| format!("{}:{} {}", hit.place.line, hit.place.column, hit.subject.id))
            .collect();
        assert_eq!(seen, expected, "{path}: {text}");
    }

    #[test]
    fn every_row_can_be_used() {
        for row in builtin::rows(builtin::file("knowledge/identifiers.tsv").unwrap_or_default()) {
            let id = row.get("id");
            for pattern in ["pattern", "unless"] {
                Regex::new(row.get(pattern)).unwrap_or_else(|fault| panic!("{id}: {fault}"));
            }
            assert!(row.list("literals").count() > 0, "{id} has no literal");
            assert!(row.list("kinds").all(|kind| FileKind::from_name(kind).is_some()), "{id}");
        }
    }

    #[test]
    fn signs_in_text() {
        check(
            "src/main.ts",
            "init({\n dsn: \"https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/42\"})",
            &["2:8 sentry-dsn"],
        );
        check("src/settings.py", "DSN = os.environ.get(\"SENTRY_DSN\")\n", &[]);
        check(
            "src/a.js",
            "j.src='https://www.googletagmanager.com/gtm.js?id='+i;\n// GTM\nconst id = 'GTM-ABC1234'\n",
            &["1:20 google-tag-manager", "3:13 google-analytics-id"],
        );
        check("src/a.js", "// see https://www.googletagmanager.com/gtm.js\n", &[]);
        check("docs/a.js", "x='https://www.googletagmanager.com/gtm.js'\n", &[]);
        check(
            "web/index.html",
            "<link href=\"https://fonts.googleapis.com/css?family=Roboto\">\n<div data-x=\"GoogleMapsCompatible\">",
            &["1:21 google-fonts"],
        );
        check(
            "app/mail.py",
            "c = boto3.client(\"sesv2\", region_name=r)\nd = boto3.client(\"s3\")\n",
            &["1:5 aws-service-call"],
        );
        check("api/v1.yaml", "swagger: '2.0'\n", &["1:1 swagger-2"]);
        check("mime.types", "application/x-shockwave-flash swf;\n", &[]);
        check("CONTRIBUTING.md", "You must sign a Contributor License Agreement.\n", &["1:17 contributor-agreement"]);
        check("CONTRIBUTING.md", "You do not need to sign a Contributor License Agreement.\n", &[]);
        check("src/a.js", "const id = 'GTM-XXXXXXX'\n", &[]);
        check("mvnw", "# or more contributor license agreements.  See the NOTICE file\n", &[]);
        check(
            "LICENSE.md",
            "The open source license does NOT apply to files in this folder.\n",
            &["1:5 restricted-part"],
        );
        check("LICENSE", "alternative is allowed only occasionally and noncommercially, and\n", &[]);
    }

    #[test]
    fn where_packages_are_published_to_is_no_source() {
        let repository = "maven {\n url = uri(\"https://maven.pkg.github.com/a/b\")\n }";
        check("build.gradle.kts", &format!("repositories {{ {repository} }}"), &["2:13 github-packages"]);
        check("build.gradle.kts", &format!("publishing {{ repositories {{ {repository} }} }}"), &[]);
        check(
            "pom.xml",
            "<distributionManagement>\n<url>https://maven.pkg.github.com/a/b</url></distributionManagement>",
            &[],
        );
        check(".npmrc", "@a:registry=https://npm.pkg.github.com\n", &["1:13 github-packages"]);
    }
}
