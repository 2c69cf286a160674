//! A work tree as a whole: what is walked, what is looked into, and that nothing passes in silence.

use std::fs;
use std::path::{Path, PathBuf};

use acquis::repository::{PathClass, Repository, RepositoryKind, RepositoryLimits};

/// Lays the files out in a folder of their own.
fn lay_out(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("work-trees").join(name);
    let _ = fs::remove_dir_all(&root);
    for (path, content) in files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().expect("below the root")).expect("a folder");
        fs::write(file, content).expect("a file");
    }
    root
}

fn read(name: &str, files: &[(&str, &[u8])]) -> Repository {
    Repository::read(&lay_out(name, files), &RepositoryLimits::default())
}

#[test]
fn the_work_tree_is_walked_and_classed() {
    let repository = read(
        "walk",
        &[
            (".git/config", b"x"),
            (".gitignore", b"/build\n"),
            ("build/out.js", b"x"),
            (".github/workflows/ci.yml", b"on: push\n"),
            (".gitattributes", b"gen/* linguist-generated\n"),
            ("gen/a.py", b"x"),
            ("src/a.py", b"x"),
            ("web/static/tree/bower.json", br#"{"name": "tree", "_release": "1.0"}"#),
            ("web/static/tree/tree.js", b"x"),
        ],
    );
    let seen: Vec<_> = repository.files.iter().map(|file| (file.path.as_str(), file.class)).collect();
    assert_eq!(
        seen,
        [
            (".gitattributes", PathClass::DevTooling),
            (".github/workflows/ci.yml", PathClass::Ci),
            (".gitignore", PathClass::DevTooling),
            ("gen/a.py", PathClass::Generated),
            ("src/a.py", PathClass::Source),
            ("web/static/tree/bower.json", PathClass::Vendored),
            ("web/static/tree/tree.js", PathClass::Vendored),
        ]
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let repository = read(
        "unread",
        &[
            ("package.json", b"{\"name\": "),
            ("pom.xml", b"<project>"),
            ("tests/fixtures/package.json", b"{"),
            ("pyproject.toml", b"[project\n"),
        ],
    );
    let unread: Vec<_> = repository.not_read.iter().map(|part| part.uri.as_str()).collect();
    assert_eq!(unread, ["package.json", "pom.xml", "pyproject.toml"], "broken test data may be so on purpose");

    let root = lay_out("long", &[("src/a.py", &[b'x'; 2_000]), ("data.json", &[b'1'; 2_000])]);
    let limits = RepositoryLimits { scanned: 1_000, ..RepositoryLimits::default() };
    let unread: Vec<_> = Repository::read(&root, &limits).not_read.into_iter().map(|part| part.uri).collect();
    assert_eq!(unread, ["src/a.py"], "the head of a data file is enough");

    let limits = RepositoryLimits { files: 1, ..RepositoryLimits::default() };
    assert_eq!(Repository::read(&root, &limits).not_read.len(), 1);
}

#[test]
fn a_script_about_licences_is_no_licence() {
    let repository = read("script", &[("rename-license", b"#!/bin/sh\nmv LICENSE COPYING\n"), ("COPYING", b"MIT")]);
    let texts: Vec<_> = repository.licence_texts.iter().map(|text| text.path.as_str()).collect();
    assert_eq!(texts, ["COPYING"]);
}

#[test]
fn hostile_files_are_survived() {
    let deep = "[".repeat(200_000);
    let aliases = "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b]\n";
    let repository = read(
        "hostile",
        &[
            ("package-lock.json", deep.as_bytes()),
            ("pubspec.yaml", deep.as_bytes()),
            ("pubspec.lock", aliases.as_bytes()),
            ("pyproject.toml", format!("a = {deep}").as_bytes()),
            ("pom.xml", b"<!DOCTYPE p [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><project>&b;</project>"),
            ("requirements.txt", b"\xff\xfe\x00\x01\x02"),
            ("go.mod", b"require (\n\xff\xff v1\n"),
            ("Gemfile", &[0xC3; 4_000]),
        ],
    );
    assert_eq!(repository.files.len(), 8);
    assert!(repository.not_read.len() >= 4, "{:?}", repository.not_read);
}

#[test]
fn a_signal_knows_its_places_and_what_eases_it() {
    let manifest = br#"{"dependencies": {"@azure/storage-blob": "12", "@aws-sdk/client-s3": "3"}}"#;
    let files: &[(&str, &[u8])] = &[
        ("README.md", b"# X\n"),
        ("api/package.json", manifest),
        ("src/store.py", b"s3 = connect(endpoint_url=settings.URL)\n"),
        ("manage.py", b"x\n"),
        ("templates/a.html", b"<link href=\"https://fonts.googleapis.com/css?family=A\">\n"),
        ("templates/b.html", b"\n<link href=\"https://fonts.googleapis.com/css?family=B\">\n"),
    ];
    let repository = read("signals", files);
    let seen: Vec<_> = repository
        .signals
        .iter()
        .map(|s| (s.kind.as_str(), s.path.as_str(), s.line, s.also.len(), s.eased_by.as_ref().map(|e| e.path.as_str())))
        .collect();
    assert_eq!(
        seen,
        [
            ("azure-npm", "api/package.json", 1, 0, None),
            ("aws-s3-npm", "api/package.json", 1, 0, Some("src/store.py")),
            ("google-fonts", "templates/a.html", 1, 1, None),
        ]
    );
    assert_eq!(repository.facts.kind, RepositoryKind::Service);
    assert_eq!(repository.text("manage.py").as_deref(), Some("x\n"));
    assert_eq!(repository.text("../signals/manage.py"), None, "only files that the walk found");

    let again = read("signals", files);
    assert_eq!(format!("{repository:?}"), format!("{again:?}"), "the same tree gives the same facts");
}

#[test]
fn every_row_of_knowledge_has_a_source_and_says_how_far_it_was_verified() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/knowledge");
    for table in [
        "file-types",
        "fonts",
        "generator-defaults",
        "identifiers",
        "infrastructure",
        "manifests",
        "packages",
        "path-classes",
        "readme-licence",
        "repository-files",
        "ways-out",
    ] {
        let text = fs::read_to_string(folder.join(format!("{table}.tsv"))).expect("a table");
        let mut rows = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let head: Vec<_> = rows.next().expect("a head").split('\t').collect();
        let column = |name: &str| head.iter().position(|column| *column == name).expect("the column");
        for row in rows {
            let cells: Vec<_> = row.split('\t').collect();
            assert_eq!(cells.len(), head.len(), "{table}: {row}");
            assert!(!cells[column("source")].is_empty(), "{table}: {row}");
            assert!(["yes", "partly", "memory"].contains(&cells[column("verified")]), "{table}: {row}");
        }
    }
}
