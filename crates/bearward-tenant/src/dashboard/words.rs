//! Small things that several pages say alike.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::TenantError;
use crate::pages::pieces::Moment;
use crate::tenant::Tenant;

/// `1 application`, `2 applications`.
pub(super) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// The address of a page below another, whatever is in the id.
pub(super) fn below(page: &str, id: &str) -> String {
    format!("{page}/{}", utf8_percent_encode(id, NON_ALPHANUMERIC))
}

/// What an error says, as a person reads it below a field.
pub(super) fn sentence(error: &TenantError) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", characters.as_str())
}

/// A time, seen from now.
pub(super) fn moment(tenant: &Tenant, seconds: u64) -> Option<Moment> {
    Moment::new(i64::try_from(seconds).ok()?, tenant.now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_one_part_of_the_path() {
        assert_eq!(below("/users", "auth0|a/..?b"), "/users/auth0%7Ca%2F%2E%2E%3Fb");
        assert_eq!(
            [count(0, "role"), count(1, "role"), count(2, "role")],
            ["0 roles", "1 role", "2 roles"]
        );
    }
}
