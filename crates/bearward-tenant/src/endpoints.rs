//! What the tenant serves: one endpoint a file.

pub(crate) mod authorization_server_metadata;
pub(crate) mod jwks;
pub(crate) mod revoke;
pub(crate) mod token;
pub(crate) mod userinfo;
