//! What the tenant keeps in a browser: two cookies, one that knows the browser and one that knows
//! who is logged in.

use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::TenantError;
use crate::pages::CsrfToken;
use crate::random;
use crate::secret::SecretHash;
use crate::tenant::Tenant;

/// 256 bits.
const CHARACTERS: usize = 43;

/// A browser, whoever sits before it: what waits for a login is bound to it, and so are the forms
/// that it is given. A form that another site makes the browser send lacks what ours carry.
///
/// Source: RFC 9700 section 4.7 (CSRF), OpenID Connect Core section 3.1.2.1.
pub(crate) struct Browser(String);

/// The name of a cookie. With `__Host-`, browsers take it over TLS from this host alone, and no
/// sibling can plant it; plain http on loopback cannot have that.
///
/// Source: RFC 6265bis section 4.1.3.2.
fn name(tenant: &Tenant, plain: &'static str) -> String {
    if is_secure(tenant) { format!("__Host-{plain}") } else { plain.to_owned() }
}

fn is_secure(tenant: &Tenant) -> bool {
    tenant.issuer().starts_with("https:")
}

const BROWSER: &str = "bearward-browser";
const SESSION: &str = "bearward";

impl Browser {
    pub(crate) fn find(tenant: &Tenant, headers: &HeaderMap) -> Option<Browser> {
        read(tenant, headers, BROWSER).map(Browser)
    }

    /// The browser, known or new. [`remember`](Browser::remember) must follow.
    pub(crate) fn find_or_new(
        tenant: &Tenant,
        headers: &HeaderMap,
    ) -> Result<Browser, TenantError> {
        match Browser::find(tenant, headers) {
            Some(browser) => Ok(browser),
            None => random::letters_and_digits(CHARACTERS).map(Browser),
        }
    }

    /// Has the browser keep who it is until it is closed.
    pub(crate) fn remember(&self, tenant: &Tenant, response: &mut Response) {
        set(tenant, BROWSER, &self.0, response);
    }

    /// What is kept of it on our side.
    pub(crate) fn hash(&self) -> Vec<u8> {
        SecretHash::of(&self.0).as_bytes().to_vec()
    }

    /// Whether the hash is this browser's.
    pub(crate) fn is(&self, hash: &[u8]) -> bool {
        SecretHash::from_bytes(hash).is_some_and(|hash| hash.matches(&self.0))
    }

    /// What its forms carry. It tells nothing of the cookie.
    pub(crate) fn csrf_token(&self) -> CsrfToken {
        let hash = SecretHash::of(&format!("form {}", self.0));
        CsrfToken::new(URL_SAFE_NO_PAD.encode(hash.as_bytes()))
    }

    /// Whether a form carries it, in a time that does not depend on where it differs.
    pub(crate) fn made(&self, csrf: Option<&str>) -> bool {
        let expected = SecretHash::of(self.csrf_token().reveal());
        csrf.is_some_and(|csrf| expected.matches(csrf))
    }
}

/// The id of the login session that the browser holds.
pub(crate) fn session_id(tenant: &Tenant, headers: &HeaderMap) -> Option<String> {
    read(tenant, headers, SESSION)
}

/// A new id for a session.
pub(crate) fn new_session_id() -> Result<String, TenantError> {
    random::letters_and_digits(CHARACTERS)
}

pub(crate) fn remember_session(tenant: &Tenant, id: &str, response: &mut Response) {
    set(tenant, SESSION, id, response);
}

pub(crate) fn forget_session(tenant: &Tenant, response: &mut Response) {
    let mut cookie = cookie(tenant, SESSION, String::new());
    cookie.make_removal();
    append(&cookie, response);
}

fn read(tenant: &Tenant, headers: &HeaderMap, plain: &'static str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let value = jar.get(&name(tenant, plain))?.value();
    let ours = value.len() == CHARACTERS && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    ours.then(|| value.to_owned())
}

fn set(tenant: &Tenant, plain: &'static str, value: &str, response: &mut Response) {
    append(&cookie(tenant, plain, value.to_owned()), response);
}

/// Lax, because the way here leads over a link from the application's site.
fn cookie(tenant: &Tenant, plain: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name(tenant, plain), value))
        .path("/")
        .http_only(true)
        .secure(is_secure(tenant))
        .same_site(SameSite::Lax)
        .build()
}

fn append(cookie: &Cookie<'_>, response: &mut Response) {
    // Names and values are letters, digits and dashes: a header takes them.
    if let Ok(value) = cookie.to_string().parse() {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
