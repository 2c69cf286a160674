//! `acquis standards` as its users meet it: what a purchase calls for, and what of it is asked.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of its own for a test, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let folder = Folder(std::env::temp_dir().join(format!("acquis-standards-{name}-{}", std::process::id())));
        fs::create_dir_all(&folder.0).unwrap();
        for (file, text) in files {
            let path = folder.0.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_acquis"))
            .arg("standards")
            .args(arguments)
            .current_dir(&self.0)
            .env("LC_ALL", "C")
            .output()
            .unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{error}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The answer to a standard of a jurisdiction: `asked`, `weakly:wish`, `missing`; `-` where it has no row.
fn answer(report: &Value, jurisdiction: &str, standard: &str) -> String {
    let rows = report["procurements"][0]["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| jurisdictions(row).contains(&jurisdiction) && row["standard"] == standard);
    row.map_or("-".to_owned(), |row| match row["weakness"].as_str() {
        Some(weakness) => format!("weakly:{weakness}"),
        None => row["answer"].as_str().unwrap().to_owned(),
    })
}

/// The lists that expect the standard of a row.
fn jurisdictions(row: &Value) -> Vec<&str> {
    let others = row["also_on"].as_array().into_iter().flatten();
    [row].into_iter().chain(others).filter_map(|list| list["jurisdiction"].as_str()).collect()
}

#[track_caller]
fn check(name: &str, text: &str, arguments: &[&str], want: &[(&str, &str, &str)]) {
    let folder = Folder::new(name, &[("tender.md", text)]);
    let report = folder.json(&[&["tender.md"], arguments].concat());
    for (jurisdiction, standard, expected) in want {
        assert_eq!(answer(&report, jurisdiction, standard), *expected, "{jurisdiction} {standard}\n{report:#}");
    }
}

const WEBSITE: &str = "# Ontwikkeling van een website voor vergunningen\n\n## 1 Eisen\n\n\
    De opdrachtnemer moet de website leveren met TLS 1.3 en DNSSEC.\n\n\
    De leverancier moet voldoen aan RFC 9116.\n\n\
    Bij voorkeur ondersteunt de website IPv6.\n\n\
    ## 2 Huidige situatie\n\nDe huidige website gebruikt RPKI en HSTS.\n";

#[test]
fn each_standard_is_asked_weakly_asked_or_missing() {
    check(
        "website",
        WEBSITE,
        &["--jurisdiction", "nl"],
        &[
            ("nl", "tls", "asked"),
            ("nl", "dnssec", "asked"),
            ("nl", "securitytxt", "asked"),
            ("nl", "ipv6", "weakly:wish"),
            ("nl", "rpki", "weakly:background"),
            ("nl", "https-hsts", "weakly:background"),
            ("nl", "en301549", "missing"),
            ("nl", "html5", "missing"),
            ("nl", "dkim", "-"),
        ],
    );
}

#[test]
fn one_standard_of_a_combined_entry_satisfies_it() {
    let text = "# Voorziening voor single sign-on\n\n## 1 Eisen\n\nDe oplossing moet SAML 2.0 ondersteunen.\n";
    check("login", text, &["--jurisdiction", "nl"], &[("nl", "oidc", "asked"), ("nl", "saml2", "-")]);
    let text = "# Voorziening voor single sign-on\n\n## 1 Eisen\n\nDe oplossing moet OpenID Connect ondersteunen.\n";
    check("login2", text, &["--jurisdiction", "nl"], &[("nl", "oidc", "asked"), ("nl", "oauth2", "missing")]);
}

#[test]
fn lists_are_those_of_the_day() {
    let text =
        "# Levering van een geoportaal voor geo-informatie\n\n## 1 Eisen\n\nHet geoportaal moet WMS aanbieden.\n";
    let of = |day: &'static str| ["--jurisdiction", "nl", "--as-of", day];
    check("geo", text, &of("2026-01-01"), &[("nl", "wms", "asked"), ("nl", "ogcapi", "missing")]);
    let folder = Folder::new("geo-status", &[("tender.md", text)]);
    for (day, status) in [("2024-08-31", "mandatory"), ("2024-09-01", "recommended")] {
        let report = folder.json(&["tender.md", "--jurisdiction", "nl", "--as-of", day]);
        let rows = report["procurements"][0]["rows"].as_array().unwrap();
        let wms: Vec<_> = rows.iter().filter(|row| row["standard"] == "wms").collect();
        assert_eq!(wms.len(), 1, "{day}");
        assert_eq!(wms[0]["status"], status, "{day}");
    }
}

#[test]
fn open_standards_in_general_ask_for_each_weakly() {
    let text = "# Mailserver voor de gemeente\n\n## 1 Eisen\n\nDe oplossing moet voldoen aan de open standaarden van \
                de pas-toe-of-leg-uit-lijst.\n";
    check("general", text, &["--jurisdiction", "nl"], &[("nl", "dkim", "weakly:open-standards")]);
    let text = "# Mailserver voor de gemeente\n\n## 1 Eisen\n\nDe oplossing moet open standaarden zoals DKIM \
                ondersteunen.\n";
    check("example", text, &["--jurisdiction", "nl"], &[("nl", "dmarc", "weakly:open-standards")]);
}

#[test]
fn the_subject_speaks_eight_languages() {
    for (lang, title, jurisdiction, standard) in [
        ("fr", "Réalisation d'un site internet pour la commune", "fr", "en301549"),
        ("de", "Einführung einer Lösung für die E-Rechnung", "eu", "en16931"),
        ("nl", "Levering van een mailserver voor de gemeente", "nl", "spf"),
        ("en", "Supply of an office suite for the county council", "uk", "odf"),
        ("da", "Udvikling af en hjemmeside til kommunen", "eu", "en301549"),
        ("el", "Προμήθεια συστήματος για την ηλεκτρονική τιμολόγηση", "eu", "en16931"),
        ("it", "Realizzazione del sito web del comune", "eu", "en301549"),
        ("es", "Desarrollo de la página web del ayuntamiento", "eu", "en301549"),
    ] {
        let html =
            format!("<html lang='{lang}'><head><title>{title}</title></head><body><h1>{title}</h1></body></html>");
        let folder = Folder::new(&format!("subject-{lang}"), &[("tender.html", html.as_str())]);
        let report = folder.json(&["tender.html", "--jurisdiction", jurisdiction]);
        assert_eq!(answer(&report, jurisdiction, standard), "missing", "{lang}: {report:#}");
    }
}

#[test]
fn the_code_of_a_notice_tells_the_subject() {
    let notice = r#"{"releases": [{"ocid": "ocds-1", "id": "1", "date": "2026-01-01T00:00:00Z", "tag": ["tender"],
        "initiationType": "tender", "language": "nl", "tender": {"id": "1", "title": "Levering",
        "description": "Levering en beheer.", "items": [{"id": "1", "description": "Diensten",
        "classification": {"scheme": "CPV", "id": "72412000", "description": "x"}}]}}]}"#;
    let folder = Folder::new("cpv", &[("notice.json", notice), ("eisen.md", "# Eisen\n\nDe dienst moet goed zijn.\n")]);
    let report = folder.json(&[".", "--jurisdiction", "nl"]);
    assert_eq!(answer(&report, "nl", "dkim"), "missing", "{report:#}");
    let rows = report["procurements"][0]["rows"].as_array().unwrap();
    let dkim = rows.iter().find(|row| row["standard"] == "dkim").unwrap();
    assert_eq!(dkim["certain"], true);
    assert!(dkim["trigger"]["snippet"].as_str().unwrap().contains("72412000"), "{dkim:#}");
}

#[test]
fn what_is_no_information_technology_calls_for_nothing() {
    let text = "# Levering van bureaustoelen\n\n## 1 Eisen\n\nDe leverancier moet de stoelen leveren en de bestelling per \
                e-mail bevestigen.\n\nInschrijven gaat via de website van het platform.\n";
    let folder = Folder::new("chairs", &[("tender.md", text)]);
    let output = folder.run(&["tender.md", "--jurisdiction", "nl", "--lang", "nl"]);
    assert_eq!(output.status.code(), Some(0));
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("Niets in deze documenten vraagt om een standaard"), "{shown}");
    assert!(shown.contains("vanaf 50.000 euro"), "{shown}");
}

#[test]
fn a_jurisdiction_without_a_list_says_so() {
    let folder = Folder::new("no-list", &[("tender.md", "# Website\n\nText.\n")]);
    for code in ["be", "ch", "it", "es", "dk"] {
        let output = folder.run(&["tender.md", "--jurisdiction", code]);
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(shown.contains("[no list known]"), "{code}: {shown}");
    }
}

#[test]
fn a_standard_of_two_lists_is_one_row() {
    let text = "# Levering van een systeem voor elektronische facturatie\n\n## 1 Eisen\n\nDe oplossing moet werken.\n";
    let folder = Folder::new("two-lists", &[("tender.md", text)]);
    let report = folder.json(&["tender.md", "--jurisdiction", "nl"]);
    let rows = report["procurements"][0]["rows"].as_array().unwrap();
    let invoice: Vec<&Value> = rows.iter().filter(|row| row["standard"] == "en16931").collect();
    assert_eq!(invoice.len(), 1, "{report:#}");
    assert_eq!(jurisdictions(invoice[0]), ["eu", "nl"], "the list that law makes binding stands first");
    let table = folder.run(&["tender.md", "--jurisdiction", "nl"]);
    assert!(String::from_utf8_lossy(&table.stdout).contains("eu, nl required by law"));
}

#[test]
fn where_nobody_names_a_jurisdiction_the_documents_tell_it() {
    let notice = |country: &str| {
        format!(
            r#"{{"releases": [{{"ocid": "ocds-1", "id": "1", "date": "2026-01-01T00:00:00Z", "tag": ["tender"],
            "initiationType": "tender", "language": "nl", "buyer": {{"id": "b"}}, "parties": [{{"id": "b",
            "name": "Gemeente", "roles": ["buyer"], "address": {{"countryName": "{country}"}}}}],
            "tender": {{"id": "1", "title": "Website", "items": [{{"id": "1", "description": "Diensten",
            "classification": {{"scheme": "CPV", "id": "72413000"}}}}]}}}}]}}"#
        )
    };
    let website =
        |law: &str| format!("# Ontwikkeling van een website\n\n{law}\n\n## 1 Eisen\n\nDe website moet werken.\n");
    let dutch_law = website("De Aanbestedingswet 2012 is van toepassing.");
    let belgian_law = website("De wet van 17 juni 2016 is van toepassing.");
    let danish = "# Udvikling af en hjemmeside til kommunen\n\n## 1 Krav\n\nHjemmesiden skal være tilgængelig.\n";
    let (nl, be, se) = (notice("NL"), notice("BE"), notice("SE"));
    for (name, files, arguments, want) in [
        ("law", vec![("t.md", dutch_law.as_str())], vec![], "nl law"),
        ("law-be", vec![("t.md", &belgian_law)], vec![], "be law"),
        ("country", vec![("t.md", &website("")), ("n.json", &nl)], vec![], "nl country"),
        ("country-first", vec![("t.md", &dutch_law), ("n.json", &be)], vec![], "be country"),
        ("country-without-list", vec![("t.md", &website("")), ("n.json", &se)], vec![], "- country"),
        ("language", vec![("t.md", danish)], vec![], "dk language"),
        ("nothing", vec![("t.md", &website(""))], vec![], "- nothing"),
        ("named", vec![("t.md", &dutch_law)], vec!["--jurisdiction", "eu"], "-"),
    ] {
        let folder = Folder::new(&format!("told-{name}"), &files);
        let report = folder.json(&[&["."], arguments.as_slice()].concat());
        let procurement = &report["procurements"][0];
        let told = &procurement["told"];
        let found = match told["by"].as_str() {
            Some(by) => format!("{} {by}", told["jurisdiction"].as_str().unwrap_or("-")),
            None => "-".to_owned(),
        };
        assert_eq!(found, want, "{name}");
        let lists: Vec<&str> =
            procurement["lists"].as_array().unwrap().iter().filter_map(|list| list["jurisdiction"].as_str()).collect();
        let code = told["jurisdiction"].as_str();
        assert_eq!(lists, code.into_iter().chain(["eu"]).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn the_exit_status_tells_whether_a_mandatory_standard_is_missing() {
    let folder = Folder::new(
        "status",
        &[
            ("gap.md", "# Ontwikkeling van een website\n\n## 1 Eisen\n\nDe website moet goed zijn.\n"),
            ("none.md", "# Levering van stoelen\n\nTekst.\n"),
            ("broken.docx", "PK\u{3}\u{4} no archive"),
        ],
    );
    for (file, status) in [("gap.md", 1), ("none.md", 0), ("broken.docx", 3), ("absent.md", 2)] {
        let output = folder.run(&[file, "--jurisdiction", "nl"]);
        assert_eq!(output.status.code(), Some(status), "{file}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_table_is_written_for_people_spreadsheets_and_programs() {
    let folder = Folder::new("formats", &[("tender.md", WEBSITE)]);
    let output = folder.run(&["tender.md", "--jurisdiction", "nl", "--output", "csv=t.csv", "--output", "json=t.json"]);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    for words in ["website, portal or app", "missing", "weakly asked", "a wish only: “", "required by law"] {
        assert!(shown.contains(words), "“{words}” is not in:\n{shown}");
    }
    let csv = fs::read_to_string(folder.0.join("t.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("\u{feff}procurement,jurisdiction,topic,certainty,standard,"), "{}", lines[0]);
    assert!(lines.iter().any(|line| line.contains(",nl,web,subject,ipv6,") && line.contains(",weakly,wish,")), "{csv}");
    let json: Value = serde_json::from_str(&fs::read_to_string(folder.0.join("t.json")).unwrap()).unwrap();
    let schema: Value = serde_json::from_str(&fs::read_to_string("schemas/standards.schema.json").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn stats_count_documents_and_findings_by_rule() {
    let folder = Folder::new(
        "stats",
        &[
            ("a.md", "# Website\n\n## 3 Requirements\n\nThe website shall be built with WordPress.\n"),
            ("b.md", "# Chairs\n\n## 3 Requirements\n\nThe chairs shall have arm rests.\n"),
        ],
    );
    let run = |arguments: &[&str]| {
        let command = Command::new(env!("CARGO_BIN_EXE_acquis"))
            .arg("stats")
            .args(arguments)
            .current_dir(&folder.0)
            .env("LC_ALL", "C")
            .output()
            .unwrap();
        assert_eq!(command.status.code(), Some(0), "{}", String::from_utf8_lossy(&command.stderr));
        String::from_utf8(command.stdout).unwrap()
    };
    let json: Value = serde_json::from_str(&run(&[".", "--format", "json"])).unwrap();
    assert_eq!(json["documents"], 2);
    let rules = json["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["rule"] == "open-product-by-name").unwrap();
    assert_eq!((&rule["documents"], &rule["findings"], &rule["share"]), (&1.into(), &1.into(), &0.5.into()));
    assert!(run(&["."]).contains("open-product-by-name"));
    assert!(run(&[".", "--format", "csv"]).contains("open-product-by-name,1,0.5,1,"));
}
