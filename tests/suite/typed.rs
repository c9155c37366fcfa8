//! What is typed at a terminal: a password, which is not to be read there, and answers.

use rustix::{
    pty::{self, OpenptFlags},
    termios::{self, LocalModes},
};
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{Read as _, Write as _},
    os::unix::ffi::OsStringExt as _,
    process::{Child, Command, Stdio},
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

/// Starts our program at a terminal.
fn start(near: &File, words: &[&str]) -> Child {
    let end = || Stdio::from(near.try_clone().expect("a file can be opened twice"));
    let mut command = Command::new(house::program("aislecast"));
    command.args(words).stdin(end()).stdout(end()).stderr(end());
    command.spawn().expect("the program starts")
}

#[test]
fn a_shop_is_begun_by_answers_and_a_wrong_one_is_asked_for_again() {
    let dir = tempfile::tempdir().expect("the temporary folder can be written");
    let shop = dir.path().join("shop");
    let shop = shop.to_str().expect("a path of letters");
    let (mut seat, near) = terminal();
    let mut child = start(&near, &["new", shop]);
    for (question, answer) in [
        ("name of the shop: ", "Corner shop"),
        ("its time zone [", "Middle/Earth"),
        ("is no time zone, as Europe/Berlin is", "Asia/Ho_Chi_Minh"),
        ("open every day [08:00-20:00]: ", "8 to 8"),
        ("is no opening time", "07:30-24:00"),
        ("south to north [12x8]: ", "12"),
        ("is no size in metres", "20 x 15"),
        ("besides the entrance [Shop]: ", ","),
        ("names with commas", "Fruit, Bread"),
        ("scanners [4]: ", "none"),
        ("is no number from 1", "3"),
        ("screens [1]: ", ""),
        ("[127.0.0.1:8080]: ", "0.0.0.0:80"),
        ("only root may listen", "0.0.0.0:8081"),
    ] {
        read_until(&mut seat, &mut String::new(), question);
        writeln!(seat, "{answer}").expect("the terminal is there");
    }
    let mut seen = String::new();
    read_until(&mut seat, &mut seen, "aislecast run --config");
    assert!(child.wait().expect("it is our child").success(), "{seen}");
    let checked = aislecast(&["check", shop]);
    assert!(checked.status.success(), "{checked:?}");
    let text = fs::read_to_string(format!("{shop}/store.toml")).expect("it is written");
    for line in [
        "name = \"Corner shop\"",
        "time_zone = \"Asia/Ho_Chi_Minh\"",
        "hours = [\"07:30-24:00\"]",
        "outline = [[0, 0], [20, 0], [20, 15], [0, 15]]",
        "label = \"Bread\"",
        "id = \"s-3\"",
        "listen = \"0.0.0.0:8081\"",
    ] {
        assert!(text.contains(line), "{line}: {text}");
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
    let mut child = start(&near, &["account", "password", "Mai", "--data", data]);
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
