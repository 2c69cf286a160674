//! Fixing: the edits that findings carry, made in the files.
//!
//! [`plan`] turns findings into the new contents of files and touches nothing; [`Plan::diff`] shows them;
//! [`Plan::write`] writes them.
//!
//! - The edits of one finding in one file are made together or not at all; a file that can't be edited keeps no other
//!   back. One edit that may change meaning (`safe: false`) keeps the whole finding back, unless it is asked for.
//! - Of edits that overlap the first finding's are made; fixing again makes the rest.
//! - A file keeps its line ends and its byte order mark. Only UTF-8 is edited.
//! - Nothing is followed out of the root: a path with `..`, and one that leads through a symbolic link, is refused.
//! - A file that is no longer what the finding was made from is refused, and so is one that changes between the
//!   plan and the writing.

mod edit;
mod write;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use similar::TextDiff;

use crate::finding::{Edit, FileChange, Finding, Location};

/// Largest file that is edited, in bytes.
const MOST_BYTES: u64 = 32 << 20;

/// What would be done.
#[derive(Debug, Default)]
pub struct Plan {
    root: PathBuf,
    /// Sorted by path.
    pub files: Vec<PlannedFile>,
    /// Path and reason of what can't be done.
    pub refused: Vec<(String, String)>,
    /// Findings whose fix may change meaning and was not asked for.
    pub held_back: usize,
}

/// A file with its new content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFile {
    /// Relative to the root, `/` between parts. `None` for a file that is added.
    pub from: Option<String>,
    /// The path that it will have.
    pub to: String,
    before: Vec<u8>,
    after: Vec<u8>,
}

/// Plans the fixes of the findings below `root`, of the unsafe ones only `with_unsafe`.
pub fn plan<'f>(findings: impl IntoIterator<Item = &'f Finding>, root: &Path, with_unsafe: bool) -> Plan {
    let mut plan = Plan { root: root.to_owned(), ..Plan::default() };
    let mut edited: BTreeMap<String, Edited> = BTreeMap::new();
    let mut created: BTreeMap<String, String> = BTreeMap::new();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    for finding in findings {
        if finding.fix.is_empty() && finding.files.is_empty() || finding.location.member.is_some() {
            continue;
        }
        let is_safe = finding.fix.iter().all(|edit| edit.safe) && finding.files.iter().all(FileChange::is_safe);
        if !is_safe && !with_unsafe {
            plan.held_back += 1;
            continue;
        }
        let mut refused = BTreeSet::new();
        for (uri, edits) in by_file(finding) {
            if let Err(reason) = plan.take(finding, uri, &edits, &mut edited) {
                plan.refuse(uri, reason);
                refused.insert(uri);
            }
        }
        for change in finding.files.iter().filter(|change| !refused.contains(change.uri())) {
            let (path, result) = match change {
                FileChange::Create { uri, text, .. } => (uri, plan.free(uri).map(|()| (&mut created, uri, text))),
                FileChange::Rename { uri, to, .. } => (to, plan.free(to).map(|()| (&mut renamed, uri, to))),
            };
            match result {
                Ok((changes, uri, text)) => drop(changes.entry(uri.clone()).or_insert_with(|| text.clone())),
                Err(reason) => plan.refuse(&path.clone(), reason),
            }
        }
    }
    plan.settle(edited, created, renamed);
    plan
}

/// The edits of a finding by the file that they are made in.
fn by_file(finding: &Finding) -> BTreeMap<&str, Vec<&Edit>> {
    let mut files: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in &finding.fix {
        files.entry(edit.uri.as_ref().unwrap_or(&finding.location.uri)).or_default().push(edit);
    }
    files
}

/// A file that is edited, with the edits so far.
struct Edited {
    text: edit::Text,
    edits: Vec<(std::ops::Range<usize>, String)>,
}

impl Plan {
    /// Whether nothing would be done.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    fn refuse(&mut self, uri: &str, reason: String) {
        let refusal = (uri.to_owned(), reason);
        if !self.refused.contains(&refusal) {
            self.refused.push(refusal);
        }
    }

    /// The file below the root, if nothing on the way is a symbolic link.
    fn path(&self, uri: &str) -> Result<PathBuf, String> {
        let mut path = self.root.clone();
        for part in Path::new(uri).components() {
            let Component::Normal(name) = part else { return Err("it is outside of what is checked".to_owned()) };
            path.push(name);
            if path.is_symlink() {
                return Err("symbolic links are not followed".to_owned());
            }
        }
        Ok(path)
    }

    fn free(&self, uri: &str) -> Result<(), String> {
        let path = self.path(uri)?;
        if path.exists() { Err("there is a file of this name".to_owned()) } else { Ok(()) }
    }

    fn read(&self, uri: &str) -> Result<Vec<u8>, String> {
        let path = self.path(uri)?;
        let metadata = std::fs::metadata(&path).map_err(|error| error.to_string())?;
        if !metadata.is_file() || metadata.len() > MOST_BYTES {
            return Err("it is no file of a size that is edited".to_owned());
        }
        if metadata.permissions().readonly() {
            return Err("it is read-only".to_owned());
        }
        std::fs::read(&path).map_err(|error| error.to_string())
    }

    /// Adds the edits of a finding in one file, all or none.
    fn take(
        &self,
        finding: &Finding,
        uri: &str,
        edits: &[&Edit],
        edited: &mut BTreeMap<String, Edited>,
    ) -> Result<(), String> {
        let file = match edited.entry(uri.to_owned()) {
            Entry::Occupied(file) => file.into_mut(),
            Entry::Vacant(place) => {
                let text = self.read(uri).and_then(edit::Text::of)?;
                place.insert(Edited { text, edits: Vec::new() })
            }
        };
        let Location { uri: own, region, context, .. } = &finding.location;
        let is_as_found = uri != own || file.text.has_line(region.start_line, context);
        let mut ranges = Vec::new();
        for Edit { region, text, .. } in edits {
            let range = file.text.range(*region).filter(|_| is_as_found);
            let range = range.ok_or_else(|| "it changed since it was read".to_owned())?;
            let text = file.text.with_its_line_ends(text);
            let is_known = file.edits.contains(&(range.clone(), text.clone()));
            // Two insertions at one place are no overlap, but which comes first would be chance.
            let overlaps = |other: &std::ops::Range<usize>| {
                other.start < range.end && range.start < other.end || other.start == range.start
            };
            if !is_known && file.edits.iter().any(|(other, _)| overlaps(other)) {
                return Ok(());
            }
            if !is_known {
                ranges.push((range, text));
            }
        }
        file.edits.extend(ranges);
        Ok(())
    }

    /// Makes the new contents.
    fn settle(
        &mut self,
        mut edited: BTreeMap<String, Edited>,
        created: BTreeMap<String, String>,
        mut renamed: BTreeMap<String, String>,
    ) {
        for (uri, text) in created {
            let after = text.into_bytes();
            self.files.push(PlannedFile { from: None, to: uri, before: Vec::new(), after });
        }
        for uri in renamed.keys().cloned().collect::<Vec<_>>() {
            if edited.contains_key(&uri) {
                continue;
            }
            match self.read(&uri) {
                Ok(before) => {
                    let to = renamed.remove(&uri).unwrap_or_default();
                    let after = before.clone();
                    self.files.push(PlannedFile { from: Some(uri), to, before, after });
                }
                Err(reason) => self.refuse(&uri, reason),
            }
        }
        for (uri, file) in std::mem::take(&mut edited) {
            let (before, after) = file.text.edited(file.edits);
            let to = renamed.remove(&uri).unwrap_or_else(|| uri.clone());
            if before != after || to != uri {
                self.files.push(PlannedFile { from: Some(uri), to, before, after });
            }
        }
        self.files.sort_by(|a, b| a.to.cmp(&b.to));
        let mut taken = BTreeSet::new();
        self.files.retain(|file| taken.insert(file.to.clone()));
    }

    /// The changes as a unified diff that `git apply` and, but for names, `patch -p1` understand.
    pub fn diff(&self) -> String {
        self.files.iter().map(PlannedFile::diff).collect()
    }

    /// Writes the changes; says which files were written and adds to [`Plan::refused`] what could not be.
    pub fn write(&mut self) -> Vec<String> {
        let mut written = Vec::new();
        for file in std::mem::take(&mut self.files) {
            let done = self.path(&file.to).and_then(|to| {
                let from = file.from.as_deref().map(|from| self.path(from)).transpose()?;
                write::write(from.as_deref(), &to, &file.before, &file.after)
            });
            match done {
                Ok(()) => written.push(file.to),
                Err(reason) => self.refuse(&file.to, reason),
            }
        }
        written
    }
}

impl PlannedFile {
    fn diff(&self) -> String {
        let before = String::from_utf8_lossy(&self.before);
        let after = String::from_utf8_lossy(&self.after);
        let old = self.from.as_ref().map_or("/dev/null".to_owned(), |from| in_diff(&format!("a/{from}")));
        let (to, new) = (in_diff(&self.to), in_diff(&format!("b/{}", self.to)));
        let mut out = String::new();
        match &self.from {
            Some(from) if *from != self.to => {
                out = format!("diff --git {old} {new}\nrename from {}\nrename to {to}\n", in_diff(from));
            }
            Some(_) => {}
            None => out = format!("diff --git {} {new}\nnew file mode 100644\n", in_diff(&format!("a/{}", self.to))),
        }
        if before != after {
            out.push_str(
                &TextDiff::from_lines(&*before, &*after).unified_diff().header(&ended(old), &ended(new)).to_string(),
            );
        }
        out
    }
}

/// A path as git writes it in a diff: in quotes where it holds characters that would end or change the line.
fn in_diff(path: &str) -> String {
    if !path.contains(['"', '\\']) && !path.contains(|c: char| c.is_ascii_control()) {
        return path.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in path.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_ascii_control() => quoted.push_str(&format!("\\{:03o}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// With the tab behind it that ends a name with spaces.
fn ended(name: String) -> String {
    if name.contains(' ') && !name.starts_with('"') { format!("{name}\t") } else { name }
}

#[cfg(test)]
mod tests;
