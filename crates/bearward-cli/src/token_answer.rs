//! What a token endpoint answers when it gives a token (RFC 6749, section 5.1). Real issuers stray
//! from the letter: a lifetime in quotes or a missing type is no reason to throw the token away.

use serde_json::Value;

use crate::exit::Failure;
use crate::members::Members;

/// No `Debug`: it holds the token.
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    /// All of it, as it came.
    pub(crate) whole: Members,
}

impl TokenAnswer {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Failure> {
        let whole: Members = serde_json::from_slice(body).map_err(|error| {
            Failure::trouble(format!("the issuer's answer is not a JSON object: {error}"))
        })?;
        let access_token = match whole.find("access_token") {
            Some(Value::String(token)) => token.clone(),
            Some(_) => {
                return Err(Failure::trouble("the issuer's access token is not a string"));
            }
            None => return Err(Failure::trouble("the issuer's answer holds no access_token")),
        };
        // RFC 6749, appendix A.12. Anything else could break out of the line it is pasted into.
        if access_token.is_empty() || !access_token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Failure::trouble(
                "the issuer's access token is empty or has characters that no token has",
            ));
        }
        Ok(Self { access_token, whole })
    }

    pub(crate) fn token_type(&self) -> Option<&str> {
        self.whole.find("token_type")?.as_str()
    }

    pub(crate) fn scope(&self) -> Option<&str> {
        self.whole.find("scope")?.as_str().filter(|scope| !scope.is_empty())
    }

    /// Seconds, as a number or as a text that holds one; anything else says nothing.
    pub(crate) fn expires_in(&self) -> Option<u64> {
        match self.whole.find("expires_in")? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TokenAnswer;

    fn check(body: &str, expected: (Option<&str>, Option<u64>)) {
        let answer = TokenAnswer::read(body.as_bytes()).ok().unwrap();
        assert_eq!((answer.token_type(), answer.expires_in()), expected, "{body}");
    }

    #[test]
    fn a_token_is_taken_from_an_answer_that_strays() {
        check(
            r#"{"access_token":"t","token_type":"Bearer","expires_in":60}"#,
            (Some("Bearer"), Some(60)),
        );
        check(r#"{"access_token":"t","expires_in":"60"}"#, (None, Some(60)));
        for odd in ["null", "-1", "1e300", "\"soon\"", "[60]"] {
            check(&format!(r#"{{"access_token":"t","expires_in":{odd}}}"#), (None, None));
        }
    }

    #[test]
    fn an_answer_without_a_usable_token_is_an_error() {
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"access_token":1}"#,
            r#"{"access_token":""}"#,
            r#"{"access_token":"a\nb"}"#,
        ] {
            assert!(TokenAnswer::read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
