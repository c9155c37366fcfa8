//! `aislecast run` on a site.

use crate::{
    canaries,
    child::Process,
    desk::Member,
    house,
    http::{self, Answer},
    site::{self, Site},
    wait,
    wall_clock::WallClock,
};
use serde_json::Value;
use std::{
    ffi::OsString,
    net::TcpStream,
    path::Path,
    process::{Command, Output},
};

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    process: Process,
    port: u16,
}

/// Runs `aislecast` with `arguments` to its end.
pub fn aislecast(arguments: &[&str]) -> Output {
    Command::new(house::program("aislecast"))
        .args(arguments)
        .env("AISLECAST_TOKEN_FILE", site::token_file())
        .output()
        .expect("the program starts")
}

/// Starts `aislecast run` on `config` without waiting for anything.
pub fn spawn(config: &Path, dir: &Path) -> Process {
    spawn_with(config, dir, Vec::new())
}

fn spawn_with(config: &Path, dir: &Path, variables: Vec<(&str, OsString)>) -> Process {
    let mut command = run(config);
    command.envs(variables);
    Process::start(command, dir)
}

fn run(config: &Path) -> Command {
    let mut command = Command::new(house::program("aislecast"));
    command.args(["run", "--config"]).arg(config);
    command
}

/// What became of one request, in the words of the gateway.
pub fn outcome(answer: &Answer) -> String {
    let outcome = answer.json()["outcome"].as_str().map(str::to_owned);
    outcome.unwrap_or_else(|| panic!("no outcome: {} {}", answer.status, answer.text()))
}

/// The link that a gateway has printed: it lets somebody in, once.
pub fn link(said: &str) -> String {
    let mut words = said.split_whitespace();
    let link = words.find(|word| word.contains("/enter#"));
    link.unwrap_or_else(|| panic!("no link: {said}")).to_owned()
}

impl Gateway {
    /// Starts one and waits until it is ready for everything.
    pub fn start(site: &Site) -> Self {
        Self::listening(site).ready()
    }

    /// The same for which it is another date.
    pub fn start_at(site: &Site, clock: &WallClock) -> Self {
        Self::of(
            site,
            spawn_with(&site.config(), site.dir(), clock.variables()),
        )
        .ready()
    }

    /// The same, started by whoever listens at `socket` for how it is.
    pub fn start_watched(site: &Site, socket: &Path) -> Self {
        let watched = vec![("NOTIFY_SOCKET", OsString::from(socket))];
        Self::of(site, spawn_with(&site.config(), site.dir(), watched)).ready()
    }

    /// The same that writes all that it can into its log.
    pub fn start_loud(site: &Site) -> Self {
        let loud = vec![("RUST_LOG", OsString::from("trace"))];
        Self::of(site, spawn_with(&site.config(), site.dir(), loud)).ready()
    }

    /// The same whose log nobody reads: whoever did has gone away.
    pub fn start_unread(site: &Site) -> Self {
        let process = Process::start_unread(run(&site.config()), site.dir());
        Self::of(site, process).ready()
    }

    fn ready(mut self) -> Self {
        let gateway = &mut self;
        wait::until("the gateway is ready", || {
            gateway.alive();
            let answer = gateway.try_get("/readyz")?;
            (answer.status == 200).then_some(())
        });
        self
    }

    /// Starts one and waits until it listens, whether its broker is there or not.
    pub fn listening(site: &Site) -> Self {
        Self::of(site, spawn(&site.config(), site.dir()))
    }

    fn of(site: &Site, process: Process) -> Self {
        let mut gateway = Self {
            process,
            port: site.http_port,
        };
        wait::until("the gateway listens", || {
            gateway.alive();
            TcpStream::connect(("127.0.0.1", site.http_port)).ok()
        });
        gateway
    }

    fn alive(&mut self) {
        if let Some(status) = self.process.ended() {
            panic!("the gateway ended with {status}: {}", self.said());
        }
    }

    /// All it has logged.
    pub fn said(&self) -> String {
        self.process.said()
    }

    /// The process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Asks for a page; `None` when nobody answers.
    pub fn try_get(&self, path: &str) -> Option<Answer> {
        http::ask(self.port, "GET", path, b"")
    }

    /// Asks for a page.
    pub fn get(&self, path: &str) -> Answer {
        self.try_get(path)
            .unwrap_or_else(|| panic!("nobody answers at {path}"))
    }

    /// Posts JSON; `None` when nobody answers.
    pub fn try_post(&self, path: &str, body: &Value) -> Option<Answer> {
        http::ask(self.port, "POST", path, body.to_string().as_bytes())
    }

    /// Posts JSON.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body)
            .unwrap_or_else(|| panic!("nobody answers at {path}"))
    }

    /// Posts a text.
    pub fn post_text(&self, path: &str, text: &str) -> Answer {
        http::ask(self.port, "POST", path, text.as_bytes())
            .unwrap_or_else(|| panic!("nobody answers at {path}"))
    }

    /// Enrols a member and waits until that is on the disk.
    pub fn enrol(&self, member: &Member, version: u64) {
        let answer = self.post("/api/profiles", &member.enrolment(version));
        assert_eq!(outcome(&answer), "done", "{}", answer.text());
    }

    /// The shop as the console sees it.
    pub fn live(&self) -> Value {
        self.get("/api/live").json()
    }

    /// One of the facts counted since start.
    pub fn count(&self, name: &str) -> u64 {
        self.live()["counts"][name]
            .as_u64()
            .unwrap_or_else(|| panic!("no such count: {name}"))
    }

    /// Waits until the live picture satisfies `wanted`.
    pub fn until(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let found = wait::within(wait::PATIENCE, || {
            last = self.try_get("/api/live")?.json();
            wanted(&last).then(|| last.clone())
        });
        found.unwrap_or_else(|| panic!("waited in vain until {what}; at last {last:#}"))
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if self.process.ended().is_none()
            && let Some(page) = self.try_get("/metrics")
        {
            canaries::leave(&format!("metrics-{}.txt", self.port), &page.body);
        }
        // Whatever a test is about, nothing that names somebody is in the log of its
        // gateway, nor in a panic.
        let said = self.process.last_words().unwrap_or_default().to_lowercase();
        for canary in canaries::planted() {
            assert!(!said.contains(&canary), "{canary} is in the log: {said}");
        }
    }
}
