//! The Flask programs under `examples/`, served for real, called with tokens of a tenant over TLS.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use bearward_tenant::{ApplicationType, CreatedApplication, NewApi, NewApplication, Tenant};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Running, bearward, get};

const AUDIENCE: &str = "https://api.example.com";
const PERMISSION: &str = "read:messages";

#[test]
fn authlib_1_9_guards_with_tokens_of_the_tenant() {
    check("flask-authlib", "requirements.txt", "server");
}

#[test]
fn authlib_1_3_guards_with_tokens_of_the_tenant() {
    check("flask-authlib", "requirements-authlib-1.3.txt", "server_authlib_1_3");
}

#[test]
fn auth0s_own_library_guards_with_tokens_of_the_tenant() {
    check("flask-auth0", "requirements.txt", "server");
}

/// Serves `module` of the example and calls its routes: with no token, with one that holds the
/// permission, and with one that does not.
#[allow(clippy::print_stdout, reason = "with --nocapture a person sees each answer")]
fn check(example: &str, requirements: &str, module: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example);
    let tenant = RunningTenant::start();
    let program = Flask::start(&venv(&folder.join(requirements)), &folder, module, &tenant);
    let with = tenant.token(&tenant.with_permission);
    let without = tenant.token(&tenant.without_permission);
    let mut tampered = with.clone();
    tampered.replace_range(tampered.len() - 8..tampered.len() - 4, "AAAA");
    let calls = [
        ("/api/public", None, 200),
        ("/api/private", None, 401),
        ("/api/private", Some(&with), 200),
        ("/api/private-scoped", Some(&without), 403),
        ("/api/private-scoped", Some(&with), 200),
        // Beyond the five: the guard does look at the token.
        ("/api/private", Some(&without), 200),
        ("/api/private", Some(&tampered), 401),
        ("/api/private-scoped", None, 401),
    ];
    let mut wrong = Vec::new();
    for (path, token, expected) in calls {
        let header = token.map(|token| format!("Authorization: Bearer {token}"));
        let headers = header.as_deref().map_or(vec![], |header| vec![header]);
        let answer = get(&program.address, path, &headers);
        let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
        println!("{example} {module}: {path} {status}");
        if status != expected.to_string() {
            wrong.push(format!("{path}: expected {expected}, found\n{answer}"));
        }
    }
    let wrong = wrong.join("\n");
    assert!(wrong.is_empty(), "{wrong}\n{}", program.end());
}

/// `bearward tenant serve` with the API, and with one application that was granted the permission
/// and one that was granted none.
struct RunningTenant {
    _running: Running,
    report: Value,
    data: PathBuf,
    with_permission: CreatedApplication,
    without_permission: CreatedApplication,
    _folder: TempDir,
}

impl RunningTenant {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (with_permission, without_permission) = runtime.block_on(set_up(&data));
        let args = ["tenant", "serve", "--listen", "localhost:0", "--plain-listen", "localhost:0"];
        let data = data.to_str().unwrap();
        let mut running = Running::start(&[&args[..], &["--data", data, "--json"]].concat());
        let report = serde_json::from_str(&running.line()).unwrap();
        let data = data.into();
        Self {
            _running: running,
            report,
            data,
            with_permission,
            without_permission,
            _folder: folder,
        }
    }

    fn text(&self, key: &str) -> &str {
        self.report.get(key).unwrap().as_str().unwrap()
    }

    /// What `bearward tenant env` prints, which is all that a program is told. The programs here
    /// need no secret, and none is made.
    fn environment(&self) -> BTreeMap<String, String> {
        let client_id = &self.with_permission.application.client_id;
        let data = self.data.to_str().unwrap();
        let args = ["tenant", "env", "--format", "json", "--data", data, "--app", client_id];
        let output = bearward(&args, &[], "");
        let start = output.find('{').unwrap();
        let mut values = serde_json::Deserializer::from_str(&output[start..]).into_iter();
        values.next().unwrap().unwrap()
    }

    fn token(&self, application: &CreatedApplication) -> String {
        let args = [
            "token",
            "get",
            "--issuer",
            self.text("issuer"),
            "--ca-file",
            self.text("ca"),
            "--audience",
            AUDIENCE,
            "--client-id",
            &application.application.client_id,
        ];
        let secret = application.client_secret.as_ref().unwrap().expose();
        let output = bearward(&args, &[("BEARWARD_CLIENT_SECRET", secret)], "");
        let token = output.lines().find(|line| line.starts_with("eyJ"));
        assert!(token.is_some(), "no token in\n{output}");
        token.unwrap().to_owned()
    }
}

async fn set_up(data: &Path) -> (CreatedApplication, CreatedApplication) {
    let tenant = Tenant::open("https://localhost/", data).await.unwrap();
    let api = NewApi::new("Messages", AUDIENCE).permission(PERMISSION, "Read messages");
    tenant.create_api(api).await.unwrap();
    let machine = |name: &str| NewApplication::new(name, ApplicationType::NonInteractive);
    let with = tenant.create_application(machine("Reader")).await.unwrap();
    let without = tenant.create_application(machine("Visitor")).await.unwrap();
    tenant.grant(&with.application.client_id, AUDIENCE, &[PERMISSION]).await.unwrap();
    tenant.grant(&without.application.client_id, AUDIENCE, &[]).await.unwrap();
    tenant.close().await;
    (with, without)
}

/// The folder of the programs that these requirements install. It is kept between runs and made
/// anew when the requirements have changed.
fn venv(requirements: &Path) -> PathBuf {
    let wanted = fs::read_to_string(requirements).unwrap();
    let example = requirements.parent().unwrap().file_name().unwrap().to_str().unwrap();
    let stem = requirements.file_stem().unwrap().to_str().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{example}-{stem}"));
    let installed = folder.join("installed.txt");
    let programs = folder.join("bin");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return programs;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    let mut pip = Command::new(programs.join("python"));
    run(pip.args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(requirements));
    fs::write(installed, wanted).unwrap();
    programs
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{errors}");
}

/// A program that Flask's own server runs, until the test ends.
struct Flask {
    child: Child,
    stderr: BufReader<ChildStderr>,
    address: String,
}

impl Flask {
    fn start(programs: &Path, folder: &Path, module: &str, tenant: &RunningTenant) -> Self {
        let mut child = Command::new(programs.join("python"))
            .args(["-B", "-m", "flask", "--app", module, "run", "--port", "0"])
            .current_dir(folder)
            .env_clear()
            .envs(tenant.environment())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let mut program = Self { child, stderr, address: String::new() };
        program.wait_for_address();
        program
    }

    /// It says where it runs once it listens.
    fn wait_for_address(&mut self) {
        let mut all = String::new();
        while self.address.is_empty() {
            let more = self.stderr.read_line(&mut all).unwrap();
            assert!(more > 0, "ended before it ran:\n{all}");
            let line = all.lines().last().unwrap();
            if let Some((_, address)) = line.split_once("Running on ") {
                address.clone_into(&mut self.address);
            }
        }
    }

    /// Ends it; what it has written to stderr.
    fn end(mut self) -> String {
        let _ = self.child.kill();
        let mut errors = String::new();
        self.stderr.read_to_string(&mut errors).unwrap();
        errors
    }
}

impl Drop for Flask {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
