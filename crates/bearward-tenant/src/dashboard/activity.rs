//! Activity: what happened, why a request was refused, and how to mend it.

mod entry;
mod list;
mod mend;
mod words;

use axum::routing::{MethodRouter, get, post};

use crate::tenant::Tenant;

const SECTION: &str = "/activity";

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<Tenant>)> {
    vec![
        ("/activity", get(list::show)),
        ("/activity/{id}", get(entry::show)),
        ("/activity/{id}/mend", post(entry::mend)),
    ]
}
