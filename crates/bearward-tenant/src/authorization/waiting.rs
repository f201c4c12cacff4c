//! What waits for a person: a request that needs a login or consent, or a logout that needs a yes.

use serde::{Deserialize, Serialize};

use super::{AuthorizationRequest, PageRefusal};
use crate::browser::Browser;
use crate::error::{TenantError, TenantErrorKind};
use crate::random;
use crate::tenant::Tenant;

/// Time to find a password, and little enough that a forgotten tab does not log in tomorrow.
const WAITS_SECONDS: i64 = 30 * 60;

/// 256 bits.
const ID_CHARACTERS: usize = 43;

/// Something that waits, bound to the browser that began it.
#[derive(Serialize, Deserialize)]
pub(crate) enum Waiting {
    Authorization(Box<WaitingAuthorization>),
    Logout(WaitingLogout),
}

/// A request at `/authorize`.
#[derive(Serialize, Deserialize)]
pub(crate) struct WaitingAuthorization {
    pub(crate) request: AuthorizationRequest,
    browser: Vec<u8>,
    /// The session that has logged in for this request, when one has.
    pub(crate) sid: Option<String>,
}

/// A logout.
#[derive(Serialize, Deserialize)]
pub(crate) struct WaitingLogout {
    /// Name of the application that asks.
    pub(crate) application: Option<String>,
    /// One of the application's allowed logout URLs, with the state, when it wants one.
    pub(crate) return_to: Option<String>,
    browser: Vec<u8>,
}

impl WaitingAuthorization {
    pub(crate) fn new(
        request: AuthorizationRequest,
        browser: &Browser,
        sid: Option<String>,
    ) -> WaitingAuthorization {
        WaitingAuthorization { request, browser: browser.hash(), sid }
    }
}

impl WaitingLogout {
    pub(crate) fn new(
        application: Option<String>,
        return_to: Option<String>,
        browser: &Browser,
    ) -> WaitingLogout {
        WaitingLogout { application, return_to, browser: browser.hash() }
    }
}

impl Waiting {
    /// Keeps it. Its id goes to the browser alone, as `state` in our own addresses.
    pub(crate) async fn keep(&self, tenant: &Tenant) -> Result<String, TenantError> {
        let id = random::letters_and_digits(ID_CHARACTERS)?;
        let now = tenant.now();
        let text = self.text()?;
        let until = now.saturating_add(WAITS_SECONDS);
        tenant.store().insert_authorization_request(&id, &text, now, until).await?;
        Ok(id)
    }

    pub(crate) async fn keep_again(&self, tenant: &Tenant, id: &str) -> Result<(), TenantError> {
        tenant.store().update_authorization_request(id, &self.text()?).await
    }

    fn text(&self) -> Result<String, TenantError> {
        let failed = "a request could not be kept";
        serde_json::to_string(self).map_err(|error| TenantError::surroundings(failed, error))
    }

    /// The request at `/authorize` with this id, in the browser that began it.
    pub(crate) async fn authorization(
        tenant: &Tenant,
        id: Option<&str>,
        browser: Option<&Browser>,
    ) -> Result<WaitingAuthorization, PageRefusal> {
        match Waiting::find(tenant, id, browser).await? {
            Waiting::Authorization(waiting) => Ok(*waiting),
            Waiting::Logout(_) => Err(PageRefusal::NothingWaits),
        }
    }

    /// The logout with this id, in the browser that began it.
    pub(crate) async fn logout(
        tenant: &Tenant,
        id: Option<&str>,
        browser: Option<&Browser>,
    ) -> Result<WaitingLogout, PageRefusal> {
        match Waiting::find(tenant, id, browser).await? {
            Waiting::Logout(waiting) => Ok(waiting),
            Waiting::Authorization(_) => Err(PageRefusal::NothingWaits),
        }
    }

    async fn find(
        tenant: &Tenant,
        id: Option<&str>,
        browser: Option<&Browser>,
    ) -> Result<Waiting, PageRefusal> {
        let id = id.ok_or(PageRefusal::NothingWaits)?;
        let kept = tenant.store().authorization_request(id, tenant.now()).await?;
        let kept = kept.ok_or(PageRefusal::NothingWaits)?;
        let waiting: Waiting = serde_json::from_str(&kept).map_err(|error| {
            let detail = "a request that waits cannot be read";
            TenantError::with_source(TenantErrorKind::Store, detail, error)
        })?;
        let hash = match &waiting {
            Waiting::Authorization(waiting) => &waiting.browser,
            Waiting::Logout(waiting) => &waiting.browser,
        };
        match browser {
            Some(browser) if browser.is(hash) => Ok(waiting),
            _ => Err(PageRefusal::OtherBrowser),
        }
    }
}
