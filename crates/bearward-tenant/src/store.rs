//! Where the model is kept. Each query is written once, here and nowhere else.

mod memory;

pub(crate) use memory::Store;
