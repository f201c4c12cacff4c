//! `/applications/{client_id}/credentials`: by what an application proves that it is itself.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::DoneQuery;
use crate::dashboard::trouble::Trouble;
use crate::model::Application;
use crate::pages::pieces::{Danger, Meaning};
use crate::pages::{Flash, Frame, Section, html};
use crate::secret::ClientSecret;
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/applications/credentials.html")]
struct Credentials {
    frame: Frame,
    head: Head,
    is_public: bool,
    /// The secret that was just made; the tenant itself keeps a hash.
    secret: Option<String>,
    rotate: Danger,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(client_id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let application = tenant.application(&client_id).await?;
    let frame = Frame::new(Section::Applications, administrator.csrf).after(query.done);
    page(&tenant, frame, &application, None).await
}

/// Makes another secret, and shows it in the answer: it is nowhere else.
pub(super) async fn rotate(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(client_id): Path<String>,
) -> Result<Response, Trouble> {
    let secret = tenant.rotate_client_secret(&client_id).await?;
    let application = tenant.application(&client_id).await?;
    with_secret(&tenant, &administrator, &application, &secret).await
}

/// The page with a secret that was just made.
pub(super) async fn with_secret(
    tenant: &Tenant,
    administrator: &Administrator,
    application: &Application,
    secret: &ClientSecret,
) -> Result<Response, Trouble> {
    let mut frame = Frame::new(Section::Applications, administrator.csrf.clone());
    frame.flash = Some(Flash {
        meaning: Meaning::Attention,
        word: "Copy the secret now",
        says: "The tenant keeps a hash of it and cannot show it again.".to_owned(),
        next: Some(("I have it".to_owned(), View::Quickstart.path(&application.client_id))),
    });
    page(tenant, frame, application, Some(secret.expose().to_owned())).await
}

async fn page(
    tenant: &Tenant,
    frame: Frame,
    application: &Application,
    secret: Option<String>,
) -> Result<Response, Trouble> {
    Ok(html(&Credentials {
        frame,
        head: Head::new(tenant, application, View::Credentials).await?,
        is_public: application.is_public(),
        secret,
        rotate: Danger {
            id: "rotate",
            title: "Rotate the client secret".to_owned(),
            breaks: vec![
                "Every program that still uses the old secret gets 401 from now on.".to_owned(),
                "Access tokens that it has are good until they expire.".to_owned(),
            ],
            action: View::Credentials.path(&application.client_id),
            button: "Rotate secret".to_owned(),
            typed: None,
            fields: Vec::new(),
        },
    }))
}
