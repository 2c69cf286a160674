//! Compiling a rule: from the file's conditions to tests that can't fail any more.

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};

use crate::date::Date;
use crate::knowledge::{self, Law, NamedKind, Openness};
use crate::language::{Cell, Reading};
use crate::notice;
use crate::rule::{Condition, FieldTest, Localised, MentionTest, Rule, RuleError, Subject, Within};

use super::test::{MentionFilter, Test};
use super::{checks, repository};
use crate::finding::Level;

/// A regular expression in a rule may compile to at most so many bytes: a bound on hostile rule files.
const REGEX_SIZE: usize = 1 << 20;

/// Days of the longest month: two months are never more than twice as many.
const LONGEST_MONTH: u32 = 31;

/// A rule, ready to run.
pub struct Compiled {
    pub rule: Rule,
    /// The ways in which `find` (or `given`) is met: each gives places and asks about them.
    pub paths: Vec<Path>,
    /// What meets wherever a regular expression of the paths does, and in few more places: one pass tells that a
    /// document needs none of them.
    texts: Option<Regex>,
    pub unless: Vec<Test>,
    /// For absence: what must stand somewhere.
    pub absent: Option<Test>,
    pub cases: Vec<CompiledCase>,
}

/// A change of level or message.
pub struct CompiledCase {
    pub when: Test,
    pub level: Option<Level>,
    pub lower: u8,
    pub message: Option<Localised>,
}

/// One way to meet `find`.
pub struct Path {
    pub seed: Seed,
    pub tests: Vec<Test>,
}

/// What gives the places that are looked at.
#[derive(Clone)]
pub enum Seed {
    Mention(MentionFilter),
    Phrase(Vec<Cell>),
    Text(Regex),
    Field(FieldTest),
}

impl Compiled {
    /// Compiles a rule.
    ///
    /// # Errors
    /// An unknown cell, kind or check, a broken regular expression, or a `find` that gives no places.
    pub fn new(rule: &Rule, as_of: Option<Date>) -> Result<Compiled, RuleError> {
        let file = &rule.file;
        let compiler = Compiler { rule, as_of };
        if let Some(name) = file.check.as_ref().filter(|name| !checks::is_known(name)) {
            let known: Vec<_> = checks::names().collect();
            let help = format!("the checks are: {}", known.join(", "));
            return Err(rule.error_at(name, format!("there is no check `{name}`"), Some(help)));
        }
        if file.subject == Subject::Repository {
            let mut conditions = file.find.iter().chain(&file.unless).chain(file.cases.iter().map(|case| &case.when));
            conditions.try_for_each(|condition| repository::validate(rule, condition))?;
            return Ok(Compiled::without_tests(rule));
        }
        let paths = match file.find.as_ref().or(file.given.as_ref()) {
            Some(condition) => compiler.paths(condition)?,
            None => Vec::new(),
        };
        Ok(Compiled {
            texts: any_of(&paths),
            paths,
            unless: file.unless.iter().map(|condition| compiler.test(condition)).collect::<Result<_, _>>()?,
            absent: file.absent.as_ref().map(|condition| compiler.test(condition)).transpose()?,
            cases: file
                .cases
                .iter()
                .map(|case| {
                    Ok(CompiledCase {
                        when: compiler.test(&case.when)?,
                        level: case.level,
                        lower: case.lower,
                        message: case.message.clone(),
                    })
                })
                .collect::<Result<_, RuleError>>()?,
            rule: rule.clone(),
        })
    }
}

impl Compiled {
    /// The paths that may give places in a document.
    pub fn paths_for<'c>(&'c self, reading: &Reading<'_>) -> impl Iterator<Item = &'c Path> + use<'c> {
        let has_text = |any: &Regex| (0..reading.blocks.len()).any(|block| any.is_match(reading.text(block)));
        let has_text = self.texts.as_ref().is_none_or(has_text);
        self.paths.iter().filter(move |path| has_text || !matches!(path.seed, Seed::Text(_)))
    }

    /// A rule whose conditions are not about a document's text.
    fn without_tests(rule: &Rule) -> Compiled {
        Compiled {
            rule: rule.clone(),
            paths: Vec::new(),
            texts: None,
            unless: Vec::new(),
            absent: None,
            cases: Vec::new(),
        }
    }
}

/// The [`needed`] parts of the regular expressions of paths as one.
fn any_of(paths: &[Path]) -> Option<Regex> {
    let patterns = paths.iter().filter_map(|path| match &path.seed {
        Seed::Text(regex) => Some(format!("(?:{})", needed(regex.as_str()))),
        _ => None,
    });
    let patterns: Vec<_> = patterns.collect();
    if patterns.is_empty() {
        return None;
    }
    // Where it can't be built every path is tried.
    RegexBuilder::new(&patterns.join("|")).size_limit(patterns.len() * REGEX_SIZE).build().ok()
}

/// Bytes of a literal that are rare enough to be looked for first.
const RARE: usize = 4;

/// A regular expression that meets wherever the given one does, and is found faster: without word boundaries, which
/// cost a hundred times the rest beside letters that are not ASCII, and from its first literal on, since most places
/// hold a capital but few hold “ Certified”.
fn needed(pattern: &str) -> String {
    let pattern = pattern.replace(r"\b", "");
    let parts = match regex_syntax::parse(&pattern).map(Hir::into_kind) {
        Ok(HirKind::Concat(parts)) => parts,
        _ => return pattern,
    };
    let is_rare = |part: &Hir| matches!(part.kind(), HirKind::Literal(literal) if literal.0.len() >= RARE);
    match parts.iter().position(is_rare) {
        Some(first) => Hir::concat(parts[first..].to_vec()).to_string(),
        None => pattern,
    }
}

struct Compiler<'r> {
    rule: &'r Rule,
    /// The day of the check.
    as_of: Option<Date>,
}

impl Compiler<'_> {
    /// The ways in which a condition gives places.
    fn paths(&self, condition: &Condition) -> Result<Vec<Path>, RuleError> {
        let mut rest = condition.clone();
        let seed = if condition.mention.as_ref().is_some_and(|test| test.within.is_none() && !test.same) {
            rest.mention.take().map(|test| self.mention(&test).map(Seed::Mention))
        } else if condition.phrase.as_ref().is_some_and(|test| test.within.is_none()) {
            rest.phrase.take().map(|test| self.cells(&test.cell).map(Seed::Phrase))
        } else if condition.text.as_ref().is_some_and(|test| test.within.is_none()) {
            rest.text.take().map(|test| self.regex(&test.matches).map(Seed::Text))
        } else if condition.field.is_some() {
            rest.field.take().map(|test| self.field(&test).map(Seed::Field))
        } else {
            None
        };
        if let Some(seed) = seed.transpose()? {
            return Ok(vec![Path { seed, tests: self.tests(&rest)? }]);
        }
        let alternatives = match rest.any.is_empty() {
            false => std::mem::take(&mut rest.any),
            true if !rest.all.is_empty() => vec![rest.all.remove(0)],
            true => {
                let help = "give a `mention`, `phrase` or `text` without `within`, or a `field`".to_owned();
                return Err(self.rule.error_at("find:", "the rule gives no places to look at".into(), Some(help)));
            }
        };
        let mut paths = Vec::new();
        for alternative in &alternatives {
            for mut path in self.paths(alternative)? {
                path.tests.extend(self.tests(&rest)?);
                paths.push(path);
            }
        }
        Ok(paths)
    }

    fn test(&self, condition: &Condition) -> Result<Test, RuleError> {
        Ok(Test::All(self.tests(condition)?))
    }

    /// One test a key of the condition.
    fn tests(&self, condition: &Condition) -> Result<Vec<Test>, RuleError> {
        let mut tests = Vec::new();
        if !condition.block.is_empty() {
            tests.push(Test::Block(condition.block.clone()));
        }
        if !condition.announced.is_empty() {
            tests.push(Test::Announced(self.cells(&condition.announced)?));
        }
        if !condition.lang.is_empty() {
            tests.push(Test::Lang(condition.lang.clone()));
        }
        if !condition.notice.is_empty() {
            tests.push(Test::Notice(condition.notice.clone()));
        }
        if let Some(test) = &condition.field {
            tests.push(Test::Field(self.field(test)?));
        }
        if !condition.within_fields.is_empty() {
            tests.push(Test::In(condition.within_fields.clone()));
        }
        if let Some(words) = condition.words {
            tests.push(Test::Words(words));
        }
        if let Some(test) = &condition.phrase {
            tests.push(Test::Phrase {
                cells: self.cells(&test.cell)?,
                within: test.within.unwrap_or(Within::Clause),
                near: test.near,
                side: test.side,
                count: test.count.unwrap_or(1) as usize,
            });
        }
        if let Some(test) = &condition.mention {
            tests.push(Test::Mention { filter: self.mention(test)?, within: test.within });
        }
        if let Some(test) = &condition.text {
            tests.push(Test::Text { regex: self.regex(&test.matches)?, within: test.within.unwrap_or(Within::Clause) });
        }
        if let Some(test) = &condition.period {
            tests.push(Test::Period {
                longer_than: test.longer_than.map(|months| months * LONGEST_MONTH),
                percent_of_term: test.percent_of_term,
                near: test.near as usize,
            });
        }
        if let Some(id) = &condition.applies {
            tests.push(Test::Settled(self.law(id)?.applies(self.as_of)));
        }
        if let Some(id) = &condition.term_reaches {
            let from = self.law(id)?.from;
            let days = self.as_of.zip(from).map_or(0, |(today, from)| today.days_to(from));
            tests.push(Test::TermReaches(days));
        }
        if !condition.role.is_empty() {
            tests.push(Test::Role(condition.role.clone()));
        }
        if let Some(test) = &condition.equivalence {
            tests.push(Test::Equivalence(test.within));
        }
        for condition in &condition.all {
            tests.push(self.test(condition)?);
        }
        if !condition.any.is_empty() {
            tests.push(Test::Any(condition.any.iter().map(|c| self.test(c)).collect::<Result<_, _>>()?));
        }
        if let Some(condition) = &condition.not {
            tests.push(Test::Not(Box::new(self.test(condition)?)));
        }
        Ok(tests)
    }

    fn cells(&self, names: &[String]) -> Result<Vec<Cell>, RuleError> {
        names
            .iter()
            .map(|name| {
                Cell::named(name).ok_or_else(|| {
                    let help = format!("the cells are: {}", Cell::names().join(", "));
                    self.rule.error_at(name, format!("the lexicon has no cell `{name}`"), Some(help))
                })
            })
            .collect()
    }

    fn law(&self, id: &str) -> Result<&'static Law, RuleError> {
        knowledge::law(id).ok_or_else(|| {
            let help = "ids are the first column of rules/jurisdictions/*.tsv".to_owned();
            self.rule.error_at(id, format!("no law has the id `{id}`"), Some(help))
        })
    }

    fn field(&self, test: &FieldTest) -> Result<FieldTest, RuleError> {
        if self.rule.file.subject != Subject::Notice {
            let help = "fields stand in notices: `subject: notice`".to_owned();
            return Err(self.rule.error_at("field:", "the subject has no fields".into(), Some(help)));
        }
        match test.term.iter().find(|term| !notice::is_term(term)) {
            Some(term) => {
                let help = "the terms stand in the third column of rules/knowledge/notice-fields.tsv".to_owned();
                Err(self.rule.error_at(term, format!("no field has the term `{term}`"), Some(help)))
            }
            None => Ok(test.clone()),
        }
    }

    fn regex(&self, pattern: &str) -> Result<Regex, RuleError> {
        RegexBuilder::new(pattern).size_limit(REGEX_SIZE).build().map_err(|error| {
            let first = pattern.lines().next().unwrap_or_default();
            let help = "the syntax is that of the Rust `regex` crate: no look-around, no back-references".to_owned();
            self.rule.error_at(first, format!("the regular expression is broken: {error}"), Some(help))
        })
    }

    fn mention(&self, test: &MentionTest) -> Result<MentionFilter, RuleError> {
        let kinds =
            test.kind.iter().map(|name| self.one_of(name, "kind", &NamedKind::ALL)).collect::<Result<_, _>>()?;
        let openness = [("open", Openness::Open), ("conditional", Openness::Conditional), ("closed", Openness::Closed)];
        let open = test.open.iter().map(|name| self.one_of(name, "openness", &openness)).collect::<Result<_, _>>()?;
        Ok(MentionFilter {
            kinds,
            open,
            domains: test.domain.clone(),
            ids: test.id.clone(),
            same: test.same,
            same_domain: test.same_domain,
            roles: test.role.clone(),
        })
    }

    fn one_of<T: Copy>(&self, name: &str, what: &str, allowed: &[(&str, T)]) -> Result<T, RuleError> {
        allowed.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<_> = allowed.iter().map(|(known, _)| *known).collect();
            self.rule.error_at(name, format!("`{name}` is no {what}"), Some(format!("allowed: {}", known.join(", "))))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;

    /// What compiling says of a rule whose `find` has this condition beside a phrase.
    fn said_of(condition: &str) -> String {
        let texts = "{en: \"x\"}";
        let text = format!(
            "id: x\nname: {texts}\nfamily: anti-lock-in\ncriterion: lock-in\nsubject: document\nlevel: note\n\
             confidence: low\nfind:\n  phrase: {{cell: [negation]}}\n  all:\n    - {condition}\nmessage: {texts}\nwhy: {texts}\nexamples: {{}}\n"
        );
        let rule = rule::parse(&text, "x.yaml").expect("a rule");
        Compiled::new(&rule, None).err().map(|error| format!("{error:?}")).unwrap_or_default()
    }

    #[test]
    fn what_no_table_knows_is_refused_by_its_name() {
        assert_eq!(said_of("applies: eu-dataact-25"), "");
        for (condition, name) in [
            ("applies: eu-dataact-99", "no law has the id `eu-dataact-99`"),
            ("term-reaches: eu-dataact-99", "no law has the id `eu-dataact-99`"),
            ("phrase: {cell: [negations], within: clause}", "the lexicon has no cell `negations`"),
            ("mention: {kind: [brand], within: clause}", "`brand` is no kind"),
            ("text: {matches: '(', within: clause}", "the regular expression is broken"),
        ] {
            assert!(said_of(condition).contains(name), "{condition}: {}", said_of(condition));
        }
    }
}
