//! The client credentials grant: a client's own credentials for an access token.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use url::form_urlencoded::{Serializer, byte_serialize};

use crate::discovery::{ClientAuthentication, Metadata};
use crate::exit::Failure;
use crate::http::{Answer, Http};
use crate::token_answer::TokenAnswer;

/// What is asked for, and by whom. No `Debug`: it holds the secret.
pub(crate) struct TokenRequest<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
    pub(crate) audience: Option<&'a str>,
    /// Names with a space between; empty for all that was granted.
    pub(crate) scope: &'a str,
}

#[derive(Deserialize)]
struct ErrorAnswer {
    error: String,
    error_description: Option<String>,
}

impl TokenRequest<'_> {
    pub(crate) async fn send(
        &self,
        http: &Http,
        metadata: &Metadata,
    ) -> Result<TokenAnswer, Failure> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if let Some(audience) = self.audience {
            form.append_pair("audience", audience);
        }
        if !self.scope.is_empty() {
            form.append_pair("scope", self.scope);
        }
        let authorization = match metadata.client_authentication {
            ClientAuthentication::Basic => Some(self.basic()),
            ClientAuthentication::Form => {
                form.append_pair("client_id", self.client_id);
                form.append_pair("client_secret", self.client_secret);
                None
            }
        };
        let endpoint = &metadata.token_endpoint;
        let answer = http.post_form(endpoint, form.finish(), authorization).await?;
        if !answer.status.is_success() {
            return Err(self.refusal(&answer));
        }
        TokenAnswer::read(&answer.body)
    }

    /// Identifier and secret are form-encoded before they are joined (RFC 6749, section 2.3.1).
    fn basic(&self) -> String {
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encoded(self.client_id), encoded(self.client_secret));
        format!("Basic {}", STANDARD.encode(pair))
    }

    fn refusal(&self, answer: &Answer) -> Failure {
        let status = answer.status.as_u16();
        let Ok(ErrorAnswer { error, error_description }) = serde_json::from_slice(&answer.body)
        else {
            let what = format!("the issuer's token endpoint answered {status}");
            return match status {
                401 => Failure::refused(what).hint(CHECK_CLIENT),
                429 => Failure::trouble(what).hint(WAIT),
                _ => Failure::trouble(what),
            };
        };
        let mut what = format!("the issuer refused: {}", shortened(&error));
        if let Some(description) = error_description {
            what += &format!(": {}", shortened(&description));
        }
        if status == 429 {
            return Failure::trouble(what).hint(WAIT);
        }
        if answer.status.is_server_error() {
            return Failure::trouble(what);
        }
        match self.mend(&error, status) {
            Some(hint) => Failure::refused(what).hint(hint),
            None => Failure::refused(what),
        }
    }

    fn mend(&self, error: &str, status: u16) -> Option<&'static str> {
        Some(match error {
            "invalid_client" => CHECK_CLIENT,
            "access_denied" if status == 401 => CHECK_CLIENT,
            "invalid_scope" => "ask only for scopes that were granted, or grant them",
            _ if self.audience.is_none() => {
                "if the issuer serves several APIs, name one with --audience"
            }
            "access_denied" if !self.scope.is_empty() => {
                "check the audience; ask only for scopes that were granted, or grant them"
            }
            "access_denied" | "invalid_target" => {
                "check the audience, and grant the application access to that API at the issuer"
            }
            "unauthorized_client" | "unsupported_grant_type" => {
                "allow this application the client credentials grant at the issuer"
            }
            _ => return None,
        })
    }
}

const CHECK_CLIENT: &str = "check the client id and its secret";
const WAIT: &str = "too many requests; wait a little, then try again";

/// An issuer that writes novels is cut short.
fn shortened(text: &str) -> String {
    const MOST_CHARACTERS: usize = 300;
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_encoded_before_they_are_joined() {
        let request =
            TokenRequest { client_id: "a:b", client_secret: "s p+", audience: None, scope: "" };
        assert_eq!(request.basic(), format!("Basic {}", STANDARD.encode("a%3Ab:s+p%2B")));
    }
}
