//! `GET /activity`: the newest first, all or some. The script asks the same address for JSON.

use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CACHE_CONTROL, VARY};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::SECTION;
use super::words::{Line, Names, line};
use crate::dashboard::Administrator;
use crate::dashboard::trouble::Trouble;
use crate::model::ActivityFilter;
use crate::pages::pieces::{Control, Field};
use crate::pages::{Frame, Section, html};
use crate::tenant::Tenant;

/// As many as fit on a page that one still reads.
const ON_A_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "dashboard/activity/list.html")]
struct List {
    frame: Frame,
    filters: Vec<Field>,
    is_filtered: bool,
    /// This page again.
    here: String,
    lines: Vec<Line>,
    /// Whether it is the newest page, which the script keeps fresh.
    is_newest: bool,
    older: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    show: String,
    application: String,
    api: String,
    before: String,
}

pub(super) async fn show(
    State(tenant): State<Tenant>,
    administrator: Administrator,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let filter = ActivityFilter {
        refused: asked.show == "refused",
        client_id: some(&asked.application),
        audience: some(&asked.api),
    };
    let before = some(&asked.before);
    let names = Names::read(&tenant).await?;
    let mut entries = tenant.activity_of(&filter, before.as_deref(), ON_A_PAGE + 1).await?;
    let more = entries.len() > ON_A_PAGE as usize;
    entries.truncate(ON_A_PAGE as usize);
    let lines: Vec<Line> = entries.into_iter().map(|entry| line(&tenant, &names, entry)).collect();
    if wants_json(&headers) {
        return Ok(([(CACHE_CONTROL, "no-store"), (VARY, "Accept")], Json(lines)).into_response());
    }
    let oldest = lines.last().map(|line| line.id.clone()).filter(|_| more);
    Ok(html(&List {
        frame: Frame::new(Section::Activity, administrator.csrf),
        filters: filters(&asked, &names),
        is_filtered: filter.refused || filter.client_id.is_some() || filter.audience.is_some(),
        here: asked.address(""),
        is_newest: before.is_none(),
        older: oldest.map(|id| asked.address(&id)),
        lines,
    }))
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json")
}

fn filters(asked: &Asked, names: &Names) -> Vec<Field> {
    let choice = |name, label, all: &str, value: &str, mut options: Vec<(String, String)>| {
        options.sort_by(|a, b| a.1.cmp(&b.1));
        options.insert(0, (String::new(), all.to_owned()));
        Field::new(name, label).value(value).control(Control::Choice(options))
    };
    let pairs = |names: &std::collections::HashMap<String, String>| {
        names.iter().map(|(id, name)| (id.clone(), name.clone())).collect()
    };
    let refused = vec![("refused".to_owned(), "Refused".to_owned())];
    vec![
        choice("show", "Show", "All", &asked.show, refused),
        choice("application", "Application", "Any", &asked.application, pairs(&names.applications)),
        choice("api", "API", "Any", &asked.api, pairs(&names.apis)),
    ]
}

impl Asked {
    /// The same filters, before this entry.
    fn address(&self, before: &str) -> String {
        let mut query = Serializer::new(String::new());
        let all = [
            ("show", self.show.as_str()),
            ("application", &self.application),
            ("api", &self.api),
            ("before", before),
        ];
        for (name, value) in all.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { SECTION.to_owned() } else { format!("{SECTION}?{query}") }
    }
}
