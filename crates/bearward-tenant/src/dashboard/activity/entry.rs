//! `GET /activity/{id}`: one entry: what was asked, the rule that failed, and the mend.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::SECTION;
use super::mend::Plan;
use super::words::{Line, Names, line};
use crate::dashboard::Administrator;
use crate::dashboard::done::{Done, DoneQuery};
use crate::dashboard::trouble::Trouble;
use crate::dashboard::words::below;
use crate::dashboard::{applications, users};
use crate::mends::{Rule, rule};
use crate::model::Activity;
use crate::pages::pieces::{Mend, Outcome, Step, visible};
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

#[derive(Template)]
#[template(path = "dashboard/activity/entry.html")]
struct Entry {
    frame: Frame,
    line: Line,
    detail: String,
    /// Name and page; the page is empty when it is gone.
    application: Option<(String, String)>,
    user: Option<(String, String)>,
    api: Option<(String, String)>,
    scope: String,
    /// Nothing when it went well.
    refusal: Option<Refused>,
}

struct Refused {
    rule: &'static Rule,
    steps: Vec<Step>,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Response, Trouble> {
    let Some(entry) = tenant.store().activity_entry(&id).await? else { return Ok(gone()) };
    let names = Names::read(&tenant).await?;
    let refusal = match &entry.reason {
        Some(reason) => {
            let plan = Plan::of(&tenant, &entry).await?;
            Some(Refused { rule: rule(reason), steps: steps(&entry, rule(reason), plan) })
        }
        None => None,
    };
    let page = Entry {
        frame: Frame::new(Section::Activity, administrator.csrf).after(query.done),
        detail: visible(&entry.detail),
        application: entry.client_id.as_ref().map(|id| match names.applications.get(id) {
            Some(name) => (name.clone(), applications::path(id)),
            None => (visible(id), String::new()),
        }),
        user: match &entry.user_id {
            Some(id) => Some(match tenant.store().user(id).await? {
                Some(user) => (user.email, users::path(id)),
                None => (visible(id), String::new()),
            }),
            None => None,
        },
        api: match &entry.audience {
            Some(audience) => Some(match tenant.store().api(audience).await? {
                Some(api) => (api.name, below("/apis", &api.id)),
                None => (visible(audience), String::new()),
            }),
            None => None,
        },
        scope: visible(entry.scope.as_deref().unwrap_or_default()),
        line: line(&tenant, &names, entry),
        refusal,
    };
    Ok(html(&page))
}

/// The rule that failed, with the mend beside it.
fn steps(entry: &Activity, rule: &Rule, plan: Plan) -> Vec<Step> {
    let mend = match (plan.label(), plan) {
        (Some(label), _) => Mend::Apply {
            label: visible(&label),
            action: format!("{}/mend", below(SECTION, &entry.id)),
            fields: Vec::new(),
        },
        (None, Plan::Open { label, href }) => Mend::Open { label: visible(&label), href },
        (None, _) => Mend::None,
    };
    vec![Step {
        outcome: Outcome::Failed,
        what: rule.rule.to_owned(),
        found: visible(&entry.detail),
        mend,
    }]
}

/// Does what the page of the entry offers.
pub(super) async fn mend(
    State(tenant): State<Tenant>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let Some(entry) = tenant.store().activity_entry(&id).await? else { return Ok(gone()) };
    let plan = Plan::of(&tenant, &entry).await?;
    let page = below(SECTION, &id);
    if plan.label().is_none() {
        return Ok(Redirect::to(&page).into_response());
    }
    plan.apply(&tenant).await?;
    Ok(Done::Mended.at(&page))
}

fn gone() -> Response {
    let says = "This entry is not here: the last 10,000 are kept.\n";
    (StatusCode::NOT_FOUND, says).into_response()
}
