//! Calibrating a whole shop, as its operator does: with the command, and with
//! the page on a phone. The simulated shop carries the tag to where the operator
//! says they are.

use serde_json::Value;
use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};
use tempfile::TempDir;
use tests::{
    child::Process,
    chrome::Chrome,
    gateway::{aislecast, link},
    house, http, wait,
};

const TAG: &str = "ibeacon:a15ec457-0000-4000-8000-0000000000ca-1-1";
/// Places of the demo's floor, and ways along aisles.
const SAID: [&str; 4] = ["3.5 3.0", "9.0 14.2", "14.0 14.2 > 18.0 14.2", "22.0 5.6"];

/// A simulated shop with its gateway.
struct Demo {
    process: Process,
    dir: TempDir,
    port: u16,
}

impl Demo {
    fn start() -> Self {
        let dir = tempfile::tempdir().expect("the temporary folder can be written");
        let port = house::free_port();
        let mut command = Command::new(house::program("aislecast"));
        command
            .args(["demo", "--profiles", "50", "--shoppers", "4"])
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args([
                "--mqtt-listen",
                &format!("127.0.0.1:{}", house::free_port()),
            ])
            .arg("--data")
            .arg(dir.path())
            .arg("--simulator")
            .arg(house::program("aislecast-sim"));
        let mut demo = Self {
            process: Process::start(command, &house::keep_dir("calibrate")),
            dir,
            port,
        };
        wait::until("scanners hear each other", || {
            if let Some(status) = demo.process.ended() {
                panic!("the demo ended with {status}: {}", demo.process.said());
            }
            let test = demo.get("/api/selftest")?;
            let mut scanners = test["scanners"].as_array()?.iter();
            (scanners.len() > 0 && scanners.all(|s| s["quality"].is_object())).then_some(())
        });
        demo
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// File of the token that it leaves for commands on its machine.
    fn token(&self) -> PathBuf {
        self.dir.path().join("access/local-token")
    }

    fn get(&self, path: &str) -> Option<Value> {
        let token = fs::read_to_string(self.token()).ok()?;
        let answer = http::ask_by(self.port, ("GET", path), &http::bearer(&token), b"")?;
        (answer.status == 200).then(|| answer.json())
    }

    fn walk(&self) -> Value {
        self.get("/api/calibration").expect("the gateway answers")
    }

    /// Waits until the leg that goes on has been heard well.
    fn is_heard(&self) {
        wait::until("the tag is heard", || {
            let walk = self.walk();
            let (packets, for_ms) = (&walk["open"]["packets"], &walk["open"]["for_ms"]);
            (packets.as_u64()? >= 90 && for_ms.as_u64()? >= 9_000).then_some(())
        });
    }

    fn survey(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.dir.path().join(name)).ok()
    }
}

/// Says where one is, line by line, as somebody types it.
fn calibrate(demo: &Demo) -> String {
    let out = demo.dir.path().join("survey.csv");
    let mut child = Command::new(house::program("aislecast"))
        .args(["calibrate", "--tag", TAG, "--url", &demo.url(), "--out"])
        .arg(out)
        .arg("--token-file")
        .arg(demo.token())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut hand = child.stdin.take().expect("it was asked for");
    for (n, place) in SAID.iter().enumerate() {
        writeln!(hand, "{place}").expect("it reads");
        demo.is_heard();
        writeln!(hand).expect("it reads");
        wait::until("the place is done", || {
            (demo.walk()["legs"].as_array()?.len() > n).then_some(())
        });
    }
    writeln!(hand, "done").expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("it writes text")
}

#[test]
fn a_shop_is_calibrated_by_command_and_by_phone_and_tests_itself() {
    let demo = Demo::start();
    let token = demo.token();
    let token = token.to_str().expect("a path of letters");
    let said = aislecast(&["selftest", "--url", &demo.url(), "--token-file", token]);
    let told = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(told.contains("dairy") && told.contains("s-rice"), "{told}");

    let told = calibrate(&demo);
    assert!(told.contains("places are found to"), "{told}");
    let first = demo.survey("survey.csv").expect("it was saved");
    assert!(first.lines().count() > 20, "{first}");
    wait::until("the gateway goes by the survey", || {
        let said = demo.process.said();
        said.contains("changed files taken in").then_some(())
    });

    if let Some(chrome) = Chrome::start(&house::keep_dir("browser-calibrate")) {
        with_a_phone(&demo, &chrome);
        assert_eq!(demo.survey("survey.csv.before"), Some(first));
    }
}

/// Two places and a way, the first taken back.
fn with_a_phone(demo: &Demo, chrome: &Chrome) {
    let mut page = chrome.open_by_nobody(&link(&demo.process.said()), 390, 844);
    page.until("the link signs in", "location.pathname === '/'");
    page.visit(&format!("{}/calibrate", demo.url()));
    page.until("it is ready", "!document.getElementById('begin').hidden");
    page.until(
        "it says how well people are found",
        "document.querySelectorAll('#found li').length === 12",
    );
    page.screenshot("calibrate-begin");
    page.click("#begin-form button");
    page.until("the walk begins", "!document.getElementById('bar').hidden");
    for tap in [(3.5, 3.0), (14.0, 14.2)] {
        page.evaluate(&tapped(tap))
            .expect("the floor can be tapped");
        page.until(
            "the place can be said",
            "!document.getElementById('go').disabled",
        );
        page.click("#go");
        demo.is_heard();
        page.screenshot("calibrate-standing");
        page.click("#go");
        page.until("the place is done", "!document.getElementById('undo').disabled && document.getElementById('go').innerText.startsWith('I am standing')");
    }
    page.click("#undo");
    page.until(
        "one is left",
        "document.querySelectorAll('.stood').length === 1",
    );
    page.click("#walking");
    for tap in [(9.0, 14.2), (22.0, 14.2)] {
        page.evaluate(&tapped(tap))
            .expect("the floor can be tapped");
    }
    page.click("#go");
    demo.is_heard();
    page.click("#go");
    page.until(
        "there is a way",
        "document.querySelectorAll('.trodden').length === 1",
    );
    page.until(
        "nothing is wider than the page",
        "document.documentElement.scrollWidth <= innerWidth",
    );
    page.screenshot("calibrate-walked");
    page.click("#finish");
    page.until(
        "it is worth something",
        "document.getElementById('verdict').innerText.includes('be found to')",
    );
    page.screenshot("calibrate-review");
    page.click("#save");
    page.until(
        "it is saved",
        "document.getElementById('outcome').innerText.includes('Saved to')",
    );
    assert_eq!(page.complaints(), &[] as &[String]);
}

/// A tap on the floor, in metres.
fn tapped((east, north): (f64, f64)) -> String {
    format!(
        "(() => {{ const svg = document.querySelector('#map svg'); \
         const box = svg.viewBox.baseVal; \
         const at = new DOMPoint({east}, box.height - 0.9 - {north}).matrixTransform(svg.getScreenCTM()); \
         document.getElementById('map').dispatchEvent(new MouseEvent('click', \
         {{clientX: at.x, clientY: at.y, bubbles: true}})); }})()"
    )
}
