//! Where programs, files and logs are.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
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

/// A port nobody listens on now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the loopback has a free port");
    let address = listener.local_addr().expect("it has just been bound");
    address.port()
}

/// A new folder for what one run of a test leaves behind: `target/suite/<test>/`.
pub fn keep_dir(test: &str) -> PathBuf {
    let dir = root().join("target/suite").join(test);
    fs::create_dir_all(&dir).expect("target can be written");
    dir
}
