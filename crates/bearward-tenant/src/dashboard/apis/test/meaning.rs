//! What an API's answer means, and what to do next.

use url::Url;

use crate::dashboard::call::{Answer, NoAnswer};
use crate::model::Api;
use crate::pages::pieces::Challenge;

/// An answer, or none, in words.
pub(super) struct Meaning {
    pub(super) says: String,
    /// For the activity; none when the API took the token.
    pub(super) reason: Option<&'static str>,
    /// What stands where a reason phrase would, when no answer came.
    pub(super) reason_phrase: &'static str,
    /// Scopes that the API asks for and the token has not.
    pub(super) lacking: Vec<String>,
}

impl Meaning {
    fn new(says: impl Into<String>, reason: Option<&'static str>) -> Meaning {
        Meaning { says: says.into(), reason, reason_phrase: "", lacking: Vec::new() }
    }

    /// What the answer of this API means for a token that holds these scopes.
    pub(super) fn of(
        answer: &Answer,
        challenges: &[Challenge],
        issuer: &str,
        api: &Api,
        held: &[String],
    ) -> Meaning {
        match answer.status {
            200..=299 => Meaning::new("The API took the token.", None),
            300..=399 => {
                let to = answer.location.as_deref().unwrap_or("no address at all");
                let says = format!("The API sends its caller to {to}. It was not followed.");
                Meaning::new(says, Some("api_redirected"))
            }
            401 => unauthorized(challenges, issuer, api),
            403 => forbidden(challenges, held),
            404 => Meaning::new(
                "The API has no such route. Is the address right?",
                Some("api_not_found"),
            ),
            503 => Meaning::new(
                "The API cannot judge tokens now. Often it has no keys of the issuer: its log says why.",
                Some("api_unavailable"),
            ),
            500.. => Meaning::new(
                "The API failed, whatever the token is. Its log says why.",
                Some("api_failed"),
            ),
            _ => Meaning::new(
                "The API gave neither access nor a refusal of the token.",
                Some("api_other_answer"),
            ),
        }
    }

    /// What it means that no answer came.
    pub(super) fn of_silence(no_answer: &NoAnswer, target: &Url) -> Meaning {
        let at = target.origin().ascii_serialization();
        let (says, reason, reason_phrase) = match no_answer {
            NoAnswer::NothingListens => (
                format!("Nothing listens at {at}: start your API, or change the address."),
                "api_unreachable",
                "Connection refused",
            ),
            NoAnswer::TimedOut => (
                format!("{at} did not answer within 5 seconds."),
                "api_timed_out",
                "No answer in time",
            ),
            NoAnswer::Failed(why) => {
                (format!("{at} could not be called: {why}."), "api_call_failed", "No answer")
            }
        };
        Meaning { reason_phrase, ..Meaning::new(says, Some(reason)) }
    }
}

/// Source: RFC 6750 section 3.1.
fn unauthorized(challenges: &[Challenge], issuer: &str, api: &Api) -> Meaning {
    let guard = format!(
        "It takes tokens of this tenant when it is guarded for the issuer {issuer} and the audience {}.",
        api.identifier
    );
    match parameter(challenges, "error") {
        Some("invalid_token") => {
            let why = parameter(challenges, "error_description");
            let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
            Meaning::new(
                format!("The API does not take this token{why}. {guard}"),
                Some("api_invalid_token"),
            )
        }
        _ => Meaning::new(
            format!("The API saw no token that it could use. {guard}"),
            Some("api_unauthorized"),
        ),
    }
}

fn forbidden(challenges: &[Challenge], held: &[String]) -> Meaning {
    let asked = parameter(challenges, "scope").unwrap_or_default();
    let lacking: Vec<String> = asked
        .split(' ')
        .filter(|scope| !scope.is_empty() && !held.iter().any(|other| other == scope))
        .map(str::to_owned)
        .collect();
    if parameter(challenges, "error") == Some("insufficient_scope") && !lacking.is_empty() {
        let says = format!("The token is good, but it has no {}.", lacking.join(" and no "));
        return Meaning { lacking, ..Meaning::new(says, Some("api_insufficient_scope")) };
    }
    Meaning::new(
        "The API knows the token and refuses it: something in it is not enough.",
        Some("api_forbidden"),
    )
}

fn parameter<'a>(challenges: &'a [Challenge], name: &str) -> Option<&'a str> {
    let mut parameters = challenges.iter().flat_map(|challenge| &challenge.parameters);
    parameters.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}
