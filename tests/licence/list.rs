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

#[test]
fn short_licences_in_a_row_are_no_long_one() {
    let bsd = super::text("BSD-3-Clause");
    let of = |holder: &str| bsd.replace("the copyright holder nor", &format!("{holder} nor"));
    let file = format!("{}\n\n{}\n\n{}", of("Example Ltd."), of("the university"), of("the project"));
    assert_eq!(expression(&identify(file.as_bytes())), "BSD-3-Clause");
}

#[test]
fn a_notice_in_other_words_is_the_notice() {
    let amazon = "Copyright 2026 Example Ltd. All Rights Reserved.\n\nLicensed under the Apache License, Version 2.0 (the \
                  \"License\"). You may not use this file except in compliance with the License. A copy of the License \
                  is located at\n\n    http://example.org/apache2.0/\n\nor in the \"license\" file accompanying this \
                  file. This file is distributed on an \"AS IS\" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, \
                  either express or implied. See the License for the specific language governing permissions and \
                  limitations under the License.\n";
    assert_eq!(expression(&identify(amazon.as_bytes())), "Apache-2.0");
    let dedication = "Written in 2026 by Anna Example\n\nTo the extent possible under law, the author has dedicated all \
                      copyright and related and neighboring rights to this software to the public domain worldwide. \
                      This software is distributed without any warranty.\n";
    assert_eq!(expression(&identify(dedication.as_bytes())), "CC0-1.0");
}
