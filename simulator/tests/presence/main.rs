//! The presence tools as somebody types them.

mod cli;
mod following;
mod wrong_files;
