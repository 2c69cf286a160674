//! The table of business terms: which path in which dialect holds which term.
//!
//! The table is data (`rules/knowledge/notice-fields.tsv`); this module reads it once and finds the rows that
//! meet an element. A path is matched from its end: the last step is the element itself, the step before its
//! parent, so that a term is found in every form and schema version that nests it in the same way.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::builtin;
use crate::document::Format;

/// What becomes of an element that a row meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text that is the title of the procedure, of a lot or of a contract.
    Title,
    Text,
    /// A coded or plain value.
    Code,
    /// The element itself is the code.
    Flag,
    /// A number with a unit.
    Measure,
    /// The element is a lot.
    Lot,
}

/// One row of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub term: &'static str,
    pub kind: Kind,
    /// Attribute that holds the value, where it is not the element's content.
    pub attribute: Option<&'static str>,
    /// Flags: the value. Measures: the unit, or `@` and the attribute that holds it. Lots: the child with the id.
    pub value: &'static str,
    pub section: &'static str,
    /// The path from the element outwards: its own step first.
    pub steps: Vec<Step>,
    /// Whether the outermost step stands directly under the root.
    pub anchored: bool,
}

/// One step of a path.
#[derive(Debug)]
pub(super) struct Step {
    /// Canonical prefix of the namespace, empty for none.
    pub prefix: &'static str,
    pub name: &'static str,
    pub conditions: Vec<Condition>,
}

/// A predicate: an attribute or the text of the element itself or of a child has a value.
#[derive(Debug)]
pub(super) struct Condition {
    pub child: Option<(&'static str, &'static str)>,
    pub attribute: Option<&'static str>,
    pub value: &'static str,
}

/// The rows of one dialect by the name of the element they are about.
pub(super) struct Terms(HashMap<&'static str, Vec<Row>>);

impl Terms {
    /// The table of a format; empty for formats that are no notices.
    pub fn of(format: Format) -> &'static Terms {
        static TERMS: LazyLock<[Terms; 4]> =
            LazyLock::new(|| [Terms::load("eforms"), Terms::load("ted"), Terms::load("ocds"), Terms::load("decp")]);
        static NONE: LazyLock<Terms> = LazyLock::new(|| Terms(HashMap::new()));
        match format {
            Format::Eforms => &TERMS[0],
            Format::TedExport => &TERMS[1],
            Format::Ocds => &TERMS[2],
            Format::Decp => &TERMS[3],
            _ => &NONE,
        }
    }

    /// The rows about elements of this local name, in the table's order.
    pub fn rows(&self, name: &str) -> &[Row] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    fn load(dialect: &str) -> Terms {
        let mut terms: HashMap<&'static str, Vec<Row>> = HashMap::new();
        for row in rows("knowledge/notice-fields.tsv").filter(|row| row.get("format") == dialect) {
            if let Some(row) = Row::parse(&row)
                && let Some(step) = row.steps.first()
            {
                terms.entry(step.name).or_default().push(row);
            }
        }
        Terms(terms)
    }
}

impl Row {
    fn parse(row: &builtin::Row) -> Option<Row> {
        let kind = match row.get("kind") {
            "title" => Kind::Title,
            "text" => Kind::Text,
            "code" => Kind::Code,
            "flag" => Kind::Flag,
            "measure" => Kind::Measure,
            "lot" => Kind::Lot,
            _ => return None,
        };
        let path = row.get("path");
        let after_predicates = path.rfind(']').unwrap_or(0);
        let (path, attribute) = match path[after_predicates..].find('@') {
            Some(at) => (&path[..after_predicates + at], Some(&path[after_predicates + at + 1..])),
            None => (path, None),
        };
        Some(Row {
            term: row.get("term"),
            kind,
            attribute,
            value: row.get("value"),
            section: row.get("section"),
            anchored: path.starts_with('/'),
            steps: split_outside_brackets(path.trim_start_matches('/')).into_iter().rev().map(Step::parse).collect(),
        })
    }
}

impl Step {
    fn parse(step: &'static str) -> Step {
        let (name, mut rest) = step.split_at(step.find('[').unwrap_or(step.len()));
        let mut conditions = Vec::new();
        while let Some((condition, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            conditions.extend(Condition::parse(condition));
            rest = after;
        }
        let (prefix, name) = name.split_once(':').unwrap_or(("", name));
        Step { prefix, name, conditions }
    }
}

impl Condition {
    fn parse(condition: &'static str) -> Option<Condition> {
        let (place, value) = condition.split_once('=')?;
        let (child, attribute) = match place.split_once('@') {
            Some((child, attribute)) => (child.trim_end_matches('/'), Some(attribute)),
            None => (place, None),
        };
        let child = (!child.is_empty()).then(|| child.split_once(':').unwrap_or(("", child)));
        Some(Condition { child, attribute, value })
    }
}

/// Whether any dialect has a field of this business term.
pub fn is_term(term: &str) -> bool {
    static KNOWN: LazyLock<Vec<&str>> =
        LazyLock::new(|| rows("knowledge/notice-fields.tsv").map(|row| row.get("term")).collect());
    KNOWN.contains(&term)
}

/// The rows of a built-in table; none where the build left it out.
pub(super) fn rows(path: &str) -> impl Iterator<Item = builtin::Row> {
    builtin::rows(builtin::file(path).unwrap_or_default())
}

fn split_outside_brackets(path: &'static str) -> Vec<&'static str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0);
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            b'/' if depth == 0 => {
                parts.push(&path[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&path[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_understood() {
        for row in rows("knowledge/notice-fields.tsv") {
            let path = row.get("path");
            assert!(Row::parse(&row).is_some(), "{path}");
            assert!(["yes", "partly", "memory"].contains(&row.get("verified")), "{path}");
            assert!(!row.get("source").is_empty(), "a row without a source: {path}");
        }
        assert!(["ted", "eforms", "ocds", "decp"].iter().all(|dialect| !Terms::load(dialect).0.is_empty()));
    }

    #[test]
    fn a_path_is_read_from_its_end() {
        let rows = Terms::of(Format::Eforms).rows("ProcessReason");
        let step = &rows[0].steps[1];
        assert_eq!((step.prefix, step.name), ("cac", "ProcessJustification"));
        let condition = &step.conditions[0];
        assert_eq!(condition.child, Some(("cbc", "ProcessReasonCode")));
        assert_eq!((condition.attribute, condition.value), (Some("listName"), "direct-award-justification"));
        assert_eq!(Terms::of(Format::TedExport).rows("LEGAL_BASIS")[0].attribute, Some("VALUE"));
    }
}
