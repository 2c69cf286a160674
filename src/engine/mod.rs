//! The engine: rules meet subjects, findings come out.
//!
//! Rules are compiled once ([`Engine::new`]); then each subject is checked by itself. The engine knows no file
//! formats and no reports.

mod bundle;
mod candidate;
mod checks;
mod compile;
mod document;
mod found;
mod genre;
mod jurisdiction;
mod locate;
mod message;
mod notice;
mod repository;
mod standards;
mod test;
mod translation;

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::date::Date;
use crate::document::Document;
use crate::finding::Finding;
use crate::lang::Lang;
use crate::language::{self, Genre, Reading};
use crate::notice::{Notice, Scope};
use crate::repository::Repository;
use crate::repository::publiccode::PubliccodeFile;
use crate::rule::{Maturity, Profile, Rule, RuleCard, RuleError, Subject};

use compile::Compiled;
use standards::Purchase;

pub use found::{Found, in_text, whole_file};
pub use genre::CHECK as NO_PROCUREMENT;
pub use message::Values;

/// What the engine is asked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Language of messages.
    pub lang: Lang,
    pub profile: Profile,
    /// Rules that run in whatever profile: the policy gives them a level.
    pub asked: BTreeSet<String>,
    /// Codes of the jurisdictions in force (`eu`, `fr` …).
    pub jurisdictions: Vec<String>,
    /// Nobody named a jurisdiction: what the documents tell of it decides which lists of standards apply.
    pub infer_jurisdiction: bool,
    /// Level of government that buys (`federal`, `land`, `municipal`), where it is known.
    pub buyer: Option<String>,
    /// Apply laws and lists of standards as they stood on this day; as they stand where none is given.
    pub as_of: Option<Date>,
    /// Run preview rules too.
    pub preview: bool,
    /// Judge documents as those of a procurement whether they read like it or not.
    pub any_document: bool,
    /// Judge notices too that buy no information technology by their CPV codes.
    pub any_purchase: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            lang: Lang::EN,
            profile: Profile::Buyer,
            asked: BTreeSet::new(),
            jurisdictions: vec!["eu".to_owned()],
            infer_jurisdiction: false,
            buyer: None,
            as_of: None,
            preview: false,
            any_document: false,
            any_purchase: false,
        }
    }
}

/// Compiled rules.
pub struct Engine {
    options: Options,
    rules: Vec<Compiled>,
}

impl Engine {
    /// Compiles the rules that the options let run.
    ///
    /// # Errors
    /// A cell that the lexicon does not have, a broken regular expression, an unknown check …, with the place
    /// in the rule's file.
    pub fn new<'r>(rules: impl IntoIterator<Item = &'r Rule>, options: Options) -> Result<Engine, RuleError> {
        let runs = |rule: &&Rule| {
            let file = &rule.file;
            (options.preview || file.maturity == Maturity::Stable)
                && (file.profiles.is_empty()
                    || file.profiles.contains(&options.profile)
                    || options.asked.contains(&file.id))
                && (file.jurisdictions.is_empty()
                    || file.jurisdictions.iter().any(|code| options.jurisdictions.contains(code)))
        };
        let rules =
            rules.into_iter().filter(runs).map(|rule| Compiled::new(rule, options.as_of)).collect::<Result<_, _>>()?;
        Ok(Engine { options, rules })
    }

    /// The cards of the rules that run, by id.
    pub fn cards(&self) -> Vec<RuleCard> {
        self.rules.iter().map(|rule| rule.rule.card(self.options.lang, &self.options.jurisdictions)).collect()
    }

    fn rules(&self, subject: Subject) -> impl Iterator<Item = &Compiled> {
        self.rules.iter().filter(move |rule| rule.rule.file.subject == subject)
    }

    /// Checks what belongs to one procurement: each document and notice by itself, and all together.
    ///
    /// Findings are sorted by file, line, column and rule.
    pub fn check_bundle(&self, documents: &[Document], notices: &[Notice]) -> Vec<Finding> {
        let notices: Vec<&Notice> = notices.iter().filter(|notice| self.is_in_scope(notice)).collect();
        let readings = Engine::read(documents, &notices);
        let locators = locate::all(&readings, self.options.lang);
        let mut findings = translation::fold(document::check(self, &readings, &locators));
        let genre = match self.options.any_document || !notices.is_empty() {
            true => Genre::Procurement,
            false => language::genre_of(&readings),
        };
        if genre == Genre::Other {
            genre::lower(&mut findings, "ordinary", self.options.lang);
            findings.extend(genre::told(self, &readings, &locators));
        } else {
            let mut missing = bundle::check(self, &readings, &locators);
            let purchase =
                Purchase { readings: &readings, notices: &notices, locators: &locators, options: &self.options };
            missing.extend(self.checked_together(&purchase));
            if genre == Genre::InPassing {
                genre::lower(&mut missing, "in-passing", self.options.lang);
            }
            findings.extend(missing);
        }
        for (notice, reading) in notices.iter().zip(&readings[documents.len()..]) {
            findings.extend(notice::check(self, notice, reading));
            findings.extend(self.checked(Subject::Notice, checks::NOTICE, *notice));
            findings.iter_mut().for_each(|finding| notice::describe(finding, notice));
        }
        jurisdiction::tell(&mut findings, &readings, &notices, &self.options);
        sort(&mut findings);
        findings
    }

    /// Reads the documents, then the texts of the notices.
    fn read<'d>(documents: &'d [Document], notices: &[&'d Notice]) -> Vec<Reading<'d>> {
        let texts = documents.iter().map(|document| (document, None));
        let notice_texts = notices.iter().map(|notice| (&notice.document, Some(*notice)));
        let all: Vec<_> = texts.chain(notice_texts).collect();
        all.into_par_iter().map(|(document, notice)| language::read(document, notice)).collect()
    }

    /// Whether a notice is judged: it buys information technology by its CPV codes, or all are asked for.
    pub fn is_in_scope(&self, notice: &Notice) -> bool {
        self.options.any_purchase || notice.scope() > Scope::Outside
    }

    /// Checks a repository. Findings are sorted by file, line, column and rule.
    pub fn check_repository(&self, repository: &Repository) -> Vec<Finding> {
        let mut findings = repository::check(self, repository);
        findings.extend(self.checked(Subject::Repository, checks::REPOSITORY, repository));
        if let Some(file) = &repository.publiccode {
            let mut of_file = self.checked(Subject::Publiccode, checks::PUBLICCODE, file);
            repository::apply_cases(self, repository, &mut of_file);
            findings.extend(of_file);
        }
        sort(&mut findings);
        findings
    }

    /// Checks a publiccode.yml by itself. Findings are sorted by line, column and rule.
    pub fn check_publiccode(&self, file: &PubliccodeFile) -> Vec<Finding> {
        let mut findings = self.checked(Subject::Publiccode, checks::PUBLICCODE, file);
        sort(&mut findings);
        findings
    }

    /// Runs the rules about all documents of a purchase whose check is written in Rust.
    fn checked_together(&self, purchase: &Purchase<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for rule in self.rules(Subject::Bundle).map(|rule| &rule.rule.file) {
            let Some(name) = &rule.check else { continue };
            if let Some((_, check)) = checks::BUNDLE.iter().find(|(known, _)| known == name) {
                findings.extend(check(purchase).into_iter().filter_map(|found| found.finding(rule, &self.options)));
            }
        }
        findings
    }

    /// Runs the rules of a subject whose check is written in Rust.
    fn checked<T>(&self, kind: Subject, checks: &checks::Checks<T>, subject: &T) -> Vec<Finding> {
        let mut findings = Vec::new();
        for rule in self.rules(kind).map(|rule| &rule.rule.file) {
            let Some(name) = &rule.check else { continue };
            if let Some((_, check)) = checks.iter().find(|(known, _)| known == name) {
                findings.extend(check(subject).into_iter().filter_map(|found| found.finding(rule, &self.options)));
            }
        }
        findings
    }
}

/// By file, line, column, rule: the order of every report.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
}

fn key(finding: &Finding) -> (Cow<'_, str>, Option<&str>, crate::finding::Region, &str) {
    let location = &finding.location;
    (Cow::Borrowed(&location.uri), location.member.as_deref(), location.region, &finding.rule)
}
