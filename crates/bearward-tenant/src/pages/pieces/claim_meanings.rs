//! What the members of a token's header and claims mean, in a few words.

/// Source: RFC 7515 section 4.1.
pub(crate) fn of_header(name: &str) -> &'static str {
    match name {
        "alg" => "Signature algorithm",
        "typ" => "Type of token",
        "kid" => "Key of the issuer that signed it",
        _ => "",
    }
}

/// Source: RFC 7519 section 4.1, RFC 9068 section 2.2, RFC 7800 section 3.1, OpenID Connect Core 1.0
/// sections 2 and 5.1.
pub(crate) fn of_claim(name: &str) -> &'static str {
    match name {
        "iss" => "Issuer: who made the token",
        "sub" => "Subject: whom it speaks for",
        "aud" => "Audience: the API it was made for",
        "exp" => "Expires",
        "iat" => "Issued",
        "nbf" => "Not valid before",
        "jti" => "Number of this token",
        "azp" | "client_id" => "Application that asked for it",
        "scope" | "scp" => "What the application may do",
        "permissions" => "What the subject may do",
        "gty" => "Grant by which it was given",
        "auth_time" => "When the user logged in",
        "nonce" => "What the application asked to see again",
        "sid" => "Session at the tenant",
        "cnf" => "Key that the sender must hold",
        "act" => "Who acts for the subject",
        "org_id" | "org_name" => "Organization",
        "name" => "Name of the user",
        "nickname" => "Short name of the user",
        "picture" => "Picture of the user",
        "email" => "Email address of the user",
        "email_verified" => "Whether the address was verified",
        "updated_at" => "Profile last changed",
        _ => "",
    }
}

/// Whether a number in this claim is a time.
pub(crate) fn is_time(name: &str) -> bool {
    matches!(name, "exp" | "iat" | "nbf" | "auth_time" | "updated_at")
}
