//! A password typed at a terminal is not to be read there.

use rustix::{
    pty::{self, OpenptFlags},
    termios::{self, LocalModes},
};
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{Read as _, Write as _},
    os::unix::ffi::OsStringExt as _,
    process::{Command, Stdio},
};
use tests::{
    gateway::{Gateway, aislecast},
    house, http,
    site::Site,
};

const PASSWORD: &str = "green tram rain";

/// Both ends of a terminal: what somebody sits at, and what a program is given.
fn terminal() -> (File, File) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let seat = pty::openpt(flags).expect("the machine has pseudo-terminals");
    pty::grantpt(&seat).expect("it is ours");
    pty::unlockpt(&seat).expect("it is ours");
    let name = pty::ptsname(&seat, Vec::new()).expect("it has a name");
    let name = OsString::from_vec(name.into_bytes());
    let near = File::options().read(true).write(true).open(name);
    (seat.into(), near.expect("it is ours"))
}

/// Reads what stands on a terminal until `wanted` does, too.
fn read_until(seat: &mut File, seen: &mut String, wanted: &str) {
    let mut room = [0; 256];
    while !seen.contains(wanted) {
        let read = seat.read(&mut room).expect("the terminal is there");
        seen.push_str(&String::from_utf8_lossy(&room[..read]));
    }
}

#[test]
fn a_password_that_is_typed_is_not_shown() {
    let site = Site::embedded();
    fs::create_dir_all(site.data()).expect("the test's folder can be written");
    let data = site.data();
    let data = data.to_str().expect("a path of letters");
    let made = aislecast(&[
        "account", "add", "Mai", "--role", "operator", "--data", data,
    ]);
    assert!(made.status.success(), "{made:?}");
    let (mut seat, near) = terminal();
    let end = || Stdio::from(near.try_clone().expect("a file can be opened twice"));
    let mut child = Command::new(house::program("aislecast"))
        .args(["account", "password", "Mai", "--data", data])
        .stdin(end())
        .stdout(end())
        .stderr(end())
        .spawn()
        .expect("the program starts");
    let mut seen = String::new();
    read_until(&mut seat, &mut seen, "then Enter");
    writeln!(seat, "{PASSWORD}").expect("the terminal is there");
    assert!(child.wait().expect("it is our child").success(), "{seen}");
    let modes = termios::tcgetattr(&near).expect("it is a terminal");
    assert!(modes.local_modes.contains(LocalModes::ECHO), "as before");
    writeln!(&near, "the end").expect("the terminal is there");
    read_until(&mut seat, &mut seen, "the end");
    assert!(!seen.contains("green"), "{seen}");
    let _gateway = Gateway::start(&site);
    let form = format!("name=Mai&password={}", PASSWORD.replace(' ', "+"));
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    let answer = http::ask_by(site.http_port, ("POST", "/login"), kind, form.as_bytes());
    let answer = answer.expect("the gateway answers");
    assert!(answer.cookie.is_some(), "{}", answer.text());
}
