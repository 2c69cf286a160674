//! What a policy makes of findings.

use std::collections::BTreeMap;

use crate::date::Date;
use crate::finding::{Finding, HeldBack, Level, Related};
use crate::rule::RuleCard;

use super::{Baseline, Policy};

/// Findings of one rule in one file, archive member or notice that are reported one by one; the rest are further
/// places of the last.
const MOST_OF_A_RULE: usize = 50;

impl Policy {
    /// Whether a file is left out of the check. `path` is relative to the root, `/` between its parts.
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude.is_match(path)
    }

    /// Applies the policy: what is excluded or switched off goes; levels become those of
    /// the policy; waived findings are held back; many findings of one rule in one file become one with many
    /// places. `rules` gives the level that each rule has by itself. The order stays.
    pub fn apply(&self, findings: Vec<Finding>, rules: &[RuleCard], as_of: Date) -> (Vec<Finding>, HeldBack) {
        let base: BTreeMap<&str, Level> = rules.iter().map(|card| (card.id.as_str(), card.level)).collect();
        let mut met = vec![false; self.waivers.len()];
        let mut held_back = HeldBack::default();
        let mut kept = Vec::new();
        for finding in findings {
            let Some(mut finding) = self.outside_of_exclusions(finding) else { continue };
            finding.level = self.level(&finding, base.get(finding.rule.as_str()).copied());
            if finding.level == Level::Off {
                continue;
            }
            let mut waived = false;
            for (waiver, met) in self.waivers.iter().zip(&mut met) {
                if waiver.meets(&finding) {
                    *met = true;
                    waived |= waiver.holds_on(as_of);
                }
            }
            if waived {
                held_back.waived += 1;
            } else {
                kept.push(finding);
            }
        }
        for (waiver, met) in self.waivers.iter().zip(met) {
            let (place, rule) = (&waiver.place, &waiver.entry.rule);
            if !waiver.holds_on(as_of) {
                let until = waiver.entry.until;
                held_back
                    .remarks
                    .push(format!("{place}: the waiver of {rule} ended on {until}: renew it or take it out"));
            } else if waiver.own && !met {
                held_back.remarks.push(format!("{place}: the waiver of {rule} meets no finding: take it out"));
            }
        }
        (folded(kept), held_back)
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

/// Holds back what the baseline knows, and remarks on its entries that meet nothing any more.
pub fn hold_back_known(
    baseline: &Baseline,
    file: &str,
    findings: Vec<Finding>,
    held_back: &mut HeldBack,
) -> Vec<Finding> {
    let (new, known, stale) = baseline.part(findings);
    held_back.in_baseline += known;
    for entry in stale {
        held_back.remarks.push(format!(
            "{file}: {} of {} in {} is not found any more: write the baseline anew",
            entry.count, entry.rule, entry.file
        ));
    }
    new
}
