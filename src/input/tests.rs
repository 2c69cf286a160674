//! Folders and archives, made here, and the units that they give.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("acquis-input-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        for (path, bytes) in files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("it has a parent")).expect("a folder can be made");
            std::fs::write(path, bytes).expect("a file can be written");
        }
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind in the temporary folder harms no one.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a fresh archive takes files");
        writer.write_all(bytes).expect("a vector takes bytes");
    }
    writer.finish().expect("a fresh archive ends").into_inner()
}

/// One line a unit.
fn shown(units: &[Unit]) -> Vec<String> {
    units
        .iter()
        .map(|unit| match unit {
            Unit::Bundle(bundle) => {
                let files: Vec<&str> = bundle.files.iter().map(|file| file.uri.as_str()).collect();
                format!("bundle `{}`: {}", bundle.uri, files.join(" "))
            }
            Unit::Repository(repository) => format!("repository `{}`", repository.prefix),
            Unit::Publiccode(file) => format!("publiccode `{}`", file.uri),
        })
        .collect()
}

fn check(files: &[(&str, &[u8])], named: &[&str], options: &Options, want: &[&str]) {
    let folder = Folder::new(files);
    let paths: Vec<PathBuf> = named.iter().map(|name| folder.0.join(name)).collect();
    let root = options.root.as_ref().map(|_| folder.0.clone());
    let options = Options { root, ..options.clone() };
    let units = collect(&paths, &options).expect("the paths are there");
    assert_eq!(shown(&units), want, "{named:?}");
}

#[test]
fn folders_give_bundles_and_repositories() {
    let plain = Options::default();
    check(
        &[
            ("a.docx", b"x"),
            ("annex/b.pdf", b"x"),
            ("annex/.hidden", b"x"),
            ("logo.png", b"x"),
            ("code/package.json", b"{}"),
        ],
        &[""],
        &plain,
        &["bundle ``: a.docx logo.png annex/b.pdf", "repository `code/`"],
    );
    check(&[("LICENSE", b"x"), ("docs/a.docx", b"x")], &[""], &plain, &["repository ``"]);
    check(
        &[("one/a.docx", b"x"), ("two/deep/b.docx", b"x"), ("two/deep/more/c.docx", b"x"), ("photo.png", b"x")],
        &[""],
        &plain,
        &["bundle `one`: one/a.docx", "bundle `two/deep`: two/deep/b.docx two/deep/more/c.docx"],
    );
    check(&[("empty/.keep", b"")], &[""], &plain, &["bundle ``: "]);
    check(
        &[("a.docx", b"x"), ("drafts/b.docx", b"x"), (".acquisignore", b"drafts\n")],
        &[""],
        &plain,
        &["bundle ``: a.docx"],
    );
}

#[test]
fn the_user_can_say_what_it_is() {
    let files: &[(&str, &[u8])] = &[("LICENSE", b"x"), ("sub/a.docx", b"x"), ("publiccode.yml", b"x")];
    let of = |kind| Options { kind: Some(kind), ..Options::default() };
    check(files, &[""], &of(Kind::Repository), &["repository ``"]);
    check(files, &[""], &of(Kind::Tender), &["bundle ``: LICENSE publiccode.yml sub/a.docx"]);
    check(files, &[""], &of(Kind::Publiccode), &["publiccode `publiccode.yml`"]);
    check(files, &["sub/a.docx"], &of(Kind::Tender), &["bundle ``: a.docx"]);
}

#[test]
fn files_named_together_form_one_bundle() {
    let files: &[(&str, &[u8])] =
        &[("x/a.docx", b"x"), ("y/a.docx", b"x"), ("y/b.md", b"x"), ("publiccode.yml", b"publiccodeYmlVersion: '0'")];
    check(
        files,
        &["x/a.docx", "publiccode.yml", "y/b.md"],
        &Options::default(),
        &["bundle ``: a.docx b.md", "publiccode `publiccode.yml`"],
    );
    let rooted = Options { root: Some(PathBuf::new()), ..Options::default() };
    check(files, &["x/a.docx", "y/a.docx"], &rooted, &["bundle ``: x/a.docx y/a.docx"]);
    check(files, &["y"], &rooted, &["bundle `y`: y/a.docx y/b.md"]);
}

#[test]
fn a_missing_path_is_an_error() {
    let missing = Path::new("/nowhere/at/all").to_owned();
    assert!(matches!(collect(&[missing], &Options::default()), Err(InputError::NoSuchPath(_))));
    let folder = Folder::new(&[("a.md", b"x")]);
    let options = Options { kind: Some(Kind::Repository), ..Options::default() };
    assert!(matches!(collect(&[folder.0.join("a.md")], &options), Err(InputError::NoFolder(_))));
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_folder_or_run_in_circles_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = Folder::new(&[("secret.md", b"x")]);
    let folder = Folder::new(&[("a.md", b"x"), ("sub/b.md", b"x")]);
    symlink(&outside.0, folder.0.join("out")).expect("a link can be made");
    symlink(&folder.0, folder.0.join("sub/up")).expect("a link can be made");
    symlink(folder.0.join("a.md"), folder.0.join("c.md")).expect("a link can be made");
    let units = collect(std::slice::from_ref(&folder.0), &Options::default()).expect("the folder is there");
    assert_eq!(shown(&units), ["bundle ``: a.md c.md sub/b.md"]);
}

#[test]
fn a_bundle_reads_archives_and_says_what_it_did_not_read() {
    let inner = zip(&[("note.md", b"# Inner")]);
    let outer =
        zip(&[("b/a.html", b"<p>One"), ("inner.zip", &inner), ("../up.md", b"x"), ("pic.png", b"\x89PNG\r\n\x1a\n")]);
    let folder = Folder::new(&[
        ("all.zip", &outer),
        ("old.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
        ("said.docx", b"<html><body>No such page"),
        ("n.xml", b"<TED_EXPORT/>"),
    ]);
    let units = collect(std::slice::from_ref(&folder.0), &Options::default()).expect("the folder is there");
    let [Unit::Bundle(bundle)] = units.as_slice() else { panic!("one bundle is expected: {units:?}") };
    let opened = bundle.open(&Limits::default());
    let read: Vec<String> = opened
        .read
        .iter()
        .map(|file| format!("{} {} {}", file.uri, file.member.as_deref().unwrap_or("-"), file.format))
        .collect();
    assert_eq!(read, ["all.zip b/a.html HTML", "all.zip inner.zip!note.md Markdown", "said.docx - HTML",]);
    let not_read: Vec<String> = opened.not_read.iter().map(|n| n.to_string()).collect();
    assert_eq!(
        not_read,
        [
            "all.zip (../up.md): not read: its path leads out of the archive; do not trust this archive; ask for a new one",
            "old.doc: not read: it is an old office file (OLE compound file); save it as DOCX, ODT or PDF",
            "said.docx: not read: its name ends in .docx, but it is HTML; look whether it is the file that was meant",
        ]
    );
    assert_eq!(opened.skipped.len(), 1);
    assert_eq!(opened.notices.len(), 1);
    let shallow = bundle.open(&Limits { nesting: 1, ..Limits::default() });
    assert!(shallow.not_read.iter().any(|n| n.place.as_deref() == Some("inner.zip")));
}
