//! The table of requests: what is sent, why, and by which rule it is judged.
//!
//! It stands in `table.toml`: topics, each with the sentence of an RFC that decides, its tokens, its
//! shapes of a request, and its routes. A topic's requests are all combinations of the three.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use bearward_testkit::Mint;
use bearward_testkit::rules::{RequestSpec, TokenSpec};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::token::{Moment, Secret};

const TEXT: &str = include_str!("../table.toml");

/// One question put to every server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Topic {
    /// What is sent.
    pub(crate) name: String,
    /// What the source demands.
    pub(crate) demand: String,
    /// RFC and section.
    pub(crate) source: String,
    #[serde(default)]
    token: Vec<NamedToken>,
    #[serde(default)]
    shape: Vec<NamedShape>,
    #[serde(default)]
    routes: Vec<Route>,
    #[serde(default)]
    key_set: Vec<KeySet>,
    /// Why ours answers as it does, where the source leaves a choice.
    #[serde(default)]
    pub(crate) note: String,
}

/// One key more in the issuer's set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeySet {
    name: String,
    jwk: Option<Map<String, Value>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedToken {
    name: String,
    /// The fields of a [`TokenSpec`]; what [`Moment`] says is filled in.
    #[serde(default)]
    with: Map<String, Value>,
    secret: Option<Secret>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedShape {
    name: String,
    /// The fields of a [`RequestSpec`]; `{route}` in the path stands for the route's own.
    #[serde(default)]
    with: Map<String, Value>,
}

/// What is asked for. Every server has the three routes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Route {
    /// `/api/public`, which needs nothing.
    Open,
    /// `/api/private`, which needs a token.
    Token,
    /// `/api/private-scoped`, which needs the scope `read:messages`.
    Scope,
}

/// One request of a topic.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) name: String,
    /// The key that its issuer publishes beside the usual ones.
    pub(crate) more_keys: Option<Map<String, Value>>,
    token: NamedToken,
    shape: Map<String, Value>,
}

/// Reads the table. `{issuer}` in it stays as it is, until a request is made.
pub(crate) fn read() -> anyhow::Result<Vec<Topic>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        topic: Vec<Topic>,
    }
    let table: Table = toml::from_str(TEXT).context("table.toml is no table")?;
    let mut names = BTreeSet::new();
    for request in table.topic.iter().flat_map(Topic::requests) {
        if !names.insert(request.name.clone()) {
            bail!("table.toml: two requests are called {:?}", request.name);
        }
    }
    Ok(table.topic)
}

impl Topic {
    /// All combinations of its tokens, shapes, routes and key sets.
    pub(crate) fn requests(&self) -> Vec<Request> {
        let mut requests = Vec::new();
        for token in &or_one(&self.token, NamedToken::default()) {
            for shape in &or_one(&self.shape, NamedShape::default()) {
                for route in &or_one(&self.routes, Route::Token) {
                    for key_set in &or_one(&self.key_set, KeySet::default()) {
                        let parts = [&*token.name, &shape.name, route.name(), &key_set.name];
                        requests.push(Request {
                            name: self.named(&parts),
                            more_keys: key_set.jwk.clone(),
                            token: token.clone(),
                            shape: route.of(&shape.with),
                        });
                    }
                }
            }
        }
        requests
    }

    fn named(&self, parts: &[&str]) -> String {
        let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
        match parts.is_empty() {
            true => self.name.clone(),
            false => format!("{}: {}", self.name, parts.join(", ")),
        }
    }
}

fn or_one<T: Clone>(given: &[T], otherwise: T) -> Vec<T> {
    if given.is_empty() { vec![otherwise] } else { given.to_vec() }
}

impl Route {
    /// Nothing for the route that most requests go to.
    fn name(self) -> &'static str {
        match self {
            Route::Open => "open route",
            Route::Token => "",
            Route::Scope => "scope route",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Route::Open => "/api/public",
            Route::Token => "/api/private",
            Route::Scope => "/api/private-scoped",
        }
    }

    /// The shape with this route in the place of `{route}`.
    fn of(self, shape: &Map<String, Value>) -> Map<String, Value> {
        let path = shape.get("path").and_then(Value::as_str).unwrap_or("{route}");
        let mut shape = shape.clone();
        shape.insert("path".into(), path.replace("{route}", self.path()).into());
        shape
    }
}

impl Request {
    /// What goes over the wire.
    pub(crate) fn bytes(&self, mint: &Mint, moment: &Moment<'_>) -> anyhow::Result<Vec<u8>> {
        let what = || format!("the request {:?}", self.name);
        let mut token = Value::Object(self.token.with.clone());
        moment.fill_in(&mut token).with_context(what)?;
        let token: TokenSpec = serde_json::from_value(token).with_context(what)?;
        let token = match self.token.secret {
            Some(secret) => secret.sign(&token.make(mint))?,
            None => token.make(mint),
        };
        let shape = Value::Object(self.shape.clone());
        let shape: RequestSpec = serde_json::from_value(shape).with_context(what)?;
        Ok(shape.bytes(&token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_names_what_decides_it() {
        for topic in read().unwrap() {
            let decided = topic.source.contains("section") && !topic.demand.is_empty();
            assert!(decided, "{}", topic.name);
        }
    }

    #[test]
    fn every_request_can_be_made() {
        let mint = Mint::new("http://127.0.0.1:1/", "https://api.example.com");
        let moment = Moment { now: 1_800_000_000, issuer: "http://127.0.0.1:1/" };
        for request in read().unwrap().iter().flat_map(Topic::requests) {
            let bytes = request.bytes(&mint, &moment).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let open = ["{now", "{issuer", "{route", "{token"].iter().find(|o| text.contains(*o));
            assert_eq!(open, None, "{}", request.name);
        }
    }

    #[test]
    fn requests_are_all_combinations() {
        let topic: Topic = toml::from_str(
            r#"
            name = "a"
            demand = "let in"
            source = "RFC 1 section 1"
            token = [{ name = "b" }, { name = "c" }]
            routes = ["token", "scope"]
            "#,
        )
        .unwrap();
        let names: Vec<String> = topic.requests().into_iter().map(|each| each.name).collect();
        assert_eq!(names, ["a: b", "a: b, scope route", "a: c", "a: c, scope route"]);
    }
}
