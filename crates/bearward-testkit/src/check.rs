//! The check of a token without HTTP.

use bearward::{AccessToken, Credentials, Rejection, Requirement, ResourceServer, Verdict};

/// Checks a token as a guard does, for a server that has its keys: fixed, or fetched before.
///
/// # Errors
/// The refusal, by its [code](Rejection::code).
///
/// # Panics
/// When the verdict waits for keys.
///
/// # Example
/// ```
/// use bearward::token;
/// use bearward_testkit::{Mint, check};
///
/// let mint = Mint::new("https://login.example.com/", "https://api.example.com");
/// let api = mint.resource_server();
/// assert_eq!(check(&api, mint.token().sign(), &token()).unwrap().subject(), "alice");
/// assert_eq!(check(&api, "no.jwt", &token()).unwrap_err().code(), "malformed_token");
/// ```
pub fn check(
    server: &ResourceServer,
    token: impl AsRef<[u8]>,
    requirement: &Requirement,
) -> Result<AccessToken, Rejection> {
    let line = [b"Bearer ", token.as_ref()].concat();
    let credentials = Credentials::read([line.as_slice()], None)?;
    match server.check_now(credentials, requirement) {
        Verdict::Allowed(token) => Ok(token),
        Verdict::Refused(rejection) => Err(rejection),
        Verdict::Pending(_) => panic!("the server has no key for this token yet"),
    }
}
