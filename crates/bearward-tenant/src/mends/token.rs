//! Refusals of the token endpoint: who asks, how, and for which API.

use super::{Help, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        reason: "method_not_allowed",
        rule: "The token endpoint takes POST.",
        source: "RFC 6749 section 3.2",
        mend: "Send the request with POST.",
        help: Help::Words,
    },
    Rule {
        reason: "unsupported_media_type",
        rule: "The body is a form or JSON, and its content type says which.",
        source: "RFC 6749 section 4.4.2; JSON as Auth0 takes it",
        mend: "Send application/x-www-form-urlencoded, or application/json.",
        help: Help::Words,
    },
    Rule {
        reason: "body_too_large",
        rule: "A token request has at most 64 KiB.",
        source: "this tenant",
        mend: "Look at what the program sends: a token request has a few hundred bytes.",
        help: Help::Words,
    },
    Rule {
        reason: "body_too_slow",
        rule: "The body arrives within 10 seconds.",
        source: "this tenant",
        mend: "Look for a proxy that holds the request back, or a wrong Content-Length.",
        help: Help::Words,
    },
    Rule {
        reason: "malformed_body",
        rule: "The body is well-formed.",
        source: "RFC 6749 section 3.2",
        mend: "Let a library write the form or the JSON, rather than putting it together by \
               hand.",
        help: Help::Words,
    },
    Rule {
        reason: "repeated_parameter",
        rule: "Each parameter stands once.",
        source: "RFC 6749 section 3.2",
        mend: "Send the parameter once: which of two is meant cannot be known.",
        help: Help::Words,
    },
    Rule {
        reason: "parameter_not_text",
        rule: "Each parameter that is read is text.",
        source: "RFC 6749 section 3.2",
        mend: "Send the value as text, not as a list, a number or an object.",
        help: Help::Words,
    },
    Rule {
        reason: "missing_parameter",
        rule: "Each parameter that is needed is there.",
        source: "RFC 6749 sections 4 and 3.1",
        mend: "Add the parameter. An empty value counts as none.",
        help: Help::Words,
    },
    Rule {
        reason: "secret_in_uri",
        rule: "Secrets stand in the body or in the Authorization header, never in the \
               address.",
        source: "RFC 6749 section 2.3.1",
        mend: "Move the credentials, and rotate the secret: addresses are kept in logs.",
        help: Help::Applications,
    },
    Rule {
        reason: "several_client_authentications",
        rule: "The application proves itself in one way.",
        source: "RFC 6749 section 2.3",
        mend: "Send the secret by Basic or in the body, not both.",
        help: Help::Words,
    },
    Rule {
        reason: "client_ids_differ",
        rule: "The client_id in the body is the one in the Authorization header.",
        source: "RFC 6749 section 2.3",
        mend: "Take the client_id out of the body, or make the two the same.",
        help: Help::Words,
    },
    Rule {
        reason: "authorization_header_malformed",
        rule: "The Authorization header is Basic, with id and secret form-encoded.",
        source: "RFC 6749 section 2.3.1, RFC 7617 section 2",
        mend: "Let a library write the header, or send client_id and client_secret in the \
               body.",
        help: Help::Words,
    },
    Rule {
        reason: "client_assertion_not_supported",
        rule: "The application proves itself by its secret.",
        source: "this tenant",
        mend: "Use client_secret_post or client_secret_basic instead of private_key_jwt.",
        help: Help::Applications,
    },
    Rule {
        reason: "client_missing",
        rule: "The request says which application asks.",
        source: "RFC 6749 section 2.3",
        mend: "Send client_id and client_secret, or the Authorization header.",
        help: Help::Applications,
    },
    Rule {
        reason: "client_unknown",
        rule: "There is an application with this client id.",
        source: "RFC 6749 section 5.2",
        mend: "Compare the client id with the list of applications: it may be of another \
               tenant.",
        help: Help::Applications,
    },
    Rule {
        reason: "client_secret_wrong",
        rule: "The secret is the application's.",
        source: "RFC 6749 section 2.3.1",
        mend: "Look for one that was rotated or cut short. If it is lost, rotate it.",
        help: Help::Applications,
    },
    Rule {
        reason: "client_secret_missing",
        rule: "An application that has a secret sends it.",
        source: "RFC 6749 section 2.3.1",
        mend: "Send the client_secret in the body or by Basic.",
        help: Help::Applications,
    },
    Rule {
        reason: "client_is_public",
        rule: "An application without a secret sends none.",
        source: "RFC 6749 section 2.1",
        mend: "Leave the client_secret out, or use an application that can keep one.",
        help: Help::Applications,
    },
    Rule {
        reason: "too_many_attempts",
        rule: "Only so many failed attempts are looked at.",
        source: "RFC 6749 section 10.10",
        mend: "Mend the secret or password that is tried, then wait as long as Retry-After \
               says.",
        help: Help::Words,
    },
    Rule {
        reason: "unsupported_grant_type",
        rule: "The tenant knows the grant type.",
        source: "RFC 6749 section 5.2",
        mend: "Use authorization_code, refresh_token or client_credentials.",
        help: Help::Words,
    },
    Rule {
        reason: "grant_type_not_allowed",
        rule: "The application may use this grant type.",
        source: "RFC 6749 section 5.2",
        mend: "Switch the grant type on in the application's settings. client_credentials \
               needs a secret.",
        help: Help::Settings,
    },
    Rule {
        reason: "no_audience",
        rule: "The request says for which API the token is.",
        source: "Auth0: audience; RFC 8707 section 2: resource",
        mend: "Send the identifier of the API as audience.",
        help: Help::Apis,
    },
    Rule {
        reason: "unknown_audience",
        rule: "There is an API with this identifier.",
        source: "Auth0: audience",
        mend: "Compare the audience with the identifier of the API, letter by letter: a slash \
               at the end counts.",
        help: Help::Apis,
    },
    Rule {
        reason: "invalid_target",
        rule: "The resource is an API, and is the audience when both are sent.",
        source: "RFC 8707 section 2",
        mend: "Send one of the two, with the identifier of an API.",
        help: Help::Apis,
    },
    Rule {
        reason: "no_grant",
        rule: "The application is authorized for the API.",
        source: "Auth0: client grants",
        mend: "Authorize the application for this API.",
        help: Help::Authorize,
    },
    Rule {
        reason: "malformed_scope",
        rule: "A scope is a list of words with one space between them.",
        source: "RFC 6749 section 3.3",
        mend: "Take quotes, backslashes and control characters out of the scope.",
        help: Help::Words,
    },
    Rule {
        reason: "scopes_not_granted",
        rule: "Each scope that is asked for was granted.",
        source: "RFC 6749 section 3.3; Auth0: client grants",
        mend: "Grant the scopes to the application, or ask for less.",
        help: Help::GrantScopes,
    },
    Rule {
        reason: "internal",
        rule: "The tenant can do its part.",
        source: "this tenant",
        mend: "It is no fault of the request. The log of the tenant says what went wrong.",
        help: Help::Words,
    },
];
