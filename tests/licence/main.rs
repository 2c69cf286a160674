//! Licence texts as they are found in the wild: whole, dressed otherwise, cut, joined, and with conditions added.

mod conditions;
mod dress;
mod languages;
mod list;
mod reuse;
mod texts;

use acquis::licence::{Identification, expression_of};

/// Licences that public bodies and their suppliers use, for the generated texts.
const COMMON: [&str; 53] = [
    "0BSD",
    "AFL-3.0",
    "AGPL-3.0-only",
    "Apache-1.1",
    "Apache-2.0",
    "APSL-2.0",
    "Artistic-2.0",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSD-3-Clause-Clear",
    "BSD-4-Clause",
    "BSL-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "CDDL-1.0",
    "CECILL-2.1",
    "CECILL-B",
    "CECILL-C",
    "CPL-1.0",
    "ECL-2.0",
    "EPL-1.0",
    "EPL-2.0",
    "etalab-2.0",
    "EUPL-1.1",
    "EUPL-1.2",
    "GFDL-1.3-only",
    "GPL-2.0-only",
    "GPL-3.0-only",
    "ISC",
    "LGPL-2.1-only",
    "LGPL-3.0-only",
    "LiLiQ-P-1.1",
    "LiLiQ-R-1.1",
    "LPPL-1.3c",
    "MIT",
    "MIT-0",
    "MPL-1.1",
    "MPL-2.0",
    "MS-PL",
    "MulanPSL-2.0",
    "NCSA",
    "ODbL-1.0",
    "OFL-1.1",
    "OGL-UK-3.0",
    "OSL-3.0",
    "PostgreSQL",
    "Unlicense",
    "UPL-1.0",
    "Vim",
    "W3C",
    "Zlib",
];

/// How many of [`COMMON`] a test takes: all in an optimised build, every fifth in a debug build, which is twenty
/// times slower.
fn sample() -> impl Iterator<Item = &'static str> {
    COMMON.into_iter().step_by(if cfg!(debug_assertions) { 5 } else { 1 })
}

/// The text of a licence in the SPDX list, as the `spdx` crate carries it.
fn text(id: &str) -> &'static str {
    // The crate files texts of one family under its plain name.
    let plain = id.trim_end_matches("-only");
    let found = spdx::text::LICENSE_TEXTS.iter().find(|(name, _)| *name == id || *name == plain);
    found.map(|(_, text)| *text).unwrap_or_else(|| panic!("{id} has a text")).trim_start_matches("r#\"")
}

/// What a file comes down to; `NOASSERTION` where nothing was recognised.
fn expression(found: &Identification) -> String {
    expression_of(found).unwrap_or_else(|| "NOASSERTION".to_owned())
}

/// Whether an expression is that licence, whatever its grant.
fn is(expression: &str, id: &str) -> bool {
    expression.split(" OR ").next() == Some(id)
}
