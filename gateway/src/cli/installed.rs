//! Where a shop is on a machine that the Debian package was installed on.

use crate::access::Local;
use std::{
    net::{SocketAddr, UdpSocket},
    path::{Path, PathBuf},
};

/// The shop's folder, where `aislecast.service` looks for it.
pub(super) const SHOP: &str = "/etc/aislecast";
/// The data folder that systemd makes for the service.
pub(super) const DATA: &str = "/var/lib/aislecast";
/// The service.
const UNIT: &str = "/lib/systemd/system/aislecast.service";
/// Where the service finds the gateway's password for the broker ...
pub(super) const BROKER_PASSWORD: &str = "/run/credentials/aislecast.service/broker-password";
/// ... and who signed the broker's certificate. systemd reads both for it ...
pub(super) const BROKER_AUTHORITY: &str = "/run/credentials/aislecast.service/broker-authority";
/// ... from this folder of badges, which only root and the broker may read.
pub(super) const BADGES: &str = "/etc/mosquitto/aislecast";

/// The shop that is meant when none is named: the folder `config` here, or the one of
/// this machine.
pub(super) fn usual_shop() -> PathBuf {
    usual_among(Path::new("config"), Path::new(SHOP))
}

/// The folder of badges that is meant when none is named: `broker` here, or the one that
/// the service's password is read from.
pub(super) fn usual_badges() -> PathBuf {
    let here = Path::new("broker");
    let is_installed = has_service() && !here.exists();
    if is_installed { BADGES.as_ref() } else { here }.to_owned()
}

fn usual_among(here: &Path, installed: &Path) -> PathBuf {
    let is_installed = !here.exists() && installed.join("store.toml").exists();
    if is_installed { installed } else { here }.to_owned()
}

/// How to ask the service's gateway, for whoever may read its token.
pub(super) fn gateway() -> Option<Local> {
    Local::find(Path::new(DATA))
}

/// Where other machines reach whoever listens there: for everywhere, the address of this
/// machine's way out, if it has one.
pub(super) fn for_others(mut listens: SocketAddr) -> SocketAddr {
    // Sends nothing. The address is one of documentation, RFC 5737.
    let way_out = || {
        let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
        socket.connect("192.0.2.1:9").ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    if listens.ip().is_unspecified()
        && let Some(ip) = way_out()
    {
        listens.set_ip(ip);
    }
    listens
}

/// Whether the service is there.
pub(super) fn has_service() -> bool {
    Path::new(UNIT).exists()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_machines_shop_is_meant_where_no_other_is() {
        let dir = tempfile::tempdir().unwrap();
        let (here, installed) = (dir.path().join("config"), dir.path().join("etc"));
        assert_eq!(usual_among(&here, &installed), here);
        fs::create_dir(&installed).unwrap();
        fs::write(installed.join("store.toml"), "").unwrap();
        assert_eq!(usual_among(&here, &installed), installed);
        fs::create_dir(&here).unwrap();
        assert_eq!(usual_among(&here, &installed), here);
    }
}
