//! Folders that hold somebody else's project, though no name says so.
//!
//! A library copied into `assets/` or `static/` brings its own package.json, bower.json or composer.json
//! along. It is somebody else's where that manifest names another source repository than the project's own,
//! or carries the marks that an installer leaves, and the project does not count it among its workspaces.

use std::collections::BTreeMap;

use super::json;

/// What the manifest of a folder says about where the folder's content comes from.
pub struct Origin {
    /// The manifest's folder, `/` at the end; empty for the root.
    pub folder: String,
    /// `owner/name` of the repository it names, lower case.
    repository: Option<String>,
    /// Marks of an installer (`_resolved`, `_id`, `_from`), or a manifest of Bower.
    is_installed: bool,
    /// Whether it is the root of workspaces.
    has_workspaces: bool,
}

/// File names that can tell an origin.
pub fn can_tell(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("package.json" | "bower.json" | "component.json" | "composer.json"))
}

/// Reads the origin from a manifest's text. `None` where it is no JSON object.
pub fn origin(path: &str, text: &str) -> Option<Origin> {
    let root = json::parse(text).ok()?;
    let folder = path.rfind('/').map_or(String::new(), |end| path[..=end].to_owned());
    let repository = root.get("repository").or_else(|| root.get("homepage")).or_else(|| root.get("support"));
    let url = repository.and_then(|node| {
        let inner = node.get("url").or_else(|| node.get("source")).unwrap_or(node);
        inner.as_str().and_then(slug)
    });
    let is_installed = ["_resolved", "_id", "_from", "_release"].iter().any(|key| root.get(key).is_some());
    let has_workspaces = root.get("workspaces").is_some_and(|node| node.members().len() + node.items().len() > 0);
    Some(Origin { folder, repository: url, is_installed, has_workspaces })
}

/// `https://github.com/Owner/Name.git`, `git@host:Owner/Name`, `Owner/Name` give `owner/name`.
fn slug(url: &str) -> Option<String> {
    let url = url.trim().trim_end_matches('/').trim_end_matches(".git");
    let mut parts = url.rsplit(['/', ':']).take(2).collect::<Vec<_>>().into_iter();
    let (name, owner) = (parts.next()?, parts.next()?);
    (!name.is_empty() && !owner.is_empty()).then(|| format!("{owner}/{name}").to_ascii_lowercase())
}

/// So many copied projects side by side in a folder of assets say that the whole folder is made of such.
const NEIGHBOURS: usize = 3;

/// The folders that are copied projects, and the folders of assets that are made of them.
pub fn folders(origins: &[Origin]) -> Vec<String> {
    let mut copied = projects(origins);
    let mut parents: BTreeMap<&str, usize> = BTreeMap::new();
    for folder in &copied {
        if let Some((parent, _)) = folder.trim_end_matches('/').rsplit_once('/') {
            *parents.entry(parent).or_default() += 1;
        }
    }
    let crowded = parents.into_iter().filter(|(parent, count)| *count >= NEIGHBOURS && is_asset_folder(parent));
    let crowded: Vec<String> = crowded.map(|(parent, _)| format!("{parent}/")).collect();
    copied.extend(crowded);
    copied
}

fn projects(origins: &[Origin]) -> Vec<String> {
    let own = origins.iter().find(|origin| origin.folder.is_empty());
    let workspaces = origins.iter().any(|origin| origin.has_workspaces);
    let own_repository = own.and_then(|own| own.repository.as_deref());
    let own_owner = own_repository.and_then(|slug| slug.split('/').next());
    origins
        .iter()
        .filter(|origin| !origin.folder.is_empty() && !workspaces)
        .filter(|origin| {
            let is_elsewhere = match (origin.repository.as_deref(), own_owner) {
                (Some(theirs), Some(owner)) => theirs.split('/').next() != Some(owner),
                // Without a word about the project's own home, only a folder for assets is suspected.
                (Some(_), None) => is_asset_folder(&origin.folder),
                (None, _) => false,
            };
            origin.is_installed || is_elsewhere
        })
        .map(|origin| origin.folder.clone())
        .collect()
}

/// Folders from which pages are served: what is below them with a manifest of its own was copied there.
fn is_asset_folder(folder: &str) -> bool {
    folder.split('/').any(|part| {
        matches!(
            part,
            "assets"
                | "static"
                | "public"
                | "lib"
                | "libs"
                | "js"
                | "javascript"
                | "plugins"
                | "webapp"
                | "webroot"
                | "htdocs"
                | "resources"
                | "dependencies"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(manifests: &[(&str, &str)], expected: &[&str]) {
        let origins: Vec<_> = manifests.iter().filter_map(|(path, text)| origin(path, text)).collect();
        assert_eq!(folders(&origins), expected, "{manifests:?}");
    }

    #[test]
    fn copied_projects() {
        let theirs = r#"{"repository": {"url": "git://github.com/them/tree.git"}}"#;
        check(
            &[("package.json", r#"{"repository": "https://github.com/us/app"}"#), ("web/tree/package.json", theirs)],
            &["web/tree/"],
        );
        check(&[("package.json", r#"{"repository": "github:them/app"}"#), ("web/tree/package.json", theirs)], &[]);
        check(&[("assets/tree/package.json", theirs), ("packages/tree/package.json", theirs)], &["assets/tree/"]);
        check(&[("package.json", r#"{"workspaces": ["a/*"]}"#), ("a/lib/package.json", theirs)], &[]);
        let three =
            [("assets/a/package.json", theirs), ("assets/b/bower.json", theirs), ("assets/c/package.json", theirs)];
        check(&three, &["assets/a/", "assets/b/", "assets/c/", "assets/"]);
        check(&[("x/package.json", r#"{"_resolved": "https://r"}"#), ("y/package.json", "{")], &["x/"]);
    }
}
