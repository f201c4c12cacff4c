//! For testing APIs that bearward guards: keys, a clock, tokens good and broken, an issuer that
//! fails on demand, and [`matrix`], which asks every route of a router what it should refuse.
//!
//! # Example
//! ```
//! use axum::routing::get;
//! use bearward::{open, scope};
//! use bearward_testkit::{Mint, matrix};
//!
//! # #[tokio::main]
//! # async fn main() {
//! let mint = Mint::new("https://login.example.com/", "https://api.example.com");
//! let api = mint.resource_server();
//! let router = api
//!     .router()
//!     .route("/public", open(), get(async || "hello"))
//!     .route("/messages", scope("read:messages"), get(async || "all messages"));
//! let routes = router.routes().to_vec();
//! matrix(router.into_router(), &routes, &mint).await.unwrap();
//! # }
//! ```
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot be set up stops at once, and says why"
)]

mod check;
mod clock;
mod http;
mod issuer;
pub mod keys;
mod matrix;
mod mint;
mod reasons;
pub mod rules;
mod samples;
pub mod vectors;

pub use check::check;
pub use clock::ManualClock;
pub use http::{Answer, Served, send, serve};
pub use issuer::{KeysAnswer, TestIssuer};
pub use matrix::{MatrixReport, Mismatch, matrix};
pub use mint::{Mint, Token};
pub use reasons::serve_with_reasons;
pub use samples::{Sample, samples};
