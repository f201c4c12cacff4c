//! Verified bytes become claims: what the checks rest on has its JSON type, or the token is refused.

use std::borrow::Cow;
use std::iter;
use std::ops::Range;
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::json::{JsonLimits, Object, Value, parse_object};
use crate::profile::Profile;
use crate::rejection::{Reason, Rejection};
use crate::signature::VerifiedPayload;

/// The claims of a token whose signature holds.
///
/// The claims that every check rests on have been checked for their JSON type, and nothing more:
/// that they fit the issuer, the audience and the time is what makes an
/// [`AccessToken`](crate::AccessToken) of them. Claims are what the issuer wrote, possibly on a
/// user's word: treat them as untrusted
/// input to SQL, URLs, headers and logs (RFC 8725 section 3.10).
///
/// `Debug` does not show them.
///
/// # Example
/// ```
/// use bearward::Claims;
/// fn of_our_company(claims: &Claims) -> bool {
///     claims.text("org_id") == Some("org_1") && claims.claim::<u32>("level").is_some_and(|n| n > 2)
/// }
/// ```
///
/// Source: RFC 7519 section 4, RFC 9068 section 2.2.
pub struct Claims {
    payload: Zeroizing<String>,
    members: Vec<Member>,
    /// How this issuer writes who the token speaks for.
    profile: Profile,
    pub(crate) expires: Option<Duration>,
    pub(crate) not_before: Option<Duration>,
    pub(crate) issued: Option<Duration>,
    authenticated: Option<Duration>,
    audience: Vec<Text>,
    scopes: Vec<Text>,
    permissions: Vec<Text>,
    amr: Vec<Text>,
}

/// A member of the payload, by its place there.
struct Member {
    name: Text,
    raw: Range<usize>,
    text: Option<Text>,
}

/// A string of the payload: a place in it, or a copy where the payload writes it with escapes.
enum Text {
    At(Range<usize>),
    Unescaped(Zeroizing<Box<str>>),
}

impl Text {
    /// Bytes that it holds besides the payload.
    fn copied(&self) -> usize {
        match self {
            Text::At(_) => 0,
            Text::Unescaped(text) => text.len(),
        }
    }
}

/// Who an access token speaks for.
///
/// # Example
/// ```
/// use bearward::{AccessToken, Principal};
/// fn log(token: &AccessToken) -> String {
///     match token.principal() {
///         Principal::User { subject } => format!("user {subject}"),
///         Principal::Client { client_id } => format!("service {client_id}"),
///     }
/// }
/// ```
///
/// Source: RFC 9068 section 5, RFC 9700 section 4.15.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal<'a> {
    /// A user who let a client act.
    User {
        /// The user, as `sub` names it at this issuer.
        subject: &'a str,
    },
    /// A client that acts for itself (client credentials).
    Client {
        /// The client.
        client_id: &'a str,
    },
}

impl Claims {
    pub(crate) fn read(
        payload: VerifiedPayload,
        profile: Profile,
        limits: JsonLimits,
    ) -> Result<Claims, Rejection> {
        let bytes = payload.into_bytes();
        let object = parse_object(&bytes, limits).map_err(|error| {
            Rejection::new(Reason::MalformedClaims, format!("the claims cannot be read: {error}"))
        })?;
        let mut claims = Reader { base: bytes.as_ptr().addr() }.claims(&object, profile)?;
        drop(object);
        let payload = String::from_utf8(bytes).map_err(|_| {
            Rejection::new(Reason::MalformedClaims, "the claims cannot be read: not UTF-8")
        })?;
        claims.payload = Zeroizing::new(payload);
        Ok(claims)
    }

    /// About how much memory these claims hold, in bytes.
    pub(crate) fn size(&self) -> usize {
        let lists = [&self.audience, &self.scopes, &self.permissions, &self.amr];
        let listed = lists.into_iter().flatten();
        let members = self.members.iter();
        let named = members.flat_map(|member| iter::once(&member.name).chain(&member.text));
        size_of::<Claims>()
            + self.payload.len()
            + self.members.len() * size_of::<Member>()
            + lists.iter().map(|list| list.len() * size_of::<Text>()).sum::<usize>()
            + listed.chain(named).map(Text::copied).sum::<usize>()
    }

    fn show<'c>(&'c self, text: &'c Text) -> &'c str {
        match text {
            Text::At(range) => self.payload.get(range.clone()).unwrap_or_default(),
            Text::Unescaped(text) => text,
        }
    }

    fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| self.show(&member.name) == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.member(name).is_some()
    }

    /// The claim as text, if it is there and a string.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn organization(claims: &Claims) -> Option<&str> {
    ///     claims.text("org_id")
    /// }
    /// ```
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let text = self.member(name)?.text.as_ref()?;
        Some(self.show(text))
    }

    /// The claim as a value of your type, if it is there and fits.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn roles(claims: &Claims) -> Vec<String> {
    ///     claims.claim("https://example.com/roles").unwrap_or_default()
    /// }
    /// ```
    #[must_use]
    pub fn claim<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let raw = self.payload.get(self.member(name)?.raw.clone())?;
        serde_json::from_str(raw).ok()
    }

    /// All claims as the JSON text that the issuer signed.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn size(claims: &Claims) -> usize {
    ///     claims.as_json().len()
    /// }
    /// ```
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.payload
    }

    /// `iss`: who issued the token.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn ours(claims: &Claims) -> bool {
    ///     claims.issuer() == "https://login.example.com/"
    /// }
    /// ```
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.text("iss").unwrap_or_default()
    }

    /// `sub`: whom the token speaks for; the client where the issuer sends no `sub`. It is unique
    /// for its issuer only. [`principal`](Claims::principal) tells users from clients.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn greeting(claims: &Claims) -> String {
    ///     format!("hello {}", claims.subject())
    /// }
    /// ```
    #[must_use]
    pub fn subject(&self) -> &str {
        self.text("sub").or_else(|| self.client_id()).unwrap_or_default()
    }

    /// The client that got the token, by the claim in which the issuer's [`Profile`] looks for it:
    /// `client_id`, `azp`, `cid` or `appid`.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn from_the_app(claims: &Claims) -> bool {
    ///     claims.client_id() == Some("my-app")
    /// }
    /// ```
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.profile.client(self)
    }

    /// Whether the token speaks for a user or for a client that acts for itself.
    ///
    /// The issuer's [`Profile`] says how the two are told apart. A subject that is the client's id
    /// is the client, even if some user has the same name. Where the issuer documents a sign of its
    /// own, that decides: read there what it takes to be seen. A token without that sign counts as
    /// a user's.
    ///
    /// # Example
    /// ```
    /// # use bearward::{Claims, Principal};
    /// fn is_service(claims: &Claims) -> bool {
    ///     matches!(claims.principal(), Principal::Client { .. })
    /// }
    /// ```
    #[must_use]
    pub fn principal(&self) -> Principal<'_> {
        let client = self.client_id();
        match (self.text("sub"), client) {
            (None, _) => Principal::Client { client_id: client.unwrap_or_default() },
            (_, Some(client_id)) if self.profile.is_service(self, client_id) => {
                Principal::Client { client_id }
            }
            (Some(subject), _) => Principal::User { subject },
        }
    }

    /// `aud`: the APIs that the token is for.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn shared(claims: &Claims) -> bool {
    ///     claims.audience().count() > 1
    /// }
    /// ```
    pub fn audience(&self) -> impl Iterator<Item = &str> {
        self.audience.iter().map(|text| self.show(text))
    }

    /// The scopes that the client was given: `scope` and `scp`.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn read_only(claims: &Claims) -> bool {
    ///     claims.scopes().all(|scope| scope.starts_with("read:"))
    /// }
    /// ```
    ///
    /// Source: RFC 6749 section 3.3, RFC 9068 section 2.2.3.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter().map(|text| self.show(text))
    }

    /// What the user may do at this API: `permissions`, as Auth0 sends it with RBAC. Never merged
    /// with the scopes.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn may_delete(claims: &Claims) -> bool {
    ///     claims.permissions().any(|permission| permission == "delete:messages")
    /// }
    /// ```
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        self.permissions.iter().map(|text| self.show(text))
    }

    /// `exp`: the moment from which the token is no longer accepted (beside the allowed skew).
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// # use std::time::SystemTime;
    /// fn left(claims: &Claims, now: SystemTime) -> Option<std::time::Duration> {
    ///     claims.expires_at().duration_since(now).ok()
    /// }
    /// ```
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + self.expires.unwrap_or_default()
    }

    /// `iat`: when the token was issued.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// # use std::time::SystemTime;
    /// fn issued_before(claims: &Claims, moment: SystemTime) -> bool {
    ///     claims.issued_at().is_some_and(|issued| issued < moment)
    /// }
    /// ```
    #[must_use]
    pub fn issued_at(&self) -> Option<SystemTime> {
        self.issued.map(|since| SystemTime::UNIX_EPOCH + since)
    }

    /// `jti`: the token's own name, unique for its issuer.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn revoked(claims: &Claims, list: &[&str]) -> bool {
    ///     claims.token_id().is_some_and(|jti| list.contains(&jti))
    /// }
    /// ```
    #[must_use]
    pub fn token_id(&self) -> Option<&str> {
        self.text("jti")
    }

    /// `acr`: how strongly the user was authenticated, in the issuer's words.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn strong(claims: &Claims) -> bool {
    ///     claims.acr() == Some("urn:example:mfa")
    /// }
    /// ```
    ///
    /// Source: RFC 9470 section 5.
    #[must_use]
    pub fn acr(&self) -> Option<&str> {
        self.text("acr")
    }

    /// `amr`: the methods by which the user was authenticated.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// fn with_a_second_factor(claims: &Claims) -> bool {
    ///     claims.amr().any(|method| method == "mfa")
    /// }
    /// ```
    ///
    /// Source: RFC 8176, RFC 9470 section 5.
    pub fn amr(&self) -> impl Iterator<Item = &str> {
        self.amr.iter().map(|text| self.show(text))
    }

    /// `auth_time`: when the user was authenticated.
    ///
    /// # Example
    /// ```
    /// # use bearward::Claims;
    /// # use std::time::{Duration, SystemTime};
    /// fn recent(claims: &Claims, now: SystemTime) -> bool {
    ///     claims.authenticated_at().is_some_and(|at| at + Duration::from_secs(300) > now)
    /// }
    /// ```
    ///
    /// Source: RFC 9470 section 5.
    #[must_use]
    pub fn authenticated_at(&self) -> Option<SystemTime> {
        self.authenticated.map(|since| SystemTime::UNIX_EPOCH + since)
    }
}

impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claims").finish_non_exhaustive()
    }
}

fn invalid(name: &str, expected: &str) -> Rejection {
    Rejection::new(Reason::InvalidClaim, format!("the claim {name} is not {expected}"))
}

/// Turns what borrows from the payload into places in it.
#[derive(Clone, Copy)]
struct Reader {
    /// Where the payload starts in memory.
    base: usize,
}

impl Reader {
    fn claims(self, object: &Object<'_>, profile: Profile) -> Result<Claims, Rejection> {
        let mut claims = Claims {
            payload: Zeroizing::default(),
            members: Vec::with_capacity(object.members.len()),
            profile,
            expires: None,
            not_before: None,
            issued: None,
            authenticated: None,
            audience: Vec::new(),
            scopes: Vec::new(),
            permissions: Vec::new(),
            amr: Vec::new(),
        };
        for member in &object.members {
            self.registered(&mut claims, &member.name, &member.value)?;
            claims.members.push(Member {
                name: self.text(&member.name),
                raw: self.place(member.raw),
                text: match &member.value {
                    Value::String(text) => Some(self.text(text)),
                    _ => None,
                },
            });
        }
        Ok(claims)
    }

    /// A claim that the checks rest on has its type, or the token is refused.
    fn registered(
        self,
        claims: &mut Claims,
        name: &str,
        value: &Value<'_>,
    ) -> Result<(), Rejection> {
        match name {
            "exp" => claims.expires = Some(date(name, value)?),
            "nbf" => claims.not_before = Some(date(name, value)?),
            "iat" => claims.issued = Some(date(name, value)?),
            "auth_time" => claims.authenticated = date(name, value).ok(),
            "aud" => claims.audience = self.one_or_more(name, value)?,
            "scope" | "scp" => claims.scopes.extend(self.scopes(name, value)?),
            // Names that some issuers use otherwise: of another shape they grant nothing.
            "permissions" => claims.permissions = self.array(name, value).unwrap_or_default(),
            "amr" => claims.amr = self.array(name, value).unwrap_or_default(),
            // RFC 7519 section 4.1, RFC 9068 section 2.2.
            "iss" | "sub" | "jti" | "client_id" if !matches!(value, Value::String(_)) => {
                return Err(invalid(name, "a string"));
            }
            _ => {}
        }
        Ok(())
    }

    fn place(self, part: &str) -> Range<usize> {
        let start = part.as_ptr().addr() - self.base;
        start..start + part.len()
    }

    #[allow(clippy::ptr_arg, reason = "whether it is borrowed is the question")]
    fn text(self, text: &Cow<'_, str>) -> Text {
        match text {
            Cow::Borrowed(part) => Text::At(self.place(part)),
            Cow::Owned(text) => Text::Unescaped(Zeroizing::new(text.as_str().into())),
        }
    }

    /// Space-separated in a string (RFC 6749 section 3.3), or an array as some issuers send it.
    fn scopes(self, name: &str, value: &Value<'_>) -> Result<Vec<Text>, Rejection> {
        let Value::String(text) = value else { return self.one_or_more(name, value) };
        let parts = text.split(' ').filter(|part| !part.is_empty());
        Ok(match text {
            Cow::Borrowed(_) => parts.map(|part| Text::At(self.place(part))).collect(),
            Cow::Owned(_) => {
                parts.map(|part| Text::Unescaped(Zeroizing::new(part.into()))).collect()
            }
        })
    }

    fn one_or_more(self, name: &str, value: &Value<'_>) -> Result<Vec<Text>, Rejection> {
        match value {
            Value::String(text) => Ok(vec![self.text(text)]),
            Value::Array(_) => self.array(name, value),
            _ => Err(invalid(name, "a string or an array of strings")),
        }
    }

    fn array(self, name: &str, value: &Value<'_>) -> Result<Vec<Text>, Rejection> {
        let Value::Array(values) = value else { return Err(invalid(name, "an array of strings")) };
        let text = |value: &Value<'_>| match value {
            Value::String(text) => Ok(self.text(text)),
            _ => Err(invalid(name, "an array of strings")),
        };
        values.iter().map(text).collect()
    }
}

fn date(name: &str, value: &Value<'_>) -> Result<Duration, Rejection> {
    match value {
        Value::Number(text) => {
            numeric_date(text).ok_or_else(|| invalid(name, "a time from 1970 to the year 9999"))
        }
        _ => Err(invalid(name, "a number")),
    }
}

/// Seconds since 1970, fractions kept (RFC 7519 section 2). Past the year 9999 nothing is a date,
/// and all arithmetic on dates stays far from overflow.
fn numeric_date(text: &str) -> Option<Duration> {
    const LAST: u64 = 253_402_300_799;
    let date = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => Duration::try_from_secs_f64(text.parse().ok()?).ok()?,
    };
    (date <= Duration::from_secs(LAST)).then_some(date)
}
