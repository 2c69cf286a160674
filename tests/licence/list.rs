//! The texts of the SPDX list are recognised, each as itself.

use acquis::licence::{Verdict, facts, identify};

use super::{expression, is};

/// What distinguishes ids of the list that have one text.
const SAME_TEXT: [&str; 7] = [
    "-no-invariants",
    "-invariants",
    "-no-RFN",
    "-RFN",
    "-no-copyleft-exception",
    "-Combined-Work-Exception",
    "-or-later",
];

/// The id that is given for the text of an id of the list.
fn expected(id: &str) -> String {
    let replacement = facts(id).map(|facts| facts.replacement).filter(|replacement| !replacement.is_empty());
    let current = replacement.filter(|_| id != "bzip2-1.0.5").unwrap_or(id);
    if current.contains(" WITH ") {
        return current.to_owned();
    }
    let plain = SAME_TEXT.iter().fold(current.to_owned(), |id, part| id.replace(part, ""));
    if current.ends_with("-or-later") { format!("{plain}-only") } else { plain }
}

#[test]
fn every_text_of_the_list_is_itself() {
    let step = if cfg!(debug_assertions) { 7 } else { 1 };
    let mut wrong = Vec::new();
    for (id, text) in spdx::text::LICENSE_TEXTS.iter().step_by(step) {
        if *id == "NOASSERTION" {
            continue;
        }
        let found = identify(text.as_bytes());
        let unmodified = found.regions.iter().all(|region| region.verdict == Verdict::Unmodified);
        if !unmodified || !is(&expression(&found), &expected(id)) {
            wrong.push(format!("{id}: {}", expression(&found)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_notice_or_a_note_is_no_licence() {
    for text in ["", "Hello", "This folder holds the sources of the example.\n"] {
        assert_eq!(expression(&identify(text.as_bytes())), "NOASSERTION", "{text}");
    }
}
