//! The program as a person and a script see it: the real one, run.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

#[cfg(unix)]
mod drain;
mod flask;
#[cfg(unix)]
mod folder;
#[cfg(unix)]
mod quickstart;
mod support;
#[cfg(unix)]
mod tenant_env;
#[cfg(unix)]
mod tenant_manage;
#[cfg(unix)]
mod tenant_seed;
#[cfg(unix)]
mod tenant_serve;
#[cfg(unix)]
mod tenant_trust;
#[cfg(unix)]
mod tls;
mod token_decode;
mod token_explain;
mod token_get;
