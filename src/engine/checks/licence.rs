//! What a repository's licence is: whether there is one, whether it is open, whether the declarations agree.

use std::collections::BTreeMap;

use super::super::found::{Found, in_text, whole_file};
use super::super::message::Values;
use crate::finding::{Location, Related};
use crate::licence::{self, Judgement};
use crate::repository::{Declaration, DeclarationKind, Repository};

/// No licence text anywhere in the project's own files.
pub fn missing(repository: &Repository) -> Vec<Found> {
    if repository.files.is_empty() || repository.licence_texts.iter().any(|text| text.class.is_own()) {
        return Vec::new();
    }
    let declared = project_declarations(repository).next();
    let location = match declared {
        Some(declaration) => place(repository, declaration),
        None => {
            let path = repository.facts.readme().unwrap_or("README.md");
            whole_file(path, &repository.text(path).unwrap_or_default())
        }
    };
    let licence = declared.map(|declaration| declaration.value.clone()).unwrap_or_default();
    let mut found = Found::at(location, Values::from([("licence", licence)]));
    found.variant = declared.map(|_| "declared");
    found.absence = true;
    vec![found]
}

/// A declaration that no licence list accepts as open.
pub fn not_open(repository: &Repository) -> Vec<Found> {
    project_declarations(repository)
        .filter(|declaration| licence::openness(&licence::expression(&declaration.value)) == Judgement::NotOpen)
        .map(|declaration| {
            Found::at(place(repository, declaration), Values::from([("licence", declaration.value.clone())]))
        })
        .collect()
}

/// Declarations of the project that name different licences: the odd one out, the others related.
pub fn contradictions(repository: &Repository) -> Vec<Found> {
    let mut by_licence: BTreeMap<String, Vec<&Declaration>> = BTreeMap::new();
    for declaration in project_declarations(repository) {
        let expression = licence::expression(&declaration.value);
        if expression.node.is_some() {
            by_licence.entry(family(&expression.to_string())).or_default().push(declaration);
        }
    }
    let Some(most) = by_licence.values().map(Vec::len).max() else { return Vec::new() };
    let usual = by_licence.iter().find(|(_, declared)| declared.len() == most).map(|(licence, _)| licence.clone());
    let Some(usual) = usual.filter(|_| by_licence.len() > 1) else { return Vec::new() };
    let others: Vec<&Declaration> = by_licence.remove(&usual).unwrap_or_default();
    let odd = by_licence.into_values().flatten();
    odd.map(|declaration| {
        let values = Values::from([("licence", declaration.value.clone()), ("other", others[0].value.clone())]);
        let mut found = Found::at(place(repository, declaration), values);
        found.variant = declaration.generator_default.then_some("generator-default");
        found.related = others
            .iter()
            .map(|other| Related { location: place(repository, other), message: other.value.clone() })
            .collect();
        found
    })
    .collect()
}

/// The licence without what a text can't tell: `-only` or `-or-later`.
fn family(expression: &str) -> String {
    expression.replace("-or-later", "").replace("-only", "")
}

/// The declarations that speak for the project as a whole, in order of their path.
fn project_declarations(repository: &Repository) -> impl Iterator<Item = &Declaration> {
    repository.declarations.iter().filter(|declaration| {
        let whole = !matches!(declaration.kind, DeclarationKind::Header | DeclarationKind::ReuseToml);
        whole && declaration.class.is_own() && !declaration.path.contains('/')
    })
}

fn place(repository: &Repository, declaration: &Declaration) -> Location {
    let text = repository.text(&declaration.path).unwrap_or_default();
    in_text(&declaration.path, &text, declaration.line, declaration.column, declaration.end_column)
}
