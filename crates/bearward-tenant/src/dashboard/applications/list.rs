//! `GET /applications`.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::head::{View, may_call};
use super::types;
use crate::dashboard::Administrator;
use crate::dashboard::done::DoneQuery;
use crate::dashboard::trouble::Trouble;
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/applications/list.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    href: String,
    type_name: &'static str,
    client_id: String,
    may_call: String,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let grants = tenant.grants().await?;
    let rows = tenant.applications().await?.into_iter().map(|application| Row {
        href: View::Quickstart.path(&application.client_id),
        type_name: types::words(application.app_type).name,
        may_call: may_call(&application, &grants),
        name: application.name,
        client_id: application.client_id,
    });
    let frame = Frame::new(Section::Applications, administrator.csrf).after(query.done);
    Ok(html(&List { frame, rows: rows.collect() }))
}
