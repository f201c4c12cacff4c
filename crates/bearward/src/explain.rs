//! The flow, told to a person: how far a token came, what was wrong, and what to do about it.
//!
//! There is one flow. The verdict comes from the check that guards requests; what is told around
//! it cannot change it.

mod claimed;
mod hint;
mod mistake;
mod step;

use std::fmt;

use crate::challenge::Challenge;
use crate::credentials::Credentials;
use crate::issuer::Issuer;
use crate::keys::status::KeyStatus;
use crate::profile::Profile;
use crate::rejection::Rejection;
use crate::requirement::Requirement;
use crate::resource_server::{Expectations, ResourceServer, Verdict};
use claimed::Claimed;
use mistake::Mistake;

pub use step::{ExplainedStep, StepOutcome};

/// Why a token is accepted or refused: step by step, with the likely mistake and what mends it.
///
/// It is for operators and developers, never for clients: it may name values of claims, shortened
/// and escaped, but no byte of the token's text. `Display` is all of it, in lines.
///
/// # Example
/// ```
/// use bearward::{ResourceServer, token};
/// # async fn example() -> Result<(), bearward::ConfigError> {
/// let api = ResourceServer::new("https://login.example.com/", "https://api.example.com")?;
/// let explanation = api.explain("opaque", &token()).await;
/// assert_eq!(explanation.code(), Some("malformed_token"));
/// println!("{explanation}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Explanation {
    rejection: Option<Rejection>,
    steps: Vec<ExplainedStep>,
    mistake: Option<Mistake>,
}

/// What the telling looks at, besides the verdict.
struct Scene<'a> {
    server: &'a ResourceServer,
    expected: Expectations<'a>,
    requirement: &'a Requirement,
    rejection: Option<&'a Rejection>,
    /// The value of the header.
    authorization: &'a str,
    /// What follows the scheme.
    token: &'a str,
    claimed: Claimed,
}

impl Scene<'_> {
    /// The issuer by whose rules the token is judged: the one that it names, or the first.
    fn issuer(&self) -> Option<&Issuer> {
        let issuers = &self.expected.issuers;
        let iss = self.claimed.text("iss");
        let named = issuers.iter().find(|issuer| Some(issuer.identifier()) == iss);
        named.or(issuers.first()).map(AsRef::as_ref)
    }

    /// The keys of that issuer.
    fn key_status(&self) -> Option<KeyStatus> {
        let identifier = self.issuer()?.identifier();
        self.server.key_status().into_iter().find(|status| status.issuer == identifier)
    }

    fn allowed_algorithms(&self) -> Vec<&'static str> {
        let allowed = self.issuer().map(|issuer| issuer.algorithms.as_slice()).unwrap_or_default();
        allowed.iter().map(|algorithm| algorithm.name()).collect()
    }

    fn is_auth0(&self) -> bool {
        self.issuer().is_some_and(|issuer| issuer.profile == Profile::AUTH0)
    }
}

impl ResourceServer {
    /// Checks a token exactly as a guard does, waiting for a key as it does, and tells a person
    /// about it. `token` is what would follow `Bearer ` in the header.
    ///
    /// # Example
    /// ```
    /// use bearward::{ResourceServer, scope};
    /// # async fn example(token: &str) -> Result<(), bearward::ConfigError> {
    /// let api = ResourceServer::new("https://login.example.com/", "https://api.example.com")?;
    /// let explanation = api.explain(token, &scope("read:messages")).await;
    /// if let Some(mend) = explanation.mend() {
    ///     println!("{mend}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn explain(&self, token: &str, requirement: &Requirement) -> Explanation {
        let authorization = format!("Bearer {token}");
        let rejection = self.verdict(&authorization, requirement).await;
        let mut explanation = Explanation::new(self, &authorization, requirement, rejection);
        if explanation.failed_at(1)
            && let Some(rest) = mistake::without_wrapping(token)
        {
            let rest = format!("Bearer {rest}");
            let rejection = self.verdict(&rest, requirement).await;
            let rest = Explanation::new(self, &rest, requirement, rejection);
            if !rest.failed_at(1) {
                explanation.tell_of(&rest);
            }
        }
        explanation
    }

    async fn verdict(&self, authorization: &str, requirement: &Requirement) -> Option<Rejection> {
        let credentials = match Credentials::read([authorization.as_bytes()], None) {
            Ok(credentials) => credentials,
            Err(rejection) => return Some(rejection),
        };
        match self.check_now(credentials, requirement) {
            Verdict::Allowed(_) => None,
            Verdict::Refused(rejection) => Some(rejection),
            Verdict::Pending(pending) => pending.await.err(),
        }
    }
}

impl Explanation {
    /// Tells of a verdict that was given on this value of the header.
    pub(crate) fn new(
        server: &ResourceServer,
        authorization: &str,
        requirement: &Requirement,
        rejection: Option<Rejection>,
    ) -> Explanation {
        let token = authorization.split_once(' ').map_or("", |(_, token)| token.trim_start());
        let claimed = Claimed::read(token, &server.token_limits());
        let expected = server.expectations(claimed.text("iss").unwrap_or_default());
        let refused = rejection.as_ref();
        let scene = Scene {
            server,
            expected,
            requirement,
            rejection: refused,
            authorization,
            token,
            claimed,
        };
        let (steps, mistake) = (step::told(&scene), mistake::likely(&scene));
        Explanation { rejection, steps, mistake }
    }

    fn failed_at(&self, number: u8) -> bool {
        let failed = |step: &ExplainedStep| step.outcome == StepOutcome::Failed;
        self.steps.iter().find(|step| failed(step)).is_some_and(|step| step.number == number)
    }

    /// What would become of the token without what stands around it.
    fn tell_of(&mut self, rest: &Explanation) {
        let Some(mistake) = &mut self.mistake else { return };
        mistake.what += &match &rest.rejection {
            None => "; without that it is accepted".to_owned(),
            Some(rejection) => {
                let why = rest.mistake().map_or_else(|| rejection.to_string(), str::to_owned);
                format!("; without that it is refused too ({}): {why}", rejection.code())
            }
        };
    }

    /// Whether a guard lets this token in.
    ///
    /// # Example
    /// ```
    /// # fn show(explanation: &bearward::Explanation) {
    /// println!("{}", if explanation.accepted() { "accepted" } else { "refused" });
    /// # }
    /// ```
    #[must_use]
    pub fn accepted(&self) -> bool {
        self.rejection.is_none()
    }

    /// The stable reason code that a guard logs, as [`Rejection::code`]; none where the token is
    /// accepted.
    ///
    /// # Example
    /// ```
    /// # fn is_old(explanation: &bearward::Explanation) -> bool {
    /// explanation.code() == Some("expired")
    /// # }
    /// ```
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.rejection.as_ref().map(Rejection::code)
    }

    /// The refusal itself, from which a [`Challenge`](crate::Challenge) can be made.
    ///
    /// # Example
    /// ```
    /// # fn status(explanation: &bearward::Explanation) -> Option<u16> {
    /// explanation.rejection().map(|rejection| bearward::Challenge::from(rejection).status())
    /// # }
    /// ```
    #[must_use]
    pub fn rejection(&self) -> Option<&Rejection> {
        self.rejection.as_ref()
    }

    /// Every step of the flow up to the verdict, in order.
    ///
    /// # Example
    /// ```
    /// # fn show(explanation: &bearward::Explanation) {
    /// for step in explanation.steps() {
    ///     println!("{} {}: {} {}", step.number, step.name, step.outcome, step.text);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn steps(&self) -> &[ExplainedStep] {
        &self.steps
    }

    /// What somebody has probably done wrong, where that can be told.
    ///
    /// # Example
    /// ```
    /// # fn show(explanation: &bearward::Explanation) {
    /// println!("{}", explanation.mistake().unwrap_or("nothing that can be told from here"));
    /// # }
    /// ```
    #[must_use]
    pub fn mistake(&self) -> Option<&str> {
        self.mistake.as_ref().map(|mistake| mistake.what.as_str())
    }

    /// What mends it, where there is something sure to say.
    ///
    /// # Example
    /// ```
    /// # fn show(explanation: &bearward::Explanation) {
    /// println!("{}", explanation.mend().unwrap_or_default());
    /// # }
    /// ```
    #[must_use]
    pub fn mend(&self) -> Option<&str> {
        let likely = self.mistake.as_ref().map(|mistake| mistake.mend.as_str());
        likely.or_else(|| self.rejection.as_ref()?.hint())
    }

    /// One line about this refusal for the operator, as [`Rejection::explain`], with the likely
    /// mistake.
    #[cfg(feature = "tower")]
    pub(crate) fn line(&self, rejection: &Rejection, method: &str, path: &str) -> String {
        let hint = self.mistake.as_ref().map(|Mistake { what, mend }| format!("{what}; {mend}"));
        rejection.line(method, path, hint.as_deref())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rejection {
            None => writeln!(f, "accepted")?,
            Some(rejection) => {
                // An answer of 5xx says nothing of the token.
                let refused = Challenge::from(rejection).status() < 500;
                let verdict = if refused { "refused" } else { "undecided" };
                writeln!(f, "{verdict}: {}", rejection.code())?;
            }
        }
        for ExplainedStep { number, name, outcome, text } in &self.steps {
            match outcome {
                StepOutcome::NotReached => writeln!(f, "  {number} {name}: {outcome}")?,
                _ => writeln!(f, "  {number} {name}: {outcome}: {text}")?,
            }
        }
        if let Some(mistake) = self.mistake() {
            writeln!(f, "mistake: {mistake}")?;
        }
        self.mend().map_or(Ok(()), |mend| writeln!(f, "mend: {mend}"))
    }
}
