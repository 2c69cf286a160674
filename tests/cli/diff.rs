//! `acquis check --diff REF`: only what came in since the work left a git reference.

use std::fs;
use std::io::Write;
use std::process::Command;

use crate::{Folder, SPECIFICATION, check, rules, stdout};

fn git(folder: &Folder, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Town", "-c", "user.email=town@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(&folder.0)
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn commit(folder: &Folder) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "Tender"]);
}

/// A document of these paragraphs.
fn write_docx(folder: &Folder, name: &str, paragraphs: &[&str]) {
    let body: String = paragraphs.iter().map(|text| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")).collect();
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"
                .to_owned(),
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
             Target=\"word/document.xml\"/></Relationships>"
                .to_owned(),
        ),
        (
            "word/document.xml",
            format!(
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}\
                 </w:body></w:document>"
            ),
        ),
    ];
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.0.join(name)).unwrap());
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn what_was_there_is_known_and_what_came_in_is_found() {
    let folder = Folder::new("diff", &[("tender/a.md", SPECIFICATION), ("README.md", "# Town\n")]);
    let rules = rules();
    write_docx(&folder, "tender/b.docx", &["The bidder must deliver Orakel Cloud."]);
    git(&folder, &["init", "--quiet"]);
    commit(&folder);
    git(&folder, &["switch", "--quiet", "--create", "work"]);
    let diff = |reference: &str| folder.acquis(&["check", "tender", "--rules", &rules, "--diff", reference]);
    check(&diff("main"), 0, &["Warnings: 0", "Known already: 2"]);

    // Moved text stays known, in a text file and in a document; a new paragraph of each is found.
    folder.write("tender/a.md", &SPECIFICATION.replace("## 2.1", "A new first paragraph.\n\n## 2.1"));
    write_docx(&folder, "tender/b.docx", &["Scope.", "The bidder must deliver Orakel Cloud."]);
    check(&diff("main"), 0, &["Known already: 2"]);
    write_docx(
        &folder,
        "tender/b.docx",
        &["The bidder must also deliver Orakel 10.", "The bidder must deliver Orakel Cloud."],
    );
    folder.write("tender/new/c.md", "# Part\n\nThe bidder must deliver Orakel Vault.\n");
    let found = diff("main");
    check(&found, 1, &["Orakel 10", "Orakel Vault", "Warnings: 2", "Known already: 2"]);
    assert!(!stdout(&found).contains("Orakel Cloud"), "{}", stdout(&found));

    // What main took out since is not what the work brings in; what is committed counts like what is not.
    commit(&folder);
    git(&folder, &["switch", "--quiet", "main"]);
    folder.write("tender/a.md", "# Specification\n");
    commit(&folder);
    git(&folder, &["switch", "--quiet", "work"]);
    check(&diff("main"), 1, &["Warnings: 2", "Known already: 2"]);
    assert_eq!(git(&folder, &["status", "--porcelain"]), "", "the repository is touched");

    // One file, from a folder inside of the repository, with a root.
    let inside = Folder(folder.0.join("tender"));
    let one = inside.acquis(&["check", "a.md", "--root", ".", "--rules", &rules, "--diff", "main"]);
    check(&one, 0, &["Known already: 1"]);
    std::mem::forget(inside);
}

#[test]
fn a_repository_is_judged_against_what_it_was() {
    let folder =
        Folder::new("diff-repository", &[("src/main.c", "int main(void) { return 0; }\n"), ("README.md", "# Town\n")]);
    git(&folder, &["init", "--quiet"]);
    commit(&folder);
    let diff = || folder.acquis(&["check", ".", "--fail-on", "note", "--diff", "HEAD"]);
    // That a licence is missing was so before.
    check(&folder.acquis(&["check", "."]), 1, &["repository-without-licence"]);
    check(&diff(), 0, &["Errors: 0 · Warnings: 0 · Notes: 0"]);
    folder.write("assets/plan.doc", "\u{fffd}");
    let found = diff();
    check(&found, 1, &["closed-format-committed"]);
    assert!(!stdout(&found).contains("repository-without-licence"), "{}", stdout(&found));
}

#[test]
fn what_has_no_earlier_version_is_refused() {
    let folder = Folder::new("diff-none", &[("a.md", SPECIFICATION)]);
    let diff = |arguments: &[&str]| folder.acquis(&[&["check", "a.md", "--diff"], arguments].concat());
    check(&diff(&["main"]), 2, &["--diff needs a git repository", "a.md lies in none"]);
    git(&folder, &["init", "--quiet"]);
    commit(&folder);
    check(&diff(&["no-such-branch"]), 2, &["there is no commit `no-such-branch`", "shallow clone"]);
    check(&diff(&["--output=x"]), 2, &[]);
    check(&diff(&["main", "--new-only"]), 2, &["cannot be used with"]);
    check(&folder.acquis(&["check", "-", "--diff", "main"]), 2, &["standard input has no earlier version"]);
    let other = Folder::new("diff-elsewhere", &[("b.md", SPECIFICATION)]);
    let elsewhere = other.0.join("b.md");
    let both = folder.acquis(&["check", "a.md", elsewhere.to_str().unwrap(), "--diff", "main"]);
    check(&both, 2, &["lies outside of the git"]);
}
