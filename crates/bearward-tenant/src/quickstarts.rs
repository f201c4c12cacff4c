//! Quickstart code: an API with three routes, guarded for the person's own API and permission.

use crate::samples::{escape, fill};

/// A framework that the code is written for.
#[derive(Debug)]
pub(crate) struct Framework {
    /// What names it in addresses and in the page: `axum`.
    pub(crate) id: &'static str,
    /// What a person reads: `Flask`.
    pub(crate) name: &'static str,
    /// The line that gets what the code needs.
    pub(crate) install: &'static str,
    program: &'static str,
    escape: fn(&str) -> String,
}

/// Every framework, in the order of the tabs.
///
/// Flask's code takes the domain alone and asks for https, as Auth0's own does: it finds no keys at
/// a tenant that is served without TLS.
pub(crate) const FRAMEWORKS: &[Framework] = &[
    Framework {
        id: "axum",
        name: "axum",
        install: "cargo add bearward axum tokio --features tokio/full",
        program: include_str!("quickstarts/axum.txt"),
        escape: escape::rust,
    },
    Framework {
        id: "flask",
        name: "Flask",
        install: "pip install Flask \"Authlib>=1.7\"",
        program: include_str!("quickstarts/flask.txt"),
        escape: escape::python,
    },
    Framework {
        id: "express",
        name: "Express",
        install: "npm install express express-oauth2-jwt-bearer",
        program: include_str!("quickstarts/express.txt"),
        escape: escape::javascript,
    },
];

impl Framework {
    /// The program that guards `audience` with tokens of `issuer`; its third route asks for
    /// `permission`. No value can leave the string that it stands in.
    pub(crate) fn render(&self, issuer: &str, audience: &str, permission: &str) -> String {
        fill(self.program, |name| match name {
            "issuer" => Some((self.escape)(issuer)),
            "domain" => Some((self.escape)(domain(issuer))),
            "audience" => Some((self.escape)(audience)),
            "permission" => Some((self.escape)(permission)),
            _ => None,
        })
    }
}

/// The issuer as Auth0's libraries call it: without scheme and slash.
fn domain(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn render(id: &str, values: [&str; 3]) -> String {
        let framework = FRAMEWORKS.iter().find(|framework| framework.id == id).unwrap();
        let [issuer, audience, permission] = values;
        framework.render(issuer, audience, permission)
    }

    const VALUES: [&str; 3] =
        ["https://localhost:8443/", "https://api.example.com", "read:messages"];

    fn file(path: &str) -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).unwrap()
    }

    #[test]
    fn axum_code_is_the_example_that_is_compiled() {
        assert_eq!(render("axum", VALUES), file("crates/bearward/examples/api.rs"));
    }

    #[test]
    fn flask_code_is_the_example_that_is_run() {
        let example = file("examples/flask-authlib/server.py")
            .replace("import os\n", "")
            .replace("os.environ[\"AUTH0_DOMAIN\"]", "\"localhost:8443\"")
            .replace("os.environ[\"AUTH0_AUDIENCE\"]", "\"https://api.example.com\"");
        assert_eq!(render("flask", VALUES), example);
    }

    #[test]
    fn express_code_holds_the_values() {
        let code = render("express", VALUES);
        for line in [
            r#"  issuerBaseURL: "https://localhost:8443/","#,
            r#"  audience: "https://api.example.com","#,
        ] {
            assert!(code.lines().any(|found| found == line), "{code}");
        }
        assert!(code.contains(r#"requiredScopes("read:messages")"#), "{code}");
    }

    #[test]
    fn no_value_leaves_its_string() {
        let nasty = "\"); stop(\"\\\n{{permission}}";
        for framework in FRAMEWORKS {
            let code = framework.render(nasty, nasty, nasty);
            assert!(!code.contains("\"); stop(\""), "{code}");
            assert!(code.contains(r#"\"); stop(\"\\"#), "{code}");
            let lines = |code: &str| code.lines().count();
            assert_eq!(lines(&code), lines(&render(framework.id, VALUES)), "{code}");
        }
    }
}
