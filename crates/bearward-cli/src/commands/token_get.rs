//! `bearward token get`: an access token for a client that acts for itself.

use crate::args::TokenGetArgs;
use crate::client_credentials::TokenRequest;
use crate::config::Environment;
use crate::exit::{Exit, Failure};
use crate::http::Http;
use crate::token_answer::TokenAnswer;
use crate::{address, discovery, input, moment, output};

pub(crate) async fn run(args: TokenGetArgs, environment: &Environment) -> Result<Exit, Failure> {
    let issuer = environment.issuer(args.issuer)?.ok_or_else(|| {
        Failure::trouble("no issuer")
            .hint("name it with --issuer URL, or with --domain DOMAIN for Auth0")
    })?;
    let client_id = environment.client_id(args.client_id)?;
    let audience = environment.audience(args.audience)?.map(|audience| audience.id);
    let client_secret = if args.client_secret_stdin {
        input::read_secret()?
    } else {
        environment.client_secret()?
    };

    let about_issuer = |failure: Failure| failure.named_by(issuer.named_by);
    let url = address::parse("the issuer", &issuer.url).map_err(about_issuer)?;
    let http = Http::new(&url, issuer.ca_file.as_deref())?;
    let metadata = discovery::discover(&http, &issuer.url).await.map_err(about_issuer)?;
    let request = TokenRequest {
        client_id: &client_id,
        client_secret: &client_secret,
        audience: audience.as_deref(),
        scope: &args.scope.join(" "),
    };
    let answer = request.send(&http, &metadata).await?;

    output::aside(&about(&answer, audience.as_deref()));
    output::result(&if args.json {
        let text = serde_json::to_string_pretty(&answer.whole).map_err(anyhow::Error::from)?;
        format!("{}\n", output::printable(&text))
    } else {
        format!("{}\n", answer.access_token)
    })?;
    Ok(Exit::Yes)
}

/// One line beside the token: for whom, for what, how long.
fn about(answer: &TokenAnswer, audience: Option<&str>) -> String {
    let mut parts = match answer.token_type() {
        Some(token_type) => vec![format!("{token_type} token")],
        None => vec!["token".into()],
    };
    parts.extend(audience.map(|audience| format!("for {audience}")));
    parts.push(match answer.scope() {
        None => "scope not named".into(),
        Some(scope) => format!("scope {scope}"),
    });
    parts.extend(
        answer
            .expires_in()
            .map(|seconds| format!("expires in {}", moment::length_in_words(seconds))),
    );
    output::one_line(&parts.join(", "))
}
