use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::engine::in_text;
use crate::finding::{Confidence, Level, Region};
use crate::lang::Lang;

/// A folder of its own for a test, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &[u8])]) -> Folder {
        let path = std::env::temp_dir().join(format!("acquis-fix-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        for (file, bytes) in files {
            let file = path.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        Folder(path)
    }

    fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.0.join(file)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A finding in a line, with its edits: line, columns, new text, whether safe.
fn finding(uri: &str, text: &str, edits: &[(u32, u32, u32, &str, bool)]) -> Finding {
    let edits = edits.iter().map(|(line, from, to, new, safe)| {
        let region = Region { start_line: *line, start_column: *from, end_line: *line, end_column: *to };
        Edit::here(region, *new, *safe)
    });
    let edits: Vec<_> = edits.collect();
    let line = edits.first().map_or(1, |edit| edit.region.start_line);
    Finding {
        rule: "r".to_owned(),
        level: Level::Warning,
        confidence: Confidence::High,
        message: "m".to_owned(),
        language: Lang::EN,
        location: in_text(uri, text, line, 1, 2),
        related: Vec::new(),
        absence: false,
        jurisdictions: Vec::new(),
        evidence: Vec::new(),
        suggestion: None,
        properties: BTreeMap::new(),
        fix: edits,
        files: Vec::new(),
    }
}

fn with_files(uri: &str, files: Vec<FileChange>) -> Finding {
    Finding { files, ..finding(uri, "", &[]) }
}

fn create(uri: &str) -> FileChange {
    FileChange::Create { uri: uri.to_owned(), text: "new\n".to_owned(), safe: true }
}

#[test]
fn line_ends_and_byte_order_marks_stay() {
    for (name, before, after) in [
        ("lf", "a\nb\n", "a\nX\nY\n"),
        ("crlf", "a\r\nb\r\n", "a\r\nX\r\nY\r\n"),
        ("bom", "\u{feff}a\nb\n", "\u{feff}a\nX\nY\n"),
        ("no-end", "a\nb", "a\nX\nY"),
    ] {
        let folder = Folder::new(name, &[("f", before.as_bytes())]);
        let text = before.trim_start_matches('\u{feff}');
        let found = finding("f", text, &[(2, 1, 2, "X\nY", true)]);
        let mut plan = plan([&found], &folder.0, false);
        assert_eq!(plan.write(), ["f"], "{name}: {:?}", plan.refused);
        assert_eq!(String::from_utf8(folder.read("f")).unwrap(), after, "{name}");
    }
}

#[test]
fn only_what_is_safe_or_asked_for_is_done() {
    let folder = Folder::new("safe", &[("f", b"ab\n")]);
    let found = finding("f", "ab\n", &[(1, 1, 2, "A", true), (1, 2, 3, "B", false)]);
    let planned = plan([&found], &folder.0, false);
    assert!(planned.is_empty() && planned.held_back == 1, "one edit may change meaning, so neither is made");
    let planned = plan([&found], &folder.0, true);
    assert!(planned.diff().contains("-ab\n+AB\n"), "{}", planned.diff());
    assert_eq!(folder.read("f"), b"ab\n", "a plan writes nothing");
}

#[test]
fn edits_that_overlap_wait() {
    let folder = Folder::new("overlap", &[("f", b"abc\n")]);
    let first = finding("f", "abc\n", &[(1, 1, 3, "X", true)]);
    let second = finding("f", "abc\n", &[(1, 2, 4, "Y", true)]);
    let same = finding("f", "abc\n", &[(1, 1, 3, "X", true)]);
    let mut plan = plan([&first, &second, &same], &folder.0, false);
    plan.write();
    assert_eq!(folder.read("f"), b"Xc\n");
}

#[test]
fn a_file_that_changed_is_left_alone() {
    let folder = Folder::new("changed", &[("f", b"ab\n"), ("g", b"ab\n"), ("h", b"ab\n")]);
    let stale = finding("f", "other\n", &[(1, 1, 2, "A", true)]);
    let gone = finding("f", "ab\n", &[(9, 1, 2, "A", true)]);
    for found in [&stale, &gone] {
        let planned = plan([found], &folder.0, false);
        assert_eq!(planned.refused, [("f".to_owned(), "it changed since it was read".to_owned())]);
    }
    let found = finding("g", "ab\n", &[(1, 1, 2, "A", true)]);
    let rename = with_files("h", vec![FileChange::Rename { uri: "h".to_owned(), to: "i".to_owned(), safe: true }]);
    let mut plan = plan([&found, &rename], &folder.0, false);
    fs::write(folder.0.join("g"), "changed\n").unwrap();
    fs::write(folder.0.join("h"), "changed\n").unwrap();
    assert!(plan.write().is_empty());
    assert_eq!(plan.refused.len(), 2, "{:?}", plan.refused);
    assert_eq!(folder.read("g"), b"changed\n");
    let mut left: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["f", "g", "h"], "nothing is left behind");
}

#[test]
fn files_are_added_and_renamed_but_never_over_others() {
    let folder = Folder::new("files", &[("a.yaml", b"x: 1\n"), ("there", b"old\n")]);
    let rename = |to: &str| FileChange::Rename { uri: "a.yaml".to_owned(), to: to.to_owned(), safe: true };
    let mut edited = finding("a.yaml", "x: 1\n", &[(1, 4, 5, "2", true)]);
    edited.files.push(rename("a.yml"));
    let added = with_files("a.yaml", vec![create("LICENSES/X.txt"), create("there"), rename("there")]);
    let mut plan = plan([&edited, &added], &folder.0, false);
    let diff = plan.diff();
    for words in ["rename from a.yaml", "rename to a.yml", "-x: 1\n+x: 2", "new file mode 100644", "--- /dev/null"] {
        assert!(diff.contains(words), "{words}: {diff}");
    }
    assert_eq!(plan.write(), ["LICENSES/X.txt", "a.yml"]);
    assert_eq!(folder.read("a.yml"), b"x: 2\n");
    assert_eq!(folder.read("there"), b"old\n");
    assert!(!folder.0.join("a.yaml").exists());
    assert_eq!(plan.refused, [("there".to_owned(), "there is a file of this name".to_owned())]);
}

#[cfg(unix)]
#[test]
fn mode_and_owner_stay() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let folder = Folder::new("mode", &[("f", b"ab\n")]);
    let path = folder.0.join("f");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o750)).unwrap();
    // Only root may; to anyone else the file belongs already.
    let _ = chown(&path, Some(12_345), None);
    let before = fs::metadata(&path).unwrap();
    let mut plan = plan([&finding("f", "ab\n", &[(1, 1, 2, "A", true)])], &folder.0, false);
    assert_eq!(plan.write(), ["f"]);
    let after = fs::metadata(&path).unwrap();
    assert_eq!((after.uid(), after.gid(), after.mode()), (before.uid(), before.gid(), before.mode()));
}

#[cfg(unix)]
#[test]
fn nothing_outside_is_touched() {
    use std::os::unix::fs::symlink;
    let outside = Folder::new("outside", &[("f", b"ab\n")]);
    let folder = Folder::new("inside", &[("x", b"")]);
    symlink(outside.0.join("f"), folder.0.join("f")).unwrap();
    symlink(&outside.0, folder.0.join("d")).unwrap();
    let up = format!("../{}/f", outside.0.file_name().unwrap().to_string_lossy());
    let absolute = outside.0.join("f").display().to_string();
    for uri in ["f", "d/f", &up, &absolute] {
        let mut found = finding(uri, "ab\n", &[(1, 1, 2, "A", true)]);
        found.files.push(create(&format!("{uri}2")));
        let mut planned = plan([&found], &folder.0, true);
        planned.write();
        assert!(!planned.refused.is_empty(), "{uri}");
        assert_eq!(outside.read("f"), b"ab\n", "{uri}");
        assert!(!outside.0.join("f2").exists(), "{uri}");
    }
}

#[test]
fn a_file_that_can_not_be_edited_keeps_no_other_back() {
    let folder = Folder::new("part", &[("a", b"ab\n"), ("latin", b"caf\xe9\n"), ("closed", b"ab\n"), ("z", b"ab\n")]);
    let closed = folder.0.join("closed");
    let mut permissions = fs::metadata(&closed).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&closed, permissions).unwrap();
    let mut found = finding("a", "ab\n", &[(1, 1, 2, "A", true)]);
    for uri in ["latin", "closed", "z"] {
        found.fix.push(Edit { uri: Some(uri.to_owned()), ..found.fix[0].clone() });
    }
    found.files.push(FileChange::Rename { uri: "closed".to_owned(), to: "open".to_owned(), safe: true });
    let mut plan = plan([&found], &folder.0, false);
    let refused: Vec<_> = plan.refused.iter().map(|(uri, reason)| format!("{uri}: {reason}")).collect();
    assert_eq!(refused, ["closed: it is read-only", "latin: only files in UTF-8 are edited"]);
    assert_eq!(plan.write(), ["a", "z"]);
    assert_eq!(folder.read("closed"), b"ab\n");
}

#[test]
fn what_is_no_utf8_is_not_edited() {
    let folder = Folder::new("latin", &[("f", b"caf\xe9\n")]);
    let found = finding("f", "café\n", &[(1, 1, 2, "C", true)]);
    assert_eq!(plan([&found], &folder.0, false).refused.len(), 1);
    assert!(plan([&found], Path::new("/nowhere"), false).refused.len() == 1);
}
