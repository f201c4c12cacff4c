//! Guards HTTP APIs that take OAuth 2.0 access tokens.

mod algorithm;
#[cfg(feature = "sign")]
pub mod sign;

pub use algorithm::Algorithm;
