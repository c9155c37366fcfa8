//! From a published vector to a judgement.

pub mod check;
pub mod differences;
mod fields;
mod input;
