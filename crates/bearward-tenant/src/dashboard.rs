//! The dashboard: where a person sets the tenant up.
//!
//! It lives on `127.0.0.1` when the issuer lives on `localhost`: cookies ignore ports, so that
//! every program on `localhost` would otherwise be sent the dashboard's.

mod access;
mod activity;
mod address;
mod apis;
mod applications;
mod call;
mod done;
mod enter;
pub(crate) mod first_link;
mod get_started;
mod keys;
mod roles;
mod sent;
mod test_application;
mod trouble;
mod users;
mod words;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

pub(crate) use access::Administrator;
pub(crate) use address::dashboard_origin;

use crate::tenant::Tenant;

/// The pages for which one need not be logged in.
fn open_routes() -> Vec<(&'static str, MethodRouter<Tenant>)> {
    vec![
        ("/login", get(enter::show_login).post(enter::log_in)),
        ("/setup", get(enter::show_link).post(enter::use_link)),
        ("/setup/password", post(enter::set_password)),
    ]
}

/// The pages for administrators. A route that is added here is closed to everyone else.
fn guarded_routes() -> Vec<(&'static str, MethodRouter<Tenant>)> {
    let mut routes = vec![
        ("/", get(get_started::show)),
        ("/get-started", post(get_started::create)),
        ("/apis", get(apis::list).post(apis::create::create)),
        ("/apis/new", get(apis::create::ask)),
        ("/apis/{id}", get(apis::quickstart::show)),
        ("/apis/{id}/settings", get(apis::settings::show).post(apis::settings::save)),
        ("/apis/{id}/delete", post(apis::settings::delete)),
        ("/apis/{id}/permissions", get(apis::permissions::show).post(apis::permissions::put)),
        (
            "/apis/{id}/permissions/delete",
            get(apis::permissions::ask).post(apis::permissions::remove),
        ),
        ("/apis/{id}/access", get(apis::access::show).post(apis::access::save)),
        ("/apis/{id}/access/authorize", post(apis::access::authorize)),
        ("/apis/{id}/access/withdraw", post(apis::access::withdraw)),
        ("/apis/{id}/test", get(apis::test::show).post(apis::test::take)),
        ("/apis/{id}/test/application", post(apis::test::make_application)),
        ("/apis/{id}/test/request", post(apis::test::show_request)),
        ("/apis/{id}/test/call", post(apis::test::call)),
        ("/logout", post(enter::log_out)),
    ];
    routes.extend(applications::routes());
    routes.extend(users::routes());
    routes.extend(roles::routes());
    routes.extend(keys::routes());
    routes.extend(activity::routes());
    routes
}

/// Every path of the dashboard.
pub(crate) fn paths() -> impl Iterator<Item = &'static str> {
    open_routes().into_iter().chain(guarded_routes()).map(|(path, _)| path)
}

pub(crate) fn router(tenant: &Tenant) -> Router<Tenant> {
    let add = |router: Router<Tenant>, (path, route)| router.route(path, route);
    let open = open_routes().into_iter().fold(Router::new(), add);
    let guarded = guarded_routes()
        .into_iter()
        .fold(Router::new(), add)
        .layer(from_fn_with_state(tenant.clone(), access::guard));
    open.merge(guarded).layer(from_fn_with_state(tenant.clone(), address::only_here))
}
