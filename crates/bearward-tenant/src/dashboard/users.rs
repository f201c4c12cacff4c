//! Users: who logs in, which roles they have, and what they may do.

mod create;
mod details;
mod head;
mod list;
mod permissions;
mod roles;

use axum::routing::{MethodRouter, get, post};

pub(super) use list::{Half, tabs};

use crate::tenant::Tenant;

const SECTION: &str = "/users";

pub(super) fn routes() -> Vec<(&'static str, MethodRouter<Tenant>)> {
    vec![
        ("/users", get(list::show)),
        ("/users/new", get(create::show).post(create::create)),
        ("/users/{user_id}", get(details::show).post(details::save)),
        ("/users/{user_id}/block", post(details::block)),
        ("/users/{user_id}/unblock", post(details::unblock)),
        ("/users/{user_id}/password", post(details::set_password)),
        ("/users/{user_id}/delete", post(details::delete)),
        ("/users/{user_id}/roles", get(roles::show).post(roles::save)),
        ("/users/{user_id}/permissions", get(permissions::show).post(permissions::give)),
        ("/users/{user_id}/permissions/take", post(permissions::take)),
    ]
}

/// Where one user begins.
pub(super) fn path(user_id: &str) -> String {
    super::words::below(SECTION, user_id)
}
