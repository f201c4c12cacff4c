//! Why a code or a refresh token gives nothing.

/// The client hears one of three sentences, which are Auth0's; the operator hears which of these it
/// was, and what to do about it.
///
/// Source: RFC 6749 section 5.2 (`invalid_grant`).
#[derive(Clone, Copy, Debug)]
pub(crate) enum InvalidGrant {
    CodeUnknown,
    CodeUsedBefore,
    CodeExpired,
    CodeRevoked,
    CodeOfAnotherClient,
    RedirectUriDiffers,
    VerifierMissing,
    VerifierMalformed,
    VerifierWrong,
    VerifierWithoutChallenge,
    RefreshTokenUnknown,
    RefreshTokenUsedBefore,
    RefreshTokenExpired,
    RefreshTokenIdle,
    RefreshTokenRevoked,
    RefreshTokenOfAnotherClient,
    OfflineAccessTakenAway,
    UserGone,
}

/// For the client, then for the operator: the stable code, and the likely mend.
struct Row(&'static str, &'static str, &'static str);

const CODE: &str = "Invalid authorization code";
const VERIFIER: &str = "Failed to verify code verifier";
const REFRESH_TOKEN: &str = "Unknown or invalid refresh token.";

impl InvalidGrant {
    pub(crate) fn description(self) -> &'static str {
        self.row().0
    }

    pub(crate) fn reason(self) -> &'static str {
        self.row().1
    }

    pub(crate) fn mend(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> Row {
        match self {
            InvalidGrant::CodeUnknown => Row(
                CODE,
                "code_unknown",
                "this tenant gave no such code; look for one that was cut short or belongs to \
                 another tenant",
            ),
            InvalidGrant::CodeUsedBefore => Row(
                CODE,
                "code_used_before",
                "a code is good once; its tokens are revoked now, in case somebody stole it: send \
                 the user to /authorize again, and do not redeem on a reload of the callback",
            ),
            InvalidGrant::CodeExpired => Row(
                CODE,
                "code_expired",
                "a code is good for 60 seconds; redeem it as soon as the callback is called",
            ),
            InvalidGrant::CodeRevoked => Row(
                CODE,
                "code_revoked",
                "what the user let the application do was taken back; send the user to /authorize \
                 again",
            ),
            InvalidGrant::CodeOfAnotherClient => Row(
                CODE,
                "code_of_another_client",
                "redeem a code with the client_id that stood in the request at /authorize",
            ),
            InvalidGrant::RedirectUriDiffers => Row(
                CODE,
                "redirect_uri_differs",
                "send the redirect_uri that stood in the request at /authorize, letter by letter",
            ),
            InvalidGrant::VerifierMissing => Row(
                VERIFIER,
                "code_verifier_missing",
                "the request at /authorize had a code_challenge: send the code_verifier that it \
                 was made from",
            ),
            InvalidGrant::VerifierMalformed => Row(
                VERIFIER,
                "code_verifier_malformed",
                "a code_verifier has 43 to 128 letters, digits and - . _ ~",
            ),
            InvalidGrant::VerifierWrong => Row(
                VERIFIER,
                "code_verifier_wrong",
                "send the code_verifier whose SHA-256, in base64url, was the code_challenge; keep \
                 one for each request at /authorize",
            ),
            InvalidGrant::VerifierWithoutChallenge => Row(
                VERIFIER,
                "code_verifier_without_challenge",
                "the request at /authorize had no code_challenge: it may have been taken out on \
                 the way",
            ),
            InvalidGrant::RefreshTokenUnknown => Row(
                REFRESH_TOKEN,
                "refresh_token_unknown",
                "this tenant gave no such refresh token; look for one that was cut short or \
                 belongs to another tenant",
            ),
            InvalidGrant::RefreshTokenUsedBefore => Row(
                REFRESH_TOKEN,
                "refresh_token_used_before",
                "a refresh token is good once; all tokens of this login are revoked now, in case \
                 somebody stole it: keep the new refresh token of each answer, and do not refresh \
                 twice at once",
            ),
            InvalidGrant::RefreshTokenExpired => Row(
                REFRESH_TOKEN,
                "refresh_token_expired",
                "refresh tokens end 30 days after the login; send the user to /authorize again",
            ),
            InvalidGrant::RefreshTokenIdle => Row(
                REFRESH_TOKEN,
                "refresh_token_idle",
                "refresh tokens end when they are not used for 15 days; send the user to \
                 /authorize again",
            ),
            InvalidGrant::RefreshTokenRevoked => Row(
                REFRESH_TOKEN,
                "refresh_token_revoked",
                "what the user let the application do was taken back; send the user to /authorize \
                 again",
            ),
            InvalidGrant::RefreshTokenOfAnotherClient => Row(
                REFRESH_TOKEN,
                "refresh_token_of_another_client",
                "use a refresh token with the client_id that it was given to",
            ),
            InvalidGrant::OfflineAccessTakenAway => Row(
                REFRESH_TOKEN,
                "offline_access_taken_away",
                "the API no longer allows offline access; switch it on in the API's settings",
            ),
            InvalidGrant::UserGone => Row(
                REFRESH_TOKEN,
                "user_gone",
                "the user was deleted; send whoever is there to /authorize again",
            ),
        }
    }
}
