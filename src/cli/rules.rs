//! `acquis rules list|test|schema`.

use std::fmt::Write;
use std::path::PathBuf;

use acquis::examples;
use acquis::rule;
use clap::Subcommand;
use miette::Result;

use super::ExitStatus;
use super::selection::RuleSelection;

/// List the rules, test rules of your own, print the schema of rule files
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the rules with their level and title
    List {
        #[command(flatten)]
        selection: RuleSelection,
    },
    /// Run the examples of rules: those that come with acquis, or those of a folder
    Test {
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Print the JSON Schema of rule files, for editors
    Schema,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    match args.command {
        Command::List { selection } => {
            super::print(&list(&selection)?)?;
            Ok(ExitStatus::Clean)
        }
        Command::Test { folder } => test(folder),
        Command::Schema => {
            super::print(&format!("{:#}\n", rule::schema()))?;
            Ok(ExitStatus::Clean)
        }
    }
}

fn list(selection: &RuleSelection) -> Result<String> {
    let cards = selection.frame(&[".".into()])?.cards();
    let width = cards.iter().map(|card| card.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for card in &cards {
        let trial = if card.preview { " (on trial)" } else { "" };
        let level = card.level.as_str();
        let _ = writeln!(out, "{:width$}  {level:7}  {:14}  {}{trial}", card.id, card.family, card.name);
    }
    Ok(out)
}

fn test(folder: Option<PathBuf>) -> Result<ExitStatus> {
    let rules = match folder {
        Some(folder) => rule::from_folder(&folder).map_err(|error| *error)?,
        None => rule::builtin_rules().to_vec(),
    };
    // Examples of repositories are laid out here; the name is this process's own.
    let scratch = std::env::temp_dir().join(format!("acquis-examples-{}", std::process::id()));
    let mut out = String::new();
    let mut count = 0;
    let mut wrong = 0;
    for rule in &rules {
        count += rule.file.examples.flag.len() + rule.file.examples.pass.len();
        for failure in examples::run(rule, &scratch).map_err(|error| *error)? {
            wrong += 1;
            let _ = writeln!(out, "{}: {}: {}", rule.origin, failure.example, failure.message);
        }
    }
    let _ = writeln!(out, "{} rules, {count} examples, {wrong} wrong", rules.len());
    super::print(&out)?;
    Ok(if wrong == 0 { ExitStatus::Clean } else { ExitStatus::Findings })
}
