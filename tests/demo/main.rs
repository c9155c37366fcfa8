//! The whole shop of the README, as a newcomer meets it.
#![expect(
    clippy::print_stderr,
    reason = "the suite tells how long an offer took"
)]

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use tests::{child::Process, chrome::Chrome, gateway::link, house, http, wait};

/// A cold build on two cores takes minutes.
const BUILD: Duration = Duration::from_mins(25);
/// From the console's first answer to a painted offer: people must walk in first.
const FIRST_OFFER: Duration = Duration::from_mins(2);

/// A demo that has been started.
struct Demo {
    process: Process,
    port: u16,
    data: PathBuf,
}

impl Demo {
    fn live(&self) -> Option<Value> {
        let token = fs::read_to_string(self.data.join("access/local-token")).ok()?;
        let ask = ("GET", "/api/live");
        let answer = http::ask_by(self.port, ask, &http::bearer(&token), b"")?;
        (answer.status == 200).then(|| answer.json())
    }

    fn wait<T>(&mut self, patience: Duration, what: &str, look: fn(&Value) -> Option<T>) -> T {
        let found = wait::within(patience, || {
            if let Some(status) = self.process.ended() {
                panic!("the demo ended with {status}: {}", self.process.said());
            }
            look(&self.live()?)
        });
        found.unwrap_or_else(|| panic!("waited in vain until {what}: {}", self.process.said()))
    }

    /// Waits for the console and then for an offer on some screen, by its own word.
    fn shows_an_offer(&mut self, build: Duration) -> String {
        self.wait(build, "the console answers", |_| Some(()));
        let answering = Instant::now();
        let screen = self.wait(FIRST_OFFER, "an offer is painted", |live| {
            let screens = live["status"]["screens"].as_array()?.iter();
            let mut showing = screens.filter(|screen| !screen["offer"].is_null());
            Some(showing.next()?["id"].as_str()?.to_owned())
        });
        let took = answering.elapsed().as_secs_f32();
        eprintln!("first offer {took:.1} s after the console's first answer");
        screen
    }

    fn ends_with_ctrl_c(mut self) {
        self.process.interrupt();
        let status = self.process.finish();
        let said = self.process.said();
        assert_eq!(status.code(), Some(0), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!(self.live().is_none(), "nobody listens any more");
    }
}

fn look(dir: &Path, demo: &Demo, screen: &str, name: &str) {
    let Some(chrome) = Chrome::start(dir) else {
        return;
    };
    let root = format!("http://127.0.0.1:{}/", demo.port);
    let mut page = chrome.open_by_nobody(&link(&demo.process.said()), 1280, 1000);
    page.until("the link signs in", "location.pathname === '/'");
    let mut player = chrome.open_by_nobody(&format!("{root}screen/{screen}"), 1280, 720);
    page.until(
        "the console shows the floor and who is on it",
        "document.querySelectorAll('#map svg polygon').length > 20 && \
         document.querySelectorAll('#visits li').length > 0",
    );
    page.until(
        "a screen shows an offer",
        "document.querySelector('#screens .phase[data-phase=showing]') !== null",
    );
    page.screenshot(&format!("{name}-console"));
    player.until(
        "the screen shows something",
        "document.body.innerText.length > 10",
    );
    player.screenshot(&format!("{name}-screen"));
    assert_eq!(page.complaints(), &[] as &[String]);
    assert_eq!(player.complaints(), &[] as &[String]);
}

#[test]
fn a_demo_shows_offers_and_a_second_start_finds_its_state() {
    let dir = tempfile::tempdir().unwrap();
    let start = || {
        let port = house::free_port();
        let mut command = Command::new(house::program("aislecast"));
        command
            .arg("demo")
            .args([
                "--seed",
                "1",
                "--profiles",
                "400",
                "--shoppers",
                "60",
                "--speed",
                "3",
            ])
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args([
                "--mqtt-listen",
                &format!("127.0.0.1:{}", house::free_port()),
            ])
            .arg("--data")
            .arg(dir.path().join("demo"));
        let process = Process::start(command, dir.path());
        Demo {
            process,
            port,
            data: dir.path().join("demo"),
        }
    };
    let mut demo = start();
    let screen = demo.shows_an_offer(wait::PATIENCE);
    look(dir.path(), &demo, &screen, "demo");
    let enrolled = |live: &Value| live["status"]["enrolled"].as_u64().filter(|n| *n > 300);
    demo.wait(wait::PATIENCE, "customers are enrolled", enrolled);
    demo.ends_with_ctrl_c();

    let mut again = start();
    again.wait(wait::PATIENCE, "they are enrolled again", enrolled);
    // The simulator hands everybody in again; who is known already is not enrolled anew.
    let anew = again.wait(wait::PATIENCE, "it counts", |live| {
        live["counts"]["enrolled"].as_u64()
    });
    assert!(anew < 100, "{anew} customers were not found again");
    again.ends_with_ctrl_c();
}

#[test]
#[ignore = "builds the programs and takes the demo's own ports: `cargo suite demo` runs it"]
fn cargo_demo_shows_an_offer_and_ends_with_ctrl_c() {
    let dir = house::keep_dir("demo");
    let port = 8080;
    let taken = http::ask(port, "GET", "/", b"");
    assert!(
        taken.is_none(),
        "somebody listens on the demo's port {port}"
    );
    let mut command = Command::new("cargo");
    command.arg("demo").current_dir(house::root());
    // On Unix each program here becomes the next one: it stays one process.
    let process = Process::start(command, &dir);
    let data = house::root().join("data/demo");
    let mut demo = Demo {
        process,
        port,
        data,
    };
    let screen = demo.shows_an_offer(BUILD);
    look(&dir, &demo, &screen, "cargo-demo");
    demo.ends_with_ctrl_c();
}

/// Programs that run from this folder or were told to look there.
fn still_there(folder: &Path) -> Vec<String> {
    let folder = folder.to_string_lossy();
    let processes = fs::read_dir("/proc").expect("this is Linux");
    let told = |process: fs::DirEntry| fs::read(process.path().join("cmdline")).ok();
    processes
        .filter_map(|process| told(process.ok()?))
        .map(|words| String::from_utf8_lossy(&words).replace('\0', " "))
        .filter(|words| words.contains(&*folder))
        .collect()
}

#[test]
#[ignore = "builds the programs and needs the firmware: `cargo suite demo` runs it"]
fn cargo_firmware_demo_shows_an_offer_where_the_firmware_listens_and_leaves_nothing() {
    let built = house::target().join("firmware");
    if !built
        .join("thumbv7em-none-eabihf/release/qemu-an386")
        .is_file()
    {
        eprintln!("SKIPPED: the firmware is not built; `cargo suite emulator` says why");
        return;
    }
    let dir = house::keep_dir("firmware-demo");
    let data = tempfile::tempdir().unwrap();
    let port = house::free_port();
    let mut command = Command::new("cargo");
    command.args(["firmware-demo", "--listen"]);
    command.arg(format!("127.0.0.1:{port}"));
    command.arg("--data").arg(data.path().join("demo"));
    // Half the shop signed up, and three times life: somebody is always near.
    command.args(["--seed", "1", "--profiles", "400"]);
    command.args(["--shoppers", "60", "--speed", "3"]);
    command.current_dir(house::root());
    // On Unix each program here becomes the next one: it stays one process.
    let process = Process::start(command, &dir);
    let mut demo = Demo {
        process,
        port,
        data: data.path().join("demo"),
    };
    demo.wait(BUILD, "the firmware has heard somebody", |live| {
        let node = &live["nodes"][0];
        let heard = node["id"] == "s-snacks" && node["up"] == true;
        (heard && node["health"]["heard"].as_u64() > Some(0)).then_some(())
    });
    demo.wait(FIRST_OFFER, "there is an offer where it listens", |live| {
        let screens = live["status"]["screens"].as_array()?;
        let near = screens.iter().find(|screen| screen["id"] == "noodles")?;
        (!near["offer"].is_null() && near["phase"] == "showing").then_some(())
    });
    look(&dir, &demo, "noodles", "firmware-demo");
    demo.ends_with_ctrl_c();
    let left = wait::within(wait::PATIENCE, || {
        still_there(&built).is_empty().then_some(())
    });
    assert!(left.is_some(), "{:?}", still_there(&built));
}
