//! The straight road: what the user names is opened and read, rules meet it, the policy makes findings count.

use std::path::{Path, PathBuf};

use acquis::document::{Document, Limits, NotRead};
use acquis::engine::{Engine, Options, sort};
use acquis::finding::{Coverage, Finding, Outcome, ReadFile};
use acquis::input::{self, Bundle, Content, NoticeFile, OpenBundle, RepositoryRef, Unit};
use acquis::licence;
use acquis::notice::{self, Notice};
use acquis::policy::Policy;
use acquis::repository::publiccode::{Directory, Nowhere, PubliccodeFile};
use acquis::repository::{Repository, RepositoryLimits};
use miette::{IntoDiagnostic, Result};

use super::notices;
use super::selection::{Frame, Selection};

/// Checks what is selected: the policy and rules that applied, what came of it, and the folder to which its
/// places are relative.
pub fn checked(selection: &Selection) -> Result<(Frame, Outcome, PathBuf)> {
    let root = root_of(selection);
    let frame = selection.rules.frame(std::slice::from_ref(&root))?;
    let options = Options {
        lang: frame.lang,
        profile: frame.policy.profile.unwrap_or_default(),
        jurisdictions: frame.policy.in_force(),
        preview: selection.rules.preview,
        any_purchase: selection.rules.any_purchase,
    };
    let engine = Engine::new(&frame.rules, options).map_err(|error| *error)?;
    let mut outcome = Outcome::default();
    for unit in units(selection)? {
        match unit {
            Unit::Bundle(bundle) => check_bundle(&engine, bundle, &frame.policy, &mut outcome),
            Unit::Repository(repository) => check_repository(&engine, &repository, &mut outcome),
            Unit::Publiccode(file) => check_publiccode(&engine, &file, &mut outcome),
        }
    }
    outcome.coverage.not_read.retain(|part| !frame.policy.excludes(&part.uri));
    sort(&mut outcome.findings);
    let (findings, held_back) = frame.policy.apply(outcome.findings, &frame.cards(), frame.as_of);
    outcome.findings = findings;
    outcome.held_back = held_back;
    Ok((frame, outcome, root))
}

fn units(selection: &Selection) -> Result<Vec<Unit>> {
    let options =
        input::Options { kind: selection.kind.map(Into::into), root: selection.root.clone(), ..Default::default() };
    input::collect(&selection.paths, &options).into_diagnostic()
}

/// Where the policy and the baseline are looked for.
fn root_of(selection: &Selection) -> PathBuf {
    if let Some(root) = &selection.root {
        return root.clone();
    }
    match selection.paths.as_slice() {
        [path] if path.is_dir() => path.clone(),
        [path] => path.parent().unwrap_or(Path::new("")).to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The documents and notices of a bundle, and what is to be said about the reading.
struct Opened {
    documents: Vec<Document>,
    notices: Vec<Notice>,
    coverage: Coverage,
}

fn open(bundle: &Bundle) -> Opened {
    let limits = Limits::default();
    let OpenBundle { documents, notices, read, not_read, skipped: _ } = bundle.open(&limits);
    let mut opened = Opened { documents, notices: Vec::new(), coverage: Coverage { read, not_read } };
    opened.read(&notices, &limits);
    opened
}

impl Opened {
    fn read(&mut self, notice_files: &[NoticeFile], limits: &Limits) {
        for notice_file in notice_files {
            let uri = &notice_file.file.uri;
            let reading = match notice_file.file.bytes(limits) {
                Ok(bytes) => notice::read(&bytes, uri, notice_file.member.as_deref(), notice_file.format, limits),
                Err(not_read) => notice::Reading { not_read: vec![not_read], ..notice::Reading::default() },
            };
            if !reading.notices.is_empty() {
                let parts: usize = reading.notices.iter().map(|notice| notice.document.blocks.len()).sum();
                self.coverage.read.push(ReadFile {
                    uri: uri.clone(),
                    member: notice_file.member.clone(),
                    format: notices::format_name(notice_file.format).to_owned(),
                    parts: u32::try_from(parts).unwrap_or(u32::MAX),
                    remarks: notice::remarks(&reading.notices),
                });
            }
            self.coverage.not_read.extend(reading.notices.iter().flat_map(Notice::unread));
            self.coverage.not_read.extend(reading.not_read);
            self.notices.extend(reading.notices);
        }
    }
}

fn check_bundle(engine: &Engine, mut bundle: Bundle, policy: &Policy, outcome: &mut Outcome) {
    let limits = Limits::default();
    bundle.files.retain(|file| !policy.excludes(&file.uri));
    notices::check_packages(engine, &mut bundle, outcome);
    let OpenBundle { documents, notices: notice_files, read, not_read, skipped: _ } = bundle.open(&limits);
    let mut opened = Opened { documents, notices: Vec::new(), coverage: Coverage { read, not_read } };
    if opened.documents.is_empty() {
        notices::check_files(engine, &notice_files, &limits, outcome);
    } else {
        opened.read(&notice_files, &limits);
        outcome.findings.extend(engine.check_bundle(&opened.documents, &opened.notices));
    }
    outcome.coverage.read.extend(opened.coverage.read);
    outcome.coverage.not_read.extend(opened.coverage.not_read);
}

fn check_repository(engine: &Engine, at: &RepositoryRef, outcome: &mut Outcome) {
    let repository = Repository::read(&at.root, &RepositoryLimits::default());
    let mut findings = engine.check_repository(&repository);
    for finding in &mut findings {
        put_below(finding, &at.prefix);
    }
    outcome.findings.extend(findings);
    for text in &repository.licence_texts {
        if let Some(expression) = licence::expression_of(&text.identification) {
            outcome.licences.insert(format!("{}{}", at.prefix, text.path), expression);
        }
    }
    if !repository.files.is_empty() {
        let name = if at.prefix.is_empty() { "." } else { at.prefix.trim_end_matches('/') };
        outcome.coverage.read.push(ReadFile {
            uri: name.to_owned(),
            member: None,
            format: "repository".to_owned(),
            parts: u32::try_from(repository.files.len()).unwrap_or(u32::MAX),
            remarks: Vec::new(),
        });
    }
    let not_read = repository.not_read.into_iter();
    outcome
        .coverage
        .not_read
        .extend(not_read.map(|part| NotRead { uri: format!("{}{}", at.prefix, part.uri), ..part }));
}

/// Makes the paths of a finding, which are relative to a repository, relative to the root of the check.
fn put_below(finding: &mut Finding, prefix: &str) {
    finding.location.uri.insert_str(0, prefix);
    for related in &mut finding.related {
        related.location.uri.insert_str(0, prefix);
    }
}

fn check_publiccode(engine: &Engine, at: &input::FileRef, outcome: &mut Outcome) {
    let bytes = match at.bytes(&Limits::default()) {
        Ok(bytes) => bytes,
        Err(not_read) => return outcome.coverage.not_read.push(not_read),
    };
    let file = match &at.content {
        Content::Path(path) => {
            let folder = Directory::new(path.parent().unwrap_or(Path::new("")));
            PubliccodeFile::read(&at.uri, &bytes, &folder)
        }
        Content::Bytes(_) => PubliccodeFile::read(&at.uri, &bytes, &Nowhere),
    };
    outcome.findings.extend(engine.check_publiccode(&file));
    outcome.coverage.read.push(ReadFile {
        uri: file.uri,
        member: None,
        format: "publiccode".to_owned(),
        parts: 1,
        remarks: Vec::new(),
    });
}

/// The documents that a file holds: itself, the members of an archive, the texts of notices; and what of it
/// was not read.
pub fn documents_of(path: &Path) -> Result<(Vec<Document>, Vec<NotRead>)> {
    let options = input::Options { kind: Some(input::Kind::Tender), ..Default::default() };
    let mut documents = Vec::new();
    let mut not_read = Vec::new();
    for unit in input::collect(&[path.to_owned()], &options).into_diagnostic()? {
        if let Unit::Bundle(bundle) = unit {
            let opened = open(&bundle);
            documents.extend(opened.documents);
            documents.extend(opened.notices.into_iter().map(|notice| notice.document));
            not_read.extend(opened.coverage.not_read);
        }
    }
    Ok((documents, not_read))
}
