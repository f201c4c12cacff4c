//! HTTP as bytes: what is sent is exactly what the test says, and what comes back is all of it.

use std::net::SocketAddr;

use axum::Router;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// An HTTP answer.
///
/// # Example
/// ```
/// # use bearward_testkit::Answer;
/// fn challenge(answer: &Answer) -> Option<&str> {
///     answer.header("www-authenticate")
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names, in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body, as text.
    pub body: String,
}

impl Answer {
    /// The value of a header that stands there once; `None` where it does not, or stands twice.
    ///
    /// # Example
    /// ```
    /// # use bearward_testkit::Answer;
    /// let answer = Answer { status: 200, headers: Vec::new(), body: String::new() };
    /// assert_eq!(answer.header("www-authenticate"), None);
    /// ```
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|header| header.0.eq_ignore_ascii_case(name));
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }
}

/// A router that is being served; until it is dropped.
///
/// # Example
/// See [`serve`].
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Served {
    /// Where it listens.
    ///
    /// # Example
    /// See [`serve`].
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends a GET for this path, with this Bearer token or without one, and reads the answer.
    ///
    /// # Panics
    /// As [`send`] does.
    ///
    /// # Example
    /// See [`serve`].
    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let line = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
        let line = line.unwrap_or_default();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: api\r\n{line}Connection: close\r\n\r\n");
        send(self.address, request.as_bytes()).await
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves a router on a free port of 127.0.0.1.
///
/// # Panics
/// When there is no port to be had.
///
/// # Example
/// ```
/// # #[tokio::main]
/// # async fn main() {
/// use bearward_testkit::{send, serve};
///
/// let served = serve(axum::Router::new()).await;
/// assert_eq!(served.get("/", Some("not.a.jwt")).await.status, 404);
/// let answer = send(served.address(), b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").await;
/// assert_eq!(answer.status, 404);
/// # }
/// ```
pub async fn serve(app: Router) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on 127.0.0.1");
    let address = listener.local_addr().expect("a bound listener has an address");
    let task = tokio::spawn(async move {
        // It serves until the task is aborted.
        let _ = axum::serve(listener, app).await;
    });
    Served { address, task }
}

/// Sends these bytes and reads one answer.
///
/// # Panics
/// When the server cannot be reached or does not answer in HTTP.
///
/// # Example
/// See [`serve`].
pub async fn send(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    stream.write_all(request).await.expect("the server reads");
    let mut bytes = Vec::new();
    loop {
        if let Some(answer) = read(&bytes) {
            return answer;
        }
        let more = stream.read_buf(&mut bytes).await.expect("the server answers");
        assert!(more > 0, "the server closed before its answer was whole");
    }
}

/// The answer, once it is whole: the servers of these tests send `Content-Length`.
fn read(bytes: &[u8]) -> Option<Answer> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = response.parse(bytes).expect("an HTTP answer") else {
        return None;
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers: Vec<(String, String)> =
        response.headers.iter().map(|h| (h.name.to_lowercase(), text(h.value))).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or_default();
    let body = bytes.get(start..start + length)?;
    Some(Answer { status: response.code.unwrap_or_default(), headers, body: text(body) })
}
