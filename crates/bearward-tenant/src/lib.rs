//! A local authorization server that speaks Auth0's dialect: APIs, applications, grants, tokens.
//!
//! So far it tells who it is, shows its keys, and remembers APIs:
//!
//! ```
//! use bearward_tenant::{NewApi, Tenant};
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! let tenant = Tenant::new("http://localhost:3011/")?;
//! tenant.create_api(
//!     NewApi::new("Messages", "http://localhost:3010")
//!         .permission("read:messages", "Read messages"),
//! )?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3011").await?;
//! axum::serve(listener, tenant.router()).await?;
//! # Ok(())
//! # }
//! ```

mod endpoints;
mod error;
mod issuer;
mod model;
mod router;
mod signing_keys;
mod store;
mod tenant;

pub use error::{TenantError, TenantErrorKind};
pub use model::{Api, NewApi, Permission, SigningAlgorithm, TokenDialect};
pub use tenant::{Tenant, TenantBuilder};
