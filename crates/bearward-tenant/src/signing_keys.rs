//! The keys that tokens are signed with: the current one and the next.

use std::sync::Arc;
use std::thread;

use bearward::Algorithm;
use bearward::sign::{SigningError, SigningKey};
use tokio::sync::watch;

use crate::error::{TenantError, TenantErrorKind};

/// The published keys, the current one first.
///
/// Making an RSA key takes up to a second, and a start never waits for it: both keys are made on a
/// thread of their own, and only a request that comes before the first is there waits.
#[derive(Clone, Debug)]
pub(crate) struct SigningKeys(watch::Receiver<Vec<Arc<SigningKey>>>);

/// The current key could not be made; the log says why.
#[derive(Debug)]
pub(crate) struct NoSigningKey;

impl SigningKeys {
    pub(crate) fn given(current: SigningKey, next: SigningKey) -> Result<SigningKeys, TenantError> {
        if let Some(other) =
            [&current, &next].iter().find(|key| key.algorithm() != Algorithm::Rs256)
        {
            let detail = format!("expected signing keys for RS256, found {}", other.algorithm());
            return Err(TenantError::new(TenantErrorKind::InvalidSigningKey, detail));
        }
        Ok(SigningKeys(watch::channel(vec![Arc::new(current), Arc::new(next)]).1))
    }

    pub(crate) fn made_in_background() -> Result<SigningKeys, TenantError> {
        let (publish, published) = watch::channel(Vec::new());
        thread::Builder::new()
            .name("bearward-tenant-keys".to_owned())
            .spawn(move || make(&publish))
            .map_err(|error| TenantError::surroundings("no thread to make keys on", error))?;
        Ok(SigningKeys(published))
    }

    /// The keys that are there, at least the current one.
    pub(crate) async fn published(&self) -> Result<Vec<Arc<SigningKey>>, NoSigningKey> {
        self.when(|keys| !keys.is_empty()).await
    }

    /// The key to sign with.
    pub(crate) async fn current(&self) -> Result<Arc<SigningKey>, NoSigningKey> {
        self.published().await?.into_iter().next().ok_or(NoSigningKey)
    }

    async fn when(
        &self,
        ready: impl FnMut(&Vec<Arc<SigningKey>>) -> bool,
    ) -> Result<Vec<Arc<SigningKey>>, NoSigningKey> {
        let mut published = self.0.clone();
        let keys = published.wait_for(ready).await.map_err(|_| NoSigningKey)?;
        Ok(keys.clone())
    }
}

/// Two keys, one after the other: the second becomes current at a rotation, and verifiers must have
/// seen it by then. It ends early when the tenant is gone.
fn make(publish: &watch::Sender<Vec<Arc<SigningKey>>>) {
    for role in ["current", "next"] {
        if publish.is_closed() {
            return;
        }
        match rs256_key() {
            Ok(key) => {
                tracing::debug!(kid = key.kid(), role, "signing key made");
                publish.send_modify(|keys| keys.push(Arc::new(key)));
            }
            Err(error) => {
                tracing::error!(%error, role, "signing key could not be made");
                return;
            }
        }
    }
}

fn rs256_key() -> Result<SigningKey, SigningError> {
    SigningKey::generate(Algorithm::Rs256)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_current_and_a_next_key_are_made_in_the_background() {
        let keys = SigningKeys::made_in_background().unwrap();
        let current = keys.current().await.unwrap();
        let published = keys.when(|keys| keys.len() == 2).await.unwrap();
        assert_eq!(published[0].kid(), current.kid());
        assert_ne!(published[1].kid(), current.kid());
    }

    #[test]
    fn a_given_key_for_another_algorithm_is_refused() {
        let key = || SigningKey::generate(Algorithm::Es256).unwrap();
        let error = SigningKeys::given(key(), key()).unwrap_err();
        assert_eq!(error.kind(), TenantErrorKind::InvalidSigningKey);
    }

    #[tokio::test]
    async fn a_key_that_never_comes_is_an_error_and_not_a_wait() {
        let keys = SigningKeys(watch::channel(Vec::new()).1);
        assert!(keys.current().await.is_err());
    }
}
