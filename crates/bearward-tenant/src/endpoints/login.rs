//! `/u/login?state=`: the user says who they are.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::consent;
use crate::authorization::{BrowserParameters, PageRefusal, Waiting, WaitingAuthorization};
use crate::browser::Browser;
use crate::error::TenantError;
use crate::limits::place;
use crate::model::{Event, User, normal_email};
use crate::pages::{FormTarget, Login, html_with};
use crate::sessions;
use crate::tenant::Tenant;

/// Said after the right password alone, so that nobody else learns that there is such a user.
const BLOCKED: &str = "Your account has been blocked.";

pub(crate) async fn show(State(tenant): State<Tenant>, request: Request) -> Response {
    let headers = request.headers().clone();
    let shown = async {
        let parameters = BrowserParameters::read(request).await?;
        let browser = Browser::find(&tenant, &headers);
        let id = parameters.text("state");
        let waiting = Waiting::authorization(&tenant, id, browser.as_ref()).await?;
        let browser = browser.ok_or(PageRefusal::OtherBrowser)?;
        let attempt = Attempt { tenant: &tenant, browser, id: id.unwrap_or_default(), waiting };
        let hint = attempt.waiting.request.login_hint.clone().unwrap_or_default();
        attempt.page(StatusCode::OK, hint, None).await
    };
    shown.await.unwrap_or_else(|refusal: PageRefusal| refusal.show(&tenant, "login"))
}

pub(crate) async fn submit(State(tenant): State<Tenant>, request: Request) -> Response {
    let headers = request.headers().clone();
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address = address.map(|ConnectInfo(address)| address.ip());
    let submitted = async {
        let form = BrowserParameters::read(request).await?;
        let browser = Browser::find(&tenant, &headers).ok_or(PageRefusal::OtherBrowser)?;
        if !browser.made(form.text("csrf")) {
            return Err(PageRefusal::FormNotOurs);
        }
        let id = form.text("state");
        let waiting = Waiting::authorization(&tenant, id, Some(&browser)).await?;
        let attempt = Attempt { tenant: &tenant, browser, id: id.unwrap_or_default(), waiting };
        attempt.run(&headers, &form, address).await
    };
    submitted.await.unwrap_or_else(|refusal| refusal.show(&tenant, "login"))
}

/// A login for a request that waits.
struct Attempt<'a> {
    tenant: &'a Tenant,
    browser: Browser,
    id: &'a str,
    waiting: WaitingAuthorization,
}

impl Attempt<'_> {
    async fn run(
        mut self,
        headers: &HeaderMap,
        form: &BrowserParameters,
        address: Option<IpAddr>,
    ) -> Result<Response, PageRefusal> {
        let username = form.text("username").unwrap_or_default();
        let password = form.text("password").unwrap_or_default();
        let user = match self.check(username, password, address).await? {
            Some(user) => user,
            None => {
                self.record(Some("wrong_password"), "Wrong email or password.", None);
                let fault = Some(Login::WRONG);
                return self.page(StatusCode::BAD_REQUEST, username.to_owned(), fault).await;
            }
        };
        if user.blocked {
            self.record(Some("user_blocked"), "The user is blocked.", Some(&user));
            return self.page(StatusCode::FORBIDDEN, username.to_owned(), Some(BLOCKED)).await;
        }
        let begun = sessions::begin(self.tenant, headers, &user).await?;
        self.record(None, "password", Some(&user));
        self.waiting.sid = Some(begun.session.sid.clone());
        let mut response =
            consent::go_on(self.tenant, self.id, self.waiting, &begun.session).await?;
        begun.remember(self.tenant, &mut response);
        Ok(response)
    }

    /// The user with this name and this password. Whoever there is not gets the same answer after
    /// the same work, and the same limits.
    async fn check(
        &self,
        username: &str,
        password: &str,
        address: Option<IpAddr>,
    ) -> Result<Option<User>, PageRefusal> {
        let limits = self.tenant.limits();
        let email = normal_email(username).ok();
        let from_here =
            limits.address().attempt(place(address)).map_err(PageRefusal::TooManyAttempts)?;
        let key = email.clone().unwrap_or_else(|| username.trim().to_lowercase());
        let at_account = limits.account().attempt(key).map_err(PageRefusal::TooManyAttempts)?;
        let known = match &email {
            Some(email) => self.tenant.store().user_by_email(email).await?,
            None => None,
        };
        let (user, kept) = known.unzip();
        if !self.tenant.passwords().matches(password, kept).await? {
            return Ok(None);
        }
        from_here.succeeded();
        at_account.succeeded();
        Ok(user)
    }

    fn record(&self, reason: Option<&'static str>, detail: &str, user: Option<&User>) {
        let client_id = self.waiting.request.client_id.clone();
        let user_id = user.map(|user| user.user_id.clone());
        tracing::info!(reason, client_id, user_id, "login");
        self.tenant.record(Event {
            event: "login",
            reason,
            detail: detail.to_owned(),
            client_id: Some(client_id),
            user_id,
            ..Event::default()
        });
    }

    async fn page(
        &self,
        status: StatusCode,
        username: String,
        fault: Option<&str>,
    ) -> Result<Response, PageRefusal> {
        let request = &self.waiting.request;
        let page = Login {
            application: name(self.tenant, &request.client_id).await?,
            state: self.id.to_owned(),
            csrf: self.browser.csrf_token(),
            username,
            fault: fault.map(str::to_owned),
            issuer: self.tenant.issuer().to_owned(),
        };
        let url = request.back.url();
        let forms = url.as_ref().map_or(FormTarget::Here, FormTarget::Application);
        Ok(html_with(status, &forms, &page))
    }
}

async fn name(tenant: &Tenant, client_id: &str) -> Result<String, TenantError> {
    Ok(tenant.application(client_id).await?.name)
}
