//! A node without a network, played over a pseudo-terminal: to the bridge it is
//! a serial port like any other.

use crate::{child::Process, house, site::Site, wait};
use protocol::line::{self, Downward, MAX_BYTES, Reader, Upward};
use rustix::{
    fs::OFlags,
    pty::{self, OpenptFlags},
};
use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    os::unix::{ffi::OsStringExt as _, fs::symlink},
    path::{Path, PathBuf},
    process::Command,
};

/// Starts `aislecast bridge` at a port of a shop.
pub fn bridge(site: &Site, port: &Path) -> Process {
    let mut command = Command::new(house::program("aislecast"));
    command.args(["bridge", "--config"]).arg(site.config());
    command.arg("--port").arg(port);
    Process::start(command, site.dir())
}

/// A node that is plugged in.
#[derive(Debug)]
pub struct Wire {
    far: File,
    port: PathBuf,
    reader: Reader,
}

impl Wire {
    /// Plugs one in; the bridge finds it at `port`.
    pub fn plug(port: &Path) -> Self {
        // A bridge that inherited it would hold its own wire.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let far = pty::openpt(flags).expect("the machine has pseudo-terminals");
        pty::grantpt(&far).expect("it is ours");
        pty::unlockpt(&far).expect("it is ours");
        rustix::fs::fcntl_setfl(&far, OFlags::NONBLOCK).expect("any file can");
        let name = pty::ptsname(&far, Vec::new()).expect("it has a name");
        let name = std::ffi::OsString::from_vec(name.into_bytes());
        symlink(name, port).expect("the test's folder can be written");
        Self {
            far: far.into(),
            port: port.to_owned(),
            reader: Reader::new(),
        }
    }

    /// Says something.
    pub fn say(&mut self, message: &Upward<'_>) {
        let mut room = [0; MAX_BYTES];
        let packet = line::write(message, &mut room).expect("any message fits");
        self.rave(packet);
    }

    /// Says bytes, whatever they are.
    pub fn rave(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        wait::until("the wire takes what is said", || {
            if let Ok(written) = self.far.write(rest) {
                rest = &rest[written..];
            }
            rest.is_empty().then_some(())
        });
    }

    /// What it has been told, as bytes, or as many as there is room for.
    pub fn told(&mut self, room: &mut [u8]) -> usize {
        // Nothing, also while nobody has the port open.
        self.far.read(room).unwrap_or(0)
    }

    /// Waits until it is told something that `wanted` accepts.
    pub fn until(&mut self, what: &str, wanted: impl Fn(&Downward<'_>) -> bool) {
        wait::until(what, || self.hears(&wanted).then_some(()));
    }

    /// Whether it has been told something that `wanted` accepts.
    pub fn hears(&mut self, wanted: impl Fn(&Downward<'_>) -> bool) -> bool {
        let mut bytes = [0; MAX_BYTES];
        let read = self.told(&mut bytes);
        let mut found = false;
        for byte in &bytes[..read] {
            let heard = self.reader.take::<Downward<'_>>(*byte);
            found |= heard.is_some_and(|message| message.is_ok_and(|m| wanted(&m)));
        }
        found
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // Unplugged: with this file the terminal goes, too.
        let _ = fs::remove_file(&self.port);
    }
}
