//! Servers that run until they are told to stop, and then let go what they have begun.

use std::future::Future;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::exit::Failure;
use crate::listen::Listeners;

/// How long a request that has begun may take to end.
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
            let mut stop = self.stop.subscribe();
            let stopped = async move {
                // An error means that nobody is left to say stop.
                let _ = stop.wait_for(|stop| *stop).await;
            };
            let server = axum::serve(socket, app.clone()).with_graceful_shutdown(stopped);
            self.running.spawn(async move {
                if let Err(error) = server.await {
                    tracing::error!(%error, "a server has ended");
                }
            });
        }
    }

    /// Takes no new requests, waits for those that have begun, and cuts off what takes too long.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        let all = async { while self.running.join_next().await.is_some() {} };
        // Whatever is still open then is dropped with the set.
        let _ = tokio::time::timeout(GRACE, all).await;
    }
}

/// A future that resolves when somebody asks the program to end: Ctrl-C or SIGTERM. From this call
/// on neither ends it by itself.
pub(crate) fn asked_to_end() -> Result<impl Future<Output = ()>, Failure> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(windows)]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c().context("cannot listen for Ctrl-C")?;
        Ok(async move {
            interrupt.recv().await;
        })
    }
}
