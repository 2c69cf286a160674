//! eForms and TED_EXPORT.

use acquis::document::Format;
use acquis::notice::{NoticeKind, Scope};

use crate::{assert_blocks_stand_in_the_file, fields, one, outline};

const CALL: &str = include_str!("fixtures/call.xml");
const AWARD: &str = include_str!("fixtures/award.xml");

#[test]
fn an_eforms_call_is_read_whatever_its_prefixes() {
    let notice = one(CALL, Format::Eforms);
    assert_eq!(notice.id.as_deref(), Some("11111111-2222-3333-4444-555555555555"));
    assert_eq!((notice.kind, notice.change, notice.subtype.as_deref()), (NoticeKind::Call, false, Some("16")));
    assert_eq!((notice.buyer.as_deref(), notice.country.as_deref()), (Some("Ville d'Exemple"), Some("BE")));
    assert_eq!(notice.languages.iter().map(|l| l.to_string()).collect::<Vec<_>>(), ["fr", "nl"]);
    assert_eq!((notice.legal_basis.as_deref(), notice.scope()), (Some("32014L0024"), Scope::Strong));
    assert_eq!(
        fields(&notice, &["BT-105", "BT-136", "BT-36", "BT-58", "BT-707", "BT-743", "BT-754", "BT-765", "BT-766"]),
        [
            "BT-105 open",
            "BT-707 tdf-non-av [LOT-0001]",
            "BT-743 required [LOT-0001]",
            "BT-765 fa-wo-rc [LOT-0001]",
            "BT-766 none [LOT-0001]",
            "BT-754 n-inc [LOT-0001]",
            "BT-36 60 MONTH [LOT-0001]",
            "BT-58 0 [LOT-0001]",
        ]
    );
    assert_eq!(
        outline(&notice),
        "title BT-21 fr: Gestion des délibérations < -\n\
         title BT-21 nl: Beheer van besluiten < -\n\
         {\"heading\":{\"level\":1}} - en: Subject-matter of the contract < Gestion des délibérations\n\
         paragraph BT-24 fr: La solution comprend : < Subject-matter of the contract\n\
         {\"list-item\":{\"depth\":0}} BT-24 fr: un <portail> ; < Subject-matter of the contract\n\
         {\"list-item\":{\"depth\":0}} BT-24 fr: une API & un export. < Subject-matter of the contract\n\
         paragraph BT-24 fr: Elle remplace l'existant. < Subject-matter of the contract\n\
         title BT-21 fr: Logiciel < Gestion des délibérations\n\
         {\"heading\":{\"level\":2}} - en: Subject-matter of the contract < Logiciel\n\
         paragraph BT-24 fr: Le logiciel. < Subject-matter of the contract\n\
         {\"heading\":{\"level\":2}} - en: Selection criteria < Logiciel\n\
         paragraph BT-750 fr: Trois références. < Selection criteria\n"
    );
    assert_eq!(notice.document.blocks[4].lead_in, Some(3));
    assert_blocks_stand_in_the_file(&notice);
    let duration = notice.terms("BT-36").next().unwrap();
    assert_eq!(
        duration.path,
        "/ContractNotice/cac:ProcurementProjectLot/cac:ProcurementProject/cac:PlannedPeriod/cbc:DurationMeasure"
    );
    let title = notice.terms("BT-21").nth(1).unwrap();
    assert_eq!((title.path.as_str(), title.block), ("/ContractNotice/cac:ProcurementProject/cbc:Name[2]", Some(1)));
}

#[test]
fn a_ted_award_gives_its_codes_once_and_its_texts_in_every_language() {
    let notice = one(AWARD, Format::TedExport);
    assert_eq!((notice.kind, notice.subtype.as_deref()), (NoticeKind::Award, Some("F03_2014")));
    assert_eq!((notice.id.as_deref(), notice.buyer.as_deref()), (Some("000001-2022"), Some("Stadt Beispiel")));
    assert_eq!(notice.languages.iter().map(|l| l.to_string()).collect::<Vec<_>>(), ["de", "en"]);
    assert_eq!(
        fields(&notice, &["BT-105", "BT-109", "BT-136", "BT-539", "BT-541", "BT-58", "BT-765"]),
        [
            "BT-539 price (AC_PRICE) [1]",
            "BT-541 100 [1]",
            "BT-58 0 (NO_RENEWAL) [1]",
            "BT-105 neg-wo-call (PT_AWARD_CONTRACT_WITHOUT_CALL)",
            "BT-136 technical (D_TECHNICAL)",
            "BT-136 existing (D_ADD_DELIVERIES_ORDERED)",
            "BT-765 framework (FRAMEWORK)",
        ]
    );
    assert_eq!(
        outline(&notice),
        "title BT-21 de: Pflege < -\n\
         title BT-21 en: Maintenance < -\n\
         {\"heading\":{\"level\":1}} - en: Subject-matter of the contract < Pflege\n\
         paragraph BT-24 de: Pflege des Registers. < Subject-matter of the contract\n\
         {\"list-item\":{\"depth\":0}} BT-24 de: zwei Jahre. < Subject-matter of the contract\n\
         paragraph BT-24 en: Maintenance of the register. < Subject-matter of the contract\n\
         {\"heading\":{\"level\":1}} - en: Justification for a direct award < Pflege\n\
         paragraph BT-135 de: Nur ein Anbieter. < Justification for a direct award\n\
         title BT-21 de: Los Eins < Pflege\n\
         title BT-721 de: Vertrag < Pflege\n\
         {\"heading\":{\"level\":2}} - en: Subject-matter of the contract < Los Eins\n\
         paragraph BT-24 de: Der erste Teil. < Subject-matter of the contract\n"
    );
    let ground = notice.terms("BT-136").next().unwrap();
    assert_eq!(&AWARD[ground.span.clone()], "<D_TECHNICAL/>");
    assert!(
        ground.path.ends_with("/F03_2014[2]/PROCEDURE/PT_AWARD_CONTRACT_WITHOUT_CALL/D_ACCORDANCE_ARTICLE/D_TECHNICAL")
    );
    assert_blocks_stand_in_the_file(&notice);
}

#[test]
fn a_negative_flag_of_the_older_forms_is_no_ground() {
    let form = "<TED_EXPORT><FORM_SECTION><CONTRACT_AWARD_DEFENCE LG='FI' CATEGORY='ORIGINAL'>\
        <NO_ADDITIONAL_WORKS/><WORKS_REPETITION_EXISTING_WORKS/>\
        <F17_FRAMEWORK><DURATION_FRAMEWORK_YEAR>8</DURATION_FRAMEWORK_YEAR></F17_FRAMEWORK>\
        </CONTRACT_AWARD_DEFENCE></FORM_SECTION></TED_EXPORT>";
    let notice = one(form, Format::TedExport);
    assert_eq!(notice.kind, NoticeKind::Award);
    assert_eq!(
        fields(&notice, &["BT-136", "BT-36"]),
        ["BT-136 repetition (WORKS_REPETITION_EXISTING_WORKS)", "BT-36 8 YEAR",]
    );
}

#[test]
fn the_form_decides_what_kind_a_notice_is() {
    for (form, kind) in [
        ("<F01_2014 LG='EN'><NOTICE TYPE='PRI_ONLY'/></F01_2014>", NoticeKind::Planning),
        ("<F01_2014 LG='EN'><NOTICE TYPE='PRI_CALL_COMPETITION'/></F01_2014>", NoticeKind::Call),
        ("<F15_2014 LG='EN'/>", NoticeKind::ExAnte),
        ("<F20_2014 LG='EN'/>", NoticeKind::Modification),
        ("<F21_2014 LG='EN'><NOTICE TYPE='AWARD_CONTRACT'/></F21_2014>", NoticeKind::Award),
        ("<F14_2014 LG='EN'/>", NoticeKind::Change),
    ] {
        let text = format!("<TED_EXPORT><FORM_SECTION>{form}</FORM_SECTION></TED_EXPORT>");
        assert_eq!(one(&text, Format::TedExport).kind, kind, "{form}");
    }
}
