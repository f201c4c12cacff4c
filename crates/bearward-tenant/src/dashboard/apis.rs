//! The APIs that tokens can be for.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::Administrator;
use super::access::internal;
use crate::model::Api;
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/apis.html")]
struct Apis {
    frame: Frame,
    apis: Vec<Api>,
}

/// `GET /`.
pub(super) async fn go() -> Response {
    Redirect::to("/apis").into_response()
}

/// `GET /apis`.
pub(super) async fn list(State(tenant): State<Tenant>, administrator: Administrator) -> Response {
    match tenant.apis().await {
        Ok(apis) => html(&Apis { frame: Frame::new(Section::Apis, administrator.csrf), apis }),
        Err(error) => internal(&error),
    }
}
