//! A request at `/authorize`, from its first byte to the code: what it asks, what the user says, and
//! how the answer goes back.
//!
//! | step | file |
//! | --- | --- |
//! | the parameters, each once | `parameters.rs` |
//! | client and redirect address: what fails before both are known is never redirected | `client.rs`, `page_refusal.rs` |
//! | the rest of the request | `request.rs`, `pkce.rs`, `prompt.rs` |
//! | it waits for login or consent, bound to its browser | `waiting.rs` |
//! | what the user may have, and whether to ask first | `scopes.rs`, `decision.rs` |
//! | the answer goes back | `answer.rs` |

mod answer;
mod client;
mod decision;
mod page_refusal;
mod parameters;
mod pkce;
mod prompt;
mod request;
mod scopes;
mod too_many;
mod waiting;

pub(crate) use answer::{Answer, AuthorizationError, ReturnPath, redirect_to};
pub(crate) use client::{is_registered, known_client};
pub(crate) use decision::{Decision, authenticated, decide, grant, remember_consent};
pub(crate) use page_refusal::PageRefusal;
pub(crate) use parameters::BrowserParameters;
pub(crate) use request::AuthorizationRequest;
pub(crate) use too_many::too_many_attempts;
pub(crate) use waiting::{Waiting, WaitingAuthorization, WaitingLogout};
