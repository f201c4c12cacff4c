//! Settings of an API, and its end.

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::sentence;
use crate::model::{Api, SigningAlgorithm, TokenDialect, Usage, check_lifetime};
use crate::pages::pieces::{Control, Danger, Field};
use crate::pages::{FormTarget, Frame, html, html_with};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/api/settings.html")]
struct Settings {
    frame: Frame,
    head: Head,
    fields: [Field; 5],
    danger: Danger,
}

/// What was wrong with what was sent, by field.
#[derive(Default)]
struct Faults {
    name: Option<String>,
    token_lifetime: Option<String>,
    token_lifetime_for_web: Option<String>,
    token_dialect: Option<String>,
    signing_algorithm: Option<String>,
}

/// `GET /apis/{id}/settings`.
pub(in crate::dashboard) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let (frame, head) = Head::read(&tenant, administrator, &id, View::Settings).await?;
    let fields = fields(&head.api, Faults::default());
    Ok(html(&Settings::new(frame.after(query.done), head, fields)))
}

/// `POST /apis/{id}/settings`.
pub(in crate::dashboard) async fn save(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let (frame, mut head) = Head::read(&tenant, administrator, &id, View::Settings).await?;
    let faults = take_over(&mut head.api, &sent);
    if !faults.any() {
        tenant.update_api(&head.api).await?;
        return Ok(Done::Kept.at(&View::Settings.path(&head.api.id)));
    }
    let mut fields = fields(&head.api, faults);
    for field in &mut fields {
        sent.text(field.name).clone_into(&mut field.value);
    }
    let page = Settings::new(frame, head, fields);
    Ok(html_with(StatusCode::BAD_REQUEST, &FormTarget::Here, &page))
}

/// `POST /apis/{id}/delete`.
pub(in crate::dashboard) async fn delete(
    State(tenant): State<Tenant>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let api = tenant.api(&id).await?;
    if sent.text("confirm") != api.name {
        return Ok(Trouble::not_confirmed(&api.name));
    }
    tenant.delete_api(&api.id).await?;
    Ok(Done::ApiDeleted.at("/apis"))
}

impl Settings {
    fn new(frame: Frame, head: Head, fields: [Field; 5]) -> Settings {
        let Usage { applications, .. } = head.usage;
        let mut breaks = Vec::new();
        breaks.extend(match applications {
            0 => None,
            1 => Some("1 application gets no more tokens for it.".to_owned()),
            count => Some(format!("{count} applications get no more tokens for it.")),
        });
        let holders = Usage { applications: 0, ..head.usage };
        breaks.extend(holders.in_words().map(|words| {
            let verb = if holders.is_one() { "loses" } else { "lose" };
            format!("{words} {verb} its permissions.")
        }));
        breaks.push("Tokens that are out stay good until they expire.".to_owned());
        let danger = Danger {
            id: "delete",
            title: "Delete this API".to_owned(),
            breaks,
            action: format!("/apis/{}/delete", head.api.id),
            button: "Delete API".to_owned(),
            typed: Some(head.api.name.clone()),
            fields: Vec::new(),
        };
        Settings { frame, head, fields, danger }
    }
}

/// Takes what was sent into the API, and says what of it cannot be.
fn take_over(api: &mut Api, sent: &Sent) -> Faults {
    let mut faults = Faults::default();
    sent.trimmed("name").clone_into(&mut api.name);
    match lifetime(sent.trimmed("token_lifetime")) {
        Ok(lifetime) => api.token_lifetime = lifetime,
        Err(fault) => faults.token_lifetime = Some(fault),
    }
    match lifetime(sent.trimmed("token_lifetime_for_web")) {
        Ok(lifetime) => api.token_lifetime_for_web = lifetime,
        Err(fault) => faults.token_lifetime_for_web = Some(fault),
    }
    match TokenDialect::from_name(sent.text("token_dialect")) {
        Some(dialect) => api.token_dialect = dialect,
        None => faults.token_dialect = Some("Expected one of the dialects.".to_owned()),
    }
    match SigningAlgorithm::from_name(sent.text("signing_algorithm")) {
        Some(algorithm) => api.signing_algorithm = algorithm,
        None => faults.signing_algorithm = Some("Expected one of the algorithms.".to_owned()),
    }
    api.enforce_policies = sent.is_on("enforce_policies");
    api.allow_offline_access = sent.is_on("allow_offline_access");
    api.skip_consent_for_verifiable_first_party_clients = sent.is_on("skip_consent");
    // Everything else has been checked by now.
    faults.name = api.check().err().map(|error| sentence(&error));
    faults
}

fn lifetime(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "Expected a whole number of seconds.".to_owned())?;
    let lifetime = Duration::from_secs(seconds);
    check_lifetime(lifetime).map_err(|error| sentence(&error))?;
    Ok(lifetime)
}

impl Faults {
    fn any(&self) -> bool {
        let Faults {
            name,
            token_lifetime,
            token_lifetime_for_web,
            token_dialect,
            signing_algorithm,
        } = self;
        [name, token_lifetime, token_lifetime_for_web, token_dialect, signing_algorithm]
            .iter()
            .any(|fault| fault.is_some())
    }
}

fn fields(api: &Api, faults: Faults) -> [Field; 5] {
    let choice = |names: &[(&str, &str)]| {
        let option = |(value, words): &(&str, &str)| ((*value).to_owned(), (*words).to_owned());
        Control::Choice(names.iter().map(option).collect())
    };
    let dialects = TokenDialect::ALL.map(|dialect| (dialect.name(), dialect_in_words(dialect)));
    let algorithms = SigningAlgorithm::ALL.map(|algorithm| (algorithm.name(), algorithm.name()));
    [
        Field::new("name", "Name").value(&api.name).hint("What people call it.").fault(faults.name),
        Field::new("token_lifetime", "Token lifetime, in seconds")
            .control(Control::Line("number"))
            .value(api.token_lifetime.as_secs().to_string())
            .hint("86400 is a day. At most 2592000, which is 30 days.")
            .fault(faults.token_lifetime),
        Field::new("token_lifetime_for_web", "Token lifetime in a browser, in seconds")
            .control(Control::Line("number"))
            .value(api.token_lifetime_for_web.as_secs().to_string())
            .hint(
                "For single-page applications, which cannot keep a token as well as a server can.",
            )
            .fault(faults.token_lifetime_for_web),
        Field::new("token_dialect", "Token dialect")
            .control(choice(&dialects))
            .value(api.token_dialect.name())
            .hint("Which claims a token is written with.")
            .fault(faults.token_dialect),
        Field::new("signing_algorithm", "Signing algorithm")
            .control(choice(&algorithms))
            .value(api.signing_algorithm.name())
            .hint("RS256 is what every library for Auth0 knows.")
            .fault(faults.signing_algorithm),
    ]
}

fn dialect_in_words(dialect: TokenDialect) -> &'static str {
    match dialect {
        TokenDialect::AccessToken => "Auth0 (access_token)",
        TokenDialect::AccessTokenAuthz => "Auth0, with permissions (access_token_authz)",
        TokenDialect::Rfc9068Profile => "RFC 9068 (rfc9068_profile)",
        TokenDialect::Rfc9068ProfileAuthz => "RFC 9068, with permissions (rfc9068_profile_authz)",
    }
}
