//! What a report tells about a rule.

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::{Confidence, Level};

/// A rule as its users see it: everything but its conditions. Texts are in one language, chosen by the caller.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleCard {
    /// Kebab-case, the name of the rule's file: `product-without-equivalent`.
    pub id: String,
    /// Title, at most 100 characters: "Product demanded without “or equivalent”".
    pub name: String,
    /// `open-standards`, `licence` or `anti-lock-in`.
    pub family: String,
    /// What the rule judges: `brand`, `format`, `open-standard`, `licence`, `exit`, `lock-in`, `renewal`,
    /// `direct-award`, `duration`, `award`, `publiccode`, …
    pub criterion: String,
    pub level: Level,
    pub confidence: Confidence,
    /// Why it matters and what to check, one or two paragraphs of plain text.
    pub why: String,
    /// The articles and policies it rests on, the most general first: those of the jurisdictions that the policy
    /// names, or of all where it names none.
    pub law: Vec<LawCard>,
    /// Further tags, at most ten: the EuroCommons domain, names in Scorecard or OSPS Baseline.
    pub tags: Vec<String>,
    /// Whether the rule runs only when asked for.
    pub preview: bool,
}

/// A legal basis or policy.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LawCard {
    /// `eu-2014-24-42-4`.
    pub id: String,
    /// Code of the jurisdiction whose law it is: `eu`, `fr`.
    pub jurisdiction: String,
    /// "Directive 2014/24/EU art. 42(4)".
    pub reference: String,
    /// The passage itself, where it was read; else empty.
    pub wording: String,
    /// `yes`, `partly` or `memory`: whether the source was read.
    pub verified: String,
}
