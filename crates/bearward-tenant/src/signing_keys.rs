//! The keys that tokens are signed with: for each algorithm the current one, the next, and those
//! that were.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bearward::Clock;
use bearward::sign::SigningKey;
use serde_json::Value;

use crate::certificate::Certificate;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::SigningAlgorithm;
use crate::seal::Seal;
use crate::secret::SecretHash;
use crate::store::Store;
use crate::store::row::seconds;
use crate::store::signing_keys::{KeptKey, KeyRole};

/// The keys of a tenant.
///
/// Making an RSA key takes up to a second, and a start never waits for it: keys are made beside the
/// threads that serve, and only a request that comes before the first is there waits. Another
/// process on the same store may rotate them; that is seen at the next use.
pub(crate) struct SigningKeys {
    store: Store,
    seal: Seal,
    /// What the certificates are made out to.
    host: String,
    read: Mutex<Arc<Read>>,
    /// One key is made at a time, and never twice for the same place.
    making: tokio::sync::Mutex<()>,
}

/// The keys as they were when the store had this version.
#[derive(Default)]
struct Read {
    version: Option<i64>,
    keys: Vec<ReadKey>,
}

struct ReadKey {
    role: KeyRole,
    algorithm: SigningAlgorithm,
    key: Arc<SigningKey>,
    jwk: Value,
}

impl SigningKeys {
    pub(crate) fn new(store: Store, seal: Seal, host: String) -> SigningKeys {
        let read = Mutex::default();
        SigningKeys { store, seal, host, read, making: tokio::sync::Mutex::default() }
    }

    /// The key to sign with.
    pub(crate) async fn current(
        &self,
        algorithm: SigningAlgorithm,
        clock: &dyn Clock,
    ) -> Result<Arc<SigningKey>, TenantError> {
        if let Some(key) = self.read().await?.key(algorithm, KeyRole::Current) {
            return Ok(key);
        }
        self.make(algorithm, KeyRole::Current, clock).await?;
        let key = self.read().await?.key(algorithm, KeyRole::Current);
        key.ok_or_else(|| missing("there is no current key after one was made"))
    }

    /// The public keys, as a JWK set: of each algorithm in use current, next, and the previous
    /// ones that are not revoked. It is never without the next key: verifiers keep what they get.
    ///
    /// Source: RFC 7517 section 5.
    pub(crate) async fn published(&self, clock: &dyn Clock) -> Result<Value, TenantError> {
        self.make_missing(clock).await?;
        let read = self.read().await?;
        let mut keys: Vec<_> = read.keys.iter().collect();
        keys.sort_by_key(|key| (key.algorithm as u8, key.role as u8));
        let keys: Vec<_> = keys.into_iter().map(|key| key.jwk.clone()).collect();
        Ok(serde_json::json!({ "keys": keys }))
    }

    /// Makes what is missing: current and next of RS256, and of every algorithm in use.
    pub(crate) async fn make_missing(&self, clock: &dyn Clock) -> Result<(), TenantError> {
        let read = self.read().await?;
        let in_use = |algorithm: SigningAlgorithm| {
            algorithm == SigningAlgorithm::Rs256
                || read.keys.iter().any(|key| key.algorithm == algorithm)
        };
        for algorithm in SigningAlgorithm::ALL.into_iter().filter(|algorithm| in_use(*algorithm)) {
            let has = |role| read.key(algorithm, role).is_some();
            if !has(KeyRole::Current) || !has(KeyRole::Next) {
                self.make_for(algorithm, clock).await?;
            }
        }
        Ok(())
    }

    /// Makes what is missing of one algorithm, so that its keys are published before the first
    /// token is signed with one of them.
    pub(crate) async fn make_for(
        &self,
        algorithm: SigningAlgorithm,
        clock: &dyn Clock,
    ) -> Result<(), TenantError> {
        for role in [KeyRole::Current, KeyRole::Next] {
            self.make(algorithm, role, clock).await?;
        }
        Ok(())
    }

    /// Keeps keys that somebody else made.
    pub(crate) async fn give(
        &self,
        current: SigningKey,
        next: SigningKey,
        clock: &dyn Clock,
    ) -> Result<(), TenantError> {
        let expected = SigningAlgorithm::Rs256;
        for (key, role) in [(current, KeyRole::Current), (next, KeyRole::Next)] {
            if key.algorithm() != expected.of_the_library() {
                let detail = format!("expected signing keys for RS256, found {}", key.algorithm());
                return Err(TenantError::new(TenantErrorKind::InvalidSigningKey, detail));
            }
            self.keep(&key, expected, role, clock).await?;
        }
        Ok(())
    }

    /// The payload of a token that one of our RS256 keys signed; none when none did.
    ///
    /// A signature of RSASSA-PKCS1-v1_5 has one form for each key and text, so signing again and
    /// comparing is verifying. The comparison is of hashes, and so tells nobody how far it got.
    ///
    /// Source: RFC 8017 section 8.2.2, note.
    pub(crate) async fn own_payload(&self, token: &str) -> Result<Option<Vec<u8>>, TenantError> {
        let mut parts = token.split('.');
        let mut part = || URL_SAFE_NO_PAD.decode(parts.next()?).ok();
        let (Some(header), Some(payload)) = (part(), part()) else { return Ok(None) };
        let kid = serde_json::from_slice::<Value>(&header)
            .ok()
            .and_then(|header| Some(header.get("kid")?.as_str()?.to_owned()));
        let read = self.read().await?;
        let mut of_rs256 = read.keys.iter().filter(|key| key.algorithm == SigningAlgorithm::Rs256);
        let Some(key) = of_rs256.find(|key| Some(key.key.kid()) == kid.as_deref()) else {
            return Ok(None);
        };
        let signed = key
            .key
            .sign_parts(&header, &payload)
            .map_err(|error| TenantError::surroundings("a token could not be compared", error))?;
        Ok(SecretHash::of(&signed).matches(token).then_some(payload))
    }

    /// The next keys become the current ones, and new next ones are made.
    pub(crate) async fn rotate(&self, clock: &dyn Clock) -> Result<(), TenantError> {
        self.make_missing(clock).await?;
        self.store.rotate_signing_keys(seconds(clock.now())).await?;
        self.make_missing(clock).await
    }

    /// Verifiers forget the key when they next fetch the set, and refuse its tokens from then on.
    pub(crate) async fn revoke(&self, kid: &str, clock: &dyn Clock) -> Result<(), TenantError> {
        if self.store.revoke_signing_key(kid, seconds(clock.now())).await? {
            return Ok(());
        }
        let detail = format!("expected the kid of a previous key that is published, found {kid:?}");
        Err(TenantError::new(TenantErrorKind::UnknownSigningKey, detail))
    }

    /// Whether the keys in the store open.
    pub(crate) async fn readable(&self) -> Result<(), TenantError> {
        self.read().await.map(|_| ())
    }

    async fn make(
        &self,
        algorithm: SigningAlgorithm,
        role: KeyRole,
        clock: &dyn Clock,
    ) -> Result<(), TenantError> {
        if self.read().await?.key(algorithm, role).is_some() {
            return Ok(());
        }
        let _making = self.making.lock().await;
        // Whoever had the lock before may have made it.
        if self.read().await?.key(algorithm, role).is_some() {
            return Ok(());
        }
        let made =
            tokio::task::spawn_blocking(move || SigningKey::generate(algorithm.of_the_library()));
        let unmade = "a signing key could not be made";
        let key = made.await.map_err(|error| TenantError::surroundings(unmade, error))?;
        let key = key.map_err(|error| TenantError::surroundings(unmade, error))?;
        tracing::debug!(kid = key.kid(), role = role.name(), "signing key made");
        self.keep(&key, algorithm, role, clock).await
    }

    async fn keep(
        &self,
        key: &SigningKey,
        algorithm: SigningAlgorithm,
        role: KeyRole,
        clock: &dyn Clock,
    ) -> Result<(), TenantError> {
        let now = clock.now();
        let certificate = Certificate::of(key, algorithm, &self.host, now)?;
        let der = key
            .to_pkcs8()
            .map_err(|error| TenantError::surroundings("a key could not be written", error))?;
        let kept = KeptKey {
            kid: key.kid().to_owned(),
            algorithm,
            sealed_key: self.seal.seal(&label(key.kid(), algorithm), &der)?,
            certificate: certificate.0,
            role,
            created_at: seconds(now),
            current_since: (role == KeyRole::Current).then(|| seconds(now)),
            current_until: None,
            revoked_at: None,
        };
        self.store.insert_signing_key(&kept).await?;
        Ok(())
    }

    async fn read(&self) -> Result<Arc<Read>, TenantError> {
        let version = Some(self.store.signing_keys_version().await?);
        let known = self.read.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if known.version == version {
            return Ok(known);
        }
        let mut keys = Vec::new();
        for kept in self.store.signing_keys().await? {
            if kept.revoked_at.is_none() {
                keys.push(self.open(&kept)?);
            }
        }
        let read = Arc::new(Read { version, keys });
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = read.clone();
        Ok(read)
    }

    fn open(&self, kept: &KeptKey) -> Result<ReadKey, TenantError> {
        let der = self.seal.open(&label(&kept.kid, kept.algorithm), &kept.sealed_key)?;
        let key = SigningKey::from_pkcs8(kept.algorithm.of_the_library(), &der)
            .map_err(|error| {
                let detail = "a signing key in the database cannot be read";
                TenantError::with_source(TenantErrorKind::InvalidData, detail, error)
            })?
            .with_kid(kept.kid.clone());
        let mut jwk: Value = serde_json::from_str(&key.public_jwk())
            .map_err(|error| TenantError::surroundings("a public key cannot be read", error))?;
        Certificate(kept.certificate.clone()).add_to(&mut jwk);
        Ok(ReadKey { role: kept.role, algorithm: kept.algorithm, key: Arc::new(key), jwk })
    }
}

impl Read {
    fn key(&self, algorithm: SigningAlgorithm, role: KeyRole) -> Option<Arc<SigningKey>> {
        let found = self.keys.iter().find(|key| key.algorithm == algorithm && key.role == role);
        found.map(|key| key.key.clone())
    }
}

/// A sealed key that is moved to another row does not open there.
fn label(kid: &str, algorithm: SigningAlgorithm) -> String {
    format!("signing key {} {kid}", algorithm.name())
}

fn missing(detail: &str) -> TenantError {
    TenantError::new(TenantErrorKind::Store, detail)
}
