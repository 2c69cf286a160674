//! SARIF 2.1.0 (OASIS), in the shape that GitHub code scanning and GitLab take in.
//!
//! Where the standard and the forges part, the forges win, since a report that a forge refuses reaches nobody:
//!
//! - A result in a binary file has a *text* region (§3.30.1 asks for a binary one): both forges drop a result
//!   without `startLine`. Its line is the number of the block in the reading text, and the place in words
//!   stands in the message.
//! - What lies in an archive points at the archive; the member stands in the message and in a logical
//!   location. A URI with a fragment would be refused.
//! - Results that a waiver or the baseline holds back are left out: GitHub would show them as open.
//! - No `security-severity`: it would turn a question of procurement into a security alert. `rank` gives
//!   GitLab its severity; GitHub doesn't read it.
//!
//! The limits are the stricter of both forges': <https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning>
//! and <https://docs.gitlab.com/user/application_security/detect/sarif/>.

mod model;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use crate::document::Anchor;
use crate::finding::{Confidence, Edit, Finding, Level, Location, Origin, Region};
use crate::fingerprint;
use crate::rule::RuleCard;

use super::passage::Passage;
use super::text::cut;
use super::{Report, TOOL, TOOL_URI, uri};
use model::*;

/// Results in a file: what both forges keep.
const MOST_RESULTS: usize = 5_000;
/// Edits of a result's fix.
const MOST_EDITS: usize = 100;
/// Tags of a rule that GitHub shows and GitLab allows.
const MOST_TAGS: usize = 10;
/// Further places of a result that GitHub keeps.
const MOST_RELATED: usize = 100;
/// Characters of a rule's name.
const MOST_NAME: usize = 255;
/// Characters of a rule's descriptions.
const MOST_DESCRIPTION: usize = 1_024;
/// Characters of a message. GitLab allows 2,048; longer than this nobody reads.
const MOST_MESSAGE: usize = 1_000;
/// Characters of the passage inside a message.
const MOST_QUOTE: usize = 300;

/// Name of the base to which all URIs are relative.
const ROOT: &str = "SRCROOT";

pub fn render(report: &Report) -> String {
    // Maps have text keys and numbers are finite, so this can't fail.
    let mut text = serde_json::to_string_pretty(&log(report)).unwrap_or_default();
    text.push('\n');
    text
}

/// The files that the run names, by their index.
struct Artifacts<'a>(Vec<&'a str>);

impl<'a> Artifacts<'a> {
    fn of(report: &'a Report) -> Artifacts<'a> {
        let outcome = &report.outcome;
        let mut uris = BTreeSet::new();
        uris.extend(outcome.coverage.read.iter().map(|file| file.uri.as_str()));
        uris.extend(outcome.coverage.not_read.iter().map(|part| part.uri.as_str()));
        for finding in &outcome.findings {
            uris.insert(finding.location.uri.as_str());
            uris.extend(finding.related.iter().map(|related| related.location.uri.as_str()));
            uris.extend(finding.fix.iter().filter_map(|edit| edit.uri.as_deref()));
        }
        Artifacts(uris.into_iter().collect())
    }

    fn location(&self, path: &str) -> ArtifactLocation {
        // Every path that is asked for has been collected by `of`.
        let index = self.0.binary_search(&path).unwrap_or_default();
        ArtifactLocation { uri: uri::relative(path), uri_base_id: ROOT, index }
    }
}

fn log<'a>(report: &'a Report) -> Log<'a> {
    let artifacts = Artifacts::of(report);
    let kept = kept(&report.outcome.findings);
    let mut seen = HashMap::new();
    let results = kept.iter().map(|finding| result(report, finding, &artifacts, &mut seen)).collect();
    let left_out = report.outcome.findings.len() - kept.len();
    Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: driver(report) },
            automation_details: json!({ "id": format!("{TOOL}/") }),
            invocations: [invocation(report, &artifacts, left_out)],
            original_uri_base_ids: json!({ ROOT: { "description": { "text":
                "The root of what was checked. In a binary file (DOCX, ODT, PDF, a sheet, an archive) a line is the \
                 number of a block of its text in reading order." } } }),
            version_control_provenance: report.outcome.origin.as_ref().map(provenance).into_iter().collect(),
            column_kind: "unicodeCodePoints",
            artifacts: artifacts
                .0
                .iter()
                .map(|path| Artifact { location: artifacts.location(path), roles: ["analysisTarget"] })
                .collect(),
            results,
            properties: RunProperties {
                licences: &report.outcome.licences,
                coverage: &report.outcome.coverage,
                held_back: &report.outcome.held_back,
                summary: report.summary,
            },
        }],
    }
}

/// Where the repository came from, and that the root of the places is its root (§3.23).
fn provenance(origin: &Origin) -> Value {
    let mut details = json!({
        "repositoryUri": origin.url,
        "revisionId": origin.revision,
        "mappedTo": { "uriBaseId": ROOT },
    });
    // A commit stands in `revisionId` already, and a tag can't be told from a branch by its name.
    if let Some(reference) = origin.reference.as_ref().filter(|reference| **reference != origin.revision) {
        details["branch"] = json!(reference);
    }
    details
}

/// The findings that fit into a file, in their order; the gravest stay. GitHub would cut too, but by no order
/// that can be relied upon.
fn kept(findings: &[Finding]) -> Vec<&Finding> {
    let mut indexes: Vec<usize> = (0..findings.len()).collect();
    indexes.sort_by_key(|&index| std::cmp::Reverse(findings[index].level));
    indexes.truncate(MOST_RESULTS);
    indexes.sort_unstable();
    indexes.into_iter().map(|index| &findings[index]).collect()
}

fn driver<'a>(report: &Report<'a>) -> Driver<'a> {
    let version = env!("CARGO_PKG_VERSION");
    Driver {
        name: TOOL,
        full_name: format!("{TOOL} {version}"),
        organization: TOOL,
        version,
        semantic_version: version,
        information_uri: TOOL_URI,
        rules: report.rules.iter().map(descriptor).collect(),
        notifications: NOTIFICATIONS
            .iter()
            .map(|&(id, name, text)| {
                let text = || Text { text: text.to_owned() };
                NotificationDescriptor { id, name, short_description: text(), full_description: text(), help: text() }
            })
            .collect(),
    }
}

const NOT_READ: usize = 0;
const RESULTS_LEFT_OUT: usize = 1;
const HELD_BACK: usize = 2;

/// What the run can say about itself, in the order of the constants above.
const NOTIFICATIONS: [(&str, &str, &str); 3] = [
    ("not-read", "NotRead", "A file or a part of it was not read."),
    ("results-left-out", "ResultsLeftOut", "More was found than a forge takes in; the least grave was left out."),
    ("held-back", "HeldBack", "A waiver or an entry of the baseline has expired or meets nothing."),
];

fn notification(index: usize, level: &'static str, text: &str, locations: Vec<NotificationLocation>) -> Notification {
    Notification {
        descriptor: NotificationReference { id: NOTIFICATIONS[index].0, index },
        level,
        message: Text { text: cut(text, MOST_MESSAGE).into_owned() },
        locations,
    }
}

fn invocation(report: &Report, artifacts: &Artifacts, left_out: usize) -> Invocation {
    let outcome = &report.outcome;
    let mut notifications = Vec::new();
    for part in &outcome.coverage.not_read {
        let place = NotificationPlace { artifact_location: artifacts.location(&part.uri) };
        let text = super::without_controls(&part.to_string()).into_owned();
        let place = vec![NotificationLocation { physical_location: place }];
        notifications.push(notification(NOT_READ, "error", &text, place));
    }
    if left_out > 0 {
        let text = format!("{left_out} of {} findings were left out, the least grave first.", outcome.findings.len());
        notifications.push(notification(RESULTS_LEFT_OUT, "warning", &text, Vec::new()));
    }
    for remark in &outcome.held_back.remarks {
        notifications.push(notification(HELD_BACK, "warning", remark, Vec::new()));
    }
    Invocation {
        // A file that could not be read doesn't undo what was found in the others; a run that read nothing has
        // found nothing out.
        execution_successful: report.exit_status != 2 && report.summary.files_read > 0,
        exit_code: report.exit_status,
        tool_execution_notifications: notifications,
    }
}

fn descriptor(card: &RuleCard) -> Descriptor<'_> {
    let name = if card.name.is_empty() { &card.id } else { &card.name };
    let why = if card.why.is_empty() { name } else { &card.why };
    let law: Vec<_> = card.law.iter().map(|law| law.reference.as_str()).collect();
    let mut text = why.clone();
    let mut markdown = super::markdown::escaped(why);
    if !law.is_empty() {
        text.push_str("\n\n");
        text.push_str(&law.join("\n"));
        for law in &card.law {
            markdown.push_str("\n\n");
            markdown.push_str(&format!("**{}**", super::markdown::escaped(&law.reference)));
            if !law.wording.is_empty() {
                markdown.push_str(&format!("\n> {}", super::markdown::escaped(&law.wording)));
            }
        }
    }
    let mut tags: Vec<&str> = Vec::new();
    for tag in [&card.family, &card.criterion].into_iter().chain(&card.tags) {
        if !tag.is_empty() && !tags.contains(&tag.as_str()) && tags.len() < MOST_TAGS {
            tags.push(tag);
        }
    }
    Descriptor {
        id: &card.id,
        name: cut(name, MOST_NAME).into_owned(),
        short_description: Text { text: cut(name, MOST_DESCRIPTION).into_owned() },
        full_description: Text { text: cut(why, MOST_DESCRIPTION).into_owned() },
        help: Help { text, markdown },
        default_configuration: Configuration { level: level(card.level) },
        properties: RuleProperties {
            criterion: &card.criterion,
            family: &card.family,
            law: card.law.iter().map(|law| law.id.as_str()).collect(),
            tags,
            precision: match card.confidence {
                Confidence::High => "high",
                Confidence::Medium => "medium",
                Confidence::Low => "low",
            },
            problem_severity: match card.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note | Level::Off => "recommendation",
            },
            preview: card.preview,
        },
    }
}

/// A level in SARIF's words (§3.27.10). `none` would mean that nothing is wrong, so a rule that is off by
/// default counts as a note.
fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Off => "note",
    }
}

fn result<'a>(
    report: &'a Report,
    finding: &'a Finding,
    artifacts: &Artifacts,
    seen: &mut HashMap<(&'a str, String), u32>,
) -> SarifResult<'a> {
    let context = fingerprint::context(finding);
    let count = seen.entry((finding.location.uri.as_str(), context.clone())).or_default();
    *count += 1;
    let mut properties: BTreeMap<&str, Value> =
        finding.properties.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    properties.insert("absence", json!(finding.absence));
    properties.insert("confidence", json!(finding.confidence));
    properties.insert("jurisdictions", json!(finding.jurisdictions));
    properties.insert("language", json!(finding.language));
    for (key, text) in [("place", Some(&finding.location.place)), ("suggestion", finding.suggestion.as_ref())] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            properties.insert(key, json!(text));
        }
    }
    if let Some(member) = &finding.location.member {
        properties.insert("member", json!(member));
    }
    if !finding.evidence.is_empty() {
        properties.insert("evidence", json!(finding.evidence));
    }
    SarifResult {
        rule_id: &finding.rule,
        rule_index: report.card(finding).map(|(index, _)| index),
        kind: "fail",
        level: level(finding.level),
        message: Text { text: message(report, finding) },
        locations: [location(&finding.location, artifacts)],
        related_locations: finding
            .related
            .iter()
            .take(MOST_RELATED)
            .enumerate()
            .map(|(index, related)| SarifLocation {
                id: Some(index + 1),
                message: Some(Text { text: without_links(&cut(&related.message, MOST_MESSAGE)) }),
                ..location(&related.location, artifacts)
            })
            .collect(),
        partial_fingerprints: Fingerprints {
            line_hash: &finding.location.line_hash,
            context: format!("{context}:{count}"),
        },
        fixes: fix(finding, artifacts).into_iter().collect(),
        rank: match finding.level {
            Level::Error => 80.0,
            Level::Warning => 50.0,
            Level::Note | Level::Off => 20.0,
        },
        properties,
    }
}

/// The message as a forge shows it, complete in itself: GitHub shows no passage of a file that is no text.
fn message(report: &Report, finding: &Finding) -> String {
    let mut text = String::new();
    if !finding.location.place.is_empty() {
        text.push_str(&without_links(&finding.location.place));
        text.push_str(": ");
    }
    text.push_str(&without_links(&finding.message));
    for sentence in &finding.evidence {
        text.push(' ');
        text.push_str(&without_links(sentence));
    }
    let passage = Passage::of(&finding.location);
    if !finding.absence && !passage.is_empty() {
        let quote = format!("{}{}{}", passage.before, passage.flagged, passage.after);
        text.push_str(&format!("\n{} “{}”", report.label("passage"), without_links(&cut(&quote, MOST_QUOTE))));
    }
    if let Some(suggestion) = &finding.suggestion {
        text.push_str(&format!("\n{} {}", report.label("suggestion"), without_links(suggestion)));
    }
    let mut text = cut(&text, MOST_MESSAGE).into_owned();
    if !finding.related.is_empty() {
        // GitHub shows a related location only where the message links to it.
        text.push_str(&format!("\n{}", report.label("see-also")));
        for (index, related) in finding.related.iter().take(5).enumerate() {
            let Location { uri, region, place, .. } = &related.location;
            let name = super::without_controls(uri);
            let name = if place.is_empty() {
                format!("{name}:{}", region.start_line)
            } else {
                format!("{name}, {}", cut(place, 80))
            };
            text.push_str(&format!(" [{}]({})", name.replace(['[', ']'], ""), index + 1));
        }
    }
    text
}

/// Text whose brackets make no link to a related location (§3.11.6).
fn without_links(text: &str) -> String {
    text.replace("](", "] (")
}

fn location(location: &Location, artifacts: &Artifacts) -> SarifLocation {
    let Region { start_line, start_column, end_line, end_column } = location.region;
    // An empty region is legal, but viewers mark nothing then: the line as a whole says more.
    let empty = start_line == end_line && start_column >= end_column;
    let columns = |column| (!empty).then_some(column);
    SarifLocation {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: artifacts.location(&location.uri),
            region: SarifRegion {
                lines: SarifLines {
                    start_line,
                    start_column: columns(start_column),
                    end_line,
                    end_column: columns(end_column),
                },
                snippet: snippet(if empty { &location.context } else { &location.snippet }),
            },
            context_region: (!empty && location.context != location.snippet)
                .then(|| SarifRegion {
                    lines: SarifLines { start_line, start_column: None, end_line, end_column: None },
                    snippet: snippet(&location.context),
                })
                .filter(|region| region.snippet.is_some()),
        },
        logical_locations: logical_location(location).into_iter().collect(),
        message: None,
    }
}

fn snippet(text: &str) -> Option<Text> {
    (!text.is_empty()).then(|| Text { text: text.to_owned() })
}

/// The place for a person: member, page, section, sheet and cell.
fn logical_location(location: &Location) -> Option<LogicalLocation> {
    let anchor = &location.anchor;
    let name = match location.place.as_str() {
        "" => location.member.clone()?,
        place => place.to_owned(),
    };
    let mut path = location.uri.clone();
    if let Some(member) = &location.member {
        path.push('!');
        path.push_str(member);
    }
    let steps = [
        anchor.page.map(|page| format!("page {page}")),
        anchor.number.clone(),
        anchor.sheet.clone(),
        anchor.cell.clone(),
        anchor.table.map(|place| format!("table {}, row {}, column {}", place.table, place.row, place.column)),
        anchor.field.clone(),
        anchor.path.clone(),
        Some(format!("block {}", location.region.start_line)),
    ];
    for step in steps.into_iter().flatten() {
        path.push('/');
        path.push_str(&step);
    }
    Some(LogicalLocation {
        name: cut(&name, MOST_NAME).into_owned(),
        fully_qualified_name: super::without_controls(&path).into_owned(),
        kind: "element",
        properties: (*anchor != Anchor::default()).then(|| anchor.clone()),
    })
}

/// The edits that remove a finding. Nothing where files are to be added or renamed too, which SARIF has no words
/// for, nor where there are so many edits that they would outweigh the report.
fn fix(finding: &Finding, artifacts: &Artifacts) -> Option<Fix> {
    if finding.fix.is_empty() || finding.fix.len() > MOST_EDITS || !finding.files.is_empty() {
        return None;
    }
    let replacement = |edit: &Edit| Replacement {
        deleted_region: SarifRegion {
            lines: SarifLines {
                start_line: edit.region.start_line,
                start_column: Some(edit.region.start_column),
                end_line: edit.region.end_line,
                end_column: Some(edit.region.end_column),
            },
            snippet: None,
        },
        inserted_content: Text { text: edit.text.clone() },
    };
    let mut by_file: BTreeMap<&str, Vec<Replacement>> = BTreeMap::new();
    for edit in &finding.fix {
        let uri = edit.uri.as_deref().unwrap_or(&finding.location.uri);
        by_file.entry(uri).or_default().push(replacement(edit));
    }
    let changes = by_file
        .into_iter()
        .map(|(uri, replacements)| ArtifactChange { artifact_location: artifacts.location(uri), replacements });
    Some(Fix { artifact_changes: changes.collect() })
}

#[cfg(test)]
mod tests;
