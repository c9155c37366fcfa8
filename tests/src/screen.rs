//! A screen that obeys at once, whoever commands it.

use crate::{mosquitto::Mosquitto, mqtt::Client, site::topic};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// The screen `front` of the test shop, until it is dropped.
#[derive(Debug)]
pub struct Screen {
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What was on it.
#[derive(Debug, Default)]
struct Seen {
    revisions: BTreeSet<u64>,
    codes: Vec<String>,
}

impl Screen {
    /// Begins to listen.
    pub fn on(broker: &Mosquitto) -> Self {
        let commands = broker.follow(&topic("screen/front/command"));
        let (seen, stop) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let (seeing, stopped) = (Arc::clone(&seen), Arc::clone(&stop));
        let mut client = Client::connect(broker.port, "front").expect("the broker is there");
        let thread = thread::spawn(move || {
            let mut done = 0;
            while !stopped.load(Ordering::Relaxed) {
                let heard = commands.heard();
                for message in &heard[done..] {
                    obey(&message.payload, &mut client, &seeing);
                }
                done = heard.len();
                thread::sleep(Duration::from_millis(20));
            }
        });
        Self {
            seen,
            stop,
            thread: Some(thread),
        }
    }

    /// Revisions of all showings so far.
    pub fn shown(&self) -> BTreeSet<u64> {
        let seen = self.seen.lock().expect("nobody panics with it");
        seen.revisions.clone()
    }

    /// Codes that were on it so far, each once, in their order.
    pub fn codes(&self) -> Vec<String> {
        self.seen
            .lock()
            .expect("nobody panics with it")
            .codes
            .clone()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn obey(command: &str, client: &mut Client, seen: &Mutex<Seen>) {
    let command: Value = serde_json::from_str(command).expect("a command is JSON");
    let revision = command["revision"].as_u64().expect("a revision");
    let show = &command["action"]["show"];
    if !show.is_null() {
        let mut seen = seen.lock().expect("nobody panics with it");
        seen.revisions.insert(revision);
        let code = show["code"].as_str().map(str::to_owned);
        let new = code.filter(|code| !seen.codes.contains(code));
        seen.codes.extend(new);
    }
    let report = report(revision, "painted").to_string();
    let topic = topic("screen/front/report");
    let sent = client.publish(&topic, report.as_bytes());
    sent.expect("the broker is there");
}

/// What a screen says of a revision.
pub fn report(revision: u64, status: &str) -> Value {
    json!({"screen": "front", "player": "p", "revision": revision, "status": status})
}
