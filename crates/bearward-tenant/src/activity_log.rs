//! Where what happened is written down, off the path of those who wait for an answer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use bearward::Clock;
use tokio::sync::{mpsc, oneshot};

use crate::error::TenantError;
use crate::model::{Activity, Event};
use crate::store::Store;

/// Entries that wait to be written. When more come than the disk takes, the rest are not written
/// down, and the log says how many: an answer is worth more than its entry.
const WAITING: usize = 4096;

/// As many as one write takes.
const AT_ONCE: usize = 256;

/// As long as the longest identifier of an API.
const MAX_CHARACTERS: usize = 600;

/// Takes entries without waiting, and writes them in the background.
#[derive(Debug)]
pub(crate) struct ActivityLog {
    waiting: mpsc::Sender<Message>,
    /// Numbers the entries of this process, so that those of one moment keep their order.
    written: AtomicU64,
    lost: AtomicU64,
}

enum Message {
    Entry(Activity),
    /// Somebody waits until all that came before is written.
    Flush(oneshot::Sender<()>),
}

impl ActivityLog {
    /// Begins to write. It ends when the log is gone.
    pub(crate) fn start(store: Store) -> ActivityLog {
        let (waiting, messages) = mpsc::channel(WAITING);
        tokio::spawn(write(store, messages));
        ActivityLog { waiting, written: AtomicU64::new(0), lost: AtomicU64::new(0) }
    }

    pub(crate) fn record(&self, event: Event, clock: &dyn Clock) {
        let at = clock.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let entry = self.entry(event, at);
        if self.waiting.try_send(Message::Entry(entry)).is_err() {
            let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
            if lost.is_power_of_two() {
                tracing::warn!(lost, "activity comes faster than it can be written down");
            }
        }
    }

    /// Waits until all that was recorded before is written.
    pub(crate) async fn flush(&self) -> Result<(), TenantError> {
        let gone = "activity is no longer written down";
        let (done, written) = oneshot::channel();
        let sent = self.waiting.send(Message::Flush(done)).await;
        sent.map_err(|_| TenantError::surroundings(gone, std::fmt::Error))?;
        written.await.map_err(|error| TenantError::surroundings(gone, error))
    }

    fn entry(&self, event: Event, at: Duration) -> Activity {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        Activity {
            id: format!("{:012x}{:08x}", at.as_millis(), number & 0xFFFF_FFFF),
            at: at.as_secs(),
            event: event.event.to_owned(),
            reason: event.reason.map(str::to_owned),
            detail: shortened(event.detail),
            client_id: event.client_id.map(shortened),
            user_id: event.user_id.map(shortened),
            audience: event.audience.map(shortened),
            scope: event.scope.map(shortened),
        }
    }
}

/// What a client sends may be long; nobody reads it to the end.
fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        text.truncate(end);
        text.push('…');
    }
    text
}

async fn write(store: Store, mut messages: mpsc::Receiver<Message>) {
    let mut batch = Vec::new();
    while messages.recv_many(&mut batch, AT_ONCE).await > 0 {
        let mut entries = Vec::new();
        let mut waiting = Vec::new();
        for message in batch.drain(..) {
            match message {
                Message::Entry(entry) => entries.push(entry),
                Message::Flush(done) => waiting.push(done),
            }
        }
        if !entries.is_empty()
            && let Err(error) = store.insert_activity(&entries).await
        {
            tracing::error!(%error, entries = entries.len(), "activity could not be written down");
        }
        for done in waiting {
            // Whoever waited may have gone.
            let _ = done.send(());
        }
    }
}
