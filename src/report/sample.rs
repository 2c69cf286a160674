//! A made-up outcome that has everything a report can meet, hostile text included.

use std::collections::BTreeMap;

use crate::document::{Anchor, NotRead};
use crate::finding::{
    ChecklistItem, Confidence, Coverage, Edit, Finding, HeldBack, Level, Location, Origin, Outcome, ReadFile, Region,
    Related,
};
use crate::fingerprint::line_hashes;
use crate::lang::Lang;
use crate::notice::{NoticeGroup, NoticeKind, Tally};
use crate::rule::{LawCard, RuleCard};
use crate::saying::{Saying, say};

use super::Report;

pub fn report(rules: &[RuleCard]) -> Report<'_> {
    Report::new(outcome(), rules, 3, Lang::EN)
}

pub fn rules() -> Vec<RuleCard> {
    let law = |id: &str, reference: &str, wording: &str| LawCard {
        id: id.to_owned(),
        jurisdiction: "eu".to_owned(),
        reference: reference.to_owned(),
        wording: wording.to_owned(),
        verified: "yes".to_owned(),
    };
    vec![
        RuleCard {
            id: "product-without-equivalent".to_owned(),
            name: "Product demanded without “or equivalent”".to_owned(),
            family: "anti-lock-in".to_owned(),
            criterion: "brand".to_owned(),
            level: Level::Error,
            confidence: Confidence::High,
            why: "A specification that names one make keeps others out. Check whether the need can be described by \
                  function."
                .to_owned(),
            law: vec![law(
                "eu-2014-24-42-4",
                "Directive 2014/24/EU art. 42(4)",
                "technical specifications shall not refer to a specific make or source",
            )],
            tags: vec!["procurement".to_owned()],
            preview: false,
        },
        RuleCard {
            id: "exit-clause-missing".to_owned(),
            name: "No word on how the contract ends".to_owned(),
            family: "anti-lock-in".to_owned(),
            criterion: "exit".to_owned(),
            level: Level::Warning,
            confidence: Confidence::Medium,
            why: "Without an exit clause the data stay where they are.".to_owned(),
            law: Vec::new(),
            tags: Vec::new(),
            preview: false,
        },
        RuleCard {
            id: "repository-without-licence".to_owned(),
            name: "Repository without a licence".to_owned(),
            family: "licence".to_owned(),
            criterion: "licence".to_owned(),
            level: Level::Note,
            confidence: Confidence::High,
            why: "Nobody may use what has no licence.".to_owned(),
            law: Vec::new(),
            tags: Vec::new(),
            preview: true,
        },
    ]
}

const PASSAGE: &str = "L’application doit fonctionner avec Orakel Database 19c sur les serveurs de la commune, être \
                       exploitée par le titulaire pendant toute la durée du marché et s’intégrer à l’annuaire existant.";

pub fn outcome() -> Outcome {
    let demanded = Finding {
        rule: "product-without-equivalent".to_owned(),
        level: Level::Error,
        confidence: Confidence::High,
        message: "“Orakel Database” is demanded without “or equivalent”; this may restrict competition.".to_owned(),
        language: Lang::EN,
        location: place(
            "Lot 1/Pièce n° 2.docx",
            None,
            14,
            37,
            "Orakel Database 19c",
            PASSAGE,
            "§ 3.2 Exigences techniques, ¶ 14",
            Anchor { number: Some("3.2".to_owned()), paragraph: Some(14), ..Anchor::default() },
        ),
        related: vec![Related {
            location: place(
                "Lot 1/Pièce n° 2.docx",
                None,
                20,
                1,
                "Orakel Database",
                "Orakel Database [see](1) below",
                "§ 4.1 Maintenance, ¶ 20",
                Anchor::default(),
            ),
            message: "demanded here too".to_owned(),
        }],
        absence: false,
        jurisdictions: vec!["eu".to_owned()],
        evidence: vec![
            "“doit” makes it a requirement.".to_owned(),
            "The heading is “Exigences techniques”.".to_owned(),
        ],
        suggestion: Some("une base de données relationnelle conforme à {norme}, ou équivalent".to_owned()),
        properties: BTreeMap::from([("product".to_owned(), "Orakel Database".into())]),
        fix: Vec::new(),
        files: Vec::new(),
    };
    let missing = Finding {
        rule: "exit-clause-missing".to_owned(),
        level: Level::Warning,
        confidence: Confidence::Medium,
        message: "Nothing is said on the return of the data at the end of the contract.".to_owned(),
        language: Lang::EN,
        location: place(
            "bundle.zip",
            Some("annexe/contrat.odt"),
            1,
            1,
            "",
            "Contrat de maintenance",
            "annexe/contrat.odt, § Contrat de maintenance",
            Anchor::default(),
        ),
        related: Vec::new(),
        absence: true,
        jurisdictions: vec!["eu".to_owned()],
        evidence: Vec::new(),
        suggestion: None,
        properties: BTreeMap::new(),
        fix: Vec::new(),
        files: Vec::new(),
    };
    let hostile = "\u{1b}[31m::error::x <script>alert(1)</script> | =cmd() ##vso[x] \u{202e}\"&]]>";
    let spoofed = Finding {
        rule: "repository-without-licence".to_owned(),
        level: Level::Note,
        confidence: Confidence::High,
        message: format!("Odd words: {hostile}"),
        language: Lang::EN,
        location: place("=a,b\n::error.md", None, 3, 5, hostile, &format!("=x1 {hostile} end"), "", Anchor::default()),
        related: Vec::new(),
        absence: false,
        jurisdictions: vec!["eu".to_owned()],
        evidence: vec![hostile.to_owned()],
        suggestion: Some(hostile.to_owned()),
        properties: BTreeMap::from([("key".to_owned(), hostile.into())]),
        fix: vec![
            Edit::here(Region::line(3), "licence: EUPL-1.2\n", true),
            Edit { uri: Some("src/main.py".to_owned()), ..Edit::here(Region::line(1), "# EUPL-1.2\n", true) },
        ],
        files: Vec::new(),
    };
    let again = Finding { message: "Said twice in one passage.".to_owned(), ..demanded.clone() };
    let file = |uri: &str, member: Option<&str>, format: &str, parts, remarks: Vec<Saying>| ReadFile {
        uri: uri.to_owned(),
        member: member.map(str::to_owned),
        format: format.to_owned(),
        parts,
        remarks,
    };
    Outcome {
        findings: vec![spoofed, demanded, again, missing],
        coverage: Coverage {
            read: vec![
                file("=a,b\n::error.md", None, "markdown", 3, Vec::new()),
                file("Lot 1/Pièce n° 2.docx", None, "docx", 212, vec![say!("deletions", count = 3_u32)]),
                file("bundle.zip", Some("annexe/contrat.odt"), "odt", 40, Vec::new()),
            ],
            not_read: vec![NotRead::new(
                "Plan \u{1b}[2J.pdf",
                Some("annex \u{1b}[2J.pdf"),
                say!("pages-without-text", pages = say!("page", n = 3_u32)),
                say!("do-recognise-pages"),
            )],
            notices: tally(),
        },
        licences: BTreeMap::from([("LICENSE".to_owned(), "EUPL-1.2".to_owned())]),
        checklist: vec![ChecklistItem {
            id: "exit".to_owned(),
            text: "All data can be exported.".to_owned(),
            source: "Standard for Public Code 0.8".to_owned(),
        }],
        origin: Some(Origin {
            url: "https://git.example.eu/town/app".to_owned(),
            revision: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            reference: Some("v1".to_owned()),
        }),
        held_back: HeldBack {
            waived: 2,
            in_baseline: 0,
            remarks: vec!["acquis.yml:12: the waiver of exit-clause-missing ended on 2026-06-30".to_owned()],
        },
    }
}

/// Three notices of two countries; one of them is not judged.
fn tally() -> Tally {
    let group = |country: Option<&str>, cpv: &str, kind, judged, tenders| NoticeGroup {
        country: country.map(str::to_owned),
        cpv: Some(cpv.to_owned()),
        kind,
        read: 1,
        judged,
        lots_with_tenders: tenders,
        lots_with_one_tender: tenders,
        rules: BTreeMap::new(),
        measures: BTreeMap::new(),
    };
    let mut demanding = group(Some("FR"), "48", NoticeKind::Call, 1, 0);
    demanding.found(&["product-without-equivalent"].into());
    let mut tally = Tally::default();
    tally.add(demanding);
    tally.add(group(Some("FR"), "72", NoticeKind::Award, 1, 1));
    tally.add(group(None, "45", NoticeKind::Call, 0, 0));
    tally
}

#[expect(clippy::too_many_arguments, reason = "a location has that many independent parts")]
fn place(
    uri: &str,
    member: Option<&str>,
    line: u32,
    column: u32,
    snippet: &str,
    context: &str,
    place: &str,
    anchor: Anchor,
) -> Location {
    let width = snippet.chars().count() as u32;
    Location {
        uri: uri.to_owned(),
        member: member.map(str::to_owned),
        region: Region { start_line: line, start_column: column, end_line: line, end_column: column + width },
        snippet: snippet.to_owned(),
        context: context.to_owned(),
        place: place.to_owned(),
        anchor,
        line_hash: line_hashes(context).swap_remove(0).to_string(),
    }
}
