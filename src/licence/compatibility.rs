//! Which licences can't be combined (`rules/knowledge/licence-compatibility.tsv`).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::table::rows;

static INCOMPATIBLE: LazyLock<HashMap<&'static str, HashSet<&'static str>>> = LazyLock::new(|| {
    rows("knowledge/licence-compatibility.tsv")
        .map(|row| (row.get("project"), row.list("dependencies").collect()))
        .collect()
});

/// Whether nothing in the table speaks against a project under one licence using a dependency under the other. Both
/// are ids, with an exception where there is one; what the table does not know is no contradiction.
pub fn are_compatible(project: &str, dependency: &str) -> bool {
    !INCOMPATIBLE.get(project).is_some_and(|dependencies| dependencies.contains(dependency))
}

#[cfg(test)]
mod tests {
    use super::super::facts;
    use super::*;

    #[test]
    fn the_table_answers() {
        for (project, dependency, compatible) in [
            ("MIT", "GPL-3.0-or-later", false),
            ("GPL-3.0-or-later", "MIT", true),
            ("GPL-2.0-only", "Apache-2.0", false),
            ("GPL-3.0-or-later", "Apache-2.0", true),
            ("MIT", "LGPL-2.1-or-later", true),
            ("MIT", "GPL-2.0-only WITH Classpath-exception-2.0", true),
            ("No-Such-Licence", "MIT", true),
        ] {
            assert_eq!(are_compatible(project, dependency), compatible, "{project} {dependency}");
        }
    }

    #[test]
    fn the_table_names_ids() {
        for (project, dependencies) in &*INCOMPATIBLE {
            assert!(dependencies.iter().chain([project]).all(|id| facts(id).is_some()), "{project}");
        }
    }
}
