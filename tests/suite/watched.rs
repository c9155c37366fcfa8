//! What a service manager is told of a gateway, as `sd_notify(3)` has it.

use std::{os::unix::net::UnixDatagram, path::Path, time::Duration};
use tests::{gateway::Gateway, site::Site, wait};

/// Whoever starts services and ends those that hang.
struct Manager(UnixDatagram);

impl Manager {
    fn at(socket: &Path) -> Self {
        let socket = UnixDatagram::bind(socket).expect("the test's folder can be written");
        let waits = socket.set_read_timeout(Some(Duration::from_millis(50)));
        waits.expect("a time that is not zero");
        Self(socket)
    }

    /// What it is told next; nothing within a moment.
    fn hear(&self) -> Option<String> {
        let mut bytes = [0; 256];
        let length = self.0.recv(&mut bytes).ok()?;
        let said = String::from_utf8_lossy(&bytes[..length]);
        Some(said.trim_end().to_owned())
    }

    fn until(&self, wanted: &str) {
        wait::until(wanted, || (self.hear()? == wanted).then_some(()));
    }

    /// Forgets what was said so far.
    fn forget(&self) {
        while self.hear().is_some() {}
    }
}

#[test]
fn a_service_manager_is_told_of_ready_of_life_and_of_stopping() {
    let site = Site::embedded();
    let socket = site.dir().join("notify");
    let manager = Manager::at(&socket);
    let mut gateway = Gateway::start_watched(&site, &socket);
    let first = wait::until("it says something", || manager.hear());
    assert_eq!(first, "READY=1");
    manager.until("WATCHDOG=1");
    // One that hangs says nothing, and would be ended.
    gateway.process().freeze();
    manager.forget();
    let silent = (0..30).find_map(|_| manager.hear());
    assert_eq!(silent, None);
    gateway.process().thaw();
    manager.until("WATCHDOG=1");
    gateway.process().interrupt();
    manager.until("STOPPING=1");
    assert!(gateway.process().finish().success());
}
