//! Tokens seen before: what step 6 made of them, so that the signature need not be checked again.
//!
//! It is no second door. An entry is found by the token's whole text, counts only as long as the
//! key that verified it does, and steps 7 and 8 run again each time it is used.

use std::any::Any;
use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Weighter};
use zeroize::Zeroizing;

use crate::claims::Claims;
use crate::signature::VerificationKey;

/// How many verified tokens are remembered: a token that is seen again costs no signature check.
///
/// Remembered is what a token that passed every check says, and the key that verified it. Each
/// time the token comes again the key must still be the issuer's and not too old, and every check
/// but that of the signature runs again, so a token never outlives its `exp`, its key, or a change
/// of settings. Entries are found by the token's whole text, and are overwritten with zeros when
/// they leave.
///
/// With an entry stay its claims as the first type of your own that a handler asked for. That value
/// comes on top: how large it is only the type knows, so it is neither counted nor overwritten.
///
/// The defaults hold the tokens of ten thousand users; both bounds hold at any time. What is used
/// often stays longest.
///
/// # Example
/// ```
/// use bearward::{ResourceServer, TokenCache};
/// # fn main() -> Result<(), bearward::ConfigError> {
/// let small = TokenCache { entries: 500, ..TokenCache::default() };
/// let api = ResourceServer::new("https://login.example.com/", "api")?.token_cache(small);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenCache {
    /// The most tokens remembered: 10,000. With fewer than 2 none is.
    pub entries: usize,
    /// The most memory for them, in bytes: 32 MiB. A token of Auth0 takes about 3 KiB.
    pub bytes: usize,
}

impl Default for TokenCache {
    fn default() -> TokenCache {
        TokenCache { entries: 10_000, bytes: 32 * 1024 * 1024 }
    }
}

/// What step 6 made of a token, and the key that let it.
pub(crate) struct Verified {
    pub(crate) claims: Claims,
    pub(crate) key: Arc<VerificationKey>,
    /// The claims as the first type that a handler asked for.
    pub(crate) typed: OnceLock<Arc<dyn Any + Send + Sync>>,
}

/// The tokens that one resource server has seen, made when the first is remembered.
#[derive(Default)]
pub(crate) struct VerifiedCache {
    size: TokenCache,
    seen: OnceLock<Seen>,
}

type Seen = Cache<SeenToken, Arc<Verified>, Size, DefaultHashBuilder>;

/// The text of a token, overwritten when it leaves.
#[derive(PartialEq, Eq)]
struct SeenToken(Zeroizing<Box<str>>);

/// Few tokens take less, with what they say, in bytes.
const SMALL: usize = 2_048;

/// An entry counts for its bytes, or for its share of them where it is smaller: so both bounds
/// are one.
#[derive(Clone)]
struct Size {
    least: u64,
}

impl VerifiedCache {
    pub(crate) fn new(size: TokenCache) -> VerifiedCache {
        VerifiedCache { size, seen: OnceLock::new() }
    }

    /// A cache of the same size that remembers nothing: for a server with other settings.
    pub(crate) fn emptied(&self) -> VerifiedCache {
        VerifiedCache::new(self.size)
    }

    pub(crate) fn get(&self, token: &str) -> Option<Arc<Verified>> {
        self.seen.get()?.get(token)
    }

    pub(crate) fn insert(&self, token: &str, verified: &Arc<Verified>) {
        if self.size.entries > 0 {
            let seen = self.seen.get_or_init(|| self.size.cache());
            seen.insert(SeenToken(Zeroizing::new(token.into())), Arc::clone(verified));
        }
    }

    pub(crate) fn remove(&self, token: &str) {
        if let Some(seen) = self.seen.get() {
            seen.remove(token);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.seen.get().map_or(0, Cache::len)
    }
}

/// A clone is for a server with other settings: it remembers nothing.
impl Clone for VerifiedCache {
    fn clone(&self) -> VerifiedCache {
        self.emptied()
    }
}

impl TokenCache {
    fn cache(self) -> Seen {
        let (entries, bytes) = (self.entries, self.bytes as u64);
        let size = Size { least: bytes.div_ceil(entries as u64) };
        // What the cache makes room for, and how it is divided, goes by what it can hold.
        let expected = entries.min(self.bytes / SMALL).max(1);
        Cache::with(
            expected,
            bytes,
            size,
            DefaultHashBuilder::default(),
            DefaultLifecycle::default(),
        )
    }
}

impl Weighter<SeenToken, Arc<Verified>> for Size {
    fn weight(&self, token: &SeenToken, verified: &Arc<Verified>) -> u64 {
        let bytes = token.0.len() + verified.claims.size();
        self.least.max(bytes as u64)
    }
}

impl Borrow<str> for SeenToken {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Hash for SeenToken {
    fn hash<H: Hasher>(&self, state: &mut H) {
        str::hash(&self.0, state);
    }
}

impl fmt::Debug for VerifiedCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedCache").field("size", &self.size).finish_non_exhaustive()
    }
}
