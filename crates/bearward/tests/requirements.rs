//! A requirement in words, and the names in it.

use bearward::{Requirement, all_of, any_of, open, optional, permission, scope, token};

#[test]
fn a_requirement_is_written_as_words() {
    let none: [Requirement; 0] = [];
    let (a, b) = (|| scope("a"), || permission("b"));
    for (requirement, words) in [
        (open(), "open"),
        (optional(), "optional token"),
        (token(), "token"),
        (a(), "scope a"),
        (b(), "permission b"),
        (all_of([a()]), "scope a"),
        (all_of([a(), b(), token()]), "scope a and permission b and token"),
        (any_of([a(), b()]), "scope a or permission b"),
        (all_of([a(), any_of([a(), b()])]), "scope a and (scope a or permission b)"),
        (any_of([all_of([a(), b()]), b()]), "(scope a and permission b) or permission b"),
        (any_of([all_of([a()]), b()]), "scope a or permission b"),
        (all_of([any_of(none.clone()), a()]), "nothing and scope a"),
        (any_of([all_of(none.clone()), a()]), "token or scope a"),
        (any_of(none.clone()), "nothing"),
        (all_of(none), "token"),
    ] {
        assert_eq!(requirement.to_string(), words);
    }
}

#[test]
fn names_are_listed_once_and_in_order() {
    let requirement = all_of([
        any_of([scope("b"), permission("y")]),
        scope("a"),
        all_of([scope("b"), permission("x"), permission("y")]),
    ]);
    assert_eq!(requirement.scopes(), ["b", "a"]);
    assert_eq!(requirement.permissions(), ["y", "x"]);
}
