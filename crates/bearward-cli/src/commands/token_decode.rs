//! `bearward token decode`: what a token says, which is not yet what is true.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context;
use base64::{DecodeError, Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bearward::Clock;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::args::TokenDecodeArgs;
use crate::claims::{claim_meaning, header_meaning, is_time};
use crate::exit::{Exit, Failure};
use crate::members::Members;
use crate::output::{self, ATTENTION, QUIET, REFUSED, STRONG};
use crate::{input, moment};

pub(crate) fn run(args: TokenDecodeArgs, clock: &dyn Clock) -> Result<Exit, Failure> {
    let now = Timestamp::try_from(clock.now()).context("the clock shows no time")?;
    input::not_a_file(&args.token)?;
    let text = if args.token == "-" { input::read_stdin()? } else { args.token };
    let token = Decoded::parse(&text)?;
    output::result(&if args.json { token.to_json()? } else { token.to_text(now) })?;
    Ok(Exit::Yes)
}

/// A signed token (JWS in compact form), taken apart and not verified.
#[derive(Serialize)]
struct Decoded {
    /// Always false. It is here so that no script forgets it.
    verified: bool,
    header: Members,
    claims: Members,
    /// The claims that are times, as dates.
    times: BTreeMap<String, String>,
    signature_bytes: usize,
}

impl Decoded {
    fn parse(text: &str) -> Result<Self, Failure> {
        let token = bare(text);
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = *parts else { return Err(not_signed(&parts)) };
        let header = object("header", header)?;
        let claims = object("payload", payload)?;
        Ok(Self {
            verified: false,
            header,
            times: dates(&claims),
            claims,
            signature_bytes: bytes("signature", signature)?.len(),
        })
    }

    fn to_json(&self) -> anyhow::Result<String> {
        let text = serde_json::to_string_pretty(self)?;
        Ok(format!("{}\n", output::printable(&text)))
    }

    fn to_text(&self, now: Timestamp) -> String {
        let warning = ATTENTION.bold();
        let mut text = format!(
            "{warning}NOT VERIFIED{warning:#}: this is what the token says, not what is true.\n"
        );
        let _ = writeln!(text, "\n{STRONG}Header{STRONG:#}");
        table(&mut text, &self.header, |name, _| header_meaning(name).map(Into::into));
        let _ = writeln!(text, "\n{STRONG}Claims{STRONG:#}");
        table(&mut text, &self.claims, |name, value| explain(name, value, now));
        let _ = match self.signature_bytes {
            0 => writeln!(text, "\n{REFUSED}No signature{REFUSED:#}: no API should take it."),
            1 => writeln!(text, "\nSignature of 1 byte, not checked."),
            bytes => writeln!(text, "\nSignature of {bytes} bytes, not checked."),
        };
        text
    }
}

/// The token of a header line, as far as it was copied, and without the line breaks that a mail or a
/// narrow terminal put into it.
fn bare(text: &str) -> String {
    let text = without_word(text.trim(), "authorization:");
    without_word(text, "bearer").split_whitespace().collect()
}

/// Without this word before a white space, in whatever case it is written.
fn without_word<'a>(text: &'a str, word: &str) -> &'a str {
    match text.split_once(char::is_whitespace) {
        Some((first, rest)) if first.eq_ignore_ascii_case(word) => rest.trim_start(),
        _ => text,
    }
}

/// Why a text that is not three parts cannot be decoded.
fn not_signed(parts: &[&str]) -> Failure {
    match parts {
        [""] => Failure::trouble("there is no token: the input is empty"),
        [_] => Failure::refused("this is an opaque token: it has no parts that could be decoded")
            .hint("only its issuer knows what it stands for; ask there for a JWT, in Auth0 by naming an audience"),
        [_, _, _, _, _] => Failure::refused("this is an encrypted token (JWE): its claims cannot be read without the key")
            .hint("ask the issuer for tokens that are signed only (JWS)"),
        _ => Failure::refused(format!("expected 3 parts with dots between, found {}", parts.len()))
            .hint("was the token cut off when it was copied?"),
    }
}

fn bytes(part: &str, text: &str) -> Result<Vec<u8>, Failure> {
    URL_SAFE_NO_PAD.decode(text).map_err(|error| {
        let what = match error {
            DecodeError::InvalidByte(at, _) => {
                format!("character {} does not belong there", at + 1)
            }
            DecodeError::InvalidPadding => {
                "it ends with padding (=), which tokens do not have".into()
            }
            _ => "it seems to be cut off".into(),
        };
        Failure::refused(format!("the {part} is not base64url: {what}"))
    })
}

fn object(part: &str, text: &str) -> Result<Members, Failure> {
    serde_json::from_slice(&bytes(part, text)?)
        .map_err(|error| Failure::refused(format!("the {part} is not a JSON object: {error}")))
}

fn dates(claims: &Members) -> BTreeMap<String, String> {
    let times = claims.0.iter().filter(|(name, _)| is_time(name));
    times.filter_map(|(name, value)| Some((name.clone(), date(value)?.to_string()))).collect()
}

/// A NumericDate (RFC 7519, section 2). Parts of a second do not matter to a reader.
fn date(value: &Value) -> Option<Timestamp> {
    let number = value.as_number()?.to_string();
    let whole = number.split('.').next()?;
    Timestamp::from_second(whole.parse().ok()?).ok()
}

fn explain(name: &str, value: &Value, now: Timestamp) -> Option<String> {
    let meaning = claim_meaning(name)?;
    if !is_time(name) {
        return Some(meaning.into());
    }
    Some(match date(value) {
        None => format!("{meaning}: not a time"),
        Some(time) if name == "exp" && time <= now => {
            format!("expired: {}", moment::in_words(time, now))
        }
        Some(time) => format!("{meaning}: {}", moment::in_words(time, now)),
    })
}

/// Name and value as JSON, and below them what they mean.
fn table(text: &mut String, members: &Members, meaning: impl Fn(&str, &Value) -> Option<String>) {
    const WIDEST: usize = 16;
    let names = members.0.iter().map(|(name, _)| name.chars().count());
    let width = names.max().unwrap_or(0).min(WIDEST);
    for (name, value) in &members.0 {
        // `{:#}` of a value is JSON with line breaks; they are brought under the first line.
        let shown = format!("{value:#}").replace('\n', &format!("\n{:width$}    ", ""));
        let (name_shown, shown) = (output::one_line(name), output::printable(&shown));
        let _ = writeln!(text, "  {STRONG}{name_shown:width$}{STRONG:#}  {shown}");
        if let Some(meaning) = meaning(name, value) {
            let _ = writeln!(text, "  {:width$}  {QUIET}{meaning}{QUIET:#}", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_600_920;

    fn token(header: &str, payload: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(header), part(payload), part("signature"))
    }

    fn decode(text: &str) -> String {
        let now = Timestamp::from_second(NOW).unwrap();
        anstream::adapter::strip_str(&Decoded::parse(text).unwrap().to_text(now)).to_string()
    }

    #[test]
    fn claims_stand_with_their_meaning() {
        let text = token(
            r#"{"alg":"RS256","typ":"JWT"}"#,
            r#"{"iss":"http://localhost:3011/","aud":["a","b"],"exp":1795687200,"iat":1795600800.5,"x":{"y":1}}"#,
        );
        insta::assert_snapshot!(decode(&text));
    }

    #[test]
    fn an_expired_token_is_said_to_be() {
        insta::assert_snapshot!(decode(&token("{}", r#"{"exp":1795600800}"#)), @r#"
        NOT VERIFIED: this is what the token says, not what is true.

        Header

        Claims
          exp  1795600800
               expired: 2026-11-25 10:00:00 UTC, 2 min ago

        Signature of 9 bytes, not checked.
        "#);
    }

    #[test]
    fn a_signature_of_one_byte_is_one() {
        let text = format!("{}AA", token("{}", "{}").trim_end_matches(|c| c != '.'));
        assert!(decode(&text).ends_with("Signature of 1 byte, not checked.\n"), "{text}");
    }

    #[test]
    fn odd_times_are_no_times() {
        for odd in ["1e300", "-1e18", "\"1795687200\"", "null", "99999999999999"] {
            let shown = decode(&token("{}", &format!(r#"{{"exp":{odd}}}"#)));
            assert!(shown.contains("expires: not a time"), "{odd}: {shown}");
        }
    }

    #[test]
    fn a_claim_cannot_steer_the_terminal() {
        let shown = decode(&token("{}", "{\"\\u009b2J\":\"\\u001b[2J\\u202e\\u007f\"}"));
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
        assert!(shown.contains(r#"\u009b2J"#) && shown.contains(r#"\u202e\u007f"#), "{shown}");
    }

    #[test]
    fn the_name_of_a_claim_cannot_add_a_line() {
        let shown = decode(&token("{}", r#"{"a\nVERIFIED by":1}"#));
        assert!(shown.contains(r"  a\nVERIFIED by  1"), "{shown}");
    }

    #[test]
    fn bearer_and_white_space_are_no_part_of_a_token() {
        let text = token("{}", "{}");
        let (start, end) = text.split_at(3);
        for wrapped in [
            format!(" {text}\n"),
            format!("Bearer {text}"),
            format!("bearer\t{text}"),
            format!("Authorization: Bearer {text}"),
            format!("authorization: bearer  {start}\r\n  {end}"),
            format!("{start}\n{end}"),
        ] {
            assert!(Decoded::parse(&wrapped).is_ok(), "{wrapped}");
        }
    }
}
