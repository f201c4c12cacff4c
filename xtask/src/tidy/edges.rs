//! Which crate of the workspace may depend on which.

use serde_json::Value;

use super::Fault;

/// From -> to. `bearward-testkit` may moreover be a development dependency of any crate.
const ALLOWED: &[(&str, &str)] = &[
    ("bearward-tenant", "bearward"),
    ("bearward-testkit", "bearward"),
    ("bearward-cli", "bearward"),
    ("bearward-cli", "bearward-tenant"),
];

/// Looks at the output of `cargo metadata --no-deps`.
pub(super) fn check(metadata: &Value) -> Vec<Fault> {
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let is_ours = |name: &str| packages.iter().any(|package| package["name"] == name);
    let mut faults = Vec::new();
    for package in packages {
        let from = package["name"].as_str().unwrap_or_default();
        let dependencies = package["dependencies"].as_array().map_or(&[][..], Vec::as_slice);
        for dependency in dependencies {
            let to = dependency["name"].as_str().unwrap_or_default();
            if is_ours(to) && !is_allowed(from, to, dependency["kind"] == "dev") {
                let what = format!("{from} may not depend on {to} (ARCHITECTURE.md, Crates)");
                faults.push(Fault::file(&format!("Cargo.toml of {from}"), what));
            }
        }
    }
    faults
}

fn is_allowed(from: &str, to: &str, dev: bool) -> bool {
    ALLOWED.contains(&(from, to)) || (dev && to == "bearward-testkit")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check_edge(from: &str, to: &str, kind: Option<&str>, expected: usize) {
        let metadata = json!({ "packages": [
            { "name": from, "dependencies": [
                { "name": to, "kind": kind },
                { "name": "serde", "kind": null },
            ] },
            { "name": to, "dependencies": [] },
        ] });
        assert_eq!(check(&metadata).len(), expected, "{from} -> {to} ({kind:?})");
    }

    #[test]
    fn edge_that_is_not_listed_is_refused() {
        check_edge("bearward-cli", "bearward-tenant", None, 0);
        check_edge("bearward-tenant", "bearward-cli", None, 1);
        check_edge("bearward", "bearward-tenant", None, 1);
        check_edge("bearward", "bearward-tenant", Some("dev"), 1);
    }

    #[test]
    fn testkit_is_for_tests_only() {
        check_edge("bearward", "bearward-testkit", Some("dev"), 0);
        check_edge("bearward-cli", "bearward-testkit", Some("dev"), 0);
        check_edge("bearward-cli", "bearward-testkit", None, 1);
        check_edge("bearward", "bearward-testkit", Some("build"), 1);
    }
}
