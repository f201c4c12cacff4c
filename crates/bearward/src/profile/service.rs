//! Which tokens a client got for itself.

use super::Profile;
use super::table::Sign;
use crate::claims::Claims;

impl Profile {
    /// The client's id, where this issuer writes it.
    pub(crate) fn client(self, claims: &Claims) -> Option<&str> {
        self.0.client.iter().find_map(|name| claims.text(name))
    }

    /// Whether the client that got the token acts for itself.
    pub(crate) fn is_service(self, claims: &Claims, client: &str) -> bool {
        let all = |signs: &&[Sign]| signs.iter().all(|sign| sign.stands_in(claims, client));
        self.0.service.iter().any(all)
    }
}

impl Sign {
    fn stands_in(&self, claims: &Claims, client: &str) -> bool {
        match *self {
            Sign::Client { claim, ending } => {
                claims.text(claim).and_then(|text| text.strip_suffix(ending)) == Some(client)
            }
            Sign::LowerCaseClient { before, claim } => claims
                .text(claim)
                .and_then(|text| text.strip_prefix(before))
                .is_some_and(|text| text.eq_ignore_ascii_case(client)),
            Sign::Is(claim, text) => claims.text(claim) == Some(text),
            Sign::Same(one, other) => {
                claims.text(one).is_some_and(|text| claims.text(other) == Some(text))
            }
            Sign::Lacks(claim) => !claims.has(claim),
        }
    }
}
