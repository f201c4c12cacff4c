//! An issuer on the loopback interface that publishes metadata and keys, and fails on demand.

mod answer;
mod connection;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bearward::sign::SigningKey;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::keys;

pub use answer::KeysAnswer;

/// A real HTTP server in the test's own runtime. It counts every request for its key set.
///
/// # Example
/// ```
/// # #[tokio::main]
/// # async fn main() {
/// use bearward::ResourceServer;
/// use bearward_testkit::{TestIssuer, keys};
///
/// let issuer = TestIssuer::start().await;
/// issuer.publish(&[keys::stranger()]);
/// let api = ResourceServer::new(issuer.identifier(), "api").unwrap();
/// api.wait_until_ready().await;
/// assert_eq!(issuer.key_requests(), 1);
/// # }
/// ```
///
/// Its tokens come from a [`Mint`](crate::Mint), whose clock the server must have too:
/// ```
/// # #[tokio::main]
/// # async fn main() {
/// use axum::routing::get;
/// use bearward::{ResourceServer, token};
/// use bearward_testkit::{Mint, TestIssuer, serve};
///
/// let issuer = TestIssuer::start().await;
/// let mint = Mint::new(issuer.identifier(), "api");
/// let api = ResourceServer::new(issuer.identifier(), "api").unwrap();
/// let api = api.clock(mint.clock().clone()).unwrap();
/// let app = api.router().route("/me", token(), get(async || "me")).into_router();
/// assert_eq!(serve(app).await.get("/me", Some(&mint.token().sign())).await.status, 200);
/// # }
/// ```
#[derive(Debug)]
pub struct TestIssuer {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: Mutex<Option<JoinHandle<()>>>,
    /// The port while it is down: taken, so that nobody else gets it, and closed.
    port: Mutex<Option<TcpSocket>>,
}

#[derive(Debug)]
struct Shared {
    /// The identifier, with the path it was started with.
    identifier: String,
    behaviour: watch::Sender<Behaviour>,
    requests: watch::Sender<usize>,
    key_requests: watch::Sender<usize>,
    body_bytes: watch::Sender<usize>,
}

/// What it answers.
#[derive(Clone, Debug)]
struct Behaviour {
    keys: KeysAnswer,
    metadata: Option<String>,
    /// Where the metadata is: `openid-configuration`, `oauth-authorization-server`, or both.
    forms: Vec<String>,
    cache_control: Option<String>,
    held: bool,
}

impl TestIssuer {
    /// Starts an issuer `http://127.0.0.1:PORT/` with the RS256 key of [`keys`].
    ///
    /// # Panics
    /// When there is no port to be had.
    ///
    /// # Example
    /// See [`TestIssuer`].
    pub async fn start() -> TestIssuer {
        TestIssuer::start_at("/").await
    }

    /// Starts an issuer whose identifier has this path: `/`, or `/realms/one`.
    ///
    /// # Panics
    /// When there is no port to be had.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// let issuer = bearward_testkit::TestIssuer::start_at("/realms/one").await;
    /// assert!(issuer.identifier().ends_with("/realms/one"));
    /// # }
    /// ```
    pub async fn start_at(path: &str) -> TestIssuer {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on 127.0.0.1");
        let address = listener.local_addr().expect("a bound listener has an address");
        let behaviour = Behaviour {
            keys: KeysAnswer::Text(keys::jwks_text(&[keys::signing_key(
                bearward::Algorithm::Rs256,
            )])),
            metadata: None,
            forms: vec!["openid-configuration".into(), "oauth-authorization-server".into()],
            cache_control: None,
            held: false,
        };
        let issuer = TestIssuer {
            address,
            shared: Arc::new(Shared {
                identifier: format!("http://{address}{path}"),
                behaviour: watch::Sender::new(behaviour),
                requests: watch::Sender::new(0),
                key_requests: watch::Sender::new(0),
                body_bytes: watch::Sender::new(0),
            }),
            server: Mutex::default(),
            port: Mutex::default(),
        };
        issuer.listen(listener);
        issuer
    }

    fn listen(&self, listener: TcpListener) {
        let server = tokio::spawn(connection::serve(listener, Arc::clone(&self.shared)));
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
    }

    /// The issuer's identifier.
    ///
    /// # Example
    /// See [`TestIssuer`].
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.shared.identifier
    }

    /// How often the key set was asked for.
    ///
    /// # Example
    /// See [`TestIssuer`].
    #[must_use]
    pub fn key_requests(&self) -> usize {
        *self.shared.key_requests.borrow()
    }

    /// Resolves once the key set was asked for this often.
    ///
    /// # Example
    /// ```no_run
    /// # async fn wait(issuer: bearward_testkit::TestIssuer) {
    /// issuer.asked_for_keys(2).await;
    /// # }
    /// ```
    pub async fn asked_for_keys(&self, times: usize) {
        // The sender lives as long as this issuer.
        let _ = self.shared.key_requests.subscribe().wait_for(|asked| *asked >= times).await;
    }

    /// How often anything was asked for.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// assert_eq!(bearward_testkit::TestIssuer::start().await.requests(), 0);
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> usize {
        *self.shared.requests.borrow()
    }

    /// Resolves once anything was asked for this often.
    ///
    /// # Example
    /// ```no_run
    /// # async fn wait(issuer: bearward_testkit::TestIssuer) {
    /// issuer.asked(2).await;
    /// # }
    /// ```
    pub async fn asked(&self, times: usize) {
        // The sender lives as long as this issuer.
        let _ = self.shared.requests.subscribe().wait_for(|asked| *asked >= times).await;
    }

    /// How many bytes of bodies it has sent: at most what the client took, and what the system holds
    /// for it.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// assert_eq!(bearward_testkit::TestIssuer::start().await.body_bytes(), 0);
    /// # }
    /// ```
    #[must_use]
    pub fn body_bytes(&self) -> usize {
        *self.shared.body_bytes.borrow()
    }

    fn change(&self, change: impl FnOnce(&mut Behaviour)) {
        self.shared.behaviour.send_modify(change);
    }

    /// Publishes these keys in place of the ones before: a rotation.
    ///
    /// # Example
    /// See [`TestIssuer`].
    pub fn publish(&self, keys: &[SigningKey]) {
        self.publish_text(keys::jwks_text(keys));
    }

    /// Publishes this text as the key set, whatever it is.
    ///
    /// # Example
    /// ```no_run
    /// # fn rubbish(issuer: &bearward_testkit::TestIssuer) {
    /// issuer.publish_text("<html>");
    /// # }
    /// ```
    pub fn publish_text(&self, key_set: impl Into<String>) {
        self.answer_keys(KeysAnswer::Text(key_set.into()));
    }

    /// Publishes this text as the metadata, whatever it is.
    ///
    /// # Example
    /// ```no_run
    /// # fn rubbish(issuer: &bearward_testkit::TestIssuer) {
    /// issuer.metadata_text(r#"{"issuer":"https://else.example.com/"}"#);
    /// # }
    /// ```
    pub fn metadata_text(&self, metadata: impl Into<String>) {
        self.change(|now| now.metadata = Some(metadata.into()));
    }

    /// Serves the metadata under these names only: `openid-configuration` (OpenID Connect
    /// Discovery), `oauth-authorization-server` (RFC 8414).
    ///
    /// # Example
    /// ```no_run
    /// # fn rfc8414_only(issuer: &bearward_testkit::TestIssuer) {
    /// issuer.metadata_at(["oauth-authorization-server"]);
    /// # }
    /// ```
    pub fn metadata_at<'n>(&self, names: impl IntoIterator<Item = &'n str>) {
        self.change(|now| now.forms = names.into_iter().map(str::to_owned).collect());
    }

    /// Answers requests for the key set with this status, and `location` if it is not empty.
    ///
    /// # Example
    /// ```no_run
    /// # fn broken(issuer: &bearward_testkit::TestIssuer) {
    /// issuer.answer_keys_with(503, "");
    /// # }
    /// ```
    pub fn answer_keys_with(&self, status: u16, location: &str) {
        let location = Some(location).filter(|location| !location.is_empty());
        let headers = location.map(|location| ("location".to_owned(), location.to_owned()));
        let headers = headers.into_iter().collect();
        self.answer_keys(KeysAnswer::Whole { status, headers, body: Vec::new() });
    }

    /// Answers requests for the key set like this from now on.
    ///
    /// # Example
    /// See [`KeysAnswer`].
    pub fn answer_keys(&self, answer: KeysAnswer) {
        self.change(|now| now.keys = answer);
    }

    /// Sends `Cache-Control` with a key set that is text.
    ///
    /// # Example
    /// ```no_run
    /// # fn short(issuer: &bearward_testkit::TestIssuer) {
    /// issuer.cache_control("max-age=300");
    /// # }
    /// ```
    pub fn cache_control(&self, value: &str) {
        self.change(|now| now.cache_control = Some(value.to_owned()));
    }

    /// Keeps every request waiting until [`release`](TestIssuer::release).
    ///
    /// # Example
    /// ```no_run
    /// # fn slow(issuer: &bearward_testkit::TestIssuer) {
    /// issuer.hold();
    /// // ... what happens meanwhile ...
    /// issuer.release();
    /// # }
    /// ```
    pub fn hold(&self) {
        self.change(|now| now.held = true);
    }

    /// Answers the requests that wait, and those that come.
    ///
    /// # Example
    /// See [`hold`](TestIssuer::hold).
    pub fn release(&self) {
        self.change(|now| now.held = false);
    }

    /// Goes down: its port refuses connections.
    ///
    /// # Example
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// let issuer = bearward_testkit::TestIssuer::start().await;
    /// issuer.go_down().await;
    /// issuer.come_up();
    /// # }
    /// ```
    pub async fn go_down(&self) {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(server) = server {
            server.abort();
            // Awaited, so that the port is closed when this returns.
            let _ = server.await;
            let socket = bound(self.address);
            *self.port.lock().unwrap_or_else(PoisonError::into_inner) = Some(socket);
        }
    }

    /// Comes up again, on the same port.
    ///
    /// # Panics
    /// When it is not down.
    ///
    /// # Example
    /// See [`go_down`](TestIssuer::go_down).
    pub fn come_up(&self) {
        let socket = self.port.lock().unwrap_or_else(PoisonError::into_inner).take();
        let socket = socket.expect("it is down");
        self.listen(socket.listen(1024).expect("a bound socket listens"));
    }
}

/// A socket that has this address and refuses connections.
fn bound(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("an option of sockets");
    socket.bind(address).expect("the port was ours a moment ago");
    socket
}

impl Drop for TestIssuer {
    fn drop(&mut self) {
        if let Some(server) = self.server.get_mut().unwrap_or_else(PoisonError::into_inner) {
            server.abort();
        }
    }
}

impl Shared {
    /// Counts a request, and says which request for keys it is.
    fn asked(&self, for_keys: bool) -> usize {
        self.requests.send_modify(|asked| *asked += 1);
        if for_keys {
            self.key_requests.send_modify(|asked| *asked += 1);
        }
        *self.key_requests.borrow()
    }

    fn sent(&self, bytes: usize) {
        self.body_bytes.send_modify(|sent| *sent += bytes);
    }
}
