//! What makes Debian packages, and what they are tried on.

use crate::{
    run::{exists, finish, line},
    tools,
};

/// Half a minute to build without optimisation, and it has little to do.
const INSTALL: &str = "cargo install --locked --debug cargo-deb --version 3.8.0";

/// Says what is in the way of trying the package; on the way, gets what can be got.
pub(crate) fn prepare() -> Result<(), String> {
    if !tools::is_root() {
        return Err("to start a machine takes root".to_owned());
    }
    if let Some(missing) = ["systemd-nspawn", "mmdebstrap"].iter().find(|p| !exists(p)) {
        return Err(format!("{missing} is missing"));
    }
    if exists("cargo-deb") {
        return Ok(());
    }
    println!("$ {INSTALL}");
    finish(line(INSTALL))
}
