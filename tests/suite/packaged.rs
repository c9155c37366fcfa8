//! The Debian package on a Debian that systemd started: installed, begun, at work,
//! broken, renewed, taken away.

use std::{env, fs, path::PathBuf, process::Command};
use tests::{house, machine::Machine, radio, wait};

const SHOP: &str = "/etc/aislecast/store.toml";
/// Where systemd keeps what the service may write.
const DATA: &str = "/var/lib/private/aislecast";
/// Where it and everybody else finds it.
const LINK: &str = "/var/lib/aislecast";
/// Instead of the service's own half minute.
const WATCHDOG: &str = "[Service]\nWatchdogSec=2\n";

/// A package of the programs that the suite has built, of this version.
fn package(version: &str) -> PathBuf {
    // cargo-deb makes packages of release builds; to it this looks like one.
    let target = house::target().join("package");
    let program = target.join("release/aislecast");
    fs::create_dir_all(target.join("release")).expect("the target folder can be written");
    fs::copy(house::program("aislecast"), program).expect("the program is built");
    let file = target.join(format!("aislecast_{version}.deb"));
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "deb",
            "--package",
            "gateway",
            "--no-build",
            "--no-strip",
            "--fast",
        ])
        .args(["--deb-version", version, "--output"])
        .arg(&file)
        .current_dir(house::root())
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{output:?}");
    file
}

fn install(machine: &Machine, version: &str) {
    fs::copy(package(version), machine.path("/srv/aislecast.deb")).expect("it has /srv");
    machine.says(&["dpkg", "--install", "/srv/aislecast.deb"]);
}

fn property(machine: &Machine, name: &str) -> String {
    let said = machine.says(&[
        "systemctl",
        "show",
        "aislecast",
        "--value",
        "--property",
        name,
    ]);
    said.trim().to_owned()
}

fn wait_for_status(machine: &Machine, line: &str) {
    let has = || {
        let said = machine.run(&["aislecast", "status"]);
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        said.lines().any(|l| l.starts_with(line)).then_some(())
    };
    if wait::within(wait::PATIENCE, has).is_none() {
        let journal = machine.says(&["journalctl", "--unit", "aislecast", "--lines", "60"]);
        panic!("waited in vain for {line:?} of `aislecast status`\n{journal}");
    }
}

fn wait_for_restarts(machine: &Machine, count: &str) {
    wait::until("systemd has started it again", || {
        let is_running = property(machine, "ActiveState") == "active";
        (is_running && property(machine, "NRestarts") == count).then_some(())
    });
}

/// Sockets that anybody could connect to, but for mosquitto's own.
fn listeners(machine: &Machine) -> usize {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    let tables = tables.map(|table| machine.says(&["cat", table]));
    let lines = tables.iter().flat_map(|table| table.lines());
    // "sl local_address rem_address st ..." in proc(5): 0A listens. 1883 and 8883:
    let listening = lines.filter(|line| line.split_whitespace().nth(3) == Some("0A"));
    let brokers = |line: &str| line.contains(":075B ") || line.contains(":22B3 ");
    listening.filter(|line| !brokers(line)).count()
}

fn edit(machine: &Machine, path: &str, change: impl FnOnce(String) -> String) {
    let path = machine.path(path);
    let text = fs::read_to_string(&path).expect("the file is there");
    fs::write(path, change(text)).expect("it can be written");
}

/// What `aislecast doctor` finds, with something that keeps offers from being shown.
fn doctor(machine: &Machine) -> String {
    let said = machine.run(&["aislecast", "doctor"]);
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    String::from_utf8_lossy(&said.stdout).into_owned()
}

#[test]
#[ignore = "takes root, and a Debian of its own: `cargo suite package` runs it"]
fn the_package_runs_a_shop_on_a_debian_that_systemd_started() {
    let machine = Machine::boot();
    begins(&machine);
    takes_badges(&machine);
    hears_a_shopper(&machine);
    comes_back(&machine);
    says_what_is_wrong(&machine);
    is_restored(&machine);
    survives_a_run_by_root(&machine);
    is_renewed_and_taken_away(&machine);
    let process = machine.process();
    drop(machine);
    wait::until("nothing of the machine runs on", || {
        (!process.exists()).then_some(())
    });
}

/// Installed, nothing runs and nothing listens until somebody has begun a shop.
fn begins(machine: &Machine) {
    install(machine, "0.0.1-1");
    assert_eq!(property(machine, "UnitFileState"), "enabled");
    assert_eq!(property(machine, "ActiveState"), "inactive");
    assert_eq!(listeners(machine), 0, "a fresh install opens no port");
    let said = doctor(machine);
    for line in [
        "There is no shop at /etc/aislecast.",
        "The service waits for a shop.",
    ] {
        assert!(said.contains(line), "{said}");
    }
    let unit = "/usr/lib/systemd/system/aislecast.service";
    let complaints = machine.run(&["systemd-analyze", "verify", unit]);
    let complaints = String::from_utf8_lossy(&complaints.stderr).into_owned();
    let complaints = complaints.lines().filter(|line| line.contains("aislecast"));
    // A machine as small as this one has no manual.
    let complaints: Vec<_> = complaints.filter(|line| !line.contains("'man ")).collect();
    assert!(complaints.is_empty(), "{complaints:?}");

    // The service is another user, whatever root lets others read by itself.
    let new = "umask 077 && aislecast new --name 'Corner shop' --zones Fruit,Bread";
    let said = machine.says(&["sh", "-c", new]);
    assert!(said.contains("systemctl start aislecast"), "{said}");
    machine.says(&["systemctl", "start", "aislecast"]);
    assert_eq!(property(machine, "ActiveState"), "active");
    assert_eq!(listeners(machine), 1);
    wait_for_status(machine, "broker    connected");
    let said = machine.says(&["aislecast", "account", "code"]);
    assert!(said.contains("chooses a password"), "{said}");
}

/// With badges the gateway reads a password that only root may read.
fn takes_badges(machine: &Machine) {
    let enroll = ["aislecast", "enroll"];
    let said = machine.says(&[&enroll[..], &["broker", "192.168.1.10"]].concat());
    let (_, lines) = said
        .split_once("[broker.external]\n")
        .expect("it tells the lines");
    edit(machine, SHOP, |text| {
        let text = text.replace("host = \"localhost\"\nport = 1883\n", lines);
        text.replacen(
            "source = \"node\"",
            "source = \"theengs\"\nbase = \"home/door\"",
            1,
        )
    });
    machine.says(&["aislecast", "check", "/etc/aislecast"]);
    machine.says(&[&enroll[..], &["device", "s-1", "--as", "theengs"]].concat());
    let taken = [
        "/etc/mosquitto/aislecast/aislecast.conf",
        "/etc/mosquitto/conf.d/",
    ];
    machine.says(&["ln", "--symbolic", taken[0], taken[1]]);
    machine.says(&["systemctl", "restart", "mosquitto", "aislecast"]);
    wait_for_status(machine, "broker    connected");
    let journal = machine.says(&["journalctl", "--unit", "aislecast", "--lines", "20"]);
    assert!(journal.contains("login: true, tls: true"), "{journal}");
}

/// Consent, cache and ledger work behind the sandbox, and so does the whole way from
/// a scanner's message.
fn hears_a_shopper(machine: &Machine) {
    let fob = radio::Fob::of_the_shop(1);
    let row = format!(
        "customer,version,purposes,notice,ibeacon\nC-1,1,in_store_offers,1,{}/{}/{}\n",
        fob.uuid_text(),
        fob.major,
        fob.minor
    );
    fs::write(machine.path("/srv/members.csv"), row).expect("it has /srv");
    machine.says(&["aislecast", "profiles", "import", "/srv/members.csv"]);
    wait_for_status(machine, "shop      0 opted in here, 1 enrolled");
    let (topic, payload) = radio::theengs(&fob, "home/door", -50);
    let password = fs::read_to_string(machine.path("/etc/mosquitto/aislecast/credentials/theengs"));
    let password = password.expect("the badge's password is there");
    let login = [
        "--id",
        "theengs",
        "--username",
        "theengs",
        "--pw",
        password.trim(),
    ];
    let broker = ["--host", "localhost", "--port", "8883", "--qos", "1"];
    let trust = ["--cafile", "/etc/mosquitto/aislecast/authority.pem"];
    let message = ["--topic", &topic, "--message", &payload];
    let words = [&["mosquitto_pub"], &login[..], &broker, &trust, &message].concat();
    // Nobody is taken to be somewhere by a single packet.
    wait::until("the shopper is taken to be here", || {
        machine.says(&words);
        let said = machine.says(&["aislecast", "status"]);
        said.contains("1 opted in here").then_some(())
    });
}

/// Killed, and hung, it is back by itself, and nobody is forgotten.
fn comes_back(machine: &Machine) {
    machine.says(&["systemctl", "kill", "--signal", "KILL", "aislecast"]);
    wait_for_restarts(machine, "1");
    wait_for_status(machine, "shop      0 opted in here, 1 enrolled");

    let drop_in = machine.path("/etc/systemd/system/aislecast.service.d");
    fs::create_dir_all(&drop_in).expect("it has /etc");
    fs::write(drop_in.join("test.conf"), WATCHDOG).expect("the folder is there");
    machine.says(&["systemctl", "daemon-reload"]);
    machine.says(&["systemctl", "restart", "aislecast"]);
    machine.says(&["systemctl", "kill", "--signal", "STOP", "aislecast"]);
    wait_for_restarts(machine, "1");
    let journal = machine.says(&["journalctl", "--unit", "aislecast"]);
    assert!(journal.contains("Watchdog timeout"), "{journal}");
    wait_for_status(machine, "broker    connected");
}

/// A broken file changes nothing while it runs; where it starts with one, it says so
/// and goes on as soon as the file is mended.
fn says_what_is_wrong(machine: &Machine) {
    let right = fs::read_to_string(machine.path(SHOP)).expect("the shop is there");
    edit(machine, SHOP, |text| text.replace("[floor]", "[flor]"));
    machine.says(&["systemctl", "reload", "aislecast"]);
    let journal = || machine.says(&["journalctl", "--unit", "aislecast", "--lines", "40"]);
    wait::until("the journal says what is wrong", || {
        journal().contains("flor").then_some(())
    });
    wait_for_status(machine, "broker    connected");

    let failed = machine.run(&["systemctl", "restart", "aislecast"]);
    assert!(!failed.status.success(), "a broken shop does not start");
    let said = doctor(machine);
    for line in ["BAD   store.toml:", "BAD   The service does not stay up"] {
        assert!(said.contains(line), "{said}");
    }
    fs::write(machine.path(SHOP), right).expect("it can be written");
    wait_for_status(machine, "shop      0 opted in here, 1 enrolled");
}

/// What root restores is the service's again, in its old folder and in a new one.
fn is_restored(machine: &Machine) {
    machine.says(&["aislecast", "account", "add", "Lan", "--role", "staff"]);
    let backup = "/srv/corner-shop.aislebak";
    machine.says(&["aislecast", "store", "backup", "--dir", LINK, backup]);
    for gone in [
        "find /var/lib/aislecast/ -mindepth 1 -delete",
        "rm -r /var/lib/private/aislecast",
    ] {
        machine.says(&["systemctl", "stop", "aislecast"]);
        machine.says(&["sh", "-c", gone]);
        machine.says(&["aislecast", "store", "restore", "--dir", LINK, backup]);
        machine.says(&["aislecast", "store", "repair", "--dir", LINK]);
        machine.says(&["systemctl", "start", "aislecast"]);
        wait_for_status(machine, "broker    connected");
        let people = machine.says(&["aislecast", "account", "list"]);
        assert!(people.contains("Lan"), "{gone}: {people}");
        // Profiles come from where they came from before.
        machine.says(&["aislecast", "profiles", "import", "/srv/members.csv"]);
        wait_for_status(machine, "shop      0 opted in here, 1 enrolled");
    }
}

/// Somebody who looks for a fault runs the shop by hand; what root wrote meanwhile, the
/// service must be able to read.
fn survives_a_run_by_root(machine: &Machine) {
    machine.says(&["systemctl", "stop", "aislecast"]);
    let by_hand = ["timeout", "--signal", "INT", "5"];
    let run = [
        "aislecast",
        "run",
        "--config",
        "/etc/aislecast",
        "--broker",
        "embedded",
    ];
    let said = machine.run(&[&by_hand[..], &run].concat());
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("ready") && said.contains("closed"), "{said}");
    let of_root = || machine.says(&["find", DATA, "-uid", "0"]);
    assert_ne!(of_root(), "", "root has left files");
    machine.says(&["systemctl", "start", "aislecast"]);
    assert_eq!(of_root(), "");
    wait_for_status(machine, "shop      0 opted in here, 1 enrolled");
}

/// A newer package, the same one back after a removal, and a purge.
fn is_renewed_and_taken_away(machine: &Machine) {
    let before = property(machine, "MainPID");
    install(machine, "0.0.2-1");
    assert_ne!(
        property(machine, "MainPID"),
        before,
        "an upgrade starts the new program"
    );
    wait_for_status(machine, "shop      0 opted in here, 1 enrolled");

    machine.says(&["dpkg", "--remove", "aislecast"]);
    assert_eq!(property(machine, "ActiveState"), "inactive");
    assert!(machine.path(DATA).join("ledger").exists());
    machine.says(&["dpkg", "--install", "/srv/aislecast.deb"]);
    wait_for_status(machine, "shop      0 opted in here, 1 enrolled");

    machine.says(&["dpkg", "--purge", "aislecast"]);
    assert!(!machine.path(DATA).exists(), "what was kept of people goes");
    assert!(machine.path(SHOP).exists(), "what somebody wrote stays");
    assert_eq!(listeners(machine), 0);
}
