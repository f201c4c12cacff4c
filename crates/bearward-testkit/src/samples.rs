//! Tokens as the providers issue them: access tokens of users and of clients, and what must not
//! pass for one.

use bearward::Profile;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::mint::Mint;

/// A token in the shape that a provider documents, with made-up values.
///
/// The samples stand in `vectors/samples.json`.
///
/// # Example
/// ```
/// use bearward::Profile;
/// let samples = bearward_testkit::samples();
/// let of_okta = || samples.iter().filter(|sample| sample.profile == Profile::OKTA);
/// assert!(of_okta().any(|sample| sample.reason.is_none()));
/// assert!(of_okta().any(|sample| sample.name == "ID token"));
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The profile of the issuer that gives such tokens.
    #[serde(deserialize_with = "profile")]
    pub profile: Profile,
    /// What the token is.
    pub name: String,
    /// Its issuer's identifier, as this provider writes it.
    pub issuer: String,
    /// The identifier of the API that it is shown to.
    pub audience: String,
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    /// The code by which its own profile refuses it, if it does.
    pub reason: Option<String>,
    /// Whom it speaks for by its own profile, if that lets it in: `user ID` or `client ID`.
    pub principal: Option<String>,
}

/// All samples.
///
/// # Panics
/// When the file that this crate ships is no JSON.
///
/// # Example
/// ```
/// assert!(!bearward_testkit::samples().is_empty());
/// ```
#[must_use]
pub fn samples() -> Vec<Sample> {
    serde_json::from_str(include_str!("../vectors/samples.json")).expect("samples.json reads")
}

impl Sample {
    /// The names of its claims.
    ///
    /// # Example
    /// ```
    /// let samples = bearward_testkit::samples();
    /// assert!(samples[0].claims().any(|name| name == "iss"));
    /// ```
    pub fn claims(&self) -> impl Iterator<Item = &str> {
        self.claims.keys().map(String::as_str)
    }

    /// A mint for this sample's issuer and API, whose tokens look like the sample.
    ///
    /// # Example
    /// ```
    /// use bearward_testkit::samples;
    /// let id_token = samples().into_iter().find(|sample| sample.name == "ID token").unwrap();
    /// assert_eq!(id_token.mint().token().sign().split('.').count(), 3);
    /// ```
    #[must_use]
    pub fn mint(&self) -> Mint {
        Mint::new(self.issuer.as_str(), self.audience.as_str()).after(self)
    }
}

/// The access token of a user that issuers of this profile give.
pub(crate) fn of_user(profile: Profile) -> Sample {
    let mut samples = samples().into_iter();
    // The file has one for every profile, and it stands first.
    samples.find(|sample| sample.profile == profile).expect("a sample of every profile")
}

/// The members with `{issuer}` and `{audience}` filled in, and `now`, `now+3600` as seconds.
pub(crate) fn filled(
    members: &Map<String, Value>,
    issuer: &str,
    audience: &str,
    now: u64,
) -> Map<String, Value> {
    let fill = |value: &Value| fill(value, issuer, audience, now);
    members.iter().map(|(name, value)| (name.clone(), fill(value))).collect()
}

fn fill(value: &Value, issuer: &str, audience: &str, now: u64) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix("now").and_then(|after| date(now, after)) {
            Some(date) => date.into(),
            None => text.replace("{issuer}", issuer).replace("{audience}", audience).into(),
        },
        Value::Array(values) => {
            values.iter().map(|value| fill(value, issuer, audience, now)).collect()
        }
        other => other.clone(),
    }
}

fn date(now: u64, after: &str) -> Option<u64> {
    if after.is_empty() {
        return Some(now);
    }
    now.checked_add_signed(after.parse().ok()?)
}

fn profile<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Profile, D::Error> {
    let name = String::deserialize(deserializer)?;
    Profile::from_name(&name).map_err(serde::de::Error::custom)
}
