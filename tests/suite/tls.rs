//! To the broker with TLS and a password, as a shop does it.

use std::{fs, path::Path, process::Command};
use tests::{gateway::Gateway, house, mosquitto::Mosquitto, site::Site};

const PASSWORD: &str = "canary-password";

fn run(dir: &Path, program: &str, arguments: &str) {
    let status = Command::new(program)
        .args(arguments.split(' '))
        .current_dir(dir)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status();
    assert!(status.is_ok_and(|s| s.success()), "{program} {arguments}");
}

/// An authority of this name, and a certificate of 127.0.0.1 signed by it.
fn certify(dir: &Path, authority: &str) {
    run(
        dir,
        "openssl",
        &format!(
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={authority} \
             -keyout {authority}.key -out {authority}.pem"
        ),
    );
    run(
        dir,
        "openssl",
        "req -newkey rsa:2048 -nodes -subj /CN=broker -keyout broker.key -out broker.csr",
    );
    fs::write(dir.join("names"), "subjectAltName=IP:127.0.0.1\n").expect("it can be written");
    run(
        dir,
        "openssl",
        &format!(
            "x509 -req -in broker.csr -CA {authority}.pem -CAkey {authority}.key \
             -CAcreateserial -days 2 -extfile names -out broker.pem"
        ),
    );
}

/// A broker that wants TLS and a password, and a site that does not know either yet.
fn guarded(dir: &Path) -> Option<(Mosquitto, Site)> {
    house::tool("openssl")?;
    house::tool("mosquitto")?;
    certify(dir, "authority");
    run(
        dir,
        "mosquitto_passwd",
        &format!("-c -b passwords shop {PASSWORD}"),
    );
    // mosquitto lays root down before it reads them.
    for file in ["passwords", "broker.key"] {
        run(dir, "chmod", &format!("a+r {file}"));
    }
    run(dir, "chmod", "a+rx .");
    let at = |file: &str| dir.join(file).display().to_string();
    let settings = format!(
        "allow_anonymous false\npassword_file {}\ncafile {}\ncertfile {}\nkeyfile {}\n",
        at("passwords"),
        at("authority.pem"),
        at("broker.pem"),
        at("broker.key"),
    );
    let broker = Mosquitto::with(dir, &settings)?;
    let site = Site::beside(broker.port);
    Some((broker, site))
}

fn tell(site: &Site, password: &str, authority: &Path) {
    let file = site.dir().join("password");
    fs::write(&file, password).expect("the site can be written");
    let keys = format!(
        "keep_alive = \"5s\"\nusername = \"shop\"\npassword_file = \"{}\"\ntls_ca_file = \"{}\"",
        file.display(),
        authority.display()
    );
    site.edit("keep_alive = \"5s\"", &keys);
}

#[test]
fn a_gateway_reaches_a_broker_with_tls_and_a_password() {
    let dir = tempfile::tempdir().unwrap();
    let Some((_broker, site)) = guarded(dir.path()) else {
        return;
    };
    tell(&site, PASSWORD, &dir.path().join("authority.pem"));
    let gateway = Gateway::start(&site);
    assert!(!gateway.said().contains(PASSWORD), "{}", gateway.said());
}

#[test]
fn a_wrong_password_or_a_false_authority_is_said_and_never_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let Some((_broker, site)) = guarded(dir.path()) else {
        return;
    };
    let other = tempfile::tempdir().unwrap();
    certify(other.path(), "impostor");
    for (password, authority) in [
        ("canary-wrong-password", dir.path().join("authority.pem")),
        (PASSWORD, other.path().join("impostor.pem")),
    ] {
        let site = Site::beside(site.broker_port);
        tell(&site, password, &authority);
        let gateway = Gateway::listening(&site);
        let said = tests::wait::until("the gateway says what is wrong", || {
            let said = gateway.said();
            let words = ["password", "not authori", "certificate", "refused"];
            let lower = said.to_lowercase();
            words
                .iter()
                .any(|word| lower.contains(word))
                .then_some(said)
        });
        assert!(!said.contains(password), "{said}");
        assert_eq!(gateway.get("/readyz").status, 503);
        assert_eq!(gateway.live()["health"]["broker"], false);
    }
}
