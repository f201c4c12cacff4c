//! Connections of clients: how many, and how long one may take to say what it wants.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

/// How long a client may take to send the head of a request, from when the connection is free for
/// it. Browsers hold idle connections for later; a client that finds its own closed opens another.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// More than this machine's browsers and test suites open, and few enough for its open files.
const MOST_CONNECTIONS: usize = 512;

/// Serves until `stopped` ends, then lets requests end that have begun. Dropped, it cuts them off.
///
/// `axum::serve` does the same without either bound: it gives hyper no timer.
pub(crate) async fn serve(
    mut listener: impl Listener<Addr = SocketAddr>,
    app: Router,
    stopped: impl Future<Output = ()>,
) {
    let ending = GracefulShutdown::new();
    let mut open = JoinSet::new();
    tokio::pin!(stopped);
    loop {
        let may_accept = open.len() < MOST_CONNECTIONS;
        let (stream, client) = tokio::select! {
            () = &mut stopped => break,
            Some(_) = open.join_next(), if !open.is_empty() => continue,
            accepted = listener.accept(), if may_accept => accepted,
        };
        let app = app.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(client));
            app.clone().oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service);
        let connection = ending.watch(connection);
        open.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%client, %error, "a connection has ended early");
            }
        });
    }
    // From here on nobody new is let in.
    drop(listener);
    ending.shutdown().await;
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::Arc;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::{Notify, oneshot};

    use super::*;

    /// A connection to a server that answers with its client's address.
    async fn connected() -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let who = async |ConnectInfo(client): ConnectInfo<SocketAddr>| client.to_string();
        let app = Router::new().route("/", get(who));
        tokio::spawn(serve(listener, app, pending()));
        TcpStream::connect(address).await.unwrap()
    }

    #[tokio::test]
    async fn the_app_is_told_who_asks() {
        let mut client = connected().await;
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with(&client.local_addr().unwrap().to_string()), "{answer}");
    }

    /// Time leaps to the next timer when everyone waits.
    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_say_what_it_wants_is_given_up() {
        for beginning in ["", "GET / HTTP/1.1\r\nHost: a\r\n"] {
            let mut client = connected().await;
            client.write_all(beginning.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let ended = tokio::time::timeout(HEAD_TIMEOUT * 2, client.read_to_end(&mut answer));
            assert!(ended.await.is_ok(), "still open after {beginning:?}");
        }
    }

    #[tokio::test]
    async fn c15_a_request_under_way_is_answered_after_the_server_is_told_to_stop() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (begun, may_end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let slow = {
            let (begun, may_end) = (Arc::clone(&begun), Arc::clone(&may_end));
            get(async move || {
                begun.notify_one();
                may_end.notified().await;
                "answered"
            })
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { _ = stopped.await };
        let server = tokio::spawn(serve(listener, Router::new().route("/", slow), stopped));
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        begun.notified().await;
        stop.send(()).unwrap();
        // It has stopped once it takes nobody new.
        while TcpStream::connect(address).await.is_ok() {}
        may_end.notify_one();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("answered"), "{answer}");
        server.await.unwrap();
    }
}
