//! Whose law applies where nobody said so: for the articles that a finding shows, and for lists of standards.

use std::collections::{BTreeMap, HashMap};

use crate::finding::Finding;
use crate::knowledge::{Jurisdiction, UNION, jurisdictions};
use crate::language::{NamedLaw, Reading, laws_named_in};
use crate::notice::Notice;
use crate::standards::{ToldBy, ToldJurisdiction};

use super::Options;
use super::locate::Locator;

/// What the documents of a purchase tell of its jurisdiction.
pub struct Told {
    jurisdiction: Option<&'static Jurisdiction>,
    by: ToldBy,
    /// The document and the law that it names.
    passage: Option<(usize, NamedLaw)>,
}

impl Told {
    const NOTHING: Told = Told { jurisdiction: None, by: ToldBy::Nothing, passage: None };

    fn by(by: ToldBy, test: impl Fn(&Jurisdiction) -> bool) -> Told {
        Told { jurisdiction: jurisdictions().iter().find(|known| test(known)), by, passage: None }
    }

    /// Codes of the jurisdictions whose law then applies: the Union's alone where nothing is told.
    pub fn in_force(&self) -> Vec<String> {
        let union = self.jurisdiction.is_none_or(|known| known.in_union).then_some(UNION);
        self.jurisdiction.map(|known| known.code).into_iter().chain(union).map(str::to_owned).collect()
    }

    /// What a report says of it; `locators` are those of the purchase's readings.
    pub fn card(self, locators: &[Locator<'_>]) -> ToldJurisdiction {
        ToldJurisdiction {
            jurisdiction: self.jurisdiction.map(|known| known.code.to_owned()),
            by: self.by,
            passage: self.passage.map(|(document, law)| locators[document].location(law.block, law.range)),
        }
    }
}

/// Whose law a purchase is under: the buyer's country in a notice tells it; else the procurement law that the
/// documents name most often; else the language of the longest document, where one country alone writes in it. Two
/// laws that are named equally often tell nothing.
///
/// `readings` are those of the documents, then those of the notices.
pub fn told(readings: &[Reading<'_>], notices: &[&Notice]) -> Told {
    if let Some(country) = notices.iter().find_map(|notice| notice.country.as_deref()) {
        return Told::by(ToldBy::Country, |known| known.country == country);
    }
    let mut named: BTreeMap<&str, Vec<(usize, NamedLaw)>> = BTreeMap::new();
    for (at, reading) in readings.iter().enumerate() {
        for law in laws_named_in(reading.document) {
            named.entry(law.jurisdiction).or_default().push((at, law));
        }
    }
    let most = named.values().map(Vec::len).max().unwrap_or_default();
    let mut first = named.into_iter().filter(|(_, laws)| laws.len() == most);
    match (first.next(), first.next(), readings.iter().max_by_key(|reading| reading.document.text_len())) {
        (Some((code, laws)), None, _) => {
            Told { passage: laws.into_iter().next(), ..Told::by(ToldBy::Law, |known| known.code == code) }
        }
        (None, _, Some(longest)) => {
            let told = Told::by(ToldBy::Language, |known| known.own_language == Some(longest.lang));
            if told.jurisdiction.is_some() { told } else { Told::NOTHING }
        }
        _ => Told::NOTHING,
    }
}

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
