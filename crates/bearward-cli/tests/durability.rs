//! What the tenant has acknowledged is there after it was killed, whenever that was.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use bearward_tenant::Tenant;
use serde_json::Value;

const ROUNDS: usize = 20;
/// At once, and without a pause.
const CLIENTS: usize = 4;
/// A round ends after 1 to this many acknowledgements, drawn anew each time.
const MOST_IN_A_ROUND: u64 = 40;
const PASSWORD: &str = "correct+horse+battery";

/// A tenant's process. It is killed when the test ends, however it ends.
struct Process {
    child: Child,
    /// Host and port of the dashboard.
    host: String,
    link: Option<String>,
}

impl Process {
    fn start(program: &Path, args: &[&str]) -> Process {
        let mut child = Command::new(program)
            .args(args)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let report: Value = serde_json::from_str(&line).unwrap();
        let dashboard = report["dashboard"].as_str().unwrap();
        let host = dashboard.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Process { child, host, link: report["dashboard_link"].as_str().map(str::to_owned) }
    }

    /// SIGKILL: nothing that it would like to do in the end is done.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The cookie and the proof of a session: by the one-time link at first, then by the password.
    fn log_in(&self) -> (String, String) {
        let answer = match &self.link {
            Some(link) => {
                let token = link.split_once("link=").unwrap().1;
                let page = send(&self.host, "POST /setup", "", &format!("token={token}")).unwrap();
                let token = field(&page, "token");
                let form = format!("token={token}&password={PASSWORD}&again={PASSWORD}");
                send(&self.host, "POST /setup/password", "", &form).unwrap()
            }
            None => send(&self.host, "POST /login", "", &format!("password={PASSWORD}")).unwrap(),
        };
        let cookie = answer.split_once("set-cookie: ").unwrap().1.split(';').next().unwrap();
        let page = send(&self.host, "GET /apis", cookie, "").unwrap();
        (cookie.to_owned(), field(&page, "csrf"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(host: &str, line: &str, cookie: &str, form: &str) -> io::Result<String> {
    let request = format!(
        "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let mut stream = TcpStream::connect(host)?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn field(page: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    let start = page.find(&marker).unwrap_or_else(|| panic!("no field {name}: {page}"));
    page[start + marker.len()..].split('"').next().unwrap().to_owned()
}

/// Creates APIs until the process is gone, and reports each that was acknowledged.
fn load(host: &str, (cookie, csrf): (&str, &str), name: &str, acknowledged: &mpsc::Sender<String>) {
    for number in 0.. {
        let identifier = format!("{name}-{number}");
        let form = format!("csrf={csrf}&name={identifier}&identifier={identifier}");
        let Ok(answer) = send(host, "POST /apis", cookie, &form) else { return };
        if !answer.starts_with("HTTP/1.1 303") {
            // Cut off in the middle of an answer; any other whole answer is a fault of the test.
            assert!(!answer.contains("\r\n\r\n"), "{answer}");
            return;
        }
        if acknowledged.send(identifier).is_err() {
            return;
        }
    }
}

/// One life of the tenant: under load from its start until it is killed after some number of
/// acknowledgements. Each of these is in `log`, on the disk, before the next is counted.
fn round(mut process: Process, number: usize, log: &mut File) {
    let (cookie, csrf) = process.log_in();
    let enough = 1 + RandomState::new().build_hasher().finish() % MOST_IN_A_ROUND;
    let (sender, acknowledged) = mpsc::channel();
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (sender, host) = (sender.clone(), process.host.clone());
            let (cookie, csrf) = (&*cookie, &*csrf);
            let name = format!("api-{number}-{client}");
            scope.spawn(move || load(&host, (cookie, csrf), &name, &sender));
        }
        drop(sender);
        let mut count = 0;
        for identifier in acknowledged {
            writeln!(log, "{identifier}").unwrap();
            log.sync_data().unwrap();
            count += 1;
            if count == enough {
                process.kill();
            }
        }
        assert!(count >= enough, "the load ended by itself");
    });
}

/// Which of the acknowledged APIs are not there.
fn lost(data: &Path, log: &Path) -> BTreeSet<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let kept: BTreeSet<String> = runtime.block_on(async {
        let tenant = Tenant::open("http://127.0.0.1:1/", data).await.unwrap();
        let kept = tenant.apis().await.unwrap().into_iter().map(|api| api.identifier).collect();
        tenant.close().await;
        kept
    });
    let acknowledged = fs::read_to_string(log).unwrap();
    acknowledged.lines().filter(|line| !kept.contains(*line)).map(str::to_owned).collect()
}

/// What was lost, by the end of the rounds or as soon as something was.
fn lost_in_rounds(program: &Path, args: impl Fn(&str) -> Vec<String>) -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("acknowledged"));
    let args = args(data.to_str().unwrap());
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut file = File::create(&log).unwrap();
    for number in 0..ROUNDS {
        round(Process::start(program, &args), number, &mut file);
        let lost = lost(&data, &log);
        if !lost.is_empty() {
            return lost;
        }
    }
    BTreeSet::new()
}

#[test]
fn what_was_acknowledged_outlives_twenty_kills_under_load() {
    let lost = lost_in_rounds(Path::new(env!("CARGO_BIN_EXE_bearward")), |data| {
        let args = "tenant serve --tls off --listen localhost:0 --json --data";
        args.split(' ').chain([data]).map(str::to_owned).collect()
    });
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}

#[test]
fn a_tenant_that_acknowledges_before_it_commits_is_found_out() {
    let folder = Path::new(env!("CARGO_BIN_EXE_bearward")).parent().unwrap();
    let program: PathBuf = folder.join("examples/dangerous_early_acknowledgement");
    let lost = lost_in_rounds(&program, |data| vec![data.to_owned()]);
    assert!(!lost.is_empty(), "this test would not see a loss");
}
