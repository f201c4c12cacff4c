//! The certificates that the tenant serves TLS with: its own local CA's, or those that it is given.

mod authority;
mod bundle;
mod chain;
mod given;
mod live;
mod local;
mod names;

pub(crate) use given::Given;
pub(crate) use live::{LiveCertificates, Source};
pub(crate) use local::{BUNDLE_FILE, CA_FILE, CaSummary, Local};
pub(crate) use names::{Name, Names};
