//! Runs the real program and shows everything that came of it.

#![allow(dead_code, reason = "each test program uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::io::Write;
use std::process::{Command, Stdio};

use axum::Router;

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
    let filters =
        [(r"localhost:\d{4,5}", "localhost:[port]"), (r"\d+ d( \d+ h)? ago", "[long] ago")];
    insta::with_settings!({ filters => filters, snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        let test = std::env::args().next().unwrap();
        let program = std::path::Path::new(&test).file_stem().unwrap().to_str().unwrap();
        let program = program.rsplit_once('-').map_or(program, |(program, _)| program).to_owned();
        insta::assert_snapshot!(format!("{program}_{name}"), output);
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
