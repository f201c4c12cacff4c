//! `bearward tenant trust`: the CA of a tenant into this machine's stores, and out of them.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::{Path, absolute};

use anyhow::Context;
use jiff::Timestamp;

use crate::args::TrustArgs;
use crate::certificates::{CA_FILE, CaSummary};
use crate::config::Environment;
use crate::data::tls_folder;
use crate::exit::{Exit, Failure};
use crate::output::{self, STRONG};
use crate::trust::{Action, Ca, Machine, Plan, plan};

pub(super) fn run(args: &TrustArgs, environment: &Environment) -> Result<Exit, Failure> {
    let action = if args.remove { Action::Remove } else { Action::Trust };
    let data = environment.data(args.data.clone()).ok_or_else(|| {
        Failure::trouble("no data folder, so it is not known which CA is meant")
            .hint("name the tenant's folder with --data or BEARWARD_DATA")
    })?;
    let data = absolute(data).context("the data folder has no place")?;
    let (ca, ends) = the_ca(&data, action)?;
    let machine = Machine::this();
    let plan = plan(&machine, &ca, action);
    output::result(&text(&plan, &ca, ends, action))?;
    if args.dry_run || plan.steps.is_empty() {
        output::result("Nothing was done.\n")?;
        return Ok(Exit::Yes);
    }
    if !args.yes && !agreed()? {
        output::result("Nothing was done.\n")?;
        return Ok(Exit::Refused);
    }
    carry_out(&machine, &plan)
}

/// The file says who the CA is. To remove one, its place in the stores is enough.
fn the_ca(data: &Path, action: Action) -> Result<(Ca, Option<Timestamp>), Failure> {
    let file = tls_folder(data).join(CA_FILE);
    let label = label(data);
    match CaSummary::of(&file) {
        Ok(CaSummary { name, ends }) => {
            Ok((Ca { file, label, name: Some(name) }, Timestamp::from_second(ends).ok()))
        }
        Err(_) if action == Action::Remove => Ok((Ca { file, label, name: None }, None)),
        Err(error) => Err(Failure::from(error.context("there is no local CA"))
            .hint("`bearward tenant serve` with the same --data makes one")),
    }
}

/// `bearward-` and eight digits that stand for the folder: a stable hash, FNV-1a. Nothing rests on
/// it but that two tenants of one person have two names.
fn label(data: &Path) -> String {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    let hash = data.as_os_str().as_encoded_bytes().iter().fold(0x811c_9dc5, step);
    format!("bearward-{hash:08x}")
}

fn text(plan: &Plan, ca: &Ca, ends: Option<Timestamp>, action: Action) -> String {
    // Writing to a String cannot fail.
    let mut text = String::new();
    let what = match action {
        Action::Trust => "this machine is to trust a local CA",
        Action::Remove => "this machine is to trust a local CA no more",
    };
    let _ = writeln!(text, "{STRONG}bearward tenant trust{STRONG:#}: {what}\n");
    let _ = writeln!(text, "{}", ca.file.display());
    if let (Some(name), Some(ends)) = (&ca.name, ends) {
        let _ = writeln!(text, "{}, ends {}", output::one_line(name), ends.strftime("%Y-%m-%d"));
    }
    for step in &plan.steps {
        let _ = writeln!(text, "\n{}:", step.place);
        for command in &step.commands {
            let _ = writeln!(text, "{}", command.to_text());
        }
    }
    if !plan.not_done.is_empty() {
        let _ = writeln!(text, "\nNot done:");
    }
    for reason in &plan.not_done {
        let _ = writeln!(text, "{reason}");
    }
    text + "\n"
}

/// Whether the person at the terminal says yes.
fn agreed() -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::trouble("nobody can be asked: standard input is no terminal")
            .hint("add --yes if these commands are what you want"));
    }
    output::result("Run these commands? [y/N] ")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).context("cannot read standard input")?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// A store that cannot be changed does not keep the others from it.
fn carry_out(machine: &Machine, plan: &Plan) -> Result<Exit, Failure> {
    let mut failed = Vec::new();
    for step in &plan.steps {
        for command in &step.commands {
            output::result(&format!("{STRONG}{}{STRONG:#}\n", command.to_text()))?;
            if let Err(error) = machine.run(command) {
                failed.push(format!("{}: {}: {error:#}", step.place, command.to_text()));
                break;
            }
        }
    }
    if failed.is_empty() {
        output::result("\nDone. Start programs again that are to see it.\n")?;
        return Ok(Exit::Yes);
    }
    Err(Failure::trouble(failed.join("; "))
        .hint("what was printed before it says more; the other stores were seen to"))
}
