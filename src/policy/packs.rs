//! Policies that others publish: those that come with acquis, and those that stand at an address, each pinned by its
//! digest and kept in a lock file beside the policy.
//!
//! A check reads what is locked and opens no connection. Only a caller that can fetch (`--online`) gets what the lock
//! does not hold, and writes it there.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::de::{MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use super::load::read_text;
use crate::builtin;

/// Name of the lock file beside the policy file.
pub const LOCK_NAME: &str = "acquis.lock";

const VERSION: u32 = 1;

/// What a policy builds on.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum Base {
    /// A policy that comes with acquis, by its name (`fr`), or a policy file, relative to this one (`base.yml`).
    Named(String),
    /// A policy at an address.
    Remote(RemotePack),
}

impl<'de> Deserialize<'de> for Base {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Base, D::Error> {
        struct NameOrPack;
        impl<'de> Visitor<'de> for NameOrPack {
            type Value = Base;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a policy's name or file, or {url, sha256}")
            }

            fn visit_str<E>(self, name: &str) -> Result<Base, E> {
                Ok(Base::Named(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Base, A::Error> {
                RemotePack::deserialize(MapAccessDeserializer::new(map)).map(Base::Remote)
            }
        }
        deserializer.deserialize_any(NameOrPack)
    }
}

/// A policy file at an address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemotePack {
    /// Where the file is: `https://…`.
    pub url: String,
    /// SHA-256 of the file, in hexadecimal: nothing else is taken for it.
    pub sha256: String,
}

/// The text of a policy that comes with acquis.
pub(super) fn builtin(name: &str) -> Option<&'static str> {
    builtin::file(&format!("packs/{name}.yaml"))
}

/// The names of the policies that come with acquis.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    builtin::files("packs/").filter_map(|(path, _)| path.strip_prefix("packs/")?.strip_suffix(".yaml"))
}

/// Fetches the text at an address.
pub type Fetch = dyn Fn(&str) -> Result<String, String>;

/// What a lock file holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lock {
    version: u32,
    packs: Vec<Locked>,
}

/// One policy as it was fetched.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Locked {
    url: String,
    sha256: String,
    text: String,
}

/// Why a policy can't be had, and what to do.
pub(super) struct Refusal {
    pub message: String,
    pub help: String,
}

/// The lock file of a policy, and a way to fetch what it lacks.
pub(super) struct Packs<'f> {
    /// `None` for a policy that lies in no folder.
    file: Option<PathBuf>,
    lock: Lock,
    fetch: Option<&'f Fetch>,
    used: BTreeSet<String>,
    fetched: bool,
}

impl<'f> Packs<'f> {
    /// The lock file beside a policy file, if there is one.
    pub fn beside(folder: Option<&Path>, fetch: Option<&'f Fetch>) -> Result<Packs<'f>, Refusal> {
        let file = folder.map(|folder| folder.join(LOCK_NAME));
        let lock = match file.as_deref().filter(|file| file.exists()) {
            Some(file) => read_lock(file)?,
            None => Lock { version: VERSION, packs: Vec::new() },
        };
        Ok(Packs { file, lock, fetch, used: BTreeSet::new(), fetched: false })
    }

    /// The text of a policy at an address, from the lock file or fetched, in either case of the digest that is asked
    /// for.
    pub fn text(&mut self, pack: &RemotePack) -> Result<String, Refusal> {
        let RemotePack { url, sha256 } = pack;
        if sha256.len() != 64 || !sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            let help = "`sha256sum FILE` tells it: 64 digits and letters from a to f";
            return Err(Refusal { message: format!("`{sha256}` is no SHA-256"), help: help.to_owned() });
        }
        if !is_allowed(url) {
            let help = "an address begins with https://";
            return Err(Refusal { message: format!("`{url}` is not taken for a policy"), help: help.to_owned() });
        }
        self.used.insert(sha256.clone());
        if let Some(locked) = self.lock.packs.iter().find(|locked| locked.sha256 == *sha256) {
            let actual = digest(&locked.text);
            return match actual == *sha256 {
                true => Ok(locked.text.clone()),
                false => Err(Refusal {
                    message: format!("{LOCK_NAME} was altered: its text of {url} has the SHA-256 {actual}"),
                    help: format!("delete {LOCK_NAME} and run once with --online"),
                }),
            };
        }
        let Some(fetch) = self.fetch else {
            return Err(Refusal {
                message: format!("the policy at {url} with the SHA-256 {sha256} is not in {LOCK_NAME}"),
                help: format!("run once with --online: it is fetched and kept in {LOCK_NAME}, beside the policy"),
            });
        };
        let text = fetch(url).map_err(|cause| Refusal {
            message: format!("the policy at {url} can't be fetched: {cause}"),
            help: "look whether the address is right and can be reached".to_owned(),
        })?;
        let actual = digest(&text);
        if actual != *sha256 {
            return Err(Refusal {
                message: format!("the policy at {url} has the SHA-256 {actual}, and {sha256} was expected"),
                help: "read what changed there; if it shall hold, write the new digest into `sha256`".to_owned(),
            });
        }
        self.fetched = true;
        self.lock.packs.push(Locked { url: url.clone(), sha256: sha256.clone(), text: text.clone() });
        Ok(text)
    }

    /// Writes the lock file where something was fetched, with what is used and nothing else.
    pub fn keep(mut self) -> Result<(), Refusal> {
        let Some(file) = self.file.filter(|_| self.fetched) else { return Ok(()) };
        self.lock.packs.retain(|locked| self.used.contains(&locked.sha256));
        self.lock.packs.sort_by(|a, b| (&a.url, &a.sha256).cmp(&(&b.url, &b.sha256)));
        // Texts and numbers only, so this can't fail.
        let text = serde_json::to_string_pretty(&self.lock).unwrap_or_default() + "\n";
        std::fs::write(&file, text).map_err(|error| Refusal {
            message: format!("{} can't be written: {error}", file.display()),
            help: "the lock file stands beside the policy".to_owned(),
        })
    }
}

/// Only what can't be read or altered on the way, or doesn't leave the machine.
fn is_allowed(url: &str) -> bool {
    let printable = url.bytes().all(|byte| byte.is_ascii_graphic());
    printable && (url.starts_with("https://") || url.starts_with("http://127.0.0.1:"))
}

fn read_lock(file: &Path) -> Result<Lock, Refusal> {
    let help = || format!("delete {} and run once with --online", file.display());
    let text = read_text(file)
        .map_err(|error| Refusal { message: format!("{} can't be read: {error}", file.display()), help: help() })?;
    let lock: Lock = serde_json::from_str(&text)
        .map_err(|error| Refusal { message: format!("{} is no lock file: {error}", file.display()), help: help() })?;
    match lock.version {
        VERSION => Ok(lock),
        other => Err(Refusal { message: format!("version {other} of the lock file is not known"), help: help() }),
    }
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
