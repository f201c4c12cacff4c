//! What is counted for operators, through the facade `metrics` where the feature of that name is on.
//!
//! Without the feature every function here does nothing. The names stand in the documentation of
//! the crate.

#[cfg(feature = "remote")]
use std::time::SystemTime;

#[cfg(feature = "metrics")]
use ::metrics::counter;

/// A request was refused. Called where the operator's log is told of it: once a request, however
/// many guards it has to pass.
#[cfg(feature = "tower")]
pub(crate) fn refused(code: &str) {
    #[cfg(feature = "metrics")]
    counter!("bearward_refusals_total", "reason" => code.to_owned()).increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = code;
}

/// How a fetch of an issuer's keys ended.
#[cfg(feature = "remote")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyFetch {
    /// It brought keys, at this time of day.
    Succeeded(SystemTime),
    Failed,
}

/// A fetch of an issuer's keys has ended.
///
/// The gauge is the moment of the last good fetch and not an age: an age has to be kept moving, and
/// would stand still just when whatever moves it is what broke.
#[cfg(feature = "remote")]
pub(crate) fn key_fetch(issuer: &str, ended: KeyFetch) {
    #[cfg(feature = "metrics")]
    {
        let outcome = match ended {
            KeyFetch::Succeeded(_) => "success",
            KeyFetch::Failed => "failure",
        };
        let issuer = issuer.to_owned();
        if let KeyFetch::Succeeded(at) = ended {
            let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            ::metrics::gauge!("bearward_key_set_fetched_timestamp_seconds", "issuer" => issuer.clone())
                .set(since.as_secs_f64());
        }
        counter!("bearward_key_fetches_total", "issuer" => issuer, "outcome" => outcome)
            .increment(1);
    }
    #[cfg(not(feature = "metrics"))]
    let _ = (issuer, ended);
}

/// A good token was found among those verified before.
pub(crate) fn token_cache_hit() {
    #[cfg(feature = "metrics")]
    counter!("bearward_token_cache_total", "outcome" => "hit").increment(1);
}

/// A good token had to be verified in full. Bad ones are not counted: strangers can send any number.
pub(crate) fn token_cache_miss() {
    #[cfg(feature = "metrics")]
    counter!("bearward_token_cache_total", "outcome" => "miss").increment(1);
}
