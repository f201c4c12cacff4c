//! The address that a sample calls, in a form that every language's client takes.

/// An address that holds only what RFC 3986 lets stand in one, without the fragment, which is
/// never sent.
pub(super) struct Address(String);

impl Address {
    /// Percent-encodes what is not legal: white space, quotes, backslashes, brackets outside of the
    /// host, a percent sign that starts no escape.
    pub(super) fn new(url: &str) -> Self {
        let url = url.split('#').next().unwrap_or_default();
        let host_ends = match url.split_once("://") {
            Some((scheme, rest)) => scheme.len() + 3 + rest.find(['/', '?']).unwrap_or(rest.len()),
            None => 0,
        };
        let mut legal = String::with_capacity(url.len());
        for (at, byte) in url.bytes().enumerate() {
            let stands = match byte {
                b'[' | b']' => at < host_ends,
                b'%' => starts_escape(url.as_bytes().get(at + 1..at + 3)),
                _ => byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte),
            };
            match stands {
                true => legal.push(char::from(byte)),
                false => legal.push_str(&format!("%{byte:02X}")),
            }
        }
        Self(legal)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_https(&self) -> bool {
        self.0.split_once("://").is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https"))
    }

    /// What goes into the header `Host`: the name, and the port if one is given.
    pub(super) fn host(&self) -> &str {
        self.split().0
    }

    /// What is connected to: the host with a port in any case.
    pub(super) fn server(&self) -> String {
        let host = self.host();
        match host.rsplit_once(':') {
            Some((_, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host.to_owned(),
            _ if self.is_https() => format!("{host}:443"),
            _ => format!("{host}:80"),
        }
    }

    /// What stands in the request line: the path and the query.
    pub(super) fn target(&self) -> String {
        let target = self.split().1;
        if target.starts_with('/') { target.to_owned() } else { format!("/{target}") }
    }

    fn split(&self) -> (&str, &str) {
        let rest = self.0.split_once("://").map_or(&*self.0, |(_, rest)| rest);
        rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()))
    }
}

fn starts_escape(digits: Option<&[u8]>) -> bool {
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_legal_is_percent_encoded() {
        for (given, expected) in [
            ("http://localhost:3010/a?b=c&d='$(x)'", "http://localhost:3010/a?b=c&d='$(x)'"),
            ("http://a/?q=\"`\\{}|^<>", "http://a/?q=%22%60%5C%7B%7D%7C%5E%3C%3E"),
            ("http://a/%27%2x%", "http://a/%27%252x%25"),
            ("http://a/ \r\n\0", "http://a/%20%0D%0A%00"),
            ("http://[::1]:3010/[x]?[y]", "http://[::1]:3010/%5Bx%5D?%5By%5D"),
            ("http://a/é?😀", "http://a/%C3%A9?%F0%9F%98%80"),
            ("http://a/b#c?d", "http://a/b"),
            ("[", "%5B"),
            ("", ""),
        ] {
            assert_eq!(Address::new(given).as_str(), expected, "{given:?}");
        }
    }

    #[test]
    fn address_is_taken_apart() {
        for (url, server, host, target) in [
            ("http://a.example", "a.example:80", "a.example", "/"),
            ("HTTPS://a.example?b", "a.example:443", "a.example", "/?b"),
            ("http://localhost:3010/a/b?c=/", "localhost:3010", "localhost:3010", "/a/b?c=/"),
            ("http://[::1]:3010/", "[::1]:3010", "[::1]:3010", "/"),
            ("http://[::1]/", "[::1]:80", "[::1]", "/"),
        ] {
            let address = Address::new(url);
            let found = (address.server(), address.host().to_owned(), address.target());
            assert_eq!(found, (server.to_owned(), host.to_owned(), target.to_owned()), "{url}");
        }
    }
}
