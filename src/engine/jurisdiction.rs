//! Whose law a finding rests on, so that a reader is shown the article of the own country.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::knowledge::{UNION, jurisdictions};
use crate::language::Reading;
use crate::notice::Notice;

use super::Options;

/// Says of each finding whose law it rests on: that of the jurisdictions in force; where only the Union is, also
/// that of the buyer's country or, where no notice tells it, of those that write in the language of the text.
///
/// `readings` are those of the documents of the findings, `notices` those of the last of them.
pub fn tell(findings: &mut [Finding], readings: &[Reading<'_>], notices: &[&Notice], options: &Options) {
    let documents = readings.len() - notices.len();
    let mut known: HashMap<(&str, Option<&str>), usize> = HashMap::new();
    for (at, reading) in readings.iter().enumerate() {
        known.entry((&reading.document.uri, reading.document.member.as_deref())).or_insert(at);
    }
    let country_of_the_bundle = notices.iter().find_map(|notice| notice.country.as_deref());
    for finding in findings {
        let location = &finding.location;
        let at = known.get(&(location.uri.as_str(), location.member.as_deref())).copied();
        let only_union = options.jurisdictions.iter().all(|code| code == UNION);
        finding.jurisdictions = options.jurisdictions.clone();
        let Some(at) = at.filter(|_| only_union) else { continue };
        let own = at.checked_sub(documents).and_then(|notice| notices[notice].country.as_deref());
        let country = own.or(country_of_the_bundle);
        let lang = readings[at].lang;
        let national = jurisdictions().iter().filter(|known| match country {
            Some(country) => known.country == country,
            None => known.languages.contains(&lang),
        });
        finding.jurisdictions.extend(national.map(|known| known.code.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{self, Format, Limits};
    use crate::engine::Engine;
    use crate::notice;
    use crate::rule::builtin_rules;

    const NOTICE: &str = include_str!("../../tests/notice/fixtures/24-languages.xml");

    fn engine(named: &[&str]) -> Engine {
        let jurisdictions = named.iter().map(|&code| code.to_owned()).collect();
        Engine::new(builtin_rules(), Options { jurisdictions, ..Options::default() }).unwrap()
    }

    #[test]
    fn the_language_of_a_text_tells_whose_law_it_may_rest_on() {
        let french =
            "# Exigences\n\nLa base de données doit être Oracle Database 19c pour les services du titulaire.\n";
        let danish = "# Krav\n\nDatabasen skal være Oracle Database 19c og understøtte alle brugere i kommunen.\n";
        let greek =
            "# Απαιτήσεις\n\nΗ βάση δεδομένων πρέπει να είναι Oracle Database 19c για τις υπηρεσίες του δήμου.\n";
        for (text, named, want) in [
            (french, &["eu"][..], "eu be ch fr"),
            (danish, &["eu"], "eu dk"),
            (greek, &["eu"], "eu gr"),
            (danish, &["nl", "eu"], "nl eu"),
        ] {
            let document = document::read(text.as_bytes(), "text.md", None, Format::Markdown, &Limits::default());
            let findings = engine(named).check_bundle(&[document.unwrap()], &[]);
            let finding = findings.iter().find(|finding| finding.rule == "product-without-equivalent").unwrap();
            assert_eq!(finding.jurisdictions.join(" "), want, "{text}");
        }
    }

    #[test]
    fn the_country_of_the_buyer_tells_it_better() {
        let reading = notice::read(NOTICE.as_bytes(), "notice.xml", None, Format::Eforms, &Limits::default());
        let mut notices = reading.notices;
        for (country, want) in [("FR", "eu fr"), ("BE", "eu be"), ("SE", "eu")] {
            notices[0].country = Some(country.to_owned());
            let findings = engine(&[UNION]).check_bundle(&[], &notices);
            assert!(!findings.is_empty());
            for finding in findings {
                assert_eq!(finding.jurisdictions.join(" "), want, "{}", finding.rule);
            }
        }
    }
}
