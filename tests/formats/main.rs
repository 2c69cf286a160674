//! One text in many formats: the findings are the same, and in one bundle they are one.

mod write;

use std::path::{Path, PathBuf};
use std::process::Command;

use acquis::document::{Document, Limits};
use acquis::input::{Options, Unit, collect};
use acquis::rule::builtin_rules;
use serde_json::Value;

const EXAMPLES: &[&str] = &["tender-de/leistungsbeschreibung.html", "tender-fr/cctp.docx", "tender-nl/bestek.md"];

/// A folder of its own for a test, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("acquis-formats-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the folder for temporary files takes one more");
        Folder(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.join(name), bytes).expect("the folder takes a file");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn example(name: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let units = collect(&[path], &Options::default()).expect("the example is there");
    let Some(Unit::Bundle(bundle)) = units.first() else { panic!("{name} is no document") };
    bundle.open(&Limits::default()).documents.remove(0)
}

/// The findings for some files as the JSON report gives them.
fn findings(folder: &Path, paths: &[&str]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_acquis"))
        .current_dir(folder)
        .arg("check")
        .args(paths)
        .args(["--as", "tender", "--format", "json"])
        .output()
        .expect("the program runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    assert_eq!(report["coverage"]["not_read"].as_array().map_or(0, Vec::len), 0, "{paths:?}");
    report["findings"].as_array().expect("the report has findings").clone()
}

/// What a finding says, whatever the file: level, rule, passage.
fn said(findings: &[Value]) -> Vec<String> {
    let mut said: Vec<String> = findings
        .iter()
        .map(|f| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let location = &f["location"];
            [&f["level"], &f["rule"], &location["snippet"], &location["context"]].map(text).join(" | ")
        })
        .collect();
    said.sort();
    said
}

/// What only one of two says.
fn difference<'s>(one: &'s [String], other: &'s [String]) -> Vec<&'s String> {
    let missing = one.iter().filter(|said| !other.contains(said));
    missing.chain(other.iter().filter(|said| !one.contains(said))).collect()
}

#[test]
fn the_findings_of_an_example_are_the_same_in_every_format() {
    let folder = Folder::new("same");
    for name in EXAMPLES {
        let document = example(name);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let want = said(&findings(&root, &[name]));
        assert!(want.len() > 5, "{name} has findings");
        for format in write::FORMATS {
            let file = format!("a.{format}");
            folder.write(&file, &write::write(&document, format));
            let found = said(&findings(&folder.0, &[&file]));
            assert!(found == want, "{name} as {format}: {:#?}", difference(&found, &want));
        }
    }
}

#[test]
fn copies_in_other_formats_are_further_places_of_one_finding() {
    for name in EXAMPLES {
        let folder = Folder::new("copies");
        let document = example(name);
        folder.write("a.docx", &write::write(&document, "docx"));
        let one = findings(&folder.0, &["a.docx"]);
        folder.write("b.pdf", &write::write(&document, "pdf"));
        let both = findings(&folder.0, &["a.docx", "b.pdf"]);
        let (both_said, one_said) = (said(&both), said(&one));
        assert!(both_said == one_said, "{name}: {:#?}", difference(&both_said, &one_said));
        for finding in both.iter().filter(|finding| finding["absence"] != true) {
            let related = finding["related"].as_array().map_or(&[][..], Vec::as_slice);
            let in_copy = related.iter().any(|place| place["location"]["uri"] == "b.pdf");
            assert!(in_copy, "{name}: {}", finding["message"]);
        }
    }
}

#[test]
fn general_conditions_taken_in_by_reference_count_as_clauses() {
    let folder = Folder::new("conditions");
    for (lang, sentence) in [
        ("fr", "Le marché est soumis au CCAG-TIC."),
        ("de", "Es gelten die EVB-IT Erstellung."),
        ("nl", "Op de overeenkomst zijn de ARBIT-2022 van toepassing."),
        ("nl", "De GIBIT 2023 maken deel uit van de overeenkomst."),
        ("da", "Kontrakten indgås på grundlag af K02."),
    ] {
        for id in ["exit-clause-missing", "source-code-clause-missing", "open-formats-missing"] {
            let rule = builtin_rules().iter().find(|rule| rule.file.id == id).expect("the rule is built in");
            let flagged = rule.file.examples.flag.iter().find(|example| example.lang.as_str() == lang);
            let Some(flagged) = flagged else { continue };
            folder.write("without.md", flagged.text.as_bytes());
            folder.write("with.md", format!("{}\n\n## 3\n\n{sentence}\n", flagged.text).as_bytes());
            let reported = |file: &str| findings(&folder.0, &[file]).iter().any(|finding| finding["rule"] == id);
            assert!(reported("without.md") && !reported("with.md"), "{id}: {sentence}");
        }
    }
}

#[test]
fn a_default_language_that_the_words_contradict_is_not_believed() {
    let folder = Folder::new("language");
    let text = "<p>Der Auftrag umfasst die Lieferung und die Pflege der Software für die Ämter der Stadt.</p><h2>3 Anforderungen</h2>\
                <p>Es muss Microsoft Word sein.</p>";
    folder.write("de.html", format!("<html lang=\"de\"><body>{text}").as_bytes());
    folder.write("en.html", format!("<html lang=\"en\"><body>{text}").as_bytes());
    let want = said(&findings(&folder.0, &["de.html"]));
    assert!(want.iter().any(|said| said.starts_with("error")), "{want:#?}");
    assert_eq!(said(&findings(&folder.0, &["en.html"])), want);
}
