//! `acquis check https://…`: the repository is fetched first, then checked like any other folder.

use miette::Result;

use super::road::Road;
use super::selection::Selection;

/// What fetching gave.
#[derive(Default)]
pub struct Fetched {
    #[cfg(feature = "forge")]
    clone: Option<acquis::forge::Clone>,
    not_read: Vec<acquis::document::NotRead>,
}

impl Fetched {
    /// Has the report say where the repository came from, or that it did not come.
    pub fn tell(&self, road: &mut Road) {
        #[cfg(feature = "forge")]
        {
            road.origin = self.clone.as_ref().map(|clone| clone.origin.clone());
        }
        road.not_read.clone_from(&self.not_read);
    }
}

/// Fetches the address that the selection names, if it names one, and selects the folder instead.
///
/// # Errors
/// An address that can't be one, and one beside other paths.
#[cfg(feature = "forge")]
pub fn fetch(selection: &mut Selection) -> Result<Fetched> {
    use acquis::forge::{Bounds, Clone, CloneError, Remote};
    use acquis::report::without_controls;
    use miette::miette;

    let Some(path) = selection.paths.iter().find(|path| Remote::is_meant(path)) else { return Ok(Fetched::default()) };
    if selection.paths.len() > 1 || selection.root.is_some() {
        return Err(miette!("a repository that is fetched is checked by itself: name its address only"));
    }
    let wrong = |error: CloneError| miette!(help = error.remedy().to_string(), "{error}");
    let remote = Remote::parse(&path.to_string_lossy()).map_err(wrong)?;
    selection.paths.clear();
    match Clone::fetch(&remote, Bounds::default()) {
        Ok(clone) => {
            selection.paths.push(clone.path());
            Ok(Fetched { clone: Some(clone), not_read: Vec::new() })
        }
        Err(error) => {
            let uri = without_controls(&remote.url).into_owned();
            let not_read = error.not_read(&uri);
            Ok(Fetched { clone: None, not_read: vec![not_read] })
        }
    }
}

/// A build that opens no connection fetches nothing.
#[cfg(not(feature = "forge"))]
pub fn fetch(selection: &mut Selection) -> Result<Fetched> {
    let is_address = |path: &std::path::PathBuf| path.to_string_lossy().contains("://");
    match selection.paths.iter().find(|path| is_address(path)) {
        Some(_) => Err(miette::miette!(
            help = "clone the repository and check its folder",
            "this build of acquis opens no connections"
        )),
        None => Ok(Fetched::default()),
    }
}
