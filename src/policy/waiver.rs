//! Waivers: findings that somebody accepted, with a reason and an end.

use globset::GlobMatcher;

use crate::date::Date;
use crate::finding::Finding;

use super::file::WaiverEntry;

/// A waiver with what is needed to meet findings.
#[derive(Debug, Clone)]
pub struct Waiver {
    pub entry: WaiverEntry,
    pub(super) path: GlobMatcher,
    /// `acquis.yml:12`: where the waiver stands.
    pub place: String,
    /// Whether it stands in the file of the project itself and not in one that it shares with others: only
    /// then it is worth a remark that it meets nothing.
    pub(super) own: bool,
}

impl Waiver {
    /// Whether the waiver holds on a day; its last day included.
    pub fn holds_on(&self, day: Date) -> bool {
        day <= self.entry.until
    }

    /// Whether the finding is the one that was accepted.
    pub fn meets(&self, finding: &Finding) -> bool {
        let location = &finding.location;
        let path_meets = self.path.is_match(&location.uri)
            || location.member.as_ref().is_some_and(|member| self.path.is_match(format!("{}!{member}", location.uri)));
        self.entry.rule == finding.rule
            && path_meets
            && self.entry.quote.as_ref().is_none_or(|quote| folded(&location.context).contains(&folded(quote)))
            && self.entry.section.as_ref().is_none_or(|section| is_in_section(finding, section))
    }
}

/// Whether the passage stands under a heading, given by its number or by its words.
fn is_in_section(finding: &Finding, section: &str) -> bool {
    let section = folded(section);
    let wanted = section.trim_start_matches('§').trim();
    if finding.location.anchor.number.as_deref() == Some(wanted) {
        return true;
    }
    let place = folded(&finding.location.place);
    let Some((_, heading)) = place.split_once("§ ") else { return false };
    // A number must be whole: `3.2` is not `3.21` and not `3.2.1`.
    heading.match_indices(wanted).any(|(start, _)| {
        let before = heading[..start].chars().next_back();
        let after = heading[start + wanted.len()..].chars().next();
        let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '.');
        !wanted.is_empty() && ends(before) && ends(after)
    })
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
