//! The walk over the file, key by key, beside the table of the standard's keys.

use std::cmp::Reverse;

use crate::finding::Level;
use crate::repository::yaml::{Kind, Node, Place, Value, Yaml};

use super::neighbours::Neighbours;
use super::schema::{self, Deprecated, Field, Presence, Type};
use super::{Address, Content, MAX_PROBLEMS, Problem, at, checks, end_column, fix, number, uri, whole_file};

pub(super) fn validate(text: &str, yaml: &Yaml<'_>, files: &dyn Neighbours) -> Content {
    let mut documents = yaml.documents();
    let Some(root) = documents.next().filter(|root| !root.is_null()) else {
        return whole_file("publiccodeYmlVersion", "missing", 1, 1).into();
    };
    if let Some(second) = documents.next() {
        return at(second.place(), "", "several-documents").into();
    }
    let mut walk = Walk { text, root, files, problems: Vec::new(), addresses: Vec::new(), holders: Vec::new() };
    if root.resolved().kind() != Kind::Mapping {
        walk.wrong_type(root, &Path::default(), Type::Section);
    } else if walk.version_is_known() {
        walk.section(schema::root(), root, &Path::default());
        walk.country_section();
    }
    let Walk { mut problems, mut addresses, .. } = walk;
    addresses.sort_by_key(|address| (address.line, address.column));
    problems.sort_by(|a, b| {
        (a.line, a.column, Reverse(a.level), &a.key, a.kind).cmp(&(b.line, b.column, Reverse(b.level), &b.key, b.kind))
    });
    problems.truncate(MAX_PROBLEMS);
    Content { problems, addresses }
}

/// Where the walk stands, as the reference parser prints it.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    /// As its validator prints it: a language that has more than letters in brackets, `description[en-US].name`.
    bracketed: String,
    /// As everything else in it does: `description.en-US.name`.
    dotted: String,
}

impl Path {
    pub(super) fn key(&self, name: &str) -> Path {
        Path { bracketed: join(&self.bracketed, name), dotted: join(&self.dotted, name) }
    }

    fn language(&self, tag: &str) -> Path {
        let bracketed = if tag.bytes().all(|b| b.is_ascii_alphabetic()) {
            join(&self.bracketed, tag)
        } else {
            format!("{}[{tag}]", self.bracketed)
        };
        Path { bracketed, dotted: join(&self.dotted, tag) }
    }

    fn item(&self, index: usize) -> Path {
        Path { bracketed: format!("{}[{index}]", self.bracketed), dotted: format!("{}[{index}]", self.dotted) }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

pub(super) struct Walk<'y> {
    text: &'y str,
    pub(super) root: Node<'y>,
    files: &'y dyn Neighbours,
    problems: Vec<Problem>,
    addresses: Vec<Address>,
    /// Keys and items above the present node, outermost first: their line and path.
    holders: Vec<(u32, String)>,
}

/// Whether a part of the file could be read into its type. What the reference parser can't read, it takes for
/// empty, with all that stands beside it in the same section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readable {
    Yes,
    /// No, for what stands on this line.
    No(u32),
}

impl Readable {
    fn and(self, other: Readable) -> Readable {
        if self == Readable::Yes { other } else { self }
    }
}

fn is_true(value: Node<'_>) -> bool {
    value.value() == Some(Value::Bool(true))
}

/// A value that is there and not null.
fn given(value: Option<Node<'_>>) -> Option<Node<'_>> {
    value.filter(|value| !value.is_null())
}

impl<'y> Walk<'y> {
    pub(super) fn report(&mut self, problem: Problem) {
        // More are cut by the caller after sorting; this only keeps a hostile file from filling the memory.
        if self.problems.len() < 4 * MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Runs a part of the walk below a key or item.
    pub(super) fn below<T>(&mut self, holder: Node<'y>, path: &str, part: impl FnOnce(&mut Self) -> T) -> T {
        self.holders.push((holder.place().line, path.to_owned()));
        let result = part(self);
        self.holders.pop();
        result
    }

    pub(super) fn complain(&mut self, place: &Place, key: &str, kind: &'static str) {
        self.report(at(place, key, kind));
    }

    /// A mapping whose keys the table lists.
    fn section(&mut self, field: &'static Field, node: Node<'y>, path: &Path) -> Readable {
        let mut readable = Readable::Yes;
        let mut unreadable = Vec::new();
        self.repeated_keys(node, path);
        let entries = node.fields();
        for &(name, value) in &entries {
            let Some(key) = name.text() else {
                self.complain(name.place(), &path.dotted, "unknown-key");
                continue;
            };
            // The Italian section may still be written in lower case, at the root.
            let listed_as = if key == "it" && path.dotted.is_empty() { "IT" } else { key };
            let known = field.child(listed_as);
            let path = path.key(key);
            match known {
                Some(_) if path.dotted == "publiccodeYmlVersion" => {}
                Some(child) => {
                    let entry_readable = self.entry(child, name, value, node, &path);
                    if entry_readable != Readable::Yes {
                        unreadable.push(child.name);
                    }
                    readable = readable.and(entry_readable);
                }
                None => {
                    self.unknown_key(field, name, key, &path);
                    readable = readable.and(Readable::No(name.place().line));
                }
            }
        }
        for child in &field.children {
            let entry = entries.iter().find(|(name, _)| name.text() == Some(child.name)).copied();
            let path = path.key(child.name);
            self.presence(child, entry, node, &path);
            // An optional section that can't be read is none; a mandatory one is read as if it were empty.
            if let Readable::No(line) = readable
                && let Some((name, value)) = entry
                && field.is_required()
                && child.is_mandatory()
                && !value.is_null()
                && !unreadable.contains(&child.name)
            {
                self.overlooked(name.place(), &path.bracketed, line);
            }
        }
        readable
    }

    fn repeated_keys(&mut self, node: Node<'y>, path: &Path) {
        for (first, name) in node.repeated_keys() {
            let path = path.key(name.text().unwrap_or_default());
            let first = first.place().line.to_string();
            self.report(at(name.place(), &path.dotted, "repeated-key").with("first", first));
        }
    }

    fn unknown_key(&mut self, section: &'static Field, name: Node<'y>, key: &str, path: &Path) {
        let intended = section
            .children
            .iter()
            .map(|child| child.name)
            .find(|known| known.eq_ignore_ascii_case(key))
            .or_else(|| schema::renamed(key).filter(|new| section.child(new).is_some()));
        let kind = if intended.is_some() { "unknown-key-like" } else { "unknown-key" };
        let mut problem = at(name.place(), &path.dotted, kind);
        if let Some(intended) = intended {
            problem = problem.with("better", intended).fixed_by(fix::replace(name, intended, false));
        }
        self.report(problem);
    }

    /// Whether a key that must be there is there, and one that must not be is not.
    fn presence(&mut self, field: &'static Field, entry: Option<(Node<'y>, Node<'y>)>, section: Node<'y>, path: &Path) {
        let value = given(entry.map(|(_, value)| value));
        let place = entry.map_or_else(|| self.anchor(section), |(name, _)| name.place().clone());
        if field.of_type == Type::Section {
            if value.is_none() && field.is_required() {
                self.missing_children(field, &place, path);
            }
            return;
        }
        let sibling = |key: &str| section.get(key).and_then(Node::text).unwrap_or_default();
        let is_empty = match value {
            Some(value) if field.of_type == Type::Text => value.text().is_some_and(str::is_empty),
            Some(_) => false,
            None => true,
        };
        for presence in &field.presence {
            match *presence {
                Presence::Required if is_empty => {
                    self.complain(&place, &path.bracketed, "missing");
                    return;
                }
                // Without its type a value can't be counted; that it has the wrong one is said already.
                Presence::Filled if value.is_none_or(|value| is_empty_of(field.of_type, value)) => {
                    self.complain(&place, &path.bracketed, "no-items");
                    return;
                }
                Presence::RequiredIf(key, values) if is_empty && values.split('|').any(|v| v == sibling(key)) => {
                    self.conditional("missing-if", key, sibling(key), &place, path);
                }
                Presence::OnlyIf(key, wanted) if value.is_some() && wanted != sibling(key) => {
                    self.conditional("not-allowed-unless", key, wanted, &place, path);
                }
                _ => {}
            }
        }
    }

    fn conditional(&mut self, kind: &'static str, key: &str, value: &str, place: &Place, path: &Path) {
        self.report(at(place, &path.bracketed, kind).with("other", key).with("value", value));
    }

    fn overlooked(&mut self, place: &Place, key: &str, line: u32) {
        self.report(at(place, key, "overlooked").with("line", line.to_string()));
    }

    /// The mandatory keys of a section that is not there at all.
    fn missing_children(&mut self, section: &Field, place: &Place, path: &Path) -> Readable {
        for child in &section.children {
            let kind = match child.presence.first() {
                Some(Presence::Required) => "missing",
                Some(Presence::Filled) => "no-items",
                _ => continue,
            };
            self.complain(place, &path.key(child.name).bracketed, kind);
        }
        Readable::Yes
    }

    /// Where a missing key is missed: the first key of its section, or the section's brace.
    pub(super) fn anchor(&self, section: Node<'y>) -> Place {
        let first = section.entries().next().filter(|_| !section.is_flow());
        let mut place = first.map_or(section.place(), |(name, _)| name.place()).clone();
        if section.is_flow() {
            // The brace alone.
            place.end_line = place.line;
            place.end_column = place.column.saturating_add(1);
        }
        place
    }

    /// One key with its value.
    fn entry(
        &mut self,
        field: &'static Field,
        name: Node<'y>,
        value: Node<'y>,
        section: Node<'y>,
        path: &Path,
    ) -> Readable {
        if value.is_null() {
            return Readable::Yes;
        }
        let readable = self.below(name, &path.dotted, |walk| walk.value(field, name, value, path));
        if readable == Readable::Yes {
            self.deprecation(field, name, value, section, path);
        }
        readable
    }

    fn value(&mut self, field: &'static Field, name: Node<'y>, value: Node<'y>, path: &Path) -> Readable {
        let kind = value.resolved().kind();
        match field.of_type {
            Type::Text if kind == Kind::Scalar => self.text_value(field, name.place(), value, path),
            Type::Truth if matches!(value.value(), Some(Value::Bool(_))) => Readable::Yes,
            Type::TextOrList if kind == Kind::Scalar => match field.inner() {
                Some(item) => self.text_value(item, name.place(), value, &path.item(0)),
                None => Readable::Yes,
            },
            Type::List | Type::TextOrList if kind == Kind::Sequence => self.list(field, value, path),
            Type::Section if kind == Kind::Mapping => self.section(field, value, path),
            Type::Languages if kind == Kind::Mapping => self.languages(field, name, value, path),
            expected => {
                let readable = self.wrong_type(value, path, expected);
                if field.of_type == Type::Section && field.is_required() {
                    self.missing_children(field, value.place(), path);
                }
                readable
            }
        }
    }

    fn list(&mut self, field: &'static Field, list: Node<'y>, path: &Path) -> Readable {
        let Some(of) = field.inner() else { return Readable::Yes };
        let mut readable = Readable::Yes;
        for (index, item) in list.items().enumerate() {
            let path = path.item(index);
            let item_readable = self.below(item, &path.dotted, |walk| match (of.of_type, item.resolved().kind()) {
                (Type::Text, Kind::Scalar) => walk.text_value(of, item.place(), item, &path),
                (Type::Section, Kind::Mapping) => walk.section(of, item, &path),
                (Type::Section, _) if item.is_null() => walk.missing_children(of, item.place(), &path),
                (expected, _) => walk.wrong_type(item, &path, expected),
            });
            readable = readable.and(item_readable);
        }
        readable
    }

    fn languages(&mut self, field: &'static Field, name: Node<'y>, node: Node<'y>, path: &Path) -> Readable {
        let Some(of) = field.inner() else { return Readable::Yes };
        let mut readable = Readable::Yes;
        self.repeated_keys(node, path);
        for (tag, value) in node.fields() {
            let Some(language) = tag.text() else {
                readable = readable.and(self.wrong_type(tag, path, Type::Text));
                continue;
            };
            if let Some(complaint) = checks::run("language", "", language, self.files) {
                self.report(at(name.place(), &path.bracketed, complaint.kind).with("value", language));
            }
            let path = path.language(language);
            let section_readable = self.below(tag, &path.dotted, |walk| match value.resolved().kind() {
                Kind::Mapping => walk.section(of, value, &path),
                _ if value.is_null() => walk.missing_children(of, tag.place(), &path),
                _ => walk.wrong_type(value, &path, Type::Section),
            });
            readable = readable.and(section_readable);
        }
        if let Readable::No(line) = readable {
            self.overlooked(name.place(), &path.bracketed, line);
        }
        readable
    }

    fn text_value(&mut self, field: &'static Field, place: &Place, value: Node<'y>, path: &Path) -> Readable {
        let read = number::as_text(value);
        let written = value.text().unwrap_or_default();
        if read != written && !value.is_null() {
            let quoted = fix::replace(value, &fix::quoted(written), true);
            let problem = at(place, &path.dotted, "number-not-quoted").with("value", written).with("read", &read);
            self.report(problem.fixed_by(quoted));
        }
        // An empty value that must be there is reported as missing, and only so.
        if read.is_empty() && field.is_required() {
            return Readable::Yes;
        }
        for (check, parameter) in &field.checks {
            if *check == "answers" {
                self.name_address(place, &read, path);
                continue;
            }
            // A telephone number without quotes loses its plus sign: that is said already.
            let looked_at = if *check == "phone" { written } else { read.as_str() };
            let Some(complaint) = checks::run(check, parameter, looked_at, self.files) else { continue };
            // Images, videos and named files are printed in the other way by the reference parser.
            let key = match *check {
                "logo" | "screenshot" | "video" | "file" => &path.dotted,
                _ => &path.bracketed,
            };
            let mut problem = at(place, key, complaint.kind).with("value", looked_at);
            problem.values.extend(complaint.values);
            if let Some(better) = complaint.better {
                problem = problem.with("better", &better).fixed_by(fix::replace(value, &better, true));
            }
            let is_error = problem.level == Level::Error;
            self.report(problem);
            // The first check that a value fails says enough.
            if is_error {
                break;
            }
        }
        Readable::Yes
    }

    /// Takes down an address of the web, for whoever may ask it.
    fn name_address(&mut self, place: &Place, value: &str, path: &Path) {
        if uri::is_http_url(value) {
            self.addresses.push(Address {
                key: path.dotted.clone(),
                line: place.line,
                column: place.column,
                end_column: end_column(place),
                url: value.to_owned(),
                answer: None,
            });
        }
    }

    fn deprecation(&mut self, field: &'static Field, name: Node<'y>, value: Node<'y>, section: Node<'y>, path: &Path) {
        let Some(deprecated) = field.deprecated else { return };
        // Where the value itself is wrong, what to do with it is decided first.
        let read = value.text().unwrap_or("-");
        if read.is_empty() && field.name != "authorsFile" && field.name != "repoOwner" {
            return;
        }
        if field.name == "codiceIPA" && !schema::is_italian_body(read) {
            return;
        }
        let problem = |kind| at(name.place(), &path.dotted, kind);
        let problem = match deprecated {
            Deprecated::Drop => problem("deprecated"),
            Deprecated::Use(successor) => problem("deprecated-use").with("successor", successor),
            Deprecated::Alias(_) if !is_true(value) => return,
            Deprecated::Alias(alias) => problem("national-key").with("better", alias),
        };
        // What a section says in keys of which each has a successor of its own is not dropped with it.
        let said_within = |child: &Field| matches!(child.deprecated, Some(Deprecated::Alias(_)));
        let is_needed =
            field.children.iter().any(|child| said_within(child) && value.get(child.name).is_some_and(is_true));
        let fix = match is_needed {
            true => Vec::new(),
            false => fix::deprecated(deprecated, self.text, self.root, section, name, value),
        };
        self.report(problem.fixed_by(fix));
    }

    /// A value of a wrong type. The reference parser names the first key or item that begins on the value's
    /// line, and within a block the block's first.
    pub(super) fn wrong_type(&mut self, value: Node<'y>, path: &Path, expected: Type) -> Readable {
        let line = value.place().line;
        let node = value.resolved();
        let key = match self.holders.iter().find(|(holder, _)| *holder == line) {
            Some((_, holder)) => holder.clone(),
            None => match node.kind() {
                Kind::Sequence => path.item(0).dotted,
                Kind::Mapping => {
                    let first = node.entries().next().and_then(|(name, _)| name.text());
                    first.map_or(path.dotted.clone(), |first| path.key(first).dotted)
                }
                Kind::Scalar | Kind::Alias => path.dotted.clone(),
            },
        };
        let truth = match (expected, value.text()) {
            (Type::Truth, Some(text)) => fix::truth(text),
            _ => None,
        };
        let kind = match expected {
            Type::Truth if truth.is_some() && value.is_plain() => "yaml-1-1-truth",
            Type::Truth => "not-a-truth",
            Type::Text => "not-a-text",
            Type::List => "not-a-list",
            Type::TextOrList => "not-a-text-or-list",
            Type::Section | Type::Languages => "not-a-section",
        };
        let mut problem = Problem { key, ..at(value.place(), &path.dotted, kind) };
        if let Some(truth) = truth {
            let word = value.text().unwrap_or_default();
            problem = problem.with("value", word).with("better", truth).fixed_by(fix::replace(value, truth, true));
        }
        self.report(problem);
        Readable::No(line)
    }
}

/// Whether a list or a section of languages is of its type and empty.
fn is_empty_of(expected: Type, value: Node<'_>) -> bool {
    let kind = if expected == Type::Languages { Kind::Mapping } else { Kind::Sequence };
    value.resolved().kind() == kind && value.is_empty_collection()
}
