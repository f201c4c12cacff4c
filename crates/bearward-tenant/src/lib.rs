//! A local authorization server that speaks Auth0's dialect: APIs, applications, grants, tokens.
//!
//! So far it tells who it is and shows its keys:
//!
//! ```
//! use bearward_tenant::Tenant;
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! let tenant = Tenant::new("http://localhost:3011/")?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3011").await?;
//! axum::serve(listener, tenant.router()).await?;
//! # Ok(())
//! # }
//! ```

mod endpoints;
mod error;
mod issuer;
mod router;
mod signing_keys;
mod tenant;

pub use error::{TenantError, TenantErrorKind};
pub use tenant::{Tenant, TenantBuilder};
