//! What a tenant knows, in Auth0's words. No SQL and no HTTP below here.

mod api;
mod application;
mod grant;
mod name;
mod scope;
mod token_dialect;

pub use api::{Api, NewApi, Permission, SigningAlgorithm};
pub use application::CreatedApplication;
pub(crate) use application::{Application, ClientAuthentication};
pub(crate) use grant::{Grant, ScopeRefused};
pub use token_dialect::TokenDialect;
