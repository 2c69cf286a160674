//! Everything that a run found out, as one JSON document with a schema (`schemas/report.schema.json`).
//!
//! Promise to those who read it: within one `version` fields are added, never renamed or removed, and no
//! field changes its meaning.

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::Outcome;
use crate::rule::RuleCard;

use super::{Report, Summary, TOOL};

/// The version of the document's shape.
const VERSION: u32 = 1;

/// A report of acquis.
#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    /// Version of this shape, now 1.
    version: u32,
    tool: Tool,
    /// Exit status of the run: 0 nothing at or above the level asked for; 1 findings; 2 wrong usage; 3
    /// something was not read, or nothing was.
    exit_status: u8,
    summary: Summary,
    #[serde(flatten)]
    outcome: &'a Outcome,
    /// The rules that ran.
    rules: &'a [RuleCard],
}

/// The program that wrote the report.
#[derive(Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

pub fn render(report: &Report) -> String {
    let document = Document {
        version: VERSION,
        tool: Tool { name: TOOL, version: env!("CARGO_PKG_VERSION") },
        exit_status: report.exit_status,
        summary: report.summary,
        outcome: &report.outcome,
        rules: report.rules,
    };
    // Maps have text keys and numbers are finite, so this can't fail.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// JSON Schema (2020-12) of the report.
pub fn schema() -> schemars::Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Document>()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_schema_is_the_committed_one_and_holds() {
        let schema = serde_json::to_value(schema()).unwrap();
        crate::committed::check("schemas/report.schema.json", &schema);
        let rules = sample::rules();
        let text = render(&sample::report(&rules));
        let errors: Vec<_> = jsonschema::validator_for(&schema)
            .unwrap()
            .iter_errors(&serde_json::from_str(&text).unwrap())
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new());
        insta::assert_snapshot!(text);
    }
}
