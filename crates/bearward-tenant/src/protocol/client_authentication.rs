//! Which application asks, and whether it is the one it says it is.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use super::{Parameters, Refusal};
use crate::model::{Application, ClientAuthentication};
use crate::secret::SecretHash;
use crate::tenant::Tenant;

/// What a request says about its client. Nothing is proved yet. It holds a secret and has no `Debug`.
pub(crate) struct PresentedClient {
    client_id: String,
    secret: Option<String>,
}

impl PresentedClient {
    /// The application that sends this request, and the rest of what it sends.
    pub(crate) async fn identify(
        tenant: &Tenant,
        request: Request,
    ) -> Result<(Application, Parameters), Refusal> {
        let headers = request.headers().clone();
        let parameters = Parameters::read(request).await?;
        let client = PresentedClient::find(&headers, &parameters)?;
        Ok((client.authenticate(tenant).await?, parameters))
    }

    /// Finds the client in the `Authorization` header or in the body, never in both: the id alone
    /// may stand in the body beside the header, when it is the same.
    ///
    /// Source: RFC 6749 section 2.3.
    fn find(headers: &HeaderMap, parameters: &Parameters) -> Result<PresentedClient, Refusal> {
        let client_id = parameters.text("client_id")?;
        let secret = parameters.text("client_secret")?;
        let assertion = parameters.text("client_assertion")?;
        let header = basic(headers)?;
        if [secret.is_some(), assertion.is_some(), header.is_some()]
            .iter()
            .filter(|is| **is)
            .count()
            > 1
        {
            return Err(Refusal::SeveralClientAuthentications);
        }
        if assertion.is_some() {
            return Err(Refusal::ClientNotAuthenticated("client_assertion_not_supported"));
        }
        match (header, client_id) {
            (Some(header), Some(client_id)) if header.client_id != client_id => {
                Err(Refusal::ClientIdsDiffer)
            }
            (Some(header), _) => Ok(header),
            (None, Some(client_id)) => Ok(PresentedClient {
                client_id: client_id.to_owned(),
                secret: secret.map(str::to_owned),
            }),
            (None, None) => Err(Refusal::ClientNotAuthenticated("client_missing")),
        }
    }

    /// The application, when it proved itself or is a public one that did not try to.
    ///
    /// An unknown client and a wrong secret get the same answer after the same work, so that no
    /// one learns which client ids exist. Every guess at a secret passes through here.
    async fn authenticate(&self, tenant: &Tenant) -> Result<Application, Refusal> {
        let application = tenant.store().application(&self.client_id).await?;
        let kept = match application.as_ref() {
            Some(Application { authentication: ClientAuthentication::Secret(hash), .. }) => *hash,
            _ => SecretHash::OF_NOTHING,
        };
        let attempt = match &self.secret {
            Some(_) => {
                let attempt = tenant.limits().client_secret().attempt(&self.client_id);
                Some(attempt.map_err(Refusal::TooManyAttempts)?)
            }
            None => None,
        };
        let proved = kept.matches(self.secret.as_deref().unwrap_or_default());
        if let Some(attempt) = attempt.filter(|_| proved) {
            attempt.succeeded();
        }
        let Some(application) = application else {
            return Err(Refusal::ClientNotAuthenticated("client_unknown"));
        };
        match (&application.authentication, &self.secret) {
            (ClientAuthentication::Secret(_), Some(_)) if proved => Ok(application),
            (ClientAuthentication::Secret(_), Some(_)) => {
                Err(Refusal::ClientNotAuthenticated("client_secret_wrong"))
            }
            (ClientAuthentication::Secret(_), None) => {
                Err(Refusal::ClientNotAuthenticated("client_secret_missing"))
            }
            (ClientAuthentication::None, Some(_)) => {
                Err(Refusal::ClientNotAuthenticated("client_is_public"))
            }
            (ClientAuthentication::None, None) => Ok(application),
        }
    }
}

/// The client in the `Authorization` header, when there is such a header.
fn basic(headers: &HeaderMap) -> Result<Option<PresentedClient>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Refusal::SeveralClientAuthentications);
    }
    let client = value.to_str().ok().and_then(parse_basic);
    client.map(Some).ok_or(Refusal::ClientNotAuthenticated("authorization_header_malformed"))
}

/// Reads `Basic base64(form(id):form(secret))`.
///
/// Source: RFC 6749 section 2.3.1, RFC 7617 section 2.
fn parse_basic(value: &str) -> Option<PresentedClient> {
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let credentials = STANDARD.decode(credentials.trim()).ok()?;
    let (client_id, secret) = std::str::from_utf8(&credentials).ok()?.split_once(':')?;
    let secret = form_decode(secret)?;
    Some(PresentedClient {
        client_id: form_decode(client_id)?,
        secret: Some(secret).filter(|secret| !secret.is_empty()),
    })
}

fn form_decode(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    Some(percent_decode_str(&text).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_form_decoded() {
        for (credentials, client_id, secret) in [
            ("id:secret", "id", Some("secret")),
            ("id:", "id", None),
            ("a%3Ab:c%26d+e%2Bf", "a:b", Some("c&d e+f")),
            ("id:with:colon=&", "id", Some("with:colon=&")),
        ] {
            let client = parse_basic(&format!("bAsIc {}", STANDARD.encode(credentials))).unwrap();
            assert_eq!(client.client_id, client_id);
            assert_eq!(client.secret.as_deref(), secret);
        }
    }

    #[test]
    fn anything_else_in_the_header_is_refused() {
        for value in
            ["", "Basic", "Basic !!", "Basic aWQ=", "Bearer aWQ6c2VjcmV0", "Basic aWQ6JUZG"]
        {
            assert!(parse_basic(value).is_none(), "{value}");
        }
    }
}
