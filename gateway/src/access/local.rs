//! What a gateway leaves in its data folder for commands on its own machine.

use super::Folder;
use crate::store::write_durably;
use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

/// The token of this machine.
const TOKEN: &str = "local-token";
/// Where the gateway listens.
const URL: &str = "local-url";

/// How to ask the gateway that works in a data folder.
#[derive(Debug, PartialEq, Eq)]
pub struct Local {
    /// Its address.
    pub url: String,
    /// File with a token that may do everything.
    pub token_file: PathBuf,
}

impl Local {
    /// What the gateway of this data folder left, for whoever may look into it.
    pub fn find(data: &Path) -> Option<Self> {
        let dir = data.join("access");
        Some(Self {
            url: fs::read_to_string(dir.join(URL)).ok()?,
            token_file: dir.join(TOKEN),
        })
    }
}

/// Leaves the token, which is drawn anew at each start.
pub(super) fn leave_token(folder: &Folder, token: &str) {
    leave(folder, TOKEN, token);
}

/// Leaves the address for commands on this machine.
pub fn leave_address(folder: &Folder, listens: SocketAddr) {
    leave(folder, URL, &reached_at(listens));
}

fn leave(folder: &Folder, name: &str, text: &str) {
    // A full disk must not keep a shop from opening.
    if let Err(error) = write_durably(&folder.dir().join(name), text.as_bytes()) {
        tracing::warn!(%error, name, "failed to leave a file for commands on this machine");
    }
}

/// Who listens everywhere is reached here.
fn reached_at(mut listens: SocketAddr) -> String {
    if listens.ip().is_unspecified() {
        listens.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{listens}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_reached_here() {
        for (listens, url) in [
            ("0.0.0.0:8080", "http://127.0.0.1:8080"),
            ("127.0.0.1:81", "http://127.0.0.1:81"),
            ("10.0.0.2:8080", "http://10.0.0.2:8080"),
            ("[::]:8080", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(reached_at(listens.parse().unwrap()), url);
        }
    }

    #[test]
    fn what_is_left_is_found() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(Local::find(data.path()), None);
        let folder = Folder::open(data.path()).unwrap();
        leave_token(&folder, "token");
        leave_address(&folder, ([0, 0, 0, 0], 81).into());
        let found = Local::find(data.path()).unwrap();
        assert_eq!(found.url, "http://127.0.0.1:81");
        assert_eq!(fs::read_to_string(found.token_file).unwrap(), "token");
    }
}
