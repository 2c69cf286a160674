//! What a file's licence texts come down to, as one SPDX expression.

use super::text::{Identification, Kind, Verdict};

/// The licences that a file holds, joined with `AND`; an exception follows its licence with `WITH`.
///
/// A text that was changed, cut or only bears the name is not that licence, so it stands as
/// `LicenseRef-ID-changed`, `LicenseRef-ID-incomplete` or `LicenseRef-ID-in-name-only` (SPDX 2.3, annex D).
/// Where a text belongs to several ids (`-only` and `-or-later`), the first stands: the text doesn't say
/// which. `None` where no licence was recognised.
pub fn expression_of(identification: &Identification) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for region in &identification.regions {
        let Some(&id) = region.ids.first() else { continue };
        let part = match &region.verdict {
            Verdict::Unmodified => id.to_owned(),
            Verdict::Changed(_) => format!("LicenseRef-{id}-changed"),
            Verdict::Incomplete { .. } => format!("LicenseRef-{id}-incomplete"),
            Verdict::NamesOnly => format!("LicenseRef-{id}-in-name-only"),
            Verdict::Unknown => continue,
        };
        if parts.contains(&part) {
            continue;
        }
        match parts.last_mut() {
            Some(licence) if region.kind == Kind::Exception && !licence.contains(" WITH ") => {
                licence.push_str(" WITH ");
                licence.push_str(&part);
            }
            _ => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join(" AND "))
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
    }
}
