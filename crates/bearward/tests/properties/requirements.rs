//! What a requirement lets in, by its words; and that a tighter one never lets in more.

use bearward::{
    Algorithm, Challenge, Requirement, all_of, any_of, open, optional, permission, scope, token,
};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{cases, mint, server};
use bearward_testkit::check;

/// A requirement as data.
#[derive(Clone, Debug)]
enum Words {
    Nothing,
    Maybe,
    Token,
    Scope(usize),
    Permission(usize),
    All(Vec<Words>),
    Any(Vec<Words>),
}

/// What stands around a requirement: beside others, of which all or any must hold.
#[derive(Clone, Debug)]
enum Around {
    All(Words),
    Any(Words),
}

const NAMES: [&str; 3] = ["a", "b", "c"];

/// What a token grants: a bit for each name.
type Granted = (usize, usize);

impl Words {
    fn requirement(&self) -> Requirement {
        let each = |words: &[Words]| words.iter().map(Words::requirement).collect::<Vec<_>>();
        match self {
            Words::Nothing => open(),
            Words::Maybe => optional(),
            Words::Token => token(),
            Words::Scope(name) => scope(NAMES[*name]),
            Words::Permission(name) => permission(NAMES[*name]),
            Words::All(words) => all_of(each(words)),
            Words::Any(words) => any_of(each(words)),
        }
    }

    /// What the words say of a good token.
    fn hold(&self, granted: Granted) -> bool {
        let (scopes, permissions) = granted;
        match self {
            Words::Nothing | Words::Maybe | Words::Token => true,
            Words::Scope(name) => scopes & (1 << name) != 0,
            Words::Permission(name) => permissions & (1 << name) != 0,
            Words::All(words) => words.iter().all(|each| each.hold(granted)),
            Words::Any(words) => words.iter().any(|each| each.hold(granted)),
        }
    }
}

fn words() -> impl Strategy<Value = Words> {
    let leaf = prop_oneof![
        1 => Just(Words::Nothing),
        1 => Just(Words::Maybe),
        1 => Just(Words::Token),
        6 => (0..NAMES.len()).prop_map(Words::Scope),
        6 => (0..NAMES.len()).prop_map(Words::Permission),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Words::All),
            vec(inner, 0..4).prop_map(Words::Any),
        ]
    })
}

fn around() -> impl Strategy<Value = Vec<Around>> {
    vec(prop_oneof![words().prop_map(Around::All), words().prop_map(Around::Any)], 0..3)
}

fn within(requirement: Requirement, around: &[Around]) -> Requirement {
    around.iter().fold(requirement, |inner, around| match around {
        Around::All(other) => all_of([inner, other.requirement()]),
        Around::Any(other) => any_of([other.requirement(), inner]),
    })
}

fn granted() -> impl Strategy<Value = Granted> {
    (0..1_usize << NAMES.len(), 0..1_usize << NAMES.len())
}

/// The tokens for all that can be granted are made once.
fn token_for((scopes, permissions): Granted) -> String {
    thread_local! {
        static TOKENS: Vec<String> = (0..1 << (2 * NAMES.len())).map(sign).collect();
    }
    TOKENS.with(|tokens| tokens[scopes << NAMES.len() | permissions].clone())
}

fn sign(granted: usize) -> String {
    let named = |bits: usize| {
        let each = (0..NAMES.len()).filter(move |name| bits & (1 << name) != 0);
        each.map(|name| NAMES[name]).collect::<Vec<_>>()
    };
    let mint = mint(Algorithm::EdDsa);
    let scopes = named(granted >> NAMES.len()).join(" ");
    mint.token().claim("scope", scopes).claim("permissions", named(granted)).sign()
}

thread_local! {
    static SERVER: bearward::ResourceServer = server();
}

fn lets_in(requirement: &Requirement, granted: Granted) -> bool {
    SERVER.with(|server| check(server, token_for(granted), requirement).is_ok())
}

/// The scopes that the refusal asks for.
fn asked_for(requirement: &Requirement, granted: Granted) -> usize {
    let refused = SERVER.with(|server| check(server, token_for(granted), requirement));
    let challenge = Challenge::from(&refused.unwrap_err());
    let text = challenge.www_authenticate().unwrap();
    let scopes =
        text.split_once(" scope=\"").map_or("", |(_, rest)| rest.split('"').next().unwrap());
    let named = scopes.split_whitespace().map(|scope| NAMES.iter().position(|name| *name == scope));
    named.fold(0, |bits, name| bits | 1 << name.unwrap())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_requirement_lets_in_what_its_words_say(words in words(), granted in granted()) {
        prop_assert_eq!(lets_in(&words.requirement(), granted), words.hold(granted));
    }

    #[test]
    fn a_tighter_requirement_never_accepts_more(
        one in words(),
        other in words(),
        around in around(),
        granted in granted(),
    ) {
        let (one, other) = (one.requirement(), other.requirement());
        let tight = within(all_of([one.clone(), other.clone()]), &around);
        let wide = within(any_of([one.clone(), other]), &around);
        let tight = lets_in(&tight, granted);
        let plain = lets_in(&within(one, &around), granted);
        let wide = lets_in(&wide, granted);
        prop_assert!(tight <= plain && plain <= wide, "{tight} {plain} {wide}");
    }

    #[test]
    fn a_token_that_grants_more_is_never_refused_for_it(
        words in words(),
        granted in granted(),
        more in granted(),
    ) {
        let requirement = words.requirement();
        let both = (granted.0 | more.0, granted.1 | more.1);
        prop_assert!(lets_in(&requirement, granted) <= lets_in(&requirement, both));
    }

    /// RFC 6750 section 3: the scope necessary to access the resource.
    #[test]
    fn the_scopes_that_a_refusal_asks_for_suffice(words in words(), granted in granted()) {
        let requirement = words.requirement();
        let all_scopes = (1 << NAMES.len()) - 1;
        if !words.hold(granted) && words.hold((all_scopes, granted.1)) {
            let scopes = asked_for(&requirement, granted);
            prop_assert!(words.hold((granted.0 | scopes, granted.1)), "{scopes:b}");
        }
    }
}
