//! What happens when the forge says no, is slow or is not there.

use std::time::{Duration, Instant};

use acquis::forge::{Error, GitHub, Patience};
use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, ResponseTemplate};

use super::{Forge, PATIENCE, TOKEN, address};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn head_of(url: &str) -> Result<String, Error> {
    GitHub::new(&address(url), "town/tender", PATIENCE).unwrap().head_of(7)
}

/// A forge that gives the reply `times` times and then the right one.
fn failing(reply: ResponseTemplate, times: u64) -> Forge {
    Forge::new([
        Mock::given(method("GET")).respond_with(reply).up_to_n_times(times).expect(times),
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "head": { "sha": COMMIT } }))),
    ])
}

#[test]
fn limits_and_errors_of_the_server_are_waited_out() {
    for reply in [
        ResponseTemplate::new(429),
        ResponseTemplate::new(429).insert_header("retry-after", "0"),
        ResponseTemplate::new(403).insert_header("x-ratelimit-remaining", "0"),
        ResponseTemplate::new(403).insert_header("retry-after", "60"),
        ResponseTemplate::new(403).set_body_json(json!({ "message": "You have exceeded a secondary rate limit." })),
        ResponseTemplate::new(500),
        ResponseTemplate::new(503),
    ] {
        let forge = failing(reply, 2);
        assert_eq!(head_of(&forge.url()).unwrap(), COMMIT);
        forge.verify();
    }
}

#[test]
fn patience_ends() {
    for (status, want) in [(429, "asks for fewer requests (429)"), (502, "has an error of its own (502)")] {
        let forge = Forge::new([Mock::given(method("GET")).respond_with(ResponseTemplate::new(status)).expect(3)]);
        let error = head_of(&forge.url()).unwrap_err().to_string();
        assert!(error.contains(want), "{error}");
        forge.verify();
    }
}

#[test]
fn waits_double_up_to_the_longest() {
    let patience =
        Patience { attempts: 4, first_wait: Duration::from_millis(20), most_wait: Duration::from_millis(50) };
    let forge = Forge::new([Mock::given(method("GET")).respond_with(ResponseTemplate::new(500)).expect(4)]);
    let start = Instant::now();
    GitHub::new(&address(&forge.url()), "town/tender", patience).unwrap().head_of(7).unwrap_err();
    assert!(start.elapsed() >= Duration::from_millis(20 + 40 + 50));
    forge.verify();
}

#[test]
fn what_waiting_does_not_mend_is_said_at_once() {
    let echo = json!({ "message": format!("not accessible\u{1b}[31m with {TOKEN}") });
    for (reply, want, unavailable) in [
        (ResponseTemplate::new(401), "does not accept the token (401)", false),
        (ResponseTemplate::new(403).set_body_json(&echo), "(403): not accessible[31m with ***", true),
        (ResponseTemplate::new(404), "/repos/town/tender/pulls/7 does not exist, or the token may not see it", true),
        (ResponseTemplate::new(422).set_body_json(&echo), "refused (422): not accessible", false),
        (ResponseTemplate::new(301).insert_header("location", "https://example.org/"), "refused (301)", false),
        (ResponseTemplate::new(200).set_body_string("<html>"), "the reply is not understood", false),
        (ResponseTemplate::new(200).set_body_json(json!({ "head": 1 })), "there is no `sha`", false),
    ] {
        let forge = Forge::new([Mock::given(method("GET")).respond_with(reply).expect(1)]);
        let error = head_of(&forge.url()).unwrap_err();
        assert!(error.to_string().contains(want), "{error}");
        assert!(!format!("{error:?}").contains(TOKEN));
        assert_eq!(error.is_unavailable(), unavailable, "{error}");
        forge.verify();
    }
}

#[test]
fn a_server_that_is_not_there_is_named() {
    // Port 9 is that of the discard protocol, on which nobody listens.
    let error = head_of("http://127.0.0.1:9").unwrap_err().to_string();
    assert!(error.contains("http://127.0.0.1:9 can't be reached"), "{error}");
    assert!(!error.contains(TOKEN));
}

#[test]
fn wrong_addresses_and_names_open_no_connection() {
    for url in ["", "ftp://example.org", "api.github.com", "https://"] {
        assert!(GitHub::new(&address(url), "town/tender", PATIENCE).is_err(), "{url}");
    }
    for repository in ["", "town", "town/", "/tender", "town/tender/x", "town/../x", "town/tender?x", "town/ä"] {
        assert!(GitHub::new(&address("https://example.org"), repository, PATIENCE).is_err(), "{repository}");
    }
}
