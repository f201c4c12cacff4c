//! What an issuer answers when it is asked for its keys, and how it sends that.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::Shared;

/// How a request for the key set is answered: well, badly, or without an end.
///
/// # Example
/// ```
/// # #[tokio::main]
/// # async fn main() {
/// use bearward_testkit::{KeysAnswer, TestIssuer};
///
/// let issuer = TestIssuer::start().await;
/// issuer.answer_keys(KeysAnswer::Endless);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeysAnswer {
    /// Status 200 and this text.
    Text(String),
    /// This status, these header lines, and this body.
    Whole {
        /// The status.
        status: u16,
        /// Names and values.
        headers: Vec<(String, String)>,
        /// The body's bytes.
        body: Vec<u8>,
    },
    /// Status 200 and so many spaces, their number said beforehand.
    Spaces(usize),
    /// Status 200 and chunks of spaces, without an end, as fast as they are taken.
    Endless,
    /// Status 200 and a byte each second, without an end.
    Drip,
    /// Status 200, the beginning of a body, and a reset of the connection.
    BrokenOff,
    /// Each of these in turn, a request each, and then the first again.
    InTurns(Vec<KeysAnswer>),
}

const PIECE: usize = 64 * 1024;

impl KeysAnswer {
    /// The answer to the request of this number, counted from 1.
    fn to(&self, number: usize) -> Option<&KeysAnswer> {
        match self {
            KeysAnswer::InTurns(answers) => {
                let turn = number.saturating_sub(1).checked_rem(answers.len())?;
                answers.get(turn)?.to(number)
            }
            answer => Some(answer),
        }
    }

    /// Sends it, as far as the client takes it.
    pub(super) async fn send(
        &self,
        number: usize,
        cache_control: Option<&str>,
        stream: &mut TcpStream,
        shared: &Shared,
    ) -> io::Result<()> {
        match self.to(number) {
            Some(KeysAnswer::Text(text)) => {
                let caching = cache_control.map(|value| ("cache-control", value));
                whole(200, caching, text.as_bytes(), stream, shared).await
            }
            Some(KeysAnswer::Whole { status, headers, body }) => {
                let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                whole(*status, headers, body, stream, shared).await
            }
            Some(KeysAnswer::Spaces(bytes)) => {
                head(200, [], Some(*bytes), stream).await?;
                let mut left = *bytes;
                while left > 0 {
                    let piece = left.min(PIECE);
                    body(&vec![b' '; piece], stream, shared).await?;
                    left -= piece;
                }
                Ok(())
            }
            Some(KeysAnswer::Endless) => {
                head(200, [("transfer-encoding", "chunked")], None, stream).await?;
                loop {
                    body(format!("{PIECE:x}\r\n").as_bytes(), stream, shared).await?;
                    body(&vec![b' '; PIECE], stream, shared).await?;
                    body(b"\r\n", stream, shared).await?;
                }
            }
            Some(KeysAnswer::Drip) => {
                head(200, [("transfer-encoding", "chunked")], None, stream).await?;
                // In real time: what it tests is a bound on real traffic.
                let mut second = tokio::time::interval(Duration::from_secs(1));
                loop {
                    second.tick().await;
                    body(b"1\r\n \r\n", stream, shared).await?;
                }
            }
            Some(KeysAnswer::BrokenOff) => {
                head(200, [], Some(PIECE), stream).await?;
                body(br#"{"keys":["#, stream, shared).await?;
                // What is sent when the socket is dropped is then a reset.
                stream.set_zero_linger()
            }
            None | Some(KeysAnswer::InTurns(_)) => whole(500, None, b"", stream, shared).await,
        }
    }
}

/// Sends an answer whose length is known.
pub(super) async fn whole(
    status: u16,
    headers: impl IntoIterator<Item = (&str, &str)>,
    bytes: &[u8],
    stream: &mut TcpStream,
    shared: &Shared,
) -> io::Result<()> {
    head(status, headers, Some(bytes.len()), stream).await?;
    body(bytes, stream, shared).await
}

/// Without keep-alive: an issuer that goes down is down for everyone.
async fn head(
    status: u16,
    headers: impl IntoIterator<Item = (&str, &str)>,
    length: Option<usize>,
    stream: &mut TcpStream,
) -> io::Result<()> {
    let mut text = format!("HTTP/1.1 {status} \r\nconnection: close\r\n");
    text.push_str("content-type: application/json\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    // An answer 204 has no length (RFC 9110 section 8.6).
    if let Some(length) = length.filter(|_| status != 204) {
        text.push_str(&format!("content-length: {length}\r\n"));
    }
    text.push_str("\r\n");
    stream.write_all(text.as_bytes()).await
}

async fn body(bytes: &[u8], stream: &mut TcpStream, shared: &Shared) -> io::Result<()> {
    stream.write_all(bytes).await?;
    shared.sent(bytes.len());
    Ok(())
}
