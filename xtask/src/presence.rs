//! `cargo presence`: from recordings to the table of figures.

use crate::run::{cargo, finish, target_dir};
use std::{env, os::unix::process::CommandExt, process::Command};

/// Builds the simulator and becomes `aislecast-sim evaluate`, in the folder of
/// whoever typed this: paths are theirs.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--release", "--locked"]);
    build.args(["--package", "simulator", "--bins"]);
    finish(build).map_err(|why| format!("failed to build: {why}"))?;
    let program = target_dir().join("release").join("aislecast-sim");
    let here = env::current_dir().map_err(|why| format!("failed to find this folder: {why}"))?;
    let why = Command::new(&program)
        .arg("evaluate")
        .args(arguments)
        .current_dir(here)
        .exec();
    Err(format!("failed to start {}: {why}", program.display()))
}
