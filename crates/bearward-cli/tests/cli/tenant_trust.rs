//! `bearward tenant trust`, as far as a test may go: it changes nothing on this machine.

use std::fs;

use crate::support::{Running, bearward};

/// The output of `bearward tenant trust`, with a home folder that has nothing in it.
fn trust(args: &[&str], home: &str) -> String {
    bearward(&[&["tenant", "trust"], args].concat(), &[("HOME", home)], "")
}

#[test]
fn everything_is_shown_and_nothing_done() {
    let parent = tempfile::tempdir().unwrap();
    let home = parent.path().to_str().unwrap();
    let data = format!("{home}/data");
    let serve = ["tenant", "serve", "--listen", "localhost:0", "--plain-listen", "localhost:0"];
    let mut tenant = Running::start(&[&serve[..], &["--data", &data, "--json"]].concat());
    tenant.line();
    assert_eq!(tenant.end("TERM").0, Some(0));
    let before = fs::read_dir("/usr/local/share/ca-certificates").map(Iterator::count).ok();

    for args in [&["--data", &data, "--dry-run"][..], &["--data", &data, "--dry-run", "--remove"]] {
        let shown = trust(args, home);
        assert!(shown.starts_with("exit: 0\n"), "{shown}");
        assert!(shown.contains(&format!("\n{data}/tls/ca.pem\nbearward local CA ")), "{shown}");
        assert!(shown.contains("\nNot done:\n"), "{shown}");
        assert!(shown.ends_with("\nNothing was done.\n----- stderr\n"), "{shown}");
    }
    // Where there is no store to change, there is nothing to ask.
    let refused = trust(&["--data", &data], home);
    let was_asked = refused.contains("error: nobody can be asked: standard input is no terminal\n");
    assert!(was_asked || refused.contains("\nNothing was done.\n"), "{refused}");
    let after = fs::read_dir("/usr/local/share/ca-certificates").map(Iterator::count).ok();
    assert_eq!(before, after);
}

#[test]
fn a_ca_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().to_str().unwrap();
    let output = trust(&["--data", home], home).replace(home, "[data]");
    assert_eq!(
        output,
        "exit: 2\n----- stdout\n----- stderr\nerror: there is no local CA: cannot read \
         [data]/tls/ca.pem: No such file or directory (os error 2)\nhint: `bearward tenant serve` \
         with the same --data makes one\n"
    );
    let output = trust(&[], home);
    assert!(output.contains("error: no data folder"), "{output}");
}
