//! What a git repository held at an earlier commit, laid out in a temporary folder.
//!
//! Nothing in the repository changes: git fills an index of its own and writes the files of that elsewhere. Git is
//! asked to run no hook and to fetch nothing.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use miette::{IntoDiagnostic, Result, WrapErr, miette};
use tempfile::TempDir;

/// The files of a commit.
pub struct Past {
    /// Goes with the value.
    folder: TempDir,
    /// The root of the repository's work tree.
    top: PathBuf,
}

impl Past {
    /// The files below some paths as they were where the work left a reference: at the merge base of the reference
    /// and `HEAD`, else at the reference itself.
    ///
    /// # Errors
    /// No git, no repository, no such reference; a path outside of the repository.
    pub fn at(reference: &str, paths: &[PathBuf]) -> Result<Past> {
        let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
        if paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(miette!("standard input has no earlier version: --diff needs files of a git repository"));
        }
        let beside = if first.is_dir() { first } else { first.parent().unwrap_or(Path::new("")) };
        let beside = if beside.as_os_str().is_empty() { Path::new(".") } else { beside };
        let top = git(beside, &["rev-parse", "--show-toplevel"])
            .wrap_err_with(|| format!("--diff needs a git repository, and {} lies in none", first.display()))?;
        let top = Path::new(top.trim_end_matches('\n')).canonicalize().into_diagnostic()?;
        let commit = commit_of(&top, reference)?;
        let folder = tempfile::tempdir().into_diagnostic().wrap_err("no temporary folder can be made")?;
        let past = Past { folder, top };
        past.lay_out(&commit, paths)?;
        Ok(past)
    }

    fn lay_out(&self, commit: &str, paths: &[PathBuf]) -> Result<()> {
        let mut below = Vec::new();
        for path in paths {
            below.push(self.relative(path)?);
        }
        let index = self.folder.path().join("index");
        let git = |arguments: &[&OsStr], input: &[u8]| run(&self.top, arguments, Some(&index), input);
        git(&["read-tree".as_ref(), commit.as_ref()], &[])?;
        let mut list: Vec<&OsStr> = vec!["ls-files".as_ref(), "-z".as_ref(), "--cached".as_ref(), "--".as_ref()];
        // The root itself is every file.
        list.extend(below.iter().filter(|path| !path.as_os_str().is_empty()).map(|path| path.as_os_str()));
        let everything = below.iter().any(|path| path.as_os_str().is_empty());
        let files = git(if everything { &list[..3] } else { &list }, &[])?;
        let mut prefix = std::ffi::OsString::from("--prefix=");
        prefix.push(self.files());
        prefix.push("/");
        git(
            &["checkout-index".as_ref(), "-f".as_ref(), "-q".as_ref(), "-z".as_ref(), "--stdin".as_ref(), &prefix],
            &files,
        )?;
        // A folder that is a repository by this alone was one then, too.
        std::fs::create_dir_all(self.files().join(".git")).into_diagnostic()
    }

    /// Where a path's earlier version lies; `None` where there was nothing.
    pub fn of(&self, path: &Path) -> Result<Option<PathBuf>> {
        let past = self.files().join(self.relative(path)?);
        Ok(past.exists().then_some(past))
    }

    fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    fn relative(&self, path: &Path) -> Result<PathBuf> {
        let here = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let whole =
            here.canonicalize().into_diagnostic().wrap_err_with(|| format!("{} can't be found", path.display()))?;
        whole
            .strip_prefix(&self.top)
            .map(Path::to_owned)
            .map_err(|_| miette!("{} lies outside of the git repository {}", path.display(), self.top.display()))
    }
}

/// The commit at which the work left a reference.
fn commit_of(top: &Path, reference: &str) -> Result<String> {
    let commit = format!("{reference}^{{commit}}");
    let tip = git(top, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).map_err(|_| {
        let help = "a shallow clone has only the last commit: fetch the others (fetch-depth: 0, GIT_DEPTH: 0)";
        miette!(help = help, "there is no commit `{reference}` in the git repository {}", top.display())
    })?;
    let tip = tip.trim().to_owned();
    // Unrelated histories have no merge base, a repository without a commit no HEAD.
    let base = git(top, &["merge-base", &tip, "HEAD"]).unwrap_or_default();
    Ok(if base.trim().is_empty() { tip } else { base.trim().to_owned() })
}

/// What git prints.
fn git(folder: &Path, arguments: &[&str]) -> Result<String> {
    let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
    Ok(String::from_utf8_lossy(&run(folder, &arguments, None, &[])?).into_owned())
}

fn run(folder: &Path, arguments: &[&OsStr], index: Option<&Path>, input: &[u8]) -> Result<Vec<u8>> {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        // The repository may be a stranger's; links are written as the texts that git keeps.
        .args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.symlinks=false"])
        .args(arguments)
        .env("GIT_LITERAL_PATHSPECS", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_LFS_SKIP_SMUDGE", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Set where acquis runs in a hook: another index, a folder that is not the one asked for.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let mut child =
        command.spawn().into_diagnostic().wrap_err("git can't be run: --diff asks it for the earlier version")?;
    if let Some(mut stdin) = child.stdin.take() {
        // A git that fails says why, and need not have read to the end.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output().into_diagnostic()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(miette!("git: {}", acquis::report::without_controls(said.trim())));
    }
    Ok(output.stdout)
}
