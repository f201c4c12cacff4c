//! Which key verifies a token: by issuer (each has its own set), algorithm and `kid`.

use crate::algorithm::Algorithm;
use crate::jwk::{Jwk, JwkSet, SkippedKey};
use crate::signature::VerificationKey;

/// Keys tried for a token without `kid`, at most: it bounds the work that one request can cause.
const MOST_CANDIDATES: usize = 8;

/// The parsed keys of one issuer, replaced as a whole.
#[derive(Debug, Default)]
pub(crate) struct KeySet {
    keys: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    kid: Option<Box<str>>,
    key: VerificationKey,
}

impl KeySet {
    /// One key for each JWK and algorithm that is allowed. Also names the keys left out.
    pub(crate) fn new(set: &JwkSet, allowed: &[Algorithm]) -> (KeySet, Vec<SkippedKey>) {
        let mut skipped: Vec<SkippedKey> = set.skipped().cloned().collect();
        let mut keys = Vec::new();
        for (i, jwk) in set.keys.iter().enumerate() {
            if set.keys.iter().take(i).any(|earlier| earlier.same_key(jwk)) {
                continue; // published twice
            }
            if set.keys.iter().any(|other| other.contradicts(jwk)) {
                skipped.push(SkippedKey::new(
                    jwk.kid.clone(),
                    "another key has the same kid and algorithm",
                ));
                continue;
            }
            let before = keys.len();
            let allowed = |algorithm: &&Algorithm| allowed.contains(algorithm);
            for algorithm in jwk.algorithms.iter().filter(allowed) {
                if let Some(key) = VerificationKey::parse(*algorithm, &jwk.material) {
                    keys.push(Entry { kid: jwk.kid.clone(), key });
                }
            }
            if keys.len() == before {
                skipped.push(SkippedKey::new(
                    jwk.kid.clone(),
                    "its algorithm is not allowed, or its numbers make no key",
                ));
            }
        }
        (KeySet { keys }, skipped)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys that may verify: `kid` compared byte by byte; without one, those that fit.
    pub(crate) fn candidates<'s>(
        &'s self,
        algorithm: Algorithm,
        kid: Option<&'s str>,
    ) -> impl Iterator<Item = &'s VerificationKey> {
        self.keys
            .iter()
            .filter(move |entry| entry.key.algorithm() == algorithm)
            .filter(move |entry| kid.is_none() || entry.kid.as_deref() == kid)
            .map(|entry| &entry.key)
            .take(MOST_CANDIDATES)
    }
}

impl Jwk {
    fn same_key(&self, other: &Jwk) -> bool {
        self.kid == other.kid
            && self.algorithms == other.algorithms
            && self.material == other.material
    }

    /// The same name for two different keys of one algorithm: neither can be told from the other.
    fn contradicts(&self, other: &Jwk) -> bool {
        self.kid.is_some()
            && self.kid == other.kid
            && self.material != other.material
            && self.algorithms.iter().any(|algorithm| other.algorithms.contains(algorithm))
    }
}
