//! Coming in and going out: the one-time link, the password, the login.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::access::{Administrator, Session, internal};
use super::words::sentence;
use crate::authorization::too_many_attempts;
use crate::error::{TenantError, TenantErrorKind};
use crate::model::{Event, check_password};
use crate::pages::pieces::{Control, Field};
use crate::pages::{FormTarget, html, html_with};
use crate::tenant::Tenant;

/// There is one administrator for now, so the form asks for the password alone.
const ADMINISTRATOR: &str = "admin";

const STALE: &str = "This link has been used, or is older than ten minutes. Start the tenant again \
                     for a new one.";

/// One page for all three: a sentence, perhaps a password, one button.
#[derive(Template)]
#[template(path = "pages/enter.html")]
struct Enter {
    heading: &'static str,
    lead: &'static str,
    /// Where the form goes.
    action: &'static str,
    /// Name and value of the hidden field; empty: none.
    token: String,
    fields: Vec<Field>,
    button: &'static str,
    issuer: String,
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    link: String,
}

#[derive(Deserialize)]
pub(super) struct NewPassword {
    token: String,
    password: String,
    again: String,
}

#[derive(Deserialize)]
pub(super) struct LogIn {
    password: String,
}

/// `GET /setup?link=`: shows a button, and uses nothing up.
pub(super) async fn show_link(State(tenant): State<Tenant>, Query(query): Query<Link>) -> Response {
    match tenant.store().has_administrator().await {
        Ok(false) if tenant.first_link().is_good(&query.link, tenant.now()) => html(&Enter {
            heading: "Set up the dashboard",
            lead: "You opened the link from the terminal. It is good for one person, once.",
            action: "/setup",
            token: query.link,
            fields: Vec::new(),
            button: "Continue",
            issuer: tenant.issuer().to_owned(),
        }),
        Ok(false) => stale(&tenant),
        Ok(true) => Redirect::to("/login").into_response(),
        Err(error) => internal(&error),
    }
}

#[derive(Deserialize)]
pub(super) struct UsedLink {
    token: String,
}

/// `POST /setup`: uses the link up, and asks for a password.
pub(super) async fn use_link(State(tenant): State<Tenant>, Form(form): Form<UsedLink>) -> Response {
    match used(&tenant, &form.token).await {
        Ok(Some(token)) => html(&choose_password(&tenant, token, None)),
        Ok(None) => stale(&tenant),
        Err(error) => internal(&error),
    }
}

async fn used(tenant: &Tenant, link: &str) -> Result<Option<String>, TenantError> {
    if tenant.store().has_administrator().await? {
        return Ok(None);
    }
    tenant.first_link().consume(link, tenant.now())
}

/// `POST /setup/password`: makes the administrator, and begins a session.
pub(super) async fn set_password(
    State(tenant): State<Tenant>,
    jar: CookieJar,
    Form(form): Form<NewPassword>,
) -> Response {
    if !tenant.first_link().is_form(&form.token, tenant.now()) {
        return stale(&tenant);
    }
    let fault = match check_password(&form.password) {
        Err(error) => Some(sentence(&error)),
        Ok(()) if form.password != form.again => Some("The two passwords differ.".to_owned()),
        Ok(()) => None,
    };
    if fault.is_some() {
        let page = choose_password(&tenant, form.token, fault);
        return html_with(StatusCode::BAD_REQUEST, &FormTarget::Here, &page);
    }
    match make_administrator(&tenant, &form.password, jar).await {
        Ok(jar) => (jar, Redirect::to("/")).into_response(),
        Err(error) if error.kind() == TenantErrorKind::DuplicateName => {
            Redirect::to("/login").into_response()
        }
        Err(error) => internal(&error),
    }
}

async fn make_administrator(
    tenant: &Tenant,
    password: &str,
    jar: CookieJar,
) -> Result<CookieJar, TenantError> {
    let hash = tenant.passwords().hash(password).await?;
    tenant.store().insert_first_administrator(ADMINISTRATOR, &hash, tenant.now()).await?;
    tenant.first_link().close();
    Session::begin(tenant, ADMINISTRATOR, jar).await
}

/// `GET /login`: asks for the password.
pub(super) async fn show_login(State(tenant): State<Tenant>) -> Response {
    match tenant.store().has_administrator().await {
        Ok(true) => html(&ask_password(&tenant, None)),
        Ok(false) => html(&Enter {
            heading: "Nobody is here yet",
            lead: "The first person comes in by the one-time link that the tenant printed in its \
                   terminal when it started.",
            action: "",
            token: String::new(),
            fields: Vec::new(),
            button: "",
            issuer: tenant.issuer().to_owned(),
        }),
        Err(error) => internal(&error),
    }
}

/// `POST /login`: begins a session.
pub(super) async fn log_in(
    State(tenant): State<Tenant>,
    jar: CookieJar,
    Form(form): Form<LogIn>,
) -> Response {
    let attempt = match tenant.limits().administrator().attempt(ADMINISTRATOR) {
        Ok(attempt) => attempt,
        Err(too_many) => return too_many_attempts(&tenant, too_many),
    };
    match begin(&tenant, &form.password, jar).await {
        Ok(Some(jar)) => {
            attempt.succeeded();
            (jar, Redirect::to("/")).into_response()
        }
        Ok(None) => {
            let page = ask_password(&tenant, Some("Wrong password.".to_owned()));
            html_with(StatusCode::FORBIDDEN, &FormTarget::Here, &page)
        }
        Err(error) => internal(&error),
    }
}

async fn begin(
    tenant: &Tenant,
    password: &str,
    jar: CookieJar,
) -> Result<Option<CookieJar>, TenantError> {
    let kept = tenant.store().administrator_password(ADMINISTRATOR).await?;
    if check_password(password).is_ok() && tenant.passwords().matches(password, kept).await? {
        return Session::begin(tenant, ADMINISTRATOR, jar).await.map(Some);
    }
    tenant.record(Event {
        event: "dashboard_login",
        reason: Some("password_wrong"),
        detail: "Wrong password at the dashboard.".to_owned(),
        ..Event::default()
    });
    Ok(None)
}

/// `POST /logout`: ends the session.
pub(super) async fn log_out(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    jar: CookieJar,
) -> Response {
    match administrator.leave(&tenant, jar).await {
        Ok(jar) => (jar, Redirect::to("/login")).into_response(),
        Err(error) => internal(&error),
    }
}

fn choose_password(tenant: &Tenant, token: String, fault: Option<String>) -> Enter {
    let password = Field::new("password", "Password")
        .control(Control::Line("password"))
        .autocomplete("new-password")
        .hint("8 to 256 bytes. There is no other way in, and it is not shown again.")
        .fault(fault)
        .focused();
    let again = Field::new("again", "The same again")
        .control(Control::Line("password"))
        .autocomplete("new-password");
    Enter {
        heading: "Choose a password",
        lead: "It opens this dashboard from now on; the link does not.",
        action: "/setup/password",
        token,
        fields: vec![password, again],
        button: "Set password",
        issuer: tenant.issuer().to_owned(),
    }
}

fn ask_password(tenant: &Tenant, fault: Option<String>) -> Enter {
    let password = Field::new("password", "Password")
        .control(Control::Line("password"))
        .autocomplete("current-password")
        .fault(fault)
        .focused();
    Enter {
        heading: "Log in",
        lead: "to the dashboard of this tenant.",
        action: "/login",
        token: String::new(),
        fields: vec![password],
        button: "Continue",
        issuer: tenant.issuer().to_owned(),
    }
}

fn stale(tenant: &Tenant) -> Response {
    let page = Enter {
        heading: "This link is not good",
        lead: STALE,
        action: "",
        token: String::new(),
        fields: Vec::new(),
        button: "",
        issuer: tenant.issuer().to_owned(),
    };
    html_with(StatusCode::FORBIDDEN, &FormTarget::Here, &page)
}
