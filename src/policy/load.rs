//! Reading a policy file and those it extends.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSetBuilder};

use crate::yaml::{self, FileError};

use super::packs::{self, Base, Fetch, Packs, Refusal};
use super::{FILE_NAME, Policy, PolicyFile, Source, Waiver, WaiverEntry};

/// How far files may extend files; nobody needs more, and a circle must end.
const DEEPEST: usize = 8;

/// Bytes of a policy file.
const LARGEST: u64 = 1 << 20;

impl Policy {
    /// The policy for what is checked: the file that was named, else the first `acquis.yml` that stands in one
    /// of the roots, else the empty policy. With `fetch`, policies at addresses are fetched where the lock file beside
    /// the policy does not hold them, and kept there.
    ///
    /// # Errors
    /// A file that can't be read, a key that is not known, a value that is not allowed, a glob that is none, a
    /// waiver that ends before it begins, a pack that is not locked or is another than was pinned: each with its
    /// place. A policy that is found, and not named by the
    /// user, may come from a stranger, so it is refused where it leads out of its folder.
    pub fn load(explicit: Option<&Path>, roots: &[PathBuf], fetch: Option<&Fetch>) -> Result<Policy, FileError> {
        let found = || roots.iter().map(|root| root.join(FILE_NAME)).find(|file| file.is_file());
        let (file, own) = match explicit {
            // A file that is named with `--policy` may serve many projects.
            Some(file) => (file.to_owned(), false),
            None => match found() {
                Some(file) => (file, true),
                None => return Ok(Policy::default()),
            },
        };
        let folder = file.parent().unwrap_or(Path::new(""));
        let packs = Packs::beside(Some(folder), fetch);
        let packs = packs.map_err(|refusal| refusal.at(&file.display().to_string(), "", ""))?;
        Loader::new(packs).load(&file, own)
    }

    /// The policy that a text describes; `file` is only named in errors.
    pub fn parse(text: &str, file: &str) -> Result<Policy, FileError> {
        let packs = Packs::beside(None, None).map_err(|refusal| refusal.at(file, text, ""))?;
        let mut loader = Loader::new(packs);
        loader.take_in(text.to_owned(), file, Some(Path::new("")), true, 0)?;
        loader.finish()
    }

    /// Holds the rule ids of the policy to those that exist.
    ///
    /// # Errors
    /// The first id that no rule has, with its place and the nearest id that is one.
    pub fn check_rule_ids<'a>(&self, known: impl Iterator<Item = &'a str>) -> Result<(), FileError> {
        let known: BTreeSet<&str> = known.collect();
        let named = self
            .levels
            .keys()
            .chain(self.paths.iter().flat_map(|(_, rules)| rules.keys()))
            .chain(self.waivers.iter().map(|waiver| &waiver.entry.rule));
        for id in named {
            if known.contains(id.as_str()) {
                continue;
            }
            let help = match nearest(id, &known) {
                Some(near) => format!("is `{near}` meant? `acquis rules list` lists all rules"),
                None => "`acquis rules list` lists all rules".to_owned(),
            };
            let source = self.sources.iter().find(|source| source.text.contains(id.as_str()));
            let (file, text) = source.map_or((FILE_NAME, ""), |source| (&source.file, &source.text));
            return Err(FileError::at_text(file, text, id, format!("there is no rule `{id}`"), Some(help)));
        }
        Ok(())
    }
}

/// The id that shares most words with `id`, if it shares any.
fn nearest<'a>(id: &str, known: &BTreeSet<&'a str>) -> Option<&'a str> {
    let shared = |other: &str| id.split('-').filter(|word| other.split('-').any(|own| own == *word)).count();
    // The first of the best, so that the answer doesn't depend on the order of equals.
    known.iter().copied().rev().max_by_key(|other| shared(other)).filter(|other| shared(other) > 0)
}

impl Refusal {
    fn at(self, file: &str, text: &str, needle: &str) -> FileError {
        FileError::at_text(file, text, needle, self.message, Some(self.help))
    }
}

struct Loader<'f> {
    policy: Policy,
    packs: Packs<'f>,
    exclude: GlobSetBuilder,
    /// The folder that no file may lead out of.
    confined_to: Option<PathBuf>,
}

impl<'f> Loader<'f> {
    fn new(packs: Packs<'f>) -> Loader<'f> {
        Loader { policy: Policy::default(), packs, exclude: GlobSetBuilder::new(), confined_to: None }
    }

    fn load(mut self, file: &Path, own: bool) -> Result<Policy, FileError> {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let text = if own { read_inside(file, &folder) } else { read_text(file) };
        let text = text.map_err(|error| FileError::unreadable(file, &error))?;
        self.confined_to = own.then(|| folder.clone());
        let name = file.display().to_string();
        self.take_in(text, &name, Some(&folder), own, 0)?;
        self.finish()
    }

    fn finish(mut self) -> Result<Policy, FileError> {
        let set = self.exclude.build().map_err(|error| FileError::at(FILE_NAME, "", 0, error.to_string(), None))?;
        self.policy.exclude = set;
        self.packs.keep().map_err(|refusal| refusal.at(FILE_NAME, "", ""))?;
        Ok(self.policy)
    }

    /// Takes in a file after those it extends, so that what it says comes on top. What comes from no folder extends
    /// no file of one.
    fn take_in(
        &mut self,
        text: String,
        file: &str,
        folder: Option<&Path>,
        own: bool,
        depth: usize,
    ) -> Result<(), FileError> {
        let read: PolicyFile =
            if text.trim().is_empty() { PolicyFile::default() } else { yaml::from_str(&text, file)? };
        for base in &read.extends {
            let needle = match base {
                Base::Named(name) => name,
                Base::Remote(pack) => &pack.url,
            };
            if depth + 1 >= DEEPEST {
                let help = "check whether the files extend each other in a circle".to_owned();
                let message = format!("more than {DEEPEST} policy files extend each other");
                return Err(FileError::at_text(file, &text, needle, message, Some(help)));
            }
            match base {
                Base::Remote(pack) => {
                    let base_text = self.packs.text(pack).map_err(|refusal| refusal.at(file, &text, needle))?;
                    self.take_in(base_text, &pack.url, None, false, depth + 1)?;
                }
                Base::Named(name) => match packs::builtin(name) {
                    Some(base_text) => self.take_in(base_text.to_owned(), name, None, false, depth + 1)?,
                    None => self.take_in_file(name, file, &text, folder, depth)?,
                },
            }
        }
        for pattern in &read.exclude {
            self.exclude.add(glob(pattern, file, &text)?);
        }
        for entry in read.waivers {
            self.policy.waivers.push(waiver(entry, file, &text, own)?);
        }
        for paths in read.paths {
            self.policy.paths.push((glob(&paths.glob, file, &text)?.compile_matcher(), paths.rules));
        }
        let policy = &mut self.policy;
        for jurisdiction in read.jurisdictions {
            if !policy.jurisdictions.contains(&jurisdiction) {
                policy.jurisdictions.push(jurisdiction);
            }
        }
        policy.buyer = read.buyer.or(policy.buyer);
        policy.profile = read.profile.or(policy.profile);
        policy.lang = read.lang.or(policy.lang);
        policy.fail_on = read.fail_on.or(policy.fail_on);
        policy.as_of = read.as_of.or(policy.as_of);
        policy.levels.extend(read.rules);
        policy.sources.push(Source { file: file.to_owned(), text });
        Ok(())
    }

    /// Takes in a file that another one names.
    fn take_in_file(
        &mut self,
        name: &str,
        file: &str,
        text: &str,
        folder: Option<&Path>,
        depth: usize,
    ) -> Result<(), FileError> {
        let known: Vec<_> = packs::builtin_names().collect();
        let help = format!("name a policy file, relative to this one, or one of {}", known.join(", "));
        let refused = |message: String| FileError::at_text(file, text, name, message, Some(help.clone()));
        let Some(folder) = folder else {
            return Err(refused(format!("`{name}` is a file, and this policy lies in no folder")));
        };
        let path = folder.join(name);
        let base_text = match &self.confined_to {
            Some(root) => read_inside(&path, root),
            None => read_text(&path),
        };
        let base_text = base_text.map_err(|error| refused(format!("`{name}` can't be read: {error}")))?;
        let base_folder = path.parent().unwrap_or(Path::new(""));
        self.take_in(base_text, &path.display().to_string(), Some(base_folder), false, depth + 1)
    }
}

/// The text of a regular file of at most [`LARGEST`] bytes.
pub(super) fn read_text(file: &Path) -> std::io::Result<String> {
    // A pipe or a device would be read without end.
    if !std::fs::metadata(file)?.is_file() {
        return Err(std::io::Error::other("it is no regular file"));
    }
    let mut text = String::new();
    std::fs::File::open(file)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(std::io::Error::other(format!("it is larger than {LARGEST} bytes")));
    }
    Ok(text)
}

/// As [`read_text`], for a file that really lies below a folder, links followed.
fn read_inside(file: &Path, folder: &Path) -> std::io::Result<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if !file.canonicalize()?.starts_with(folder.canonicalize()?) {
        return Err(std::io::Error::other("it lies outside the folder of the policy; name it with --policy"));
    }
    read_text(file)
}

fn waiver(entry: WaiverEntry, file: &str, text: &str, own: bool) -> Result<Waiver, FileError> {
    // The reason is what differs most between waivers, so it finds the entry; a folded one is found by its
    // rule.
    let needle = if text.contains(&entry.reason) { &entry.reason } else { &entry.rule };
    let at = |message: String, help: &str| FileError::at_text(file, text, needle, message, Some(help.to_owned()));
    if entry.until < entry.date {
        let message = format!("the waiver ends on {} before it begins on {}", entry.until, entry.date);
        return Err(at(message, "`until` is the last day on which the waiver holds"));
    }
    for (key, value) in [("reason", &entry.reason), ("approver", &entry.approver)] {
        if value.trim().is_empty() {
            return Err(at(format!("the waiver of `{}` has no {key}", entry.rule), "comply, or explain"));
        }
    }
    let place = FileError::at_text(file, text, needle, "", None);
    let path = glob(&entry.path, file, text)?.compile_matcher();
    Ok(Waiver { path, place: format!("{}:{}", place.file, place.line), own, entry })
}

fn glob(pattern: &str, file: &str, text: &str) -> Result<Glob, FileError> {
    GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| {
        let help = "`*` stands for a name, `**` for any folders: `archive/**`, `*.docx`".to_owned();
        FileError::at_text(file, text, pattern, format!("`{pattern}` is no glob: {}", error.kind()), Some(help))
    })
}
