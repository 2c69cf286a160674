//! What a policy makes of findings.

use std::collections::BTreeMap;

use crate::date::Date;
use crate::finding::{Finding, HeldBack, Level, Related};
use crate::rule::RuleCard;

use super::Policy;

/// Findings of one rule in one file, archive member or notice that are reported one by one; the rest are further
/// places of the last.
const MOST_OF_A_RULE: usize = 50;

impl Policy {
    /// Whether a file is left out of the check. `path` is relative to the root, `/` between its parts.
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude.is_match(path)
    }

    /// The finding without its places in excluded files: where its own is one, the first of its further places
    /// that is none takes it over. `None` where nothing is left.
    fn outside_of_exclusions(&self, mut finding: Finding) -> Option<Finding> {
        finding.related.retain(|related| !self.excludes(&related.location.uri));
        if self.excludes(&finding.location.uri) {
            if finding.related.is_empty() {
                return None;
            }
            finding.location = finding.related.remove(0).location;
            // The edits were made for the file that is excluded.
            finding.fix.clear();
        }
        Some(finding)
    }

    /// The policy's level for a finding. What lowered the finding below the level of its rule (its role, an
    /// equivalence near by) lowers it below the policy's level as well.
    fn level(&self, finding: &Finding, base: Option<Level>) -> Level {
        let by_path = self
            .paths
            .iter()
            .rev()
            .filter(|(glob, _)| glob.is_match(&finding.location.uri))
            .find_map(|(_, rules)| rules.get(&finding.rule));
        let Some(&level) = by_path.or_else(|| self.levels.get(&finding.rule)) else { return finding.level };
        let steps = (base.unwrap_or(finding.level) as u8).saturating_sub(finding.level as u8);
        level.lowered(steps)
    }
}

/// A policy at work on one run, whose findings come in parts: those of a notice, of a tender, of a repository.
pub struct Sieve<'p> {
    policy: &'p Policy,
    /// The level that each rule has by itself.
    base: BTreeMap<&'p str, Level>,
    as_of: Date,
    /// Whether each waiver met a finding.
    met: Vec<bool>,
    waived: u32,
}

impl<'p> Sieve<'p> {
    /// `rules` gives the level that each rule has by itself.
    pub fn new(policy: &'p Policy, rules: &'p [RuleCard], as_of: Date) -> Sieve<'p> {
        let base = rules.iter().map(|card| (card.id.as_str(), card.level)).collect();
        Sieve { policy, base, as_of, met: vec![false; policy.waivers.len()], waived: 0 }
    }

    /// What counts of a part's findings: what is excluded or switched off goes; levels become those of the policy;
    /// waived findings are held back; many findings of one rule in one file become one with many places. The order
    /// stays. A part holds all findings of its files and notices.
    pub fn apply(&mut self, findings: Vec<Finding>) -> Vec<Finding> {
        let mut kept = Vec::new();
        for finding in findings {
            let Some(mut finding) = self.policy.outside_of_exclusions(finding) else { continue };
            finding.level = self.policy.level(&finding, self.base.get(finding.rule.as_str()).copied());
            if finding.level == Level::Off {
                continue;
            }
            let mut waived = false;
            for (waiver, met) in self.policy.waivers.iter().zip(&mut self.met) {
                if waiver.meets(&finding) {
                    *met = true;
                    waived |= waiver.holds_on(self.as_of);
                }
            }
            if waived {
                self.waived += 1;
            } else {
                kept.push(finding);
            }
        }
        folded(kept)
    }

    /// How many findings were held back, and the waivers that have ended or met nothing in the whole run.
    pub fn held_back(self) -> HeldBack {
        let mut remarks = Vec::new();
        for (waiver, met) in self.policy.waivers.iter().zip(self.met) {
            let (place, rule) = (&waiver.place, &waiver.entry.rule);
            if !waiver.holds_on(self.as_of) {
                let until = waiver.entry.until;
                remarks.push(format!("{place}: the waiver of {rule} ended on {until}: renew it or take it out"));
            } else if waiver.own && !met {
                remarks.push(format!("{place}: the waiver of {rule} meets no finding: take it out"));
            }
        }
        HeldBack { waived: self.waived, in_baseline: 0, remarks }
    }
}

/// Makes further places of what goes beyond [`MOST_OF_A_RULE`] findings of one rule in one file. A package holds
/// thousands of notices that have nothing to do with each other: each counts by itself.
fn folded(findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen: BTreeMap<[String; 4], (usize, usize)> = BTreeMap::new();
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let member = finding.location.member.clone().unwrap_or_default();
        let notice = finding.properties.get("notice-id").map(ToString::to_string).unwrap_or_default();
        let key = [finding.location.uri.clone(), member, notice, finding.rule.clone()];
        let (count, last) = seen.entry(key).or_default();
        *count += 1;
        if *count <= MOST_OF_A_RULE {
            *last = kept.len();
            kept.push(finding);
        } else {
            let keeper = &mut kept[*last];
            keeper.level = keeper.level.max(finding.level);
            keeper.related.push(Related { location: finding.location, message: finding.message });
        }
    }
    kept
}
