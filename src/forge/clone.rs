//! A repository on a forge, fetched by the program `git` into a temporary folder.
//!
//! - Only the commit asked for is fetched, without history, tags, submodules or Git LFS objects.
//! - Nothing of the repository runs: no hooks, no filters, no credential helpers; of git's configuration only what
//!   is set here counts (and `http_proxy`, `https_proxy`, `GIT_SSL_CAINFO` of the environment).
//! - A token goes into one header that git sends to the host it was meant for, and not to where that points: what has
//!   moved is asked for again without it. It reaches git through the environment, so that no list of processes shows
//!   it, and stands in no message.
//! - Time and size are bounded ([`Bounds`]). The folder goes with the [`Clone`].

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::document::NotRead;
use crate::finding::Origin;
use crate::saying::{Saying, say};

/// The address of a repository on a forge, and what of it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// `https://host/path`, without credentials, query and final slash.
    pub url: String,
    /// Host with its port.
    host: String,
    /// Branch, tag or full commit id; without it the forge's default branch.
    pub reference: Option<String>,
}

/// How long fetching may take and how large what is fetched may be.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub time: Duration,
    /// Bytes of the work tree and git's own files together.
    pub bytes: u64,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { time: Duration::from_secs(600), bytes: 4 << 30 }
    }
}

/// Why there is no clone.
#[derive(Debug, thiserror::Error)]
pub enum CloneError {
    #[error("{0}")]
    Address(&'static str),
    #[error("the program git is not installed")]
    NoGit,
    #[error("the forge does not give the repository to just anyone")]
    Refused,
    #[error("the forge knows no such repository")]
    NotFound,
    #[error("the repository has no such branch, tag or commit")]
    NoReference,
    #[error("the repository has no commit yet")]
    Empty,
    #[error("the forge points to another address")]
    Moved,
    #[error("the repository names its objects by another hash")]
    OtherHash,
    #[error("fetching took longer than {0:?}")]
    TooLong(Duration),
    #[error("the repository is larger than {} MiB", .0 >> 20)]
    TooLarge(u64),
    #[error("git says: {0}")]
    Failed(String),
    #[error("the temporary folder can't be written ({0})")]
    Folder(std::io::Error),
}

impl CloneError {
    /// What can be done about it.
    pub fn remedy(&self) -> Saying {
        match self {
            CloneError::Address(_) => say!("do-fetch-address"),
            CloneError::NoGit => say!("do-install-git"),
            CloneError::Refused | CloneError::NotFound | CloneError::Moved => say!("do-give-token"),
            CloneError::NoReference => say!("do-name-reference"),
            CloneError::TooLong(_)
            | CloneError::TooLarge(_)
            | CloneError::Empty
            | CloneError::OtherHash
            | CloneError::Failed(_)
            | CloneError::Folder(_) => say!("do-clone"),
        }
    }

    /// The record of a repository that is not read for this reason.
    pub fn not_read(&self, uri: &str) -> NotRead {
        NotRead::new(uri, None, say!("not-fetched", detail = self.to_string()), self.remedy())
    }
}

impl Remote {
    /// Whether a path of the command line is meant as an address.
    pub fn is_meant(path: &Path) -> bool {
        let text = path.to_string_lossy();
        let is_of_ssh = text.starts_with("git@") && text.contains(':');
        text.contains("://") || is_of_ssh && !path.exists()
    }

    /// Reads `https://host/path[@ref]`, and addresses of a branch, tag or commit as browsers show them
    /// (`/tree/ref`). In the reference, `%20` is read as in addresses.
    ///
    /// # Errors
    /// Another scheme (`http` only for this machine itself), credentials in the address, no path.
    pub fn parse(text: &str) -> Result<Remote, CloneError> {
        let wrong = |reason| Err(CloneError::Address(reason));
        let (scheme, rest) = text.split_once("://").unwrap_or(("ssh", text));
        let scheme = scheme.to_ascii_lowercase();
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let Some((host, path)) = rest.split_once('/') else { return wrong("the address names no repository") };
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        if scheme != "https" && !(scheme == "http" && matches!(name, "localhost" | "127.0.0.1" | "[::1]")) {
            return wrong("only https is spoken to other machines");
        }
        if host.contains('@') {
            return wrong("an address must not hold credentials: they belong into the environment");
        }
        let (path, in_browser) = match VIEWS.iter().find_map(|view| path.split_once(view)) {
            Some((path, reference)) => (path, Some(reference)),
            None => (path, None),
        };
        let (path, after_at) = match path.split_once('@') {
            Some((path, reference)) => (path, Some(reference)),
            None => (path, None),
        };
        let path = path.trim_matches('/');
        let url = format!("{scheme}://{host}/{path}");
        if text.len() > MOST_ADDRESS || url.chars().any(|c| !c.is_ascii_graphic() || "\"'`\\<>^|{}".contains(c)) {
            return wrong("the address has characters that addresses do not have");
        }
        if host.is_empty() || path.is_empty() || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return wrong("the address names no repository");
        }
        let written = in_browser.or(after_at).map(|reference| reference.trim_end_matches('/'));
        let reference = written.map(|written| decoded(written).filter(|name| is_reference(name)));
        if reference == Some(None) {
            return wrong("what stands behind @ is no branch, tag or commit");
        }
        Ok(Remote { url, host: host.to_ascii_lowercase(), reference: reference.flatten() })
    }

    /// The `user:password` with which this host is asked, from the environment; none for a host that no variable
    /// is meant for.
    fn credentials(&self, variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let host_of = |name: &str| {
            let value = variable(name)?;
            let host = value.split_once("://").map_or(value.as_str(), |(_, rest)| rest);
            Some(host.split('/').next().unwrap_or_default().to_ascii_lowercase())
        };
        let is_own = |names: &[&str]| names.iter().any(|name| host_of(name).is_some_and(|host| host == self.host));
        let token = |names: &[&str]| names.iter().find_map(|name| variable(name));
        let (user, token) = if self.host == "github.com" || is_own(&["GITHUB_SERVER_URL", "GH_HOST"]) {
            ("x-access-token", token(&["GITHUB_TOKEN", "GH_TOKEN"]))
        } else if self.host == "gitlab.com" || is_own(&["CI_SERVER_URL", "GITLAB_HOST"]) {
            match token(&["GITLAB_TOKEN"]) {
                Some(token) => ("oauth2", Some(token)),
                None => ("gitlab-ci-token", token(&["CI_JOB_TOKEN"]).filter(|_| is_own(&["CI_SERVER_URL"]))),
            }
        } else if self.host == "codeberg.org" || is_own(&["FORGEJO_HOST"]) {
            ("token", token(&["FORGEJO_TOKEN"]))
        } else {
            return None;
        };
        token.map(|token| format!("{user}:{}", token.trim()))
    }
}

/// Characters of an address.
const MOST_ADDRESS: usize = 2_000;

/// What stands between a repository and a reference in the addresses of GitLab, GitHub and Forgejo.
const VIEWS: [&str; 9] = [
    "/-/tree/",
    "/-/tags/",
    "/-/commit/",
    "/src/branch/",
    "/src/tag/",
    "/src/commit/",
    "/releases/tag/",
    "/commit/",
    "/tree/",
];

/// The text with `%20` read; `None` where that gives no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next()?.bytes());
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).ok()
}

/// Whether a name may be that of a reference (git-check-ref-format) and can't be taken for an option or a refspec.
fn is_reference(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(['-', '/', '+'])
        && !name.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        && !name.contains("..")
        && !name.contains("@{")
        && !name.contains([':', '?', '*', '[', '~', '^'])
}

/// A fetched repository. Its folder is removed when this is dropped.
#[derive(Debug)]
pub struct Clone {
    folder: Folder,
    pub origin: Origin,
}

impl Clone {
    /// Fetches a repository.
    ///
    /// # Errors
    /// See [`CloneError`]. Nothing is left behind.
    pub fn fetch(remote: &Remote, bounds: Bounds) -> Result<Clone, CloneError> {
        let folder = Folder::new().map_err(CloneError::Folder)?;
        let protocols = if remote.url.starts_with("https:") { "https" } else { "https:http" };
        let git = Git { folder: &folder, until: Instant::now() + bounds.time, bounds, protocols };
        let credentials = remote.credentials(&|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
        let header = credentials.map(|credentials| {
            let (scheme, _) = remote.url.split_once("://").unwrap_or_default();
            let key = format!("http.{scheme}://{}/.extraHeader", remote.host);
            (key, format!("Authorization: Basic {}", STANDARD.encode(credentials)))
        });
        match git.fetch(remote, header) {
            // git would send the header on.
            Err(CloneError::Moved) => git.fetch(remote, None)?,
            other => other?,
        }
        git.run(["checkout", "--quiet", "--detach", "FETCH_HEAD"], None)?;
        let revision = git.run(["rev-parse", "HEAD"], None)?;
        let origin = Origin {
            url: remote.url.clone(),
            revision: revision.trim().to_owned(),
            reference: remote.reference.clone(),
        };
        Ok(Clone { folder, origin })
    }

    /// The work tree.
    pub fn path(&self) -> PathBuf {
        self.folder.tree()
    }
}

/// A temporary folder that only its owner may enter: the work tree, and beside it what git says.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Folder> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("acquis-clone-{}-{number}", std::process::id()));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        // Fails if somebody else has put something there.
        builder.create(&path)?;
        let folder = Folder(path);
        fs::create_dir(folder.tree())?;
        Ok(folder)
    }

    fn tree(&self) -> PathBuf {
        self.0.join("tree")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What can't be removed is left to the system that cleans its temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What git is told besides its configuration, which is not read.
const CONFIGURATION: [(&str, &str); 13] = [
    ("advice.detachedHead", "false"),
    ("core.askPass", ""),
    ("core.fsmonitor", "false"),
    ("core.hooksPath", NOWHERE),
    ("core.longPaths", "true"),
    ("credential.helper", ""),
    ("fetch.recurseSubmodules", "false"),
    ("gc.auto", "0"),
    // A connection on which nothing comes any more.
    ("http.lowSpeedLimit", "1"),
    ("http.lowSpeedTime", "60"),
    ("maintenance.auto", "false"),
    ("submodule.recurse", "false"),
    ("transfer.bundleURI", "false"),
];

const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// Time between two looks at a running git, and between two measurements of its folder.
const LOOK: Duration = Duration::from_millis(20);
const MEASURE: Duration = Duration::from_millis(500);

struct Git<'f> {
    folder: &'f Folder,
    until: Instant,
    bounds: Bounds,
    /// What git may speak: from `https` no redirection leads to less.
    protocols: &'static str,
}

impl Git<'_> {
    /// Fetches the commit into a new repository, of the hash that the forge's has.
    fn fetch(&self, remote: &Remote, header: Option<(String, String)>) -> Result<(), CloneError> {
        let reference = remote.reference.as_deref().unwrap_or("HEAD");
        let fetch = ["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-auto-gc", "--"];
        for hash in ["sha1", "sha256"] {
            match fs::remove_dir_all(self.folder.tree().join(".git")) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(CloneError::Folder(error)),
                _ => {}
            }
            self.run(["init", "--quiet", "--template=", "--object-format", hash], None)?;
            match self.run(fetch.into_iter().chain([remote.url.as_str(), reference]), header.clone()) {
                Err(CloneError::OtherHash) => {}
                Err(CloneError::NoReference) if remote.reference.is_none() => return Err(CloneError::Empty),
                other => return other.map(drop),
            }
        }
        Err(CloneError::OtherHash)
    }

    /// Runs git in the work tree; what it prints.
    fn run<'a>(
        &self,
        arguments: impl IntoIterator<Item = &'a str>,
        header: Option<(String, String)>,
    ) -> Result<String, CloneError> {
        let (out, err) = (self.folder.0.join("out"), self.folder.0.join("err"));
        let file = |path: &Path| File::create(path).map_err(CloneError::Folder);
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") && name != OsStr::new("GIT_SSL_CAINFO") {
                command.env_remove(name);
            }
        }
        let settings = CONFIGURATION.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let redirects = if header.is_some() { "false" } else { "initial" };
        let redirects = ("http.followRedirects".to_owned(), redirects.to_owned());
        let settings: Vec<(String, String)> = settings.chain([redirects]).chain(header).collect();
        command.env("GIT_CONFIG_COUNT", settings.len().to_string());
        for (index, (key, value)) in settings.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{index}"), key).env(format!("GIT_CONFIG_VALUE_{index}"), value);
        }
        command
            .args(arguments)
            .current_dir(self.folder.tree())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", NOWHERE)
            .env("GIT_ATTR_NOSYSTEM", "1")
            // Of the user's folder neither attributes nor passwords are read.
            .env("HOME", &self.folder.0)
            .env("XDG_CONFIG_HOME", &self.folder.0)
            .env("GIT_ALLOW_PROTOCOL", self.protocols)
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_LFS_SKIP_SMUDGE", "1")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            // Into files: a process that git leaves behind would keep a pipe open.
            .stdout(file(&out)?)
            .stderr(file(&err)?);
        let mut child = command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => CloneError::NoGit,
            _ => CloneError::Failed(error.to_string()),
        })?;
        let mut measured = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().map_err(CloneError::Folder)? {
                break status;
            }
            let beyond = if Instant::now() >= self.until {
                Some(CloneError::TooLong(self.bounds.time))
            } else if measured.elapsed() >= MEASURE {
                measured = Instant::now();
                self.too_large()
            } else {
                None
            };
            if let Some(error) = beyond {
                let _ = child.kill();
                let _ = child.wait();
                return Err(error);
            }
            std::thread::sleep(LOOK);
        };
        if let Some(error) = self.too_large() {
            return Err(error);
        }
        if status.success() {
            return fs::read_to_string(&out).map_err(CloneError::Folder);
        }
        Err(meaning(&String::from_utf8_lossy(&fs::read(&err).unwrap_or_default())))
    }

    fn too_large(&self) -> Option<CloneError> {
        (size(&self.folder.0, self.bounds.bytes) > self.bounds.bytes).then_some(CloneError::TooLarge(self.bounds.bytes))
    }
}

/// Bytes of the files below a folder, counted until there are more than `most`.
fn size(folder: &Path, most: u64) -> u64 {
    let mut bytes = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        // Files come and go while git works.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => folders.push(entry.path()),
                Ok(metadata) => bytes += metadata.len(),
                Err(_) => {}
            }
            if bytes > most {
                return bytes;
            }
        }
    }
    bytes
}

/// What git's words mean.
fn meaning(words: &str) -> CloneError {
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&["could not read Username", "could not read Password", "Authentication failed", "error: 401", "error: 403"])
    {
        CloneError::Refused
    } else if has(&["couldn't find remote ref", "not our ref", "no such remote ref"]) {
        CloneError::NoReference
    } else if has(&["error: 404", "' not found", "Repository not found"]) {
        CloneError::NotFound
    } else if has(&["error: 301", "error: 302", "error: 303", "error: 307", "error: 308"]) {
        CloneError::Moved
    } else if has(&["mismatched algorithms"]) {
        CloneError::OtherHash
    } else {
        let line = words.lines().rev().find(|line| line.starts_with("fatal:")).or_else(|| words.lines().last());
        let line = line.unwrap_or_default().trim_start_matches("fatal:").trim();
        CloneError::Failed(crate::report::without_controls(line).chars().take(MOST_WORDS).collect())
    }
}

/// Characters of git's words that are shown.
const MOST_WORDS: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (text, url, reference) in [
            ("https://github.com/a/b", "https://github.com/a/b", None),
            ("https://github.com/a/b.git@v1.2", "https://github.com/a/b.git", Some("v1.2")),
            ("https://github.com/a/b@feature/x", "https://github.com/a/b", Some("feature/x")),
            ("https://gitlab.example.eu/g/s/p/", "https://gitlab.example.eu/g/s/p", None),
            ("https://github.com/a/b/tree/main", "https://github.com/a/b", Some("main")),
            ("https://gitlab.com/g/p/-/tree/v1?x=y", "https://gitlab.com/g/p", Some("v1")),
            ("https://codeberg.org/a/b/src/branch/x/y#top", "https://codeberg.org/a/b", Some("x/y")),
            ("https://github.com/a/b/releases/tag/v1%2E0", "https://github.com/a/b", Some("v1.0")),
            ("HTTPS://github.com/a/b@größe", "https://github.com/a/b", Some("größe")),
            ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a", None),
        ] {
            let remote = Remote::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((remote.url.as_str(), remote.reference.as_deref()), (url, reference), "{text}");
        }
        for text in [
            "http://github.com/a/b",
            "https://user:secret@github.com/a/b",
            "https://github.com",
            "https://github.com/",
            "https://github.com/a/b@--upload-pack=x",
            "https://github.com/a/b@a:b",
            "https://github.com/a/b@+main",
            "https://github.com/a/b@a%20b",
            "https://github.com/a/b@a%ff",
            "https://github.com/a/b@a%3Ab",
            "https://github.com/größe/b",
            "git@github.com:a/b",
            "https://github.com/a/../b",
            "https://github.com/a b",
            "file:///etc",
            "ssh://git@github.com/a/b",
        ] {
            let error = Remote::parse(text).map(|remote| remote.url).err();
            assert!(matches!(error, Some(CloneError::Address(words)) if !words.contains("secret")), "{text}");
        }
    }

    #[test]
    fn a_token_goes_only_to_the_host_it_is_meant_for() {
        let variables = [
            ("GITHUB_TOKEN", "gh"),
            ("GITLAB_TOKEN", "gl"),
            ("GITLAB_HOST", "git.example.eu"),
            ("GITHUB_SERVER_URL", "https://ghe.example.eu"),
            ("FORGEJO_TOKEN", "fj"),
        ];
        let variable = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned());
        for (url, credentials) in [
            ("https://github.com/a/b", Some("x-access-token:gh")),
            ("https://GHE.example.eu/a/b", Some("x-access-token:gh")),
            ("https://gitlab.com/a/b", Some("oauth2:gl")),
            ("https://git.example.eu/a/b", Some("oauth2:gl")),
            ("https://codeberg.org/a/b", Some("token:fj")),
            ("https://github.com.evil.example/a/b", None),
            ("https://github.com:8443/a/b", None),
            ("https://evil.example/github.com/b", None),
        ] {
            let remote = Remote::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!(remote.credentials(&variable).as_deref(), credentials, "{url}");
        }
    }
}
