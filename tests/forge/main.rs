//! Upload to forges: what is sent, what is tried again, what the user is told; and what else opens a connection. A
//! server on this machine plays the forge; `.ci/forges` plays GitHub by its own description besides.

mod addresses;
mod clone;
mod failures;
mod github;
mod gitlab;
mod packs;

use std::time::Duration;

use acquis::forge::{Address, Patience};
use tokio::runtime::{Builder, Runtime};
use wiremock::{Mock, MockServer};

const TOKEN: &str = "token-that-nobody-may-see";

/// Waits that cost a test no time.
const PATIENCE: Patience =
    Patience { attempts: 3, first_wait: Duration::from_millis(1), most_wait: Duration::from_millis(5) };

/// A forge that answers as it is told, and at the end checks how often it was asked.
struct Forge {
    runtime: Runtime,
    server: MockServer,
}

impl Forge {
    fn new(mocks: impl IntoIterator<Item = Mock>) -> Forge {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let server = runtime.block_on(MockServer::start());
        for mock in mocks {
            runtime.block_on(server.register(mock));
        }
        Forge { runtime, server }
    }

    fn url(&self) -> String {
        self.server.uri()
    }

    /// The bodies of the requests of one method, in order.
    fn bodies(&self, method: &str) -> Vec<serde_json::Value> {
        let requests = self.runtime.block_on(self.server.received_requests()).unwrap();
        requests.iter().filter(|request| request.method.as_str() == method).map(|r| r.body_json().unwrap()).collect()
    }

    fn verify(&self) {
        self.runtime.block_on(self.server.verify());
    }
}

fn address(url: &str) -> Address<'_> {
    Address { url, token: TOKEN }
}
