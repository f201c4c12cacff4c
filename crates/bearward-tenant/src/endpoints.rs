//! What the tenant serves: one endpoint a file.

pub(crate) mod authorization_server_metadata;
pub(crate) mod authorize;
pub(crate) mod confirm_logout;
pub(crate) mod consent;
pub(crate) mod end_session;
pub(crate) mod jwks;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod revoke;
pub(crate) mod token;
pub(crate) mod userinfo;
