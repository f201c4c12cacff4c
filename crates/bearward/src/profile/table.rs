//! The table: a row for each kind of issuer.

use crate::header::TokenType;

#[derive(PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) types: &'static [TokenType],
    /// Of each list at least one claim must be there.
    pub(super) required: &'static [&'static [&'static str]],
    pub(super) refused: &'static [&'static str],
}

pub(super) const RFC9068: Row = Row {
    name: "rfc9068",
    types: &[TokenType::AtJwt],
    required: &[&["sub"], &["client_id"], &["iat"], &["jti"]],
    refused: &[],
};

pub(super) const GENERAL: Row = Row {
    name: "general",
    types: &[TokenType::AtJwt, TokenType::Jwt, TokenType::Absent],
    required: &[&["sub", "client_id", "azp", "cid", "appid"]],
    refused: &["nonce", "at_hash", "c_hash", "events"],
};

pub(super) const AUTH0: Row = Row {
    name: "auth0",
    types: &[TokenType::AtJwt, TokenType::Jwt],
    required: &[&["sub"], &["azp", "client_id"]],
    refused: &["nonce", "at_hash"],
};
