//! The certificate that is served now. It is renewed while the server runs.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use bearward::Clock;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::given::Given;
use super::local::{Loaded, Local};
use crate::exit::Failure;
use crate::output;

/// A local CA is renewed 30 days before its end, so a day more or less does no harm.
const CHECKED_EVERY: Duration = Duration::from_hours(24);

/// Where the certificate comes from.
#[derive(Debug)]
pub(crate) enum Source {
    Local(Local),
    Given(Given),
}

#[derive(Debug)]
pub(crate) struct LiveCertificates {
    source: Source,
    clock: Arc<dyn Clock>,
    current: ArcSwap<Current>,
}

#[derive(Debug)]
struct Current {
    key: Arc<CertifiedKey>,
    ca_pem: Option<String>,
}

impl LiveCertificates {
    /// Loads or makes what `source` says, and tells on stderr when a CA had to be replaced.
    pub(crate) fn new(source: Source, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let current = load(&source, &*clock)?;
        Ok(Self { source, clock, current: ArcSwap::from_pointee(current) })
    }

    /// The local CA that clients must trust; none with a certificate of one's own.
    pub(crate) fn ca_pem(&self) -> Option<String> {
        self.current.load().ca_pem.clone()
    }

    /// Looks once a day whether it is time for another, for as long as it is polled. What cannot be
    /// renewed goes on being served: it may hold for weeks yet.
    pub(crate) async fn renew(&self) {
        loop {
            self.a_day().await;
            match load(&self.source, &*self.clock) {
                Ok(current) => self.current.store(Arc::new(current)),
                Err(failure) => {
                    failure.report();
                }
            }
        }
    }

    fn a_day(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let until = self.clock.elapsed().saturating_add(CHECKED_EVERY);
        self.clock.sleep_until(until).unwrap_or_else(|| Box::pin(real_time(CHECKED_EVERY)))
    }
}

#[allow(clippy::disallowed_methods, reason = "the event that is waited for is that a day is over")]
async fn real_time(length: Duration) {
    tokio::time::sleep(length).await;
}

fn load(source: &Source, clock: &dyn Clock) -> Result<Current, Failure> {
    match source {
        Source::Given(given) => Ok(Current { key: given.load(clock.now())?, ca_pem: None }),
        Source::Local(local) => {
            let Loaded { key, ca_pem, replaced_because } = local.load_or_make(clock.now())?;
            if let Some(reason) = replaced_because {
                output::notice(&format!(
                    "Made a new local CA: the old one {reason}.\n\
                     Where the old one was trusted, run `bearward tenant trust` again. Start\n\
                     programs again that read its file only when they start."
                ));
            }
            Ok(Current { key, ca_pem: Some(ca_pem) })
        }
    }
}

impl ResolvesServerCert for LiveCertificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load().key.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use bearward_testkit::ManualClock;

    use super::super::{CA_FILE, Names};
    use super::*;

    #[tokio::test]
    async fn a_running_server_renews_its_certificate() {
        let folder = tempfile::tempdir().unwrap();
        let local = Local::new(folder.path().to_owned(), Names::with([]));
        let (file, clock) = (local.file(CA_FILE), ManualClock::new());
        let live = LiveCertificates::new(Source::Local(local), Arc::new(clock.clone())).unwrap();
        let live = Arc::new(live);
        let first = live.ca_pem().unwrap();
        let renewing = tokio::spawn({
            let live = live.clone();
            async move { live.renew().await }
        });
        let mut days = 0;
        while live.ca_pem().unwrap() == first {
            let more = if days == 0 { 360 } else { 1 };
            // Until it waits again.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            clock.advance(CHECKED_EVERY * more);
            days += more;
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            assert!(days < 400);
        }
        assert_eq!(days, 367);
        assert_eq!(fs::read_to_string(file).unwrap(), live.ca_pem().unwrap());
        renewing.abort();
    }
}
