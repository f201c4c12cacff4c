//! `/applications/{client_id}/settings`: names, addresses, grant types, and the end of it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::SECTION;
use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::{below, count, sentence};
use crate::model::{Application, GrantType};
use crate::pages::pieces::{Control, Danger, Field};
use crate::pages::{FormTarget, Frame, Section, html_with};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/applications/settings.html")]
struct Settings {
    frame: Frame,
    head: Head,
    fields: Vec<Field>,
    grant_types: Vec<GrantTypeSwitch>,
    grant_type_fault: Option<String>,
    is_first_party: bool,
    delete: Danger,
}

struct GrantTypeSwitch {
    name: &'static str,
    says: &'static str,
    on: bool,
}

/// What was wrong with each part of what was sent.
#[derive(Default)]
struct Faults {
    name: Option<String>,
    callbacks: Option<String>,
    logout_urls: Option<String>,
    web_origins: Option<String>,
    grant_types: Option<String>,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(client_id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let application = tenant.application(&client_id).await?;
    let frame = Frame::new(Section::Applications, administrator.csrf).after(query.done);
    page(&tenant, frame, &application, &application.name, Faults::default()).await
}

pub(super) async fn save(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(client_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let kept = tenant.application(&client_id).await?;
    let wanted = Application {
        name: sent.trimmed("name").to_owned(),
        callbacks: sent.lines("callbacks"),
        allowed_logout_urls: sent.lines("allowed_logout_urls"),
        web_origins: sent.lines("web_origins"),
        grant_types: GrantType::ALL.into_iter().filter(|kind| sent.is_on(kind.name())).collect(),
        is_first_party: sent.is_on("is_first_party"),
        ..kept.clone()
    };
    if wanted.check().is_err() {
        let frame = Frame::new(Section::Applications, administrator.csrf.clone());
        return page(&tenant, frame, &wanted, &kept.name, faults(&kept, &wanted)).await;
    }
    tenant.update_application(&wanted).await?;
    Ok(Done::Kept.at(&View::Settings.path(&client_id)))
}

/// Each part alone in what is kept already, so that a fault is its own.
fn faults(kept: &Application, wanted: &Application) -> Faults {
    let fault = |change: fn(&mut Application, Application)| {
        let mut tried = kept.clone();
        change(&mut tried, wanted.clone());
        tried.check().err().map(|error| sentence(&error))
    };
    Faults {
        name: fault(|tried, wanted| tried.name = wanted.name),
        callbacks: fault(|tried, wanted| tried.callbacks = wanted.callbacks),
        logout_urls: fault(|tried, wanted| tried.allowed_logout_urls = wanted.allowed_logout_urls),
        web_origins: fault(|tried, wanted| tried.web_origins = wanted.web_origins),
        grant_types: fault(|tried, wanted| tried.grant_types = wanted.grant_types),
    }
}

pub(super) async fn delete(
    State(tenant): State<Tenant>,
    Path(client_id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let application = tenant.application(&client_id).await?;
    if sent.text("confirm") != application.name {
        return Ok(Trouble::not_confirmed(&application.name));
    }
    tenant.delete_application(&client_id).await?;
    Ok(Done::ApplicationDeleted.at(SECTION))
}

async fn page(
    tenant: &Tenant,
    frame: Frame,
    shown: &Application,
    kept_name: &str,
    faults: Faults,
) -> Result<Response, Trouble> {
    let mut head = Head::new(tenant, shown, View::Settings).await?;
    head.name = kept_name.to_owned();
    let faulty = faults.any();
    let lines = |name, label, lines: &[String]| {
        let field = Field::new(name, label).control(Control::Lines(3)).value(lines.join("\n"));
        field.optional().mono()
    };
    let page = Settings {
        frame,
        head,
        grant_type_fault: faults.grant_types,
        fields: vec![
            Field::new("name", "Name").value(&shown.name).fault(faults.name),
            lines("callbacks", "Allowed Callback URLs", &shown.callbacks)
                .hint(
                    "Where people may be sent after login, one a line. Compared letter by letter.",
                )
                .fault(faults.callbacks),
            lines("allowed_logout_urls", "Allowed Logout URLs", &shown.allowed_logout_urls)
                .hint("Where people may be sent after logout, one a line.")
                .fault(faults.logout_urls),
            lines("web_origins", "Allowed Web Origins", &shown.web_origins)
                .hint(
                    "Pages that may read the tenant's answers: scheme, host and port, one a line.",
                )
                .fault(faults.web_origins),
        ],
        grant_types: grant_types(shown),
        is_first_party: shown.is_first_party,
        delete: danger(tenant, shown, kept_name).await?,
    };
    let status = if faulty { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(html_with(status, &FormTarget::Here, &page))
}

fn grant_types(application: &Application) -> Vec<GrantTypeSwitch> {
    let switches = GrantType::ALL.map(|kind| GrantTypeSwitch {
        name: kind.name(),
        says: match kind {
            GrantType::AuthorizationCode => "A user logs in, in a browser, with PKCE.",
            GrantType::RefreshToken => "New tokens without the user, where the API allows it.",
            GrantType::ClientCredentials => "For itself, without a user. It needs a secret.",
        },
        on: application.may_use(kind),
    });
    switches.into()
}

async fn danger(tenant: &Tenant, application: &Application, name: &str) -> Result<Danger, Trouble> {
    let grants = tenant.grants().await?;
    let apis = grants.iter().filter(|grant| grant.client_id == application.client_id).count();
    let mut breaks = vec!["It gets no more tokens, and nobody can log in with it.".to_owned()];
    if apis > 0 {
        breaks.push(format!("Its grants for {} go with it.", count(apis, "API")));
    }
    breaks.push("Its refresh tokens end; access tokens are good until they expire.".to_owned());
    Ok(Danger {
        id: "delete",
        title: "Delete this application".to_owned(),
        breaks,
        action: format!("{}/delete", below(SECTION, &application.client_id)),
        button: "Delete application".to_owned(),
        typed: Some(name.to_owned()),
        fields: Vec::new(),
    })
}

impl Faults {
    fn any(&self) -> bool {
        [&self.name, &self.callbacks, &self.logout_urls, &self.web_origins, &self.grant_types]
            .iter()
            .any(|fault| fault.is_some())
    }
}
