//! An issuer's identity, its profile, and where its keys come from.

mod presets;

use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::address::checked_url;
use crate::algorithm::Algorithm;
use crate::config::{ConfigError, read_file};
use crate::jwk::JwkSet;
use crate::profile::Profile;

/// An authorization server whose tokens are accepted.
///
/// Its identifier is compared with `iss` byte by byte, without any normalisation: a trailing slash
/// is part of it. It must be an `https` URL without query and fragment; `http` is taken only where
/// the host is `localhost` or a loopback address.
///
/// Its address is asked directly: proxy settings of the environment are not used. The key set that
/// its metadata names may be on another host, but at no more internal an address (public, private,
/// link-local, loopback) than the metadata came from. Where it is meant to be, configure
/// [`jwks_uri`](Issuer::jwks_uri): what is configured is trusted wherever it is.
///
/// Unless told otherwise its keys are found by discovery, its tokens are read by the profile
/// [`Profile::GENERAL`], and every algorithm of [`Algorithm::ALL`] is allowed.
///
/// # Example
/// ```
/// use bearward::{Algorithm, Issuer, Profile};
/// # fn main() -> Result<(), bearward::ConfigError> {
/// let issuer = Issuer::new("https://login.example.com/")?
///     .profile(Profile::RFC9068)
///     .algorithms([Algorithm::Es256])?
///     .jwks_uri("https://login.example.com/keys")?;
/// assert_eq!(issuer.identifier(), "https://login.example.com/");
/// # Ok(())
/// # }
/// ```
///
/// Source: RFC 8414 sections 2 and 6.2, RFC 9728 section 7.7, RFC 9068 section 4.
#[derive(Clone, Debug, PartialEq)]
pub struct Issuer {
    pub(crate) identifier: String,
    pub(crate) profile: Profile,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) keys: KeyLocation,
    pub(crate) ca_pem: Option<Vec<u8>>,
    pub(crate) refresh: KeyRefresh,
    pub(crate) warm_start_file: Option<PathBuf>,
    /// Other identifiers by which it names the API.
    pub(crate) audiences: Vec<String>,
}

/// Where an issuer's keys come from.
#[cfg_attr(not(feature = "remote"), allow(dead_code, reason = "addresses are for remote"))]
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum KeyLocation {
    /// Metadata at the issuer's own address names the key set. It is asked at each fetch.
    Discovery(Url),
    Uri(Url),
    Fixed(JwkSet),
}

/// How the keys of an issuer are kept fresh.
///
/// # Example
/// ```
/// use bearward::{Issuer, KeyRefresh};
/// use std::time::Duration;
/// # fn main() -> Result<(), bearward::ConfigError> {
/// let refresh = KeyRefresh { max_stale: Duration::from_secs(3600), ..KeyRefresh::default() };
/// let issuer = Issuer::new("https://login.example.com/")?.refresh(refresh);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRefresh {
    /// How many times in a row an unknown `kid` may cause a fetch out of turn: 4. Anyone can send
    /// unknown `kid`s, so this is what the issuer can be made to bear.
    pub unknown_kid_fetches: u32,
    /// How long until one such fetch is given back: 30 s, the cool-down that other libraries use.
    pub unknown_kid_refill: Duration,
    /// How long keys are used after the last successful fetch when the issuer does not answer: 24 h.
    /// After that requests get 503. Time in which the machine sleeps may not count.
    pub max_stale: Duration,
}

impl Default for KeyRefresh {
    fn default() -> KeyRefresh {
        KeyRefresh {
            unknown_kid_fetches: 4,
            unknown_kid_refill: Duration::from_secs(30),
            max_stale: Duration::from_secs(24 * 60 * 60),
        }
    }
}

/// The largest key set or certificate file read from disk.
const MOST_FILE_BYTES: u64 = 512 * 1024;

impl Issuer {
    /// An issuer by its identifier, exactly as its tokens name it in `iss`.
    ///
    /// # Errors
    /// `issuer` when it is no `https` URL (or loopback `http`), or has a query, a fragment or
    /// credentials in it.
    ///
    /// # Example
    /// ```
    /// use bearward::Issuer;
    /// assert!(Issuer::new("https://login.example.com/realms/one").is_ok());
    /// assert!(Issuer::new("http://login.example.com/").is_err()); // not TLS
    /// assert!(Issuer::new("http://localhost:3011/").is_ok()); // this machine
    /// ```
    pub fn new(identifier: impl Into<String>) -> Result<Issuer, ConfigError> {
        let identifier = identifier.into();
        let url = checked_url("issuer", &identifier)?;
        // What a URL parser mends would never be equal to an `iss`.
        let mended = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
        if identifier.contains(mended) || !identifier.contains("://") {
            let message = format!("expected a URL to the letter, found {identifier:?}");
            return Err(ConfigError::new("issuer", message));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(ConfigError::new("issuer", "expected a URL without query and fragment"));
        }
        Ok(Issuer {
            identifier,
            profile: Profile::GENERAL,
            algorithms: Algorithm::ALL.to_vec(),
            keys: KeyLocation::Discovery(url),
            ca_pem: None,
            refresh: KeyRefresh::default(),
            warm_start_file: None,
            audiences: Vec::new(),
        })
    }

    /// Reads this issuer's tokens by another profile.
    ///
    /// # Example
    /// ```
    /// use bearward::{Issuer, Profile};
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let issuer = Issuer::new("https://login.example.com/")?.profile(Profile::RFC9068);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Issuer {
        self.profile = profile;
        self
    }

    /// Other identifiers by which this issuer names the API, besides the resource server's own:
    /// the app clients of a Cognito user pool, or the application ID URIs of Entra ID. Each is
    /// compared byte by byte.
    ///
    /// # Errors
    /// `audiences` when one of them is empty.
    ///
    /// # Example
    /// ```
    /// use bearward::{Issuer, ResourceServer};
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let pool = Issuer::cognito("eu-central-1", "eu-central-1_AbCd12345")?
    ///     .audiences(["the-app-on-phones"])?;
    /// let api = ResourceServer::new(pool, "the-app-in-browsers")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn audiences<A: Into<String>>(
        mut self,
        audiences: impl IntoIterator<Item = A>,
    ) -> Result<Issuer, ConfigError> {
        self.audiences = audiences.into_iter().map(Into::into).collect();
        if self.audiences.iter().any(String::is_empty) {
            return Err(ConfigError::new("audiences", "expected identifiers, found an empty one"));
        }
        Ok(self)
    }

    /// Allows these algorithms and no others.
    ///
    /// # Errors
    /// `algorithms` when there are none: nothing could ever be verified.
    ///
    /// # Example
    /// ```
    /// use bearward::{Algorithm, Issuer};
    /// let issuer = Issuer::new("https://login.example.com/").unwrap();
    /// assert!(issuer.clone().algorithms([Algorithm::Rs256]).is_ok());
    /// assert!(issuer.algorithms([]).is_err());
    /// ```
    ///
    /// Source: RFC 8725 section 3.1.
    pub fn algorithms(
        mut self,
        allowed: impl IntoIterator<Item = Algorithm>,
    ) -> Result<Issuer, ConfigError> {
        self.algorithms = allowed.into_iter().collect();
        if self.algorithms.is_empty() {
            return Err(ConfigError::new("algorithms", "expected at least one algorithm"));
        }
        Ok(self)
    }

    /// Takes the keys from this address, without discovery. It may be on another host.
    ///
    /// # Errors
    /// `jwks_uri` when it is no `https` URL (or loopback `http`).
    ///
    /// # Example
    /// ```
    /// use bearward::Issuer;
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let issuer = Issuer::new("https://accounts.google.com")?
    ///     .jwks_uri("https://www.googleapis.com/oauth2/v3/certs")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn jwks_uri(mut self, uri: &str) -> Result<Issuer, ConfigError> {
        self.keys = KeyLocation::Uri(checked_url("jwks_uri", uri)?);
        Ok(self)
    }

    /// Uses these keys for ever, without any network.
    ///
    /// # Errors
    /// `jwks` when no key of the set is usable.
    ///
    /// # Example
    /// ```
    /// use bearward::{Issuer, JwkSet};
    /// let issuer = Issuer::new("https://login.example.com/").unwrap();
    /// assert!(issuer.jwks(JwkSet::default()).is_err());
    /// ```
    pub fn jwks(mut self, keys: JwkSet) -> Result<Issuer, ConfigError> {
        if keys.usable() == 0 {
            let skipped: Vec<String> = keys.skipped().map(ToString::to_string).collect();
            let why = format!("no usable key in the set: {}", skipped.join("; "));
            return Err(ConfigError::new("jwks", why.trim_end_matches(": ").to_owned()));
        }
        self.keys = KeyLocation::Fixed(keys);
        Ok(self)
    }

    /// Uses the keys of this JWK set file for ever, without any network.
    ///
    /// # Errors
    /// `jwks_file` when the file cannot be read or is no JWK set, `jwks` when no key is usable.
    ///
    /// # Example
    /// ```
    /// use bearward::Issuer;
    /// let issuer = Issuer::new("https://login.example.com/").unwrap();
    /// assert_eq!(issuer.jwks_file("missing.json").unwrap_err().setting(), "jwks_file");
    /// ```
    pub fn jwks_file(self, path: impl AsRef<Path>) -> Result<Issuer, ConfigError> {
        let path = path.as_ref();
        let text = read_file("jwks_file", path, MOST_FILE_BYTES)?;
        let keys = JwkSet::parse(&text).map_err(|error| {
            ConfigError::new("jwks_file", format!("{}: {error}", path.display()))
        })?;
        self.jwks(keys)
    }

    /// Trusts the certificates of this PEM file for the issuer's TLS, besides the system's.
    ///
    /// # Errors
    /// `ca_file` when the file cannot be read or holds no PEM certificate.
    ///
    /// # Example
    /// ```
    /// use bearward::Issuer;
    /// let issuer = Issuer::new("https://localhost:8443/").unwrap();
    /// assert_eq!(issuer.ca_file("missing.pem").unwrap_err().setting(), "ca_file");
    /// ```
    pub fn ca_file(mut self, path: impl AsRef<Path>) -> Result<Issuer, ConfigError> {
        let path = path.as_ref();
        let pem = read_file("ca_file", path, MOST_FILE_BYTES)?;
        if !pem.windows(CERTIFICATE.len()).any(|part| part == CERTIFICATE) {
            return Err(ConfigError::new(
                "ca_file",
                format!("{} holds no PEM certificate", path.display()),
            ));
        }
        self.ca_pem = Some(pem);
        Ok(self)
    }

    /// Changes how the keys are kept fresh.
    ///
    /// # Example
    /// ```
    /// use bearward::{Issuer, KeyRefresh};
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// let issuer = Issuer::new("https://login.example.com/")?.refresh(KeyRefresh::default());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn refresh(mut self, refresh: KeyRefresh) -> Issuer {
        self.refresh = refresh;
        self
    }

    /// Keeps the last good key set in this file, so that a start needs no issuer: if it is down at
    /// that moment, tokens signed with the keys of before are accepted at once.
    ///
    /// The file is written after each good fetch, for its owner alone, and replaced as a whole. It
    /// is read once, at the start, and superseded by the first good fetch. Its age counts towards
    /// [`max_stale`](KeyRefresh::max_stale). Whoever can write it decides which tokens are accepted.
    /// So it is not used, and the log says why, when it is a link or no regular file, belongs to
    /// another user, has a mode wider than 0600, is larger than 1 MiB, is of another issuer or
    /// configured address, or comes from the future. Fixed keys need none and write none.
    ///
    /// Default: none. Each issuer needs a file of its own, in a folder that exists and in which only
    /// this program's user may write.
    ///
    /// # Errors
    /// `warm_start_file` when the path names no file, and on systems other than Unix, where owner
    /// and mode of a file cannot be looked at.
    ///
    /// # Example
    /// ```
    /// use bearward::Issuer;
    /// # fn main() -> Result<(), bearward::ConfigError> {
    /// # #[cfg(unix)]
    /// let issuer = Issuer::new("https://login.example.com/")?
    ///     .warm_start_file("/var/lib/api/login.example.com.json")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn warm_start_file(mut self, path: impl Into<PathBuf>) -> Result<Issuer, ConfigError> {
        const SETTING: &str = "warm_start_file";
        let path = path.into();
        if cfg!(not(unix)) {
            return Err(ConfigError::new(SETTING, "it needs owner and mode of files, as on Unix"));
        }
        if path.file_name().is_none() {
            let message = format!("expected the path of a file, found {:?}", path.display());
            return Err(ConfigError::new(SETTING, message));
        }
        self.warm_start_file = Some(path);
        Ok(self)
    }

    /// The identifier, as `iss` must hold it.
    ///
    /// # Example
    /// ```
    /// let issuer = bearward::Issuer::auth0("dev-xyz.eu.auth0.com").unwrap();
    /// assert!(issuer.identifier().ends_with('/'));
    /// ```
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }
}

const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

impl TryFrom<&str> for Issuer {
    type Error = ConfigError;

    fn try_from(identifier: &str) -> Result<Issuer, ConfigError> {
        Issuer::new(identifier)
    }
}

impl TryFrom<&String> for Issuer {
    type Error = ConfigError;

    fn try_from(identifier: &String) -> Result<Issuer, ConfigError> {
        Issuer::new(identifier.as_str())
    }
}

impl TryFrom<String> for Issuer {
    type Error = ConfigError;

    fn try_from(identifier: String) -> Result<Issuer, ConfigError> {
        Issuer::new(identifier)
    }
}
