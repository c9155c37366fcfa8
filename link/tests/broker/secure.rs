//! TLS and passwords, with certificates made on the spot.

use crate::{down, mosquitto::Mosquitto, settings, up};
use link::{Link, Reason, Settings, StartError, Tls};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// Runs `openssl` in the folder; `None` (and a loud line) when it is missing.
fn openssl(dir: &Path, args: &str) -> Option<()> {
    let run = Command::new("openssl")
        .current_dir(dir)
        .args(args.split(' '))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let Ok(status) = run else {
        eprintln!("SKIPPED, AND SO NOT TESTED: openssl is missing (apt-get install openssl)");
        return None;
    };
    assert!(status.success(), "openssl {args}");
    Some(())
}

/// An authority, and certificates for the broker and for us signed by it.
fn certificates() -> Option<TempDir> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for authority in ["ca", "stranger"] {
        openssl(
            path,
            &format!(
                "req -x509 {key} -days 2 -subj /CN={authority} -keyout {authority}.key -out {authority}.pem"
            ),
        )?;
    }
    std::fs::write(path.join("san"), "subjectAltName=DNS:localhost").unwrap();
    for name in ["broker", "client"] {
        openssl(
            path,
            &format!("req {key} -subj /CN={name} -keyout {name}.key -out {name}.csr"),
        )?;
        openssl(
            path,
            &format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san -out {name}.pem"
            ),
        )?;
    }
    Some(dir)
}

/// A broker that wants TLS, a certificate of ours and a password.
fn broker() -> Option<Mosquitto> {
    let dir = certificates()?;
    let path = dir.path().to_owned();
    let passwords = path.join("passwords");
    std::fs::write(&passwords, "gate:correct horse\n").unwrap();
    // Debian's mosquitto drops its rights when started as root: let it read.
    let made = Command::new("mosquitto_passwd")
        .arg("-U")
        .arg(&passwords)
        .status();
    let chmod = Command::new("chmod")
        .args(["-R", "a+rX"])
        .arg(&path)
        .status();
    if !made.is_ok_and(|s| s.success()) || !chmod.is_ok_and(|s| s.success()) {
        eprintln!(
            "SKIPPED, AND SO NOT TESTED: mosquitto_passwd is missing (apt-get install mosquitto)"
        );
        return None;
    }
    let at = |name: &str| path.join(name).display().to_string();
    let lines = format!(
        "allow_anonymous false\npassword_file {}\ncafile {}\ncertfile {}\nkeyfile {}\nrequire_certificate true\n",
        at("passwords"),
        at("ca.pem"),
        at("broker.pem"),
        at("broker.key"),
    );
    Mosquitto::start_in(dir, &lines)
}

fn secure(broker: &Mosquitto, authority: &str, password: &str) -> Settings {
    let at = |name: &str| -> PathBuf { broker.dir.path().join(name) };
    let mut settings = settings(broker.port, "secure");
    "localhost".clone_into(&mut settings.host);
    settings.credentials = Some(("gate".to_owned(), password.to_owned()));
    settings.tls = Some(Tls {
        ca_file: Some(at(authority)),
        client: Some((at("client.pem"), at("client.key"))),
    });
    settings
}

#[tokio::test]
async fn tls_with_a_password_and_a_certificate_of_ours() {
    let Some(broker) = broker() else { return };
    let settings = secure(&broker, "ca.pem", "correct horse");
    let (link, _inbox) = Link::start(settings, vec![]).unwrap();
    up(&link).await;
    assert_eq!(link.counters().failures, 0);
}

#[tokio::test]
async fn a_wrong_authority_and_a_wrong_password_are_told_apart() {
    let Some(broker) = broker() else { return };
    for (authority, password, expected) in [
        ("stranger.pem", "correct horse", Reason::Tls),
        (
            "ca.pem",
            "battery staple",
            Reason::Refused("we are not authorised: set user name and password"),
        ),
    ] {
        let settings = secure(&broker, authority, password);
        let (link, _inbox) = Link::start(settings, vec![]).unwrap();
        assert_eq!(down(&link).await, expected);
    }
}

#[tokio::test]
async fn a_missing_certificate_of_ours_is_a_matter_of_tls() {
    let Some(broker) = broker() else { return };
    let mut settings = secure(&broker, "ca.pem", "correct horse");
    if let Some(tls) = &mut settings.tls {
        tls.client = None;
    }
    let (link, _inbox) = Link::start(settings, vec![]).unwrap();
    assert_eq!(down(&link).await, Reason::Tls);
}

#[tokio::test]
async fn files_that_are_no_certificates_are_named_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let ca_file = dir.path().join("ca.pem");
    std::fs::write(&ca_file, "no certificate").unwrap();
    let mut settings = settings(1, "x");
    settings.tls = Some(Tls {
        ca_file: Some(ca_file.clone()),
        client: None,
    });
    match Link::start(settings, vec![]) {
        Err(StartError::Certificate(file)) => assert_eq!(file, ca_file),
        other => panic!("{other:?}"),
    }
}
