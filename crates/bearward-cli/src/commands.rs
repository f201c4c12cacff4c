//! One file a command: settings in, an exit or a failure out.

pub(crate) mod quickstart;
pub(crate) mod tenant;
pub(crate) mod token_decode;
pub(crate) mod token_explain;
pub(crate) mod token_get;
