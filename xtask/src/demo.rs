//! `cargo demo`: builds what a newcomer needs and hands over to it.

use crate::run::{cargo, finish, root, target_dir};
use std::{os::unix::process::CommandExt, path::PathBuf, process::Command};

/// Builds and becomes `aislecast demo`, so that Ctrl-C and the exit code are its own.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let program = build()?;
    let why = Command::new(&program)
        .arg("demo")
        .args(arguments)
        .current_dir(root())
        .exec();
    Err(format!("failed to start {}: {why}", program.display()))
}

/// Builds both programs; where the gateway's is. Without optimisation they are
/// there in half the time, and fast enough for one shop.
pub(crate) fn build() -> Result<PathBuf, String> {
    eprintln!("building the gateway and the simulated shop (the first time takes minutes) ...");
    let mut build = cargo();
    build.args(["build", "--locked"]);
    build.args(["--package", "gateway", "--package", "simulator", "--bins"]);
    finish(build).map_err(|why| format!("failed to build: {why}"))?;
    Ok(target_dir().join("debug/aislecast"))
}
