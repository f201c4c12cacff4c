//! Guards HTTP APIs that take OAuth 2.0 access tokens.
//!
//! A request becomes an [`AccessToken`] in nine small steps, each of which consumes the type
//! before it: credentials, well-formed token, key selector, key, verified payload, claims, access
//! token, allowed request, handler. There is no way round a check, and no setting that turns one
//! off.
//!
//! # A first program
//! ```no_run
//! # #[cfg(all(feature = "axum", feature = "remote"))]
//! # mod example {
//! use axum::routing::get;
//! use bearward::{AccessToken, ResourceServer, open, scope, token};
//!
//! # pub async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! // The two things a guard needs: who issues the tokens, and whom they are for.
//! let api = ResourceServer::new("http://localhost:3011/", "http://localhost:3010")?;
//! let app = api
//!     .router() // takes no route without a requirement
//!     .route("/api/public", open(), get(async || "for everyone"))
//!     .route("/api/private", token(), get(private))
//!     .route("/api/private-scoped", scope("read:messages"), get(private))
//!     .into_router(); // a plain axum::Router
//!
//! async fn private(token: AccessToken) -> String {
//!     format!("hello {}", token.subject())
//! }
//! # let listener = tokio::net::TcpListener::bind("localhost:3010").await?;
//! # axum::serve(listener, app).await?;
//! # Ok(())
//! # }
//! # }
//! ```
//!
//! # What is checked
//! One Bearer token in one header; strict JWS, base64url and JSON within [`Limits`]; an algorithm
//! of the allow-list, with a key of the issuer's own set made for it; `typ`, and the claims that
//! tell access tokens from others, by [`Profile`]; `iss`, `aud`, `exp`, `nbf`, `iat`; your own
//! checks; and what the route asks for, its [`Requirement`].
//!
//! Not checked: whether the issuer has revoked the token since; tokens bound to a key (DPoP, mTLS)
//! and encrypted tokens are refused.
//!
//! # Features
//! | feature | what it adds | default |
//! | --- | --- | --- |
//! | `remote` | keys from an address or by discovery, kept fresh by a thread of its own | yes |
//! | `tower` | a layer and a service that guard any HTTP service | yes |
//! | `axum` | extractors and the router for axum 0.8 | yes |
//! | `sign` | making keys and signing tokens, for authorization servers and tests | no |
//! | `metrics` | counts through the facade [`metrics`](https://docs.rs/metrics), see below | no |
//!
//! Without any, the core: [`Credentials`], [`ResourceServer::check_now`], [`Challenge`].
//!
//! # Testing an API
//! The crate `bearward-testkit` makes good and broken tokens (`Mint`), runs an issuer that fails on
//! demand (`TestIssuer`), and asks every route what it should refuse (`matrix`), with no network
//! beyond loopback and no wall clock.
//!
//! # What an operator sees
//! Events go to [`tracing`](https://docs.rs/tracing): a refusal at `debug` with its
//! [`code`](Rejection::code), trouble with keys at `warn` and `error`. Never a token or a key.
//! [`ResourceServer::explain`] tells why a token is refused, step by step, with the likely mistake.
//! [`ResourceServer::key_status`] tells how the keys of each issuer are, a line each.
//!
//! With the feature `metrics` these are counted, for whichever recorder the program installs:
//!
//! | name | kind | labels | what it is |
//! | --- | --- | --- | --- |
//! | `bearward_refusals_total` | counter | `reason` | requests refused by a guard or an extractor, by the code of the [`Rejection`] or the name of your own check |
//! | `bearward_key_fetches_total` | counter | `issuer`, `outcome`: `success`, `failure` | fetches of key sets that have ended |
//! | `bearward_key_set_fetched_timestamp_seconds` | gauge | `issuer` | when the last good fetch ended, in seconds since 1970; its age is the time now less this |
//! | `bearward_token_cache_total` | counter | `outcome`: `hit`, `miss` | good tokens, by whether they were remembered or had to be verified in full |

mod access_token;
mod address;
mod algorithm;
mod challenge;
mod claims;
mod clock;
mod config;
mod credentials;
mod explain;
mod header;
mod issuer;
mod issuers;
mod json;
mod jwk;
mod jws;
mod keys;
mod metrics;
mod profile;
mod rejection;
mod requirement;
mod resource_server;
#[cfg(feature = "sign")]
pub mod sign;
mod signature;
mod verified_cache;
mod words;

#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "tower")]
pub mod tower;

pub use access_token::{AccessToken, NoClaims};
pub use address::is_loopback;
pub use algorithm::Algorithm;
pub use challenge::Challenge;
pub use claims::{Claims, Principal};
pub use clock::{Clock, SystemClock};
pub use config::ConfigError;
pub use credentials::Credentials;
pub use explain::{ExplainedStep, Explanation, StepOutcome};
pub use issuer::{Issuer, KeyRefresh};
pub use jwk::{JwkSet, JwkSetError, SkippedKey};
pub use jws::Limits;
pub use keys::status::{KeyState, KeyStatus};
pub use profile::Profile;
pub use rejection::{Rejection, RejectionKind};
pub use requirement::{Requirement, all_of, any_of, open, optional, permission, scope, token};
pub use resource_server::{PendingVerdict, ResourceServer, Verdict};
pub use verified_cache::TokenCache;
