//! Whether what a publiccode.yml points to is there, by the answers that its addresses gave. Nothing is found where
//! nobody asked.

use std::cell::LazyCell;

use super::super::found::{Found, Lines};
use super::super::message::Values;
use crate::repository::publiccode::{Address, Answer, MOST_ASKED, MOST_REDIRECTS, PubliccodeFile, Silence};

/// Addresses that answer for certain that nothing is there.
pub fn dead(file: &PubliccodeFile) -> Vec<Found> {
    let lines = LazyCell::new(|| Lines::new(&file.uri, &file.text));
    let gone = |address: &Address| {
        let status = address.answer?.gone()?;
        Some(found(&lines, address, address.end_column, [("status", status.to_string())]))
    };
    file.addresses.iter().filter_map(gone).collect()
}

/// Addresses that could not be checked, each with the cause.
///
/// These are findings and no [`NotRead`](crate::document::NotRead): the file itself was read whole, and a server that
/// is slow today or turns programs away must not make a pipeline fail whose repository did not change. So the exit
/// status stays as it is, as the rule's level is a note, and yet the report says at the key which address nobody
/// vouches for; a policy can switch the rule off or give it a level. No words are flagged there, since a report that
/// gives a note one line says them and not the message, and here the cause counts.
pub fn unchecked(file: &PubliccodeFile) -> Vec<Found> {
    let lines = LazyCell::new(|| Lines::new(&file.uri, &file.text));
    let beyond = file.addresses.iter().filter(|address| address.answer == Some(Answer::None(Silence::Beyond)));
    let beyond = beyond.count();
    let mut is_first_beyond = true;
    let mut all = Vec::new();
    for address in &file.addresses {
        let (variant, values) = match address.answer {
            Some(Answer::None(Silence::Beyond)) if !std::mem::take(&mut is_first_beyond) => continue,
            Some(Answer::None(silence)) => {
                let limit = if silence == Silence::Redirects { MOST_REDIRECTS } else { MOST_ASKED };
                (silence.as_str(), [("limit", limit.to_string()), ("n", beyond.to_string())].to_vec())
            }
            Some(answer @ Answer::Status(status)) if !answer.is_alive() && answer.gone().is_none() => {
                ("status", [("status", status.to_string())].to_vec())
            }
            _ => continue,
        };
        let mut found = found(&lines, address, address.column, values);
        found.variant = Some(variant);
        all.push(found);
    }
    all
}

/// A place at the key of an address, up to a column.
fn found(
    lines: &Lines,
    address: &Address,
    end_column: u32,
    values: impl IntoIterator<Item = (&'static str, String)>,
) -> Found {
    let location = lines.place(address.line, address.column, end_column);
    let mut all = Values::from([("field", address.key.clone()), ("value", address.url.clone())]);
    all.extend(values);
    let mut found = Found::at(location, all);
    found.properties.insert("key".to_owned(), address.key.clone().into());
    found.properties.insert("address".to_owned(), address.url.clone().into());
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::message;
    use super::*;
    use crate::repository::publiccode::Nowhere;
    use crate::rule::builtin_rules;

    const FILE: &str = "\
publiccodeYmlVersion: \"0\"
url: https://a.example/x.git
landingURL: https://b.example/
isBasedOn:
  - https://c.example/
  - ssh://git@d.example/y.git
roadmap: nowhere
";

    /// Line, variant and values of what is found where the addresses give these answers, in order.
    fn found_for(check: fn(&PubliccodeFile) -> Vec<Found>, answers: &[Answer]) -> Vec<String> {
        let mut file = PubliccodeFile::read("publiccode.yml", FILE.as_bytes(), &Nowhere);
        let answers = answers.to_vec();
        file.ask(&move |addresses| {
            assert_eq!(addresses, ["https://a.example/x.git", "https://b.example/", "https://c.example/"]);
            answers.clone()
        });
        let said = |found: &Found| {
            let value = |name| found.values.get(name).map_or("", String::as_str);
            let line = found.location.region.start_line;
            format!("{line} {} {} {}", found.variant.unwrap_or_default(), value("status"), value("n"))
        };
        check(&file).iter().map(said).collect()
    }

    #[test]
    fn only_certain_answers_are_faults() {
        let answers = [Answer::Status(404), Answer::Status(204), Answer::Status(410)];
        assert_eq!(found_for(dead, &answers), ["2  404 ", "5  410 "]);
        assert!(found_for(unchecked, &answers).is_empty());
        let answers = [Answer::Status(403), Answer::None(Silence::TimeOut), Answer::Status(304)];
        assert!(found_for(dead, &answers).is_empty());
        assert_eq!(found_for(unchecked, &answers), ["2 status 403 ", "3 time-out  0", "5 status 304 "]);
    }

    #[test]
    fn what_goes_beyond_the_limit_is_counted() {
        let beyond = Answer::None(Silence::Beyond);
        assert_eq!(found_for(unchecked, &[Answer::Status(200), beyond, beyond]), ["3 beyond  2"]);
    }

    #[test]
    fn nothing_is_found_where_nobody_asked() {
        assert!(found_for(dead, &[]).is_empty());
        assert!(found_for(unchecked, &[]).is_empty());
    }

    #[test]
    fn each_cause_has_a_message() {
        let rule = builtin_rules().iter().find(|rule| rule.file.id == "publiccode-address-unchecked").unwrap();
        let said: BTreeSet<&str> = rule.file.variants.keys().map(String::as_str).collect();
        assert_eq!(said, Silence::ALL.iter().map(|silence| silence.as_str()).chain(["status"]).collect());
        let names = ["field", "value", "status", "limit", "n"];
        let values = Values::from_iter(names.map(|name| (name, "x".to_owned())));
        for (lang, text) in rule.file.variants.values().flat_map(|texts| &texts.0) {
            assert!(!message::fill(text, &values, *lang).contains(['{', '}']), "{text}");
        }
    }

    #[test]
    fn causes_are_written_in_rules_as_they_are_named() {
        for silence in Silence::ALL {
            assert_eq!(serde_json::to_value(silence).unwrap(), silence.as_str());
        }
        let expected = serde_json::from_str::<Answer>("\"asleep\"").unwrap_err().to_string();
        let (_, named) = expected.split_once("none: ").unwrap();
        assert_eq!(named, Silence::ALL.map(Silence::as_str).join(", "));
    }
}
