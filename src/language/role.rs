//! The role of a mention: what it does in its document, and why we think so.
//!
//! The role decides, not the mention: of a hundred products that tenders name, about seven are demanded
//! without need. Evidence is read from the outside in: structure, the role of the section (the strongest
//! signal), the sentence, the list's lead-in and the heads of row and column.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::clause::Clause;
use super::lexicon::cell;
use super::reading::Reading;
use super::section::{Section, section};
use crate::document::{BlockKind, MarkKind};

/// What a mention does in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// What is bought: the title, the object of the contract, a lot.
    Object,
    /// A duty of the supply.
    Requirement,
    /// Earns points in the award.
    Criterion,
    /// A certificate, partner status or experience demanded of the bidder or its staff.
    Bidder,
    /// Desired, not demanded.
    Wish,
    /// What the supply must work with.
    Interface,
    /// What exists, what was, how the procedure is run.
    Background,
    /// Addresses, winners, file names, program text.
    Structural,
}

impl Role {
    /// The role as rule files and reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Object => "object",
            Role::Requirement => "requirement",
            Role::Criterion => "criterion",
            Role::Bidder => "bidder",
            Role::Wish => "wish",
            Role::Interface => "interface",
            Role::Background => "background",
            Role::Structural => "structural",
        }
    }
}

/// A role and its evidence, strongest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleReading {
    pub role: Role,
    pub evidence: Vec<Evidence>,
}

/// A reason for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Key of its wording in `rules/lexicon/evidence.tsv`: `heading`, `verb`, `lead-in` …
    pub kind: &'static str,
    /// The words that told it.
    pub words: String,
}

impl Evidence {
    fn new(kind: &'static str, words: &str) -> Evidence {
        let words = match words.char_indices().nth(80) {
            Some((end, _)) => format!("{}…", &words[..end]),
            None => words.to_owned(),
        };
        Evidence { kind, words }
    }
}

/// The role of the words at a byte range of a block.
pub fn of_mention(reading: &Reading<'_>, block: usize, at: &Range<usize>) -> RoleReading {
    let kind = reading.document.blocks[block].kind;
    let decided = |role, kind, words: &str| RoleReading { role, evidence: vec![Evidence::new(kind, words)] };
    if matches!(kind, BlockKind::Code | BlockKind::Header | BlockKind::Footer | BlockKind::Comment) {
        return decided(Role::Structural, "structure", "");
    }
    let in_code = reading.document.blocks[block]
        .marks
        .iter()
        .any(|mark| mark.kind == MarkKind::Code && mark.start <= at.start && at.end <= mark.end);
    if in_code {
        return decided(Role::Structural, "structure", "");
    }
    let clause = Clause::around(reading, block, at);
    if reading.is_title(block) || clause.names_lot() {
        return decided(Role::Object, "title", reading.text(block));
    }
    let section = section(reading, block);
    let mut evidence = Vec::new();
    let role = clause.role(section, &mut evidence);
    if let Some(section) = section
        && evidence.is_empty()
        && section.role == role
    {
        evidence.push(Evidence::new("heading", &section.words(reading)));
    }
    RoleReading { role, evidence }
}

impl Clause<'_, '_> {
    fn role(&self, section: Option<Section>, evidence: &mut Vec<Evidence>) -> Role {
        let section_role = section.map(|section| section.role);
        let mut say = |kind, words: Option<&str>| evidence.push(Evidence::new(kind, words.unwrap_or_default()));
        let heading = || section.map(|section| section.words(self.reading));
        if matches!(section_role, Some(Role::Structural)) {
            say("heading", heading().as_deref());
            return Role::Structural;
        }
        if let Some(words) = self.admitted_alone() {
            say("verb", Some(words));
            return Role::Requirement;
        }
        if let Some(words) = self.excluded().or_else(|| self.not_needed()) {
            say("negated", Some(words));
            return Role::Background;
        }
        if self.reading.text(self.block)[self.range.clone()].trim_end().ends_with('?') {
            say("question", None);
            return Role::Background;
        }
        let duty = self.duty().or_else(|| self.supplied().map(|words| ("verb", words)));
        let exists = self.existing(section_role);
        let interface = self.first(cell!("interface-word")).or_else(|| self.data_source());
        let staff = self.governed(cell!("partner-status")).or_else(|| {
            let of_bidder = section_role == Some(Role::Bidder) || self.governed(cell!("bidder-subject")).is_some();
            self.governed(cell!("bidder-experience-cert")).filter(|_| of_bidder)
        });
        let staff = staff.or_else(|| self.partner_admitted());
        if exists.is_none()
            && let Some(words) = self.points()
        {
            say("points", Some(words));
            return Role::Criterion;
        }
        if exists.is_none()
            && interface.is_none()
            && let Some(words) = self.announced()
        {
            say("object", Some(words));
            return Role::Object;
        }
        if section_role == Some(Role::Background) && (exists.is_some() || duty.is_none()) {
            say("heading", heading().as_deref());
            return Role::Background;
        }
        if let Some(words) = exists {
            say("exists", Some(words));
            return match (interface, &duty) {
                (Some(words), Some(_)) => {
                    say("interface", Some(words));
                    Role::Interface
                }
                _ => Role::Background,
            };
        }
        if let Some(words) = staff {
            say("bidder", Some(words));
            return Role::Bidder;
        }
        if matches!(section_role, Some(Role::Bidder | Role::Criterion)) {
            say("heading", heading().as_deref());
            return section_role.unwrap_or(Role::Criterion);
        }
        if let Some(words) = interface
            && !(duty.is_some() && (self.is_target() || self.is_of_deliverable()))
        {
            say("interface", Some(words));
            return Role::Interface;
        }
        // A list of interfaces names what is there to connect to; a sentence among them may demand.
        if section_role == Some(Role::Interface)
            && self.is_item()
            && duty.as_ref().is_none_or(|(kind, _)| *kind != "verb")
        {
            say("heading", heading().as_deref());
            return Role::Interface;
        }
        let tool = self.first(cell!("procedure-tool"));
        if let Some(words) = tool {
            say("procedure", Some(words));
            return Role::Background;
        }
        match (&duty, self.wish()) {
            (None, Some(words)) => {
                say("wish", Some(words));
                return Role::Wish;
            }
            (Some((kind, words)), wish) => {
                if let Some(wish) = wish
                    && kind != &"verb"
                {
                    say("wish", Some(wish));
                    return Role::Wish;
                }
                say(kind, Some(words));
                return Role::Requirement;
            }
            (None, None) => {}
        }
        match section_role {
            Some(Role::Requirement | Role::Interface)
                if self.first(cell!("buyer-subject")).is_none() && (self.is_item() || self.tells_of_thing()) =>
            {
                say("heading", heading().as_deref());
                Role::Requirement
            }
            Some(Role::Object) if self.opens_section() => {
                say("heading", heading().as_deref());
                Role::Object
            }
            _ => match (self.counted(), self.quantified()) {
                (Some(words), _) => {
                    say("table-head", Some(words));
                    Role::Object
                }
                (None, Some(words)) => {
                    say("quantity", Some(words));
                    Role::Requirement
                }
                (None, None) => {
                    say("no-duty", None);
                    Role::Background
                }
            },
        }
    }
}
