//! REUSE 3.3 on small trees: the verdict of `reuse lint` 6.2.0 on each is the one written here.

use std::fs;
use std::path::PathBuf;

use acquis::licence::reuse::{ReuseReport, lint};

/// Signs for the tags, so that this file has none: `§` the licence's, `¤` the copyright's.
fn tagged(text: &str) -> String {
    text.replace('§', concat!("SPDX-License", "-Identifier:")).replace('¤', concat!("SPDX-File", "CopyrightText:"))
}

fn report(name: &str, files: &[(&str, &str)]) -> ReuseReport {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("reuse").join(name);
    let _ = fs::remove_dir_all(&root);
    for (path, text) in files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().expect("files stand in a folder")).expect("the folder can be made");
        fs::write(file, tagged(text)).expect("the file can be written");
    }
    lint(&root)
}

const TOML: &str = "version = 1\n[[annotations]]\npath = \"data/**\"\n\"SPDX-FileCopyrightText\" = \"2026 Example\"\n\"SPDX-License-Identifier\" = \"CC0-1.0\"\n";

#[test]
fn compliant_trees_are_compliant() {
    for (name, files) in [
        ("tags", vec![("LICENSES/MIT.txt", "text"), ("a.py", "# ¤ 2026 Example\n# § MIT\n")]),
        ("beside", vec![("LICENSES/MIT.txt", "text"), ("a.png", "\0"), ("a.png.license", "¤ 2026 Example\n§ MIT\n")]),
        ("toml", vec![("LICENSES/CC0-1.0.txt", "text"), ("REUSE.toml", TOML), ("data/a/b.csv", "1,2\n")]),
        (
            "dep5",
            vec![
                ("LICENSES/CC0-1.0.txt", "text"),
                (".reuse/dep5", "Format: x\n\nFiles: data/*\nCopyright: 2026 Example\nLicense: CC0-1.0\n"),
                ("data/a/b.csv", "1,2\n"),
            ],
        ),
        ("empty", vec![("LICENSES/MIT.txt", "t"), ("a.py", "# Copyright 2026 E\n# § MIT\n"), ("__init__.py", "")]),
        ("plus", vec![("LICENSES/Apache-1.1.txt", "t"), ("a.py", "# © E\n# § Apache-1.1+\n")]),
    ] {
        let report = report(name, &files);
        assert!(report.is_compliant(), "{name}: {report:?}");
    }
}

#[test]
fn each_gap_is_named() {
    let one = |name, files: &[(&str, &str)]| report(name, files);
    let licensed = "# ¤ 2026 Example\n# § MIT\n";
    assert_eq!(one("none", &[("a.py", "x")]).without_licence, ["a.py"]);
    assert_eq!(one("holder", &[("LICENSES/MIT.txt", "t"), ("a.py", "# § MIT\n")]).without_copyright, ["a.py"]);
    assert_eq!(one("missing", &[("a.py", licensed)]).missing_texts["MIT"], ["a.py"]);
    assert_eq!(
        one("unused", &[("LICENSES/ISC.txt", "t"), ("LICENSES/MIT.txt", "t"), ("a.py", licensed)]).unused_texts["ISC"],
        "LICENSES/ISC.txt"
    );
    assert_eq!(one("bad", &[("LICENSES/House.txt", "t")]).bad_texts["House"], "LICENSES/House.txt");
    assert_eq!(
        one("extension", &[("LICENSES/MIT", "t"), ("a.py", licensed)]).texts_without_extension["MIT"],
        "LICENSES/MIT"
    );
    assert_eq!(one("deprecated", &[("LICENSES/GPL-3.0.txt", "t")]).deprecated_texts["GPL-3.0"], "LICENSES/GPL-3.0.txt");
    assert_eq!(one("invalid", &[("a.py", "# ¤ E\n# § GPL 3\n")]).invalid_expressions["a.py"], ["GPL 3"]);
    assert!(one("both", &[("REUSE.toml", TOML), (".reuse/dep5", "Files: *\n")]).not_read.contains_key("REUSE.toml"));
    assert_eq!(
        one(
            "override",
            &[("REUSE.toml", &TOML.replace("path =", "precedence = \"override\"\npath =")), ("data/a", licensed)]
        )
        .missing_texts
        .keys()
        .collect::<Vec<_>>(),
        ["CC0-1.0"]
    );
}
