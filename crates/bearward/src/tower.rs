//! A guard for any HTTP service: [`GuardLayer`] and [`Guard`].
//!
//! Feature `tower`. The path of a request whose key is known is synchronous: no box, no wait.

mod guard;
mod respond;

pub use guard::{Guard, GuardFuture, GuardLayer};
#[cfg(feature = "axum")]
pub(crate) use {
    guard::{NotLooked, Passed, passed, tell},
    respond::respond,
};
