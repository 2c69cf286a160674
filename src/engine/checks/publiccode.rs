//! What is wrong with a publiccode.yml: each kind of problem is a variant of the rule of its level.

use super::super::found::{Found, Lines, whole_file};
use super::super::message::Values;
use crate::finding::{FileChange, Level};
use crate::repository::Repository;
use crate::repository::publiccode::{FILE_NAME, PubliccodeFile};

/// What the reference parser rejects.
pub fn invalid(file: &PubliccodeFile) -> Vec<Found> {
    of_level(file, Level::Error)
}

/// What the reference parser warns about.
pub fn deprecated(file: &PubliccodeFile) -> Vec<Found> {
    of_level(file, Level::Warning)
}

/// What could be better.
pub fn advice(file: &PubliccodeFile) -> Vec<Found> {
    of_level(file, Level::Note)
}

fn of_level(file: &PubliccodeFile, level: Level) -> Vec<Found> {
    let problems: Vec<_> = file.problems.iter().filter(|problem| problem.level == level).collect();
    if problems.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(&file.uri, &file.text);
    problems
        .into_iter()
        .map(|problem| {
            let location = lines.place(problem.line, problem.column, problem.end_column);
            let mut found = Found::at(location, Values::from_iter(problem.values.iter().cloned()));
            found.variant = Some(problem.kind);
            found.absence = matches!(problem.kind, "missing" | "missing-if" | "no-items");
            found.properties.insert("key".to_owned(), problem.key.clone().into());
            found.fix.clone_from(&problem.fix);
            found
        })
        .collect()
}

/// A file at the root under a name that directories do not look for, where the right one is missing.
pub fn misnamed(repository: &Repository) -> Vec<Found> {
    let misnamed = repository.facts.publiccode_misnamed();
    misnamed
        .map(|path| {
            let values = Values::from([("name", path.to_owned()), ("expected", FILE_NAME.to_owned())]);
            let location = whole_file(path, &repository.text(path).unwrap_or_default());
            let mut found = Found::at(location, values);
            found.files.push(FileChange::Rename { uri: path.to_owned(), to: FILE_NAME.to_owned(), safe: true });
            found
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::repository::publiccode::KINDS;
    use crate::rule::builtin_rules;

    #[test]
    fn each_kind_of_problem_has_a_message_in_the_rule_of_its_level() {
        for check in ["publiccode-invalid", "publiccode-deprecated", "publiccode-advice"] {
            let rule = builtin_rules().iter().find(|rule| rule.file.check.as_deref() == Some(check));
            let Some(rule) = rule.map(|rule| &rule.file) else { panic!("no rule asks for {check}") };
            let said: BTreeSet<&str> = rule.variants.keys().map(String::as_str).collect();
            let found = KINDS.iter().filter(|(_, level)| *level == rule.level).map(|(kind, _)| *kind);
            assert_eq!(said, found.collect(), "{check}");
        }
    }
}
