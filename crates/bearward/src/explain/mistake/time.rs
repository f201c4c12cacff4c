//! The token is too old or too new, or the clocks differ.

use std::time::Duration;

use super::super::Scene;
use super::{Mistake, Row};
use crate::words;

pub(super) const EXPIRED: &[Row] = &[issued_just_now, expired];
pub(super) const NOT_YET_VALID: &[Row] = &[clocks_differ];
pub(super) const OF_A_CLAIM: &[Row] = &[milliseconds, time_as_text];

/// People who have just taken a token and see it expired are not wrong: a clock is.
const JUST_NOW: Duration = Duration::from_secs(15 * 60);

fn issued_just_now(scene: &Scene<'_>) -> Option<Mistake> {
    let age = scene.expected.now.checked_sub(scene.claimed.date("iat")?)?;
    let ago = ago(scene)?;
    (age <= JUST_NOW).then(|| {
        let age = words::length(age);
        Mistake::new(
            format!(
                "it expired {ago} ago and was issued {age} ago; if you took it just now, this \
                 machine's clock is {age} ahead of the issuer's"
            ),
            "get a new token; if that one has expired too, set the clocks by NTP",
        )
    })
}

fn expired(scene: &Scene<'_>) -> Option<Mistake> {
    let ago = ago(scene)?;
    let lived = scene.claimed.date("exp")?.checked_sub(scene.claimed.date("iat")?);
    let lived = lived.map(|lived| format!("; it was good for {}", words::length(lived)));
    Some(Mistake::new(
        format!("it expired {ago} ago{}", lived.unwrap_or_default()),
        "get a new token; a program does so before expires_in is over, or after a 401",
    ))
}

fn ago(scene: &Scene<'_>) -> Option<String> {
    let ago = scene.expected.now.checked_sub(scene.claimed.date("exp")?)?;
    Some(words::length(ago))
}

fn clocks_differ(scene: &Scene<'_>) -> Option<Mistake> {
    let ahead = |name| scene.claimed.date(name)?.checked_sub(scene.expected.now);
    let skew = words::length(scene.expected.skew);
    if let Some(ahead) = ahead("iat").filter(|ahead| *ahead > scene.expected.skew) {
        let ahead = words::length(ahead);
        return Some(Mistake::new(
            format!(
                "it was issued {ahead} from now: the issuer's clock is ahead, or this machine's \
                 is {ahead} behind; {skew} is allowed"
            ),
            "set both clocks by NTP",
        ));
    }
    let ahead = words::length(ahead("nbf")?);
    Some(Mistake::new(
        format!("it is good only in {ahead} (nbf); {skew} is allowed for clocks that differ"),
        "wait until then, or set both clocks by NTP if it should be good now",
    ))
}

fn milliseconds(scene: &Scene<'_>) -> Option<Mistake> {
    const LAST: Duration = Duration::from_secs(253_402_300_799);
    let name = ["exp", "iat", "nbf"]
        .into_iter()
        .find(|name| scene.claimed.date(name).is_some_and(|date| date > LAST))?;
    Some(Mistake::new(
        format!("{name} seems to be in milliseconds; the times of a JWT are in seconds"),
        "mend the program that makes the tokens (RFC 7519 section 2)",
    ))
}

fn time_as_text(scene: &Scene<'_>) -> Option<Mistake> {
    let name = ["exp", "iat", "nbf"].into_iter().find(|name| scene.claimed.text(name).is_some())?;
    Some(Mistake::new(
        format!("{name} is a text; the times of a JWT are numbers of seconds"),
        "mend the program that makes the tokens (RFC 7519 section 2)",
    ))
}
