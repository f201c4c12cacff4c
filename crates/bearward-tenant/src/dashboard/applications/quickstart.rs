//! `GET /applications/{client_id}`: the request that this application sends first, with its own
//! values.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use url::form_urlencoded::Serializer;

use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::DoneQuery;
use crate::dashboard::trouble::Trouble;
use crate::model::{Application, Grant, GrantType};
use crate::pages::pieces::Sample;
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/applications/quickstart.html")]
struct Quickstart {
    frame: Frame,
    head: Head,
    machine: Option<Machine>,
    login: Option<Login>,
    apis: String,
    settings: String,
    credentials: String,
}

/// How it gets a token for itself.
struct Machine {
    /// Nothing when it has no grant yet.
    sample: Vec<Sample>,
}

/// How its users log in.
struct Login {
    authorize: String,
    sample: Vec<Sample>,
    domain: String,
    callbacks: Vec<String>,
    logout_urls: Vec<String>,
    web_origins: Vec<String>,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(client_id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let application = tenant.application(&client_id).await?;
    let grants = tenant.grants().await?;
    let grant = grants.into_iter().find(|grant| grant.client_id == client_id);
    let acts_for_itself = application.may_use(GrantType::ClientCredentials);
    let acts_for_users = application.may_use(GrantType::AuthorizationCode);
    Ok(html(&Quickstart {
        frame: Frame::new(Section::Applications, administrator.csrf).after(query.done),
        head: Head::new(&tenant, &application, View::Quickstart).await?,
        machine: acts_for_itself.then(|| machine(&tenant, &application, grant)),
        login: acts_for_users.then(|| login(&tenant, application)),
        apis: View::Apis.path(&client_id),
        settings: View::Settings.path(&client_id),
        credentials: View::Credentials.path(&client_id),
    }))
}

fn machine(tenant: &Tenant, application: &Application, grant: Option<Grant>) -> Machine {
    let sample = grant.map(|grant| {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", &application.client_id),
            ("client_secret", "CLIENT_SECRET"),
            ("audience", &grant.audience),
        ];
        let own = [&application.client_id, "CLIENT_SECRET", &grant.audience];
        curl(tenant, &fields, &own)
    });
    Machine { sample: sample.into_iter().collect() }
}

fn login(tenant: &Tenant, application: Application) -> Login {
    let callback = application.callbacks.first().map_or("CALLBACK_URL", String::as_str);
    let query = Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", &application.client_id)
        .append_pair("redirect_uri", callback)
        .append_pair("scope", "openid profile email")
        .append_pair("code_challenge_method", "S256")
        .append_pair("code_challenge", "CODE_CHALLENGE")
        .append_pair("state", "STATE")
        .finish();
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("client_id", application.client_id.as_str()),
        ("code", "CODE"),
        ("code_verifier", "CODE_VERIFIER"),
        ("redirect_uri", callback),
    ];
    if !application.is_public() {
        fields.push(("client_secret", "CLIENT_SECRET"));
    }
    let own = [&application.client_id, callback, "CODE_VERIFIER", "CLIENT_SECRET"];
    let sample = vec![curl(tenant, &fields, &own)];
    let issuer = tenant.issuer();
    let domain = issuer.split_once("://").map_or(issuer, |(_, domain)| domain);
    Login {
        authorize: format!("{issuer}authorize?{query}"),
        sample,
        domain: domain.trim_end_matches('/').to_owned(),
        callbacks: application.callbacks,
        logout_urls: application.allowed_logout_urls,
        web_origins: application.web_origins,
    }
}

/// A form to the token endpoint. Each value is quoted for the shell.
fn curl(tenant: &Tenant, fields: &[(&str, &str)], own: &[&str]) -> Sample {
    let mut code = format!("curl {}", tenant.token_endpoint());
    for (name, value) in fields {
        let value = value.replace('\'', r"'\''");
        code.push_str(&format!(" \\\n  --data-urlencode '{name}={value}'"));
    }
    let sample = Sample::new("curl", "curl", &code, own);
    if tenant.issuer().starts_with("https:") {
        return sample.note(
            "curl has to trust the certificate: run `bearward tenant trust`, or add --cacert with \
             the tenant's ca.pem.",
        );
    }
    sample
}
