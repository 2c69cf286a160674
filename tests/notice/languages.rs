//! A notice published in 24 languages says the same thing 24 times: one finding, whatever the language.

use acquis::document::{Format, Limits};
use acquis::engine::{Engine, Options};
use acquis::finding::Finding;
use acquis::lang::Lang;
use acquis::rule::{Rule, Subject};
use acquis::{notice, rule};

const DIRECT_AWARD: &str = include_str!("fixtures/24-languages.xml");
const TEXTS: &str = include_str!("fixtures/24-languages.tsv");

/// A call that renews itself, asks for the maker's word and leaves out what it should ask for.
const CALL: &str = "<ContractNotice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2\" NAMESPACES>
  <cbc:RegulatoryDomain>32014L0024</cbc:RegulatoryDomain>
  <cbc:NoticeTypeCode listName=\"competition\">cn-standard</cbc:NoticeTypeCode>
  <cbc:NoticeLanguageCode>ENG</cbc:NoticeLanguageCode>
  <cac:ProcurementProject>
    <cbc:Name>Oracle Database</cbc:Name>
    renewal<cbc:Note languageID=\"LANGUAGE\">TEXT</cbc:Note>
    <cac:MainCommodityClassification><cbc:ItemClassificationCode>48000000</cbc:ItemClassificationCode></cac:MainCommodityClassification>
  </cac:ProcurementProject>
  <cac:ProcurementProjectLot>
    <cbc:ID schemeName=\"Lot\">LOT-0001</cbc:ID>
    <cac:TenderingTerms>
      <ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension><efac:SelectionCriteria>
        partner<cbc:Description languageID=\"LANGUAGE\">TEXT</cbc:Description>
      </efac:SelectionCriteria></efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>
      <cac:CallForTendersDocumentReference>
        <cbc:DocumentTypeCode listName=\"communication-justification\">tdf-non-av</cbc:DocumentTypeCode>
      </cac:CallForTendersDocumentReference>
      <cac:AwardingTerms><cac:AwardingCriterion><cac:SubordinateAwardingCriterion>
        <cbc:AwardingCriterionTypeCode listName=\"award-criterion-type\">price</cbc:AwardingCriterionTypeCode>
      </cac:SubordinateAwardingCriterion></cac:AwardingCriterion></cac:AwardingTerms>
    </cac:TenderingTerms>
    <cac:TenderingProcess><cac:ContractingSystem>
      <cbc:ContractingSystemTypeCode listName=\"framework-agreement\">fa-wo-rc</cbc:ContractingSystemTypeCode>
    </cac:ContractingSystem></cac:TenderingProcess>
    <cac:ProcurementProject>
      <cac:ProcurementAdditionalType><cbc:ProcurementTypeCode listName=\"accessibility\">n-inc</cbc:ProcurementTypeCode></cac:ProcurementAdditionalType>
      <cac:PlannedPeriod><cbc:DurationMeasure unitCode=\"MONTH\">60</cbc:DurationMeasure></cac:PlannedPeriod>
    </cac:ProcurementProject>
  </cac:ProcurementProjectLot>
</ContractNotice>";

/// A modification by which more is bought from the supplier that nobody else can replace.
const MODIFICATION: &str =
    "<ContractAwardNotice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:ContractAwardNotice-2\" NAMESPACES>
  <ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension><efac:ContractModification><efac:ChangeReason>
    <cbc:ReasonCode listName=\"modification-justification\">add-wss</cbc:ReasonCode>
    switching<efbc:ReasonDescription languageID=\"LANGUAGE\">TEXT</efbc:ReasonDescription>
  </efac:ChangeReason></efac:ContractModification></efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>
  <cbc:RegulatoryDomain>32014L0024</cbc:RegulatoryDomain>
  <cbc:NoticeTypeCode listName=\"cont-modif\">can-modif</cbc:NoticeTypeCode>
  <cbc:NoticeLanguageCode>ENG</cbc:NoticeLanguageCode>
  <cac:ProcurementProject>
    <cac:MainCommodityClassification><cbc:ItemClassificationCode>48000000</cbc:ItemClassificationCode></cac:MainCommodityClassification>
  </cac:ProcurementProject>
</ContractAwardNotice>";

const NAMESPACES: &str = "xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" \
    xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\" \
    xmlns:ext=\"urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2\" \
    xmlns:efext=\"http://data.europa.eu/p27/eforms-ubl-extensions/1\" \
    xmlns:efac=\"http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1\" \
    xmlns:efbc=\"http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1\"";

/// The notice with the texts of the table: a line that begins with the name of a column stands for one line a
/// language.
fn filled(template: &str) -> String {
    let mut rows = TEXTS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    let head = rows.next().expect("a head");
    let rows: Vec<_> = rows.collect();
    let mut lines = Vec::new();
    for line in template.replace("NAMESPACES", NAMESPACES).lines() {
        match head.iter().position(|column| line.trim().starts_with(&format!("{column}<"))) {
            Some(at) => {
                let element = line.trim().trim_start_matches(head[at]);
                lines.extend(rows.iter().map(|row| element.replace("LANGUAGE", row[0]).replace("TEXT", row[at])));
            }
            None => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

/// The notice with the texts of one language only.
fn only(notice: &str, language: &str) -> String {
    let own = format!("languageID=\"{language}\"");
    let lines = notice.lines().filter(|line| !line.contains("languageID") || line.contains(&own));
    lines.collect::<Vec<_>>().join("\n")
}

fn languages() -> Vec<&'static str> {
    let titles = DIRECT_AWARD.lines().filter(|line| line.contains("<cbc:Name"));
    titles.filter_map(|line| line.split('"').nth(1)).collect()
}

fn engine<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> Engine {
    Engine::new(rules, Options::default()).expect("the rules compile")
}

fn check(engine: &Engine, text: &str) -> Vec<Finding> {
    let reading = notice::read(text.as_bytes(), "notice.xml", None, Format::Eforms, &Limits::default());
    assert_eq!(reading.not_read, []);
    engine.check_bundle(&[], &reading.notices)
}

/// Rule and level of each finding, without order.
fn verdicts(findings: &[Finding]) -> Vec<String> {
    let mut verdicts: Vec<String> =
        findings.iter().map(|finding| format!("{} {}", finding.rule, finding.level)).collect();
    verdicts.sort();
    verdicts
}

/// Every rule, on each language of a notice by itself and on all of them together.
#[track_caller]
fn same_in_every_language(notice: &str, want: &[&str]) {
    let engine = engine(rule::builtin_rules());
    let languages = languages();
    assert_eq!(languages.len(), 24);
    for language in &languages {
        assert_eq!(verdicts(&check(&engine, &only(notice, language))), want, "{language}");
    }
    let together = check(&engine, notice);
    assert_eq!(verdicts(&together), want);
    for finding in &together {
        let line = notice.lines().nth(finding.location.region.start_line as usize - 1).expect("a line of the file");
        // What is coded stands there once for all languages.
        if line.contains("languageID") {
            assert!(line.contains("languageID=\"ENG\""), "{line}");
            assert_eq!(finding.related.len(), 23, "{}: {:?}", finding.rule, finding.location.snippet);
        }
    }
}

#[test]
fn a_direct_award_gives_the_same_findings_in_every_language() {
    same_in_every_language(
        DIRECT_AWARD,
        &["direct-award-argued-elsewhere warning", "direct-award-other-ground note", "product-in-title note"],
    );
}

#[test]
fn a_call_gives_the_same_findings_in_every_language() {
    same_in_every_language(
        &filled(CALL),
        &[
            "accessibility-left-out warning",
            "framework-beyond-legal-term error",
            "long-contract note",
            "maker-authorisation-in-selection warning",
            "price-only-award note",
            "product-in-title warning",
            "tacit-renewal-in-notice warning",
            "tools-not-generally-available warning",
        ],
    );
}

#[test]
fn a_modification_gives_the_same_findings_in_every_language() {
    same_in_every_language(&filled(MODIFICATION), &["additional-purchase-from-original-supplier warning"]);
}

/// A call whose description says a text in each of some languages.
fn call(texts: &[(Lang, &str)]) -> String {
    let description = |(language, text): &(Lang, &str)| {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        format!("<cbc:Description languageID=\"{language}\">{text}</cbc:Description>")
    };
    let template = "<ContractNotice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2\" NAMESPACES>\
        <cbc:NoticeTypeCode>cn-standard</cbc:NoticeTypeCode><cac:ProcurementProject>TEXTS<cac:MainCommodityClassification>\
        <cbc:ItemClassificationCode>48000000</cbc:ItemClassificationCode></cac:MainCommodityClassification>\
        </cac:ProcurementProject></ContractNotice>";
    let texts: Vec<String> = texts.iter().map(description).collect();
    template.replace("NAMESPACES", NAMESPACES).replace("TEXTS", &texts.join("\n"))
}

#[test]
fn what_a_rule_claims_to_find_in_a_language_it_finds_in_a_notice_and_once() {
    // A rule of its own says this of notices.
    const IN_DOCUMENTS_ONLY: &str = "tacit-renewal";
    let mut counted = 0;
    let document_rules = rule::builtin_rules().iter().filter(|rule| rule.file.subject == Subject::Document);
    for rule in document_rules.filter(|rule| rule.file.id != IN_DOCUMENTS_ONLY) {
        let engine = engine([rule]);
        // The first example of a language that is a paragraph: headings and tables are no part of a notice's texts.
        let mut texts: Vec<(Lang, &str)> = Vec::new();
        for example in rule.file.examples.flag.iter().filter(|example| example.notice.is_empty()) {
            let is_paragraph = !example.text.is_empty() && !example.text.contains(['\n', '#', '|', '*']);
            if is_paragraph && texts.iter().all(|(known, _)| *known != example.lang) {
                texts.push((example.lang, &example.text));
            }
        }
        for text in &texts {
            let found = check(&engine, &call(&[*text]));
            assert_eq!(found.len(), 1, "{} ({}): {}", rule.file.id, text.0, text.1);
        }
        if !texts.is_empty() {
            assert_eq!(check(&engine, &call(&texts)).len(), 1, "{}: {texts:?}", rule.file.id);
        }
        counted += texts.len();
    }
    assert!(counted > 30, "only {counted} examples are paragraphs");
}
