//! What an operator types, and what is said when something is in the way.

use std::{fs, net::TcpListener, path::Path, process::Output};
use tests::{
    gateway::{Gateway, aislecast, spawn},
    site::Site,
};

fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

fn plain(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

/// Runs a gateway that cannot start: it must say why in words and end by itself.
fn refuses(site: &Site, words: &[&str]) {
    let mut process = spawn(&site.config(), site.dir());
    let status = process.finish();
    let said = process.said();
    assert!(
        status.code().is_some_and(|code| code != 0),
        "{status}: {said}"
    );
    assert!(!said.contains("panicked"), "{said}");
    for word in words {
        assert!(said.contains(word), "no word of {word:?}: {said}");
    }
}

#[test]
fn help_names_every_command() {
    let output = aislecast(&["--help"]);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for word in ["run", "check", "demo", "print-config", "profiles"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    for command in ["run", "check", "demo", "print-config", "profiles"] {
        let output = aislecast(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    }
    let output = aislecast(&["chekc"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("check"), "{}", text(&output));
}

#[test]
fn the_test_shop_and_the_printed_default_pass_their_own_check() {
    let site = Site::embedded();
    let output = aislecast(&["check", plain(site.dir())]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));

    let printed = aislecast(&["print-config"]);
    assert!(printed.status.success(), "{}", text(&printed));
    let table: toml::Table = String::from_utf8(printed.stdout).unwrap().parse().unwrap();
    assert!(table.contains_key("store"), "{table:?}");
}

#[test]
fn check_tells_every_problem_with_file_line_key_and_remedy() {
    let site = Site::embedded();
    site.edit("mode = \"embedded\"", "moed = \"embedded\"");
    site.edit("enter = \"60 %\"", "enter = \"160 %\"");
    let offer = site.dir().join("offers/members.toml");
    let before = fs::read_to_string(&offer).unwrap();
    fs::write(&offer, before.replace("2044-12-31", "2044-13-31")).unwrap();

    let output = aislecast(&["check", plain(site.dir())]);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for words in [
        ["store.toml:", "moed", "mode"],
        ["store.toml:", "enter", "%"],
        ["members.toml:", "2044-13-31", "year-month-day"],
    ] {
        for word in words {
            assert!(said.contains(word), "no word of {word:?}: {said}");
        }
    }
    let output = aislecast(&["check", "--json", plain(site.dir())]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let problems: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let listed = problems.to_string();
    assert!(
        listed.contains("2044-13-31") && listed.contains("moed"),
        "{listed}"
    );

    // The same words when it is run, and nothing is started.
    refuses(&site, &["store.toml:", "moed"]);
    assert!(
        !site.data().exists(),
        "nothing is written for a broken shop"
    );
}

#[test]
fn every_command_that_reads_the_shops_files_tells_their_problems_as_they_are() {
    let site = Site::embedded();
    site.edit("opening", "openning");
    let (config, dir) = (site.config(), site.dir().join("badges"));
    let (config, dir) = (plain(&config), plain(&dir));
    let node = ["--broker", "10.0.0.2", "--allow", "eddystone-eid"];
    for arguments in [
        [&["node", "s-node", "--config", config][..], &node].concat(),
        vec!["bridge", "--port", "/dev/null", "--config", config],
        vec!["enroll", "--config", config, "--dir", dir, "broker"],
        vec![
            "offers", "explain", "--shop", config, "--screen", "front", "--crowd", "dairy=1",
        ],
    ] {
        let output = aislecast(&arguments);
        let said = text(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("error: "), "{arguments:?}: {said}");
        assert!(!said.contains("error: error"), "{arguments:?}: {said}");
        assert!(said.contains("openning"), "{arguments:?}: {said}");
    }
    assert!(!site.dir().join("badges").exists());
}

#[test]
fn a_name_that_is_not_there_is_answered_with_the_one_that_was_meant() {
    let site = Site::embedded();
    let offer = site.dir().join("offers/members.toml");
    let before = fs::read_to_string(&offer).unwrap();
    fs::write(&offer, before.replace("\"dairy\"", "\"diary\"")).unwrap();
    let output = aislecast(&["check", plain(site.dir())]);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for word in ["members.toml:7:", "diary", "did you mean \"dairy\""] {
        assert!(said.contains(word), "no word of {word:?}: {said}");
    }
}

#[test]
fn a_busy_port_is_one_clear_message() {
    let site = Site::embedded();
    let _taken = TcpListener::bind(("127.0.0.1", site.http_port)).unwrap();
    refuses(&site, &[&site.http_port.to_string()]);

    let site = Site::embedded();
    let _taken = TcpListener::bind(("127.0.0.1", site.broker_port)).unwrap();
    refuses(&site, &[&site.broker_port.to_string()]);
}

#[test]
fn a_folder_that_cannot_be_written_is_one_clear_message() {
    let site = Site::embedded();
    // Permissions do not stop root, a file where a folder should be does.
    fs::write(site.data(), "a file").unwrap();
    refuses(&site, &[plain(&site.data())]);
}

#[test]
fn a_shop_that_is_not_there_is_one_clear_message() {
    let missing = Path::new("no-such-folder/store.toml");
    let output = aislecast(&["run", "--config", plain(missing)]);
    let said = text(&output);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains(plain(missing)), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_broker_that_asks_nobody_for_a_password_is_taken_only_where_that_is_wanted() {
    let site = Site::embedded();
    site.edit("allow_anonymous = true\n", "");
    refuses(&site, &["--broker embedded", "allow_anonymous"]);
}

#[test]
fn a_second_gateway_on_the_same_data_is_refused_and_the_first_goes_on() {
    let site = Site::embedded();
    let first = Gateway::start(&site);
    let second = Site::embedded();
    second.edit(plain(&second.data()), plain(&site.data()));
    refuses(&second, &[plain(&site.data())]);
    assert_eq!(first.get("/readyz").status, 200);
}

#[test]
fn ctrl_c_ends_it_with_success_and_a_second_start_is_clean() {
    let site = Site::embedded();
    for _ in 0..2 {
        let mut gateway = Gateway::start(&site);
        gateway.process().interrupt();
        let status = gateway.process().finish();
        assert_eq!(status.code(), Some(0), "{}", gateway.said());
        assert!(!gateway.said().contains("ERROR"), "{}", gateway.said());
    }
}

#[test]
fn the_doctor_says_what_is_wrong_with_files_and_gateway() {
    let site = Site::embedded();
    let dir = site.dir().to_owned();
    let doctor = |site: &Site| {
        let url = format!("http://127.0.0.1:{}", site.http_port);
        let token = site.data().join("access/local-token");
        let output = aislecast(&[
            "doctor",
            plain(&dir),
            "--url",
            &url,
            "--token-file",
            plain(&token),
        ]);
        (output.status.code(), text(&output))
    };
    let (code, said) = doctor(&site);
    assert_eq!(code, Some(1), "nobody has started it: {said}");
    assert!(
        said.contains("ok    ") && said.contains("BAD   No gateway answers"),
        "{said}"
    );
    let gateway = Gateway::start(&site);
    let (code, said) = doctor(&site);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("ok    The gateway answers"), "{said}");
    site.edit("opening", "openning");
    let (code, said) = doctor(&site);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("BAD   store.toml:") && said.contains("openning"),
        "{said}"
    );
    drop(gateway);
}
