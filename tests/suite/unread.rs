//! Whoever reads what our programs say goes away: `aislecast status | head -1`.

use std::{
    fs::File,
    process::{Command, Output, Stdio},
};
use tests::{
    child::unread,
    desk::Member,
    gateway::Gateway,
    house,
    site::{self, Site},
};

/// What a shell says of a program that ended for want of a reader.
const UNREAD: i32 = 141;

fn command(line: &str) -> Command {
    let mut words = line.split(' ');
    let program = words.next().expect("a line begins with a program");
    let mut command = Command::new(house::program(program));
    command.args(words).stdin(Stdio::null());
    command.env("AISLECAST_TOKEN_FILE", site::token_file());
    command.current_dir(house::root());
    command
}

/// What `line` says to nobody; errors are read.
fn said_to_nobody(line: &str) -> Output {
    let mut command = command(line);
    let command = command.stdout(unread()).stderr(Stdio::piped());
    let child = command.spawn().expect("the program starts");
    child.wait_with_output().expect("it is our child")
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_command_whose_reader_goes_away_ends_quietly_and_as_it_would_have() {
    let site = Site::embedded();
    let _gateway = Gateway::start(&site);
    let (shop, data) = (site.dir().display(), site.data().display().to_string());
    let url = format!("--url http://127.0.0.1:{}", site.http_port);
    let copy = site.dir().join("copy.aislebak");
    for (line, code) in [
        ("print-config".to_owned(), 0),
        ("schema store".to_owned(), 0),
        ("decode --schema".to_owned(), 0),
        (format!("check {shop}"), 0),
        (format!("status {url}"), 0),
        (format!("status {url} --json"), 0),
        (format!("audit --data {data}"), 0),
        (format!("token add eye --scope look --data {data}"), 0),
        (format!("store backup --dir {data} {}", copy.display()), 0),
        // As it says it to who reads.
        ("check /nowhere".to_owned(), 1),
    ] {
        let output = said_to_nobody(&format!("aislecast {line}"));
        let errors = errors(&output);
        assert_eq!(output.status.code(), Some(code), "{line}: {errors}");
        assert_eq!(errors, "", "{line}");
    }
    assert!(copy.is_file(), "what a command does, it does all the same");
}

#[test]
fn a_long_output_ends_with_its_reader() {
    let site = Site::embedded();
    Gateway::start(&site).enrol(&Member::new(1), 1);
    let data = site.data().display().to_string();
    for (line, code) in [
        (format!("aislecast store export --dir {data}"), 0),
        // Not all of what was to be found out was: no success.
        // Weeks of them.
        (
            "aislecast-sim run --seeds 1..1000000 --hours 0.02".to_owned(),
            UNREAD,
        ),
        ("aislecast-sim money --seeds 1..1".to_owned(), UNREAD),
        ("xtask suite --list".to_owned(), UNREAD),
    ] {
        let output = said_to_nobody(&line);
        let errors = errors(&output);
        assert_eq!(output.status.code(), Some(code), "{line}: {errors}");
        assert_eq!(errors, "", "{line}");
    }
}

#[test]
fn a_complaint_that_nobody_reads_changes_no_exit_code() {
    let mut command = command("aislecast status --url http://127.0.0.1:1");
    let status = command.stdout(unread()).stderr(unread()).status();
    assert_eq!(status.expect("the program starts").code(), Some(1));
}

#[test]
fn what_does_not_fit_on_a_disk_is_an_error() {
    let full = File::options().write(true).open("/dev/full");
    let mut command = command("aislecast print-config");
    let command = command.stdout(full.expect("Linux has one"));
    let output = command.stderr(Stdio::piped()).spawn();
    let output = output.and_then(std::process::Child::wait_with_output);
    let output = output.expect("the program starts");
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("No space left on device"), "{errors}");
}

/// The reader of its log and of its first words, such as a journal that is restarted.
#[test]
fn a_gateway_goes_on_when_nobody_reads_what_it_says() {
    let site = Site::embedded();
    let mut gateway = Gateway::start_unread(&site);
    gateway.enrol(&Member::new(1), 1);
    gateway.process().interrupt();
    let status = gateway.process().finish();
    assert!(status.success(), "{status}");
}
