//! Which addresses may receive a secret: https anywhere, http only on this machine.

use bearward::is_loopback;
use url::Url;

use crate::exit::Failure;

/// Reads an address; `what` names it in the error.
pub(crate) fn parse(what: &str, text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|error| {
        Failure::trouble(format!("{what} is not an address: {error}: `{text}`"))
    })?;
    match url.scheme() {
        "https" if url.has_host() => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(Failure::trouble(format!("{what} is not safe from listeners: `{text}`"))
                .hint("use https; http is for localhost and loopback addresses only"));
        }
        _ => return Err(Failure::trouble(format!("{what} is not an https address: `{text}`"))),
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(Failure::trouble(format!("{what} has a user name, password or fragment")));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn http_is_for_this_machine_only() {
        for text in
            ["https://a.example/", "http://localhost:3011/", "http://127.0.0.1", "http://[::1]:1/"]
        {
            assert!(parse("issuer", text).is_ok(), "{text}");
        }
        for text in [
            "http://a.example/",
            "http://localhost.example/",
            "http://192.168.0.1/",
            "ftp://localhost/",
            "https://user@a.example/",
            "https://a.example/#x",
            "a.example",
            "",
        ] {
            assert!(parse("issuer", text).is_err(), "{text}");
        }
    }
}
