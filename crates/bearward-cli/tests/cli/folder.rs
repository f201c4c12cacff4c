//! A tenant's folder, and the commands that look after it.

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Running, bearward, snapshot_without};

/// A folder, and commands on it.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// The tenant's folder; it is made by what makes the tenant.
    pub(crate) fn path(&self) -> String {
        self.0.path().join("data").to_str().unwrap().to_owned()
    }

    /// What a command prints, with its own line before it.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        self.run_with(args, "")
    }

    pub(crate) fn run_with(&self, args: &[&str], stdin: &str) -> String {
        let variables = [("BEARWARD_DATA", &*self.path())];
        let output = bearward(&[&["tenant"], args].concat(), &variables, stdin);
        format!("$ bearward tenant {}\n{output}\n", args.join(" ")).replace(&self.path(), "[data]")
    }

    /// What a command says in JSON.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--json"]].concat());
        let stdout = output.split_once("----- stdout\n").unwrap().1;
        let stdout = stdout.split_once("----- stderr").unwrap().0;
        serde_json::from_str(stdout).unwrap()
    }

    pub(crate) fn text(&self, args: &[&str], field: &str) -> String {
        self.json(args).get(field).unwrap().as_str().unwrap().to_owned()
    }

    pub(crate) fn serve(&self) -> (Running, String) {
        let mut running = Running::start(&[
            "tenant",
            "serve",
            "--tls",
            "off",
            "--listen",
            "localhost:0",
            "--json",
            "--data",
            &self.path(),
        ]);
        let report: Value = serde_json::from_str(&running.line()).unwrap();
        let issuer = report.get("issuer").unwrap().as_str().unwrap().to_owned();
        (running, issuer)
    }
}

/// Compares outputs. What the tenant draws at random differs from run to run.
pub(crate) fn compare(name: &str, outputs: &[String]) {
    let random = [
        (r"auth0\|[0-9A-Za-z]{24}", "[user id]"),
        (r"rol_[0-9A-Za-z]{16}", "[role id]"),
        (r"cgr_[0-9A-Za-z]{16}", "[grant id]"),
        (r"\b[0-9A-Za-z]{64}\b", "[secret]"),
        // A hyphen at either end is no word's end.
        (r"(?:\B-|\b[0-9A-Za-z_])[0-9A-Za-z_-]{41}(?:[0-9A-Za-z_]\b|-\B)", "[kid]"),
        (r"\b[0-9A-Za-z]{32}\b", "[client id]"),
        (r"\b[0-9A-Za-z]{24}\b", "[id]"),
        (r"\b[0-9A-Za-z]{20}\b", "[password]"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", "[time]"),
        (r"\d{4}-\d\d-\d\d\b", "[date]"),
    ];
    snapshot_without(&random, name, &outputs.join("\n"));
}

pub(crate) const API: &str = "https://api.example.com";

/// A tenant that knows one API, with the permissions `read:messages` and `x`.
pub(crate) fn with_an_api() -> Folder {
    let folder = Folder::new();
    let permissions = ["--permission", "read:messages=Read messages", "--permission", "x"];
    folder.run(&[&["api", "create", API, "--name", "Messages"], &permissions[..]].concat());
    folder
}
