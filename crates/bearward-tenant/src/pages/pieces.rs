//! What the pieces of `templates/pieces` are given: plain data, no store.

mod answer_card;
mod challenge;
mod claim_meanings;
mod code_sample;
mod danger;
mod field;
mod matrix;
mod meaning;
mod moment;
mod step;
mod tab;
mod text;
mod token_view;

pub(crate) use answer_card::AnswerCard;
pub(crate) use challenge::Challenge;
pub(crate) use code_sample::Sample;
pub(crate) use danger::{Danger, exactly};
pub(crate) use field::{Control, Field};
pub(crate) use matrix::{Matrix, MatrixLine};
pub(crate) use meaning::Meaning;
pub(crate) use moment::Moment;
pub(crate) use step::{Mend, Outcome, Step};
pub(crate) use tab::Tab;
pub(crate) use text::{for_the_middle, visible};
pub(crate) use token_view::TokenView;
