//! GitHub: code scanning, check runs, the comment.

use std::io::Read;

use acquis::forge::{CheckReport, GitHub};
use base64::Engine;
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use super::{Forge, PATIENCE, TOKEN, address};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn github(forge: &Forge) -> GitHub {
    GitHub::new(&address(&forge.url()), "town/tender", PATIENCE).unwrap()
}

fn json_reply(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

#[test]
fn a_sarif_report_is_sent_packed_and_its_status_awaited() {
    let status = "/repos/town/tender/code-scanning/sarifs/47";
    let forge = Forge::new([
        Mock::given(method("POST"))
            .and(path("/repos/town/tender/code-scanning/sarifs"))
            .and(header("authorization", format!("Bearer {TOKEN}")))
            .respond_with(json_reply(202, json!({ "id": "47", "url": "" })))
            .expect(1),
        Mock::given(path(status)).respond_with(ResponseTemplate::new(404)).up_to_n_times(1).expect(1),
        Mock::given(path(status))
            .respond_with(json_reply(200, json!({ "processing_status": "pending" })))
            .up_to_n_times(1)
            .expect(1),
        Mock::given(path(status)).respond_with(json_reply(200, json!({ "processing_status": "complete" }))).expect(1),
    ]);
    github(&forge).upload_sarif(COMMIT, "refs/heads/main", b"{\"version\": \"2.1.0\"}").unwrap();
    forge.verify();
    let sent = &forge.bodies("POST")[0];
    assert_eq!((&sent["commit_sha"], &sent["ref"]), (&json!(COMMIT), &json!("refs/heads/main")));
    let packed = base64::engine::general_purpose::STANDARD.decode(sent["sarif"].as_str().unwrap()).unwrap();
    let mut sarif = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut sarif).unwrap();
    assert_eq!(sarif, "{\"version\": \"2.1.0\"}");
}

#[test]
fn what_github_says_of_a_rejected_sarif_report_is_shown() {
    for (status, want) in [
        (json!({ "processing_status": "failed", "errors": ["no location", "no rule"] }), "no location; no rule"),
        (json!({ "processing_status": "pending" }), "not yet known"),
    ] {
        let forge = Forge::new([
            Mock::given(method("POST")).respond_with(json_reply(202, json!({ "id": "47" }))),
            Mock::given(method("GET")).respond_with(json_reply(200, status)),
        ]);
        let error = github(&forge).upload_sarif(COMMIT, "refs/heads/main", b"{}").unwrap_err();
        assert!(error.to_string().contains(want), "{error}");
    }
}

#[test]
fn annotations_go_in_batches_of_fifty() {
    for (count, batches) in [(0, vec![0]), (50, vec![50]), (51, vec![50, 1]), (2_000, vec![50; 20])] {
        let forge = Forge::new([
            Mock::given(method("POST"))
                .and(path("/repos/town/tender/check-runs"))
                .respond_with(json_reply(201, json!({ "id": 9 }))),
            Mock::given(method("PATCH"))
                .and(path("/repos/town/tender/check-runs/9"))
                .respond_with(json_reply(200, json!({}))),
        ]);
        github(&forge).check_run(COMMIT, &report(count)).unwrap();
        let mut sent = forge.bodies("POST");
        sent.extend(forge.bodies("PATCH"));
        let sizes: Vec<_> = sent.iter().map(|body| body["output"]["annotations"].as_array().unwrap().len()).collect();
        assert_eq!(sizes, batches);
        assert_eq!(sent[0]["conclusion"], if count == 0 { "success" } else { "failure" });
        if count > 0 {
            let annotation = &sent[0]["output"]["annotations"][0];
            assert_eq!(annotation["annotation_level"], "failure");
            assert_eq!(annotation["message"], "§ 3: words\n\nbetter words");
        }
    }
}

fn report(findings: usize) -> CheckReport {
    let finding = json!({
        "rule": "product-without-equivalent", "level": "error", "message": "words", "suggestion": "better words",
        "location": { "uri": "lot 1/cctp.docx", "place": "§ 3", "region": { "start_line": 14, "end_line": 14 } },
    });
    let report = json!({
        "exit_status": u8::from(findings > 0),
        "summary": { "errors": findings, "warnings": 0, "notes": 0, "not_read": 0 },
        "findings": vec![finding; findings],
    });
    CheckReport::parse(&report.to_string()).unwrap()
}

#[test]
fn only_the_own_comment_is_written_over() {
    let ours = "<!-- acquis -->\r\n## acquis";
    let comment = |id, login, kind, body| json!({ "id": id, "user": { "login": login, "type": kind }, "body": body });
    let known = || json_reply(200, json!({ "login": "clerk" }));
    let bot = || json_reply(403, json!({ "message": "Resource not accessible by integration" }));
    for (user, comments, want) in [
        (known(), json!([comment(1, "clerk", "User", ours)]), "PATCH /repos/town/tender/issues/comments/1"),
        (known(), json!([comment(1, "other", "User", ours)]), "POST /repos/town/tender/issues/7/comments"),
        (known(), json!([comment(1, "clerk", "User", "hello")]), "POST /repos/town/tender/issues/7/comments"),
        (bot(), json!([comment(1, "clerk", "User", ours)]), "POST /repos/town/tender/issues/7/comments"),
        (
            bot(),
            json!([comment(1, "clerk", "User", ours), comment(2, "actions[bot]", "Bot", ours)]),
            "PATCH /repos/town/tender/issues/comments/2",
        ),
    ] {
        let (verb, at) = want.split_once(' ').unwrap();
        let forge = Forge::new([
            Mock::given(path("/user")).respond_with(user),
            Mock::given(method("GET"))
                .and(path("/repos/town/tender/issues/7/comments"))
                .respond_with(json_reply(200, comments)),
            Mock::given(method(verb)).and(path(at)).respond_with(json_reply(200, json!({ "id": 1 }))).expect(1),
        ]);
        github(&forge).comment(7, "## acquis\n").unwrap();
        forge.verify();
        assert_eq!(forge.bodies(verb), [json!({ "body": "<!-- acquis -->\n## acquis\n" })]);
    }
}

#[test]
fn the_own_comment_is_found_on_a_later_page() {
    let other = json!({ "id": 1, "user": { "login": "x", "type": "User" }, "body": "hello" });
    let ours = json!({ "id": 2, "user": { "login": "clerk", "type": "User" }, "body": "<!-- acquis -->\n" });
    let forge = Forge::new([
        Mock::given(path("/user")).respond_with(json_reply(200, json!({ "login": "clerk" }))),
        Mock::given(query_param("page", "1")).respond_with(json_reply(200, json!(vec![other; 100]))),
        Mock::given(query_param("page", "2")).respond_with(json_reply(200, json!([ours]))),
        Mock::given(method("PATCH"))
            .and(path("/repos/town/tender/issues/comments/2"))
            .respond_with(json_reply(200, json!({})))
            .expect(1),
    ]);
    github(&forge).comment(7, "").unwrap();
    forge.verify();
}

#[test]
fn a_path_before_the_api_is_kept_for_github_enterprise() {
    let forge = Forge::new([Mock::given(path("/api/v3/repos/town/tender/pulls/7"))
        .respond_with(json_reply(200, json!({ "head": { "sha": COMMIT } })))]);
    for url in [format!("{}/api/v3", forge.url()), format!("{}/api/v3/", forge.url())] {
        let github = GitHub::new(&address(&url), "town/tender", PATIENCE).unwrap();
        assert_eq!(github.head_of(7).unwrap(), COMMIT);
    }
}
