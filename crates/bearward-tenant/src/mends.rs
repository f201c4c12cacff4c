//! What a refusal means, and what to do about it: for each reason code the rule that failed, where
//! the rule comes from, and the likely mend.
//!
//! The rows are data, in three files by where the refusal comes from.

mod browser;
mod token;
mod tokens_for_users;

/// A row: what a person reads of one reason code.
pub(crate) struct Rule {
    /// The stable code, as the log has it.
    pub(crate) reason: &'static str,
    /// The rule that failed, as a sentence of what should have been.
    pub(crate) rule: &'static str,
    /// Where it comes from: RFC and section, or Auth0.
    pub(crate) source: &'static str,
    /// The likely mend.
    pub(crate) mend: &'static str,
    pub(crate) help: Help,
}

/// How the dashboard helps with the mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Help {
    /// By its words alone: it is done in the program that asked.
    Words,
    /// Grants the application the scopes that it asked for.
    GrantScopes,
    /// Lets the application call the API.
    Authorize,
    /// Adds the address to the application's callbacks.
    AddCallback,
    /// Adds the address to the application's logout URLs.
    AddLogoutUrl,
    /// Unblocks the user.
    Unblock,
    /// Opens the application's settings.
    Settings,
    /// Opens the list of applications.
    Applications,
    /// Opens the list of APIs.
    Apis,
}

/// What is said of a code that has no row, which a test forbids for the tenant's own.
const UNKNOWN: Rule = Rule {
    reason: "",
    rule: "The request was refused.",
    source: "the log of this tenant",
    mend: "The sentence above says what was found.",
    help: Help::Words,
};

/// The row of this code.
pub(crate) fn rule(reason: &str) -> &'static Rule {
    let mut rows = token::RULES.iter().chain(tokens_for_users::RULES).chain(browser::RULES);
    rows.find(|rule| rule.reason == reason).unwrap_or(&UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Refusal;

    #[test]
    fn every_reason_has_a_row() {
        for reason in Refusal::ALL_REASONS {
            assert_eq!(rule(reason).reason, *reason, "no row for {reason}");
        }
    }

    /// The same for those that a person meets in a browser. Their codes stand in several files, the
    /// first or the second text after a mark.
    #[test]
    fn every_reason_of_the_browser_has_a_row() {
        for (text, mark, position) in [
            (include_str!("authorization/page_refusal.rs"), " S::", 1),
            (include_str!("authorization/answer/error.rs"), "AuthorizationError::new(", 2),
            (include_str!("authorization/request.rs"), "invalid_request(", 1),
            (include_str!("authorization/pkce.rs"), "invalid_request(", 1),
            (include_str!("authorization/prompt.rs"), "invalid_request(", 1),
            (include_str!("authorization/answer.rs"), "invalid_request(", 1),
            (include_str!("endpoints/login.rs"), "self.record(Some(", 1),
            (include_str!("allowed_hosts.rs"), "refuse(\n", 1),
            (include_str!("dashboard/enter.rs"), "reason: Some(", 1),
        ] {
            let found: Vec<_> = text
                .split(mark)
                .skip(1)
                .filter_map(|rest| rest.split('"').nth(2 * position - 1))
                .collect();
            assert!(!found.is_empty(), "nothing stands after {mark}");
            for reason in found {
                assert_eq!(rule(reason).reason, reason, "no row for {reason}");
            }
        }
    }

    /// And for what an API said to the Test view.
    #[test]
    fn every_answer_of_an_api_has_a_row() {
        let codes = include_str!("dashboard/apis/test/meaning.rs").split("\"api_").skip(1);
        let codes: Vec<_> = codes.filter_map(|rest| rest.split('"').next()).collect();
        assert!(!codes.is_empty());
        for code in codes {
            assert_eq!(rule(&format!("api_{code}")).reason, format!("api_{code}"));
        }
    }

    #[test]
    fn each_row_says_all_and_stands_once() {
        let rows: Vec<&Rule> =
            token::RULES.iter().chain(tokens_for_users::RULES).chain(browser::RULES).collect();
        for (at, row) in rows.iter().enumerate() {
            for text in [row.rule, row.mend] {
                assert!(text.ends_with('.') && text.len() > 10, "{}: {text}", row.reason);
            }
            assert!(!row.source.is_empty(), "{}", row.reason);
            let again = rows.iter().skip(at + 1).any(|other| other.reason == row.reason);
            assert!(!again, "{} stands twice", row.reason);
        }
    }
}
