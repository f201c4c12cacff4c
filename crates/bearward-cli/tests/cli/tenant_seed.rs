//! `bearward tenant serve --seed`.

use crate::folder::{Folder, compare};
use crate::support::Running;

#[test]
fn a_seed_with_faults_stops_the_start() {
    let folder = Folder::new();
    let files = tempfile::tempdir().unwrap();
    let file = files.path().join("seed.toml");
    let file = file.to_str().unwrap();
    let serve = |seed: &str| {
        std::fs::write(file, seed).unwrap();
        let args = ["serve", "--tls", "off", "--listen", "localhost:0", "--seed", file];
        folder.run(&args).replace(file, "seed.toml")
    };
    let missing = folder.run(&["serve", "--tls", "off", "--seed", "/nowhere/seed.toml"]);
    let faults = "[[api]]\nidentifierr = 'a'\nname = 'A\\nhint: x'\n[[user]]\nemail = 'a'\n";
    let outputs = [missing, serve(faults), serve("[[api]\n"), folder.run(&["api", "list"])];
    compare("tenant_seed", &outputs);

    std::fs::write(file, "[[role]]\nname = 'Reader'\n").unwrap();
    let args = ["tenant", "serve", "--tls", "off", "--listen", "localhost:0", "--seed", file];
    let text = Running::start(&args).until("Ctrl-C");
    assert!(text.contains(&format!("\nSeed {file}: 1 created, 0 updated, 0 unchanged.\n")));
}

#[test]
fn the_documented_file_can_be_served() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/seed.md");
    let page = std::fs::read_to_string(page).unwrap();
    let seed = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let files = tempfile::tempdir().unwrap();
    let file = files.path().join("seed.toml");
    std::fs::write(&file, seed).unwrap();
    let file = file.to_str().unwrap();
    let args = ["tenant", "serve", "--tls", "off", "--listen", "localhost:0", "--seed", file];
    let text = Running::start(&args).until("Ctrl-C");
    assert!(text.contains(": 5 created, 0 updated, 0 unchanged.\n"), "{text}");
}
