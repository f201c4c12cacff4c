//! Roles: permissions that are given to users together.

mod create;
mod details;
mod head;
mod list;
mod permissions;
mod users;

use axum::routing::{MethodRouter, get, post};

use crate::tenant::Tenant;

const SECTION: &str = "/roles";

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<Tenant>)> {
    vec![
        ("/roles", get(list::show)),
        ("/roles/new", get(create::show).post(create::create)),
        ("/roles/{role_id}", get(details::show).post(details::save)),
        ("/roles/{role_id}/delete", post(details::delete)),
        ("/roles/{role_id}/permissions", get(permissions::show).post(permissions::save)),
        ("/roles/{role_id}/users", get(users::show).post(users::give)),
        ("/roles/{role_id}/users/take", post(users::take)),
    ]
}
