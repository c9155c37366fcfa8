//! The engine's promises: stories told as text, and properties that hold for
//! whatever happens.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod assignment;
mod backlog;
mod decisions;
mod lift;
mod properties;
mod shop;
mod stories;
