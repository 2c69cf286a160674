//! Drafts of files that a repository lacks, filled with what it says about itself elsewhere and nothing else.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::publiccode::FILE_NAME;
use super::yaml::Yaml;
use super::{Repository, manifest};
use crate::finding::FileChange;
use crate::language::language_of;
use crate::licence;

/// The files that can be drafted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scaffold {
    /// A publiccode.yml with what manifests and git tell; what nobody but the owner knows stands in it as remarks.
    Publiccode,
    /// A SECURITY.md, where a contact is known.
    SecurityPolicy,
}

impl Scaffold {
    /// The draft; `None` where too little is known for one.
    pub fn draft(self, repository: &Repository) -> Option<FileChange> {
        let known = Known::of(repository);
        let (uri, text) = match self {
            Scaffold::Publiccode => (FILE_NAME, publiccode(&known)?),
            Scaffold::SecurityPolicy => ("SECURITY.md", security_policy(&known)?),
        };
        Some(FileChange::Create { uri: uri.to_owned(), text, safe: false })
    }
}

/// What a repository says about itself.
#[derive(Debug, Default)]
struct Known {
    name: Option<String>,
    /// Address of the repository, without credentials.
    url: Option<String>,
    homepage: Option<String>,
    version: Option<String>,
    description: Option<String>,
    licence: Option<String>,
    /// Where to write about vulnerabilities.
    contact: Option<String>,
}

impl Known {
    fn of(repository: &Repository) -> Known {
        let mut known = Known::default();
        for (path, read) in MANIFESTS {
            if let Some(text) = repository.text(path) {
                let fields = read(&text);
                let field = |keys: &[&str]| keys.iter().find_map(|key| fields.get(*key)).cloned();
                known.name = known.name.or_else(|| field(&["name"]).map(|name| bare(&name)));
                known.version = known.version.or_else(|| field(&["version"]).filter(|version| version != "0.0.0"));
                known.description = known.description.or_else(|| field(&["description"]));
                known.homepage =
                    known.homepage.or_else(|| field(&["homepage"]).filter(|url| url.starts_with("https:")));
                known.url = known.url.or_else(|| field(&["repository.url", "repository"]).and_then(|url| web(&url)));
                known.contact = known.contact.or_else(|| field(&["bugs.email", "support.security", "support.email"]));
            }
        }
        if let Some(text) = repository.facts.publiccode().and_then(|path| repository.text(path)) {
            known.contact = contact_of(&text).or(known.contact);
        }
        known.url = remote(repository).or(known.url);
        known.name = known.name.or_else(|| known.url.as_deref().and_then(name_of));
        known.licence = repository.declared_licence().or_else(|| licence_of_text(repository));
        known
    }
}

/// Manifests at the root, the most telling first, each with its reader: dotted keys to values.
type Reader = fn(&str) -> BTreeMap<String, String>;
const MANIFESTS: [(&str, Reader); 6] = [
    ("package.json", json),
    ("composer.json", json),
    ("pyproject.toml", toml),
    ("Cargo.toml", toml),
    ("pom.xml", pom),
    ("go.mod", go),
];

/// The licence of the project's only licence text, where that leaves open nothing.
fn licence_of_text(repository: &Repository) -> Option<String> {
    let mut texts = repository.licence_texts.iter().filter(|text| text.is_of_project());
    let (text, None) = (texts.next()?, texts.next()) else { return None };
    let expression = licence::expression_of(&text.identification)?;
    licence::canonical_id(&expression).filter(|id| *id == expression).map(str::to_owned)
}

fn json(text: &str) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    if let Ok(value) = serde_json::from_str(text) {
        flatten("", &value, &mut fields);
    }
    fields
}

fn toml(text: &str) -> BTreeMap<String, String> {
    let Ok(table) = text.parse::<toml::Table>() else { return BTreeMap::new() };
    let value = serde_json::to_value(&table).unwrap_or_default();
    let mut fields = BTreeMap::new();
    for section in [&value["project"], &value["package"], &value["tool"]["poetry"]] {
        flatten("", section, &mut fields);
    }
    for (key, name) in
        [("urls.Repository", "repository"), ("urls.repository", "repository"), ("urls.Homepage", "homepage")]
    {
        if let Some(url) = fields.get(key).cloned() {
            fields.entry(name.to_owned()).or_insert(url);
        }
    }
    fields
}

fn pom(text: &str) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    let Ok(document) = manifest::xml(text) else { return fields };
    let keys = [
        ("name", "name"),
        ("artifactId", "name"),
        ("version", "version"),
        ("description", "description"),
        ("url", "homepage"),
        ("scm/url", "repository"),
    ];
    for (path, key) in keys {
        let element = path.split('/').try_fold(document.root_element(), |node, name| manifest::child(node, name));
        // What a property or a parent says is not seen here.
        let value = element.and_then(|element| element.text()).map(str::trim).filter(|value| !value.contains("${"));
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            fields.entry(key.to_owned()).or_insert_with(|| value.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    fields
}

/// A module is named by where it is found: host, path and, from the second on, its major version.
fn go(text: &str) -> BTreeMap<String, String> {
    let module = text.lines().find_map(|line| line.trim().strip_prefix("module ")).map(str::trim);
    let Some(module) = module.filter(|module| module.contains('/')) else { return BTreeMap::new() };
    let is_version = |part: &str| part.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok());
    let parts: Vec<&str> = module.split('/').filter(|part| !is_version(part)).collect();
    let mut fields = BTreeMap::from([("name".to_owned(), parts.last().copied().unwrap_or_default().to_owned())]);
    if let [host, owner, name, ..] = parts.as_slice()
        && host.contains('.')
    {
        fields.insert("repository".to_owned(), format!("https://{host}/{owner}/{name}"));
    }
    fields
}

/// Texts of objects two levels deep.
fn flatten(prefix: &str, value: &serde_json::Value, fields: &mut BTreeMap<String, String>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            serde_json::Value::String(text) if !text.trim().is_empty() => {
                fields.entry(key).or_insert_with(|| text.trim().to_owned());
            }
            serde_json::Value::Object(_) if prefix.is_empty() => flatten(&key, value, fields),
            _ => {}
        }
    }
}

/// `@scope/name` and `vendor/name` without what stands before.
fn bare(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).to_owned()
}

fn name_of(url: &str) -> Option<String> {
    let name = url.trim_end_matches('/').trim_end_matches(".git").rsplit('/').next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// An address of a repository as one for https, without user and password. `None` for a path.
fn web(url: &str) -> Option<String> {
    let url = url.strip_prefix("git+").unwrap_or(url);
    let rest = match url.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => rest.to_owned(),
        Some(_) => return None,
        // `git@host:owner/name`
        None => {
            let (host, path) = url.split_once(':')?;
            let (_, host) = host.split_once('@')?;
            format!("{host}/{}", path.trim_start_matches('/'))
        }
    };
    let (authority, path) = rest.split_once('/')?;
    let host = authority.rsplit('@').next().filter(|host| host.contains('.'))?;
    // The port of ssh is not that of https.
    let host = if url.starts_with("http") { host } else { host.split(':').next().unwrap_or(host) };
    Some(format!("https://{host}/{path}"))
}

/// The remote `origin` of the work tree.
fn remote(repository: &Repository) -> Option<String> {
    let config = std::fs::read_to_string(repository.root().join(".git/config")).ok()?;
    let section = config.split("[remote \"origin\"]").nth(1)?.split("\n[").next()?;
    let url = section.lines().find_map(|line| line.trim().strip_prefix("url").map(str::trim_start))?;
    web(url.strip_prefix('=')?.trim())
}

/// An address in `maintenance.contacts` of a publiccode.yml.
fn contact_of(text: &str) -> Option<String> {
    let yaml = Yaml::parse(text).ok()?;
    let contacts = yaml.root()?.get("maintenance")?.get("contacts")?;
    let addresses = contacts.items().filter_map(|contact| contact.get("email")?.text().map(str::to_owned));
    addresses.into_iter().next()
}

fn publiccode(known: &Known) -> Option<String> {
    let name = known.name.as_deref()?;
    let mut out = String::from("publiccodeYmlVersion: \"0\"\n");
    let mut key = |key: &str, value: Option<&str>, remark: &str| {
        out.push_str(&match value {
            Some(value) => format!("{key}: {}\n", quoted(value)),
            None => format!("# {key}: {remark}\n"),
        });
    };
    key("name", Some(name), "");
    key("url", known.url.as_deref(), "the address of the repository");
    key("landingURL", known.homepage.as_deref(), "the address of the project's page");
    key("softwareVersion", known.version.as_deref(), "the latest stable version");
    out.push_str(
        "# platforms: [web, windows, mac, linux, ios, android]\n\
         # developmentStatus: concept, development, beta, stable or obsolete\n\
         # softwareType: standalone/web, standalone/mobile, library …\n",
    );
    let short = known.description.as_deref().filter(|text| text.chars().count() <= MOST_SHORT);
    match short.zip(short.and_then(language_of)) {
        Some((text, lang)) => {
            out.push_str(&format!("description:\n  {}:\n    shortDescription: {}\n", lang.as_str(), quoted(text)))
        }
        None => out.push_str("description:\n  # en:\n    # shortDescription: at most 150 characters\n"),
    }
    out.push_str("    # longDescription: 150 to 10000 characters\n    # features: [at least one]\n");
    out.push_str("legal:\n");
    match &known.licence {
        Some(licence) => out.push_str(&format!("  license: {licence}\n")),
        None => out.push_str("  # license: an SPDX expression\n"),
    }
    out.push_str(
        "maintenance:\n  # type: internal, contract, community or none\n  # contacts, or contractors for a contract\n",
    );
    out.push_str("localisation:\n  # localisationReady: true or false\n  # availableLanguages: [en]\n");
    Some(out)
}

/// Characters of `shortDescription` (publiccode.yml 0.7).
const MOST_SHORT: usize = 150;

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn security_policy(known: &Known) -> Option<String> {
    let contact = known.contact.as_deref()?;
    let name = known.name.as_deref().unwrap_or("this software");
    Some(format!("# Security\n\nPlease report vulnerabilities of {name} to <{contact}>, not in public issues.\n"))
}
