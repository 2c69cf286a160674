//! What a file's licence texts come down to, as one SPDX expression.

use super::table::{self, Openness};
use super::text::{Identification, Kind, Region, Verdict};

/// The licences that a file holds, joined with `AND`; an exception follows its licence with `WITH`.
///
/// - A text to which words were added or from which words were removed is not that licence, so it stands as
///   `LicenseRef-ID-changed`. One that only lacks its end or beginning stands by its id: what is there says which.
///   So does one that is not open anyway: such licences have terms filled in (the use grant of the BUSL).
/// - Where a text belongs to two ids, which of them it is stands in the notice beside it; without one, both
///   stand: `GPL-3.0-only OR GPL-3.0-or-later`.
/// - A file without a licence text stands for what it says it is under: `Apache-2.0 OR MIT`.
/// - A text that only bears a licence's name is none. `None` where nothing was recognised.
pub fn expression_of(identification: &Identification) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let of_kind = |kind| identification.regions.iter().filter(move |region| region.kind == kind);
    let granted: Vec<&str> = of_kind(Kind::Header).flat_map(|region| region.ids.iter().copied()).collect();
    for region in &identification.regions {
        let repeats = |licence: &Region| licence.ids.iter().any(|id| region.ids.contains(id));
        match (&region.verdict, region.kind) {
            (Verdict::Unknown | Verdict::NamesOnly, _) => {}
            (_, Kind::Exception) => {
                with_exception(&mut parts, region.ids.first().copied().unwrap_or_default());
            }
            (_, Kind::Header) if of_kind(Kind::Licence).any(repeats) => {}
            (verdict, _) => {
                let part = licence(region, verdict, &granted);
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
    }
    if parts.is_empty() {
        parts.clone_from(&identification.notices);
    }
    match parts.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        _ => {
            let group = |part: &String| if part.contains(" OR ") { format!("({part})") } else { part.clone() };
            Some(parts.iter().map(group).collect::<Vec<_>>().join(" AND "))
        }
    }
}

/// One licence of the expression. `granted`: the ids of the notices in the file.
fn licence(region: &Region, verdict: &Verdict, granted: &[&str]) -> String {
    let first = region.ids.first().copied().unwrap_or_default();
    let changed = match verdict {
        Verdict::Changed(changes) | Verdict::Incomplete { changes, .. } => !changes.is_empty(),
        _ => false,
    };
    let not_open = table::facts(first).is_some_and(|facts| facts.openness == Openness::NotOpen);
    if changed && !not_open {
        return format!("LicenseRef-{}-changed", first.trim_start_matches("LicenseRef-"));
    }
    let mut said = region.ids.iter().filter(|id| granted.contains(id));
    match (said.next(), said.next()) {
        (Some(only), None) => (*only).to_owned(),
        _ => region.ids.join(" OR "),
    }
}

/// Puts an exception to the last licence that can have one; an exception alone stands with the licence that the
/// SPDX list once joined it to.
fn with_exception(parts: &mut Vec<String>, exception: &str) {
    if let Some(last) = parts.iter_mut().rev().find(|part| !part.contains("LicenseRef-")) {
        if !last.contains(" WITH ") {
            *last = last.split(" OR ").map(|id| format!("{id} WITH {exception}")).collect::<Vec<_>>().join(" OR ");
        }
        return;
    }
    let joined = table::ids()
        .into_iter()
        .filter_map(|id| table::facts(id))
        .map(|facts| facts.replacement)
        .find(|replacement| replacement.ends_with(&format!(" WITH {exception}")));
    parts.push(joined.map_or_else(|| format!("LicenseRef-{exception}"), str::to_owned));
}

#[cfg(test)]
mod tests {
    use super::super::identify;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(expression_of(&identify(text.as_bytes())).as_deref(), expected);
    }

    #[test]
    fn texts_become_expressions() {
        let isc = "Copyright 2026 A\n\nPermission to use, copy, modify, and/or distribute this software for any purpose with \
                   or without fee is hereby granted, provided that the above copyright notice and this permission \
                   notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL \
                   WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND \
                   FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL \
                   DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION \
                   OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR \
                   PERFORMANCE OF THIS SOFTWARE.\n";
        check(isc, Some("ISC"));
        check(&isc.replace("without fee", "without fee, except by public bodies,"), Some("LicenseRef-ISC-changed"));
        check("Nothing of the kind.", None);
        check("Licensed under the EUPL, version 1.2.", Some("EUPL-1.2"));
        check("Licensed under either of the Apache License 2.0 or the MIT license.", Some("Apache-2.0 OR MIT"));
        check("Licensed under the EUPL, version 1.2. Public bodies must pay for use.", None);
        let mpl = "This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the \
                   MPL was not distributed with this file, You can obtain one at http://mozilla.org/MPL/2.0/.";
        check(mpl, Some("MPL-2.0"));
        check(&format!("{mpl}\n\nPublic bodies must pay for use."), Some("LicenseRef-MPL-2.0-changed"));
        check(&format!("Not for commercial use.\n\n{mpl}"), Some("LicenseRef-MPL-2.0-changed"));
    }
}
