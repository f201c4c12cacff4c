//! What a tenant knows, in Auth0's words. No SQL and no HTTP below here.

mod activity;
mod api;
mod application;
mod application_type;
mod authorization;
mod code_challenge;
mod grant;
mod name;
mod role;
mod scope;
mod session;
mod token_dialect;
mod token_family;
mod user;
mod user_scopes;
mod web_address;

pub use activity::Activity;
pub(crate) use activity::Event;
pub use api::{Api, NewApi, Permission, SigningAlgorithm};
pub(crate) use application::ClientAuthentication;
pub use application::{Application, CreatedApplication, NewApplication};
pub use application_type::{ApplicationType, GrantType};
pub use authorization::{Authorization, AuthorizationCode};
pub(crate) use code_challenge::{challenge_matches, is_code_challenge, is_code_verifier};
pub use grant::Grant;
pub(crate) use grant::ScopeRefused;
pub use role::{HeldPermission, Role};
pub(crate) use scope::is_scope_token;
pub(crate) use session::Session;
pub use token_dialect::TokenDialect;
pub(crate) use token_family::{NewCode, TokenFamily};
pub use user::{NewUser, User};
pub(crate) use user::{check_password, normal_email};
pub(crate) use user_scopes::{OPENID_SCOPES, UserScopes};
