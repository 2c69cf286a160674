//! Which files need licensing information (REUSE 3.3, “Covered File”).

use std::fs;
use std::path::Path;

use ignore::WalkBuilder;

use super::index;

/// Files of a work tree, relative, `/` between parts, sorted.
#[derive(Debug, Default)]
pub struct Covered {
    pub files: Vec<String>,
    pub reuse_tomls: Vec<String>,
}

/// Folders that are never looked into.
const FOLDERS: [&str; 5] = [".git", ".hg", ".sl", "LICENSES", ".reuse"];
/// Deepest folder.
const DEEPEST: usize = 128;

/// The covered files below `root`: no licence texts, no empty files, no links, nothing that git ignores, no
/// submodules and no Meson subprojects.
pub fn files(root: &Path) -> Covered {
    let submodules = submodules(root);
    let base = root.to_owned();
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .ignore(false)
        .git_global(false)
        .require_git(true)
        .follow_links(false)
        .max_depth(Some(DEEPEST))
        .filter_entry(move |entry| {
            let name = entry.file_name().to_string_lossy();
            let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            if !folder || entry.depth() == 0 {
                return true;
            }
            let in_subprojects =
                entry.path().parent().and_then(Path::file_name).is_some_and(|name| name == "subprojects");
            let path = relative(&base, entry.path());
            !FOLDERS.contains(&name.as_ref()) && !in_subprojects && !submodules.contains(&path)
        })
        .build();
    let mut covered = Covered::default();
    for entry in walk.flatten() {
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            let size = entry.metadata().map_or(0, |metadata| metadata.len());
            add(&mut covered, relative(root, entry.path()), size);
        }
    }
    // What git tracks is covered, even if a pattern would ignore it.
    for path in index::tracked(root) {
        let in_folder = path.split('/').rev().skip(1).any(|part| FOLDERS.contains(&part));
        if in_folder || path.split('/').rev().skip(2).any(|part| part == "subprojects") {
            continue;
        }
        if let Ok(metadata) = fs::symlink_metadata(root.join(&path))
            && metadata.is_file()
        {
            add(&mut covered, path, metadata.len());
        }
    }
    covered.files.sort_unstable();
    covered.files.dedup();
    covered.reuse_tomls.sort_unstable();
    covered.reuse_tomls.dedup();
    covered
}

fn add(covered: &mut Covered, path: String, size: u64) {
    let name = path.rsplit('/').next().unwrap_or(&path);
    if name == "REUSE.toml" {
        covered.reuse_tomls.push(path);
    } else if size > 0 && !is_ignored(name) {
        covered.files.push(path);
    }
}

/// Names of licence texts, of files about other files, and of SPDX documents.
fn is_ignored(name: &str) -> bool {
    let licence = ["LICENSE", "LICENCE", "COPYING"]
        .iter()
        .any(|word| name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.'])));
    let spdx = name.ends_with(".spdx")
        || [".rdf", ".json", ".xml", ".yml", ".yaml"]
            .iter()
            .any(|end| name.strip_suffix(end).is_some_and(|stem| stem.ends_with(".spdx")));
    // Two texts of the list tag themselves.
    let tagged = ["CAL-1.0", "CAL-1.0-Combined-Work-Exception", "SHL-2.1"]
        .iter()
        .any(|id| name.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('.') && rest.len() > 1));
    licence || spdx || tagged || name == ".git" || name == ".hgtags" || name.ends_with(".license")
}

/// All files below a folder of the root, relative to the root.
pub fn below(root: &Path, folder: &str) -> Vec<String> {
    let walk = WalkBuilder::new(root.join(folder)).standard_filters(false).max_depth(Some(DEEPEST)).build();
    let mut files: Vec<String> = walk
        .flatten()
        .filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()))
        .map(|entry| relative(root, entry.path()))
        .filter(|path| path.rsplit('/').next().is_some_and(|name| !name.starts_with('.')))
        .collect();
    files.sort_unstable();
    files
}

/// The paths of `.gitmodules`.
fn submodules(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join(".gitmodules")).unwrap_or_default();
    let values = text.lines().filter_map(|line| line.trim().strip_prefix("path"));
    values.filter_map(|rest| rest.trim_start().strip_prefix('=')).map(|path| path.trim().to_owned()).collect()
}

fn relative(root: &Path, path: &Path) -> String {
    let parts: Vec<_> = path
        .strip_prefix(root)
        .unwrap_or(path)
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licence_texts_and_spdx_documents_are_not_covered() {
        for (name, ignored) in [
            ("LICENSE", true),
            ("LICENCE-MIT.txt", true),
            ("COPYING.LESSER", true),
            ("LICENSES.md", false),
            ("main.rs", false),
            ("main.rs.license", true),
            ("sbom.spdx.json", true),
            ("spdx.json", false),
            ("CAL-1.0.txt", true),
        ] {
            assert_eq!(is_ignored(name), ignored, "{name}");
        }
    }
}
