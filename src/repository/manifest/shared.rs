//! What a manifest says for other files, brought to them when all are read.

use std::collections::HashMap;

use super::super::model::{Package, Scope};
use super::gradle::{self, CatalogueEntry};
use super::{maven, pnpm};

/// What files say for others.
#[derive(Debug, Default)]
pub struct Shared {
    /// Entries of Gradle's version catalogues.
    pub(super) catalogue: Vec<CatalogueEntry>,
    /// What Gradle's build scripts name of them, and for what.
    pub(super) accessors: Vec<(String, Scope)>,
    /// Versions that a pnpm workspace sets for its folders, by the specifier that asks for them and the package.
    pub(super) versions: HashMap<(String, String), String>,
    /// Properties of Maven's poms, by path and name.
    pub(super) properties: HashMap<(String, String), String>,
}

impl Shared {
    /// Adds what another file says, whose packages stand behind so many others.
    pub fn extend(&mut self, other: Shared, packages: usize) {
        self.catalogue.extend(other.catalogue.into_iter().map(|entry| entry.behind(packages)));
        self.accessors.extend(other.accessors);
        self.versions.extend(other.versions);
        self.properties.extend(other.properties);
    }

    /// Completes the packages of all files.
    pub fn settle(&self, packages: &mut [Package]) {
        gradle::settle(packages, &self.catalogue, &self.accessors);
        pnpm::settle(packages, &self.versions);
        maven::settle(packages, &self.properties);
    }
}
