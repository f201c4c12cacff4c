//! The one-time link by which the first administrator comes in.

use std::sync::{Mutex, PoisonError};

use crate::error::TenantError;
use crate::random;
use crate::secret::SecretHash;

/// From the terminal to the browser takes seconds; ten minutes leave time for a phone call.
const VALID_SECONDS: i64 = 600;

/// What proves that a person can read the terminal that the tenant runs in.
///
/// The link's token (131 bits) can be used once. Using it gives a second token, which the form for
/// the password carries: the link that stands in the terminal and in the browser's history is worth
/// nothing by then.
#[derive(Debug, Default)]
pub(crate) struct FirstLink(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    link: Option<Valid>,
    form: Option<Valid>,
}

#[derive(Debug)]
struct Valid {
    hash: SecretHash,
    until: i64,
}

impl FirstLink {
    /// A new token for a link; the one before is worth nothing from here on.
    pub(crate) fn issue(&self, now: i64) -> Result<String, TenantError> {
        let (token, valid) = Valid::new(now)?;
        self.state().link = Some(valid);
        Ok(token)
    }

    /// Whether the link is good. It stays so: programs that look at links before people do must
    /// not use it up.
    pub(crate) fn is_good(&self, token: &str, now: i64) -> bool {
        self.state().link.as_ref().is_some_and(|link| link.is(token, now))
    }

    /// Uses the link up, for the token of the form; nothing when the link is not good.
    pub(crate) fn consume(&self, token: &str, now: i64) -> Result<Option<String>, TenantError> {
        let (form_token, form) = Valid::new(now)?;
        let mut state = self.state();
        if !state.link.as_ref().is_some_and(|link| link.is(token, now)) {
            return Ok(None);
        }
        state.link = None;
        state.form = Some(form);
        Ok(Some(form_token))
    }

    /// Whether the form comes from whoever used the link. A password that is refused may be
    /// followed by another one.
    pub(crate) fn is_form(&self, token: &str, now: i64) -> bool {
        self.state().form.as_ref().is_some_and(|form| form.is(token, now))
    }

    /// There is an administrator: neither token is worth anything.
    pub(crate) fn close(&self) {
        *self.state() = State::default();
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Valid {
    fn new(now: i64) -> Result<(String, Valid), TenantError> {
        let token = random::letters_and_digits(22)?;
        let hash = SecretHash::of(&token);
        Ok((token, Valid { hash, until: now.saturating_add(VALID_SECONDS) }))
    }

    fn is(&self, token: &str, now: i64) -> bool {
        now < self.until && self.hash.matches(token)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_once_and_for_ten_minutes() {
        let links = FirstLink::default();
        assert!(!links.is_good("", 0));
        let old = links.issue(0).unwrap();
        let link = links.issue(0).unwrap();
        assert!(!links.is_good(&old, 1));
        assert!(links.is_good(&link, 599) && links.is_good(&link, 599));
        assert!(!links.is_good(&link, 600));
        assert_eq!(links.consume(&old, 1).unwrap(), None);
        let form = links.consume(&link, 1).unwrap().unwrap();
        assert_eq!(links.consume(&link, 1).unwrap(), None);
        assert!(links.is_form(&form, 1) && links.is_form(&form, 600));
        assert!(!links.is_form(&form, 601) && !links.is_form(&link, 1));
        links.close();
        assert!(!links.is_form(&form, 1));
    }
}
