//! The tenant as its clients meet it: over HTTP, on a real socket.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod activity;
mod authorization_code;
mod client_authentication;
mod dashboard;
mod id_token;
mod log;
mod metadata;
mod refresh_token;
mod revoke;
mod served;
mod shop;
mod signing_keys;
mod token_request;
mod tokens;
mod userinfo;
