//! `acquis upload`: sends finished reports to a forge.

use std::path::{Path, PathBuf};

use acquis::forge::{Address, CheckReport, Error, GitHub, GitLab, Patience};
use clap::Subcommand;
use miette::{IntoDiagnostic, Result, WrapErr, miette};

use super::ExitStatus;

/// Send a finished report to GitHub or GitLab
///
/// Nothing is read from the documents again. Connections are direct: HTTPS_PROXY is not used.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  acquis check . --output sarif=acquis.sarif --output json=acquis.json --output markdown=acquis.md
  acquis upload github --sarif acquis.sarif
  acquis upload github --check acquis.json --comment acquis.md
  acquis upload gitlab --comment acquis.md

The token is read from the environment: GITHUB_TOKEN or GITLAB_TOKEN. In a workflow or pipeline of the forge the
other variables are set, too.")]
pub struct Args {
    #[command(subcommand)]
    forge: Forge,
}

#[derive(Subcommand)]
enum Forge {
    Github(ToGitHub),
    Gitlab(ToGitLab),
}

/// Code scanning, a check run, a comment on the pull request
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("reports").required(true).multiple(true))]
struct ToGitHub {
    /// SARIF report for code scanning
    #[arg(long, value_name = "FILE", group = "reports")]
    sarif: Option<PathBuf>,

    /// JSON report for a check run with annotations
    #[arg(long, value_name = "FILE", group = "reports")]
    check: Option<PathBuf>,

    /// Markdown report for the comment on the pull request, which is kept up to date
    #[arg(long, value_name = "FILE", group = "reports")]
    comment: Option<PathBuf>,

    /// Where the forge doesn't offer this to the token, say so and succeed
    #[arg(long)]
    if_available: bool,

    /// Address of the API; that of GitHub Enterprise ends in /api/v3
    #[arg(long, value_name = "URL", env = "GITHUB_API_URL", default_value = "https://api.github.com")]
    api_url: String,

    #[arg(long, value_name = "OWNER/NAME", env = "GITHUB_REPOSITORY")]
    repository: String,

    /// Commit that was checked
    #[arg(long, value_name = "SHA", env = "GITHUB_SHA")]
    commit: String,

    /// Ref that was checked
    #[arg(long = "ref", value_name = "REF", env = "GITHUB_REF")]
    reference: String,

    /// Number of the pull request [default: that of the ref]
    #[arg(long, value_name = "NUMBER")]
    pull_request: Option<u64>,
}

/// A note on the merge request
#[derive(clap::Args)]
struct ToGitLab {
    /// Markdown report for the note on the merge request, which is kept up to date
    #[arg(long, value_name = "FILE")]
    comment: PathBuf,

    /// Where the forge doesn't offer this to the token, say so and succeed
    #[arg(long)]
    if_available: bool,

    /// Address of the API; it ends in /api/v4
    #[arg(long, value_name = "URL", env = "CI_API_V4_URL", default_value = "https://gitlab.com/api/v4")]
    api_url: String,

    /// Number or path of the project
    #[arg(long, value_name = "PROJECT", env = "CI_PROJECT_ID")]
    project: String,

    /// Number of the merge request
    #[arg(long, value_name = "NUMBER", env = "CI_MERGE_REQUEST_IID")]
    merge_request: u64,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    match args.forge {
        Forge::Github(args) => to_github(&args),
        Forge::Gitlab(args) => to_gitlab(&args),
    }
}

fn to_github(args: &ToGitHub) -> Result<ExitStatus> {
    let token = token("GITHUB_TOKEN")?;
    let address = Address { url: &args.api_url, token: &token };
    let github = GitHub::new(&address, &args.repository, Patience::default()).into_diagnostic()?;
    let pull = args.pull_request.or_else(|| pull_request_of(&args.reference));
    if let Some(file) = &args.sarif {
        let sarif = read(file)?;
        let sent = github.upload_sarif(&args.commit, &args.reference, sarif.as_bytes());
        sent_or_unavailable(sent, "code scanning", args.if_available)?;
    }
    if let Some(file) = &args.check {
        let report = CheckReport::parse(&read(file)?).into_diagnostic()?;
        // A pull request is checked as it would be merged; its check runs belong to its own last commit.
        let commit = pull.map_or_else(|| Ok(args.commit.clone()), |pull| github.head_of(pull));
        let sent = commit.and_then(|commit| github.check_run(&commit, &report));
        sent_or_unavailable(sent, "the check run", args.if_available)?;
    }
    if let Some(file) = &args.comment {
        let pull = pull.ok_or_else(|| {
            miette!(help = "name one with --pull-request", "{} is no ref of a pull request", args.reference)
        })?;
        sent_or_unavailable(github.comment(pull, &read(file)?), "the comment", args.if_available)?;
    }
    Ok(ExitStatus::Clean)
}

fn to_gitlab(args: &ToGitLab) -> Result<ExitStatus> {
    let token = token("GITLAB_TOKEN")?;
    let address = Address { url: &args.api_url, token: &token };
    let gitlab = GitLab::new(&address, &args.project, Patience::default()).into_diagnostic()?;
    let sent = gitlab.note(args.merge_request, &read(&args.comment)?);
    sent_or_unavailable(sent, "the note", args.if_available)?;
    Ok(ExitStatus::Clean)
}

fn sent_or_unavailable(sent: Result<(), Error>, what: &str, if_available: bool) -> Result<()> {
    match sent {
        Err(error) if if_available && error.is_unavailable() => {
            eprintln!("acquis: {what} is not available: {error}");
            Ok(())
        }
        sent => sent.into_diagnostic().wrap_err_with(|| format!("{what}: not sent")),
    }
}

fn token(variable: &str) -> Result<String> {
    let token = std::env::var(variable).unwrap_or_default();
    if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(miette!("a token is expected in the environment, as {variable}"));
    }
    Ok(token)
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).into_diagnostic().wrap_err_with(|| format!("{} can't be read", file.display()))
}

/// The number in `refs/pull/7/merge`.
fn pull_request_of(reference: &str) -> Option<u64> {
    reference.strip_prefix("refs/pull/")?.split('/').next()?.parse().ok()
}
