//! The straight road: what the user names is opened and read, rules meet it, the policy makes findings count.

use std::path::{Path, PathBuf};

use acquis::document::{Document, Limits, NotRead};
use acquis::engine::{Engine, Options};
use acquis::finding::{Coverage, FileChange, Finding, Origin, Outcome, ReadFile};
use acquis::input::{self, Bundle, Content, NoticeFile, OpenBundle, RepositoryRef, Unit};
use acquis::licence;
use acquis::notice::{self, Notice, NoticeGroup};
use acquis::policy::{Policy, Sieve};
use acquis::repository::publiccode::{Ask, Directory, Nowhere, PubliccodeFile};
use acquis::repository::{Repository, RepositoryLimits, checklist};
use acquis::rule::RuleCard;
use acquis::saying::Saying;
use acquis::standards::Standards;
use miette::{IntoDiagnostic, Result};

use super::notices;
use super::selection::{Frame, Kind, Selection};

/// What is to be checked, and by which rules: everything is found and compiled, and nothing is read yet.
pub struct Road {
    pub frame: Frame,
    /// The folder to which places are relative.
    pub root: PathBuf,
    /// The rules as reports show them.
    pub cards: Vec<RuleCard>,
    /// Where the repository was fetched from.
    pub origin: Option<Origin>,
    /// Whether what no program can judge of a repository is reported.
    pub checklist: bool,
    /// What is known beforehand not to be read.
    pub not_read: Vec<NotRead>,
    engine: Engine,
    /// How the addresses in publiccode.yml are asked; without it they are not.
    ask: Option<Box<Ask<'static>>>,
    units: Vec<Unit>,
}

impl Road {
    /// # Errors
    /// A policy or rule file that is wrong, a path that is not there.
    pub fn new(selection: &Selection) -> Result<Road> {
        let root = root_of(selection);
        let frame = selection.rules.frame(std::slice::from_ref(&root))?;
        let options = Options {
            lang: frame.lang,
            profile: frame.policy.profile.unwrap_or_default(),
            asked: frame.policy.asked(),
            jurisdictions: frame.policy.in_force(),
            infer_jurisdiction: frame.policy.jurisdictions.is_empty(),
            buyer: frame.policy.buyer.map(|buyer| buyer.as_str().to_owned()),
            as_of: Some(frame.as_of),
            preview: selection.rules.preview,
            any_document: matches!(selection.kind, Some(super::selection::Kind::Tender)),
            any_purchase: selection.rules.any_purchase,
        };
        let engine = Engine::new(&frame.rules, options).map_err(|error| *error)?;
        let cards = frame.cards();
        let units = units(&selection.paths, selection.root.clone(), selection.kind)?;
        let ask = selection.rules.asking();
        Ok(Road { frame, root, cards, origin: None, checklist: false, not_read: Vec::new(), engine, ask, units })
    }

    /// Walks the road. `take` gets what the policy leaves of the findings as they come: unit by unit, those of a
    /// unit by file, line, column and rule; of notices that stand alone, notice by notice. The outcome has all but
    /// the findings.
    pub fn walk(&mut self, take: &mut dyn FnMut(Vec<Finding>)) -> Outcome {
        let units = std::mem::take(&mut self.units);
        let mut outcome = self.walk_over(units, take);
        outcome.origin = self.origin.take();
        let not_read = self.not_read.drain(..).filter(|part| !self.frame.policy.excludes(&part.uri));
        outcome.coverage.not_read.extend(not_read);
        if self.checklist && outcome.coverage.read.iter().any(|file| file.format == "repository") {
            outcome.checklist = checklist::items(self.frame.lang);
        }
        outcome
    }

    /// All findings in other paths, by the same rules and policy.
    ///
    /// # Errors
    /// A path that is not there.
    pub fn findings_in(&self, paths: &[PathBuf], root: Option<PathBuf>, kind: Option<Kind>) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        self.walk_over(units(paths, root, kind)?, &mut |part| findings.extend(part));
        Ok(findings)
    }

    fn walk_over(&self, units: Vec<Unit>, take: &mut dyn FnMut(Vec<Finding>)) -> Outcome {
        let policy = &self.frame.policy;
        let mut check = Check {
            engine: &self.engine,
            ask: self.ask.as_deref(),
            policy,
            sieve: Sieve::new(policy, &self.cards, self.frame.as_of),
            outcome: Outcome::default(),
            take,
        };
        for unit in units {
            match unit {
                Unit::Bundle(bundle) => check.bundle(bundle),
                Unit::Repository(repository) => check.repository(&repository),
                Unit::Publiccode(file) => check.publiccode(&file),
            }
        }
        let Check { sieve, mut outcome, .. } = check;
        outcome.coverage.not_read.retain(|part| !policy.excludes(&part.uri));
        outcome.held_back = sieve.held_back();
        outcome
    }

    /// The standards of each procurement by its path, and what was read. Repositories and publiccode.yml buy
    /// nothing and are passed over.
    pub fn standards(&mut self) -> (Vec<(String, Standards)>, Coverage) {
        let policy = &self.frame.policy;
        let mut procurements = Vec::new();
        let mut coverage = Coverage::default();
        for unit in self.units.drain(..) {
            let Unit::Bundle(mut bundle) = unit else { continue };
            bundle.files.retain(|file| !policy.excludes(&file.uri));
            let opened = open(&bundle);
            if !opened.documents.is_empty() || !opened.notices.is_empty() {
                procurements.push((bundle.uri, self.engine.standards(&opened.documents, &opened.notices)));
            }
            coverage.read.extend(opened.coverage.read);
            coverage.not_read.extend(opened.coverage.not_read);
        }
        coverage.not_read.retain(|part| !policy.excludes(&part.uri));
        (procurements, coverage)
    }
}

/// Checks what is selected, with all findings in the outcome.
pub fn checked(selection: &Selection) -> Result<(Frame, Outcome, PathBuf)> {
    let mut road = Road::new(selection)?;
    let mut findings = Vec::new();
    let outcome = road.walk(&mut |part| findings.extend(part));
    Ok((road.frame, Outcome { findings, ..outcome }, road.root))
}

fn units(paths: &[PathBuf], root: Option<PathBuf>, kind: Option<Kind>) -> Result<Vec<Unit>> {
    let options = input::Options { kind: kind.map(Into::into), root, ..Default::default() };
    input::collect(paths, &options).into_diagnostic()
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
    let mut opened =
        Opened { documents, notices: Vec::new(), coverage: Coverage { read, not_read, ..Coverage::default() } };
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

/// A check under way.
pub struct Check<'a> {
    pub engine: &'a Engine,
    ask: Option<&'a Ask<'static>>,
    policy: &'a Policy,
    sieve: Sieve<'a>,
    /// Gets no findings: they go to `take`.
    pub outcome: Outcome,
    take: &'a mut dyn FnMut(Vec<Finding>),
}

impl Check<'_> {
    /// Hands on all findings of some files, with the notices among them.
    pub fn found(
        &mut self,
        findings: Vec<Finding>,
        mut notices: Vec<NoticeGroup>,
        of: impl Fn(usize, &Finding) -> bool,
    ) {
        let findings = self.sieve.apply(findings);
        for (number, notice) in notices.iter_mut().enumerate() {
            let own = findings.iter().filter(|finding| of(number, finding));
            notice.found(&own.map(|finding| finding.rule.as_str()).collect());
        }
        notices.into_iter().for_each(|notice| self.outcome.coverage.notices.add(notice));
        (self.take)(findings);
    }

    fn bundle(&mut self, mut bundle: Bundle) {
        let limits = Limits::default();
        bundle.files.retain(|file| !self.policy.excludes(&file.uri));
        notices::check_packages(self, &mut bundle);
        let OpenBundle { documents, notices: notice_files, read, not_read, skipped: _ } = bundle.open(&limits);
        let coverage = Coverage { read, not_read, ..Coverage::default() };
        let mut opened = Opened { documents, notices: Vec::new(), coverage };
        if opened.documents.is_empty() {
            notices::check_files(self, &notice_files, &limits);
        } else {
            opened.read(&notice_files, &limits);
            let findings = self.engine.check_bundle(&opened.documents, &opened.notices);
            let notices = opened.notices.iter().map(|notice| NoticeGroup::of(notice, self.engine.is_in_scope(notice)));
            self.found(findings, notices.collect(), |number, finding| opened.notices[number].is_of(&finding.location));
        }
        self.outcome.coverage.read.extend(opened.coverage.read);
        self.outcome.coverage.not_read.extend(opened.coverage.not_read);
    }

    fn repository(&mut self, at: &RepositoryRef) {
        let mut repository = Repository::read(&at.root, &RepositoryLimits::default());
        if let Some(file) = &mut repository.publiccode {
            self.ask(file, &at.prefix);
        }
        let mut findings = self.engine.check_repository(&repository);
        for finding in &mut findings {
            put_below(finding, &at.prefix);
        }
        self.found(findings, Vec::new(), |_, _| false);
        let outcome = &mut self.outcome;
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
                remarks: vec![Saying::verbatim(repository.facts.kind.as_str())],
            });
        }
        let not_read = repository.not_read.into_iter();
        outcome
            .coverage
            .not_read
            .extend(not_read.map(|part| NotRead { uri: format!("{}{}", at.prefix, part.uri), ..part }));
    }

    /// Has the addresses of a file asked, where that is wanted and the policy does not leave the file out.
    fn ask(&self, file: &mut PubliccodeFile, prefix: &str) {
        if let Some(ask) = self.ask.filter(|_| !self.policy.excludes(&format!("{prefix}{}", file.uri))) {
            file.ask(ask);
        }
    }

    fn publiccode(&mut self, at: &input::FileRef) {
        let bytes = match at.bytes(&Limits::default()) {
            Ok(bytes) => bytes,
            Err(not_read) => return self.outcome.coverage.not_read.push(not_read),
        };
        let mut file = match &at.content {
            Content::Path(path) => {
                let folder = Directory::new(path.parent().unwrap_or(Path::new("")));
                PubliccodeFile::read(&at.uri, &bytes, &folder)
            }
            Content::Bytes(_) => PubliccodeFile::read(&at.uri, &bytes, &Nowhere),
        };
        self.ask(&mut file, "");
        self.found(self.engine.check_publiccode(&file), Vec::new(), |_, _| false);
        self.outcome.coverage.read.push(ReadFile {
            uri: file.uri,
            member: None,
            format: "publiccode".to_owned(),
            parts: 1,
            remarks: Vec::new(),
        });
    }
}

/// Makes the paths of a finding, which are relative to a repository, relative to the root of the check.
fn put_below(finding: &mut Finding, prefix: &str) {
    finding.location.uri.insert_str(0, prefix);
    for related in &mut finding.related {
        related.location.uri.insert_str(0, prefix);
    }
    for uri in finding.fix.iter_mut().filter_map(|edit| edit.uri.as_mut()) {
        uri.insert_str(0, prefix);
    }
    for change in &mut finding.files {
        match change {
            FileChange::Create { uri, .. } => uri.insert_str(0, prefix),
            FileChange::Rename { uri, to, .. } => {
                uri.insert_str(0, prefix);
                to.insert_str(0, prefix);
            }
        }
    }
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
