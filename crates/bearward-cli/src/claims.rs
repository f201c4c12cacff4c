//! What the well-known header parameters and claims mean, one line each.

/// The meaning of a header parameter (RFC 7515, section 4.1).
pub(crate) fn header_meaning(name: &str) -> Option<&'static str> {
    Some(match name {
        "alg" => "signature algorithm",
        "typ" => "type of token",
        "kid" => "key of the issuer that signed it",
        "cty" => "type of what is inside",
        "crit" => "extensions that must be understood",
        "jwk" | "jku" | "x5c" | "x5u" => "a key that the token brings along: never to be trusted",
        "x5t" | "x5t#S256" => "thumbprint of the certificate",
        _ => return None,
    })
}

/// The meaning of a claim (RFC 7519, RFC 9068, and what large issuers add).
pub(crate) fn claim_meaning(name: &str) -> Option<&'static str> {
    Some(match name {
        "iss" => "issuer: who made the token",
        "sub" => "subject: whom it speaks for",
        "aud" => "audience: the API it was made for",
        "exp" => "expires",
        "iat" => "issued",
        "nbf" => "not valid before",
        "jti" => "number of this token",
        "azp" | "client_id" | "cid" | "appid" => "client that asked for it",
        "scope" | "scp" => "scopes: what the client may do",
        "permissions" => "permissions: what the subject may do",
        "roles" | "groups" => "what the subject belongs to",
        "gty" => "grant by which it was given",
        "auth_time" => "when the user logged in",
        "acr" | "amr" => "how the user logged in",
        "sid" => "session of the user",
        "org_id" | "org_name" => "organization",
        "cnf" => "key that the sender must hold",
        "act" => "who acts for the subject",
        "token_use" => "kind of token",
        "nonce" | "at_hash" | "c_hash" => "marks an ID token, which is for clients, not for an API",
        _ => return None,
    })
}

/// Claims whose value is a time, in seconds since 1970.
pub(crate) fn is_time(name: &str) -> bool {
    matches!(name, "exp" | "iat" | "nbf" | "auth_time")
}
