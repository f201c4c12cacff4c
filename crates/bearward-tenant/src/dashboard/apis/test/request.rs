//! The request with a token: its samples, and Call my API.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use url::Url;

use super::meaning::Meaning;
use super::page::{TestPage, target_setting};
use super::subject::{Chosen, Subject};
use super::trail::Decision;
use crate::dashboard::Administrator;
use crate::dashboard::call;
use crate::dashboard::sent::Sent;
use crate::dashboard::trouble::Trouble;
use crate::error::TenantError;
use crate::model::Event;
use crate::pages::pieces::{AnswerCard, Challenge};
use crate::pages::{FormTarget, html, html_with};
use crate::tenant::Tenant;

/// As long as an address that anybody types.
const MAX_TARGET_BYTES: usize = 2048;

/// As long as a token that a header carries.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// `POST /apis/{id}/test/request`: the samples for another address.
pub(in crate::dashboard) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let request = Request::read(&tenant, administrator, &id, &sent).await?;
    let fault = Url::parse(&request.page.target)
        .err()
        .map(|error| format!("Expected an address with http or https, found {error}."));
    Ok(request.answer(&tenant, fault))
}

/// `POST /apis/{id}/test/call`: calls the API, in development mode alone.
pub(in crate::dashboard) async fn call(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Trouble> {
    let mut request = Request::read(&tenant, administrator, &id, &sent).await?;
    if !tenant.is_development() {
        let off = "Call my API is off: this tenant is not in development mode.".to_owned();
        return Ok(request.answer(&tenant, Some(off)));
    }
    match call::target(&request.page.target) {
        Err(fault) => Ok(request.answer(&tenant, Some(fault))),
        Ok(target) => {
            request.call(&tenant, &target).await;
            Ok(request.answer(&tenant, None))
        }
    }
}

/// A token and where it is to go.
struct Request {
    page: TestPage,
    token: String,
}

impl Request {
    async fn read(
        tenant: &Tenant,
        administrator: Administrator,
        id: &str,
        sent: &Sent,
    ) -> Result<Request, TenantError> {
        let ticked: Vec<&str> = sent.all("scope").collect();
        let chosen = Chosen::from(sent);
        let mut page = TestPage::read(tenant, administrator, id, chosen, Some(&ticked)).await?;
        let target = sent.trimmed("target");
        if !target.is_empty() && target.len() <= MAX_TARGET_BYTES {
            target.clone_into(&mut page.target);
            if Url::parse(target).is_ok() {
                tenant.store().put_setting(&target_setting(&page.head.api), target).await?;
            }
        }
        let mut token = sent.trimmed("token").to_owned();
        token.retain(|c| c.is_ascii_graphic());
        if token.len() > MAX_TOKEN_BYTES {
            token.clear();
        }
        Ok(Request { page, token })
    }

    /// The page with the token on it, and with what was wrong with the address.
    fn answer(mut self, tenant: &Tenant, fault: Option<String>) -> Response {
        let status = if fault.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        self.page.show_token(tenant, self.token, fault);
        if status == StatusCode::OK {
            return html(&self.page);
        }
        html_with(status, &FormTarget::Here, &self.page)
    }

    async fn call(&mut self, tenant: &Tenant, target: &Url) {
        let answer = call::call(tenant.clock(), target, &self.token).await;
        let name = self.page.subject.as_ref().map_or("nobody", Subject::name);
        let asked = format!("GET {target}");
        let sent = format!("with the token of {name}");
        let api = &self.page.head.api;
        let held = held_scopes(&self.token, tenant.now());
        let (card, meaning) = match answer {
            Err(no_answer) => {
                let meaning = Meaning::of_silence(&no_answer, target);
                let card = AnswerCard {
                    asked,
                    sent,
                    status: None,
                    reason: meaning.reason_phrase.to_owned(),
                    took: None,
                    challenges: Vec::new(),
                    body: String::new(),
                    meaning: meaning.says.clone(),
                };
                (card, meaning)
            }
            Ok(answer) => {
                let challenges = Challenge::all(&answer.challenges);
                let meaning = Meaning::of(&answer, &challenges, tenant.issuer(), api, &held);
                let mut body = AnswerCard::body(&answer.body);
                if answer.is_cut {
                    body.push_str("\n… the rest is not shown: 4 KiB are.");
                }
                let card = AnswerCard {
                    asked,
                    sent,
                    status: Some(answer.status),
                    reason: answer.phrase.to_owned(),
                    took: Some(answer.took),
                    challenges,
                    body,
                    meaning: meaning.says.clone(),
                };
                (card, meaning)
            }
        };
        self.record(tenant, target, &card, &meaning);
        if let Some(subject) = &self.page.subject
            && !meaning.lacking.is_empty()
        {
            let lacking: Vec<&str> = meaning.lacking.iter().map(String::as_str).collect();
            self.page.steps = Decision { api, subject }.steps_for_weak_token(&lacking);
        }
        self.page.answer = Some(card);
    }

    /// The address without its query: people put secrets there.
    fn record(&self, tenant: &Tenant, target: &Url, card: &AnswerCard, meaning: &Meaning) {
        let status = card.status.map_or_else(|| card.reason.clone(), |status| status.to_string());
        let lacking = meaning.lacking.join(" ");
        let subject = self.page.subject.as_ref();
        tenant.record(Event {
            event: "api_call",
            reason: meaning.reason,
            detail: format!(
                "GET {}{}: {status}",
                target.origin().ascii_serialization(),
                target.path()
            ),
            client_id: subject.map(|subject| subject.application.client_id.clone()),
            user_id: subject.and_then(|subject| subject.user.as_ref()).map(|u| u.user_id.clone()),
            audience: Some(self.page.head.api.identifier.clone()),
            scope: Some(lacking).filter(|lacking| !lacking.is_empty()),
        });
    }
}

/// What the token says that it allows.
fn held_scopes(token: &str, now: i64) -> Vec<String> {
    let view = crate::pages::pieces::TokenView::new(token, now);
    let scope = view.rows.into_iter().find(|row| row.name == "scope").map(|row| row.value);
    scope.unwrap_or_default().split(' ').map(str::to_owned).collect()
}
