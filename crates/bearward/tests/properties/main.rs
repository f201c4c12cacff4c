//! What holds for every token and every requirement, over random ones.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up stops"
)]

mod requirements;
mod seen_tokens;
mod servers;
mod tokens;

use bearward::{Algorithm, Issuer, ResourceServer};
use bearward_testkit::{Mint, keys};
use proptest::test_runner::Config;

const ISSUER: &str = "https://issuer.example/";
const AUDIENCE: &str = "https://api.example.com";

/// Each property is tried on so many random cases.
fn cases() -> Config {
    Config { cases: 10_000, failure_persistence: None, ..Config::default() }
}

fn mint(algorithm: Algorithm) -> Mint {
    Mint::new(ISSUER, AUDIENCE).with_key(keys::signing_key(algorithm))
}

/// A server that takes the tokens of all mints.
fn server() -> ResourceServer {
    let issuer = Issuer::new(ISSUER).unwrap();
    let issuer = issuer.algorithms(Algorithm::ALL).unwrap();
    let issuer = issuer.jwks(keys::jwks(&Algorithm::ALL.map(keys::signing_key))).unwrap();
    ResourceServer::new(issuer, AUDIENCE)
        .unwrap()
        .clock(mint(Algorithm::EdDsa).clock().clone())
        .unwrap()
}
