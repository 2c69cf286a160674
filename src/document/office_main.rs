//! The main part of an Office Open XML package (ECMA-376 part 2): found through the package's relations, read
//! with the relations of its own.

use super::docx::relations::{self, Relations};
use super::limits::Limits;
use super::model::NotRead;
use super::package::{Package, PackageFault};
use super::xml::{self, XmlFault};
use crate::saying::say;

/// The main part: a workbook, a presentation.
pub(super) struct MainPart {
    /// Path in the package.
    path: String,
    pub text: String,
    pub relations: Relations,
}

impl MainPart {
    /// Reads the main part of a package; `usual` is its path where the package names none.
    ///
    /// # Errors
    /// [`NotRead`] where the part is missing or can't be unpacked.
    pub fn read(
        package: &mut Package<'_>,
        usual: &str,
        uri: &str,
        member: Option<&str>,
        limits: &Limits,
    ) -> Result<MainPart, NotRead> {
        let fault = |fault: PackageFault| fault.not_read(uri, member);
        let root = text(package, "_rels/.rels").map_err(fault)?.unwrap_or_default();
        let path = path_in(&root, usual, limits.depth);
        let Some(main) = text(package, &path).map_err(fault)? else {
            return Err(NotRead::new(uri, member, say!("no-main-part", path = &path), say!("do-save-again")));
        };
        let links = text(package, &relations::path_of(&path)).map_err(fault)?.unwrap_or_default();
        let relations = Relations::read(&links, relations::folder_of(&path), limits.depth);
        Ok(MainPart { path, text: main, relations })
    }

    /// The document is not read because its main part is no sound XML.
    pub fn broken(&self, error: &XmlFault, uri: &str, member: Option<&str>) -> NotRead {
        NotRead::new(uri, member, say!("part-fault", part = &self.path, fault = error.said()), say!("do-save-again"))
    }
}

/// The path of the main part, which the package's relations name; `usual` where they name none.
pub(super) fn path_in(relations: &str, usual: &str, depth: usize) -> String {
    let relations = Relations::read(relations, "", depth);
    relations.of_type("officeDocument").next().unwrap_or(usual).to_owned()
}

/// The text of a part; `None` where the package has none of that name.
pub(super) fn text(package: &mut Package<'_>, path: &str) -> Result<Option<String>, PackageFault> {
    Ok(package.part(path)?.map(|bytes| xml::decode(&bytes).into_owned()))
}
