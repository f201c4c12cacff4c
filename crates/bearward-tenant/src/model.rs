//! What a tenant knows, in Auth0's words. No SQL and no HTTP below here.

mod api;
mod name;
mod scope;
mod token_dialect;

pub use api::{Api, NewApi, Permission, SigningAlgorithm};
pub use token_dialect::TokenDialect;
