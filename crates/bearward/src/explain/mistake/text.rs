//! The token was not sent as the issuer gave it.

use super::super::Scene;
use super::{Mistake, Row};

/// In the header, around the token.
pub(super) const OF_THE_HEADER: &[Row] = &[
    empty,
    other_scheme,
    scheme_missing,
    whole_answer,
    header_within,
    bearer_twice,
    quoted,
    shortened,
    placeholder,
    broken_into_lines,
];

/// In the token itself.
pub(super) const OF_THE_TOKEN: &[Row] = &[
    placeholder,
    shortened,
    encrypted_by_auth0,
    encrypted,
    re_encoded,
    cut_off,
    opaque_by_auth0,
    opaque,
];

fn empty(scene: &Scene<'_>) -> Option<Mistake> {
    let (scheme, token) = scene.authorization.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("Bearer") && token.trim().is_empty()).then(|| {
        Mistake::new(
            "the token is empty: nothing follows the word Bearer",
            "look at where the program takes the token from, perhaps a variable that is not set",
        )
    })
}

fn other_scheme(scene: &Scene<'_>) -> Option<Mistake> {
    let (scheme, _) = scene.authorization.split_once(' ')?;
    let known = ["Basic", "DPoP", "Token", "JWT", "Digest", "Negotiate"];
    let known = known.iter().find(|known| known.eq_ignore_ascii_case(scheme))?;
    let what = format!("the header has the scheme {known}");
    Some(Mistake::new(what, "send Authorization: Bearer TOKEN"))
}

fn scheme_missing(scene: &Scene<'_>) -> Option<Mistake> {
    let line = scene.authorization;
    (!line.contains(' ') && line.matches('.').count() == 2).then(|| {
        Mistake::new(
            "the header holds the token alone, without the word Bearer",
            "send Authorization: Bearer TOKEN",
        )
    })
}

fn whole_answer(scene: &Scene<'_>) -> Option<Mistake> {
    let text = scene.token.trim_start();
    (text.starts_with('{') && text.contains(':')).then(|| {
        Mistake::new(
            "this is JSON, perhaps the token endpoint's whole answer, and not a token",
            "send the value of access_token alone",
        )
    })
}

fn header_within(scene: &Scene<'_>) -> Option<Mistake> {
    starts_with_word(scene.token, "authorization:").then(|| {
        Mistake::new(
            "the text is a whole header line, and not the token alone",
            "leave out Authorization: Bearer",
        )
    })
}

fn bearer_twice(scene: &Scene<'_>) -> Option<Mistake> {
    starts_with_word(scene.token, "bearer").then(|| {
        Mistake::new(
            "the word Bearer stands before the token, so it would be sent twice",
            "leave the word out where the program puts it there already",
        )
    })
}

fn quoted(scene: &Scene<'_>) -> Option<Mistake> {
    let token = scene.token.trim();
    let quote = |c: char| matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’');
    (token.starts_with(quote) || token.ends_with(quote)).then(|| {
        Mistake::new(
            "the token stands in quotes, which are no part of it",
            "send it without the quotes (jq -r prints text so)",
        )
    })
}

fn broken_into_lines(scene: &Scene<'_>) -> Option<Mistake> {
    scene.token.contains(|c: char| c.is_whitespace()).then(|| {
        Mistake::new(
            "the token has white space or line breaks in it",
            "send it in one piece: mails and terminals break long lines",
        )
    })
}

fn shortened(scene: &Scene<'_>) -> Option<Mistake> {
    let token = scene.token;
    (token.contains('…') || token.contains("...") || token.ends_with("..")).then(|| {
        Mistake::new(
            "the token was shortened for display: dots stand for its rest",
            "copy the whole token",
        )
    })
}

/// What programs send when they have no token: the name of nothing, or of a variable.
fn placeholder(scene: &Scene<'_>) -> Option<Mistake> {
    const NOTHING: [&str; 8] =
        ["undefined", "null", "none", "nil", "false", "TOKEN", "access_token", "[object Object]"];
    let token = scene.token;
    let what = match NOTHING.iter().find(|name| name.eq_ignore_ascii_case(token)) {
        Some(name) => format!("the program sent the word {name} in place of a token"),
        None if token.starts_with(['$', '{', '<']) || token.starts_with("YOUR_") => {
            "the program sent the name of a variable in place of a token".to_owned()
        }
        None => return None,
    };
    Some(Mistake::new(what, "look at where the program takes the token from: it had none"))
}

fn encrypted_by_auth0(scene: &Scene<'_>) -> Option<Mistake> {
    encrypted(scene).filter(|_| scene.is_auth0()).map(|_| {
        Mistake::new(
            "this is an encrypted token (JWE), as Auth0 gives when no audience is named",
            format!("name the audience {} when asking for the token", scene.expected.audience),
        )
    })
}

fn encrypted(scene: &Scene<'_>) -> Option<Mistake> {
    let encrypted = scene.token.matches('.').count() == 4 || scene.claimed.header("enc").is_some();
    encrypted.then(|| {
        Mistake::new(
            "this is an encrypted token (JWE): only who has the key can read it",
            format!(
                "ask for a token for {}; if it is one, turn encryption off for this API at the \
                 issuer",
                scene.expected.audience
            ),
        )
    })
}

fn re_encoded(scene: &Scene<'_>) -> Option<Mistake> {
    (scene.token.contains('.') && scene.token.contains(['+', '/', '='])).then(|| {
        Mistake::new(
            "the token has +, / or = in it: a tool wrote it as plain base64, not base64url",
            "send the token as the issuer gave it",
        )
    })
}

fn cut_off(scene: &Scene<'_>) -> Option<Mistake> {
    let parts = scene.token.matches('.').count() + 1;
    match parts {
        2 => Some(Mistake::new(
            "the token has two of three parts: the signature is missing, or it was cut off",
            "copy the whole token",
        )),
        3 => Some(Mistake::new(
            "a part of the token breaks off in the middle, or has a foreign character in it",
            "copy the whole token, and nothing else",
        )),
        4 | 6.. => Some(Mistake::new(
            format!("the token has {parts} parts: something was added, or two texts ran together"),
            "send one token and nothing else",
        )),
        _ => None,
    }
}

fn opaque_by_auth0(scene: &Scene<'_>) -> Option<Mistake> {
    opaque(scene).filter(|_| scene.is_auth0()).map(|_| {
        Mistake::new(
            "this is an opaque token, as Auth0 gives when no audience is named",
            format!("name the audience {} when asking for the token", scene.expected.audience),
        )
    })
}

fn opaque(scene: &Scene<'_>) -> Option<Mistake> {
    (!scene.token.contains('.')).then(|| {
        Mistake::new(
            "this is an opaque token: only its issuer can tell what it stands for",
            format!(
                "ask the issuer for a JWT for {} (audience, or resource as in RFC 8707)",
                scene.expected.audience
            ),
        )
    })
}

fn starts_with_word(text: &str, word: &str) -> bool {
    let first = text.split_whitespace().next();
    first.is_some_and(|first| first.eq_ignore_ascii_case(word)) && text.trim() != word
}

/// The token without what people and tools put around it, where there is anything around it.
pub(in super::super) fn without_wrapping(token: &str) -> Option<String> {
    let mut rest = token.trim();
    for word in ["authorization:", "bearer"] {
        if starts_with_word(rest, word) {
            rest = rest.get(word.len()..).unwrap_or_default().trim_start();
        }
    }
    let quote = |c: char| matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’');
    let rest: String = rest.trim_matches(quote).split_whitespace().collect();
    (rest != token && !rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_put_around_a_token_is_taken_away() {
        for wrapped in [
            "Bearer a.b.c",
            "authorization: bearer a.b.c",
            "\"a.b.c\"",
            "'a.b.c'",
            "“a.b.c”",
            "a.\n  b.c",
            "Bearer \"a.b.c\"",
            " a.b.c ",
        ] {
            assert_eq!(without_wrapping(wrapped).as_deref(), Some("a.b.c"), "{wrapped}");
        }
        for bare in ["a.b.c", "", "\"\"", "bearer"] {
            assert_eq!(without_wrapping(bare), None, "{bare}");
        }
    }
}
