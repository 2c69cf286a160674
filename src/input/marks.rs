//! What shows that a folder is a repository (`rules/knowledge/repository-marks.tsv`).

use std::path::Path;
use std::sync::LazyLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::builtin;

static MARKS: LazyLock<GlobSet> = LazyLock::new(|| {
    let mut set = GlobSetBuilder::new();
    let table = builtin::file("knowledge/repository-marks.tsv").unwrap_or_default();
    for row in builtin::rows(table) {
        for glob in row.list("globs") {
            // A row that is no glob fails the test below.
            if let Ok(glob) = GlobBuilder::new(glob).case_insensitive(true).literal_separator(true).build() {
                set.add(glob);
            }
        }
    }
    set.build().unwrap_or_default()
});

/// Whether a folder has a repository's marks directly in it.
pub(super) fn is_repository(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.filter_map(Result::ok).any(|entry| MARKS.is_match(entry.file_name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_glob_counts() {
        let table = builtin::file("knowledge/repository-marks.tsv").unwrap_or_default();
        let globs: usize = builtin::rows(table).map(|row| row.list("globs").count()).sum();
        assert_eq!(MARKS.len(), globs);
        for (name, want) in
            [(".git", true), ("license.md", true), ("pom.xml", true), ("cctp.docx", false), ("x.xml", false)]
        {
            assert_eq!(MARKS.is_match(name), want, "{name}");
        }
    }
}
