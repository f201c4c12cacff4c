//! The tenant as its clients meet it: over HTTP, on a real socket.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod activity;
mod administrator;
mod allowed_hosts;
mod authorization_code;
mod authorize;
mod browser;
mod client_authentication;
mod consent;
mod dashboard;
mod dashboard_activity;
mod dashboard_apis;
mod dashboard_applications;
mod dashboard_call;
mod dashboard_keys;
mod dashboard_test;
mod dashboard_users;
mod id_token;
mod limits;
mod log;
mod login;
mod logout;
mod metadata;
mod refresh_token;
mod responses;
mod revocation;
mod revoke;
mod routes;
mod served;
mod shop;
mod signing_keys;
mod token_request;
mod tokens;
mod userinfo;
