//! Runs the real program and shows everything that came of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use axum::Router;
use tempfile::TempDir;

/// Runs `bearward` with these arguments, variables and standard input, and nothing else around it.
pub(crate) fn bearward(args: &[&str], variables: &[(&str, &str)], stdin: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bearward"))
        .args(args)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input may be gone by now.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    format!(
        "exit: {}\n----- stdout\n{}----- stderr\n{}",
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Compares a whole output. Ports and lengths of time differ from run to run.
pub(crate) fn snapshot(name: &str, output: &str) {
    snapshot_without(&[], name, output);
}

/// Likewise, where more differs from run to run: a pattern, and what stands in its place.
pub(crate) fn snapshot_without(volatile: &[(&str, &str)], name: &str, output: &str) {
    let filters = [
        (r"\?link=[0-9A-Za-z]{22}", "?link=[link]"),
        (r"(localhost|127\.0\.0\.1):\d{4,5}", "$1:[port]"),
        (r"\d+ d( \d+ h)? ago", "[long] ago"),
        (r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+", "[token]"),
        (r"(@example\.com) +[0-9A-Za-z]{20}", "$1 [password]"),
        (r"CLIENT_SECRET=\S{64}", "CLIENT_SECRET=[secret]"),
        (r"--client-id \S{32}", "--client-id [id]"),
        (r"[\w./-]*/bearward token", "bearward token"),
    ];
    let filters: Vec<_> = filters.iter().chain(volatile).copied().collect();
    insta::with_settings!({ filters => filters, prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, output);
    });
}

/// Serves what `app` makes of its own address (without a slash at the end), until the test ends.
pub(crate) fn serve(app: impl FnOnce(String) -> Router) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let issuer = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let app = app(issuer.clone());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
    });
    issuer
}

/// A program that goes on running. It is killed when the test ends, however it ends.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: BufReader<ChildStderr>,
    /// Where it puts what is for the run alone: one that is killed cannot take it away itself.
    _temporary: TempDir,
}

impl Running {
    pub(crate) fn start(args: &[&str]) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_bearward"))
            .args(args)
            .env_clear()
            .env("TMPDIR", temporary.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Self { child, stdout, stderr, _temporary: temporary }
    }

    /// The next line on standard output.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    /// Standard output up to the line that has `text` in it.
    pub(crate) fn until(&mut self, text: &str) -> String {
        let mut all = String::new();
        while !all.contains(text) {
            let line = self.line();
            assert!(!line.is_empty(), "ended before `{text}`:\n{all}");
            all += &line;
        }
        all
    }

    /// The next line on standard error.
    pub(crate) fn error_line(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line
    }

    pub(crate) fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Waits for the end of a program that was asked to; gives its exit code.
    pub(crate) fn ended(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Asks the program to end; gives its exit code, the rest of standard output, standard error.
    pub(crate) fn end(mut self, signal: &str) -> (Option<i32>, String, String) {
        self.signal(signal);
        let (mut rest, mut errors) = (String::new(), String::new());
        self.stdout.read_to_string(&mut rest).unwrap();
        self.stderr.read_to_string(&mut errors).unwrap();
        (self.child.wait().unwrap().code(), rest, errors)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a server answers, byte by byte: `GET path`, with these header lines.
pub(crate) fn get(address: &str, path: &str, headers: &[&str]) -> String {
    let host = address.trim_start_matches("http://");
    let host_header = format!("Host: {host}");
    let has_host = headers.iter().any(|header| header.starts_with("Host:"));
    let mut lines = vec![format!("GET {path} HTTP/1.1"), "Connection: close".into()];
    lines.extend((!has_host).then_some(host_header));
    lines.extend(headers.iter().map(ToString::to_string));
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(format!("{}\r\n\r\n", lines.join("\r\n")).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
