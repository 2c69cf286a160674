//! Loading rules: the built-in ones and a user's own folder; what must hold of every rule.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::model::{Localised, RuleFile, Subject};
use super::{LawCard, RuleCard};
use crate::builtin;
use crate::finding::Level;
use crate::knowledge::{self, Verified};
use crate::lang::Lang;
use crate::yaml::{self, FileError};

/// A rule with the file it comes from.
#[derive(Debug, Clone)]
pub struct Rule {
    pub file: RuleFile,
    /// The file as the user would name it: `rules/tender/product-in-title.yaml`.
    pub origin: String,
    /// The text of a user's own file, for errors with a place; empty for built-in rules.
    pub text: String,
}

/// A rule can't be used.
pub type RuleError = Box<FileError>;

/// The rules that come with acquis, by id.
pub fn builtin_rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let mut rules: Vec<Rule> = ["tender/", "notice/", "repository/"]
            .into_iter()
            .flat_map(builtin::files)
            .filter(|(name, _)| name.ends_with(".yaml"))
            .map(|(name, text)| match serde_json::from_str(text) {
                Ok(file) => Rule { file, origin: format!("rules/{name}"), text: String::new() },
                // A test reads every rule, so that this can only be a damaged build.
                Err(error) => panic!("the built-in rule rules/{name} is broken: {error}"),
            })
            .collect();
        rules.sort_by(|a, b| a.file.id.cmp(&b.file.id));
        rules
    })
}

/// The rules of a folder, its subfolders included, by id.
///
/// # Errors
/// The first file that can't be read, is no rule, or breaks what must hold of every rule.
pub fn from_folder(folder: &Path) -> Result<Vec<Rule>, RuleError> {
    let mut files = Vec::new();
    list(folder, &mut files).map_err(|error| FileError::unreadable(folder, &error))?;
    files.sort();
    let mut rules = Vec::new();
    for file in files {
        let origin = file.display().to_string();
        let text = std::fs::read_to_string(&file).map_err(|error| FileError::unreadable(&file, &error))?;
        rules.push(parse(&text, &origin)?);
    }
    rules.sort_by(|a, b| a.file.id.cmp(&b.file.id));
    Ok(rules)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "yaml" || kind == "yml") {
            files.push(path);
        }
    }
    Ok(())
}

/// Reads one rule file. `origin` is its path.
///
/// # Errors
/// Where the text is no rule or breaks what must hold of every rule, with the place and what is allowed.
pub fn parse(text: &str, origin: &str) -> Result<Rule, RuleError> {
    let file: RuleFile = yaml::from_str(text, origin)?;
    let rule = Rule { file, origin: origin.to_owned(), text: text.to_owned() };
    rule.validate()?;
    Ok(rule)
}

/// The JSON Schema of the rule file.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(RuleFile);
    schema.insert("title".into(), "acquis rule".into());
    schema.to_value()
}

impl Rule {
    /// An error at the first place where `needle` stands in the rule's file.
    pub fn error_at(&self, needle: &str, message: String, help: Option<String>) -> RuleError {
        Box::new(FileError::at_text(&self.origin, &self.text, needle, message, help))
    }

    /// What must hold of every rule beyond its shape.
    fn validate(&self) -> Result<(), RuleError> {
        let rule = &self.file;
        let stem = Path::new(&self.origin).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if stem.as_deref() != Some(rule.id.as_str()) {
            let help = format!("name the file {}.yaml, or change the id", rule.id);
            return Err(self.error_at(
                &rule.id,
                format!("the id `{}` is not the name of the file", rule.id),
                Some(help),
            ));
        }
        let mut best = Verified::Memory;
        for id in &rule.law {
            match knowledge::law(id) {
                Some(law) => best = best.max(law.verified),
                None => {
                    let help = "ids are the first column of rules/jurisdictions/*.tsv".to_owned();
                    return Err(self.error_at(id, format!("no law has the id `{id}`"), Some(help)));
                }
            }
        }
        if rule.level == Level::Error && !rule.law.is_empty() && best == Verified::Memory {
            let help = "use level warning until one of its laws has been read at its source".to_owned();
            return Err(self.error_at(
                "level:",
                "a rule that rests on memory alone can't be an error".into(),
                Some(help),
            ));
        }
        for (what, texts) in [("name", &rule.name), ("message", &rule.message), ("why", &rule.why)] {
            if !texts.0.contains_key(&Lang::EN) {
                return Err(self.error_at(&format!("{what}:"), format!("`{what}` has no English text (en)"), None));
            }
        }
        let ways = [rule.find.is_some(), rule.given.is_some() || rule.absent.is_some(), rule.check.is_some()];
        if ways.iter().filter(|way| **way).count() != 1 || (rule.given.is_some() != rule.absent.is_some()) {
            let help = "give either `find`, or `given` with `absent`, or `check`".to_owned();
            return Err(self.error_at("id:", "it is not clear what the rule looks for".into(), Some(help)));
        }
        if (rule.subject == Subject::Bundle) != rule.given.is_some() && rule.check.is_none() {
            let help = "`given` with `absent` goes with `subject: bundle`, `find` with the others".to_owned();
            return Err(self.error_at("subject:", "the subject does not fit".into(), Some(help)));
        }
        Ok(())
    }

    /// The rule as its users see it. `jurisdictions`: those that the policy names; the laws of others are left
    /// out, unless none is named or none would be left.
    pub fn card(&self, lang: Lang, jurisdictions: &[String]) -> RuleCard {
        let rule = &self.file;
        let all: Vec<_> = rule.law.iter().filter_map(|id| knowledge::law(id)).collect();
        let in_force = |law: &&&knowledge::Law| jurisdictions.iter().any(|code| code == law.jurisdiction);
        let mut law: Vec<_> = all.iter().filter(in_force).collect();
        if law.is_empty() {
            law = all.iter().collect();
        }
        RuleCard {
            id: rule.id.clone(),
            name: rule.name.get(lang).to_owned(),
            family: rule.family.as_str().to_owned(),
            criterion: rule.criterion.clone(),
            level: rule.level,
            confidence: rule.confidence,
            why: rule.why.get(lang).to_owned(),
            law: law
                .into_iter()
                .map(|law| LawCard {
                    id: law.id.to_owned(),
                    jurisdiction: law.jurisdiction.to_owned(),
                    reference: law.reference.to_owned(),
                    wording: law.wording.to_owned(),
                    verified: law.verified.as_str().to_owned(),
                })
                .collect(),
            tags: rule.tags.clone(),
            preview: rule.maturity == super::Maturity::Preview,
        }
    }

    /// The languages that a text of the rule has.
    pub fn languages(texts: &Localised) -> impl Iterator<Item = Lang> + '_ {
        texts.0.keys().copied()
    }
}
