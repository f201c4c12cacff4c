//! What a route asks of an access token.

use std::borrow::Cow;

use crate::claims::Claims;
use crate::config::ConfigError;
use crate::rejection::{Needs, Reason, Rejection};

/// What a request must bring to be let in. One value feeds the check, the challenge, the metadata
/// and the route table.
///
/// Scopes and permissions are two things: [`scope`] reads `scope` and `scp`, what the *client* was
/// given; [`permission`] reads `permissions`, what the *user* may do. They are never merged; where
/// either will do, say so with [`any_of`].
///
/// # Example
/// ```
/// use bearward::{all_of, any_of, permission, scope};
/// let requirement = all_of([
///     scope("read:messages"),
///     any_of([scope("admin"), permission("read:all")]),
/// ]);
/// assert_eq!(
///     requirement.to_string(),
///     "scope read:messages and (scope admin or permission read:all)"
/// );
/// ```
///
/// Source: RFC 6750 section 3.1, RFC 9068 section 4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement(Node);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Open,
    Optional,
    Token,
    Scope(Cow<'static, str>),
    Permission(Cow<'static, str>),
    AllOf(Vec<Node>),
    AnyOf(Vec<Node>),
}

/// How a guard treats the `Authorization` header.
#[cfg(feature = "tower")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// It is not looked at.
    Open,
    /// A token may be missing, but a bad one is refused.
    Optional,
    Required,
}

/// No token is needed, and none is looked at.
///
/// # Example
/// ```
/// assert_eq!(bearward::open().to_string(), "open");
/// ```
#[must_use]
pub fn open() -> Requirement {
    Requirement(Node::Open)
}

/// A token may be missing; a bad one is refused all the same. Handlers take
/// `Option<AccessToken>`.
///
/// # Example
/// ```
/// assert_eq!(bearward::optional().to_string(), "optional token");
/// ```
#[must_use]
pub fn optional() -> Requirement {
    Requirement(Node::Optional)
}

/// Any valid access token for this API.
///
/// # Example
/// ```
/// assert_eq!(bearward::token().to_string(), "token");
/// ```
#[must_use]
pub fn token() -> Requirement {
    Requirement(Node::Token)
}

/// A valid access token whose client was given this scope.
///
/// # Panics
/// When the text is not one scope of RFC 6749 section 3.3, such as one with a space in it: such a
/// route could never be entered. [`Requirement::scope`] returns an error instead.
///
/// # Example
/// ```
/// assert_eq!(bearward::scope("read:messages").to_string(), "scope read:messages");
/// ```
#[must_use]
#[track_caller]
#[allow(clippy::panic, reason = "a fault of the program, shown at its start; documented")]
pub fn scope(scope: impl Into<Cow<'static, str>>) -> Requirement {
    match Requirement::scope(scope) {
        Ok(requirement) => requirement,
        Err(error) => panic!("{error}"),
    }
}

/// A valid access token that carries this permission of the user.
///
/// # Panics
/// When the text is not one permission, such as one with a space in it.
/// [`Requirement::permission`] returns an error instead.
///
/// # Example
/// ```
/// assert_eq!(bearward::permission("read:all").to_string(), "permission read:all");
/// ```
#[must_use]
#[track_caller]
#[allow(clippy::panic, reason = "a fault of the program, shown at its start; documented")]
pub fn permission(permission: impl Into<Cow<'static, str>>) -> Requirement {
    match Requirement::permission(permission) {
        Ok(requirement) => requirement,
        Err(error) => panic!("{error}"),
    }
}

/// All of these together. Of none: any valid token.
///
/// # Example
/// ```
/// use bearward::{all_of, scope};
/// assert_eq!(all_of([scope("a"), scope("b")]).to_string(), "scope a and scope b");
/// ```
#[must_use]
pub fn all_of(requirements: impl IntoIterator<Item = Requirement>) -> Requirement {
    Requirement(Node::AllOf(requirements.into_iter().map(|each| each.0).collect()))
}

/// At least one of these. Of none: nothing is let in.
///
/// # Example
/// ```
/// use bearward::{any_of, permission, scope};
/// let either = any_of([scope("a"), permission("a")]);
/// assert_eq!(either.to_string(), "scope a or permission a");
/// ```
#[must_use]
pub fn any_of(requirements: impl IntoIterator<Item = Requirement>) -> Requirement {
    Requirement(Node::AnyOf(requirements.into_iter().map(|each| each.0).collect()))
}

impl Requirement {
    /// Like [`scope`], for scopes that come from elsewhere than the program's text.
    ///
    /// # Errors
    /// `scope` when the text is not one scope.
    ///
    /// # Example
    /// ```
    /// use bearward::Requirement;
    /// assert!(Requirement::scope("read:messages").is_ok());
    /// assert!(Requirement::scope("read messages").is_err());
    /// ```
    pub fn scope(scope: impl Into<Cow<'static, str>>) -> Result<Requirement, ConfigError> {
        one_word("scope", scope.into()).map(|scope| Requirement(Node::Scope(scope)))
    }

    /// Like [`permission`], for permissions that come from elsewhere than the program's text.
    ///
    /// # Errors
    /// `permission` when the text is not one permission.
    ///
    /// # Example
    /// ```
    /// use bearward::Requirement;
    /// assert!(Requirement::permission("").is_err());
    /// ```
    pub fn permission(name: impl Into<Cow<'static, str>>) -> Result<Requirement, ConfigError> {
        one_word("permission", name.into()).map(|name| Requirement(Node::Permission(name)))
    }

    /// Every scope that the requirement names, each once, in order: what `scopes_supported` and
    /// documentation are made of.
    ///
    /// # Example
    /// ```
    /// use bearward::{any_of, permission, scope};
    /// assert_eq!(any_of([scope("b"), permission("c"), scope("a")]).scopes(), ["b", "a"]);
    /// ```
    #[must_use]
    pub fn scopes(&self) -> Vec<&str> {
        self.0.names(|node| match node {
            Node::Scope(scope) => Some(scope),
            _ => None,
        })
    }

    /// Every permission that the requirement names, each once, in order.
    ///
    /// # Example
    /// ```
    /// use bearward::{any_of, permission, scope};
    /// assert_eq!(any_of([scope("b"), permission("c")]).permissions(), ["c"]);
    /// ```
    #[must_use]
    pub fn permissions(&self) -> Vec<&str> {
        self.0.names(|node| match node {
            Node::Permission(name) => Some(name),
            _ => None,
        })
    }

    #[cfg(feature = "tower")]
    pub(crate) fn access(&self) -> Access {
        match &self.0 {
            Node::Open => Access::Open,
            Node::Optional => Access::Optional,
            _ => Access::Required,
        }
    }

    /// Step 8. The refusal names the scopes that would satisfy the operation.
    pub(crate) fn check(&self, claims: &Claims) -> Result<(), Rejection> {
        if self.0.holds(claims) {
            return Ok(());
        }
        let mut scopes = Vec::new();
        self.0.cheapest(claims, &mut scopes);
        let mut has: Vec<String> = claims.scopes().map(crate::rejection::shown).collect();
        has.extend(claims.permissions().map(|name| {
            let name = crate::rejection::shown(name);
            format!("permission {name}")
        }));
        let detail = format!("has [{}], needs {self}", has.join(" "));
        Err(Rejection::new(Reason::InsufficientScope, detail).with_needs(Needs { scopes }))
    }
}

impl Node {
    fn holds(&self, claims: &Claims) -> bool {
        match self {
            Node::Open | Node::Optional | Node::Token => true,
            Node::Scope(scope) => claims.scopes().any(|given| given == scope),
            Node::Permission(name) => claims.permissions().any(|given| given == name),
            Node::AllOf(all) => all.iter().all(|each| each.holds(claims)),
            Node::AnyOf(any) => any.iter().any(|each| each.holds(claims)),
        }
    }

    /// What `name` names in this node and below, each once, in order.
    fn names<'n>(&'n self, name: impl Fn(&'n Node) -> Option<&'n str>) -> Vec<&'n str> {
        let mut found: Vec<&str> = Vec::new();
        let mut nodes = vec![self];
        while let Some(node) = nodes.pop() {
            if let Some(name) = name(node).filter(|name| !found.contains(name)) {
                found.push(name);
            }
            if let Node::AllOf(below) | Node::AnyOf(below) = node {
                nodes.extend(below.iter().rev());
            }
        }
        found
    }

    /// The scopes to ask for: everything that `all_of` needs, and of `any_of` the alternative
    /// that lacks the fewest scopes; one that no scope can satisfy only if there is no other.
    fn cheapest(&self, claims: &Claims, scopes: &mut Vec<Cow<'static, str>>) {
        match self {
            Node::Open | Node::Optional | Node::Token | Node::Permission(_) => {}
            Node::Scope(scope) => {
                if !scopes.contains(scope) {
                    scopes.push(scope.clone());
                }
            }
            Node::AllOf(all) => all.iter().for_each(|each| each.cheapest(claims, scopes)),
            Node::AnyOf(any) => {
                if let Some(best) = any.iter().min_by_key(|each| each.lacks(claims)) {
                    best.cheapest(claims, scopes);
                }
            }
        }
    }

    /// How far the token is from satisfying this: permissions first, then scopes.
    fn lacks(&self, claims: &Claims) -> (usize, usize) {
        if self.holds(claims) {
            return (0, 0);
        }
        match self {
            Node::Open | Node::Optional | Node::Token => (0, 0),
            Node::Scope(_) => (0, 1),
            Node::Permission(_) => (1, 0),
            Node::AllOf(all) => all.iter().map(|each| each.lacks(claims)).fold(
                (0, 0),
                |(permissions, scopes), more: (usize, usize)| {
                    (permissions.saturating_add(more.0), scopes.saturating_add(more.1))
                },
            ),
            Node::AnyOf(any) => {
                any.iter().map(|each| each.lacks(claims)).min().unwrap_or((usize::MAX, 0))
            }
        }
    }

    fn write(&self, f: &mut std::fmt::Formatter<'_>, nested: bool) -> std::fmt::Result {
        match self {
            Node::Open => f.write_str("open"),
            Node::Optional => f.write_str("optional token"),
            Node::Token => f.write_str("token"),
            Node::Scope(scope) => write!(f, "scope {scope}"),
            Node::Permission(name) => write!(f, "permission {name}"),
            Node::AllOf(nodes) => write_list(f, nodes, " and ", "token", nested),
            Node::AnyOf(nodes) => write_list(f, nodes, " or ", "nothing", nested),
        }
    }
}

fn write_list(
    f: &mut std::fmt::Formatter<'_>,
    nodes: &[Node],
    between: &str,
    none: &str,
    nested: bool,
) -> std::fmt::Result {
    let parentheses = nested && nodes.len() > 1;
    if nodes.is_empty() {
        return f.write_str(none);
    }
    if parentheses {
        f.write_str("(")?;
    }
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        node.write(f, true)?;
    }
    if parentheses { f.write_str(")") } else { Ok(()) }
}

impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.write(f, false)
    }
}

/// `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )` (RFC 6749 section 3.3).
fn one_word(
    setting: &'static str,
    text: Cow<'static, str>,
) -> Result<Cow<'static, str>, ConfigError> {
    let fits = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    if !text.is_empty() && text.bytes().all(fits) {
        return Ok(text);
    }
    let message = format!("expected one word without space, quote or backslash, found {text:?}");
    Err(ConfigError::new(setting, message))
}
