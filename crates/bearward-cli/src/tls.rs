//! TLS on a socket: handshakes run beside each other, within limits of number and time.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::server::ResolvesServerCert;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a client may take until its first request can be sent.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// How many clients may be in their handshake. One that is still there when so many more have come
/// is given up: a crowd of silent clients keeps nobody out for longer than it takes to come.
const MOST_HANDSHAKES: usize = 256;

/// TLS 1.2 and 1.3 with HTTP/1.1, and the certificate that `certificates` holds at the moment.
pub(crate) fn config(
    certificates: Arc<dyn ResolvesServerCert>,
) -> anyhow::Result<Arc<ServerConfig>> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("cannot set up TLS")?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Gives out connections whose handshake is done. A client that is slow, or that does not speak
/// TLS at all, is in nobody's way.
pub(crate) struct TlsListener {
    socket: TcpListener,
    acceptor: TlsAcceptor,
    handshakes: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
    /// Those begun last, in their order; some have ended by now.
    latest: VecDeque<AbortHandle>,
}

impl TlsListener {
    pub(crate) fn new(socket: TcpListener, config: Arc<ServerConfig>) -> Self {
        let (handshakes, latest) = (JoinSet::new(), VecDeque::new());
        Self { socket, acceptor: config.into(), handshakes, latest }
    }

    fn begin(&mut self, stream: TcpStream, client: SocketAddr) {
        let acceptor = self.acceptor.clone();
        let begun = self.handshakes.spawn(async move {
            match tokio::time::timeout(HANDSHAKE_TIMEOUT, handshake(&acceptor, stream)).await {
                Ok(Ok(stream)) => Some((stream, client)),
                Ok(Err(error)) => {
                    tracing::debug!(%client, %error, "no TLS handshake");
                    None
                }
                Err(_) => {
                    tracing::debug!(%client, "the TLS handshake took too long");
                    None
                }
            }
        });
        self.latest.push_back(begun);
        if self.latest.len() > MOST_HANDSHAKES
            && let Some(oldest) = self.latest.pop_front()
        {
            oldest.abort();
        }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                Some(ended) = self.handshakes.join_next() => {
                    if let Ok(Some(connection)) = ended {
                        return connection;
                    }
                }
                // Listener's accept, unlike the socket's own, waits out what is only for a while.
                (stream, client) = Listener::accept(&mut self.socket) => self.begin(stream, client),
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }
}

async fn handshake(
    acceptor: &TlsAcceptor,
    mut stream: TcpStream,
) -> io::Result<TlsStream<TcpStream>> {
    stream.set_nodelay(true)?;
    let mut first = [0];
    stream.peek(&mut first).await?;
    // Every TLS connection begins with a byte that no method of HTTP has (RFC 8446, section 5.1).
    if first.iter().all(u8::is_ascii_uppercase) {
        refuse_plain(&mut stream).await?;
        return Err(io::Error::new(io::ErrorKind::InvalidData, "plain http"));
    }
    acceptor.accept(stream).await
}

/// Tells a client that speaks plain HTTP what is wrong.
async fn refuse_plain(stream: &mut TcpStream) -> io::Result<()> {
    const BODY: &str = "This port speaks https: write https:// where http:// stands.\n";
    /// What is left unread when a connection is closed makes the client lose the answer.
    const MOST_BYTES: u64 = 64 * 1024;
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{BODY}",
        BODY.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    tokio::io::copy(&mut stream.take(MOST_BYTES), &mut tokio::io::sink()).await?;
    Ok(())
}
