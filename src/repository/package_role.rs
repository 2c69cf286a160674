//! What a package tells about the project that asks for it (`rules/knowledge/package-roles.tsv`): that it offers
//! an HTTP interface, has a user interface, tests accessibility, makes bills of materials.

use std::sync::LazyLock;

use globset::GlobMatcher;

use super::model::{Ecosystem, Package, Scope};
use super::signal::package_glob;
use crate::builtin;

struct Row {
    role: &'static str,
    ecosystem: Ecosystem,
    names: Vec<GlobMatcher>,
    for_developers: bool,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = builtin::rows(builtin::file("knowledge/package-roles.tsv").unwrap_or_default());
    rows.filter_map(|row| {
        Some(Row {
            role: row.get("role"),
            ecosystem: Ecosystem::from_name(row.get("ecosystem"))?,
            names: row.list("packages").filter_map(package_glob).collect(),
            for_developers: row.get("dev") == "yes",
        })
    })
    .collect()
});

/// The roles of a package.
pub fn of(package: &Package) -> impl Iterator<Item = &'static str> {
    ROWS.iter()
        .filter(|row| {
            row.ecosystem == package.ecosystem
                && (row.for_developers || package.scope != Scope::Dev)
                && row.names.iter().any(|name| name.is_match(&package.name))
        })
        .map(|row| row.role)
}

/// Whether a rule may ask for this role.
pub fn is_known(role: &str) -> bool {
    ROWS.iter().any(|row| row.role == role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_used() {
        let table = builtin::file("knowledge/package-roles.tsv").unwrap_or_default();
        assert_eq!(builtin::rows(table).count(), ROWS.len(), "an ecosystem is unknown");
        for (row, read) in builtin::rows(table).zip(ROWS.iter()) {
            assert_eq!(row.list("packages").count(), read.names.len(), "{}", row.get("packages"));
        }
    }
}
