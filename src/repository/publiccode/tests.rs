//! Whole files: what is found, where, and what the edits make of it.

use std::collections::BTreeSet;

use super::*;

/// A good file; each test changes a line or two of it.
const GOOD: &str = "\
publiccodeYmlVersion: \"0\"
name: Wartezeit
url: https://git.example.eu/stadt/wartezeit.git
releaseDate: 2026-02-28
logo: img/logo.svg
platforms:
  - web
categories: [appointment-scheduling]
organisation:
  uri: https://stadt.example.eu
developmentStatus: stable
softwareType: standalone/web
supports:
  - id: alias:gdpr
intendedAudience:
  countries: [DE, AT]
  scope:
    - local-authorities
description:
  de:
    shortDescription: Termine im Bürgeramt, ohne zu warten.
    longDescription: >
      Bürgerinnen und Bürger buchen ihren Termin von zu Hause aus und sehen, wie lange es noch dauert. Das Amt
      sieht, welche Schalter wann gebraucht werden, und verteilt die Arbeit danach. Alles läuft auf eigenen Servern.
    features:
      - Termine buchen
    screenshots: [img/start.png]
legal:
  license: EUPL-1.2
maintenance:
  type: internal
  contacts:
    - name: Mara Beispiel
      email: mara@stadt.example.eu
      phone: \"+49 30 5550100\"
localisation:
  localisationReady: true
  availableLanguages:
    - de
dependsOn:
  open:
    - name: PostgreSQL
      versionMin: \"15\"
      optional: false
";

/// The good file with one passage changed.
fn changed(from: &str, to: &str) -> String {
    assert_eq!(GOOD.matches(from).count(), 1, "{from}");
    GOOD.replacen(from, to, 1)
}

/// `LINE:COLUMN LEVEL KIND KEY`, one a problem.
fn found(problems: &[Problem]) -> Vec<String> {
    let show = |p: &Problem| format!("{}:{} {} {} {}", p.line, p.column, p.level, p.kind, p.key);
    problems.iter().map(show).collect()
}

#[test]
fn a_good_file_has_no_problems() {
    assert_eq!(found(&check(GOOD)), [""; 0]);
}

/// A passage of the good file, what stands in its stead, and the problems then.
const CHANGES: &[(&str, &str, &[&str])] = &[
    // Version.
    ("\"0\"", "\"0.4\"", &["1:1 warning old-version publiccodeYmlVersion"]),
    ("\"0\"", "\"0.7.0\"", &[]),
    ("\"0\"", "0.7", &["1:1 error version-not-quoted publiccodeYmlVersion"]),
    ("\"0\"", "\"3.1.4\"", &["1:23 error unknown-version publiccodeYmlVersion"]),
    ("\"0\"", "[]", &["1:23 error not-a-text publiccodeYmlVersion"]),
    ("publiccodeYmlVersion: \"0\"\n", "", &["1:1 error missing publiccodeYmlVersion"]),
    // Keys.
    ("name: Wartezeit\n", "", &["1:1 error missing name"]),
    ("name: Wartezeit", "name:", &["2:1 error missing name"]),
    ("name: Wartezeit", "name: ''", &["2:1 error missing name"]),
    ("name: Wartezeit", "Name: Wartezeit", &["1:1 error missing name", "2:1 error unknown-key-like Name"]),
    ("name: Wartezeit", "name: a\nname: b", &["3:1 error repeated-key name"]),
    ("name: Wartezeit", "name: a\nmaintainer: b", &["3:1 error unknown-key maintainer"]),
    ("categories:", "tags:", &["8:1 error unknown-key-like tags"]),
    (
        "  license: EUPL-1.2\n",
        "  licence: EUPL-1.2\n",
        &["29:3 error unknown-key-like legal.licence", "29:3 error missing legal.license"],
    ),
    ("legal:\n  license: EUPL-1.2\n", "", &["1:1 error missing legal.license"]),
    ("legal:\n  license: EUPL-1.2\n", "legal: {}\n", &["28:8 error missing legal.license"]),
    ("legal:\n  license: EUPL-1.2\n", "legal:\n", &["28:1 error missing legal.license"]),
    // Types.
    ("Wartezeit", "[Wartezeit]", &["2:7 error not-a-text name"]),
    ("platforms:\n  - web", "platforms: web", &["6:12 error not-a-list platforms"]),
    ("platforms:\n  - web", "platforms:\n", &["6:1 error no-items platforms"]),
    (
        "Ready: true",
        "Ready: yes",
        &[
            "37:22 error yaml-1-1-truth localisation.localisationReady",
            "38:3 note overlooked localisation.availableLanguages",
        ],
    ),
    (
        "Ready: true",
        "Ready: 'true'",
        &[
            "37:22 error not-a-truth localisation.localisationReady",
            "38:3 note overlooked localisation.availableLanguages",
        ],
    ),
    ("organisation:\n  uri:", "organisation:\n  - uri:", &["10:3 error not-a-section organisation[0]"]),
    ("name: Wartezeit", "name: a\nisBasedOn: {a: b}", &["3:12 error not-a-text-or-list isBasedOn"]),
    ("name: Wartezeit", "name: a\nisBasedOn: b", &["3:1 error not-a-url isBasedOn[0]"]),
    (
        "    features:\n      - Termine buchen\n",
        "    features: {}\n",
        &["19:1 note overlooked description", "25:15 error not-a-list description.de.features"],
    ),
    (
        "legal:\n  license: EUPL-1.2\n",
        "legal: []\n",
        &["28:8 error not-a-section legal", "28:8 error missing legal.license"],
    ),
    ("Wartezeit", "Wartezeit\nsoftwareVersion: 1.10", &["3:1 note number-not-quoted softwareVersion"]),
    // Values.
    ("https://git.example.eu/stadt/wartezeit.git", "git.example.eu", &["3:1 error not-a-url url"]),
    ("Wartezeit", "a\nroadmap: ftp://stadt.example.eu", &["3:1 error not-an-http-url roadmap"]),
    ("2026-02-28", "2026-02-29", &["4:1 error not-a-date releaseDate"]),
    ("img/logo.svg", "img/logo.gif", &["5:1 error wrong-extension logo"]),
    ("img/logo.svg", "/img/logo.svg", &["5:1 error absolute-path logo"]),
    ("img/logo.svg", "file:///img/logo.svg", &["5:1 error file-address logo"]),
    ("img/logo.svg", "../logo.svg", &["5:1 note outside-repository logo"]),
    ("appointment-scheduling", "appointments", &["8:14 error not-a-category categories[0]"]),
    ("https://stadt.example.eu\n", "stadt\n", &["10:3 error not-a-uri organisation.uri"]),
    ("https://stadt.example.eu\n", "urn:x-italian-pa:stadt\n", &["10:3 error not-an-italian-body organisation.uri"]),
    ("stable", "finished", &["11:1 error not-one-of developmentStatus"]),
    ("alias:gdpr", "alias:dsgvo", &["14:5 error unknown-alias supports[0].id"]),
    ("alias:gdpr", "dsgvo", &["14:5 error not-a-support supports[0].id"]),
    (
        "[DE, AT]",
        "[de, XX]",
        &[
            "16:15 warning lowercase-country intendedAudience.countries[0]",
            "16:19 error not-a-country intendedAudience.countries[1]",
        ],
    ),
    ("local-authorities", "town", &["18:7 error not-a-scope intendedAudience.scope[0]"]),
    ("  de:\n", "  de_DE:\n", &["19:1 error not-a-language description"]),
    ("Termine im Bürgeramt, ohne zu warten.", "", &["21:5 error missing description.de.shortDescription"]),
    (
        "    shortDescription: Termine im Bürgeramt, ohne zu warten.\n",
        "    localisedName: x\n",
        &["21:5 error missing description.de.shortDescription"],
    ),
    (
        "  de:\n    short",
        "  de-AT:\n    genericName: eine sehr lange Bezeichnung für etwas sehr Einfaches\n    short",
        &[
            "21:5 error too-long description[de-AT].genericName",
            "21:5 warning deprecated description.de-AT.genericName",
        ],
    ),
    ("[img/start.png]", "[img/start.gif]", &["27:19 error wrong-extension description.de.screenshots[0]"]),
    (
        "    screenshots: [img/start.png]",
        "    videos: [https://stadt.example.eu/film]",
        &["27:14 error not-a-video description.de.videos[0]"],
    ),
    ("EUPL-1.2", "EUPL", &["29:3 error not-a-licence legal.license"]),
    ("EUPL-1.2", "eupl-1.2", &["29:3 note licence-spelling legal.license"]),
    ("type: internal", "type: contract", &["31:3 error missing-if maintenance.contractors"]),
    ("  contacts:", "  contractors: []\n  contacts:", &["32:3 error not-allowed-unless maintenance.contractors"]),
    ("    - name: Mara Beispiel\n      email", "    - email", &["33:7 error missing maintenance.contacts[0].name"]),
    ("mara@stadt.example.eu", "mara", &["34:7 error not-an-email maintenance.contacts[0].email"]),
    ("+49 30 5550100", "030 5550100", &["35:7 note phone-prefix maintenance.contacts[0].phone"]),
    ("    - de\n", "    - deu\n", &["39:7 error not-a-language localisation.availableLanguages[0]"]),
    ("    - de\n", "", &["38:3 error missing localisation.availableLanguages"]),
    ("false", "0", &["44:17 error not-a-truth dependsOn.open[0].optional"]),
    // Deprecated.
    ("logo: img/logo.svg", "monochromeLogo: img/logo.svg", &["5:1 warning deprecated-use monochromeLogo"]),
    (
        "platforms:",
        "inputTypes: [text/plain, text]\nplatforms:",
        &["6:1 warning deprecated inputTypes", "6:26 error not-a-media-type inputTypes[1]"],
    ),
    (
        "  license: EUPL-1.2",
        "  license: EUPL-1.2\n  authorsFile: AUTHORS",
        &["30:3 warning deprecated legal.authorsFile"],
    ),
    (
        "dependsOn:",
        "it:\n  conforme: {gdpr: true}\ndependsOn:",
        &[
            "40:1 warning lowercase-section it",
            "41:3 warning deprecated it.conforme",
            "41:14 note national-key it.conforme.gdpr",
        ],
    ),
    (
        "dependsOn:",
        "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme:\n    spid: true\n    cie: false\ndependsOn:",
        &["40:1 note country-section IT", "43:5 note national-key IT.piattaforme.spid"],
    ),
    (
        "dependsOn:",
        "IT: {riuso: {codiceIPA: pcm}}\nit: {}\ndependsOn:",
        &[
            "40:1 note country-section IT",
            "40:14 warning deprecated-use IT.riuso.codiceIPA",
            "41:1 error section-twice it",
            "41:1 warning lowercase-section it",
        ],
    ),
];

/// Files that are wrong as a whole.
fn whole_files() -> Vec<(Vec<u8>, &'static str)> {
    vec![
        (Vec::new(), "1:1 error missing publiccodeYmlVersion"),
        (b"# nothing\n".to_vec(), "1:1 error missing publiccodeYmlVersion"),
        (b"- a\n".to_vec(), "1:1 error not-a-section [0]"),
        (b"text".to_vec(), "1:1 error not-a-section "),
        ([GOOD.as_bytes(), b"---\na: 1\n"].concat(), "46:1 error several-documents "),
        (b"name: a\n\xff\n".to_vec(), "2:1 error not-utf-8 "),
        (b"name: a\nb: [\n".to_vec(), "2:4 error not-yaml "),
        (b"a: &a [*a]\n".to_vec(), "1:8 error not-yaml "),
        (vec![b'#'; MAX_BYTES + 1], "1:1 error too-large "),
    ]
}

/// A folder where nothing but broken images stands, and no file of another kind.
struct BrokenImages;

impl Neighbours for BrokenImages {
    fn look(&self, path: &str) -> Neighbour {
        if path.ends_with(".png") { Neighbour::File(b"text".to_vec()) } else { Neighbour::Absent }
    }
}

/// The names between braces in the message of a kind, for each language in which there is one.
fn placeholders(kind: &str) -> Vec<BTreeSet<String>> {
    let rules = ["invalid", "deprecated", "advice"].map(|name| format!("repository/publiccode-{name}.yaml"));
    let texts = rules.iter().find_map(|rule| {
        let rule: serde_json::Value = serde_json::from_str(crate::builtin::file(rule)?).ok()?;
        rule["variants"].get(kind).cloned()
    });
    let texts = texts.as_ref().and_then(serde_json::Value::as_object).into_iter().flatten();
    let names = |text: &str| text.split('{').skip(1).filter_map(|p| Some(p.split_once('}')?.0.to_owned())).collect();
    texts.filter_map(|(_, text)| text.as_str()).map(names).collect()
}

#[test]
fn each_message_gets_what_it_asks_for() {
    for (from, to, _) in CHANGES {
        for problem in check(&changed(from, to)) {
            let given: BTreeSet<String> = problem.values.iter().map(|(name, _)| (*name).to_owned()).collect();
            let asked = placeholders(problem.kind);
            assert_eq!(asked.len(), 8, "{}", problem.kind);
            assert!(asked.iter().all(|names| *names == asked[0] && names.is_subset(&given)), "{}", problem.kind);
        }
    }
}

#[test]
fn each_kind_of_problem_is_found_at_its_place() {
    let mut kinds: BTreeSet<&str> = BTreeSet::new();
    let mut wrong = Vec::new();
    for (from, to, expected) in CHANGES {
        let problems = check(&changed(from, to));
        if found(&problems) != *expected {
            wrong.push(format!("{to:?}: {:?}", found(&problems)));
        }
        kinds.extend(problems.iter().map(|problem| problem.kind));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (bytes, expected) in whole_files() {
        let problems = check_bytes(&bytes, &Nowhere);
        assert_eq!(found(&problems), [expected]);
        kinds.extend(problems.iter().map(|problem| problem.kind));
    }
    let beside = check_beside(&changed("logo: img/logo.svg", "logo: a.png\nmonochromeLogo: a.svg"), &BrokenImages);
    assert_eq!(
        found(&beside),
        [
            "5:1 error not-a-png logo",
            "6:1 error missing-file monochromeLogo",
            "6:1 warning deprecated-use monochromeLogo"
        ]
    );
    kinds.extend(beside.iter().map(|problem| problem.kind));
    kinds.extend(check(&changed("Alles läuft auf eigenen Servern.", "")).iter().map(|problem| problem.kind));
    kinds.extend(check(&GOOD.replace("Bürgerinnen", &"x".repeat(10_000))).iter().map(|problem| problem.kind));
    let short = check(&changed(
        &GOOD[GOOD.find("Bürgerinnen").unwrap_or(0)..GOOD.find("    features").unwrap_or(0)],
        "zu kurz\n",
    ));
    assert_eq!(found(&short), ["22:5 error too-short description.de.longDescription"]);
    kinds.extend(short.iter().map(|problem| problem.kind));
    assert_eq!(kinds, KINDS.iter().map(|(kind, _)| *kind).collect::<BTreeSet<_>>());
}

/// The text with all edits of its problems made, from the end.
fn fixed(text: &str) -> String {
    let mut edits: Vec<Edit> = check(text).into_iter().flat_map(|problem| problem.fix).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.region));
    edits.dedup();
    let offset = |line: u32, column: u32| {
        let start: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
        let in_line = text[start..].char_indices().nth(column as usize - 1).map_or(text.len() - start, |(at, _)| at);
        start + in_line
    };
    let mut fixed = text.to_owned();
    for Edit { region, text: new, .. } in edits {
        let range = offset(region.start_line, region.start_column)..offset(region.end_line, region.end_column);
        fixed.replace_range(range, &new);
    }
    fixed
}

#[test]
fn edits_remove_what_they_can() {
    for (from, to, expected) in [
        ("\"0\"", "\"0.2\"", "\"0\""),
        ("\"0\"", "0.7", "\"0.7\""),
        ("Ready: true", "Ready: on", "Ready: true"),
        ("Ready: true", "Ready: \"true\"", "Ready: true"),
        ("[DE, AT]", "[de, AT]", "[DE, AT]"),
        ("EUPL-1.2", "'eupl-1.2'", "EUPL-1.2"),
        ("Wartezeit", "a\nsoftwareVersion: 1.10", "a\nsoftwareVersion: \"1.10\""),
        ("categories:", "tags:", "categories:"),
        ("logo: img", "monochromeLogo: img", "logo: img"),
        ("logo: img/logo.svg\n", "logo: img/logo.svg\nmonochromeLogo: img/logo.svg # black\n", "logo: img/logo.svg\n"),
        ("platforms:", "inputTypes:\n  - text/plain\nplatforms:", "platforms:"),
        ("    short", "    genericName: >\n      Termine\n    short", "    short"),
        (
            "      optional: false\n",
            "      optional: false\nit:\n  piattaforme: {}\n",
            "      optional: false\nIT:\n  piattaforme: {}\n",
        ),
        ("      optional: false\n", "      optional: false\noutputTypes: [text/plain]", "      optional: false\n"),
        ("Ready: true", "Ready: &ready !!bool yes # so far", "Ready: &ready !!bool true # so far"),
        ("Ready: true", "Ready: *ready", "Ready: *ready"),
        ("organisation:\n  uri: https://stadt.example.eu\n", "IT:\n  riuso:\n    codiceIPA: pcm\n", "IT:\n  riuso:\n"),
    ] {
        let expected = match to {
            "IT:\n  riuso:\n    codiceIPA: pcm\n" => {
                let version = "publiccodeYmlVersion: \"0\"\n";
                let organisation = format!("{version}organisation:\n  uri: \"urn:x-italian-pa:pcm\"\n");
                changed(from, expected).replacen(version, &organisation, 1)
            }
            _ => changed(from, expected),
        };
        assert_eq!(fixed(&changed(from, to)), expected, "{to}");
    }
}

#[test]
fn what_italian_keys_say_is_said_under_supports() {
    let section = |keys: &str| changed("dependsOn:", &format!("IT:\n  piattaforme:\n{keys}dependsOn:"));
    let once = fixed(&section("    spid: true\n    anpr: false\n"));
    let expected = section("    anpr: false\n").replace("supports:\n", "supports:\n  - id: alias:spid\n");
    assert_eq!(once, expected);
    assert_eq!(fixed(&once), once);
    let none = section("    spid: true\n    anpr: false\n").replace("supports:\n  - id: alias:gdpr\n", "");
    let expected = section("    anpr: false\n").replace("supports:\n  - id: alias:gdpr\n", "");
    assert_eq!(fixed(&none), expected.replace("dependsOn:", "supports:\n  - id: alias:spid\ndependsOn:"));
    let kept = changed("dependsOn:", "IT:\n  conforme:\n    gdpr: true\n    lineeGuidaDesign: true\ndependsOn:");
    let once = fixed(&kept);
    assert_eq!(once, kept.replace("    gdpr: true\n", ""), "supports says it already");
    assert_eq!(fixed(&once), once.replace("  conforme:\n    lineeGuidaDesign: true\n", ""));
}

#[test]
fn what_an_alias_stands_for_is_kept() {
    let owned = |owner: &str| {
        changed("  uri: https", &format!("  name: {owner}\n  uri: https"))
            .replace("EUPL-1.2\n", "EUPL-1.2\n  repoOwner: &owner Stadt\n")
    };
    assert_eq!(fixed(&owned("Stadt")), owned("Stadt").replace("  repoOwner: &owner Stadt\n", ""));
    let needed = format!("{}x: *owner\n", owned("Stadt"));
    assert_eq!(fixed(&needed), needed);
}

#[test]
fn hostile_files_end_soon_with_a_problem() {
    let many = format!("{}categories:\n{}", GOOD.replace("categories:", "usedBy:"), "  - x\n".repeat(100_000));
    assert_eq!(check(&many).len(), MAX_PROBLEMS);
    let aliases = format!("x: &x [{}]\ny: [{}]\n", "a, ".repeat(1000), "*x, ".repeat(1000));
    assert_eq!(found(&check(&aliases)), ["1:1 error too-large "]);
    let keys: String = (0..50_000).map(|n| format!("key{n}: 1\n")).collect();
    assert_eq!(check(&format!("{GOOD}{keys}")).len(), MAX_PROBLEMS);
    let long = GOOD.replace("Wartezeit", &"ü".repeat(1 << 20));
    assert_eq!(found(&check(&long)), [""; 0]);
    let expression = changed("EUPL-1.2", &"(".repeat(100_000));
    assert_eq!(found(&check(&expression)), ["29:3 error not-a-licence legal.license"]);
}

#[test]
fn addresses_of_the_web_are_named_at_their_keys() {
    let text = changed(
        "    features:",
        "    documentation: https://stadt.example.eu/hilfe#start
    apiDocumentation: not an address
    videos: [https://stadt.example.eu/no-video, https://www.youtube.com/watch?v=x]
    features:",
    )
    .replace("img/logo.svg", "https://stadt.example.eu/logo.svg")
    .replace("[img/start.png]", "\n      - https://stadt.example.eu/start.png\n      - img/next.png")
    .replace("name: Wartezeit\n", "name: Wartezeit\nisBasedOn: ssh://git@git.example.eu/a.git\n");
    let file = PubliccodeFile::read(FILE_NAME, text.as_bytes(), &Nowhere);
    let named = |address: &Address| format!("{}:{} {} {}", address.line, address.column, address.key, address.url);
    let named: Vec<String> = file.addresses.iter().map(named).collect();
    assert_eq!(
        named,
        [
            "4:1 url https://git.example.eu/stadt/wartezeit.git",
            "6:1 logo https://stadt.example.eu/logo.svg",
            "11:3 organisation.uri https://stadt.example.eu",
            "26:5 description.de.documentation https://stadt.example.eu/hilfe#start",
            "28:49 description.de.videos[1] https://www.youtube.com/watch?v=x",
            "32:9 description.de.screenshots[0] https://stadt.example.eu/start.png",
        ]
    );
}
