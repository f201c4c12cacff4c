//! Extractors, the router that takes no route without a requirement, and RFC 9728 metadata, for
//! axum 0.8.
//!
//! Feature `axum`.

mod extract;
mod metadata;
mod router;

pub use router::{GuardedRoute, GuardedRouter};
