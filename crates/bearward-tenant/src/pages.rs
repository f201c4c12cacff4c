//! The pages that a person sees: their layouts, pieces and files, and how they are answered.
//!
//! | to find | look in |
//! | --- | --- |
//! | the frame of every page | `templates/layout` |
//! | a piece: its macro, its style, its script | `templates/pieces`, `assets/style`, `assets/script` |
//! | what a piece is given | [`pieces`] |
//! | a page: its template, what it is given | `templates/pages`, the file beside this one with its name |
//!
//! A page is a struct of plain data. Whatever is printed in it is escaped, and nobody's text is
//! ever marked as safe.

mod answer;
pub(crate) mod assets;
mod consent;
mod csrf_token;
mod error_page;
pub(crate) mod frame;
mod login;
mod logout;
pub(crate) mod pieces;
mod response;
mod too_many_attempts;

pub(crate) use answer::{FormPost, WebMessage};
pub(crate) use consent::{AskedScope, Consent};
pub(crate) use csrf_token::CsrfToken;
pub(crate) use error_page::{ErrorMend, ErrorPage};
pub(crate) use frame::{Flash, Frame, Section};
pub(crate) use login::Login;
pub(crate) use logout::{ConfirmLogout, LoggedOut};
pub(crate) use response::{FormTarget, html, html_in_frame, html_with};
pub(crate) use too_many_attempts::TooManyAttempts;

#[cfg(test)]
mod tests;
