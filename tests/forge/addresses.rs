//! What addresses of a publiccode.yml answer: what is asked, what is not, and what the program makes of it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use acquis::forge::Asking;
use acquis::repository::publiccode::{Answer, MOST_ASKED, MOST_REDIRECTS, Silence};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use super::Forge;

fn reply(verb: &str, at: &str, reply: ResponseTemplate) -> Mock {
    Mock::given(method(verb)).and(path(at)).respond_with(reply)
}

/// Any method, one status.
fn status(at: &str, status: u16) -> Mock {
    Mock::given(path(at)).respond_with(ResponseTemplate::new(status))
}

fn redirect(at: &str, status: u16, location: &str) -> Mock {
    Mock::given(path(at)).respond_with(ResponseTemplate::new(status).insert_header("location", location))
}

fn local() -> Asking {
    Asking::on_this_machine(Duration::from_secs(20))
}

impl Forge {
    /// Method and path of each request, in order.
    fn requests(&self) -> Vec<String> {
        let requests = self.runtime.block_on(self.server.received_requests()).unwrap();
        requests.iter().map(|request| format!("{} {}", request.method, request.url.path())).collect()
    }
}

#[track_caller]
fn check(mocks: impl IntoIterator<Item = Mock>, expected: Answer, requests: &[&str]) {
    let forge = Forge::new(mocks);
    assert_eq!(local().ask(&[&format!("{}/a", forge.url())]), [expected]);
    assert_eq!(forge.requests(), requests);
}

#[test]
fn the_headers_say_enough() {
    check([status("/a", 200)], Answer::Status(200), &["HEAD /a"]);
    check([status("/a", 500)], Answer::Status(500), &["HEAD /a"]);
    check([status("/a", 429)], Answer::Status(429), &["HEAD /a"]);
}

#[test]
fn the_page_is_asked_where_the_headers_are_refused_or_deny_it() {
    for refused in [403, 404, 405, 410, 501] {
        let mocks =
            [reply("HEAD", "/a", ResponseTemplate::new(refused)), reply("GET", "/a", ResponseTemplate::new(200))];
        check(mocks, Answer::Status(200), &["HEAD /a", "GET /a"]);
    }
    check([status("/a", 404)], Answer::Status(404), &["HEAD /a", "GET /a"]);
    check([status("/a", 410)], Answer::Status(410), &["HEAD /a", "GET /a"]);
}

#[test]
fn redirects_are_followed() {
    for code in [301, 302, 303, 307, 308] {
        check([redirect("/a", code, "/b?c=d"), status("/b", 200)], Answer::Status(200), &["HEAD /a", "HEAD /b"]);
    }
    check([redirect("/a", 301, "/b"), status("/b", 404)], Answer::Status(404), &["HEAD /a", "HEAD /b", "GET /b"]);
    // What says no place is an answer.
    check([status("/a", 302)], Answer::Status(302), &["HEAD /a"]);
    check([redirect("/a", 304, "/b")], Answer::Status(304), &["HEAD /a"]);
}

#[test]
fn redirects_end() {
    let loop_of_two = [redirect("/a", 301, "/b"), redirect("/b", 302, "/a")];
    let asked: Vec<&str> = ["HEAD /a", "HEAD /b"].into_iter().cycle().take(MOST_REDIRECTS + 1).collect();
    check(loop_of_two, Answer::None(Silence::Redirects), &asked);
}

#[test]
fn redirects_lead_nowhere_but_to_the_public_web() {
    for (location, expected) in [
        ("http://10.1.2.3/", Silence::NotPublic),
        ("http://169.254.169.254/latest/meta-data/", Silence::NotPublic),
        ("//[fd00::1]/", Silence::NotPublic),
        ("//[::ffff:10.0.0.1]/", Silence::NotPublic),
        ("//[64:ff9b::a00:1]/", Silence::NotPublic),
        ("ftp://example.eu/", Silence::NotWeb),
        ("file:///etc/passwd", Silence::NotWeb),
        ("http://user:word@example.eu/", Silence::Credentials),
        ("http://[", Silence::Unreadable),
    ] {
        check([redirect("/a", 302, location)], Answer::None(expected), &["HEAD /a"]);
    }
}

#[test]
fn a_redirect_gets_no_user_name() {
    let forge = Forge::new([status("/b", 200)]);
    let to = forge.url().replace("http://", "http://user@");
    forge.runtime.block_on(forge.server.register(redirect("/a", 302, &format!("{to}/b"))));
    assert_eq!(local().ask(&[&format!("{}/a", forge.url())]), [Answer::None(Silence::Credentials)]);
    assert_eq!(forge.requests(), ["HEAD /a"]);
}

#[test]
fn what_must_not_be_asked_is_not() {
    let forge = Forge::new([status("/", 200)]);
    let server = forge.url();
    let (_, port) = server.rsplit_once(':').unwrap();
    for (address, expected) in [
        (format!("http://127.0.0.1:{port}/"), Silence::NotPublic),
        (format!("http://localhost:{port}/"), Silence::NotPublic),
        (format!("http://2130706433:{port}/"), Silence::NotPublic),
        (format!("http://0x7f.1:{port}/"), Silence::NotPublic),
        (format!("http://127.0.0.1.:{port}/"), Silence::NotPublic),
        (format!("http://[::ffff:127.0.0.1]:{port}/"), Silence::NotPublic),
        (format!("http://0.0.0.0:{port}/"), Silence::NotPublic),
        (format!("https://127.0.0.1:{port}/"), Silence::NotPublic),
        (format!("http://user:word@127.0.0.1:{port}/"), Silence::Credentials),
        ("http://192.168.0.1/".to_owned(), Silence::NotPublic),
        ("ssh://git@example.eu/a".to_owned(), Silence::NotWeb),
        ("http://a b/".to_owned(), Silence::Unreadable),
    ] {
        assert_eq!(Asking::default().ask(&[&address]), [Answer::None(expected)], "{address}");
    }
    assert!(forge.requests().is_empty());
}

#[test]
fn nothing_secret_is_sent() {
    let forge = Forge::new([status("/a", 200)]);
    local().ask(&[&format!("{}/a?b=c#d", forge.url())]);
    let requests = forge.runtime.block_on(forge.server.received_requests()).unwrap();
    let mut headers: Vec<_> = requests[0].headers.keys().map(|name| name.as_str()).collect();
    headers.sort_unstable();
    assert_eq!(headers, ["accept", "host", "user-agent"]);
    assert_eq!((requests[0].url.query(), requests[0].url.fragment()), (Some("b=c"), None));
}

#[test]
fn a_server_that_is_silent_is_left() {
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    let forge = Forge::new([Mock::given(path("/a")).respond_with(slow), status("/b", 200)]);
    let start = Instant::now();
    let addresses = ["/a", "/b"].map(|path| format!("{}{path}", forge.url()));
    let answers = Asking::on_this_machine(Duration::from_secs(2)).ask(&[&addresses[0], &addresses[1]]);
    assert_eq!(answers, [Answer::None(Silence::TimeOut), Answer::Status(200)]);
    assert!(start.elapsed() < Duration::from_secs(15));
}

#[test]
fn a_server_that_is_not_there_or_speaks_no_tls() {
    let forge = Forge::new([]);
    let secure = forge.url().replace("http://", "https://");
    assert_eq!(
        local().ask(&["http://127.0.0.1:1/", &secure]).as_slice(),
        [Answer::None(Silence::Unreachable), Answer::None(Silence::Tls)]
    );
}

#[test]
fn an_address_is_asked_once() {
    let forge = Forge::new([status("/a", 200), status("/b", 200)]);
    let address = |path: &str| format!("{}{path}", forge.url());
    let asking = local();
    assert_eq!(asking.ask(&[&address("/a"), &address("/a#b"), &address("/a")]), [Answer::Status(200); 3]);
    assert_eq!(asking.ask(&[&address("/b"), &address("/a")]), [Answer::Status(200); 2]);
    assert_eq!(forge.requests(), ["HEAD /a", "HEAD /b"]);
}

#[test]
fn a_run_asks_so_many_and_no_more() {
    let addresses: Vec<String> = (0..MOST_ASKED + 2).map(|n| format!("http://10.0.{}.{}/", n / 256, n % 256)).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let asking = Asking::default();
    let answers = asking.ask(&addresses[1..]);
    assert_eq!(answers[..MOST_ASKED], [Answer::None(Silence::NotPublic); MOST_ASKED]);
    assert_eq!(answers[MOST_ASKED..], [Answer::None(Silence::Beyond)]);
    assert_eq!(asking.ask(&addresses[..2]), [Answer::None(Silence::Beyond), Answer::None(Silence::NotPublic)]);
}

/// A folder with a publiccode.yml that names a server, gone when the test ends.
struct Published(PathBuf);

impl Published {
    fn new(name: &str, server: &str) -> Published {
        let folder = std::env::temp_dir().join(format!("acquis-addresses-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let text = format!("publiccodeYmlVersion: \"0\"\nname: X\nurl: {server}/x.git\nlandingURL: {server}/\n");
        fs::write(folder.join("publiccode.yml"), text).unwrap();
        fs::write(folder.join("README.md"), "# X\n").unwrap();
        Published(folder)
    }

    fn acquis(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_acquis"));
        command.args(arguments).current_dir(&self.0).env("LC_ALL", "C").output().unwrap()
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn without_online_nobody_is_asked_and_with_it_no_server_on_this_machine() {
    let forge = Forge::new([Mock::given(path("/")).respond_with(ResponseTemplate::new(200))]);
    let published = Published::new("program", &forge.url());
    let level = "publiccode-invalid=off";
    for what in ["publiccode.yml", "."] {
        let arguments = ["check", what, "--level", level];
        let offline = published.acquis(&arguments);
        let online = published.acquis(&[&arguments[..], &["--online"]].concat());
        let text = |output: &Output| String::from_utf8_lossy(&output.stdout).replace("\n      ", " ");
        assert!(!text(&offline).contains("could not check"), "{}", text(&offline));
        for key in ["url", "landingURL"] {
            let said = format!("1: {key}: could not check {}/", forge.url());
            assert!(text(&online).contains(&said), "{}", text(&online));
        }
        assert!(text(&online).contains("it leads into a network that is not public"), "{}", text(&online));
        // What could not be checked is no failure.
        assert_eq!(offline.status.code(), online.status.code());
    }
    assert!(forge.requests().is_empty());
    fs::write(published.0.join("acquis.yml"), "exclude: [publiccode.yml]\n").unwrap();
    let excluded = published.acquis(&["check", ".", "--online"]);
    assert!(!String::from_utf8_lossy(&excluded.stdout).contains("could not check"));
}
