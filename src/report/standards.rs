//! Standards as a table: for a person at a terminal, for spreadsheets, for programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use owo_colors::{OwoColorize, Style};
use schemars::JsonSchema;
use serde::Serialize;

use super::terminal::{head_of, wrapped_lines};
use super::text::{cut, without_controls};
use super::words::standards_word;
use super::{Look, TOOL, csv};
use crate::date::Date;
use crate::finding::{Coverage, Location};
use crate::lang::Lang;
use crate::standards::{Answer, Force, ListCard, Row, Standards, Status, ToldJurisdiction};

/// The version of the JSON document's shape.
const VERSION: u32 = 1;

/// Columns of plain text, and the most of coloured text.
const WIDEST: usize = 110;

/// Characters of a passage that are shown.
const MOST_QUOTED: usize = 90;

/// The standards of everything that was named, as one JSON document.
#[derive(Serialize, JsonSchema)]
pub struct StandardsReport {
    /// Version of this shape, now 1. Within one version fields are added, never renamed or removed.
    version: u32,
    /// Name of the program that wrote the report.
    tool: &'static str,
    /// Version of that program.
    tool_version: &'static str,
    /// The day on which the lists are looked at.
    as_of: Date,
    /// 0 no mandatory standard is missing for sure; 1 one is; 3 something was not read, or nothing was.
    exit_status: u8,
    procurements: Vec<Procurement>,
    coverage: Coverage,
}

/// One procurement with its standards.
#[derive(Serialize, JsonSchema)]
struct Procurement {
    /// The folder or archive; empty for files that were named together.
    path: String,
    #[serde(flatten)]
    standards: Standards,
}

/// The formats of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum StandardsFormat {
    /// For people at a terminal
    Terminal,
    /// A table for spreadsheets
    Csv,
    /// Everything in one JSON document, with a schema
    Json,
}

impl StandardsReport {
    /// A report on the procurements by their paths. `exit_status` is that of the run; what was not
    /// read is told in `lang`.
    pub fn new(
        procurements: Vec<(String, Standards)>,
        mut coverage: Coverage,
        as_of: Date,
        exit_status: u8,
        lang: Lang,
    ) -> StandardsReport {
        coverage.speak(lang);
        let procurements = procurements.into_iter().map(|(path, standards)| Procurement { path, standards }).collect();
        StandardsReport {
            version: VERSION,
            tool: TOOL,
            tool_version: env!("CARGO_PKG_VERSION"),
            as_of,
            exit_status,
            procurements,
            coverage,
        }
    }

    /// The report as text with a final line break; `look` and `lang` matter only to the terminal.
    pub fn render(&self, format: StandardsFormat, look: Look, lang: Lang) -> String {
        match format {
            StandardsFormat::Terminal => self.terminal(look, lang),
            StandardsFormat::Csv => self.csv(),
            // Maps have text keys and numbers are finite, so this can't fail.
            StandardsFormat::Json => serde_json::to_string_pretty(self).unwrap_or_default() + "\n",
        }
    }

    fn terminal(&self, look: Look, lang: Lang) -> String {
        let (width, colour) = match look {
            Look::Graphical { width } => (width.clamp(40, WIDEST), true),
            Look::Plain => (WIDEST, false),
        };
        let page = Page { width, colour, lang };
        let mut out = String::new();
        for procurement in &self.procurements {
            page.procurement(&mut out, procurement, self.as_of);
        }
        for part in &self.coverage.not_read {
            page.paragraph(&mut out, "", "  ", &part.to_string());
        }
        out
    }

    fn csv(&self) -> String {
        let mut out = csv::row("\u{FEFF}", HEAD);
        for procurement in &self.procurements {
            for row in &procurement.standards.rows {
                let demand = row.demand.as_ref();
                out.push_str(&csv::row(
                    "",
                    [
                        procurement.path.as_str(),
                        &row.jurisdiction,
                        &row.topic,
                        if row.certain { "subject" } else { "touched" },
                        &row.standard,
                        &row.name,
                        &row.version,
                        &row.domain,
                        status_of(row),
                        force_of(row),
                        &row.verified,
                        row.answer.as_str(),
                        row.weakness.map_or("", |weakness| weakness.as_str()),
                        &row.trigger.snippet,
                        &place_of(&row.trigger),
                        demand.map_or("", |at| &at.context),
                        &demand.map(place_of).unwrap_or_default(),
                        &row.scope,
                        &row.law,
                        &row.source,
                        &row.jurisdictions().collect::<Vec<_>>().join(" "),
                    ],
                ));
            }
        }
        out
    }
}

const HEAD: [&str; 21] = [
    "procurement",
    "jurisdiction",
    "topic",
    "certainty",
    "standard",
    "name",
    "version",
    "domain",
    "status",
    "force",
    "verified",
    "answer",
    "weakness",
    "trigger",
    "trigger place",
    "demand",
    "demand place",
    "scope",
    "law",
    "source",
    "jurisdictions",
];

fn status_of(row: &Row) -> &'static str {
    match row.status {
        Status::Mandatory => "mandatory",
        Status::Recommended => "recommended",
    }
}

fn force_of(row: &Row) -> &'static str {
    match row.force {
        Force::Law => "law",
        Force::ComplyOrExplain => "comply-or-explain",
        Force::Advice => "advice",
    }
}

/// File and place in words, or with line and column.
fn place_of(location: &Location) -> String {
    head_of(location)
}

/// JSON Schema (2020-12) of the JSON document.
pub fn schema() -> schemars::Schema {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<StandardsReport>()
}

struct Page {
    width: usize,
    colour: bool,
    lang: Lang,
}

impl Page {
    fn word(&self, key: &str) -> String {
        standards_word(key, self.lang)
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if self.colour { text.style(style).to_string() } else { text.to_owned() }
    }

    fn paragraph(&self, out: &mut String, first: &str, rest: &str, text: &str) {
        wrapped_lines(out, self.width, first, rest, &without_controls(text));
    }

    fn procurement(&self, out: &mut String, procurement: &Procurement, as_of: Date) {
        let standards = &procurement.standards;
        let path = match procurement.path.as_str() {
            "" => String::new(),
            path => format!(" · {}", without_controls(path)),
        };
        let title = format!("{}{path} ({} {as_of})", self.word("title"), self.word("as-of"));
        let _ = writeln!(out, "{}\n", self.styled(&title, Style::new().bold()));
        let mut topics: Vec<&str> = Vec::new();
        for row in &standards.rows {
            if !topics.contains(&row.topic.as_str()) {
                topics.push(&row.topic);
            }
        }
        for topic in topics {
            let rows: Vec<&Row> = standards.rows.iter().filter(|row| row.topic == topic).collect();
            self.topic(out, topic, &rows);
        }
        if standards.rows.is_empty() {
            let text = format!("{} {}", self.word("nothing"), self.word("nothing-is-no-proof"));
            self.paragraph(out, "", "", &text);
            out.push('\n');
        }
        self.closing(out, standards);
    }

    /// What calls for the standards, and then one line a standard with the passage of its demand below.
    fn topic(&self, out: &mut String, topic: &str, rows: &[&Row]) {
        let Some(first) = rows.first() else { return };
        let certainty = if first.certain { "subject" } else { "touched" };
        let name = self.styled(&self.word(&format!("topic-{topic}")), Style::new().bold());
        let quote = cut(first.trigger.snippet.trim(), MOST_QUOTED);
        let text = format!("{name}: “{quote}” ({}; {})", place_of(&first.trigger), self.word(certainty));
        self.paragraph(out, "", "  ", &text);
        let names: Vec<String> = rows.iter().map(|row| name_of(row)).collect();
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default().min(48);
        let answers = ["asked", "weakly", "missing"].map(|key| self.word(key).chars().count());
        let answer_width = answers.into_iter().max().unwrap_or_default();
        for (row, name) in rows.iter().zip(&names) {
            let style = match (row.answer, row.status) {
                (Answer::Asked, _) => Style::new().green(),
                (Answer::Weakly, _) => Style::new().yellow(),
                (Answer::Missing, Status::Mandatory) => Style::new().red().bold(),
                (Answer::Missing, Status::Recommended) => Style::new(),
            };
            let answer = self.word(row.answer.as_str());
            let blank = " ".repeat(answer_width - answer.chars().count());
            let answer = self.styled(&answer, style);
            let padded = format!("{name:width$}");
            let lists = row.jurisdictions().collect::<Vec<_>>().join(", ");
            let _ = writeln!(out, "  {answer}{blank}  {padded}  {lists} {}", self.standing(row));
            if let Some(demand) = &row.demand {
                let why = row.weakness.map(|weakness| format!("{}: ", self.word(weakness.as_str())));
                let quote = around(demand);
                let text = format!("{}“{quote}” ({})", why.unwrap_or_default(), place_of(demand));
                let indent = " ".repeat(answer_width + 4);
                self.paragraph(out, &indent, &indent, &text);
            }
        }
        out.push('\n');
    }

    /// "mandatory", with a mark where the status was not read at its source.
    fn standing(&self, row: &Row) -> String {
        let key = match (row.status, row.force) {
            (Status::Mandatory, Force::Law) => "law",
            (Status::Mandatory, _) => "mandatory",
            (Status::Recommended, _) => "recommended",
        };
        let mark = if row.verified == "yes" { "" } else { " ?" };
        format!("{}{mark}", self.word(key))
    }

    fn closing(&self, out: &mut String, standards: &Standards) {
        for (status, key) in [(Status::Mandatory, "mandatory-count"), (Status::Recommended, "recommended-count")] {
            let mut counts: BTreeMap<Answer, usize> = BTreeMap::new();
            for row in standards.rows.iter().filter(|row| row.status == status) {
                *counts.entry(row.answer).or_default() += 1;
            }
            if !counts.is_empty() {
                let parts: Vec<_> =
                    counts.iter().map(|(answer, count)| format!("{count} {}", self.word(answer.as_str()))).collect();
                let _ = writeln!(out, "{}: {}", self.word(key), parts.join(", "));
            }
        }
        if standards.rows.iter().any(|row| row.verified != "yes") {
            let _ = writeln!(out, "{}", self.word("unverified"));
        }
        if standards.from_memory > 0 {
            let text = self.word("left-out").replace("{count}", &standards.from_memory.to_string());
            let _ = writeln!(out, "{text}");
        }
        if let Some(told) = &standards.told {
            self.told(out, told);
        }
        for list in &standards.lists {
            self.list(out, list);
        }
        out.push('\n');
    }

    /// Whose lists were taken, where nobody said so, and how to take others.
    fn told(&self, out: &mut String, told: &ToldJurisdiction) {
        let text = match &told.jurisdiction {
            Some(code) => self.word(&format!("told-by-{}", told.by.as_str())).replace("{jurisdiction}", code),
            None => self.word("told-by-nothing"),
        };
        let place = told.passage.as_ref().map(|at| format!(" “{}” ({}).", at.snippet, place_of(at)));
        self.paragraph(out, "", "    ", &format!("{text}{}", place.unwrap_or_default()));
    }

    fn list(&self, out: &mut String, list: &ListCard) {
        let as_of = match list.as_of.as_str() {
            "" => String::new(),
            day => format!(", {day}"),
        };
        let none = if list.known == "none" { format!(" [{}]", self.word("no-list")) } else { String::new() };
        let mut text = format!("{}: {}{as_of}{none}. ", list.jurisdiction, list.name);
        if let Some(euros) = list.threshold {
            let _ = write!(text, "{} ", self.word("threshold").replace("{euros}", &thousands(euros, self.lang)));
        }
        text.push_str(&list.note);
        self.paragraph(out, "", "    ", &text);
    }
}

/// The name with the version on the list, where the name does not say it.
fn name_of(row: &Row) -> String {
    if row.version.is_empty() || row.name.contains(&row.version) || row.version.contains(&row.name) {
        return row.name.clone();
    }
    let version = row.version.split([';', '(']).next().unwrap_or_default().trim();
    cut(&format!("{} ({version})", row.name), 48).into_owned()
}

/// The flagged words with what stands around them in the passage.
fn around(location: &Location) -> String {
    let context = location.context.trim();
    let at = context.find(&location.snippet).unwrap_or_default();
    let before = context[..at].chars().count();
    let skip = before.saturating_sub(MOST_QUOTED / 2);
    let rest: String = context.chars().skip(skip).collect();
    let mark = if skip > 0 { "…" } else { "" };
    format!("{mark}{}", cut(rest.trim_start(), MOST_QUOTED))
}

/// A number with the separator of thousands of a language.
fn thousands(number: u32, lang: Lang) -> String {
    let separator = match lang.as_str() {
        "en" => ",",
        "fr" => "\u{202f}",
        _ => ".",
    };
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_the_committed_one() {
        crate::committed::check("schemas/standards.schema.json", schema().as_value());
    }

    #[test]
    fn numbers_are_grouped() {
        let lang = |code: &str| code.parse().unwrap_or(Lang::EN);
        assert_eq!(thousands(50_000, lang("en")), "50,000");
        assert_eq!(thousands(50_000, lang("nl")), "50.000");
        assert_eq!(thousands(999, lang("nl")), "999");
        assert_eq!(thousands(1_234_567, lang("de")), "1.234.567");
    }
}
