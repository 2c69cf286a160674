//! GitLab: the note on a merge request.

use acquis::forge::GitLab;
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, ResponseTemplate};

use super::{Forge, PATIENCE, TOKEN, address};

#[test]
fn only_the_own_note_is_written_over() {
    let note = |author: u64, body: &str| json!([{ "id": 5, "author": { "id": author }, "body": body }]);
    for (notes, verb, at) in [
        (json!([]), "POST", ""),
        (note(3, "<!-- acquis -->\n## acquis"), "PUT", "/5"),
        (note(4, "<!-- acquis -->\n## acquis"), "POST", ""),
        (note(3, "hello"), "POST", ""),
    ] {
        let reply = |body: Value| ResponseTemplate::new(200).set_body_json(body);
        let base = "/api/v4/projects/town%2Ftender/merge_requests/7/notes";
        let forge = Forge::new([
            Mock::given(path("/api/v4/user"))
                .and(header("authorization", format!("Bearer {TOKEN}")))
                .respond_with(reply(json!({ "id": 3 }))),
            Mock::given(method("GET")).and(path(base)).respond_with(reply(notes)),
            Mock::given(method(verb)).and(path(format!("{base}{at}"))).respond_with(reply(json!({}))).expect(1),
        ]);
        let url = format!("{}/api/v4", forge.url());
        GitLab::new(&address(&url), "town/tender", PATIENCE).unwrap().note(7, "## acquis\n").unwrap();
        forge.verify();
        assert_eq!(forge.bodies(verb), [json!({ "body": "<!-- acquis -->\n## acquis\n" })]);
    }
}
