//! The APIs that tokens can be for: the list, and the views of one.

pub(super) mod access;
pub(super) mod create;
mod head;
pub(super) mod permissions;
pub(super) mod quickstart;
pub(super) mod settings;
pub(super) mod test;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::Administrator;
use super::done::DoneQuery;
use super::trouble::Trouble;
use crate::model::{Api, Usage};
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

pub(super) use quickstart::samples as quickstart_samples;

#[derive(Template)]
#[template(path = "dashboard/apis.html")]
struct Apis {
    frame: Frame,
    apis: Vec<(Api, Usage)>,
}

/// `GET /apis`.
pub(super) async fn list(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let mut apis = Vec::new();
    for api in tenant.apis().await? {
        let usage = tenant.store().api_usage(&api.id).await?;
        apis.push((api, usage));
    }
    let frame = Frame::new(Section::Apis, administrator.csrf).after(query.done);
    Ok(html(&Apis { frame, apis }))
}
