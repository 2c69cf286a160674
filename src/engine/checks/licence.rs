//! What a repository's licence is: whether there is one, whether it is open, whether the declarations agree
//! with each other and with the text.

use std::collections::{BTreeMap, BTreeSet};

use super::super::found::{Found, in_text, whole_file};
use super::super::message::Values;
use super::licence_text;
use crate::finding::{Location, Related};
use crate::licence::{self, Class, Expression, Judgement, Openness, ProblemKind};
use crate::repository::{Declaration, DeclarationKind, PathClass, Repository, RepositoryKind};

/// No licence text where that of the project would stand. A repository that only points elsewhere has nothing
/// to license.
pub fn missing(repository: &Repository) -> Vec<Found> {
    if repository.facts.kind == RepositoryKind::Stub || repository.licence_texts.iter().any(|text| text.is_of_project())
    {
        return Vec::new();
    }
    let declared = repository.project_declarations().next();
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

/// Most words of a file that is only a notice: the shortest licences have more.
pub(super) const NOTICE_WORDS: usize = 80;

/// A licence file without a licence's text, where no other file of the project has one: a notice that only
/// names the licence, or a text that is none that is known.
pub fn text(repository: &Repository) -> Vec<Found> {
    let texts: Vec<_> = repository.licence_texts.iter().filter(|text| text.is_of_project()).collect();
    if texts.iter().any(|text| text.licences().next().is_some()) {
        return Vec::new();
    }
    // A licence in name only has a rule of its own.
    let unknown = texts.into_iter().filter(|text| licence_text::in_name_only_region(text).is_none()).map(|text| {
        let mut found = Found::at(whole_file(&text.path, text.text()), Values::from([("quote", text.path.clone())]));
        let is_notice = text.text().split_whitespace().count() < NOTICE_WORDS;
        found.variant = is_notice.then_some("notice");
        found
    });
    unknown.collect()
}

/// A declaration, or a licence text of the project, that no licence list accepts as open.
pub fn not_open(repository: &Repository) -> Vec<Found> {
    let declared = repository.project_declarations().filter_map(|declaration| {
        let expression = licence::expression(&declaration.value);
        let mut found = (licence::openness(&expression) == Judgement::NotOpen).then(|| {
            Found::at(place(repository, declaration), Values::from([("licence", declaration.value.clone())]))
        })?;
        found.variant = match expression.licences().first().map(|licence| licence::class(&licence.id)) {
            _ if declaration.generator_default => Some("generator-default"),
            Some(Class::Content) => Some("content"),
            Some(Class::Proprietary) => Some("proprietary"),
            _ => None,
        };
        Some(found)
    });
    let texts = repository.licence_texts.iter().filter(|text| text.is_of_project());
    let texts = texts.filter_map(|text| {
        let (region, facts) = text.licences().find_map(|region| {
            let facts = region.ids.first().and_then(|id| licence::facts(id))?;
            (facts.openness == Openness::NotOpen && facts.class != Class::Proprietary).then_some((region, facts))
        })?;
        let line = u32::try_from(region.first_line).unwrap_or(u32::MAX);
        let location = in_text(&text.path, text.text(), line, 1, 1);
        let mut found = Found::at(location, Values::from([("licence", facts.id.to_owned())]));
        found.variant = Some(if facts.class == Class::Content { "content" } else { "text" });
        Some(found)
    });
    declared.chain(texts).collect()
}

/// A declared licence with the families of the ids that it names.
struct Declared<'r> {
    declaration: &'r Declaration,
    families: BTreeSet<String>,
}

/// Declarations that name another licence than the text of the project or, where no text was recognised, than
/// most other declarations.
pub fn contradictions(repository: &Repository) -> Vec<Found> {
    let texts: BTreeMap<String, &str> = repository
        .licence_texts
        .iter()
        .filter(|text| text.is_of_project())
        .flat_map(|text| text.licences().flat_map(|region| &region.ids).map(|id| (family(id), text.path.as_str())))
        .collect();
    let declared: Vec<Declared> = repository.project_declarations().filter_map(understood).collect();
    let (mut found, agreed) = match texts.is_empty() {
        true => odd_ones(repository, &declared),
        false => against_text(repository, &declared, &texts),
    };
    // What a part of the project declares may be right for it, unless nobody chose it.
    let parts = repository.declarations.iter().filter(|declaration| {
        declaration.generator_default && declaration.class == PathClass::Source && declaration.path.contains('/')
    });
    for part in parts.filter_map(understood) {
        if let Some(agreed) = agreed.iter().next().filter(|_| part.families.is_disjoint(&agreed)) {
            found.push(odd(repository, part.declaration, agreed));
        }
    }
    found
}

/// The declarations that name nothing of what the texts are, and the families of the texts. The README may
/// speak of other licences too: it is wrong only if it does not name the text's at all.
fn against_text(
    repository: &Repository,
    declared: &[Declared],
    texts: &BTreeMap<String, &str>,
) -> (Vec<Found>, BTreeSet<String>) {
    let agreed: BTreeSet<String> = texts.keys().cloned().collect();
    let is_wrong = |declared: &&Declared| declared.families.is_disjoint(&agreed);
    let is_readme = |declared: &&Declared| declared.declaration.kind == DeclarationKind::Readme;
    let readme_agrees = declared.iter().filter(is_readme).any(|declared| !is_wrong(&declared));
    let mut wrong: Vec<&Declared> = declared.iter().filter(|d| is_wrong(d) && !is_readme(d)).collect();
    if !readme_agrees {
        wrong.extend(declared.iter().filter(|d| is_readme(d) && is_wrong(d)).take(1));
    }
    let texts_named = texts.keys().cloned().collect::<Vec<_>>().join(", ");
    let found = wrong.into_iter().map(|declared| {
        let mut found = odd(repository, declared.declaration, &texts_named);
        let related = texts.iter().map(|(licence, path)| Related {
            location: whole_file(path, &repository.text(path).unwrap_or_default()),
            message: licence.clone(),
        });
        found.related.extend(related);
        found
    });
    (found.collect(), agreed)
}

/// The declarations that name another licence than most do, and what most name.
fn odd_ones(repository: &Repository, declared: &[Declared]) -> (Vec<Found>, BTreeSet<String>) {
    let mut by_licence: BTreeMap<&BTreeSet<String>, Vec<&Declared>> = BTreeMap::new();
    for declared in declared {
        by_licence.entry(&declared.families).or_default().push(declared);
    }
    let most = by_licence.values().map(Vec::len).max().unwrap_or_default();
    let Some(usual) = by_licence.iter().find(|(_, declared)| declared.len() == most).map(|(licence, _)| *licence)
    else {
        return (Vec::new(), BTreeSet::new());
    };
    let others = by_licence.remove(usual).unwrap_or_default();
    let named = usual.iter().cloned().collect::<Vec<_>>().join(", ");
    // A README may name another licence for texts and pictures beside that of the code.
    let readme_agrees = others.iter().any(|other| other.declaration.kind == DeclarationKind::Readme);
    let is_odd = |declared: &&Declared| {
        declared.families.is_disjoint(usual) && !(readme_agrees && declared.declaration.kind == DeclarationKind::Readme)
    };
    let found = by_licence.into_values().flatten().filter(is_odd);
    let found = found.map(|declared| {
        let mut found = odd(repository, declared.declaration, &named);
        let related = others.iter().map(|other| Related {
            location: place(repository, other.declaration),
            message: other.declaration.value.clone(),
        });
        found.related.extend(related);
        found
    });
    (found.collect(), usual.clone())
}

fn odd(repository: &Repository, declaration: &Declaration, other: &str) -> Found {
    let values = Values::from([("licence", declaration.value.clone()), ("other", other.to_owned())]);
    let mut found = Found::at(place(repository, declaration), values);
    found.variant = declaration.generator_default.then_some("generator-default");
    found
}

/// The declaration with the families it names; `None` where one of its words is no known licence, or where it
/// only points to a file.
fn understood(declaration: &Declaration) -> Option<Declared<'_>> {
    let expression = expression(declaration);
    let is_vague = expression.problems.iter().any(|problem| {
        matches!(problem.kind, ProblemKind::Unknown | ProblemKind::Syntax)
            || (problem.kind == ProblemKind::Alias && problem.replacement.is_none())
    });
    let families: BTreeSet<String> = expression.licences().iter().map(|licence| family(&licence.id)).collect();
    (!is_vague && !families.is_empty()).then_some(Declared { declaration, families })
}

/// The expression of a declaration; of a trove classifier its last part.
fn expression(declaration: &Declaration) -> Expression {
    let value = match declaration.kind {
        DeclarationKind::Classifier => declaration.value.rsplit(" :: ").next().unwrap_or(&declaration.value),
        _ => &declaration.value,
    };
    licence::expression(value)
}

/// The licence without what a text can't tell: `-only` or `-or-later`.
pub(super) fn family(id: &str) -> String {
    id.trim_end_matches('+').replace("-or-later", "").replace("-only", "")
}

pub(super) fn place(repository: &Repository, declaration: &Declaration) -> Location {
    let text = repository.text(&declaration.path).unwrap_or_default();
    in_text(&declaration.path, &text, declaration.line, declaration.column, declaration.end_column)
}
