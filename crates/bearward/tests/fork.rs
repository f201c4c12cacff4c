//! A process that forks after its first requests, as servers with worker processes do.
//!
//! A program of its own, twice: the issuer runs here, and the API in a process that does nothing
//! else, since a fork copies the locks that other threads hold.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]
#![allow(clippy::print_stdout, reason = "a program that tells how it went, and asks by lines")]
#![allow(clippy::disallowed_methods, reason = "a forked process ends without what it copied")]

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("api") => api::run(&arguments.next().unwrap()),
        _ => issuer::run(),
    }
}

/// What the API asks of the issuer's process, a line each; the answer is a line too.
#[cfg(target_os = "linux")]
mod words {
    pub(crate) const PUBLISH: &str = "publish one key more";
    pub(crate) const HOLD: &str = "answer nobody from now on";
    pub(crate) const RELEASE: &str = "answer once two have asked";
    pub(crate) const COUNT: &str = "how often were you asked for keys?";
}

#[cfg(target_os = "linux")]
mod issuer {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::{Command, Stdio};

    use bearward::Algorithm;
    use bearward_testkit::{TestIssuer, keys};

    use super::words;

    #[tokio::main]
    pub(crate) async fn run() {
        let issuer = TestIssuer::start().await;
        let mut api = Command::new(std::env::current_exe().unwrap())
            .args(["api", issuer.identifier()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut answers = api.stdin.take().unwrap();
        let mut asked = 0;
        for line in BufReader::new(api.stdout.take().unwrap()).lines() {
            match line.unwrap().as_str() {
                words::PUBLISH => {
                    issuer.publish(&[keys::signing_key(Algorithm::Rs256), keys::stranger()]);
                }
                words::HOLD => {
                    asked = issuer.requests();
                    issuer.hold();
                }
                words::RELEASE => {
                    issuer.asked(asked + 2).await;
                    issuer.release();
                }
                words::COUNT => {}
                other => panic!("the API said {other}"),
            }
            writeln!(answers, "{}", issuer.key_requests()).unwrap();
        }
        assert!(api.wait().unwrap().success(), "the process of the API");
        println!("a forked process fetches keys by a thread of its own: ok");
    }
}

#[cfg(target_os = "linux")]
mod api {
    use std::time::Duration;

    use bearward::{Credentials, ResourceServer, Verdict, token};
    use bearward_testkit::{Mint, keys};
    use fork::{Fork, waitpid};

    use super::words;

    pub(crate) fn run(issuer: &str) {
        let mint = Mint::new(issuer, "api");
        let server = || {
            let server = ResourceServer::new(issuer, "api").unwrap();
            server.clock(mint.clock().clone()).unwrap()
        };
        let good = mint.token().sign();
        let new = mint.token().key(keys::stranger()).sign();

        let api = server();
        assert!(accepts(&api, &good));
        let child = in_a_fork(|| {
            let known = accepts(&api, &good);
            let refreshed = api.next_key_fetch();
            mint.clock().advance(Duration::from_secs(600));
            wait(refreshed);
            known && accepts(&api, &good)
        });
        assert!(held(child), "a refresh that is due");
        assert_eq!(tell(words::COUNT), 2);

        tell(words::PUBLISH);
        let child = in_a_fork(|| accepts(&api, &new));
        assert!(held(child), "a key that the set before the fork does not have");
        assert_eq!(tell(words::COUNT), 3);
        assert!(accepts(&api, &new), "and in the process before");
        assert_eq!(tell(words::COUNT), 4);

        tell(words::HOLD);
        let cold = server();
        assert!(cold.ready().is_err(), "not there yet");
        let child = in_a_fork(|| accepts(&cold, &good));
        tell(words::RELEASE);
        assert!(held(child), "a fork while the first fetch was under way");
        assert!(accepts(&cold, &good));
    }

    /// Says this to the issuer's process, and returns how often the issuer was asked for keys.
    fn tell(words: &str) -> usize {
        println!("{words}");
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).unwrap();
        answer.trim().parse().unwrap()
    }

    fn accepts(server: &ResourceServer, text: &str) -> bool {
        let header = format!("Bearer {text}");
        let credentials = Credentials::read([header.as_bytes()], None).unwrap();
        match server.check_now(credentials, &token()) {
            Verdict::Allowed(_) => true,
            Verdict::Refused(_) => false,
            Verdict::Pending(pending) => wait(pending).is_ok(),
        }
    }

    fn wait<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    /// Runs this in a forked process, and returns that process's number.
    fn in_a_fork(run: impl FnOnce() -> bool) -> i32 {
        while !others_sleep() {
            std::thread::yield_now();
        }
        match fork::fork().unwrap() {
            Fork::Parent(child) => child,
            Fork::Child => std::process::exit(i32::from(!run())),
        }
    }

    /// Whether no thread but this one is at work, and may hold a lock.
    fn others_sleep() -> bool {
        let me = std::process::id().to_string();
        std::fs::read_dir("/proc/self/task").unwrap().all(|task| {
            let task = task.unwrap();
            // The state stands behind the name, which is in parentheses.
            let stat = std::fs::read_to_string(task.path().join("stat")).unwrap();
            let sleeps = stat.rsplit(')').next().is_some_and(|rest| rest.starts_with(" S"));
            task.file_name() == *me || sleeps
        })
    }

    fn held(child: i32) -> bool {
        waitpid(child).unwrap() == 0
    }
}
