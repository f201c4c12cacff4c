//! The table: a row for each kind of issuer, with the page that each cell was checked against.

use crate::header::TokenType;

#[derive(PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) types: &'static [TokenType],
    /// Of each list at least one claim must be there.
    pub(super) required: &'static [&'static [&'static str]],
    /// Claims that stand in this issuer's other tokens, and in no access token.
    pub(super) refused: &'static [&'static str],
    /// Claims by which the issuer says what a token is, and what they say of an access token.
    pub(super) kinds: &'static [(&'static str, &'static [&'static str])],
    /// What these claims say of tokens that are no access tokens.
    pub(super) other_kinds: &'static [(&'static str, &'static [&'static str])],
    /// Where the audience stands: in the first of these claims that is there.
    pub(super) audience: &'static [&'static str],
    /// Where the client's id stands: in the first of these claims that is there.
    pub(super) client: &'static [&'static str],
    /// By what the token of a client that acts for itself is told: by all signs of any list.
    pub(super) service: &'static [&'static [Sign]],
}

/// What tells the token of a client that acts for itself from the tokens of users.
#[derive(PartialEq, Eq)]
pub(super) enum Sign {
    /// This claim is the client's id with this ending.
    Client { claim: &'static str, ending: &'static str },
    /// This claim is the client's id in lower case, behind this text.
    LowerCaseClient { before: &'static str, claim: &'static str },
    /// This claim is this text.
    Is(&'static str, &'static str),
    /// These two claims are the same text.
    Same(&'static str, &'static str),
    /// This claim is not there.
    Lacks(&'static str),
}

const SUBJECT_IS_CLIENT: Sign = Sign::Client { claim: "sub", ending: "" };
/// Auth0 names the client in `sub` with this ending.
const SUBJECT_IS_AUTH0_CLIENT: Sign = Sign::Client { claim: "sub", ending: "@clients" };

/// RFC 9068 sections 2.1, 2.2 (claims; `sub` of a client that acts for itself) and 4.
pub(super) const RFC9068: Row = Row {
    name: "rfc9068",
    types: &[TokenType::AtJwt],
    required: &[&["sub"], &["client_id"], &["iat"], &["jti"]],
    refused: &[],
    kinds: &[],
    other_kinds: &[],
    audience: &["aud"],
    client: &["client_id"],
    service: &[&[SUBJECT_IS_CLIENT], &[SUBJECT_IS_AUTH0_CLIENT]],
};

/// What ID tokens (OpenID Connect Core sections 2 and 3.3.2.11), logout tokens (OpenID Connect
/// Back-Channel Logout section 2.4) and security events (RFC 8417 section 2.2) hold is refused, and
/// what Keycloak and Cognito call by another name.
pub(super) const GENERAL: Row = Row {
    name: "general",
    types: &[TokenType::AtJwt, TokenType::Jwt, TokenType::Absent],
    required: &[&["sub", "client_id", "azp", "cid", "appid"]],
    refused: &["nonce", "at_hash", "c_hash", "events"],
    kinds: &[],
    other_kinds: &[("typ", KEYCLOAK_OTHER_KINDS), ("token_use", &["id"])],
    audience: &["aud"],
    client: &["client_id", "azp", "cid", "appid"],
    service: &[&[SUBJECT_IS_CLIENT], &[SUBJECT_IS_AUTH0_CLIENT]],
};

/// <https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles> shows both dialects:
/// `azp` in Auth0's own, `client_id` in that of RFC 9068. ID tokens hold neither:
/// <https://auth0.com/docs/secure/tokens/id-tokens/id-token-structure>.
pub(super) const AUTH0: Row = Row {
    name: "auth0",
    types: &[TokenType::AtJwt, TokenType::Jwt],
    required: &[&["sub"], &["azp", "client_id"]],
    refused: &["nonce", "at_hash"],
    kinds: &[],
    other_kinds: &[],
    audience: &["aud"],
    client: &["azp", "client_id"],
    service: &[&[SUBJECT_IS_AUTH0_CLIENT], &[SUBJECT_IS_CLIENT]],
};

/// The kinds are the constants of `core/src/main/java/org/keycloak/util/TokenUtil.java` in
/// <https://github.com/keycloak/keycloak>: ID, Refresh, Offline, Logout and more are no access
/// tokens. `TokenManager.java` there writes `bearer` for clients that are set to lower case.
///
/// `nonce` is no sign: before 25.0.0 access tokens held it too, as
/// <https://www.keycloak.org/docs/latest/upgrading/#migration-changes> says.
///
/// `ServiceAccountConstants.java` names the service account's user. A user may be called so too,
/// where no service account has the name; but only the session of a service account has the note
/// that the mappers put into the claim `client_id`, or `clientId` in older versions.
pub(super) const KEYCLOAK: Row = Row {
    name: "keycloak",
    types: &[TokenType::Jwt, TokenType::AtJwt],
    required: &[&["sub"]],
    refused: &[],
    kinds: &[("typ", &["Bearer", "bearer"])],
    other_kinds: &[],
    audience: &["aud"],
    client: &["azp", "client_id"],
    service: &[
        &[KEYCLOAK_SERVICE_USER, Sign::Client { claim: "client_id", ending: "" }],
        &[KEYCLOAK_SERVICE_USER, Sign::Client { claim: "clientId", ending: "" }],
    ],
};

const KEYCLOAK_OTHER_KINDS: &[&str] = &["ID", "Refresh", "Offline", "Logout"];

const KEYCLOAK_SERVICE_USER: Sign =
    Sign::LowerCaseClient { before: "service-account-", claim: "preferred_username" };

/// <https://developer.okta.com/docs/reference/api/oidc/#access-token>: the header holds `alg` and
/// `kid` alone; `cid` and `uid` are reserved, and `uid` is left out where there is no user. ID
/// tokens hold no `cid`.
pub(super) const OKTA: Row = Row {
    name: "okta",
    types: &[TokenType::Jwt, TokenType::AtJwt, TokenType::Absent],
    required: &[&["sub"], &["cid"]],
    refused: &["nonce", "at_hash", "c_hash"],
    kinds: &[],
    other_kinds: &[],
    audience: &["aud"],
    client: &["cid"],
    service: &[&[Sign::Lacks("uid")]],
};

/// <https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference>:
/// `azp` in version 2.0, `appid` in 1.0; `scp` in tokens of users alone, `sub` pairwise for users
/// and so never their `oid`. <https://learn.microsoft.com/en-us/entra/identity-platform/optional-claims-reference>:
/// `idtyp` is `app` in tokens of applications. ID tokens hold neither `azp` nor `appid`:
/// <https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference>.
pub(super) const ENTRA: Row = Row {
    name: "entra",
    types: &[TokenType::Jwt, TokenType::AtJwt],
    required: &[&["sub"], &["azp", "appid"]],
    refused: &["nonce", "at_hash", "c_hash"],
    kinds: &[],
    other_kinds: &[],
    audience: &["aud"],
    client: &["azp", "appid"],
    service: &[&[Sign::Is("idtyp", "app")], &[Sign::Same("sub", "oid"), Sign::Lacks("scp")]],
};

/// <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html>:
/// the header holds `kid` and `alg` alone; `token_use` is `access`, and there is no `aud`. Where
/// there is one all the same, it binds. The `sub` of a user is a UUID, which no client's id is.
pub(super) const COGNITO: Row = Row {
    name: "cognito",
    types: &[TokenType::Absent, TokenType::Jwt, TokenType::AtJwt],
    required: &[&["sub"], &["client_id"]],
    refused: &[],
    kinds: &[("token_use", &["access"])],
    other_kinds: &[],
    audience: &["aud", "client_id"],
    client: &["client_id"],
    service: &[&[SUBJECT_IS_CLIENT]],
};
