//! Repositories that are fetched: a server on this machine answers through `git http-backend`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use acquis::forge::{Bounds, Clone, CloneError, Remote};
use wiremock::matchers::any;
use wiremock::{Mock, Request, Respond, ResponseTemplate};

use super::Forge;

/// A folder of its own for a test, gone when the test ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.eu", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A bare repository `town/app.git` with a tag `v1` before its last commit, a filter, a submodule and a link
/// that leads out of it.
fn forge_folder(name: &str) -> Folder {
    let folder = Folder(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("clone-{name}-{}", std::process::id())));
    let _ = fs::remove_dir_all(&folder.0);
    let work = folder.0.join("work");
    fs::create_dir_all(&work).unwrap();
    fs::create_dir_all(folder.0.join("town")).unwrap();
    git(&work, &["init", "-q", "-b", "main"]);
    let write = |file: &str, text: &str| fs::write(work.join(file), text).unwrap();
    write("README.md", "# App\n");
    write("package.json", "{\"name\": \"app\", \"license\": \"mit\"}\n");
    write(".gitattributes", "*.txt filter=evil\n");
    write("a.txt", "as it was\n");
    write(".gitmodules", "[submodule \"s\"]\n\tpath = s\n\turl = https://127.0.0.1:1/nowhere\n");
    let _ = Command::new("ln").args(["-s", "/etc", "out"]).current_dir(&work).status();
    git(&work, &["add", "-A"]);
    git(&work, &["commit", "-q", "-m", "first"]);
    git(&work, &["tag", "v1"]);
    write("new.py", "x = 1\n");
    git(&work, &["add", "-A"]);
    git(&work, &["commit", "-q", "-m", "second"]);
    git(&folder.0, &["clone", "-q", "--bare", "work", "town/app.git"]);
    git(&folder.0.join("town/app.git"), &["config", "uploadpack.allowAnySHA1InWant", "true"]);
    folder
}

/// Answers as a forge's web server does.
struct Backend {
    folder: PathBuf,
    /// The credentials that it wants.
    wants: Option<&'static str>,
}

impl Respond for Backend {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let header = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        if self.wants.is_some_and(|wanted| header("authorization").as_deref() != Some(wanted)) {
            return ResponseTemplate::new(401).insert_header("WWW-Authenticate", "Basic realm=\"forge\"");
        }
        let mut backend = Command::new("git")
            .arg("http-backend")
            .env("GIT_PROJECT_ROOT", &self.folder)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("PATH_INFO", request.url.path())
            .env("QUERY_STRING", request.url.query().unwrap_or_default())
            .env("REQUEST_METHOD", request.method.as_str())
            .env("CONTENT_TYPE", header("content-type").unwrap_or_default())
            .env("CONTENT_LENGTH", request.body.len().to_string())
            .env("HTTP_CONTENT_ENCODING", header("content-encoding").unwrap_or_default())
            .env("GIT_PROTOCOL", header("git-protocol").unwrap_or_default())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        backend.stdin.take().unwrap().write_all(&request.body).unwrap();
        let out = backend.wait_with_output().unwrap().stdout;
        let end = out.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&out[..end]).into_owned();
        let value = |name: &str| head.lines().find_map(|line| line.strip_prefix(name).map(|v| v.trim().to_owned()));
        let status = value("Status:").map_or(200, |status| status[..3].parse().unwrap());
        ResponseTemplate::new(status).set_body_raw(out[end + 4..].to_vec(), &value("Content-Type:").unwrap_or_default())
    }
}

fn serve(folder: &Folder, wants: Option<&'static str>) -> Forge {
    let backend = Backend { folder: folder.0.clone(), wants };
    Forge::new([Mock::given(any()).respond_with(backend)])
}

fn fetch(url: &str) -> Result<Clone, CloneError> {
    Clone::fetch(&Remote::parse(url).unwrap(), Bounds::default())
}

#[test]
fn a_repository_is_fetched_as_it_was_and_runs_nothing() {
    let folder = forge_folder("plain");
    let forge = serve(&folder, None);
    let url = format!("{}/town/app.git", forge.url());
    let newest = fetch(&url).unwrap();
    let path = newest.path();
    assert_eq!(fs::read_to_string(path.join("a.txt")).unwrap(), "as it was\n");
    assert!(path.join("new.py").exists());
    assert!(!path.join(".git/hooks").exists(), "no template brings hooks");
    assert_eq!((newest.origin.url.as_str(), newest.origin.revision.len()), (url.as_str(), 40));
    for reference in ["v1", "main", &newest.origin.revision] {
        let clone = fetch(&format!("{url}@{reference}")).unwrap();
        assert_eq!(clone.path().join("new.py").exists(), reference != "v1", "{reference}");
        assert_eq!(clone.origin.reference.as_deref(), Some(reference));
    }
    drop(newest);
    assert!(!path.exists(), "the folder goes with the clone");
}

#[test]
fn what_goes_wrong_has_a_name() {
    let folder = forge_folder("wrong");
    let forge = serve(&folder, None);
    let url = format!("{}/town/app.git", forge.url());
    let error = |url: &str| fetch(url).map(|clone| clone.origin).unwrap_err();
    assert!(matches!(error(&format!("{}/town/none.git", forge.url())), CloneError::NotFound));
    assert!(matches!(error(&format!("{url}@v9")), CloneError::NoReference));
    assert!(matches!(error("http://127.0.0.1:1/a/b"), CloneError::Failed(words) if words.contains("127.0.0.1")));
    let small = Bounds { bytes: 1_000, ..Bounds::default() };
    let remote = Remote::parse(&url).unwrap();
    assert!(matches!(Clone::fetch(&remote, small), Err(CloneError::TooLarge(1_000))));
    let refusing = serve(&folder, Some("Basic nobody-knows"));
    assert!(matches!(error(&format!("{}/town/app.git", refusing.url())), CloneError::Refused));
}

#[test]
fn a_forge_that_does_not_answer_is_not_waited_for() {
    let silent =
        Forge::new([Mock::given(any()).respond_with(ResponseTemplate::new(200).set_delay(Duration::from_secs(30)))]);
    let remote = Remote::parse(&format!("{}/a/b", silent.url())).unwrap();
    let bounds = Bounds { time: Duration::from_millis(300), ..Bounds::default() };
    let started = std::time::Instant::now();
    assert!(matches!(Clone::fetch(&remote, bounds), Err(CloneError::TooLong(_))));
    assert!(started.elapsed() < Duration::from_secs(10));
}

/// Runs `acquis check` as a user does.
fn check(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clone-empty");
    fs::create_dir_all(&folder).unwrap();
    Command::new(env!("CARGO_BIN_EXE_acquis"))
        .arg("check")
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env_remove("GITHUB_TOKEN")
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn an_address_is_checked_like_a_folder() {
    let folder = forge_folder("check");
    // base64 of `x-access-token:token-that-nobody-may-see`
    let forge = serve(&folder, Some("Basic eC1hY2Nlc3MtdG9rZW46dG9rZW4tdGhhdC1ub2JvZHktbWF5LXNlZQ=="));
    let url = format!("{}/town/app.git", forge.url());
    let variables = [("GITHUB_TOKEN", super::TOKEN), ("GITHUB_SERVER_URL", &forge.url())];
    let output = check(&[&format!("{url}@main"), "--format", "sarif"], &variables);
    let text = String::from_utf8(output.stdout).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&text).unwrap();
    let run = &sarif["runs"][0];
    let provenance = &run["versionControlProvenance"][0];
    assert_eq!(provenance["repositoryUri"], url.as_str());
    assert_eq!((&provenance["branch"], &provenance["mappedTo"]["uriBaseId"]), (&"main".into(), &"SRCROOT".into()));
    let places = run["results"].as_array().unwrap().iter();
    let uris: Vec<_> =
        places.map(|r| r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap()).collect();
    assert!(uris.contains(&"package.json"), "places are relative to the root: {uris:?}");
    let everything = format!("{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!everything.contains(super::TOKEN));
    // Without the token the same repository is one that was not read.
    let refused = check(&[&url], &[]);
    let text = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert_eq!(refused.status.code(), Some(3), "{text}");
    assert!(text.contains("GITHUB_TOKEN"), "{text}");
}

/// Sends everything on to the same path of another server.
struct Moved {
    to: String,
}

impl Respond for Moved {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let place = format!("{}{}{query}", self.to, request.url.path());
        ResponseTemplate::new(301).insert_header("Location", place.as_str())
    }
}

#[test]
fn a_token_does_not_follow_to_where_a_forge_points() {
    let folder = forge_folder("moved");
    let elsewhere = serve(&folder, None);
    let forge = Forge::new([Mock::given(any()).respond_with(Moved { to: elsewhere.url() })]);
    let url = format!("{}/town/app.git", forge.url());
    let variables = [("GITHUB_TOKEN", super::TOKEN), ("GITHUB_SERVER_URL", &forge.url())];
    let output = check(&[&url, "--format", "json"], &variables);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["coverage"]["read"][0]["format"], "repository", "what is open is found where it moved to");
    let requests = elsewhere.runtime.block_on(elsewhere.server.received_requests()).unwrap();
    assert!(requests.len() > 1);
    assert!(requests.iter().all(|request| !request.headers.contains_key("authorization")));
}

#[test]
fn a_repository_of_another_hash_and_one_without_commits() {
    let folder = forge_folder("hash");
    for (name, format) in [("new", "sha256"), ("empty", "sha1")] {
        git(&folder.0, &["init", "-q", "--bare", "--object-format", format, &format!("town/{name}.git")]);
    }
    let work = folder.0.join("new");
    git(&folder.0, &["clone", "-q", "town/new.git", "new"]);
    fs::write(work.join("README.md"), "# New\n").unwrap();
    git(&work, &["add", "-A"]);
    git(&work, &["commit", "-q", "-m", "first"]);
    git(&work, &["push", "-q", "origin", "HEAD:refs/heads/größe/1"]);
    git(&folder.0.join("town/new.git"), &["symbolic-ref", "HEAD", "refs/heads/größe/1"]);
    let forge = serve(&folder, None);
    let url = format!("{}/town/new.git", forge.url());
    for address in [url.clone(), format!("{url}@größe/1"), format!("{url}/tree/gr%C3%B6%C3%9Fe%2F1")] {
        let clone = fetch(&address).unwrap_or_else(|error| panic!("{address}: {error}"));
        assert_eq!(clone.origin.revision.len(), 64, "{address}");
        assert!(clone.path().join("README.md").exists(), "{address}");
    }
    let empty = fetch(&format!("{}/town/empty.git", forge.url())).map(|clone| clone.origin).unwrap_err();
    assert!(matches!(empty, CloneError::Empty), "{empty}");
}

#[test]
fn wrong_addresses_and_a_missing_git_are_said() {
    for (arguments, words) in [
        (&["https://user:secret@github.com/a/b"][..], "credentials"),
        (&["http://github.com/a/b"], "only https"),
        (&["ssh://git@github.com/a/b"], "only https"),
        (&["git@github.com:a/b.git"], "only https"),
        (&["HTTPS://github.com/a/b@x%0ay"], "no branch"),
        (&["https://github.com/a/b@x%zz"], "no branch"),
        (&["https://github.com/a/b", "."], "by itself"),
    ] {
        let output = check(arguments, &[]);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(words) && !text.contains("secret"), "{text}");
    }
    let output = check(&["https://github.com/a/b"], &[("PATH", "/nowhere")]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stdout).contains("git is not installed"));
}
