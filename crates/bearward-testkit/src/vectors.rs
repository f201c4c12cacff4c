//! Vectors as data: what is sent, and the exact answer. Every adapter of bearward reads the same
//! files.

use serde::Deserialize;

/// An answer to a refused request, byte by byte, by its name in `challenges.json`.
///
/// The audience of these vectors is `https://api.example.com`, their scope `read:messages`.
///
/// # Example
/// ```
/// use bearward_testkit::vectors::challenges;
/// let invalid = challenges().into_iter().find(|each| each.name == "invalid_token").unwrap();
/// assert_eq!(invalid.status, 401);
/// ```
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ChallengeVector {
    /// The name by which rows refer to it.
    pub name: String,
    /// The status.
    pub status: u16,
    /// The value of `WWW-Authenticate`, if there is one.
    pub www_authenticate: Option<String>,
    /// Whether `Retry-After` must be there.
    #[serde(default)]
    pub retry_after: bool,
    /// The body.
    pub body: String,
}

/// All challenge vectors.
///
/// # Panics
/// When the file that this crate ships is no JSON.
///
/// # Example
/// ```
/// assert!(!bearward_testkit::vectors::challenges().is_empty());
/// ```
#[must_use]
pub fn challenges() -> Vec<ChallengeVector> {
    serde_json::from_str(include_str!("../vectors/challenges.json")).expect("challenges.json reads")
}
