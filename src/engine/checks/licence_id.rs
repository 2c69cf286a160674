//! Licence identifiers as they are written: in manifests that want an SPDX expression, and in the tags of files.

use std::collections::{BTreeMap, BTreeSet};

use super::super::found::{Found, in_text};
use super::super::message::Values;
use super::licence::{family, place};
use crate::finding::{Edit, Level, Region, Related};
use crate::licence::{self, Expression, ProblemKind};
use crate::repository::{Declaration, DeclarationKind, PathClass, Repository};

/// Most files that a finding names besides the first.
const MOST_RELATED: usize = 10;

/// Most edits of one finding. Fixing again makes the rest.
const MOST_EDITS: usize = 1_000;

/// Values of manifests that must be SPDX expressions and are none, and deprecated ids.
pub fn in_manifests(repository: &Repository) -> Vec<Found> {
    let declared = repository.declarations.iter().filter(|declaration| {
        let wants_id = matches!(
            declaration.kind,
            DeclarationKind::NpmManifest | DeclarationKind::CargoManifest | DeclarationKind::Composer
        );
        wants_id && declaration.class == PathClass::Source && !is_legal_pointer(&declaration.value)
    });
    let said = Said::of(repository);
    declared
        .filter_map(|declaration| {
            let expression = licence::expression(&declaration.value);
            let worst = expression.problems.iter().map(|problem| problem.kind).max()?;
            let better = said.better(&declaration.value, &expression);
            let deprecated = worst == ProblemKind::Deprecated;
            let mut values = Values::from([("licence", declaration.value.clone())]);
            values.extend(better.iter().map(|(text, _)| ("better", text.clone())));
            let base = better.as_ref().and_then(|(text, _)| text.strip_suffix("-only"));
            values.extend(base.map(|base| ("later", format!("{base}-or-later"))));
            let variant = match (deprecated, &better) {
                (true, Some(_)) if values.contains_key("later") => Some("deprecated-version"),
                (true, Some(_)) => Some("deprecated"),
                (true, None) => Some("deprecated-alone"),
                (false, Some(_)) => Some("known"),
                (false, None) => None,
            };
            let mut found = Found::at(place(repository, declaration), values);
            found.variant = variant;
            found.level = deprecated.then_some(Level::Note);
            // A value with escapes stands in the file otherwise than it was read.
            if found.location.snippet == declaration.value
                && let Some((text, safe)) = better
            {
                found.fix.push(Edit::here(found.location.region, text, safe));
            }
            Some(found)
        })
        .collect()
}

/// What npm and Composer allow besides an expression.
fn is_legal_pointer(value: &str) -> bool {
    value.starts_with("SEE LICEN") || matches!(value, "UNLICENSED" | "proprietary")
}

/// Tags of the project's own files whose identifier is right but for its case, a full stop behind it, or its
/// being deprecated: one finding a value. What is no identifier at all may be text about tags.
pub fn in_tags(repository: &Repository) -> Vec<Found> {
    let said = Said::of(repository);
    let mut by_value: BTreeMap<&str, Vec<&Declaration>> = BTreeMap::new();
    let own_tags = repository.declarations.iter().filter(|declaration| {
        declaration.kind == DeclarationKind::Header
            && matches!(declaration.class, PathClass::Source | PathClass::Test | PathClass::Docs)
    });
    for declaration in own_tags {
        by_value.entry(&declaration.value).or_default().push(declaration);
    }
    by_value.into_iter().filter_map(|(value, tags)| tagged(repository, &said, value, &tags)).collect()
}

fn tagged(repository: &Repository, said: &Said, value: &str, tags: &[&Declaration]) -> Option<Found> {
    let first = tags.first()?;
    let expression = licence::expression(value);
    let worst = expression.problems.iter().map(|problem| problem.kind).max()?;
    if !matches!(worst, ProblemKind::Deprecated | ProblemKind::WrongCase | ProblemKind::TrailingDot) {
        return None;
    }
    let (better, safe) = said.better(value, &expression)?;
    let values = Values::from([
        ("licence", value.to_owned()),
        ("better", better.clone()),
        ("count", tags.len().to_string()),
        ("path", first.path.clone()),
    ]);
    let mut found = Found::at(place(repository, first), values);
    if worst == ProblemKind::Deprecated {
        found.variant = Some("deprecated");
        found.level = Some(Level::Note);
    }
    found.related = tags
        .iter()
        .skip(1)
        .take(MOST_RELATED)
        .map(|tag| Related {
            location: in_text(&tag.path, "", tag.line, tag.column, tag.end_column),
            message: tag.path.clone(),
        })
        .collect();
    found.fix = tags
        .iter()
        .take(MOST_EDITS)
        .map(|tag| Edit { uri: (tag.path != first.path).then(|| tag.path.clone()), ..edit(tag, &better, safe) })
        .collect();
    Some(found)
}

fn edit(tag: &Declaration, text: &str, safe: bool) -> Edit {
    let region =
        Region { start_line: tag.line, start_column: tag.column, end_line: tag.line, end_column: tag.end_column };
    Edit::here(region, text, safe)
}

/// What the repository says with identifiers that are in force, by their family: it tells `-only` and
/// `-or-later` apart where a deprecated identifier does not.
struct Said(BTreeMap<String, BTreeSet<String>>);

impl Said {
    fn of(repository: &Repository) -> Said {
        let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for declaration in repository.declarations.iter().filter(|declaration| declaration.class.is_own()) {
            let expression = licence::expression(&declaration.value);
            if expression.problems.is_empty() {
                for licence in expression.licences() {
                    said.entry(family(&licence.id)).or_default().insert(licence.id.clone());
                }
            }
        }
        Said(said)
    }

    /// How the expression is written rightly, and whether that says the same for certain. `None` where a part of
    /// it is unknown.
    fn better(&self, value: &str, expression: &Expression) -> Option<(String, bool)> {
        let known = |kind: ProblemKind| {
            matches!(
                kind,
                ProblemKind::Deprecated
                    | ProblemKind::WrongCase
                    | ProblemKind::TrailingDot
                    | ProblemKind::Alias
                    | ProblemKind::Operator
                    | ProblemKind::Plus
            )
        };
        if !expression.problems.iter().all(|problem| known(problem.kind)) {
            return None;
        }
        let mut text = expression.to_string();
        let mut safe = expression.problems.iter().all(|problem| problem.kind != ProblemKind::Alias);
        for problem in expression.problems.iter().filter(|problem| problem.kind == ProblemKind::Deprecated) {
            let written = value.get(problem.span.clone())?;
            let replacement = problem.replacement.as_deref()?;
            if !replacement.ends_with("-only") {
                continue;
            }
            // `GPL-3.0` alone leaves open whether later versions are allowed.
            safe = false;
            let ids = self.0.get(&family(replacement)).map(|ids| ids.iter().collect::<Vec<_>>());
            if let Some([only]) = ids.as_deref()
                && !written.ends_with('+')
            {
                text = text.replace(replacement, only);
            }
        }
        (text != value && !text.is_empty()).then_some((text, safe))
    }
}
