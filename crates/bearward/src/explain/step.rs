//! The steps of the flow, and how far a token came.

use super::Scene;
use crate::rejection::{Reason, Rejection, shown};
use crate::words;

/// A step of the flow, as a token went through it.
///
/// # Example
/// ```
/// use bearward::{ResourceServer, StepOutcome, token};
/// # async fn example() -> Result<(), bearward::ConfigError> {
/// let api = ResourceServer::new("https://login.example.com/", "https://api.example.com")?;
/// let explanation = api.explain("opaque", &token()).await;
/// let failed = explanation.steps().iter().find(|step| step.outcome == StepOutcome::Failed);
/// assert_eq!(failed.map(|step| step.name), Some("form"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExplainedStep {
    /// Its number in the flow, from 1.
    pub number: u8,
    /// What it is about, in a word or two.
    pub name: &'static str,
    /// Whether the token passed it.
    pub outcome: StepOutcome,
    /// What was found, or what was expected and what was found. Up to the signature it is what the
    /// token claims.
    pub text: String,
}

/// How a step ended.
///
/// # Example
/// ```
/// assert_eq!(bearward::StepOutcome::NotReached.to_string(), "not reached");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// The token passed.
    Passed,
    /// The token, or what is around it, failed here.
    Failed,
    /// An earlier step failed.
    NotReached,
}

impl std::fmt::Display for StepOutcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            StepOutcome::Passed => "passed",
            StepOutcome::Failed => "failed",
            StepOutcome::NotReached => "not reached",
        })
    }
}

struct Step {
    name: &'static str,
    passed: fn(&Scene<'_>) -> String,
}

/// In the order of the flow; the first has number 1.
const STEPS: [Step; 8] = [
    Step { name: "credentials", passed: credentials },
    Step { name: "form", passed: |_| "a signed token: three parts, and a header in JSON".into() },
    Step { name: "header", passed: header },
    Step { name: "key", passed: key },
    Step { name: "signature", passed: |_| "it holds, so the issuer wrote these claims".into() },
    Step { name: "claims", passed: claims },
    Step { name: "access token", passed: access_token },
    Step { name: "requirement", passed: requirement },
];

/// The step that refuses for this reason.
fn step_of(reason: &Reason) -> u8 {
    match reason {
        Reason::NoCredentials | Reason::MultipleCredentials | Reason::MalformedAuthorization => 1,
        Reason::TokenTooLong
        | Reason::MalformedToken
        | Reason::MalformedHeader
        | Reason::CriticalHeader
        | Reason::EncryptedToken => 2,
        Reason::UnknownIssuer | Reason::AlgorithmNotAllowed | Reason::WrongType => 3,
        Reason::UnknownKey | Reason::KeysUnavailable => 4,
        Reason::BadSignature => 5,
        Reason::MalformedClaims | Reason::InvalidClaim => 6,
        Reason::MissingClaim
        | Reason::WrongIssuer
        | Reason::WrongAudience
        | Reason::Expired
        | Reason::NotYetValid
        | Reason::LifetimeTooLong
        | Reason::WrongTokenKind
        | Reason::ProofRequired
        | Reason::Check(_)
        | Reason::ClockUnset => 7,
        Reason::InsufficientScope => 8,
        // The handler's: the token went through all of these.
        Reason::ClaimsShape | Reason::GuardMissing => 9,
    }
}

/// Every step, up to the one that failed and beyond.
pub(super) fn told(scene: &Scene<'_>) -> Vec<ExplainedStep> {
    let rejection = scene.rejection;
    let failed = rejection.map_or(u8::MAX, |rejection| step_of(rejection.reason()));
    let tell = |(number, step): (u8, &Step)| {
        let (outcome, text) = match (number.cmp(&failed), rejection) {
            (std::cmp::Ordering::Equal, Some(rejection)) => {
                (StepOutcome::Failed, failure(scene, rejection))
            }
            (std::cmp::Ordering::Greater, _) => (StepOutcome::NotReached, String::new()),
            _ => (StepOutcome::Passed, (step.passed)(scene)),
        };
        ExplainedStep { number, name: step.name, outcome, text }
    };
    (1..).zip(&STEPS).map(tell).collect()
}

/// What was expected and found; in step 7, which does many checks, also what held before.
fn failure(scene: &Scene<'_>, rejection: &Rejection) -> String {
    let held = match rejection.reason() {
        Reason::Expired | Reason::NotYetValid | Reason::LifetimeTooLong => "; iss and aud fit",
        Reason::Check(_) => "; iss, aud and the times fit",
        Reason::WrongAudience | Reason::WrongTokenKind | Reason::ProofRequired => "; iss fits",
        Reason::AlgorithmNotAllowed => {
            let allowed = words::list(&scene.allowed_algorithms());
            return format!("{rejection}; allowed: {allowed}");
        }
        Reason::WrongType => {
            let typ = scene.claimed.header("typ").map_or_else(|| "none".to_owned(), shown);
            return format!("typ is {typ}; {rejection}");
        }
        _ => "",
    };
    format!("{rejection}{held}")
}

fn credentials(scene: &Scene<'_>) -> String {
    format!("one Bearer token of {} characters", scene.token.len())
}

fn header(scene: &Scene<'_>) -> String {
    let claimed = |name| scene.claimed.header(name).map_or_else(|| "none".to_owned(), shown);
    format!("claims alg {}, typ {}, kid {}", claimed("alg"), claimed("typ"), claimed("kid"))
}

fn key(scene: &Scene<'_>) -> String {
    let key = match scene.claimed.header("kid") {
        Some(kid) => format!("the issuer has the key {}", shown(kid)),
        None => "the issuer has a key for this algorithm".to_owned(),
    };
    let age = scene.key_status().and_then(|status| status.age);
    match age.map(words::length) {
        Some(age) => format!("{key}; its set was fetched {age} ago"),
        None => key,
    }
}

fn claims(scene: &Scene<'_>) -> String {
    format!("{} claims, each of the type it must have", scene.claimed.count())
}

fn access_token(scene: &Scene<'_>) -> String {
    let claimed = &scene.claimed;
    let mut parts = vec![format!("iss {}", shown(claimed.text("iss").unwrap_or_default()))];
    let audience: Vec<String> = claimed.texts("aud").into_iter().map(shown).collect();
    parts.push(match claimed.client().filter(|_| audience.is_empty()) {
        Some(client) => format!("client {}", shown(client)),
        None => format!("aud {}", words::list(&audience)),
    });
    if let Some(subject) = claimed.text("sub").or_else(|| claimed.client()) {
        parts.push(format!("for {}", shown(subject)));
    }
    if let Some(expires) = claimed.date("exp") {
        parts.push(match expires.checked_sub(scene.expected.now) {
            Some(left) => format!("expires in {}", words::length(left)),
            None => "expired within the time allowed for clocks that differ".to_owned(),
        });
    }
    parts.join(", ")
}

fn requirement(scene: &Scene<'_>) -> String {
    let has: Vec<String> = scene.claimed.scopes().into_iter().map(shown).collect();
    let mut text = format!("needs {}; has scopes {}", scene.requirement, words::list(&has));
    if !scene.requirement.permissions().is_empty() {
        let has: Vec<String> = scene.claimed.texts("permissions").into_iter().map(shown).collect();
        text.push_str(&format!("; permissions {}", words::list(&has)));
    }
    text
}
