//! Which key verifies a token: by issuer (each has its own set), algorithm and `kid`.

use std::fmt;
use std::sync::Arc;

use crate::algorithm::Algorithm;
use crate::jwk::{Jwk, JwkSet, Material, SkippedKey};
use crate::signature::VerificationKey;

/// Keys tried for a token without `kid`, at most: it bounds the work that one request can cause.
const MOST_CANDIDATES: usize = 8;

/// The parsed keys of one issuer, replaced as a whole.
#[derive(Default)]
pub(crate) struct KeySet {
    keys: Vec<Entry>,
}

struct Entry {
    kid: Option<Box<str>>,
    material: Material,
    key: Arc<VerificationKey>,
}

impl KeySet {
    /// One key for each JWK and algorithm that is allowed. Also names the keys left out.
    ///
    /// A key that `before` has too is the same object, so that what was verified under it holds
    /// good until the issuer takes it back.
    pub(crate) fn new(
        set: &JwkSet,
        allowed: &[Algorithm],
        before: Option<&KeySet>,
    ) -> (KeySet, Vec<SkippedKey>) {
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
            let found = keys.len();
            let allowed = |algorithm: &&Algorithm| allowed.contains(algorithm);
            for algorithm in jwk.algorithms.iter().filter(allowed) {
                let key = before
                    .and_then(|before| before.kept(jwk, *algorithm))
                    .or_else(|| VerificationKey::parse(*algorithm, &jwk.material).map(Arc::new));
                if let Some(key) = key {
                    let (kid, material) = (jwk.kid.clone(), jwk.material.clone());
                    keys.push(Entry { kid, material, key });
                }
            }
            if keys.len() == found {
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

    fn kept(&self, jwk: &Jwk, algorithm: Algorithm) -> Option<Arc<VerificationKey>> {
        let same = |entry: &&Entry| {
            entry.kid == jwk.kid
                && entry.key.algorithm() == algorithm
                && entry.material == jwk.material
        };
        self.keys.iter().find(same).map(|entry| Arc::clone(&entry.key))
    }

    /// Whether this very key is still in the set.
    pub(crate) fn holds(&self, key: &Arc<VerificationKey>) -> bool {
        self.keys.iter().any(|entry| Arc::ptr_eq(&entry.key, key))
    }

    /// The `kid` of each key, if it has one, in the issuer's order. A key for several algorithms is
    /// named once.
    pub(crate) fn kids(&self) -> Vec<Option<&str>> {
        let mut entries: Vec<&Entry> = self.keys.iter().collect();
        entries.dedup_by(|a, b| a.kid == b.kid && a.material == b.material);
        entries.into_iter().map(|entry| entry.kid.as_deref()).collect()
    }

    /// The keys that may verify: `kid` compared byte by byte; without one, those that fit.
    pub(crate) fn candidates<'s>(
        &'s self,
        algorithm: Algorithm,
        kid: Option<&'s str>,
    ) -> impl Iterator<Item = &'s Arc<VerificationKey>> {
        self.keys
            .iter()
            .filter(move |entry| entry.key.algorithm() == algorithm)
            .filter(move |entry| kid.is_none() || entry.kid.as_deref() == kid)
            .map(|entry| &entry.key)
            .take(MOST_CANDIDATES)
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("keys", &self.keys.len()).finish_non_exhaustive()
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

#[cfg(test)]
mod tests {
    use bearward_testkit::keys;

    use super::*;

    fn set(text: &str, before: Option<&KeySet>) -> KeySet {
        let set = JwkSet::parse(text.as_bytes()).unwrap();
        KeySet::new(&set, &Algorithm::ALL, before).0
    }

    #[test]
    fn a_key_stays_the_same_object_as_long_as_nothing_of_it_changes() {
        let text = keys::jwks_text(&[keys::stranger()]);
        let before = set(&text, None);
        let key = &before.keys.first().unwrap().key;
        let more = keys::jwks_text(&[keys::stranger().with_kid("another"), keys::stranger()]);
        for (what, text, stays) in [
            ("the same set", text.clone(), true),
            ("one key more, before it", more, true),
            ("another name", text.replace(keys::stranger().kid(), "another"), false),
            ("another algorithm", text.replace("RS256", "RS512"), false),
            ("another exponent", text.replace("AQAB", "Aw"), false),
        ] {
            let after = set(&text, Some(&before));
            assert_eq!(after.holds(key), stays, "{what}");
            assert!(!after.is_empty(), "{what}");
        }
        assert!(!set(&text, None).holds(key), "without the set before it is a new one");
    }

    #[test]
    fn a_key_counts_once_however_often_it_is_published_and_for_however_many_algorithms() {
        let stranger = keys::stranger();
        let (kid, key) = (Some(stranger.kid()), stranger.public_jwk());
        let again = keys::stranger().with_kid("again").public_jwk();
        let other = again.replace("again", "other").replace("AQAB", "Aw");
        let of = |jwks: &[&str]| set(&format!(r#"{{"keys":[{}]}}"#, jwks.join(",")), None);

        let three = of(&[&key, &key, &again, &other]);
        assert_eq!(three.kids(), [kid, Some("again"), Some("other")]);
        let for_all = of(&[&key.replace(r#""alg":"RS256","#, "")]);
        assert_eq!((for_all.kids(), for_all.keys.len()), (vec![kid], 6), "RS256 to PS512");

        let copies = [key.as_str(); MOST_CANDIDATES];
        let many = of(&[&copies, [other.as_str()].as_slice()].concat());
        let last = &many.keys.last().unwrap().key;
        let mut candidates = many.candidates(Algorithm::Rs256, None);
        assert!(candidates.any(|key| Arc::ptr_eq(key, last)), "copies take no place from others");
    }
}
