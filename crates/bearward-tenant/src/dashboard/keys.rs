//! Signing keys: what tokens are signed with, and what was.

mod list;
mod revoke;

use axum::routing::{MethodRouter, get, post};

use crate::tenant::Tenant;

const SECTION: &str = "/keys";

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<Tenant>)> {
    vec![
        ("/keys", get(list::show)),
        ("/keys/rotate", post(list::rotate)),
        ("/keys/{kid}/certificate.pem", get(list::certificate)),
        ("/keys/{kid}/revoke", get(revoke::show).post(revoke::revoke)),
    ]
}
