//! What the licences of dependencies mean for the project: terms that are not open, and licences that can't be
//! combined with its own.
//!
//! The licences are those that lockfiles and bills of materials give, and the texts that were copied in with
//! somebody else's code. What contradicts what is data: `rules/knowledge/licence-compatibility.tsv`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::found::{Found, in_text, whole_file};
use super::super::message::Values;
use crate::finding::{Level, Location, Related};
use crate::licence::{self, Class, Expression, Judgement, Licence, LicenceList, ListKind, Openness, are_compatible};
use crate::repository::{Package, PathClass, Repository, Scope};

/// Most packages that a finding names besides the first.
const MOST_RELATED: usize = 20;

/// Dependencies under terms that are not open: one finding a licence.
pub fn not_open(repository: &Repository) -> Vec<Found> {
    let mut by_licence: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
    for (package, expression) in licensed(repository) {
        if licence::openness(&expression) == Judgement::NotOpen {
            by_licence.entry(expression.to_string()).or_default().push(package);
        }
    }
    let mut found: Vec<Found> = by_licence
        .into_iter()
        .map(|(licence, packages)| {
            let mut found = of_packages(repository, &packages, Values::from([("licence", licence.clone())]));
            found.variant = is_content(&licence::expression(&licence)).then_some("content");
            found
        })
        .collect();
    found.extend(bundled(repository));
    found
}

/// Licence texts of somebody else's code in the repository that are not open.
fn bundled(repository: &Repository) -> impl Iterator<Item = Found> {
    let texts = repository.licence_texts.iter().filter(|text| text.class == PathClass::Vendored);
    texts.filter_map(|text| {
        let not_open = |id: &&&str| licence::facts(id).is_some_and(|facts| facts.openness == Openness::NotOpen);
        // Rights that someone reserves beside a licence say nothing.
        let region = text.licences().find(|region| region.ids.iter().any(|id| not_open(&id)))?;
        let id = region.ids.iter().find(not_open)?;
        if licence::class(id) == Class::Proprietary && text.licences().count() > 1 {
            return None;
        }
        let values = Values::from([("licence", (*id).to_owned()), ("package", text.path.clone())]);
        let mut found = Found::at(whole_file(&text.path, text.text()), values);
        found.variant = Some("bundled");
        Some(found)
    })
}

/// Dependencies whose licence can't be combined with the project's: one finding a licence, at note level, since
/// whether the two are combined at all depends on how the program is put together.
pub fn incompatible(repository: &Repository) -> Vec<Found> {
    let project = project_ids(repository);
    if project.is_empty() {
        return Vec::new();
    }
    let mut by_licence: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
    for (package, expression) in licensed(repository) {
        let judge = |dependency: &Licence| match project.iter().any(|one| fits(one, &dependency.to_string())) {
            true => Judgement::Open,
            false => Judgement::NotOpen,
        };
        if expression.node.as_ref().is_some_and(|node| node.judge(&judge) == Judgement::NotOpen) {
            by_licence.entry(expression.to_string()).or_default().push(package);
        }
    }
    let named = project.iter().copied().collect::<Vec<_>>().join(" / ");
    by_licence
        .into_iter()
        .map(|(licence, packages)| {
            let values = Values::from([("licence", licence), ("other", named.clone())]);
            let mut found = of_packages(repository, &packages, values);
            found.level = Some(Level::Note);
            found
        })
        .collect()
}

/// Whether nothing speaks against a dependency under that licence; the project's licence may itself allow the whole
/// to be passed on under the dependency's (EUPL, article 5).
fn fits(project: &str, dependency: &str) -> bool {
    let appendix = || LicenceList::built_in().iter().filter(|list| list.kind == ListKind::Compatible);
    are_compatible(project, dependency)
        || appendix()
            .any(|list| list.name.starts_with(&project.to_ascii_lowercase()) && list.accepts(dependency, false))
}

/// The ids that the project's own licence texts can be; empty where there are several texts, since then it is
/// unclear which part the dependency is combined with.
fn project_ids(repository: &Repository) -> BTreeSet<&'static str> {
    let mut texts = repository.licence_texts.iter().filter(|text| text.is_of_project()).flat_map(|t| t.licences());
    match (texts.next(), texts.next()) {
        (Some(only), None) => only.ids.iter().copied().collect(),
        _ => BTreeSet::new(),
    }
}

/// The packages of the running program with a licence that is understood.
fn licensed(repository: &Repository) -> impl Iterator<Item = (&Package, Expression)> {
    let packages = repository.packages.iter().filter(|package| {
        matches!(package.scope, Scope::Runtime | Scope::Optional) && package.class == PathClass::Source
    });
    packages.filter_map(|package| {
        let expression = licence::expression(package.licence.as_deref()?);
        expression.node.is_some().then_some((package, expression))
    })
}

fn is_content(expression: &Expression) -> bool {
    expression.licences().iter().all(|licence| licence::class(&licence.id) == Class::Content)
}

/// A finding at the first of the packages, with the others as further places.
fn of_packages(repository: &Repository, packages: &[&Package], mut values: Values) -> Found {
    let mut names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    values.insert("package", packages[0].name.clone());
    values.insert("count", names.len().to_string());
    let mut found = Found::at(place(repository, packages[0]), values);
    let others = packages[1..].iter().take(MOST_RELATED);
    found.related =
        others.map(|package| Related { location: place(repository, package), message: package.name.clone() }).collect();
    found
}

fn place(repository: &Repository, package: &Package) -> Location {
    let text = repository.text(&package.path).unwrap_or_default();
    in_text(&package.path, &text, package.line, package.column, package.column)
}
