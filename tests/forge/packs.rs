//! Policies at addresses: fetched when asked for, pinned by their digest, kept in a lock file.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use sha2::{Digest, Sha256};
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use super::Forge;

const PACK: &str = "# Of the region.\nrules: {product-mentioned: off}\nfail-on: error\nlang: fr\n";

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A folder with a document and a policy, gone when the test ends.
struct Project(PathBuf);

impl Project {
    fn new(name: &str, policy: &str) -> Project {
        let folder = std::env::temp_dir().join(format!("acquis-packs-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.md"), "# Specification\n\nText.\n").unwrap();
        fs::write(folder.join("acquis.yml"), policy).unwrap();
        Project(folder)
    }

    fn check(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_acquis"));
        command.args(["check", "a.md", "--root", "."]).args(arguments).current_dir(&self.0).env("LC_ALL", "C");
        command.output().unwrap()
    }

    #[track_caller]
    fn says(&self, arguments: &[&str], status: i32, words: &[&str]) {
        let output = self.check(arguments);
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).replace("\n  │ ", " ");
        assert_eq!(output.status.code(), Some(status), "{text}");
        for words in words {
            assert!(text.contains(words), "“{words}” is not in:\n{text}");
        }
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn serving(text: &str, times: u64) -> Forge {
    Forge::new([Mock::given(path("/policies/region.yml"))
        .respond_with(ResponseTemplate::new(200).set_body_string(text))
        .expect(times)])
}

fn extending(forge: &Forge, sha256: &str) -> String {
    format!("extends:\n  - nl\n  - url: {}/policies/region.yml\n    sha256: {sha256}\n", forge.url())
}

#[test]
fn a_policy_is_fetched_once_and_read_from_the_lock_file_from_then_on() {
    let forge = serving(PACK, 1);
    let project = Project::new("once", &extending(&forge, &digest(PACK)));
    project.says(&[], 2, &["acquis.yml:3:10", "is not in acquis.lock", "--online"]);
    assert!(!project.0.join("acquis.lock").exists());
    // What the pack says comes on top of what stands before it: French, not Dutch.
    project.says(&["--online"], 0, &["Fichiers lus"]);
    let lock = fs::read_to_string(project.0.join("acquis.lock")).unwrap();
    assert!(lock.contains(&digest(PACK)) && lock.contains("Of the region."), "{lock}");
    project.says(&[], 0, &["Fichiers lus"]);
    project.says(&["--online"], 0, &["Fichiers lus"]);
    assert_eq!(fs::read_to_string(project.0.join("acquis.lock")).unwrap(), lock);
    forge.verify();
    // Whoever alters the lock file alters no policy.
    fs::write(project.0.join("acquis.lock"), lock.replace("fail-on: error", "fail-on: never")).unwrap();
    project.says(&[], 2, &["acquis.lock was altered"]);
    fs::write(project.0.join("acquis.lock"), "{}").unwrap();
    project.says(&[], 2, &["is no lock file"]);
}

#[test]
fn another_text_than_the_pinned_one_is_refused() {
    let forge = serving("fail-on: never\n", 1);
    let project = Project::new("other", &extending(&forge, &digest(PACK)));
    let (actual, expected) = (digest("fail-on: never\n"), digest(PACK));
    project.says(&["--online"], 2, &[&actual, &expected, "was expected"]);
    assert!(!project.0.join("acquis.lock").exists(), "what was refused is kept");
    forge.verify();
}

#[test]
fn a_policy_that_can_not_be_had_is_an_error_with_its_place() {
    let forge = Forge::new([]);
    let project = Project::new("absent", &extending(&forge, &digest(PACK)));
    project.says(&["--online"], 2, &["acquis.yml:3:10", "can't be fetched", "404"]);
    for (entry, words) in [
        ("{url: 'https://example.org/a.yml', sha256: abc}", "is no SHA-256"),
        ("{url: 'https://example.org/a.yml'}", "sha256"),
        ("{url: 'https://example.org/a.yml', sha: abc}", "unknown field `sha`"),
        ("{url: 'http://example.org/a.yml', sha256: SHA}", "is not taken for a policy"),
        ("{url: 'file:///etc/passwd', sha256: SHA}", "is not taken for a policy"),
        ("xx", "name a policy file, relative to this one, or one of be, ch, de"),
    ] {
        fs::write(project.0.join("acquis.yml"), format!("extends: [{}]\n", entry.replace("SHA", &digest("")))).unwrap();
        project.says(&[], 2, &["acquis.yml:1", words]);
    }
}

#[test]
fn what_a_fetched_policy_extends_is_pinned_too_and_no_file_of_the_project() {
    let inner = serving(PACK, 1);
    let outer_text = extending(&inner, &digest(PACK));
    let outer = serving(&outer_text, 1);
    let project = Project::new("nested", &extending(&outer, &digest(&outer_text)));
    project.says(&["--online"], 0, &["Fichiers lus"]);
    project.says(&[], 0, &["Fichiers lus"]);
    let reaching = "extends: [secret.yml]\n";
    let forge = serving(reaching, 1);
    fs::write(project.0.join("secret.yml"), "lang: nl\n").unwrap();
    fs::write(project.0.join("acquis.yml"), extending(&forge, &digest(reaching))).unwrap();
    project.says(&["--online"], 2, &["`secret.yml` is a file, and this policy lies in no folder"]);
}
