//! SPDX licence expressions: parsed with what is wrong in them, printed canonically, judged by a list.
//!
//! The grammar is that of SPDX 2.3, annex D: `WITH` binds closer than `AND`, `AND` closer than `OR`. The ids are
//! those of the `spdx` crate; its parser stops at the first unknown id and tells no fix, so that the parser here
//! goes on and keeps each defect with its place and its replacement.

use std::fmt;
use std::ops::Range;

use super::list::LicenceList;
use super::table::{self, Openness};

/// Longest expression that is read, in bytes; deeper or longer ones are refused.
const LONGEST: usize = 4096;
/// Deepest nesting of parentheses.
const DEEPEST: usize = 32;

/// A parsed expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// `None` where the text is no expression at all.
    pub node: Option<Node>,
    /// In the order of their place.
    pub problems: Vec<Problem>,
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Licence(Licence),
    And(Vec<Node>),
    Or(Vec<Node>),
}

/// One licence of an expression, with its exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// The list's spelling of the id, `LicenseRef-…` or `DocumentRef-…:LicenseRef-…`, or, where unknown, as
    /// written.
    pub id: String,
    /// Whether a `+` follows the id.
    pub or_later: bool,
    /// What stands after `WITH`.
    pub exception: Option<String>,
}

/// What is wrong with a part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// Bytes of the text given to [`parse`].
    pub span: Range<usize>,
    /// What to write instead, where that is certain or, for an alias, likely.
    pub replacement: Option<String>,
}

/// The kinds of defects of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The id is deprecated in the SPDX list.
    Deprecated,
    /// The id is right but for its case.
    WrongCase,
    /// A full stop or comma follows the id.
    TrailingDot,
    /// A name and not an id.
    Alias,
    /// Neither an id nor a known name.
    Unknown,
    /// An operator that SPDX does not know: `/`, `,`, `|`, or `and` in lower case mixed with capitals.
    Operator,
    /// A `+` after an id that says `-only` or `-or-later` already.
    Plus,
    /// No expression: a parenthesis or an operand is missing, or the text is empty or too long.
    Syntax,
}

/// The verdict of a policy on an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    NotOpen,
    Unknown,
    Open,
}

/// Parses an expression. Never fails: what is wrong stands in [`Expression::problems`].
///
/// ```
/// let expression = acquis::licence::expression("GPL-3.0+ OR mit");
/// assert_eq!(expression.to_string(), "GPL-3.0-or-later OR MIT");
/// assert_eq!(expression.problems.len(), 2);
/// ```
pub fn parse(text: &str) -> Expression {
    if text.len() > LONGEST {
        return Expression { node: None, problems: vec![syntax(0..text.len())] };
    }
    if let Some(expression) = whole_name(text) {
        return expression;
    }
    let mut parser = Parser { text, tokens: tokens(text), next: 0, problems: Vec::new() };
    let node = parser.or(0);
    if node.is_some() && parser.next < parser.tokens.len() {
        let rest = parser.tokens[parser.next].span.start..text.len();
        parser.problems.push(syntax(rest));
        return Expression { node: None, problems: parser.problems };
    }
    Expression { node, problems: parser.problems }
}

/// A text that is the name of one licence as a whole (`GNU General Public License v3.0 or later`), which the
/// grammar would tear apart.
fn whole_name(text: &str) -> Option<Expression> {
    let trimmed = text.trim();
    if !trimmed.contains(char::is_whitespace) {
        return None;
    }
    let id = table::by_name(trimmed).filter(|id| !id.is_empty())?;
    let start = text.len() - text.trim_start().len();
    let problem =
        Problem { kind: ProblemKind::Alias, span: start..start + trimmed.len(), replacement: Some(id.to_owned()) };
    Some(Expression { node: Some(Node::Licence(licence(id))), problems: vec![problem] })
}

/// Judges an expression by a list: any part of an `OR` will do, every part of an `AND` must.
pub fn evaluate(expression: &Expression, list: &LicenceList) -> Verdict {
    expression.node.as_ref().map_or(Verdict::Unknown, |node| node.judge(&|licence| judge_by_list(licence, list)))
}

/// Judges an expression by the table alone: open, open for content, or not.
pub fn openness(expression: &Expression) -> Verdict {
    expression.node.as_ref().map_or(Verdict::Unknown, |node| node.judge(&judge_by_table))
}

fn judge_by_list(licence: &Licence, list: &LicenceList) -> Verdict {
    if list.accepts(&licence.id, licence.or_later) {
        Verdict::Open
    } else if table::facts(&licence.id).is_some() {
        Verdict::NotOpen
    } else {
        Verdict::Unknown
    }
}

fn judge_by_table(licence: &Licence) -> Verdict {
    match table::facts(&licence.id).map(|facts| facts.openness) {
        Some(Openness::Open | Openness::LikelyOpen | Openness::OpenContent) => Verdict::Open,
        Some(Openness::NotOpen) => Verdict::NotOpen,
        Some(Openness::Unknown) | None => Verdict::Unknown,
    }
}

impl Expression {
    /// Every licence of the expression, in the order of its text.
    pub fn licences(&self) -> Vec<&Licence> {
        let mut licences = Vec::new();
        if let Some(node) = &self.node {
            node.collect(&mut licences);
        }
        licences
    }
}

impl Node {
    /// Judges each licence: any part of an `OR` will do, every part of an `AND` must.
    pub fn judge(&self, licence: &dyn Fn(&Licence) -> Verdict) -> Verdict {
        match self {
            Node::Licence(one) => licence(one),
            Node::And(parts) => parts.iter().map(|part| part.judge(licence)).min().unwrap_or(Verdict::Unknown),
            Node::Or(parts) => parts.iter().map(|part| part.judge(licence)).max().unwrap_or(Verdict::Unknown),
        }
    }

    fn collect<'a>(&'a self, licences: &mut Vec<&'a Licence>) {
        match self {
            Node::Licence(licence) => licences.push(licence),
            Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| part.collect(licences)),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.as_ref().map_or(Ok(()), |node| node.fmt(f))
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, operator) = match self {
            Node::Licence(licence) => return licence.fmt(f),
            Node::And(parts) => (parts, " AND "),
            Node::Or(parts) => (parts, " OR "),
        };
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                f.write_str(operator)?;
            }
            match part {
                Node::Licence(licence) => licence.fmt(f)?,
                group => write!(f, "({group})")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Licence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if self.or_later {
            f.write_str("+")?;
        }
        self.exception.as_ref().map_or(Ok(()), |exception| write!(f, " WITH {exception}"))
    }
}

/// `ID`, `ID+` or `ID WITH EXCEPTION` of the tables, as a licence.
fn licence(known: &str) -> Licence {
    let (id, exception) = match known.split_once(" WITH ") {
        Some((id, exception)) => (id, Some(exception.to_owned())),
        None => (known, None),
    };
    Licence { id: id.to_owned(), or_later: false, exception }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Word,
    And,
    Or,
    With,
    Open,
    Close,
    /// A sign used for `OR`.
    OrSign,
}

struct Token {
    kind: TokenKind,
    span: Range<usize>,
}

/// Splits the text; every byte that is no part of a word, a parenthesis or a sign is skipped.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let kind = match character {
            '(' => TokenKind::Open,
            ')' => TokenKind::Close,
            '/' | '|' | ',' | ';' => TokenKind::OrSign,
            _ if is_word(character) => {
                while characters.next_if(|(_, next)| is_word(*next)).is_some() {}
                let end = characters.peek().map_or(text.len(), |(end, _)| *end);
                let kind = match &text[start..end] {
                    word if word.eq_ignore_ascii_case("and") => TokenKind::And,
                    word if word.eq_ignore_ascii_case("or") => TokenKind::Or,
                    word if word.eq_ignore_ascii_case("with") => TokenKind::With,
                    _ => TokenKind::Word,
                };
                tokens.push(Token { kind, span: start..end });
                continue;
            }
            _ => continue,
        };
        tokens.push(Token { kind, span: start..start + character.len_utf8() });
    }
    // `||` is one sign, and a comma at the very end is none.
    tokens.dedup_by(|next, sign| next.kind == TokenKind::OrSign && sign.kind == TokenKind::OrSign);
    if tokens.last().is_some_and(|token| token.kind == TokenKind::OrSign) {
        tokens.pop();
    }
    tokens
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '.' | '+' | ':' | '_')
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    problems: Vec<Problem>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<TokenKind> {
        self.tokens.get(self.next).map(|token| token.kind)
    }

    fn take(&mut self) -> Option<Range<usize>> {
        let span = self.tokens.get(self.next)?.span.clone();
        self.next += 1;
        Some(span)
    }

    fn fail(&mut self) -> Option<Node> {
        let span = self.tokens.get(self.next).map_or(self.text.len()..self.text.len(), |token| token.span.clone());
        self.problems.push(syntax(span));
        None
    }

    fn or(&mut self, depth: usize) -> Option<Node> {
        let mut parts = vec![self.and(depth)?];
        while let Some(kind @ (TokenKind::Or | TokenKind::OrSign)) = self.peek() {
            let span = self.take()?;
            if kind == TokenKind::OrSign {
                let replacement = Some(" OR ".to_owned());
                self.problems.push(Problem { kind: ProblemKind::Operator, span, replacement });
            }
            parts.push(self.and(depth)?);
        }
        Some(one_or(parts, Node::Or))
    }

    fn and(&mut self, depth: usize) -> Option<Node> {
        let mut parts = vec![self.operand(depth)?];
        while self.peek() == Some(TokenKind::And) {
            self.take()?;
            parts.push(self.operand(depth)?);
        }
        Some(one_or(parts, Node::And))
    }

    fn operand(&mut self, depth: usize) -> Option<Node> {
        match self.peek() {
            Some(TokenKind::Open) if depth < DEEPEST => {
                self.take()?;
                let node = self.or(depth + 1)?;
                if self.peek() != Some(TokenKind::Close) {
                    return self.fail();
                }
                self.take()?;
                Some(node)
            }
            Some(TokenKind::Word) => self.licence(),
            _ => self.fail(),
        }
    }

    /// An id or a name, which may take several words, with its `WITH`.
    fn licence(&mut self) -> Option<Node> {
        let first = self.take()?;
        let mut span = first.clone();
        while self.peek() == Some(TokenKind::Word) {
            span.end = self.take()?.end;
        }
        let mut licence = self.identify(span);
        if self.peek() == Some(TokenKind::With) {
            self.take()?;
            if self.peek() != Some(TokenKind::Word) {
                return self.fail();
            }
            let span = self.take()?;
            licence.exception = Some(self.exception(span));
        }
        Some(Node::Licence(licence))
    }

    fn identify(&mut self, span: Range<usize>) -> Licence {
        let written = &self.text[span.clone()];
        if is_reference(written, "LicenseRef-") {
            return Licence { id: written.to_owned(), or_later: false, exception: None };
        }
        // A name that ends in a full stop by nature is in the table with it; ids never end in one.
        let trimmed = written.trim_end_matches('.');
        if trimmed.len() < written.len() && !trimmed.is_empty() {
            let dots = span.start + trimmed.len()..span.end;
            let replacement = Some(String::new());
            self.problems.push(Problem { kind: ProblemKind::TrailingDot, span: dots, replacement });
        }
        let span = span.start..span.start + trimmed.len();
        let (kind, replacement) = match known(trimmed) {
            Known::Id(id) => {
                let (base, or_later) = split_plus(id);
                return Licence { id: base.to_owned(), or_later, exception: None };
            }
            Known::But(kind, replacement) => (kind, Some(replacement)),
            Known::No => (ProblemKind::Unknown, None),
        };
        self.problems.push(Problem { kind, span, replacement: replacement.clone() });
        let meant = replacement.unwrap_or_else(|| trimmed.to_owned());
        let (id, exception) = match meant.split_once(" WITH ") {
            Some((id, exception)) => (id, Some(exception.to_owned())),
            None => (meant.as_str(), None),
        };
        let (id, or_later) = split_plus(id);
        Licence { id: id.to_owned(), or_later, exception }
    }

    fn exception(&mut self, span: Range<usize>) -> String {
        let written = &self.text[span.clone()];
        if spdx::exception_id(written).is_some() || is_reference(written, "AdditionRef-") {
            return written.to_owned();
        }
        let folded = spdx::identifiers::EXCEPTIONS.iter().find(|known| known.name.eq_ignore_ascii_case(written));
        let (kind, replacement) = match folded {
            Some(known) => (ProblemKind::WrongCase, Some(known.name.to_owned())),
            None => (ProblemKind::Unknown, None),
        };
        self.problems.push(Problem { kind, span, replacement: replacement.clone() });
        replacement.unwrap_or_else(|| written.to_owned())
    }
}

/// What a written id turns out to be.
enum Known<'a> {
    /// An id of the list, exactly, with its `+` where that is allowed.
    Id(&'a str),
    /// An id with this defect, and what to write instead.
    But(ProblemKind, String),
    No,
}

fn known(written: &str) -> Known<'_> {
    let (base, plus) = split_plus(written);
    // `GPL-2.0+` is in the list with its plus, and deprecated.
    let Some(id) = table::canonical_id(written).or_else(|| table::canonical_id(base)) else {
        return match table::by_name(written) {
            Some(id) if !id.is_empty() => Known::But(ProblemKind::Alias, id.to_owned()),
            _ => Known::No,
        };
    };
    let facts = table::facts(id);
    let plus_in_id = id.ends_with('+');
    let mut right = id.to_owned();
    if let Some(facts) = facts.filter(|facts| facts.deprecated && !facts.replacement.is_empty()) {
        right = facts.replacement.to_owned();
        if plus && !plus_in_id {
            right = right.strip_suffix("-only").map_or(right.clone(), |base| format!("{base}-or-later"));
        }
        return Known::But(ProblemKind::Deprecated, right);
    }
    if facts.is_some_and(|facts| facts.deprecated) {
        return Known::But(ProblemKind::Deprecated, right);
    }
    if plus && !plus_in_id {
        if let Some(base) = id.strip_suffix("-only") {
            return Known::But(ProblemKind::Plus, format!("{base}-or-later"));
        }
        if id.ends_with("-or-later") {
            return Known::But(ProblemKind::Plus, right);
        }
        right.push('+');
    }
    if right == written { Known::Id(written) } else { Known::But(ProblemKind::WrongCase, right) }
}

/// `LicenseRef-…` or `DocumentRef-…:LicenseRef-…`, with characters that SPDX allows.
fn is_reference(written: &str, prefix: &str) -> bool {
    let name = match written.strip_prefix("DocumentRef-").and_then(|rest| rest.split_once(':')) {
        Some((_, name)) => name,
        None => written,
    };
    name.strip_prefix(prefix).is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
    })
}

fn split_plus(id: &str) -> (&str, bool) {
    id.strip_suffix('+').map_or((id, false), |base| (base, true))
}

fn one_or(mut parts: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => many(parts),
    }
}

fn syntax(span: Range<usize>) -> Problem {
    Problem { kind: ProblemKind::Syntax, span, replacement: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_canonically_and_names_the_defects() {
        use ProblemKind::*;
        for (text, canonical, problems) in [
            ("MIT", "MIT", vec![]),
            ("EUPL-1.2", "EUPL-1.2", vec![]),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", "(MIT OR Apache-2.0) AND Unicode-3.0", vec![]),
            ("MIT AND (BSD-3-Clause AND ISC)", "MIT AND (BSD-3-Clause AND ISC)", vec![]),
            ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", vec![]),
            ("MPL-1.1+", "MPL-1.1+", vec![]),
            ("LicenseRef-House-1 OR mit", "LicenseRef-House-1 OR MIT", vec![WrongCase]),
            ("GPL-3.0", "GPL-3.0-only", vec![Deprecated]),
            ("GPL-3.0+", "GPL-3.0-or-later", vec![Deprecated]),
            ("gpl-2.0+", "GPL-2.0-or-later", vec![Deprecated]),
            ("AGPL-3.0-only+", "AGPL-3.0-or-later", vec![Plus]),
            ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0", vec![Deprecated]),
            ("EUPL-1.2.", "EUPL-1.2", vec![TrailingDot]),
            ("MIT/Apache-2.0", "MIT OR Apache-2.0", vec![Operator]),
            ("Apache License, Version 2.0", "Apache-2.0", vec![Alias]),
            ("GNU General Public License v3.0 or later", "GPL-3.0-or-later", vec![Alias]),
            ("EUPL 1.2 OR MIT", "EUPL-1.2 OR MIT", vec![Alias]),
            ("Apache-2.0 WITH llvm-exception", "Apache-2.0 WITH LLVM-exception", vec![WrongCase]),
            ("House Rules", "House Rules", vec![Unknown]),
            ("GPL", "GPL", vec![Unknown]),
            ("MIT AND", "", vec![Syntax]),
            ("(MIT", "", vec![Syntax]),
            ("MIT)", "", vec![Syntax]),
            ("", "", vec![Syntax]),
            ("UNLICENSED", "LicenseRef-Proprietary", vec![Alias]),
        ] {
            let expression = parse(text);
            assert_eq!(expression.to_string(), canonical, "{text}");
            assert_eq!(expression.problems.iter().map(|p| p.kind).collect::<Vec<_>>(), problems, "{text}");
        }
    }

    #[test]
    fn replacements_have_their_place() {
        let text = "MIT OR GPL-2.0";
        let problem = &parse(text).problems[0];
        assert_eq!((&text[problem.span.clone()], problem.replacement.as_deref()), ("GPL-2.0", Some("GPL-2.0-only")));
    }

    #[test]
    fn any_of_or_and_all_of_and() {
        let osi = LicenceList::named("osi").expect("built in");
        for (text, verdict) in [
            ("MIT OR BUSL-1.1", Verdict::Open),
            ("MIT AND BUSL-1.1", Verdict::NotOpen),
            ("MIT AND LicenseRef-House", Verdict::Unknown),
            ("BUSL-1.1 OR LicenseRef-House", Verdict::Unknown),
            ("BUSL-1.1 AND LicenseRef-House", Verdict::NotOpen),
            ("GPL-2.0-only WITH Classpath-exception-2.0", Verdict::Open),
            ("(MIT OR BUSL-1.1) AND EUPL-1.2", Verdict::Open),
            ("MIT AND", Verdict::Unknown),
        ] {
            assert_eq!(evaluate(&parse(text), osi), verdict, "{text}");
        }
    }

    #[test]
    fn hostile_text_ends_in_a_problem() {
        for text in ["(".repeat(4000), "MIT OR ".repeat(100_000), "ſ\u{0}é(".to_owned()] {
            assert!(parse(&text).problems.iter().any(|problem| problem.kind == ProblemKind::Syntax));
        }
    }
}
