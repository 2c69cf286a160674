//! The program as its users meet it: exit statuses, reports, policy, baseline.

mod diff;
mod fix;
mod notices;
mod profiles;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own for a test, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let path = std::env::temp_dir().join(format!("acquis-cli-{name}-{}", std::process::id()));
        let folder = Folder(path);
        fs::create_dir_all(&folder.0).unwrap();
        for (file, text) in files {
            folder.write(file, text);
        }
        folder
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap()
    }

    /// Runs acquis in the folder with one rule of the tests' own, so that nothing here hangs on built-in ones.
    fn acquis(&self, arguments: &[&str]) -> Output {
        acquis_in(&self.0, arguments)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn acquis_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_acquis"))
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

fn rules() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/rules").to_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn check(output: &Output, status: i32, says: &[&str]) {
    let text = format!("{}{}", stdout(output), stderr(output));
    assert_eq!(output.status.code(), Some(status), "{text}");
    for words in says {
        assert!(text.contains(words), "“{words}” is not in:\n{text}");
    }
}

const SPECIFICATION: &str = "# Specification\n\n## 2.1 Requirements\n\nThe bidder must deliver Zweckform Orakel 9.\n";

#[test]
fn the_exit_status_tells_what_happened() {
    let folder = Folder::new(
        "status",
        &[("tender/a.md", SPECIFICATION), ("clean/b.md", "# Nothing here\n\nText.\n"), ("empty/.keep", "")],
    );
    let rules = rules();
    check(&folder.acquis(&["check", "clean", "--rules", &rules]), 0, &["Errors: 0", "Files read: 1"]);
    let found = folder.acquis(&["check", "tender", "--rules", &rules]);
    check(
        &found,
        1,
        &["a.md:5:35: warning[orakel-named]", "| The bidder must deliver Zweckform Orakel 9.", "Warnings: 1"],
    );
    check(&folder.acquis(&["check", "tender", "--rules", &rules, "--fail-on", "error"]), 0, &["Warnings: 1"]);
    check(&folder.acquis(&["check", "tender", "--rules", &rules, "--fail-on", "never"]), 0, &["Warnings: 1"]);
    check(&folder.acquis(&["check", "tender", "--rules", &rules, "--level", "orakel-named=off"]), 0, &["Warnings: 0"]);
    check(&folder.acquis(&["check", "absent"]), 2, &["absent: there is no such file or folder"]);
    check(&folder.acquis(&["check", "empty"]), 3, &["Files read: 0"]);
    check(&folder.acquis(&["check", "--fail-on", "sometimes"]), 2, &["sometimes"]);
    check(&folder.acquis(&["check", "clean", "--level", "no-such-rule=off"]), 2, &["no-such-rule"]);
    fs::write(folder.0.join("tender/broken.docx"), "PK\u{3}\u{4} no archive").unwrap();
    check(&folder.acquis(&["check", "tender", "--rules", &rules]), 3, &["Not read", "broken.docx"]);
}

#[test]
fn what_was_not_read_is_told_in_the_readers_language() {
    let table = "# Bestek\n\n| Eis | Product |\n| --- | --- |\n| De leverancier must | Zweckform Orakel 9 |\n";
    let folder = Folder::new("language", &[("tender/a.md", table), ("tender/b.7z", "7z\u{bc}"), ("tender/c.odt", "")]);
    fs::write(folder.0.join("tender/b.7z"), b"7z\xBC\xAF\x27\x1C..").unwrap();
    let rules = rules();
    let check_in = |lang: &str, format: &str| {
        let mut output = folder.acquis(&["check", "tender", "--rules", &rules, "--lang", lang, "--format", format]);
        // Lines break where the terminal ends.
        output.stdout = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ").into_bytes();
        output
    };
    let (reason, remedy) = ("es ist ein Archiv der Art 7z, das acquis nicht öffnet", "packen Sie es als ZIP");
    for format in ["terminal", "sarif", "json", "html", "markdown", "csv", "github", "gitlab", "junit", "azure"] {
        check(&check_in("de", format), 3, &[reason, remedy, "die Datei ist leer", "Tabelle 1, Zeile 2, Spalte 2"]);
    }
    check(&check_in("el", "terminal"), 3, &["πίνακας 1, γραμμή 2, στήλη 2", "το αρχείο είναι κενό· αντικαταστήστε"]);
    check(&check_in("it", "terminal"), 3, &["tabella 1, riga 2, colonna 2", "il file è vuoto; sostituirlo"]);
    check(&check_in("es", "terminal"), 3, &["tabla 1, fila 2, columna 2", "el archivo está vacío; sustitúyalo"]);
    check(&check_in("fr", "json"), 3, &["\"cause\": \"other-archive\"", "le fichier est vide"]);
    check(&folder.acquis(&["text", "tender", "--lang", "da"]), 3, &["tabel 1, række 2, kolonne 2", "filen er tom"]);
    let fingerprints = |lang: &str| {
        let issues: serde_json::Value = serde_json::from_slice(&check_in(lang, "gitlab").stdout).unwrap();
        issues.as_array().unwrap().iter().map(|issue| issue["fingerprint"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(fingerprints("en"), fingerprints("el"));
}

#[test]
fn a_wrong_policy_or_rule_file_is_refused_with_its_place() {
    let folder = Folder::new("refused", &[("a.md", SPECIFICATION), ("acquis.yml", "fail-on: warning\nruels: {}\n")]);
    check(&folder.acquis(&["check", "."]), 2, &["acquis.yml:2:1", "unknown field `ruels`", "rules"]);
    folder.write("acquis.yml", "rules:\n  orakel-named: note\n");
    check(&folder.acquis(&["check", "."]), 2, &["acquis.yml:2:3", "there is no rule `orakel-named`"]);
    folder.write("own/levl.yaml", "id: levl\nlevl: note\n");
    check(&folder.acquis(&["check", ".", "--policy", "none.yml"]), 2, &["none.yml", "can't be read"]);
    fs::remove_file(folder.0.join("acquis.yml")).unwrap();
    check(&folder.acquis(&["check", ".", "--rules", "own"]), 2, &["levl.yaml:2:1", "levl"]);
}

#[test]
fn the_policy_decides() {
    let folder =
        Folder::new("policy", &[("a.md", SPECIFICATION), ("acquis.yml", "rules: {orakel-named: error}\nlang: fr\n")]);
    let rules = rules();
    check(&folder.acquis(&["check", ".", "--rules", &rules]), 1, &["erreur[orakel-named]", "Fichiers lus\u{a0}: 1"]);
    let waiver = "waivers:\n  - rule: orakel-named\n    path: a.md\n    section: '2.1'\n    reason: migration\n    approver: \
                  J. Roe\n    date: 2026-01-01\n    until: 2026-06-30\n";
    folder.write("acquis.yml", waiver);
    let on = |day| folder.acquis(&["check", ".", "--rules", &rules, "--as-of", day]);
    check(&on("2026-06-30"), 0, &["Waived: 1"]);
    check(&on("2026-07-01"), 1, &["the waiver of orakel-named ended on 2026-06-30"]);
    check(&folder.acquis(&["waivers", "--rules", &rules, "--as-of", "2026-02-01"]), 0, &["a.md, § 2.1:", "J. Roe"]);
}

#[test]
fn a_base_image_is_past_its_end_only_after_that_day() {
    let folder = Folder::new("ended", &[("README.md", "# X\n"), ("Dockerfile", "FROM python:3.9-slim\n")]);
    let on = |day| folder.acquis(&["check", ".", "--as-of", day, "--format", "jsonl"]);
    let ended = |day| String::from_utf8(on(day).stdout).unwrap().contains("\"rule\":\"base-image-ended\"");
    assert!(!ended("2025-10-31"), "its last day");
    assert!(ended("2025-11-01"));
}

#[test]
fn an_invalid_publiccode_is_an_error_by_itself_and_a_warning_in_a_repository() {
    let folder = Folder::new("invalid", &[("README.md", "# X\n"), ("publiccode.yml", "publiccodeYmlVersion: \"9\"\n")]);
    check(&folder.acquis(&["check", "publiccode.yml"]), 1, &["error[publiccode-invalid]"]);
    let run = folder.acquis(&["check", "."]);
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(text.contains("warning[publiccode-invalid]") && !text.contains("error[publiccode-invalid]"), "{text}");
}

#[test]
fn several_reports_come_from_one_run() {
    let folder = Folder::new("outputs", &[("tender/a.md", SPECIFICATION)]);
    let rules = rules();
    let formats = ["sarif", "json", "jsonl", "github", "gitlab", "junit", "azure", "csv", "markdown", "html"];
    let outputs: Vec<_> = formats.iter().map(|format| format!("{format}=out.{format}")).collect();
    let mut arguments = vec!["check", "tender", "--rules", &rules];
    arguments.extend(outputs.iter().flat_map(|output| ["--output", output.as_str()]));
    check(&folder.acquis(&arguments), 1, &["Warnings: 1"]);
    for format in formats {
        assert!(folder.read(&format!("out.{format}")).contains("Orakel"), "{format}");
    }
    let first = folder.read("out.sarif");
    check(&folder.acquis(&arguments), 1, &[]);
    assert_eq!(folder.read("out.sarif"), first, "a second run gives other bytes");
    check(&folder.acquis(&["check", "tender", "--output", "word=x"]), 2, &["`word` is no format: terminal, sarif"]);
    check(&folder.acquis(&["check", "tender", "--output", "json=none/x"]), 2, &["can't be written to none/x"]);
}

#[test]
fn the_baseline_knows_what_was_there() {
    let folder = Folder::new("baseline", &[("a.md", SPECIFICATION)]);
    let rules = rules();
    check(&folder.acquis(&["check", ".", "--rules", &rules, "--new-only"]), 2, &["acquis baseline write"]);
    check(&folder.acquis(&["baseline", "write", ".", "--rules", &rules]), 0, &["1 findings, 1 entries"]);
    assert!(!folder.read("acquis-baseline.json").contains("Zweckform"), "the baseline holds text of the document");
    let moved = SPECIFICATION.replace("## 2.1", "New first paragraph.\n\n## 2.1");
    folder.write("a.md", &moved);
    check(&folder.acquis(&["check", ".", "--rules", &rules, "--new-only"]), 0, &["Known already: 1"]);
    check(&folder.acquis(&["baseline", "check", ".", "--rules", &rules]), 0, &[]);
    folder.write("a.md", &format!("{moved}\nThe bidder must also deliver Orakel Cloud.\n"));
    check(&folder.acquis(&["check", ".", "--rules", &rules, "--new-only"]), 1, &["Orakel Cloud", "Known already: 1"]);
    folder.write("a.md", "# Specification\n\nNothing.\n");
    check(&folder.acquis(&["baseline", "check", ".", "--rules", &rules]), 1, &["is not found any more"]);
}

#[test]
fn the_program_explains_itself() {
    let folder = Folder::new("explains", &[("a.md", SPECIFICATION)]);
    let rules = rules();
    check(&folder.acquis(&["--help"]), 0, &["Examples:", "Exit status:"]);
    check(&folder.acquis(&["explain", "orakel-named", "--rules", &rules]), 0, &["orakel-named: warning", "Found in"]);
    check(&folder.acquis(&["explain", "orakel-name", "--rules", &rules]), 2, &["orakel-named"]);
    check(&folder.acquis(&["rules", "list", "--rules", &rules]), 0, &["orakel-named"]);
    check(&folder.acquis(&["rules", "test", &rules]), 0, &["1 rules, 2 examples, 0 wrong"]);
    check(&folder.acquis(&["rules", "schema"]), 0, &["$schema", "criterion"]);
    check(&folder.acquis(&["text", "a.md"]), 0, &["\t§ 2.1 Requirements, ¶ ", "Zweckform"]);
    let plain = folder.acquis(&["text", "a.md", "--plain"]);
    check(&plain, 0, &["Zweckform"]);
    assert!(!plain.stdout.contains(&b'\t'));
    check(
        &folder.acquis(&["text", "a.md", "--health"]),
        0,
        &["\"blocks\": 3", "\"format\": \"markdown\"", "\"not_read\": []"],
    );
    check(&folder.acquis(&["completions", "bash"]), 0, &["_acquis()"]);
    check(&folder.acquis(&["man"]), 0, &[".TH acquis"]);
}

#[cfg(unix)]
#[test]
fn a_reader_may_stop_reading() {
    // More than a pipe holds.
    let long = "# Title\n\n".to_owned() + &"The database must be Oracle, and so must the next.\n\n".repeat(1_500);
    let folder = Folder::new("pipe", &[("long.md", &long)]);
    for command in ["text long.md", "check long.md --format jsonl --level product-without-equivalent=note"] {
        let acquis = env!("CARGO_BIN_EXE_acquis");
        let script = format!("{acquis} {command} | head -c 1 >/dev/null; exit ${{PIPESTATUS[0]}}");
        let output = Command::new("bash").args(["-c", &script]).current_dir(&folder.0).output().unwrap();
        check(&output, 0, &[]);
        assert_eq!(stderr(&output), "", "{command}");
    }
}

#[test]
fn what_no_program_can_judge_is_listed_on_request() {
    let folder = Folder::new("checklist", &[("README.md", "# X\n"), ("LICENSE", "x\n"), ("a.md", SPECIFICATION)]);
    let asked = folder.acquis(&["check", ".", "--as", "repository", "--checklist", "--lang", "en"]);
    assert!(stdout(&asked).contains("[ ] Every change is reviewed by somebody else"), "{}", stdout(&asked));
    let silent = folder.acquis(&["check", ".", "--as", "repository"]);
    assert!(!stdout(&silent).contains("[ ]"));
    let tender = folder.acquis(&["check", "a.md", "--checklist"]);
    assert!(!stdout(&tender).contains("[ ]"), "a tender is no repository");
}

#[test]
fn the_licence_command_prints_expression_verdict_and_lists() {
    let notice = "Licensed under the EUPL, version 1.2.\n";
    let folder = Folder::new("licence", &[("LICENSE", notice), ("LICENCE-x", "Licensed under CeCILL-B.\n")]);
    assert_eq!(stdout(&folder.acquis(&["licence", "--plain", "."])), "CECILL-B\nEUPL-1.2\n");
    assert_eq!(stdout(&folder.acquis(&["licence", "LICENSE"])), "LICENSE\tEUPL-1.2\n");
    let lists = stdout(&folder.acquis(&["licence", "--lists", "LICENCE-x"]));
    for line in
        ["  osi: no", "  fsf: yes", "  fr-decree-software-permissive: yes", "  fr-sill: yes", "  de-opencode: no"]
    {
        assert!(lists.lines().any(|found| found == line), "{line} in {lists}");
    }
    assert_eq!(folder.acquis(&["licence", "not-there"]).status.code(), Some(3));
}

#[test]
fn the_licence_command_gives_the_verdict_of_reuse() {
    let tag = concat!("# SPDX-License", "-Identifier: MIT\n# SPDX-File", "CopyrightText: 2026 E\n");
    let folder = Folder::new("reuse", &[("LICENSES/MIT.txt", "text"), ("a.py", tag)]);
    let good = folder.acquis(&["licence", "--reuse", "."]);
    assert_eq!((stdout(&good).as_str(), good.status.code()), (".: compliant with REUSE 3.3 (1 files)\n", Some(0)));
    folder.write("b.py", "x = 1\n");
    let gap = folder.acquis(&["licence", "--reuse", "."]);
    assert!(stdout(&gap).starts_with("b.py: no licence\nb.py: no copyright\n"), "{}", stdout(&gap));
    assert_eq!(gap.status.code(), Some(1));
}
