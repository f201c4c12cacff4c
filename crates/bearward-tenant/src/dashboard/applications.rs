//! Applications: who asks for tokens.

mod apis;
mod create;
mod credentials;
mod head;
mod list;
mod quickstart;
mod settings;
mod types;

use axum::routing::{MethodRouter, get, post};

use crate::tenant::Tenant;

const SECTION: &str = "/applications";

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<Tenant>)> {
    vec![
        ("/applications", get(list::show)),
        ("/applications/new", get(create::show).post(create::create)),
        ("/applications/{client_id}", get(quickstart::show)),
        ("/applications/{client_id}/settings", get(settings::show).post(settings::save)),
        ("/applications/{client_id}/delete", post(settings::delete)),
        ("/applications/{client_id}/credentials", get(credentials::show).post(credentials::rotate)),
        ("/applications/{client_id}/apis", get(apis::show).post(apis::save)),
        ("/applications/{client_id}/apis/authorize", post(apis::authorize)),
        ("/applications/{client_id}/apis/withdraw", post(apis::withdraw)),
    ]
}

/// Where one application begins.
pub(super) fn path(client_id: &str) -> String {
    super::words::below(SECTION, client_id)
}
