//! Clippy for boards, within a build of them.
//!
//! `cargo clippy` would check once more all that a board depends on: 65, 49 and
//! 78 s of processor time for the three. Here clippy's compiler takes the place of
//! the usual one for a board's own crates alone, as `cargo clippy` does it, and finds
//! the others as the build left them. What it makes is not kept: it does not optimise.

use super::rust::Rust;
use std::process::{Command, Stdio};

/// Debian's, for its own compiler.
pub(crate) const DEBIAN_PACKAGE: &str = "rust-web-clippy";
const DEBIAN_DRIVER: &str = "/usr/bin/clippy-driver";
/// That beside the compiler in the path.
const DRIVER: &str = "clippy-driver";
/// As `cargo clippy` hands arguments on: each with this mark behind it.
const ARGUMENTS: &str = "-Dwarnings__CLIPPY_HACKERY__";

/// Makes a build one that lints. The error says what is missing.
pub(crate) fn apply(build: &mut Command, rust: &Rust) -> Result<(), String> {
    if !is_there(rust) {
        let remedy = match rust {
            Rust::Plain => "rustup component add clippy".to_owned(),
            Rust::Debian { .. } => format!("apt-get install {DEBIAN_PACKAGE}"),
        };
        return Err(remedy);
    }
    build.env("RUSTC_WORKSPACE_WRAPPER", driver(rust));
    build.env("CLIPPY_ARGS", ARGUMENTS);
    Ok(())
}

/// Whether it is there.
pub(crate) fn is_there(rust: &Rust) -> bool {
    let mut ask = Command::new(driver(rust));
    ask.arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    ask.status().is_ok_and(|status| status.success())
}

const fn driver(rust: &Rust) -> &'static str {
    match rust {
        Rust::Plain => DRIVER,
        Rust::Debian { .. } => DEBIAN_DRIVER,
    }
}
