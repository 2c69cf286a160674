//! Whether a notice buys information technology, by its CPV codes.

use std::sync::LazyLock;

use super::model::{Cpv, Notice};
use super::terms::rows;
use crate::saying::{Saying, say};

/// How far a notice is about information technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// No CPV code speaks for it.
    Outside,
    /// Only an additional code, or a code of a neighbouring field (telecommunications, training).
    Weak,
    /// The main code of the procedure or of a lot.
    Strong,
}

/// The prefixes of `rules/knowledge/cpv-scope.tsv` and whether the code alone decides.
static PREFIXES: LazyLock<Vec<(&str, bool)>> = LazyLock::new(|| {
    rows("knowledge/cpv-scope.tsv").map(|row| (row.get("prefix"), row.get("strength") == "strong")).collect()
});

impl Notice {
    /// Whether the notice buys information technology: main, lot and additional CPV codes together.
    pub fn scope(&self) -> Scope {
        self.cpv.iter().map(scope_of).max().unwrap_or(Scope::Outside)
    }
}

/// What is to be said about the reading of notices: how many are not judged.
pub fn remarks(notices: &[Notice]) -> Vec<Saying> {
    let outside: Vec<&Notice> = notices.iter().filter(|notice| notice.scope() == Scope::Outside).collect();
    match outside.as_slice() {
        [] => Vec::new(),
        [notice] if notices.len() == 1 => {
            let codes: Vec<&str> = notice.cpv.iter().map(|cpv| cpv.code.as_str()).collect();
            let codes = if codes.is_empty() { "none".to_owned() } else { codes.join(", ") };
            vec![say!("notice-not-judged", codes = codes)]
        }
        some => vec![say!("notices-not-judged", n = some.len())],
    }
}

/// The beginning of a CPV code by which notices are grouped: as long as the table of scopes has it, else the
/// division.
pub(super) fn cpv_group(code: &str) -> &str {
    let known = PREFIXES.iter().map(|(prefix, _)| *prefix).filter(|prefix| code.starts_with(prefix));
    known.max_by_key(|prefix| prefix.len()).or(code.get(..2)).unwrap_or(code)
}

fn scope_of(cpv: &Cpv) -> Scope {
    let code = cpv.code.as_str();
    let strong = PREFIXES.iter().filter(|(prefix, _)| code.starts_with(prefix)).map(|(_, strong)| *strong).max();
    match strong {
        None => Scope::Outside,
        Some(true) if cpv.main => Scope::Strong,
        Some(_) => Scope::Weak,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_grouped_by_what_decides_their_scope() {
        for (code, want) in
            [("48000000", "48"), ("30213100", "302"), ("30190000", "30"), ("50324100", "50324"), ("4", "4")]
        {
            assert_eq!(cpv_group(code), want);
        }
    }

    #[test]
    fn main_codes_decide_and_additional_codes_hint() {
        let cases = [
            ("48000000", true, Scope::Strong),
            ("72267000", false, Scope::Weak),
            ("30200000", true, Scope::Strong),
            ("30190000", true, Scope::Outside),
            ("64200000", true, Scope::Weak),
            ("45000000", true, Scope::Outside),
        ];
        for (code, main, want) in cases {
            assert_eq!(scope_of(&Cpv { code: code.to_owned(), main, lot: None }), want, "{code} {main}");
        }
    }
}
