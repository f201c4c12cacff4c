//! Quickstart: code that guards the API, with the person's own values.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::head::{Head, View};
use crate::dashboard::Administrator;
use crate::dashboard::done::DoneQuery;
use crate::dashboard::trouble::Trouble;
use crate::model::Api;
use crate::pages::Frame;
use crate::pages::html;
use crate::pages::pieces::Sample;
use crate::quickstarts::FRAMEWORKS;
use crate::tenant::Tenant;

/// What the code asks for when the API has no permission yet.
const FIRST_PERMISSION: &str = "read:messages";

#[derive(Template)]
#[template(path = "dashboard/api/quickstart.html")]
struct Quickstart {
    frame: Frame,
    head: Head,
    issuer: String,
    /// The code would stop at the certificate: on this machine it is of the local CA, as a rule.
    is_of_local_ca: bool,
    samples: Vec<Sample>,
}

/// `GET /apis/{id}`.
pub(in crate::dashboard) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let (frame, head) = Head::read(&tenant, administrator, &id, View::Quickstart).await?;
    let frame = frame.after(query.done);
    let samples = samples(tenant.issuer(), &head.api);
    let issuer = tenant.issuer().to_owned();
    let is_of_local_ca = tenant.is_development() && issuer.starts_with("https:");
    Ok(html(&Quickstart { frame, head, issuer, is_of_local_ca, samples }))
}

/// The code of each framework, for this API.
pub(in crate::dashboard) fn samples(issuer: &str, api: &Api) -> Vec<Sample> {
    let permission = api.permissions.first().map_or(FIRST_PERMISSION, |first| &first.value);
    let domain = issuer.split_once("://").map_or(issuer, |(_, rest)| rest).trim_end_matches('/');
    let own = [issuer, api.identifier.as_str(), permission, domain];
    let sample = FRAMEWORKS.iter().map(|framework| {
        let code = framework.render(issuer, &api.identifier, permission);
        let sample = Sample::new(framework.id, framework.name, &code, &own);
        sample.note(format!("Needs: {}", framework.install))
    });
    sample.collect()
}
