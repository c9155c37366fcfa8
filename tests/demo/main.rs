//! The first command of the README, as a newcomer types it.

use serde_json::Value;
use std::{process::Command, time::Duration, time::Instant};
use tests::{child::Process, chrome::Chrome, house, http, wait};

/// A cold release build on two cores takes minutes.
const BUILD: Duration = Duration::from_mins(25);
/// From the console's first answer to a painted offer: people must walk in first.
const FIRST_OFFER: Duration = Duration::from_mins(2);
const PORT: u16 = 8080;

fn live() -> Option<Value> {
    let answer = http::ask(PORT, "GET", "/api/live", b"")?;
    (answer.status == 200).then(|| answer.json())
}

#[test]
#[ignore = "builds in release and takes the demo's own ports: `cargo suite demo` runs it"]
fn cargo_demo_paints_an_offer_and_ends_with_ctrl_c() {
    assert!(
        live().is_none(),
        "somebody listens on the demo's port {PORT}"
    );
    let dir = house::keep_dir("demo");
    let mut command = Command::new("cargo");
    command.arg("demo").current_dir(house::root());
    // On Unix each program here becomes the next one: it stays one process.
    let mut demo = Process::start(command, &dir);
    let ended = |demo: &mut Process| {
        demo.ended()
            .map(|status| format!("{status}: {}", demo.said()))
    };
    let up = wait::within(BUILD, || {
        assert_eq!(ended(&mut demo), None, "the demo ended by itself");
        live()
    });
    assert!(up.is_some(), "the console never answered: {}", demo.said());
    let answering = Instant::now();

    let chrome = Chrome::start(&dir);
    let root = format!("http://127.0.0.1:{PORT}/");
    let mut page = chrome.as_ref().map(|chrome| chrome.open(&root, 1280, 1000));
    let painted = wait::within(FIRST_OFFER, || {
        assert_eq!(ended(&mut demo), None, "the demo ended by itself");
        let live = live()?;
        let screens = live["status"]["screens"].as_array()?.clone();
        screens
            .into_iter()
            .find(|screen| !screen["offer"].is_null())
    });
    let Some(screen) = painted else {
        panic!("no offer was painted: {:#}", live().unwrap_or_default());
    };
    println!(
        "first offer after {:.1} s",
        answering.elapsed().as_secs_f32()
    );
    if let (Some(chrome), Some(page)) = (&chrome, &mut page) {
        page.until(
            "the console shows the floor and who is on it",
            "document.querySelectorAll('#map svg polygon').length > 20 && \
             document.querySelectorAll('#visits li').length > 0",
        );
        page.screenshot("demo-console");
        assert_eq!(page.complaints(), &[] as &[String]);
        let id = screen["id"].as_str().expect("a screen has a name");
        let mut player = chrome.open(&format!("{root}screen/{id}"), 1280, 720);
        player.until(
            "the screen shows something",
            "document.body.innerText.length > 10",
        );
        player.screenshot("demo-screen");
        assert_eq!(player.complaints(), &[] as &[String]);
    }

    demo.interrupt();
    let status = demo.finish();
    assert_eq!(status.code(), Some(0), "{}", demo.said());
    assert!(live().is_none(), "nobody listens any more");
}
