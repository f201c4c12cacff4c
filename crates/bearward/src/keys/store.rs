//! The warm-start file: the last good key set on disk, so that a start needs no issuer.
//!
//! It holds public keys, but whoever can write it decides which tokens are accepted. So a file that
//! anyone else could have written is refused.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::issuer::{Issuer, KeyLocation};
use crate::jwk::JwkSet;

const VERSION: u32 = 1;
/// A key set of the largest size, with room for what stands beside it.
const MOST_BYTES: u64 = 1024 * 1024;
const MOST_TIME: Duration = Duration::from_secs(5);
/// How far ahead of this clock the one that the file was written by may have been.
const SKEW: Duration = Duration::from_secs(60);

/// The file of one issuer. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    issuer: String,
    /// What is configured: where the key set is, or where discovery begins.
    address: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The text of the latest good set.
    text: Vec<u8>,
    due: Option<Due>,
    writing: bool,
    latest_failed: bool,
}

/// What is still to be done on the disk.
#[derive(Debug)]
enum Due {
    Write { fetched: SystemTime },
    Remove,
}

/// A set of an earlier run.
pub(super) struct Kept {
    pub(super) set: JwkSet,
    /// Since it was fetched.
    pub(super) age: Duration,
}

/// The text of the file.
#[derive(Deserialize, Serialize)]
struct Content<'t> {
    version: u32,
    issuer: String,
    address: String,
    fetched_unix_seconds: u64,
    #[serde(borrow)]
    key_set: &'t RawValue,
}

impl Store {
    /// The issuer's file, where one is wanted.
    pub(super) fn of(issuer: &Issuer) -> Option<Store> {
        let path = issuer.warm_start_file.clone()?;
        let address = match &issuer.keys {
            KeyLocation::Uri(url) | KeyLocation::Discovery(url) => url.to_string(),
            KeyLocation::Fixed(_) => return None,
        };
        let issuer = issuer.identifier.clone();
        Some(Store(Arc::new(Inner { path, issuer, address, state: Mutex::default() })))
    }

    /// Takes note of a good fetch. `text` is `None` where the set is the one before: the issuer has
    /// confirmed it, which makes it younger.
    pub(super) fn keep(&self, text: Option<Vec<u8>>, fetched: SystemTime) {
        let mut state = self.state();
        if let Some(text) = text {
            state.text = text;
        }
        state.due = Some(Due::Write { fetched });
    }

    /// Takes note that the issuer has no usable key any more.
    pub(super) fn forget(&self) {
        self.state().due = Some(Due::Remove);
    }

    /// Does on the disk what was noted since. Trouble is told once, and ends nothing.
    pub(super) async fn flush(&self) {
        let store = self.clone();
        beside(move || store.flush_now()).await;
    }

    /// Reads the set of an earlier run, if there is one to be trusted that is younger than
    /// `max_stale`.
    pub(super) async fn read(&self, now: SystemTime, max_stale: Duration) -> Option<Kept> {
        let store = self.clone();
        beside(move || store.read_now(now, max_stale)).await.flatten()
    }

    /// The lock is not held meanwhile: it may take long.
    fn flush_now(&self) {
        let inner = &self.0;
        let (due, text) = {
            let mut state = self.state();
            if state.writing {
                return; // the disk hangs: what is due is done after the next fetch
            }
            let Some(due) = state.due.take() else { return };
            state.writing = true;
            (due, state.text.clone())
        };
        let done = match due {
            Due::Write { fetched } => {
                inner.content(&text, fetched).and_then(|content| inner.replace(&content))
            }
            Due::Remove => inner.remove(),
        };
        let mut state = self.state();
        let (issuer, path) = (inner.issuer.as_str(), inner.path.display());
        match &done {
            Ok(()) => tracing::debug!(issuer, %path, "the warm-start file is up to date"),
            Err(error) if state.latest_failed => {
                tracing::debug!(issuer, %path, %error, "the warm-start file still cannot be written");
            }
            Err(error) => {
                tracing::warn!(issuer, %path, %error, "the warm-start file cannot be written");
            }
        }
        state.latest_failed = done.is_err();
        state.writing = false;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_now(&self, now: SystemTime, max_stale: Duration) -> Option<Kept> {
        let inner = &self.0;
        let (issuer, path) = (inner.issuer.as_str(), inner.path.display());
        match inner.read(now, max_stale) {
            Ok(kept) => Some(kept),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                tracing::debug!(issuer, %path, "there is no warm-start file yet");
                None
            }
            Err(error) => {
                tracing::warn!(issuer, %path, %error, "the warm-start file is not used");
                None
            }
        }
    }
}

impl Inner {
    fn content(&self, text: &[u8], now: SystemTime) -> io::Result<Vec<u8>> {
        let since = now.duration_since(SystemTime::UNIX_EPOCH).map_err(io::Error::other)?;
        let content = Content {
            version: VERSION,
            issuer: self.issuer.clone(),
            address: self.address.clone(),
            fetched_unix_seconds: since.as_secs(),
            key_set: serde_json::from_slice(text)?,
        };
        Ok(serde_json::to_vec(&content)?)
    }

    /// Writes a file beside it and renames that, so that nobody ever sees half of it.
    fn replace(&self, content: &[u8]) -> io::Result<()> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let temporary =
            self.path.with_file_name(format!(".{name}.{:016x}", super::remote::chance()));
        let written = create(&temporary).and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()?;
            std::fs::rename(&temporary, &self.path)
        });
        if written.is_err() {
            // It may not even be there.
            let _ = std::fs::remove_file(&temporary);
        }
        written
    }

    fn remove(&self) -> io::Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn read(&self, now: SystemTime, max_stale: Duration) -> io::Result<Kept> {
        let refuse = |why: String| io::Error::other(why);
        let mut text = Vec::new();
        open(&self.path)?.take(MOST_BYTES + 1).read_to_end(&mut text)?;
        if text.len() as u64 > MOST_BYTES {
            return Err(refuse(format!("it is larger than {MOST_BYTES} bytes")));
        }
        let content: Content<'_> = serde_json::from_slice(&text)?;
        if content.version != VERSION {
            return Err(refuse(format!("expected version {VERSION}, found {}", content.version)));
        }
        for (what, expected, found) in [
            ("issuer", &self.issuer, &content.issuer),
            ("address", &self.address, &content.address),
        ] {
            if expected != found {
                let found = crate::rejection::shown(found);
                return Err(refuse(format!("expected {what} {expected}, found {found}")));
            }
        }
        let fetched = Duration::from_secs(content.fetched_unix_seconds);
        let now = now.duration_since(SystemTime::UNIX_EPOCH).map_err(io::Error::other)?;
        if fetched > now.saturating_add(SKEW) {
            return Err(refuse("it is from the future".to_owned()));
        }
        let age = now.saturating_sub(fetched);
        if age >= max_stale {
            return Err(refuse(format!("it is {} s old, too old to be used", age.as_secs())));
        }
        let set = JwkSet::parse(content.key_set.get().as_bytes()).map_err(io::Error::other)?;
        Ok(Kept { set, age })
    }
}

/// Waits for the disk on a thread beside, and no longer than for the network: a disk that hangs must
/// not keep the keys of other issuers from being fetched.
#[allow(clippy::disallowed_methods, reason = "a bound on a real disk, in real time")]
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::time::timeout(MOST_TIME, tokio::task::spawn_blocking(work)).await.ok()?.ok()
}

/// For its owner alone, and never through a link that lies there already.
#[cfg(unix)]
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options().write(true).create_new(true).mode(OWNER_ALONE).open(path)
}

#[cfg(unix)]
const OWNER_ALONE: u32 = 0o600;

/// Opens it without following a link or waiting for a pipe, and then looks at what was opened.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::MetadataExt as _;

    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(rustix::io::Errno::LOOP) => return Err(io::Error::other("it is a symbolic link")),
        Err(error) => return Err(error.into()),
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let own = rustix::process::geteuid().as_raw();
    if metadata.uid() != own {
        let message = format!("it belongs to user {}, expected {own}", metadata.uid());
        return Err(io::Error::other(message));
    }
    let mode = metadata.mode() & 0o7777;
    if mode & !OWNER_ALONE != 0 {
        return Err(io::Error::other(format!("its mode is {mode:04o}, expected 0600")));
    }
    Ok(file)
}

/// [`Issuer::warm_start_file`] refuses to be set here.
#[cfg(not(unix))]
fn create(_: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn open(_: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
