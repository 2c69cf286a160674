//! One finding where a notice says the same thing in several languages.
//!
//! The versions of a text stand at paths that differ in one number only: that of the form (TED) or of the
//! element repeated by language (eForms). The first version's findings stay; those of the others stand beside
//! them in their order.

use std::collections::BTreeMap;

use crate::finding::{Finding, Related};

/// Rule, file and path without the number that tells the version.
type Text = (String, String, Option<String>, String);

/// Folds the findings of a notice's further languages into those of its first. The order must be that of the
/// blocks; findings that stand in no notice pass unchanged.
pub fn fold(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    // By text: the path of the version that stays, and where its findings stand in `kept`.
    let mut first: BTreeMap<Text, (String, Vec<usize>)> = BTreeMap::new();
    // How many findings of each further version are folded.
    let mut further: BTreeMap<(String, String), usize> = BTreeMap::new();
    for finding in findings {
        let Some((path, text)) = key(&finding) else {
            kept.push(finding);
            continue;
        };
        let (version, places) = first.entry(text).or_insert_with(|| (path.clone(), Vec::new()));
        if *version == path {
            places.push(kept.len());
            kept.push(finding);
            continue;
        }
        let number = further.entry((finding.rule.clone(), path)).or_default();
        if let Some(original) = places.get(*number).or(places.last()).and_then(|at| kept.get_mut(*at)) {
            original.related.push(Related { message: finding.location.snippet.clone(), location: finding.location });
            original.related.extend(finding.related);
        }
        *number += 1;
    }
    kept
}

/// The path of a finding in a notice, and the text of which it is a version.
fn key(finding: &Finding) -> Option<(String, Text)> {
    let path = finding.location.anchor.path.clone()?;
    finding.location.anchor.field.as_ref()?;
    let of_text = match path.strip_prefix("/TED_EXPORT/FORM_SECTION/") {
        Some(below) => {
            let (form, rest) = below.split_once('/').unwrap_or((below, ""));
            format!("{}/{rest}", form.split('[').next().unwrap_or(form))
        }
        None => path.strip_suffix(']').and_then(|p| p.rsplit_once('[')).map_or(path.as_str(), |(p, _)| p).to_owned(),
    };
    let location = &finding.location;
    Some((path, (finding.rule.clone(), location.uri.clone(), location.member.clone(), of_text)))
}
