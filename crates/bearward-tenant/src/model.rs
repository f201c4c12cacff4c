//! What a tenant knows, in Auth0's words. No SQL and no HTTP below here.

mod api;
mod application;
mod application_type;
mod grant;
mod name;
mod role;
mod scope;
mod token_dialect;
mod user;
mod web_address;

pub use api::{Api, NewApi, Permission, SigningAlgorithm};
pub(crate) use application::ClientAuthentication;
pub use application::{Application, CreatedApplication, NewApplication};
pub use application_type::{ApplicationType, GrantType};
pub use grant::Grant;
pub(crate) use grant::ScopeRefused;
pub use role::{HeldPermission, Role};
pub use token_dialect::TokenDialect;
pub use user::{NewUser, User};
pub(crate) use user::{check_password, normal_email};
