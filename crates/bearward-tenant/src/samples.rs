//! Request samples: one call of a guarded API, as a whole program in each of eleven languages.

mod address;
pub(crate) mod escape;

use address::Address;

/// A language that a sample is written in.
///
/// The sample needs nothing but the language's standard library, asks for the address with the
/// token, and prints the status first and then the body, whatever the status is. It follows no
/// redirect to another host with the token in hand.
#[derive(Debug)]
pub(crate) struct Language {
    /// What names it in addresses and in the page: `csharp`.
    pub(crate) id: &'static str,
    /// What a person reads: `C#`.
    pub(crate) name: &'static str,
    program: &'static str,
    /// Another program for https addresses, where the standard library has no TLS.
    program_for_https: Option<&'static str>,
    escape: fn(&str) -> String,
}

/// Every language, in the order of the tabs.
pub(crate) const LANGUAGES: &[Language] = &[
    language("curl", "curl", include_str!("samples/curl.txt"), escape::shell),
    language("csharp", "C#", include_str!("samples/csharp.txt"), escape::csharp),
    language("go", "Go", include_str!("samples/go.txt"), escape::go),
    language("java", "Java", include_str!("samples/java.txt"), escape::java),
    language("node", "Node.js", include_str!("samples/node.txt"), escape::javascript),
    language(
        "objective-c",
        "Objective-C",
        include_str!("samples/objective-c.txt"),
        escape::objective_c,
    ),
    language("php", "PHP", include_str!("samples/php.txt"), escape::php),
    language("python", "Python", include_str!("samples/python.txt"), escape::python),
    language("ruby", "Ruby", include_str!("samples/ruby.txt"), escape::ruby),
    language("swift", "Swift", include_str!("samples/swift.txt"), escape::swift),
    Language {
        program_for_https: Some(include_str!("samples/rust-https.txt")),
        ..language("rust", "Rust", include_str!("samples/rust.txt"), escape::rust)
    },
];

const fn language(
    id: &'static str,
    name: &'static str,
    program: &'static str,
    escape: fn(&str) -> String,
) -> Language {
    Language { id, name, program, program_for_https: None, escape }
}

impl Language {
    /// The program that calls `url` with `token`, ready to be pasted into one file and run.
    ///
    /// Neither value can leave the string that it stands in. What RFC 3986 does not let stand in an
    /// address is percent-encoded, since many languages refuse it. Whether the address is one of
    /// http or https is for the caller to check.
    pub(crate) fn render(&self, url: &str, token: &str) -> String {
        let address = Address::new(url);
        let program = match self.program_for_https {
            Some(program) if address.is_https() => program,
            _ => self.program,
        };
        fill(program, |name| match name {
            "url" => Some((self.escape)(address.as_str())),
            "server" => Some((self.escape)(&address.server())),
            "host" => Some((self.escape)(address.host())),
            "target" => Some((self.escape)(&address.target())),
            "token" => Some((self.escape)(token)),
            _ => None,
        })
    }
}

/// Puts values where the program says `{{name}}`, each once: what a value says is never looked at.
pub(crate) fn fill(program: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(program.len() + 1024);
    let mut rest = program;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        rest = after;
        let found = after.split_once("}}").and_then(|(name, tail)| Some((value(name)?, tail)));
        match found {
            Some((value, tail)) => {
                filled.push_str(&value);
                rest = tail;
            }
            None => filled.push_str("{{"),
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests;
