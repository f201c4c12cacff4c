//! The rules as data: each row is a request that is let in and its twin that is refused, which
//! differ in one thing only.
//!
//! The rows stand in `vectors/rules/`. Every adapter runs them all through [`run`].

mod ask;
mod explain;
mod server;
mod token;

use serde::Deserialize;
use serde_json::{Map, Value};

pub use ask::{run, whose};
pub use explain::explain;

use crate::vectors::ChallengeVector;

/// A row: what is let in, what is refused, and the exact answer.
///
/// # Example
/// ```
/// let rows = bearward_testkit::rules::rows();
/// assert!(rows.iter().all(|row| !row.rules.is_empty() || !row.hostile().is_empty()));
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The rules that the row shows: `RS-13`.
    #[serde(default)]
    pub rules: Vec<String>,
    #[serde(default)]
    hostile: Vec<String>,
    /// What the refused request is.
    pub name: String,
    #[serde(default)]
    accepted: Case,
    refused: Case,
    /// The answer's name in `challenges.json`.
    answer: String,
    /// The reason code.
    reason: String,
    /// The body that the accepted request must get, where it matters.
    body: Option<String>,
    /// How often the issuer is asked for keys for the refused request's sake, where it matters.
    key_requests: Option<usize>,
}

/// One request, to a server set up for it. Everything left out is as it is for a good request.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct Case {
    server: ServerSpec,
    token: TokenSpec,
    request: RequestSpec,
    /// Requests that the same server lets in before, in this order.
    before: Vec<Before>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct Before {
    token: TokenSpec,
    request: RequestSpec,
    /// So much time passes afterwards.
    pass_s: u64,
    /// So far the clock is then set back.
    step_back_s: u64,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct ServerSpec {
    profile: Option<String>,
    algorithms: Option<Vec<String>>,
    max_lifetime_s: Option<u64>,
    skew_s: Option<u64>,
    /// The longest token, where it is not the default.
    token_bytes: Option<usize>,
    /// The longest header segment likewise.
    header_bytes: Option<usize>,
    /// Adds a check of this name that lets users in and no clients.
    users_only: Option<String>,
    /// Adds a check of this name that wants `acr`, `amr` and `auth_time` of a second factor.
    mfa_only: Option<String>,
    /// Adds a check `whole` that wants a claim `n` that is this number, to the last digit.
    whole: Option<u64>,
    /// Fixed keys, in place of all of this crate's.
    keys: Option<Vec<KeySpec>>,
    /// Keys from a real issuer, in place of fixed ones.
    issuer: Option<IssuerSpec>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct KeySpec {
    /// `rs256`, `es384` ... or `stranger`; nothing for a key written out in `set`.
    key: String,
    set: Map<String, Value>,
    without: Vec<String>,
    /// So many of them, under different names.
    times: Option<usize>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct IssuerSpec {
    path: Option<String>,
    /// Publishes these keys.
    keys: Option<Vec<KeySpec>>,
    /// This text as the key set, with `{rs256}` and so on for keys; so many spaces before it.
    key_set: Option<String>,
    pad_key_set: usize,
    /// What `{fill}` stands for in `key_set`.
    fill: Fill,
    /// Members set in the metadata; `{issuer}`, `{origin}` and `{other}` are filled in.
    metadata: Map<String, Value>,
    metadata_at: Option<Vec<String>>,
    /// Answers requests for keys with this status, this `Location`, these header lines, and this
    /// body in hex. `{other}` in the location is another server, which has the same keys.
    status: Option<u16>,
    location: String,
    headers: Vec<(String, String)>,
    body: String,
    /// Answers requests for keys with so many spaces, or in a way that does not end well.
    spaces: Option<usize>,
    answers: Option<Answers>,
    /// Never answers a request for keys.
    hold: bool,
    /// What it does after the first fetch.
    then: Option<Box<IssuerSpec>>,
}

/// A text, so many times.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct Fill {
    text: String,
    times: usize,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Answers {
    Endless,
    Drip,
    BrokenOff,
}

/// A token as data: a good one, and what is changed in it. Everything left out is as it is in the
/// good one.
///
/// # Example
/// ```
/// use bearward_testkit::{Mint, rules::TokenSpec};
/// let mint = Mint::new("https://login.example.com/", "https://api.example.com");
/// let expired: TokenSpec = serde_json::from_str(r#"{"claims": {"exp": 1}}"#).unwrap();
/// assert_ne!(expired.make(&mint), TokenSpec::default().make(&mint));
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct TokenSpec {
    /// The key to sign with: `rs256` unless said.
    key: String,
    /// `{attacker}` in a member's text is the address of a host that nobody may connect to.
    header: Map<String, Value>,
    without_header: Vec<String>,
    claims: Map<String, Value>,
    without: Vec<String>,
    /// Text in place of the header or the claims; `{header}` and `{claims}` stand for the members
    /// as they would be, without their braces.
    header_text: Option<String>,
    claims_text: Option<String>,
    /// Bytes in hex behind the claims.
    claims_bytes: String,
    /// The claims in another encoding than UTF-8.
    encoding: Option<Encoding>,
    /// What `{fill}` stands for in `header_text`, `claims_text` and `raw`.
    fill: Fill,
    /// A claim `pad` of so many characters; a header member likewise.
    pad: usize,
    pad_header: usize,
    /// So many members more; a claim of so many nested arrays.
    members: usize,
    depth: usize,
    /// A signature in base64url in place of the real one.
    signature: Option<String>,
    /// What to do to the real signature.
    edit: Option<Edit>,
    /// The whole token, where it cannot be made here.
    raw: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Encoding {
    Utf16,
    Utf16BigEndian,
    Utf32,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Edit {
    /// Flips a bit of its first byte.
    Flip,
    DropLastByte,
    AppendByte,
    PrefixByte,
    /// Leaves it empty.
    DropSignature,
    /// Leaves two parts.
    DropLastPart,
    /// Leaves the payload empty.
    Detach,
    /// Sets unused bits of its last character: the same bytes, another text.
    TrailingBits,
}

/// A request as data: the bytes around a token. Everything left out is as it is in a good request.
///
/// # Example
/// ```
/// use bearward_testkit::rules::RequestSpec;
/// let twice: RequestSpec = serde_json::from_str(
///     r#"{"headers": ["Authorization: Bearer {token}", "Authorization: Bearer {token}"]}"#,
/// )
/// .unwrap();
/// assert_ne!(twice.bytes("a.b.c"), RequestSpec::default().bytes("a.b.c"));
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct RequestSpec {
    method: Option<String>,
    /// `/api/private` unless said. `{token}` stands for the token, here and below.
    path: Option<String>,
    /// Header lines, in place of `Authorization: Bearer {token}`; characters are bytes (Latin-1).
    headers: Option<Vec<String>>,
    body: String,
}

impl Row {
    /// The hostile inputs that the row sends, by their number: `B039`.
    ///
    /// # Example
    /// ```
    /// let rows = bearward_testkit::rules::rows();
    /// assert!(rows.iter().any(|row| row.hostile().iter().any(|id| id == "B001")));
    /// ```
    #[must_use]
    pub fn hostile(&self) -> &[String] {
        &self.hostile
    }

    /// The row's name as a test: `rs_13_padding_in_the_signature`; `b092_...` where no rule has
    /// the row.
    ///
    /// # Example
    /// ```
    /// let rows = bearward_testkit::rules::rows();
    /// assert!(rows.iter().any(|row| row.test_name().starts_with("rs_01_")));
    /// ```
    #[must_use]
    pub fn test_name(&self) -> String {
        let ids = if self.rules.is_empty() { &self.hostile } else { &self.rules };
        let name = format!("{} {}", ids.join(" "), self.name);
        let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        name.chars().map(word).collect()
    }

    /// Whether no issuer is asked for keys.
    fn has_fixed_keys(&self) -> bool {
        self.accepted.server.issuer.is_none() && self.refused.server.issuer.is_none()
    }

    /// Whether the twins differ in one thing only: the server, the token, the request, or what came
    /// before.
    fn differs_in_one_thing(&self) -> bool {
        let (a, b) = (&self.accepted, &self.refused);
        let differences = [
            a.server != b.server,
            a.token != b.token,
            a.request != b.request,
            a.before != b.before,
        ];
        differences.iter().filter(|differs| **differs).count() == 1
    }

    fn expected(&self, challenges: &[ChallengeVector]) -> ChallengeVector {
        let found = challenges.iter().find(|each| each.name == self.answer);
        found.expect("the answer of a row stands in challenges.json").clone()
    }
}

/// All rows.
///
/// # Panics
/// When a file that this crate ships does not read as rows.
///
/// # Example
/// ```
/// assert!(bearward_testkit::rules::rows().len() > 100);
/// ```
#[must_use]
pub fn rows() -> Vec<Row> {
    let files = [
        ("transport.json", include_str!("../vectors/rules/transport.json")),
        ("parsing.json", include_str!("../vectors/rules/parsing.json")),
        ("keys.json", include_str!("../vectors/rules/keys.json")),
        ("forgeries.json", include_str!("../vectors/rules/forgeries.json")),
        ("headers.json", include_str!("../vectors/rules/headers.json")),
        ("signatures.json", include_str!("../vectors/rules/signatures.json")),
        ("claims.json", include_str!("../vectors/rules/claims.json")),
        ("discovery.json", include_str!("../vectors/rules/discovery.json")),
        ("cache.json", include_str!("../vectors/rules/cache.json")),
    ];
    let read = |(name, text): (&str, &str)| -> Vec<Row> {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    files.into_iter().flat_map(read).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::rows;

    /// The codes are a contract: whoever counts or filters by them notices another word.
    const CODES: [&str; 24] = [
        "no_credentials",
        "multiple_credentials",
        "malformed_authorization",
        "token_too_long",
        "malformed_token",
        "malformed_header",
        "critical_header",
        "encrypted_token",
        "algorithm_not_allowed",
        "wrong_type",
        "unknown_key",
        "bad_signature",
        "malformed_claims",
        "invalid_claim",
        "missing_claim",
        "wrong_issuer",
        "wrong_audience",
        "expired",
        "not_yet_valid",
        "lifetime_too_long",
        "wrong_token_kind",
        "proof_of_possession_required",
        "insufficient_scope",
        "keys_unavailable",
    ];
    /// The names of checks that rows add.
    const CHECKS: [&str; 3] = ["users_only", "mfa_only", "whole"];

    #[test]
    fn rs_99_every_refusal_of_a_request_has_a_row_and_its_one_code() {
        let shown: BTreeSet<String> = rows().into_iter().map(|row| row.reason).collect();
        let stable: BTreeSet<String> = CODES.into_iter().chain(CHECKS).map(str::to_owned).collect();
        assert_eq!(shown, stable);
    }
}
