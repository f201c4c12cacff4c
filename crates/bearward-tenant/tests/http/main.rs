//! The tenant as its clients meet it: over HTTP, on a real socket.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod activity;
mod client_authentication;
mod dashboard;
mod log;
mod metadata;
mod served;
mod token_request;
mod tokens;
