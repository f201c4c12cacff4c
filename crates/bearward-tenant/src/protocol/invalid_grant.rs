//! Why a code or a refresh token gives nothing.

/// The client hears one of three sentences, which are Auth0's; the operator hears which of these it
/// was; `mends` says what to do about it.
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

    /// For the client, then for the operator: the stable code.
    fn row(self) -> (&'static str, &'static str) {
        match self {
            InvalidGrant::CodeUnknown => (CODE, "code_unknown"),
            InvalidGrant::CodeUsedBefore => (CODE, "code_used_before"),
            InvalidGrant::CodeExpired => (CODE, "code_expired"),
            InvalidGrant::CodeRevoked => (CODE, "code_revoked"),
            InvalidGrant::CodeOfAnotherClient => (CODE, "code_of_another_client"),
            InvalidGrant::RedirectUriDiffers => (CODE, "redirect_uri_differs"),
            InvalidGrant::VerifierMissing => (VERIFIER, "code_verifier_missing"),
            InvalidGrant::VerifierMalformed => (VERIFIER, "code_verifier_malformed"),
            InvalidGrant::VerifierWrong => (VERIFIER, "code_verifier_wrong"),
            InvalidGrant::VerifierWithoutChallenge => (VERIFIER, "code_verifier_without_challenge"),
            InvalidGrant::RefreshTokenUnknown => (REFRESH_TOKEN, "refresh_token_unknown"),
            InvalidGrant::RefreshTokenUsedBefore => (REFRESH_TOKEN, "refresh_token_used_before"),
            InvalidGrant::RefreshTokenExpired => (REFRESH_TOKEN, "refresh_token_expired"),
            InvalidGrant::RefreshTokenIdle => (REFRESH_TOKEN, "refresh_token_idle"),
            InvalidGrant::RefreshTokenRevoked => (REFRESH_TOKEN, "refresh_token_revoked"),
            InvalidGrant::RefreshTokenOfAnotherClient => {
                (REFRESH_TOKEN, "refresh_token_of_another_client")
            }
            InvalidGrant::OfflineAccessTakenAway => (REFRESH_TOKEN, "offline_access_taken_away"),
            InvalidGrant::UserGone => (REFRESH_TOKEN, "user_gone"),
        }
    }
}
