//! `acquis fix`: what is changed, what is asked, and that a second run changes nothing.

use super::*;

const PUBLICCODE: &str = "publiccodeYmlVersion: \"0.2\"\r\nname: Example\r\nurl: https://git.example.eu/a/b.git\r\n";

fn repository(name: &str) -> Folder {
    let tag = concat!("# SPDX-License", "-Identifier:");
    let holder = concat!("# SPDX-File", "CopyrightText: 2026 Town of Example");
    Folder::new(
        name,
        &[
            ("README.md", "# Example\n"),
            ("package.json", "\u{feff}{\n  \"name\": \"@town/example\",\n  \"license\": \"mit\"\n}\n"),
            ("src/a.py", &format!("{holder}\n{tag} mit.\nx = 1\n")),
            ("src/b.py", "#!/usr/bin/env python3\ny = 1\n"),
            ("REUSE.toml", "version = 1\n"),
            ("publiccode.yaml", PUBLICCODE),
        ],
    )
}

#[test]
fn without_consent_only_the_diff_is_shown() {
    let folder = repository("fix-shown");
    let shown = folder.acquis(&["fix", "."]);
    check(&shown, 1, &["rename to publiccode.yml", "-  \"license\": \"mit\"", "+  \"license\": \"MIT\""]);
    assert!(folder.read("package.json").contains("\"mit\""));
    assert!(folder.0.join("publiccode.yaml").exists());
}

#[test]
fn the_diff_can_be_applied() {
    let (fixed, patched) = (repository("fix-fixed"), repository("fix-patched"));
    let diff = stdout(&patched.acquis(&["fix", "."]));
    patched.write("x.patch", &diff);
    let git = Command::new("git").args(["apply", "x.patch"]).current_dir(&patched.0).output().unwrap();
    assert!(git.status.success(), "{}\n{diff}", stderr(&git));
    fixed.acquis(&["fix", ".", "--yes"]);
    for file in ["package.json", "publiccode.yml", "src/a.py"] {
        assert_eq!(patched.read(file), fixed.read(file), "{file}");
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = repository("fix-twice");
    check(&folder.acquis(&["fix", ".", "--yes"]), 0, &["fixed: package.json", "fixed: publiccode.yml"]);
    assert!(
        folder.read("package.json").starts_with("\u{feff}{\n  \"name\": \"@town/example\",\n  \"license\": \"MIT\"")
    );
    assert!(folder.read("publiccode.yml").starts_with("publiccodeYmlVersion: \"0\"\r\nname: Example\r\n"));
    assert!(folder.read("src/a.py").contains(" MIT\n"));
    assert!(folder.read("LICENSES/MIT.txt").starts_with("MIT License\n"), "files name it, so its text is added");
    let again = folder.acquis(&["fix", ".", "--yes"]);
    check(&again, 0, &[]);
    assert_eq!(stdout(&again), "");
}

#[test]
fn unsafe_fixes_are_made_when_asked_for() {
    let folder = repository("fix-unsafe");
    folder.write(".git/config", "[core]\n[remote \"origin\"]\n\turl = https://user:secret@git.example.eu/a/b.git\n");
    fs::remove_file(folder.0.join("publiccode.yaml")).unwrap();
    folder.write("manage.py", "import os\n");
    let arguments = ["fix", ".", "--yes", "--unsafe", "--profile", "audit"];
    check(&folder.acquis(&arguments), 0, &["fixed: publiccode.yml"]);
    let draft = folder.read("publiccode.yml");
    for words in
        ["name: \"example\"\n", "url: \"https://git.example.eu/a/b.git\"\n", "  license: MIT\n", "# developmentStatus"]
    {
        assert!(draft.contains(words), "{words}: {draft}");
    }
    assert!(!draft.contains("secret"));
    let header = folder.read("src/b.py");
    let tags = ["CopyrightText: 2026 Town of Example\n", "-Identifier: MIT\n\ny = 1\n"];
    assert!(
        header.starts_with("#!/usr/bin/env python3\n# SPDX-") && tags.iter().all(|tag| header.contains(tag)),
        "{header}"
    );
    assert!(!folder.0.join("SECURITY.md").exists(), "no contact is known");
    let again = folder.acquis(&arguments);
    assert_eq!(stdout(&again), "", "{}", stderr(&again));
}

#[test]
fn a_security_policy_names_the_contact_that_is_known() {
    let manifest = "{\"name\": \"example\", \"bugs\": {\"email\": \"security@example.eu\"}}\n";
    let files =
        [("README.md", "# X\n"), ("package.json", manifest), ("manage.py", "x\n"), ("a.py", "x\n"), ("b.py", "x\n")];
    let folder = Folder::new("fix-security", &files);
    folder.acquis(&["fix", ".", "--yes", "--unsafe", "--profile", "audit"]);
    assert!(folder.read("SECURITY.md").contains("<security@example.eu>"));
}

#[test]
fn headers_go_into_own_files_that_can_take_them() {
    let tag = concat!("# SPDX-License", "-Identifier: MIT");
    let holder = concat!("# SPDX-File", "CopyrightText: 2026 Town");
    let folder = Folder::new(
        "fix-headers",
        &[
            ("REUSE.toml", "version = 1\n"),
            ("package.json", "{\"license\": \"MIT\"}\n"),
            ("a.py", &format!("{holder}\n{tag}\nx = 1\n")),
            ("half.py", &format!("#!/bin/sh\r\n{tag}\r\nx = 1\r\n")),
            ("image.png.license", &format!("{}\n", &tag[2..])),
            ("bom.py", "\u{feff}x = 1\n"),
            ("vendor/x.js", "x\n"),
            ("module/.git", "gitdir: ../.git/modules/module\n"),
            ("module/x.py", "x = 1\n"),
        ],
    );
    for (file, bytes) in
        [("latin.py", b"x = '\xe9'\n".as_slice()), ("image.png", b"\x89PNG\0\0"), ("half-latin.py", b"")]
    {
        fs::write(folder.0.join(file), bytes).unwrap();
    }
    fs::write(folder.0.join("half-latin.py"), [tag.as_bytes(), b"\nx = '\xe9'\n"].concat()).unwrap();
    let arguments = ["fix", ".", "--yes", "--unsafe"];
    check(&folder.acquis(&arguments), 0, &["fixed: latin.py.license"]);
    let header = format!("{holder}\n{tag}\n");
    for (file, expected) in [
        ("half.py", format!("#!/bin/sh\r\n{holder}\r\n{tag}\r\nx = 1\r\n")),
        ("image.png.license", header.replace("# ", "")),
        ("latin.py.license", header.replace("# ", "")),
        ("package.json.license", header.replace("# ", "")),
        ("bom.py", format!("\u{feff}{header}\nx = 1\n")),
        ("vendor/x.js", "x\n".to_owned()),
        ("module/x.py", "x = 1\n".to_owned()),
    ] {
        assert_eq!(folder.read(file), expected, "{file}");
    }
    assert!(!folder.0.join("half-latin.py.license").exists(), "it would take back what the file says itself");
    assert_eq!(stdout(&folder.acquis(&arguments)), "");
}

#[test]
fn drafts_hold_what_manifests_and_texts_say() {
    let licence = include_str!("../../LICENSES/EUPL-1.2.txt");
    for (name, manifest, text, expected) in [
        (
            "go",
            "go.mod",
            "module git.example.eu/town/tool/v2\n",
            &["name: \"tool\"", "url: \"https://git.example.eu/town/tool\"", "license: EUPL-1.2"][..],
        ),
        (
            "pom",
            "pom.xml",
            "<project><artifactId>permits</artifactId><version>${v}</version><url>https://town.example.eu</url></project>",
            &["name: \"permits\"", "landingURL: \"https://town.example.eu\"", "# softwareVersion"],
        ),
    ] {
        let files =
            [("README.md", "# X\n"), (manifest, text), ("manage.py", "x\n"), ("a.py", "x\n"), ("LICENSE", licence)];
        let folder = Folder::new(&format!("fix-draft-{name}"), &files);
        folder.acquis(&["fix", ".", "--yes", "--unsafe", "--profile", "audit"]);
        let draft = folder.read("publiccode.yml");
        expected.iter().for_each(|words| assert!(draft.contains(words), "{words}: {draft}"));
    }
}

#[cfg(unix)]
#[test]
fn the_diff_can_be_applied_whatever_files_are_called() {
    let (fixed, patched) = (Folder::new("fix-names", &[]), Folder::new("fix-names-patched", &[]));
    let names = [
        "my file.py",
        "größe.py",
        "a\"b\\c.py",
        "new\nline.py",
        "tab\tname.py",
        "-dash.py",
        "a b/c d.json",
        "no-end.py",
    ];
    for folder in [&fixed, &patched] {
        let tag = concat!("# SPDX-License", "-Identifier: MIT");
        let holder = concat!("# SPDX-File", "CopyrightText: 2026 Town");
        folder.write("REUSE.toml", "version = 1\n");
        folder.write("known.py", &format!("{holder}\n{tag}\n"));
        names.iter().for_each(|name| folder.write(name, if *name == "no-end.py" { "x = 1" } else { "x = 1\n" }));
    }
    let diff = stdout(&patched.acquis(&["fix", ".", "--unsafe"]));
    patched.write("x.patch", &diff);
    let git = Command::new("git").args(["apply", "x.patch"]).current_dir(&patched.0).output().unwrap();
    assert!(git.status.success(), "{}\n{diff}", stderr(&git));
    fixed.acquis(&["fix", ".", "--unsafe", "--yes"]);
    for name in names {
        let name = if name.ends_with("json") { "a b/c d.json.license" } else { name };
        assert!(fixed.read(name).contains("2026 Town"), "{name}");
        assert_eq!(patched.read(name), fixed.read(name), "{name}");
    }
}

#[test]
fn what_was_not_read_is_said() {
    let folder = Folder::new("fix-unread", &[("a.bin", "\0\0\0\0")]);
    check(&folder.acquis(&["fix", "a.bin"]), 3, &["not read: a.bin: "]);
}

#[test]
fn a_file_that_can_not_be_written_is_said() {
    let folder = repository("fix-refused");
    fs::create_dir_all(folder.0.join("publiccode.yml")).unwrap();
    let output = folder.acquis(&["fix", ".", "--yes"]);
    check(&output, 3, &["not fixed: publiccode.yml: there is a file of this name"]);
    check(&folder.acquis(&["fix", "absent"]), 2, &["there is no such file"]);
}
