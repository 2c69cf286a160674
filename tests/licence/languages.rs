//! The EUPL is the EUPL in each of its languages, alone or beside another one.

use std::fs;
use std::path::PathBuf;

use acquis::licence::{ChangeKind, Verdict, identify};

use super::expression;

/// The languages of the EUPL 1.2: all official ones of the Union but Irish (OJ L 128, 19.5.2017, p. 59).
const LANGUAGES: [&str; 23] = [
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt",
    "ro", "sk", "sl", "sv",
];

/// A condition in each of them: public bodies must pay.
const CONDITIONS: [(&str, &str); 23] = [
    ("bg", "Публичните органи трябва да заплащат годишна такса за използване на софтуера."),
    ("cs", "Veřejné orgány musí za používání softwaru platit roční poplatek."),
    ("da", "Offentlige myndigheder skal betale et årligt gebyr for at bruge programmet."),
    ("de", "Behörden müssen für die Nutzung der Software eine jährliche Gebühr zahlen."),
    ("el", "Οι δημόσιες αρχές πρέπει να πληρώνουν ετήσιο τέλος για τη χρήση του λογισμικού."),
    ("en", "Public bodies must pay a yearly fee for the use of the software."),
    ("es", "Las administraciones públicas deben pagar una cuota anual por el uso del programa."),
    ("et", "Avalik-õiguslikud asutused peavad tarkvara kasutamise eest maksma aastatasu."),
    ("fi", "Viranomaisten on maksettava ohjelmiston käytöstä vuosimaksu."),
    ("fr", "Les administrations doivent payer une redevance annuelle pour utiliser le logiciel."),
    ("hr", "Javna tijela moraju plaćati godišnju naknadu za uporabu softvera."),
    ("hu", "A hatóságok kötelesek éves díjat fizetni a szoftver használatáért."),
    ("it", "Le amministrazioni devono pagare un canone annuo per usare il software."),
    ("lt", "Viešosios įstaigos privalo mokėti metinį mokestį už programinės įrangos naudojimą."),
    ("lv", "Valsts iestādēm par programmatūras lietošanu jāmaksā gada maksa."),
    ("mt", "L-awtoritajiet pubbliċi għandhom iħallsu miżata annwali biex jużaw is-softwer."),
    ("nl", "Overheidsorganisaties moeten een jaarlijkse vergoeding betalen voor het gebruik van de software."),
    ("pl", "Organy publiczne muszą płacić roczną opłatę za korzystanie z oprogramowania."),
    ("pt", "As entidades públicas devem pagar uma taxa anual pela utilização do programa."),
    ("ro", "Autoritățile publice trebuie să plătească o taxă anuală pentru utilizarea programului."),
    ("sk", "Verejné orgány musia za používanie softvéru platiť ročný poplatok."),
    ("sl", "Javni organi morajo za uporabo programske opreme plačati letno pristojbino."),
    ("sv", "Myndigheter måste betala en årlig avgift för att använda programmet."),
];

/// The published text without its marks.
fn published(language: &str) -> String {
    let name = if language == "en" { "EUPL-1.2.txt".to_owned() } else { format!("EUPL-1.2.{language}.txt") };
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules/texts/official").join(name);
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let text = text.replace("<<beginOptional>>", "").replace("<<endOptional>>", "");
    match text.split_once("<<var;") {
        Some((before, slot)) => {
            let original = slot.split("original=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a slot");
            let after = slot.split_once("\">>").expect("a slot ends").1;
            format!("{before}{original}{after}")
        }
        None => text,
    }
}

#[test]
fn each_language_is_the_licence() {
    for language in LANGUAGES {
        let text = published(language);
        let articles = (1..=15).filter(|number| {
            let numbers = [format!("{number}."), format!("{number} ")];
            text.lines().any(|line| numbers.iter().any(|number| line.trim_start().starts_with(number.as_str())))
        });
        assert_eq!(articles.count(), 15, "{language} is complete");
        assert!(text.contains("LiLiQ"), "{language} has its appendix");
        let found = identify(text.as_bytes());
        assert_eq!(expression(&found), "EUPL-1.2", "{language}");
        assert_eq!(found.regions.len(), 1, "the licences that the appendix names are none: {language}");
        assert_eq!((found.regions[0].language, &found.regions[0].verdict), (language, &Verdict::Unmodified));
    }
}

#[test]
fn two_languages_in_a_file_are_one_licence() {
    for pair in LANGUAGES.windows(2) {
        let both = format!("{}\n\n---\n\n{}", published(pair[0]), published(pair[1]));
        let found = identify(both.as_bytes());
        let languages: Vec<_> = found.regions.iter().map(|region| region.language).collect();
        assert_eq!((expression(&found).as_str(), languages), ("EUPL-1.2", pair.to_vec()));
    }
}

#[test]
fn a_condition_in_a_translation_is_found_and_quoted() {
    for (language, condition) in CONDITIONS {
        let text = published(language);
        let paragraphs: Vec<_> = text.trim_end().split('\n').collect();
        for at in [0, paragraphs.len() / 2, paragraphs.len()] {
            let changed = [&paragraphs[..at], &["", condition, ""], &paragraphs[at..]].concat().join("\n");
            let found = identify(changed.as_bytes());
            assert_eq!(expression(&found), "LicenseRef-EUPL-1.2-changed", "{language}, line {at}");
            let quoted = found.regions.iter().any(|region| match &region.verdict {
                Verdict::Changed(changes) | Verdict::Incomplete { changes, .. } => changes.iter().any(|change| {
                    change.kind == ChangeKind::Added
                        && change.line == at + 2
                        && change.text.contains(condition.trim_end_matches('.'))
                }),
                _ => false,
            });
            assert!(quoted, "{language}, line {at}: {:?}", found.regions);
        }
    }
}
