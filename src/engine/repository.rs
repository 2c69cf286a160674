//! Repository rules that are data: signals, packages, files and declared licences by condition.

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::Engine;
use super::found::{Found, in_text, whole_file};
use super::message::Values;
use crate::date::Date;
use crate::finding::{Finding, Level, Related};
use crate::licence::{self, Judgement, LicenceList};
use crate::repository::{Declaration, Evidence, NamedIn, Package, PathClass, Repository, Signal, package_role};
use crate::rule::{Case, Condition, FactTest, Rule, RuleError, RuleFile, Subject};

/// Runs the repository rules with `find`.
pub fn check(engine: &Engine, repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    let as_of = engine.options.as_of;
    for rule in engine.rules(Subject::Repository) {
        let file = &rule.rule.file;
        let Some(condition) = &file.find else { continue };
        if file.unless.iter().any(|unless| holds(unless, repository, as_of)) {
            continue;
        }
        let mut found = places(condition, repository, as_of);
        let case = case_of(file, repository, as_of);
        for place in &mut found {
            place.level = Some(level_in(case, place.level.unwrap_or(file.level)));
        }
        if let Some(draft) = file.scaffold.and_then(|scaffold| scaffold.draft(repository))
            && let Some(first) = found.first_mut()
        {
            first.files.push(draft);
        }
        findings.extend(found.into_iter().filter_map(|found| found.finding(file, &engine.options)));
    }
    findings
}

/// Changes the level of findings in a file of the repository by the cases of their rules: what is wrong with the
/// file by itself may weigh less among all that the repository is.
pub fn apply_cases(engine: &Engine, repository: &Repository, findings: &mut [Finding]) {
    for rule in engine.rules(Subject::Publiccode).map(|rule| &rule.rule.file) {
        let case = case_of(rule, repository, engine.options.as_of);
        for finding in findings.iter_mut().filter(|finding| finding.rule == rule.id) {
            finding.level = level_in(case, finding.level);
        }
    }
}

/// The first case of a rule that holds of the repository.
fn case_of<'r>(rule: &'r RuleFile, repository: &Repository, as_of: Option<Date>) -> Option<&'r Case> {
    rule.cases.iter().find(|case| holds(&case.when, repository, as_of))
}

/// The level that a case gives to what has a level of its own: never a higher one.
fn level_in(case: Option<&Case>, own: Level) -> Level {
    case.map_or(own, |case| case.level.unwrap_or(own).lowered(case.lower).min(own))
}

/// Whether a rule's globs can be read and its lists of licences are there.
///
/// # Errors
/// The first that can't, with its place.
pub fn validate(rule: &Rule, condition: &Condition) -> Result<(), RuleError> {
    for glob in condition.file.iter().flat_map(|test| &test.path) {
        if let Err(error) = Glob::new(glob) {
            return Err(rule.error_at(glob, format!("the glob is broken: {error}"), None));
        }
    }
    for list in condition.licence.iter().flat_map(|test| &test.outside) {
        if LicenceList::named(list).is_none() {
            return Err(rule.error_at(list, format!("there is no list of licences `{list}`"), None));
        }
    }
    let inner = condition.all.iter().chain(&condition.any).chain(condition.not.as_deref());
    inner.into_iter().try_for_each(|condition| validate(rule, condition))
}

/// The places that a condition finds: its first `fact`, `package`, `file` or `licence`, if all else holds.
fn places(condition: &Condition, repository: &Repository, as_of: Option<Date>) -> Vec<Found> {
    let rest_holds = condition.all.iter().all(|c| holds(c, repository, as_of))
        && condition.not.as_ref().is_none_or(|c| !holds(c, repository, as_of));
    if !rest_holds {
        return Vec::new();
    }
    let mut found = facts(condition, repository, as_of);
    found.extend(packages(condition, repository));
    found.extend(files(condition, repository));
    found.extend(declarations(condition, repository));
    found.extend(condition.any.iter().flat_map(|c| places(c, repository, as_of)));
    found
}

fn holds(condition: &Condition, repository: &Repository, as_of: Option<Date>) -> bool {
    let any_place = !places(condition, repository, as_of).is_empty();
    let asks_place = condition.fact.as_ref().is_some_and(|test| !(test.signal.is_empty() && test.file.is_empty()))
        || condition.package.is_some()
        || condition.file.is_some()
        || condition.licence.is_some()
        || !condition.any.is_empty();
    match asks_place {
        true => any_place,
        false => {
            condition.fact.as_ref().is_none_or(|test| is_of_kind(test, repository))
                && condition.all.iter().all(|c| holds(c, repository, as_of))
                && condition.not.as_ref().is_none_or(|c| !holds(c, repository, as_of))
        }
    }
}

fn is_of_kind(test: &FactTest, repository: &Repository) -> bool {
    test.kind.is_empty() || test.kind.iter().any(|kind| kind == repository.facts.kind.as_str())
}

fn facts(condition: &Condition, repository: &Repository, as_of: Option<Date>) -> Vec<Found> {
    let Some(test) = condition.fact.as_ref().filter(|test| is_of_kind(test, repository)) else { return Vec::new() };
    let meant = |signal: &&Signal| {
        test.signal.iter().any(|name| *name == signal.category || *name == signal.kind)
            && test.eased.is_none_or(|eased| signal.eased_by.is_some() == eased)
            && signal.counts(as_of)
    };
    let mut found: Vec<Found> =
        repository.signals.iter().filter(meant).map(|signal| signalled(signal, repository)).collect();
    found.extend(test.file.iter().filter_map(|id| repository.facts.paths(id).first()).map(|path| {
        let location = whole_file(path, &repository.text(path).unwrap_or_default());
        Found::at(location, Values::from([("quote", path.clone())]))
    }));
    found
}

/// A signal as a place: at its first, with what eases it and its further places as related ones.
fn signalled(signal: &Signal, repository: &Repository) -> Found {
    let text = repository.text(&signal.path).unwrap_or_default();
    let mut location = in_text(&signal.path, &text, signal.line, signal.column, signal.end_column);
    if location.snippet.is_empty() {
        location.snippet.clone_from(&signal.snippet);
    }
    let values = Values::from([
        ("subject", signal.subject.clone()),
        ("product", signal.subject.clone()),
        ("vendor", signal.vendor.clone()),
        ("domain", signal.domain.clone()),
        ("instead", signal.instead.clone()),
        ("quote", signal.snippet.clone()),
    ]);
    let mut found = Found::at(location, values);
    found.properties.insert("signal".to_owned(), signal.kind.clone().into());
    found.properties.insert("subject".to_owned(), signal.subject.clone().into());
    found.properties.insert("domain".to_owned(), signal.domain.clone().into());
    if !signal.instead.is_empty() {
        found.properties.insert("instead".to_owned(), signal.instead.clone().into());
    }
    if let Some(way_out) = &signal.eased_by {
        found.level = Some(Level::Note);
        found.variant = Some("eased");
        found.related.push(beside(way_out));
    }
    found.related.extend(signal.also.iter().map(beside));
    found
}

/// Another place of a signal. Its line is named, not shown: there may be a thousand of them.
fn beside(evidence: &Evidence) -> Related {
    let location = in_text(&evidence.path, "", evidence.line, 1, 1);
    Related { location, message: evidence.what.clone() }
}

fn packages(condition: &Condition, repository: &Repository) -> Vec<Found> {
    let Some(test) = &condition.package else { return Vec::new() };
    if !test.role.is_empty() {
        return of_role(&test.role, repository).into_iter().collect();
    }
    let names = globs(&test.name);
    let meant = |package: &&Package| {
        (test.name.is_empty() || names.is_match(&package.name))
            && (test.ecosystem.is_empty() || test.ecosystem.iter().any(|name| name == package.ecosystem.as_str()))
    };
    let packages = repository.packages.iter().filter(|package| package.class.is_own()).filter(meant);
    packages.map(|package| named(package, repository)).collect()
}

fn named(package: &Package, repository: &Repository) -> Found {
    let text = repository.text(&package.path).unwrap_or_default();
    let end = package.column + package.name.chars().count() as u32;
    let location = in_text(&package.path, &text, package.line, package.column, end);
    Found::at(location, Values::from([("product", package.name.clone()), ("quote", package.name.clone())]))
}

/// The first package of one of these roles, with the others as related places.
fn of_role(roles: &[String], repository: &Repository) -> Option<Found> {
    let mut packages = repository.packages.iter().filter(|package| {
        package.named_in == NamedIn::Manifest
            && matches!(package.class, PathClass::Source | PathClass::Test | PathClass::DevTooling)
            && package_role::of(package).any(|role| roles.iter().any(|wanted| wanted == role))
    });
    let mut found = named(packages.next()?, repository);
    found.related = packages
        .take(MOST_RELATED)
        .map(|package| Related {
            location: in_text(&package.path, "", package.line, 1, 1),
            message: package.name.clone(),
        })
        .collect();
    Some(found)
}

/// Most further packages of a role that a finding names.
const MOST_RELATED: usize = 10;

fn files(condition: &Condition, repository: &Repository) -> Vec<Found> {
    let Some(test) = &condition.file else { return Vec::new() };
    let paths = globs(&test.path);
    let files = repository.files.iter().filter(|file| file.class.is_own() && paths.is_match(&file.path));
    files.map(|file| Found::at(whole_file(&file.path, ""), Values::from([("quote", file.path.clone())]))).collect()
}

fn declarations(condition: &Condition, repository: &Repository) -> Vec<Found> {
    let Some(test) = &condition.licence else { return Vec::new() };
    let list = LicenceList::joined(&test.outside);
    let is_outside = |declaration: &&Declaration| {
        let expression = licence::expression(&declaration.value);
        list.as_ref().is_some_and(|list| licence::evaluate(&expression, list) == Judgement::NotOpen)
    };
    let named = repository.declarations.iter().filter(|d| d.class.is_own() && test.id.contains(&d.value));
    named
        .chain(repository.project_declarations().find(is_outside))
        .map(|declaration| {
            let text = repository.text(&declaration.path).unwrap_or_default();
            let location =
                in_text(&declaration.path, &text, declaration.line, declaration.column, declaration.end_column);
            Found::at(location, Values::from([("licence", declaration.value.clone())]))
        })
        .collect()
}

/// Globs that were validated when the rule was compiled; a broken one matches nothing.
fn globs(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in patterns.iter().filter_map(|pattern| Glob::new(pattern).ok()) {
        set.add(glob);
    }
    set.build().unwrap_or_else(|_| GlobSet::empty())
}
