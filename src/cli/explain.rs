//! `acquis explain RULE`: what a rule means, on what law it rests, how it is switched off.

use std::fmt::Write;

use acquis::rule::{Example, Rule, RuleCard};
use miette::{Report, Result, miette};

use super::ExitStatus;
use super::selection::RuleSelection;

/// Explain a rule: why it matters, its law, examples, how to switch it off
#[derive(clap::Args)]
pub struct Args {
    /// Id of the rule; `acquis rules list` lists them
    rule: String,

    #[command(flatten)]
    selection: RuleSelection,
}

pub fn run(args: Args) -> Result<ExitStatus> {
    let frame = args.selection.frame(&[".".into()])?;
    let position = frame.rules.iter().position(|rule| rule.file.id == args.rule);
    let Some(position) = position else { return Err(no_such_rule(&args.rule, &frame.rules)) };
    let cards = frame.cards();
    super::print(&explanation(&cards[position], &frame.rules[position]))?;
    Ok(ExitStatus::Clean)
}

fn explanation(card: &RuleCard, rule: &Rule) -> String {
    let mut out = format!("{}\n{}\n\n", card.name, "=".repeat(card.name.chars().count()));
    let trial = if card.preview { ", on trial (runs with --preview)" } else { "" };
    let confidence = format!("{:?}", card.confidence).to_lowercase();
    let _ = writeln!(
        out,
        "{}: {}, confidence {confidence}, {}, {}{trial}\n",
        card.id, card.level, card.family, card.criterion
    );
    let _ = writeln!(out, "{}", textwrap::fill(&card.why, 100));
    for (index, law) in card.law.iter().enumerate() {
        if index == 0 {
            out.push_str("\nLegal basis\n");
        }
        let read = match law.verified.as_str() {
            "yes" => "",
            "partly" => " (read in part or in a secondary source)",
            _ => " (from memory: check it)",
        };
        let _ = writeln!(out, "  {}{read}", law.reference);
        if !law.wording.is_empty() {
            let _ = writeln!(out, "{}", indented(&format!("“{}”", law.wording), "      "));
        }
    }
    examples(&mut out, "Found in", &rule.file.examples.flag);
    examples(&mut out, "Not found in", &rule.file.examples.pass);
    let _ = write!(
        out,
        "\nTo change its level or switch it off, in acquis.yml:\n  rules:\n    {id}: off\n\nTo accept one finding:\n  \
         waivers:\n    - rule: {id}\n      path: lot1/specification.docx\n      quote: words of the passage\n      reason: \
         why it must stay\n      approver: who decided\n      date: 2026-01-31\n      until: 2026-12-31\n",
        id = card.id
    );
    out
}

fn examples(out: &mut String, title: &str, examples: &[Example]) {
    let texts = examples.iter().filter(|example| !example.text.trim().is_empty()).take(3);
    for (index, example) in texts.enumerate() {
        if index == 0 {
            let _ = writeln!(out, "\n{title}");
        }
        let text = example.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let why = example.why.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
        let _ = writeln!(out, "{}", indented(&format!("[{}] {text}{why}", example.lang), "  "));
    }
}

fn indented(text: &str, indent: &str) -> String {
    textwrap::fill(text, textwrap::Options::new(100).initial_indent(indent).subsequent_indent(indent))
}

/// The error for an id that no rule has.
pub fn no_such_rule(id: &str, rules: &[Rule]) -> Report {
    let shares_a_word = |rule: &&Rule| rule.file.id.split('-').any(|word| word.len() > 3 && id.contains(word));
    let near: Vec<_> = rules.iter().filter(shares_a_word).take(5).map(|rule| rule.file.id.as_str()).collect();
    let help = match near.as_slice() {
        [] => "`acquis rules list` lists all rules".to_owned(),
        near => format!("is one of these meant? {}", near.join(", ")),
    };
    miette!(help = help, "there is no rule `{id}`")
}
