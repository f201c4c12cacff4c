//! The sample API exists twice: in `examples`, for readers, and in this crate, for its package.

use std::fs;
use std::path::Path;

#[test]
fn the_program_serves_the_example_word_for_word() {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let example = crate_root.join("../../examples/quickstart/src");
    let sample = crate_root.join("src/sample");
    for file in [
        "api.rs",
        "page.rs",
        "page/page.html",
        "page/page.css",
        "page/page.js",
        "page/login.js",
        "page/page.svg",
    ] {
        assert!(
            fs::read(example.join(file)).unwrap() == fs::read(sample.join(file)).unwrap(),
            "{file} differs; copy examples/quickstart/src/{file} to crates/bearward-cli/src/sample/"
        );
    }
}
