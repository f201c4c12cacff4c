//! The servers: each guards the same three routes for the same issuer and audience, as its own
//! documentation does it, with its own defaults.

#[cfg(feature = "others")]
mod express;
#[cfg(feature = "others")]
mod huskarl;
#[cfg(feature = "others")]
mod jwt_authorizer;
#[cfg(feature = "others")]
mod oauth_resource_server;
mod ours;

use std::net::SocketAddr;

use crate::versions;

/// Whose tokens the servers take, and for which API.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) audience: &'a str,
}

/// A server that runs until this is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// What ends the server when it is dropped.
    _running: Box<dyn Send + Sync>,
}

impl Server {
    fn new(address: SocketAddr, running: impl Send + Sync + 'static) -> Server {
        Server { address, _running: Box::new(running) }
    }
}

/// A library that guards a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    Ours,
    #[cfg(feature = "others")]
    Huskarl,
    #[cfg(feature = "others")]
    OauthResourceServer,
    #[cfg(feature = "others")]
    JwtAuthorizer,
    #[cfg(feature = "others")]
    Express,
}

impl Library {
    /// Ours first.
    pub(crate) const ALL: &[Library] = &[
        Library::Ours,
        #[cfg(feature = "others")]
        Library::Huskarl,
        #[cfg(feature = "others")]
        Library::OauthResourceServer,
        #[cfg(feature = "others")]
        Library::JwtAuthorizer,
        #[cfg(feature = "others")]
        Library::Express,
    ];

    /// The name of its package.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Library::Ours => "bearward",
            #[cfg(feature = "others")]
            Library::Huskarl => "huskarl-resource-server",
            #[cfg(feature = "others")]
            Library::OauthResourceServer => "oauth-resource-server",
            #[cfg(feature = "others")]
            Library::JwtAuthorizer => "jwt-authorizer",
            #[cfg(feature = "others")]
            Library::Express => "express-oauth2-jwt-bearer",
        }
    }

    /// The version that was installed.
    pub(crate) fn version(self) -> anyhow::Result<String> {
        match self {
            #[cfg(feature = "others")]
            Library::Express => versions::of_package(&express::folder(), self.name()),
            _ => versions::of_crate(self.name()),
        }
    }

    /// Starts a server on a free port.
    pub(crate) async fn start(self, setting: Setting<'_>) -> anyhow::Result<Server> {
        match self {
            Library::Ours => ours::start(setting).await,
            #[cfg(feature = "others")]
            Library::Huskarl => huskarl::start(setting).await,
            #[cfg(feature = "others")]
            Library::OauthResourceServer => oauth_resource_server::start(setting).await,
            #[cfg(feature = "others")]
            Library::JwtAuthorizer => jwt_authorizer::start(setting).await,
            #[cfg(feature = "others")]
            Library::Express => express::start(setting).await,
        }
    }
}
