//! Sends bytes and reduces what comes back to what is compared.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than any of these servers thinks, refreshes of keys and all.
const PATIENCE: Duration = Duration::from_secs(20);
/// More than any of these servers answers.
const MOST_BYTES: u64 = 256 * 1024;

/// Sends a request and says the answer in a word or three: `200`, `401`, `401 invalid_token`,
/// `403 insufficient_scope [read:messages]`, or `closed` where there was no answer.
pub(crate) async fn ask(address: SocketAddr, request: &[u8]) -> String {
    match timeout(PATIENCE, exchange(address, request)).await {
        Ok(Ok(bytes)) => read(&bytes),
        Ok(Err(_)) => "closed".to_owned(),
        Err(_) => "silent".to_owned(),
    }
}

/// A server that refuses a request while it is being sent has answered nevertheless.
async fn exchange(address: SocketAddr, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    let sent = stream.write_all(request).await;
    let mut bytes = Vec::new();
    let received = stream.take(MOST_BYTES).read_to_end(&mut bytes).await;
    if bytes.is_empty() {
        sent?;
        received?;
    }
    Ok(bytes)
}

fn read(bytes: &[u8]) -> String {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let Ok(httparse::Status::Complete(_)) = response.parse(bytes) else {
        return "closed".to_owned();
    };
    let mut words = vec![response.code.unwrap_or_default().to_string()];
    for header in response.headers.iter() {
        if header.name.eq_ignore_ascii_case("www-authenticate") {
            let value = String::from_utf8_lossy(header.value);
            // A second challenge, of DPoP, says the same again.
            if value.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer")) {
                words.extend(parameter(&value, "error"));
                words.extend(parameter(&value, "scope").map(|scope| format!("[{scope}]")));
            }
        }
    }
    words.join(" ")
}

/// The value of a parameter in quotes. The challenges of these servers hold no escaped quotes
/// before the parameters that are looked for.
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let start = format!("{name}=\"");
    let at = challenge.match_indices(&start).find(|(at, _)| {
        let before = challenge.get(..*at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| before == ' ' || before == ',')
    });
    let rest = challenge.get(at?.0 + start.len()..)?;
    rest.split('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answer_is_said_in_a_word_or_three() {
        let head = "HTTP/1.1 403 Forbidden\r\nWWW-Authenticate: Bearer realm=\"a\", ";
        let all = format!("{head}error_description=\"b\", error=\"c\", scope=\"d e\"\r\n\r\n");
        assert_eq!(read(all.as_bytes()), "403 c [d e]");
        assert_eq!(read(b"HTTP/1.1 200 OK\r\n\r\n"), "200");
        assert_eq!(read(b""), "closed");
    }
}
