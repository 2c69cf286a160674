//! A licence with a condition added is not that licence, wherever the condition stands and in whatever language.

use acquis::licence::{ChangeKind, Verdict, identify};

use super::{expression, sample, text};

const CONDITIONS: [&str; 14] = [
    "This software may not be used for commercial purposes.",
    "Public authorities must buy a subscription from the author before they use the software.",
    "Resale of the software, alone or as part of a product, is prohibited.",
    "The software must not be used to train machine learning models.",
    "Use is permitted for an evaluation period of 90 days only.",
    "Organisations with more than 250 employees need a paid licence.",
    "The Licensee shall not provide the software to third parties as a hosted or managed service.",
    "Redistribution requires the prior written consent of Example Ltd.",
    "Toute administration publique doit acquérir une licence payante auprès de l'auteur.",
    "L'utilisation commerciale du logiciel est interdite sans accord écrit.",
    "Behörden dürfen die Software nur nach Abschluss eines kostenpflichtigen Vertrags nutzen.",
    "Die gewerbliche Nutzung ist untersagt.",
    "Overheidsorganisaties mogen de software alleen met een betaald abonnement gebruiken.",
    "Doorverkoop van de software is niet toegestaan.",
];

const LICENCES: [&str; 12] = [
    "MIT",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Apache-2.0",
    "EUPL-1.2",
    "AGPL-3.0-only",
    "GPL-3.0-only",
    "MPL-2.0",
    "ISC",
    "LGPL-2.1-only",
    "CECILL-2.1",
    "EPL-2.0",
];

/// The text with a paragraph before the first, the middle or behind the last one; and the paragraph's line, from 1.
fn insert(text: &str, condition: &str, place: usize) -> (String, usize) {
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let at = paragraphs.len() * place / 2;
    let mut all = paragraphs[..at].to_vec();
    all.push(condition);
    let line = if at == 0 { 1 } else { paragraphs[..at].join("\n\n").matches('\n').count() + 3 };
    all.extend(&paragraphs[at..]);
    (all.join("\n\n"), line)
}

#[test]
fn no_added_condition_passes() {
    let mut accepted = Vec::new();
    let step = if cfg!(debug_assertions) { 5 } else { 1 };
    let cases = LICENCES.iter().flat_map(|id| CONDITIONS.iter().map(move |condition| (id, condition)));
    for (id, condition) in cases.step_by(step) {
        for place in 0..3 {
            let (changed, line) = insert(text(id), condition, place);
            let found = identify(changed.as_bytes());
            let quoted = found.regions.iter().any(|region| match &region.verdict {
                Verdict::Changed(changes) | Verdict::Incomplete { changes, .. } => changes.iter().any(|change| {
                    change.kind == ChangeKind::Added
                        && change.line == line
                        && change.text.contains(condition.trim_end_matches('.'))
                }),
                _ => false,
            });
            if !quoted || expression(&found) == *id {
                accepted.push(format!("{id}, {place}, {condition}: {} {:?}", expression(&found), found.regions));
            }
        }
    }
    assert!(accepted.is_empty(), "{} {:#?}", accepted.len(), &accepted[..accepted.len().min(6)]);
}

#[test]
fn a_condition_among_the_names_is_found() {
    for (before, after) in [
        ("Copyright (c) <year> <copyright holders>", "Copyright (c) 2020 Example. Public bodies must pay for use."),
        ("furnished to do so", "furnished to do so for a fee"),
        ("AUTHORS OR COPYRIGHT HOLDERS", "AUTHORS, TO WHOM PUBLIC BODIES MUST PAY A FEE,"),
        ("without restriction", "without restriction except for commercial purposes"),
    ] {
        let changed = text("MIT").replace(before, after);
        assert_ne!(changed, text("MIT"), "{before}");
        assert_eq!(expression(&identify(changed.as_bytes())), "LicenseRef-MIT-changed", "{after}");
    }
}

#[test]
fn every_licence_of_a_file_is_named() {
    let ids: Vec<_> = sample().filter(|id| !id.ends_with("-only")).collect();
    for pair in ids.windows(2) {
        let joined = format!("{}\n\n----------\n\n{}", text(pair[0]), text(pair[1]));
        assert_eq!(expression(&identify(joined.as_bytes())), pair.join(" AND "));
    }
}
