//! A local authorization server that speaks Auth0's dialect: APIs, applications, users, tokens, and
//! a dashboard to look after them.
//!
//! Name an API and its permissions, make an application, grant it what it may do, and serve the
//! router. Applications then fetch access tokens as they do from Auth0:
//!
//! ```
//! use bearward_tenant::{ApplicationType, NewApi, NewApplication, Tenant};
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! let tenant = Tenant::in_memory("http://localhost:3011/").await?;
//! let messages = NewApi::new("Messages", "http://localhost:3010")
//!     .permission("read:messages", "Read messages");
//! tenant.create_api(messages).await?;
//! let report = NewApplication::new("Nightly report", ApplicationType::NonInteractive);
//! let created = tenant.create_application(report).await?;
//! let client_id = &created.application.client_id;
//! tenant.grant(client_id, "http://localhost:3010", &["read:messages"]).await?;
//!
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3011").await?;
//! axum::serve(listener, tenant.router()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! | route | what it gives | source |
//! | --- | --- | --- |
//! | `GET /.well-known/oauth-authorization-server` | what the server can do | RFC 8414 |
//! | `GET /.well-known/openid-configuration` | the same, for OpenID Connect's readers | OpenID Connect Discovery 1.0 |
//! | `GET /.well-known/jwks.json` | the public keys, current and next | RFC 7517 |
//! | `POST /oauth/token` | tokens, by `authorization_code`, `refresh_token` and `client_credentials` | RFC 6749, OpenID Connect Core |
//! | `POST /oauth/revoke` | ends a refresh token and all that came of the same login | RFC 7009 |
//! | `GET`, `POST /userinfo` | who has logged in | OpenID Connect Core section 5.3 |
//! | `GET`, `POST /authorize` | a code, once the user has logged in | RFC 6749 section 4.1, OpenID Connect Core |
//! | `GET`, `POST /u/login` | the page on which users log in | OpenID Connect Core section 3.1.2.3 |
//! | `GET`, `POST /u/consent` | the page on which they say what an application may have | OpenID Connect Core section 3.1.2.4 |
//! | `GET /v2/logout` | the end of the login, Auth0's way | |
//! | `GET`, `POST /oidc/logout` | the same, by the standard | RP-Initiated Logout 1.0 |
//! | `GET`, `POST /u/logout` | the page on which users say whether to log out | RP-Initiated Logout 1.0 section 2 |
//! | `GET /assets/{name}` | styles and scripts of the pages | |
//! | `/`, and what stands below `/apis`, `/applications`, `/users`, `/roles`, `/keys`, `/activity` | the dashboard, for administrators: see [`Tenant::dashboard_url`] | |
//!
//! [`Tenant::routes`] lists them all, the dashboard's one by one.
//!
//! The token endpoint reads forms and JSON, and the client's secret in the body or by Basic. Where
//! Auth0 answers otherwise than the RFC (403 for 400, say), it answers as Auth0 does, so that
//! programs written for Auth0 see what they know.
//!
//! What it is told it keeps in a folder, in SQLite, or in memory alone. Secrets, passwords and
//! tokens are kept as hashes, signing keys encrypted. It works with software written for Auth0 and is
//! not affiliated with Auth0 or Okta.

mod access_token;
mod activity_log;
mod allowed_hosts;
mod authorization;
mod browser;
mod certificate;
mod dashboard;
mod data_folder;
mod endpoints;
mod error;
mod generated_password;
mod id_token;
mod id_token_hint;
mod issuer;
mod limits;
mod mends;
mod model;
mod own_tokens;
mod pages;
mod password;
mod protocol;
mod quickstarts;
mod random;
mod router;
mod samples;
mod seal;
mod secret;
mod seed;
mod sessions;
mod signing_keys;
mod store;
mod tenant;
mod user_claims;

pub use error::{TenantError, TenantErrorKind};
pub use generated_password::GeneratedPassword;
pub use model::{
    Activity, Api, Application, ApplicationType, Authorization, AuthorizationCode,
    CreatedApplication, Grant, GrantType, HeldPermission, NewApi, NewApplication, NewUser,
    Permission, Role, SigningAlgorithm, TokenDialect, Usage, User,
};
pub use secret::ClientSecret;
pub use seed::{SeedEntry, SeedOutcome, SeedReport};
pub use tenant::{SigningKeyState, Tenant, TenantBuilder};
