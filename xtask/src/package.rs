//! What makes Debian packages, and what they are tried on.

use crate::{
    run::{exists, finish, line},
    tools,
};

/// Half a minute to build without optimisation, and it has little to do.
const INSTALL: &str = "cargo install --locked --debug cargo-deb --version 3.8.0";

/// What a container is made of; some machines that are containers themselves forbid it.
const NAMESPACES: &str = "unshare --mount --pid --ipc --uts --net --cgroup --fork true";

/// Says what is in the way of trying the package; on the way, gets what can be got.
pub(crate) fn prepare() -> Result<(), String> {
    if !tools::is_root() {
        return Err("to start a machine takes root".to_owned());
    }
    if let Some(missing) = ["systemd-nspawn", "mmdebstrap"].iter().find(|p| !exists(p)) {
        return Err(format!("{missing} is missing"));
    }
    finish(line(NAMESPACES)).map_err(|_| "this machine starts no containers".to_owned())?;
    if exists("cargo-deb") {
        return Ok(());
    }
    println!("$ {INSTALL}");
    finish(line(INSTALL))
}
