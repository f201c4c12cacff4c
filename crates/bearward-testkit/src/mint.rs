//! Tokens, good ones and any kind of broken one.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bearward::sign::SigningKey;
use bearward::{Algorithm, Clock, Issuer, Profile, ResourceServer};
use serde_json::{Map, Value, json};

use crate::clock::ManualClock;
use crate::keys;
use crate::samples::{Sample, filled, of_user};

/// Makes tokens for one API as its issuer would, by a clock of its own.
///
/// # Example
/// ```
/// use bearward_testkit::Mint;
/// let mint = Mint::new("https://login.example.com/", "https://api.example.com");
/// let good = mint.token().claim("scope", "read:messages").sign();
/// let expired = mint.token().claim("exp", 0).sign();
/// assert_ne!(good, expired);
/// ```
#[derive(Clone, Debug)]
pub struct Mint {
    issuer: String,
    audience: String,
    key: Arc<SigningKey>,
    clock: ManualClock,
    profile: Profile,
    /// What its tokens look like; without, as RFC 9068 says.
    sample: Option<Sample>,
    /// What all its tokens claim besides.
    claims: Map<String, Value>,
}

/// A token in the making: good until it is changed.
///
/// # Example
/// ```
/// use bearward_testkit::Mint;
/// let mint = Mint::new("https://login.example.com/", "https://api.example.com");
/// let without_expiry = mint.token().without("exp").sign();
/// ```
#[derive(Clone, Debug)]
pub struct Token {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    header_text: Option<Vec<u8>>,
    payload_text: Option<Vec<u8>>,
    key: Arc<SigningKey>,
}

impl Mint {
    /// A mint for this issuer and audience. It signs with the RS256 key of [`keys`](crate::keys),
    /// which a [`TestIssuer`](crate::TestIssuer) publishes from the start.
    ///
    /// # Example
    /// ```
    /// let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// ```
    #[must_use]
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Mint {
        Mint {
            issuer: issuer.into(),
            audience: audience.into(),
            key: Arc::new(keys::signing_key(Algorithm::Rs256)),
            clock: ManualClock::new(),
            profile: Profile::GENERAL,
            sample: None,
            claims: Map::new(),
        }
    }

    /// The same mint with tokens as issuers of this profile give them to users. Its resource server
    /// has the profile too.
    ///
    /// # Example
    /// ```
    /// use bearward::Profile;
    /// use bearward_testkit::Mint;
    /// let mint = Mint::new("https://login.example.com/realms/staff", "my-api");
    /// let token = mint.like(Profile::KEYCLOAK).token();
    /// assert!(token.claims_text().contains(r#""typ":"Bearer""#));
    /// ```
    #[must_use]
    pub fn like(self, profile: Profile) -> Mint {
        self.after(&of_user(profile))
    }

    pub(crate) fn after(mut self, sample: &Sample) -> Mint {
        self.profile = sample.profile;
        self.sample = Some(sample.clone());
        self
    }

    /// The same mint with another key.
    ///
    /// # Example
    /// ```
    /// use bearward_testkit::{Mint, keys};
    /// let mint = Mint::new("https://login.example.com/", "api").with_key(keys::stranger());
    /// ```
    #[must_use]
    pub fn with_key(mut self, key: SigningKey) -> Mint {
        self.key = Arc::new(key);
        self
    }

    /// The same mint with this claim in every token: what the API's own checks and types ask for.
    ///
    /// # Example
    /// ```
    /// let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// let mint = mint.with_claim("org_id", "org_1");
    /// assert!(mint.token().claims_text().contains(r#""org_id":"org_1""#));
    /// ```
    #[must_use]
    pub fn with_claim(mut self, name: &str, value: impl Into<Value>) -> Mint {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// The clock by which tokens are dated. It stands still in 2026: give it to a resource server
    /// that is to take them, as [`resource_server`](Mint::resource_server) does.
    ///
    /// # Example
    /// ```
    /// # use std::time::Duration;
    /// let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// mint.clock().advance(Duration::from_secs(3600));
    /// ```
    #[must_use]
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// A resource server that takes the tokens of this mint, with fixed keys and the mint's clock.
    ///
    /// # Panics
    /// When issuer or audience are none.
    ///
    /// # Example
    /// ```
    /// let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// assert!(mint.resource_server().ready().is_ok());
    /// ```
    #[must_use]
    pub fn resource_server(&self) -> ResourceServer {
        let key = keys::jwks(std::slice::from_ref(&self.key));
        Issuer::new(self.issuer.as_str())
            .and_then(|issuer| issuer.profile(self.profile).jwks(key))
            .and_then(|issuer| ResourceServer::new(issuer, self.audience.as_str()))
            .and_then(|server| server.clock(self.clock.clone()))
            .expect("the mint's issuer and audience make a resource server")
    }

    /// A good access token that expires in an hour, in the form of RFC 9068 unless the mint is
    /// [like](Mint::like) another issuer.
    ///
    /// # Example
    /// ```
    /// let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// assert_eq!(mint.token().sign().split('.').count(), 3);
    /// ```
    #[must_use]
    pub fn token(&self) -> Token {
        let now = self.clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let now = now.as_secs();
        let key = Arc::clone(&self.key);
        if let Some(sample) = &self.sample {
            let mut claims = filled(&sample.claims, &self.issuer, &self.audience, now);
            claims.extend(self.claims.clone());
            return Token::new(sample.header.clone(), claims, key);
        }
        let mut claims = object(json!({
            "iss": self.issuer,
            "sub": "alice",
            "aud": self.audience,
            "client_id": "my-app",
            "iat": now,
            "exp": now + Duration::from_secs(3600).as_secs(),
            "jti": "1",
        }));
        claims.extend(self.claims.clone());
        Token::new(object(json!({ "typ": "at+jwt" })), claims, key)
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

impl Token {
    fn new(header: Map<String, Value>, claims: Map<String, Value>, key: Arc<SigningKey>) -> Token {
        let (algorithm, kid) = (key.algorithm().name(), key.kid().to_owned());
        let token = Token { header, claims, header_text: None, payload_text: None, key };
        token.header("alg", algorithm).header("kid", kid)
    }

    /// Sets a claim.
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// let token = mint.token().claim("scope", "read:messages");
    /// ```
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Token {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// Leaves a claim out.
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// let token = mint.token().without("aud");
    /// ```
    #[must_use]
    pub fn without(mut self, name: &str) -> Token {
        self.claims.remove(name);
        self
    }

    /// Sets a header member.
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// let token = mint.token().header("alg", "none");
    /// ```
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Token {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// Leaves a header member out.
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// let token = mint.token().without_header("kid");
    /// ```
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Token {
        self.header.remove(name);
        self
    }

    /// Takes these bytes for the header, whatever they are.
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// let token = mint.token().header_text("[]");
    /// ```
    #[must_use]
    pub fn header_text(mut self, text: impl Into<Vec<u8>>) -> Token {
        self.header_text = Some(text.into());
        self
    }

    /// Takes these bytes for the claims, whatever they are.
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// let token = mint.token().payload_text(r#"{"iss":"a","iss":"b"}"#);
    /// ```
    #[must_use]
    pub fn payload_text(mut self, text: impl Into<Vec<u8>>) -> Token {
        self.payload_text = Some(text.into());
        self
    }

    /// The claims so far, as JSON text: a start for [`payload_text`](Token::payload_text).
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// assert!(mint.token().claims_text().starts_with('{'));
    /// ```
    #[must_use]
    pub fn claims_text(&self) -> String {
        Value::Object(self.claims.clone()).to_string()
    }

    /// The header so far, as JSON text.
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// assert!(mint.token().header_as_text().contains("at+jwt"));
    /// ```
    #[must_use]
    pub fn header_as_text(&self) -> String {
        Value::Object(self.header.clone()).to_string()
    }

    /// Signs with another key, whose algorithm and `kid` go into the header.
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// let forged = mint.token().key(bearward_testkit::keys::stranger()).sign();
    /// ```
    #[must_use]
    pub fn key(self, key: SigningKey) -> Token {
        let mut token = self.header("alg", key.algorithm().name()).header("kid", key.kid());
        token.key = Arc::new(key);
        token
    }

    /// The finished token.
    ///
    /// # Panics
    /// When the cryptographic library cannot sign.
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// assert!(mint.token().sign().starts_with("ey"));
    /// ```
    #[must_use]
    pub fn sign(&self) -> String {
        let (header, payload) = self.texts();
        self.key.sign_parts(&header, &payload).expect("the key signs")
    }

    /// The token with this signature, in base64url, in place of a real one.
    ///
    /// # Example
    /// ```
    /// # let mint = bearward_testkit::Mint::new("https://login.example.com/", "api");
    /// assert!(mint.token().header("alg", "none").with_signature("").ends_with('.'));
    /// ```
    #[must_use]
    pub fn with_signature(&self, signature: &str) -> String {
        let (header, payload) = self.texts();
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        format!("{}.{}.{signature}", encode(&header), encode(&payload))
    }

    fn texts(&self) -> (Vec<u8>, Vec<u8>) {
        let header = self.header_text.clone();
        let payload = self.payload_text.clone();
        (
            header.unwrap_or_else(|| self.header_as_text().into_bytes()),
            payload.unwrap_or_else(|| self.claims_text().into_bytes()),
        )
    }
}
