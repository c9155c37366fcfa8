//! Where programs, files and logs are.

use std::{
    env, fs,
    net::TcpListener,
    ops::Range,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// Root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this crate is a folder in the root")
        .to_owned()
}

/// One of our programs, as `cargo build --workspace --all-targets` left it next
/// to this test.
pub fn program(name: &str) -> PathBuf {
    let test = env::current_exe().expect("a running test has a file");
    let path = test
        .ancestors()
        .nth(2)
        .expect("tests live in target/<profile>/deps")
        .join(name);
    assert!(
        path.is_file(),
        "{} is missing: `cargo suite build` makes it",
        path.display()
    );
    path
}

/// A firmware for QEMU's mps2-an386, as `cargo firmware` left it: the node's is
/// `qemu-an386`.
pub fn firmware(name: &str) -> PathBuf {
    let path = target()
        .join("firmware/thumbv7em-none-eabihf/release")
        .join(name);
    assert!(
        path.is_file(),
        "{} is missing: `cargo firmware` makes it",
        path.display()
    );
    path
}

/// Where everything is built.
pub fn target() -> PathBuf {
    let test = env::current_exe().expect("a running test has a file");
    let target = test.ancestors().nth(3);
    target
        .expect("tests live in target/<profile>/deps")
        .to_owned()
}

/// A program of the system, or nothing when `cargo suite` said that it is
/// missing. Without that word a missing program fails the test.
pub fn tool(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path)
        // Debian keeps mosquitto where only root looks.
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|dir| dir.join(name))
        .find(|file| file.is_file());
    if found.is_none() {
        let excused = env::var("AISLECAST_MISSING").unwrap_or_default();
        assert!(
            excused.split(' ').any(|missing| missing == name),
            "{name} is not installed: `cargo suite` installs it"
        );
        eprintln!("SKIPPED: {name} is not installed");
    }
    found
}

/// Ports that [`free_port`] deals out. They lie below those that the system gives to
/// whoever connects to something: such a connection could take one between now and its use.
const PORTS: Range<u16> = 10_000..30_000;
/// Between the first ports of two processes with neighbouring numbers.
const APART: u32 = 997;
static DEALT: AtomicU32 = AtomicU32::new(0);

/// A port nobody listens on now, and nobody else in this process is given.
pub fn free_port() -> u16 {
    for _ in PORTS {
        let nth = process::id()
            .wrapping_mul(APART)
            .wrapping_add(DEALT.fetch_add(1, Ordering::Relaxed));
        let offset = nth % u32::from(PORTS.end - PORTS.start);
        let port = PORTS.start + u16::try_from(offset).expect("less than all ports");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("the loopback has no free port in {PORTS:?}");
}

/// A new folder for what one run of a test leaves behind: `target/suite/<test>/`.
pub fn keep_dir(test: &str) -> PathBuf {
    let dir = root().join("target/suite").join(test);
    fs::create_dir_all(&dir).expect("target can be written");
    dir
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_port_is_dealt_out_twice_nor_while_somebody_listens_on_it() {
        let first = free_port();
        // The next one, if it is free.
        let taken = TcpListener::bind(("127.0.0.1", first + 1));
        let more: BTreeSet<u16> = (0..20).map(|_| free_port()).collect();
        assert_eq!(more.len(), 20);
        assert!(!more.contains(&first));
        assert!(taken.is_err() || !more.contains(&(first + 1)), "{more:?}");
        assert!(more.iter().all(|port| PORTS.contains(port)), "{more:?}");
    }
}
