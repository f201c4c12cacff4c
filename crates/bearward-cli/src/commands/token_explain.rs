//! `bearward token explain`: whether a guard lets a token in, and if not, why and what mends it.

mod told;

use std::time::{Duration, SystemTime};

use anyhow::Context;
use bearward::{Explanation, RejectionKind, Requirement, ResourceServer, all_of};

use crate::args::TokenExplainArgs;
use crate::config::Environment;
use crate::exit::{Exit, Failure};
use crate::guarded_api::GuardedApi;
use crate::standing_clock::StandingClock;
use crate::{input, output};

pub(crate) async fn run(
    args: TokenExplainArgs,
    environment: &Environment,
) -> Result<Exit, Failure> {
    input::not_a_file(&args.token)?;
    let audience = environment.audience(args.api.audience.clone())?;
    let issuer = environment.issuer(args.api.issuer.clone())?.ok_or_else(|| {
        Failure::trouble("no issuer")
            .hint("name it with --issuer URL, or with --domain DOMAIN for Auth0")
    })?;
    let server = GuardedApi::judge(&args.api, issuer, audience)?.server;
    let server = by_the_clock(server, &args)?;
    let requirement = requirement(&args)?;
    if args.token == "-" {
        return each_line(&server, &requirement, args.json).await;
    }
    let explanation = server.explain(&args.token, &requirement).await;
    output::result(&if args.json { told::json(&explanation)? } else { told::text(&explanation) })?;
    Ok(exit(&explanation))
}

fn by_the_clock(
    server: ResourceServer,
    args: &TokenExplainArgs,
) -> Result<ResourceServer, Failure> {
    let server = match args.skew {
        None => server,
        Some(seconds) => server.skew(Duration::from_secs(seconds)).map_err(|error| {
            let text = error.to_string().replace("skew: ", "--skew: ");
            Failure::trouble(text).hint("set the clocks by NTP rather than allow more")
        })?,
    };
    let Some(at) = args.at else { return Ok(server) };
    let at = SystemTime::try_from(at).context("--at is no time that this machine knows")?;
    server.clock(StandingClock(at)).map_err(|error| Failure::trouble(error.to_string()))
}

fn requirement(args: &TokenExplainArgs) -> Result<Requirement, Failure> {
    let scopes = args.require.iter().map(|name| ("--require", Requirement::scope(name.clone())));
    let permissions =
        args.permission.iter().map(|name| ("--permission", Requirement::permission(name.clone())));
    let each = |(flag, requirement): (&str, Result<Requirement, bearward::ConfigError>)| {
        requirement.map_err(|error| {
            let text = error.to_string();
            let text = text.split_once(": ").map_or(text.as_str(), |(_, text)| text);
            Failure::trouble(format!("{flag}: {text}"))
                .hint("repeat the flag to name more than one")
        })
    };
    let all: Result<Vec<_>, _> = scopes.chain(permissions).map(each).collect();
    Ok(all_of(all?))
}

/// Answers as the lines come, so that another program can ask and read in turn.
async fn each_line(
    server: &ResourceServer,
    requirement: &Requirement,
    json: bool,
) -> Result<Exit, Failure> {
    let (mut accepted, mut refused, mut undecided) = (0_u64, 0_u64, 0_u64);
    for line in input::Lines::default() {
        let explanation = server.explain(&line?, requirement).await;
        output::result(&if json {
            told::json_line(&explanation)?
        } else {
            told::line(&explanation)
        })?;
        match exit(&explanation) {
            Exit::Yes => accepted += 1,
            Exit::Refused => refused += 1,
            Exit::Trouble => undecided += 1,
        }
    }
    let all = accepted + refused + undecided;
    if all == 0 {
        return Err(Failure::trouble("there is no token: the input is empty"));
    }
    let tokens = if all == 1 { "token" } else { "tokens" };
    let undecided_too = match undecided {
        0 => String::new(),
        some => format!(", {some} undecided"),
    };
    output::notice(&format!(
        "{all} {tokens}: {accepted} accepted, {refused} refused{undecided_too}"
    ));
    Ok(match (refused, undecided) {
        (_, 1..) => Exit::Trouble,
        (1.., 0) => Exit::Refused,
        (0, 0) => Exit::Yes,
    })
}

/// Without keys there is no answer about the token.
fn exit(explanation: &Explanation) -> Exit {
    match explanation.rejection().map(bearward::Rejection::kind) {
        None => Exit::Yes,
        Some(RejectionKind::KeysUnavailable | RejectionKind::Internal) => Exit::Trouble,
        Some(_) => Exit::Refused,
    }
}
