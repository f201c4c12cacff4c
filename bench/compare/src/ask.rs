//! Asks the servers everything.

use std::time::SystemTime;

use anyhow::Context;
use bearward::sign::SigningKey;
use bearward::{Algorithm, Clock as _, SystemClock};
use bearward_testkit::{Mint, TestIssuer, keys};
use serde_json::{Map, Value, json};

use crate::client;
use crate::record::{Answers, Record};
use crate::servers::{Library, Server, Setting};
use crate::table::{Request, Topic};
use crate::token::Moment;

const AUDIENCE: &str = "https://api.example.com";
/// Those that every library here can read.
const PUBLISHED: [Algorithm; 5] =
    [Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256, Algorithm::Es384, Algorithm::EdDsa];

/// An issuer, and a server for each library; or why there is none.
struct Field {
    issuer: TestIssuer,
    servers: Vec<anyhow::Result<Server>>,
}

/// Sends every request of the table to each library's server, one after another.
pub(crate) async fn all(topics: &[Topic], libraries: &[Library]) -> anyhow::Result<Record> {
    let usual = Field::start(libraries, None).await?;
    if let Some(reason) = usual.servers.iter().find_map(|server| server.as_ref().err()) {
        anyhow::bail!("a server does not start: {reason:#}");
    }
    let mut answers = Vec::new();
    for request in topics.iter().flat_map(Topic::requests) {
        let given = match &request.more_keys {
            None => usual.ask(&request).await?,
            more => Field::start(libraries, more.as_ref()).await?.ask(&request).await?,
        };
        answers.push(Answers { request: request.name, given });
    }
    let named = |library: &Library| Ok((library.name().to_owned(), library.version()?));
    Ok(Record { servers: libraries.iter().map(named).collect::<anyhow::Result<_>>()?, answers })
}

impl Field {
    async fn start(
        libraries: &[Library],
        more_keys: Option<&Map<String, Value>>,
    ) -> anyhow::Result<Field> {
        let issuer = TestIssuer::start().await;
        let published: Vec<String> = PUBLISHED
            .map(keys::signing_key)
            .iter()
            .map(SigningKey::public_jwk)
            .chain(more_keys.map(|jwk| Value::Object(jwk.clone()).to_string()))
            .collect();
        issuer.publish_text(format!(r#"{{"keys":[{}]}}"#, published.join(",")));
        issuer.metadata_text(metadata(issuer.identifier()));
        let setting = Setting { issuer: issuer.identifier(), audience: AUDIENCE };
        let mut servers = Vec::new();
        for library in libraries {
            servers.push(library.start(setting).await);
        }
        Ok(Field { issuer, servers })
    }

    async fn ask(&self, request: &Request) -> anyhow::Result<Vec<String>> {
        let mint = Mint::new(self.issuer.identifier(), AUDIENCE);
        let now = SystemClock.now();
        mint.clock().step_to(now);
        let now = now.duration_since(SystemTime::UNIX_EPOCH).context("the clock is set")?.as_secs();
        let bytes = request.bytes(&mint, &Moment { now, issuer: self.issuer.identifier() })?;
        let mut given = Vec::new();
        for server in &self.servers {
            given.push(match server {
                Ok(server) => client::ask(server.address, &bytes).await,
                Err(_) => "does not start".to_owned(),
            });
        }
        Ok(given)
    }
}

/// What OpenID Connect Discovery demands of an issuer.
fn metadata(issuer: &str) -> String {
    let algorithms: Vec<&str> = PUBLISHED.iter().map(|algorithm| algorithm.name()).collect();
    json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}jwks"),
        "authorization_endpoint": format!("{issuer}authorize"),
        "token_endpoint": format!("{issuer}token"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
    })
    .to_string()
}
