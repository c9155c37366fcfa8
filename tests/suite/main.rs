//! Promises that cross crates, kept by the real programs.

mod harness;
mod licences;
mod tidy;
