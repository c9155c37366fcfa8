//! The presence tools as somebody types them.
#![expect(
    clippy::unwrap_used,
    reason = "a panic is how a test fails, in what tests share too"
)]

mod cli;
mod following;
mod recordings;
mod wrong_files;
