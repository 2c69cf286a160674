//! Deployment descriptions bound to one provider, base images, and CI (`rules/knowledge/infrastructure.tsv`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::Regex;

use super::super::file_type;
use super::super::manifest::Source;
use super::super::model::{Facts, PathClass, RepoFile};
use super::super::place::Place;
use super::{Hit, Subject, WHOLE_FILE, snippet};
use crate::builtin;

enum Means {
    /// First words of the types of resources.
    Terraform(Vec<&'static str>),
    /// Names of images.
    Image(GlobSet),
    /// Names of files.
    Descriptor(GlobSet),
    /// In Helm and Kubernetes files.
    Annotation(Regex),
    /// Ids of `repository-files.tsv`.
    Ci(Vec<&'static str>),
    /// Images by the beginning of their tags.
    Ended(Vec<&'static str>),
    /// Any image without a digest.
    Unpinned,
}

static TABLE: LazyLock<Vec<(Means, Subject)>> = LazyLock::new(|| {
    builtin::rows(builtin::file("knowledge/infrastructure.tsv").unwrap_or_default())
        .filter_map(|row| {
            let means = match row.get("means") {
                "terraform" => Means::Terraform(row.list("values").collect()),
                "ended" => Means::Ended(row.list("values").collect()),
                "image" => Means::Image(globs(row.list("values").map(|prefix| format!("{prefix}*")))),
                "descriptor" => Means::Descriptor(globs(row.list("values").map(str::to_owned))),
                "annotation" => Means::Annotation(Regex::new(row.get("values")).ok()?),
                "ci" => Means::Ci(row.list("values").collect()),
                "unpinned" => Means::Unpinned,
                _ => return None,
            };
            Some((means, Subject::of(&row)))
        })
        .collect()
});

fn globs(patterns: impl Iterator<Item = String>) -> GlobSet {
    let mut globs = GlobSetBuilder::new();
    for glob in patterns.filter_map(|pattern| GlobBuilder::new(&pattern).literal_separator(false).build().ok()) {
        globs.add(glob);
    }
    globs.build().unwrap_or_default()
}

/// Signals that are files: descriptors of platforms, and CI on one forge.
pub fn hits(files: &[RepoFile], facts: &Facts) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (means, subject) in &*TABLE {
        match means {
            Means::Descriptor(globs) => {
                let fitting = files.iter().filter(|file| file.class == PathClass::Source && globs.is_match(&file.path));
                hits.extend(fitting.map(|file| whole(subject, file)));
            }
            Means::Ci(ids) => {
                let first = ids.iter().flat_map(|id| facts.paths(id)).min();
                let file = first.and_then(|path| files.iter().find(|file| file.path == *path));
                hits.extend(file.map(|file| whole(subject, file)));
            }
            _ => {}
        }
    }
    hits
}

fn whole(subject: &'static Subject, file: &RepoFile) -> Hit {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    Hit { subject, path: file.path.clone(), class: file.class, place: WHOLE_FILE, snippet: name.to_owned() }
}

static RESOURCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?m)^[ \t]*(?:resource|data|provider)\s+"([a-z]+)[a-z0-9_-]*""#).ok());

/// Signals in the text of a file known by these ids.
pub fn scan(source: &Source, ids: &[&str], hits: &mut Vec<Hit>) {
    if source.class != PathClass::Source {
        return;
    }
    let mut add = |subject: &'static Subject, place: Place, words: &str| {
        let (path, class) = (source.path.to_owned(), source.class);
        hits.push(Hit { subject, path, class, place, snippet: snippet(words) });
    };
    if ids.contains(&"terraform") {
        for parts in RESOURCE.iter().flat_map(|pattern| pattern.captures_iter(source.text)) {
            let (Some(whole), Some(provider)) = (parts.get(0), parts.get(1)) else { continue };
            for (means, subject) in &*TABLE {
                if matches!(means, Means::Terraform(names) if names.contains(&provider.as_str())) {
                    add(subject, source.places.range(whole.start(), whole.end()), whole.as_str());
                }
            }
        }
    }
    if ids.contains(&"container") {
        for image in base_images(source.text) {
            let place = source.places.range(image.start, image.end);
            let longest = TABLE.iter().filter_map(|(means, _)| match means {
                Means::Ended(tags) => tag_of(tags, &image.name),
                _ => None,
            });
            // `php:7.2` is known more exactly than `php:7`.
            let longest = longest.max_by_key(|tag| tag.len());
            for (means, subject) in &*TABLE {
                let is_met = match means {
                    Means::Image(names) => names.is_match(&image.name),
                    Means::Ended(tags) => longest.is_some() && tag_of(tags, &image.name) == longest,
                    Means::Unpinned => !image.name.contains('@'),
                    _ => false,
                };
                if is_met {
                    add(subject, place, &image.name);
                }
            }
        }
    }
    if matches!(file_type::extension(source.path).as_str(), "yaml" | "yml" | "tpl" | "gotmpl") {
        for (means, subject) in &*TABLE {
            if let Means::Annotation(pattern) = means
                && let Some(found) = pattern.find(source.text)
            {
                add(subject, source.places.range(found.start(), found.end()), found.as_str());
            }
        }
    }
}

/// Whether an official image has this tag or a more exact one: `debian:10` has `debian:10-slim` and `debian:10.13`,
/// but not `debian:100`.
fn has_tag(image: &str, tag: &str) -> bool {
    let name = ["docker.io/library/", "docker.io/", "library/"].iter().find_map(|prefix| image.strip_prefix(prefix));
    let rest = name.unwrap_or(image).strip_prefix(tag);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.', '@']))
}

/// The one of the tags that an image has.
fn tag_of(tags: &[&'static str], image: &str) -> Option<&'static str> {
    tags.iter().copied().find(|tag| has_tag(image, tag))
}

/// The image of a `FROM` line, with the defaults of `ARG` filled in, and its byte range.
struct BaseImage {
    name: String,
    start: usize,
    end: usize,
}

/// The images that a Dockerfile starts from. Earlier stages and `scratch` are none; a variable without a
/// default stays as it is.
fn base_images(text: &str) -> Vec<BaseImage> {
    let mut arguments: BTreeMap<String, String> = BTreeMap::new();
    let mut stages: Vec<String> = Vec::new();
    let mut images = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let mut words = line.split_whitespace();
        match words.next().map(str::to_ascii_uppercase).as_deref() {
            Some("ARG") => {
                if let Some((name, value)) = words.next().and_then(|argument| argument.split_once('=')) {
                    arguments.insert(name.to_owned(), value.trim_matches(['"', '\'']).to_owned());
                }
            }
            Some("FROM") => {
                let mut words = words.filter(|word| !word.starts_with("--"));
                let Some(written) = words.next() else { continue };
                let name = filled(written, &arguments);
                let offset = start + line.find(written).unwrap_or_default();
                if name != "scratch" && !stages.contains(&name) {
                    images.push(BaseImage { name, start: offset, end: offset + written.len() });
                }
                if words.next().is_some_and(|word| word.eq_ignore_ascii_case("as")) {
                    stages.extend(words.next().map(str::to_owned));
                }
            }
            _ => {}
        }
    }
    images
}

/// Replaces `$NAME`, `${NAME}` and `${NAME:-default}` by what is known. What is put in is not filled again.
fn filled(text: &str, arguments: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (name, end) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((name, _)) => (name, at + 1 + name.len() + 2),
            None => {
                let length = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                (&after[..length], at + 1 + length)
            }
        };
        let (key, default) = name.split_once(":-").map_or((name, None), |(key, default)| (key, Some(default)));
        match arguments.get(key).map(String::as_str).or(default) {
            Some(value) => out.push_str(value),
            None => out.push_str(&rest[at..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::super::super::place::Places;
    use super::*;

    fn check(path: &str, text: &str, expected: &[&str]) {
        let places = Places::new(text);
        let mut hits = Vec::new();
        let source = Source { path, class: PathClass::Source, text, places: &places };
        scan(&source, &super::super::super::facts::ids(path), &mut hits);
        let seen: Vec<_> = hits
            .iter()
            .map(|hit| format!("{}:{} {} {}", hit.place.line, hit.place.column, hit.subject.id, hit.snippet))
            .collect();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn every_row_can_be_used() {
        let rows = builtin::rows(builtin::file("knowledge/infrastructure.tsv").unwrap_or_default()).count();
        assert_eq!(rows, TABLE.len());
    }

    #[test]
    fn descriptions_bound_to_one_provider() {
        check(
            "main.tf",
            "provider \"aws\" {}\nresource \"aws_sqs_queue\" \"q\" {}\nresource \"helm_release\" \"x\" {}",
            &["1:1 terraform-aws provider \"aws\"", "2:1 terraform-aws resource \"aws_sqs_queue\""],
        );
        check(
            "Dockerfile",
            "ARG V=8\nARG D\nFROM --platform=x mcr.microsoft.com/dotnet/sdk:$V AS build\nFROM build\nFROM ruby:${R:-3}@${D}\nFROM scratch\n",
            &[
                "3:19 image-microsoft mcr.microsoft.com/dotnet/sdk:8",
                "3:19 image-unpinned mcr.microsoft.com/dotnet/sdk:8",
            ],
        );
        check(
            "Dockerfile",
            "FROM php:7.2-apache@sha256:0\nFROM php:7-cli@sha256:0\nFROM php:70@sha256:0\n",
            &["1:6 php-7.2 php:7.2-apache@sha256:0", "2:6 php-7 php:7-cli@sha256:0"],
        );
        check(
            "chart/templates/svc.yaml",
            "metadata:\n  annotations:\n    service.beta.kubernetes.io/aws-load-balancer-type: nlb\n",
            &["3:5 eks-annotation service.beta.kubernetes.io/aws-"],
        );
    }
}
