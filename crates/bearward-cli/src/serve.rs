//! Servers that run until they are told to stop, and then let go what they have begun.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::serve::Listener;
use rustls::ServerConfig;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::connections;
use crate::exit::Failure;
use crate::listen::Listeners;
use crate::output;
use crate::tls::TlsListener;

/// How long the end may take before somebody at the terminal wonders.
const PATIENCE: Duration = Duration::from_millis(300);

/// How long a request that has begun may take to end, from then on.
const GRACE: Duration = Duration::from_secs(5);

pub(crate) struct Servers {
    stop: watch::Sender<bool>,
    running: JoinSet<()>,
}

impl Servers {
    pub(crate) fn new() -> Self {
        Self { stop: watch::Sender::new(false), running: JoinSet::new() }
    }

    /// Serves from now on, on every socket.
    pub(crate) fn serve(&mut self, listeners: Listeners, app: &Router) {
        for socket in listeners.sockets {
            self.serve_on(socket, app.clone());
        }
    }

    /// Serves TLS from now on, on every socket.
    pub(crate) fn serve_tls(
        &mut self,
        listeners: Listeners,
        tls: &Arc<ServerConfig>,
        app: &Router,
    ) {
        for socket in listeners.sockets {
            self.serve_on(TlsListener::new(socket, tls.clone()), app.clone());
        }
    }

    /// Does something beside the servers until the end.
    pub(crate) fn beside(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        let stopped = self.stopped();
        self.running.spawn(async move {
            tokio::select! {
                () = work => {}
                () = stopped => {}
            }
        });
    }

    /// The app is told each client's address, which limits on guessing need.
    fn serve_on(&mut self, listener: impl Listener<Addr = SocketAddr>, app: Router) {
        self.running.spawn(connections::serve(listener, app, self.stopped()));
    }

    fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stop = self.stop.subscribe();
        async move {
            // An error means that nobody is left to say stop.
            let _ = stop.wait_for(|stop| *stop).await;
        }
    }

    /// Takes no new requests, waits for those that have begun, and cuts off what takes too long or
    /// is in the way of somebody who asks again.
    pub(crate) async fn stop(mut self, again: &mut AskedToEnd) {
        self.stop.send_replace(true);
        let all = async { while self.running.join_next().await.is_some() {} };
        tokio::pin!(all);
        if tokio::time::timeout(PATIENCE, &mut all).await.is_ok() {
            return;
        }
        output::notice("Waiting for open requests; Ctrl-C again ends now.");
        // Whatever is still open after this is dropped with the set.
        let all_or_asked = async {
            tokio::select! {
                () = all => {}
                () = again.heard() => {}
            }
        };
        let _ = tokio::time::timeout(GRACE, all_or_asked).await;
    }
}

/// Hears when somebody asks the program to end: Ctrl-C or SIGTERM. As long as it is there neither
/// ends the program by itself.
pub(crate) struct AskedToEnd {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl AskedToEnd {
    #[cfg(unix)]
    pub(crate) fn new() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?,
            terminate: signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?,
        })
    }

    #[cfg(windows)]
    pub(crate) fn new() -> Result<Self, Failure> {
        let interrupt = tokio::signal::windows::ctrl_c().context("cannot listen for Ctrl-C")?;
        Ok(Self { interrupt })
    }

    /// Waits for the next time.
    pub(crate) async fn heard(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(windows)]
        self.interrupt.recv().await;
    }
}
