//! A rule's own examples, run: what must be flagged and what must pass.
//!
//! An example is a small subject of the rule's kind: a document in Markdown, a notice, or the files of a
//! repository. Only the rule itself runs on it.

use std::fs;
use std::path::Path;

use crate::document::{self, Format, Limits};
use crate::engine::{self, Engine, Options};
use crate::finding::Finding;
use crate::notice;
use crate::repository::publiccode::{Answer, FILE_NAME, Nowhere, PubliccodeFile};
use crate::repository::{Repository, RepositoryLimits};
use crate::rule::{Example, Profile, Rule, RuleError, Subject};

/// An example that did not come out as its rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Id of the rule.
    pub rule: String,
    /// `flag` or `pass`, and the number of the example in that list, 1-based: `flag 2 (fr)`.
    pub example: String,
    /// What was expected and what came out.
    pub message: String,
}

/// Runs the examples of a rule. `scratch` is an empty folder in which repositories may be laid out.
///
/// # Errors
/// Where the rule itself can't be compiled.
pub fn run(rule: &Rule, scratch: &Path) -> Result<Vec<Failure>, RuleError> {
    let engine_for = |jurisdictions: &[String], as_of| {
        let options = Options {
            profile: rule.file.profiles.first().copied().unwrap_or(Profile::Audit),
            jurisdictions: jurisdictions.to_vec(),
            as_of,
            preview: true,
            any_document: rule.file.check.as_deref() != Some(engine::NO_PROCUREMENT),
            ..Options::default()
        };
        Engine::new([rule], options)
    };
    let usual = engine_for(&rule.file.jurisdictions, None)?;
    let run = |example: &Example| match (example.jurisdictions.as_slice(), example.as_of) {
        ([], None) => Ok(check(&usual, rule, example, scratch)),
        (codes, as_of) => {
            let codes = if codes.is_empty() { &rule.file.jurisdictions } else { codes };
            engine_for(codes, as_of).map(|engine| check(&engine, rule, example, scratch))
        }
    };
    let mut failures = Vec::new();
    for (number, example) in rule.file.examples.flag.iter().enumerate() {
        let failed = run(example)?.and_then(|findings| flagged(rule, example, &findings));
        failures.extend(failed.err().map(|message| failure(rule, "flag", number, example, message)));
    }
    for (number, example) in rule.file.examples.pass.iter().enumerate() {
        let failed = run(example)?.and_then(|findings| match findings.first() {
            Some(finding) => Err(format!("flags “{}” as {}", finding.location.snippet, finding.level)),
            None => Ok(()),
        });
        failures.extend(failed.err().map(|message| failure(rule, "pass", number, example, message)));
    }
    Ok(failures)
}

fn failure(rule: &Rule, list: &str, number: usize, example: &Example, message: String) -> Failure {
    Failure { rule: rule.file.id.clone(), example: format!("{list} {} ({})", number + 1, example.lang), message }
}

fn flagged(rule: &Rule, example: &Example, findings: &[Finding]) -> Result<(), String> {
    let level = example.level.unwrap_or(rule.file.level);
    let Some(finding) = findings.iter().find(|finding| finding.level == level) else {
        return match findings.first() {
            Some(other) => Err(format!("flags “{}” as {}, not as {level}", other.location.snippet, other.level)),
            None => Err("flags nothing".to_owned()),
        };
    };
    match &example.words {
        Some(words) if !finding.location.snippet.contains(words.as_str()) => {
            Err(format!("flags “{}”, not “{words}”", finding.location.snippet))
        }
        _ => Ok(()),
    }
}

/// What the engine finds in an example.
fn check(engine: &Engine, rule: &Rule, example: &Example, scratch: &Path) -> Result<Vec<Finding>, String> {
    let limits = Limits::default();
    match rule.file.subject {
        Subject::Repository => {
            lay_out(example, scratch).map_err(|error| format!("the files can't be laid out: {error}"))?;
            let findings = engine.check_repository(&Repository::read(scratch, &RepositoryLimits::default()));
            fs::remove_dir_all(scratch).map_err(|error| format!("the scratch folder can't be emptied: {error}"))?;
            Ok(findings)
        }
        Subject::Publiccode => {
            let text = example.files.get(FILE_NAME).ok_or_else(|| format!("the example has no {FILE_NAME}"))?;
            let mut file = PubliccodeFile::read(FILE_NAME, text.as_bytes(), &Nowhere);
            if !example.answers.is_empty() {
                let answer = |address: &&str| example.answers.get(*address).copied().unwrap_or(Answer::Status(200));
                file.ask(&|addresses: &[&str]| addresses.iter().map(answer).collect());
            }
            Ok(engine.check_publiccode(&file))
        }
        _ if !example.notice.is_empty() => {
            let format = notice::format_of(example.notice.as_bytes()).ok_or("the notice is of no known format")?;
            let read = notice::read(example.notice.as_bytes(), "example", None, format, &limits);
            if let Some(error) = read.not_read.first() {
                return Err(error.to_string());
            }
            Ok(engine.check_bundle(&[], &read.notices))
        }
        _ => {
            let mut document = document::read(example.text.as_bytes(), "example.md", None, Format::Markdown, &limits)
                .map_err(|error| error.to_string())?;
            document.language = Some(example.lang);
            Ok(engine.check_bundle(&[document], &[]))
        }
    }
}

fn lay_out(example: &Example, root: &Path) -> std::io::Result<()> {
    fs::create_dir_all(root)?;
    for (path, content) in &example.files {
        let file = root.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, content)?;
    }
    Ok(())
}
