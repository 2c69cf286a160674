//! What is checked and by which policy: the arguments that several commands share.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use acquis::date::Date;
use acquis::finding::Level;
use acquis::lang::Lang;
use acquis::policy::{Buyer, Jurisdiction, Policy};
use acquis::repository::publiccode::Ask;
use acquis::rule::{Profile, Rule, RuleCard};
use clap::{Args, ValueEnum};
use miette::Result;

/// Languages in which acquis speaks.
const LANGUAGES: [&str; 8] = ["en", "fr", "de", "nl", "da", "el", "it", "es"];

#[derive(Args)]
pub struct Selection {
    /// Files, folders or archives; `-` is standard input. Files and folders that are named together are one
    /// procurement
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Take what is named for this, whatever it looks like
    #[arg(long = "as", value_enum, value_name = "KIND")]
    pub kind: Option<Kind>,

    /// Folder to which places in reports are relative, and where acquis.yml is looked for
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,

    #[command(flatten)]
    pub rules: RuleSelection,
}

/// By which policy and rules.
#[derive(Args)]
pub struct RuleSelection {
    /// Policy file; without it acquis.yml at the root of what is checked
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,

    /// Whose law applies, besides that of the European Union: fr, de, nl …
    #[arg(long, value_delimiter = ',', value_name = "CODE")]
    pub jurisdiction: Vec<Jurisdiction>,

    /// Level of government that buys
    #[arg(long, value_enum)]
    pub buyer: Option<Buyer>,

    /// For whom the check is made
    #[arg(long, value_enum)]
    pub profile: Option<Profile>,

    /// Language of messages and reports: en, fr, de, nl, da, el, it, es
    #[arg(long, value_name = "CODE")]
    pub lang: Option<Lang>,

    /// Level of a rule: error, warning, note or off
    #[arg(long, value_parser = level_of, value_name = "RULE=LEVEL")]
    pub level: Vec<(String, Level)>,

    /// Apply laws, lists and waivers as they stood on this day
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,

    /// Run the rules that are still on trial, too
    #[arg(long)]
    pub preview: bool,

    /// Judge notices too that buy no information technology by their CPV codes
    #[arg(long)]
    pub any_purchase: bool,

    /// Fetch the policies at addresses that the policy extends, where acquis.lock does not hold them, and ask whether
    /// the addresses in publiccode.yml answer
    #[cfg(feature = "forge")]
    #[arg(long)]
    pub online: bool,

    /// Folder with rules of your own, besides those that come with acquis or in place of them, by id
    #[arg(long = "rules", value_name = "DIR")]
    pub own_rules: Option<PathBuf>,
}

/// What a path is taken for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A source repository
    Repository,
    /// The documents of a procurement
    Tender,
    /// Notices: eForms, TED, OCDS
    Notice,
    /// A publiccode.yml file
    Publiccode,
}

impl From<Kind> for acquis::input::Kind {
    fn from(kind: Kind) -> acquis::input::Kind {
        match kind {
            Kind::Repository => acquis::input::Kind::Repository,
            Kind::Tender => acquis::input::Kind::Tender,
            Kind::Notice => acquis::input::Kind::Notice,
            Kind::Publiccode => acquis::input::Kind::Publiccode,
        }
    }
}

/// The policy that applies, and the rules it applies to.
pub struct Frame {
    pub policy: Policy,
    pub rules: Vec<Rule>,
    pub lang: Lang,
    pub as_of: Date,
}

impl RuleSelection {
    /// The policy with what the command line says on top, and the rules that exist.
    ///
    /// # Errors
    /// A policy or rule file that is wrong, a rule id that no rule has.
    pub fn frame(&self, roots: &[PathBuf]) -> Result<Frame> {
        let mut policy = Policy::load(self.policy.as_deref(), roots, self.fetch())?;
        let mut rules = acquis::rule::builtin_rules().to_vec();
        if let Some(folder) = &self.own_rules {
            let own = acquis::rule::from_folder(folder).map_err(|error| *error)?;
            rules.retain(|rule| own.iter().all(|own| own.file.id != rule.file.id));
            rules.extend(own);
            rules.sort_by(|a, b| a.file.id.cmp(&b.file.id));
        }
        policy.check_rule_ids(rules.iter().map(|rule| rule.file.id.as_str()))?;
        for jurisdiction in &self.jurisdiction {
            if !policy.jurisdictions.contains(jurisdiction) {
                policy.jurisdictions.push(jurisdiction.clone());
            }
        }
        for (rule, level) in &self.level {
            if !rules.iter().any(|known| known.file.id == *rule) {
                return Err(super::explain::no_such_rule(rule, &rules));
            }
            policy.set_level(rule, *level);
        }
        policy.buyer = self.buyer.or(policy.buyer);
        policy.profile = self.profile.or(policy.profile);
        let as_of = self.as_of.or(policy.as_of).unwrap_or_else(today);
        let lang = self.lang.or(policy.lang).or_else(lang_of_the_environment).unwrap_or(Lang::EN);
        Ok(Frame { policy, rules, lang, as_of })
    }
}

impl RuleSelection {
    /// How policies at addresses are fetched, if they may be.
    #[cfg(feature = "forge")]
    fn fetch(&self) -> Option<&'static acquis::policy::Fetch> {
        self.online.then_some(&|url| acquis::forge::fetch_text(url).map_err(|error| error.to_string()))
    }

    /// A build that opens no connection fetches nothing.
    #[cfg(not(feature = "forge"))]
    fn fetch(&self) -> Option<&'static acquis::policy::Fetch> {
        None
    }

    /// How the addresses that a publiccode.yml names are asked, if they may be.
    #[cfg(feature = "forge")]
    pub fn asking(&self) -> Option<Box<Ask<'static>>> {
        let asking = acquis::forge::Asking::default();
        self.online.then_some(Box::new(move |addresses| asking.ask(addresses)))
    }

    /// A build that opens no connection asks nobody.
    #[cfg(not(feature = "forge"))]
    pub fn asking(&self) -> Option<Box<Ask<'static>>> {
        None
    }
}

impl Frame {
    /// The rules as reports show them.
    pub fn cards(&self) -> Vec<RuleCard> {
        let jurisdictions = if self.policy.jurisdictions.is_empty() { Vec::new() } else { self.policy.in_force() };
        self.rules.iter().map(|rule| rule.card(self.lang, &jurisdictions)).collect()
    }
}

fn level_of(text: &str) -> Result<(String, Level), String> {
    let (rule, level) = text.split_once('=').ok_or("RULE=LEVEL is expected: product-in-title=note")?;
    Ok((rule.to_owned(), level.parse()?))
}

fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Date::from_unix(since.as_secs())
}

/// The language of the user's locale, if acquis speaks it (POSIX: the first of these that is set counts).
pub fn lang_of_the_environment() -> Option<Lang> {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))?;
    Lang::from_tag(&locale).filter(|lang| LANGUAGES.contains(&lang.as_str()))
}
