//! The issuer's side of a connection, by hand: no HTTP library sends what is wrong on purpose.

use std::io;
use std::sync::Arc;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::Shared;
use super::answer::whole;

const LONGEST_HEAD: usize = 16 * 1024;

/// Answers one request a connection, until the task is aborted.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            // A client may go at any time.
            let _ = answer(stream, &shared).await;
        });
    }
}

async fn answer(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let Some(path) = read_path(&mut stream).await? else { return Ok(()) };
    let asks_for_keys = path == "/jwks";
    let number = shared.asked(asks_for_keys);
    let mut behaviour = shared.behaviour.subscribe();
    let Ok(now) = behaviour.wait_for(|now| !now.held).await.map(|now| now.clone()) else {
        return Ok(());
    };
    if asks_for_keys {
        let cache_control = now.cache_control.as_deref();
        now.keys.send(number, cache_control, &mut stream, shared).await?;
    } else if is_metadata(&shared.identifier, &path, &now.forms) {
        let text = now.metadata.unwrap_or_else(|| metadata(&shared.identifier));
        whole(200, None, text.as_bytes(), &mut stream, shared).await?;
    } else {
        whole(404, None, b"", &mut stream, shared).await?;
    }
    stream.shutdown().await
}

/// The path that a request asks for; nothing where it is no request.
async fn read_path(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    while bytes.len() < LONGEST_HEAD {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&bytes) {
            Ok(httparse::Status::Complete(_)) => return Ok(request.path.map(without_query)),
            Ok(httparse::Status::Partial) => {}
            Err(_) => return Ok(None),
        }
    }
    Ok(None)
}

fn without_query(target: &str) -> String {
    target.split('?').next().unwrap_or_default().to_owned()
}

/// OpenID Connect Discovery appends to the issuer's path, RFC 8414 inserts before it.
fn is_metadata(identifier: &str, path: &str, forms: &[String]) -> bool {
    let issuer_path = identifier.splitn(4, '/').nth(3).unwrap_or_default();
    let issuer_path = match issuer_path {
        "" => String::new(),
        path => format!("/{path}"),
    };
    forms.iter().any(|form| match form.as_str() {
        "oauth-authorization-server" => path == format!("/.well-known/{form}{issuer_path}"),
        _ => path == format!("{issuer_path}/.well-known/{form}"),
    })
}

fn metadata(identifier: &str) -> String {
    let origin: Vec<&str> = identifier.splitn(4, '/').take(3).collect();
    json!({ "issuer": identifier, "jwks_uri": format!("{}/jwks", origin.join("/")) }).to_string()
}
