//! Prints every path that the tenant serves, as a JSON array.
#![allow(clippy::print_stdout, reason = "printing is all that it does")]

fn main() {
    println!("{}", serde_json::json!(bearward_tenant::Tenant::routes()));
}
