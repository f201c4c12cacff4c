//! What the endpoints of OAuth have in common: reading parameters, knowing the client, refusing.

mod client_authentication;
mod invalid_grant;
mod parameters;
mod refusal;

pub(crate) use client_authentication::PresentedClient;
pub(crate) use invalid_grant::InvalidGrant;
pub(crate) use parameters::Parameters;
pub(crate) use refusal::{Refusal, printable};
